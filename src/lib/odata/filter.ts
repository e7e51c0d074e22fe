/**
 * `$filter` of OData 4.01 (URL conventions §5.1.1), as far as Microsoft Graph has it: read into a value
 * and evaluated against plain JSON. Read in one pass without backtracking, bounded in length and depth;
 * nothing of it ever becomes a query of a database.
 */

export type Literal = string | number | boolean | null | Date;

/** Names below one another: `status/errorCode`. Inside `any` the first may be its variable. */
export type Path = readonly string[];

export type Comparison = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le';

export type Filter =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Filter[] }
  | { readonly kind: 'not'; readonly part: Filter }
  | {
      readonly kind: 'compare';
      readonly path: Path;
      readonly by: Comparison;
      readonly value: Literal;
    }
  | { readonly kind: 'in'; readonly path: Path; readonly values: readonly Literal[] }
  | {
      readonly kind: 'text';
      readonly test: 'startswith' | 'endswith' | 'contains';
      readonly path: Path;
      readonly value: string;
    }
  | {
      readonly kind: 'any';
      readonly path: Path;
      readonly variable: string;
      readonly part: Filter | undefined;
    };

/** What was read, or in words what is wrong with it. */
export type ReadFilter = { readonly filter: Filter } | { readonly fault: string };

/** How long a filter may be (characters), how deep it may be nested, and of how many parts. */
export const filterLimits = { length: 2_000, depth: 10, parts: 60 } as const;

/** Reads a filter. */
export function readFilter(text: string): ReadFilter {
  if (text.length > filterLimits.length) return { fault: 'The filter is too long.' };
  try {
    return { filter: read(tokensOf(text)) };
  } catch (error) {
    if (error instanceof Unreadable) return { fault: error.message };
    throw error;
  }
}

/** Every property of the entity that a filter names, without those of a variable. */
export function pathsOf(filter: Filter): readonly Path[] {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.parts.flatMap(pathsOf);
    case 'not':
      return pathsOf(filter.part);
    case 'any': {
      const inner = filter.part === undefined ? [] : pathsOf(filter.part);
      return [filter.path, ...inner.filter(([first]) => first !== filter.variable)];
    }
    default:
      return [filter.path];
  }
}

/** What must hold whatever else does: the parts of an outer `and`. For narrowing down a search. */
export function conjuncts(filter: Filter | undefined): readonly Filter[] {
  if (filter === undefined) return [];
  return filter.kind === 'and' ? filter.parts.flatMap(conjuncts) : [filter];
}

/** Whether an entity fits. Texts compare without regard to case, as in Graph; times as moments. */
export function fits(filter: Filter, entity: unknown): boolean {
  return holds(filter, (path) => valueAt(entity, path));
}

type Lookup = (path: Path) => unknown;

function holds(filter: Filter, look: Lookup): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.parts.every((part) => holds(part, look));
    case 'or':
      return filter.parts.some((part) => holds(part, look));
    case 'not':
      return !holds(filter.part, look);
    case 'compare':
      return compares(look(filter.path), filter.by, filter.value);
    case 'in': {
      const found = look(filter.path);
      return filter.values.some((value) => compares(found, 'eq', value));
    }
    case 'text':
      return textHolds(look(filter.path), filter.test, filter.value);
    case 'any': {
      const list = look(filter.path);
      if (!Array.isArray(list)) return false;
      const { part, variable } = filter;
      if (part === undefined) return list.length > 0;
      return list.some((item: unknown) =>
        holds(part, (path) => (path[0] === variable ? valueAt(item, path.slice(1)) : look(path))),
      );
    }
  }
}

function valueAt(entity: unknown, path: Path): unknown {
  let value = entity;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return null;
    value = Reflect.get(value, name);
  }
  return value ?? null;
}

function compares(found: unknown, by: Comparison, value: Literal): boolean {
  const [one, other] = comparable(found, value);
  switch (by) {
    case 'eq':
      return one === other;
    case 'ne':
      return one !== other;
    default:
      break;
  }
  // What is absent is neither more nor less than anything.
  if (one === null || other === null || typeof one !== typeof other) return false;
  switch (by) {
    case 'gt':
      return one > other;
    case 'ge':
      return one >= other;
    case 'lt':
      return one < other;
    case 'le':
      return one <= other;
  }
}

type Comparable = string | number | boolean | null;

function comparable(found: unknown, value: Literal): readonly [Comparable, Comparable] {
  if (value instanceof Date) {
    const moment = typeof found === 'string' ? Date.parse(found) : Number.NaN;
    return [Number.isNaN(moment) ? null : moment, value.getTime()];
  }
  if (typeof value === 'string') {
    return [typeof found === 'string' ? found.toLowerCase() : null, value.toLowerCase()];
  }
  const isPlain = typeof found === 'number' || typeof found === 'boolean';
  return [isPlain ? found : found === null ? null : '', value];
}

function textHolds(found: unknown, test: string, value: string): boolean {
  if (typeof found !== 'string') return false;
  const text = found.toLowerCase();
  const wanted = value.toLowerCase();
  if (test === 'startswith') return text.startsWith(wanted);
  return test === 'endswith' ? text.endsWith(wanted) : text.includes(wanted);
}

/** Leaves this file as a fault only. */
class Unreadable extends Error {}

type Token =
  | { readonly kind: 'literal'; readonly value: Literal }
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'sign'; readonly text: string };

const tokenForms =
  /\s*(?:(?<text>'(?:[^']|'')*')|(?<moment>\d{4}-\d\d-\d\dT[\d:.]{5,20}(?:Z|[+-]\d\d:\d\d))|(?<number>-?\d{1,15}(?:\.\d{1,15})?)(?![\w-])|(?<word>[A-Za-z_@][\w.]*)|(?<sign>[(),/:]))/y;

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  tokenForms.lastIndex = 0;
  while (tokenForms.lastIndex < end) {
    const at = tokenForms.lastIndex;
    const groups = tokenForms.exec(text)?.groups;
    if (groups === undefined) throw new Unreadable(`Syntax error at position ${at} in the filter.`);
    tokens.push(tokenOf(groups, at));
  }
  return tokens;
}

function tokenOf(groups: Readonly<Record<string, string | undefined>>, at: number): Token {
  const { text, moment, number, word, sign = '' } = groups;
  if (text !== undefined) {
    return { kind: 'literal', value: text.slice(1, -1).replaceAll("''", "'") };
  }
  if (moment !== undefined) {
    const value = new Date(moment);
    if (Number.isNaN(value.getTime())) throw new Unreadable(`There is no such time at ${at}.`);
    return { kind: 'literal', value };
  }
  if (number !== undefined) return { kind: 'literal', value: Number(number) };
  if (word === undefined) return { kind: 'sign', text: sign };
  switch (word) {
    case 'true':
      return { kind: 'literal', value: true };
    case 'false':
      return { kind: 'literal', value: false };
    case 'null':
      return { kind: 'literal', value: null };
    default:
      return { kind: 'word', text: word };
  }
}

const comparisons: readonly Comparison[] = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'];
const textTests = ['startswith', 'endswith', 'contains'] as const;

function read(tokens: readonly Token[]): Filter {
  let at = 0;
  let parts = 0;

  const isNext = (kind: 'word' | 'sign', ...texts: readonly string[]): boolean => {
    const token = tokens[at];
    return token?.kind === kind && texts.includes(token.text.toLowerCase());
  };
  const take = (kind: 'word' | 'sign', text: string): void => {
    if (!isNext(kind, text)) throw new Unreadable(`'${text}' is expected ${where()}.`);
    at += 1;
  };
  const where = (): string => {
    const token = tokens[at];
    if (token === undefined) return 'at the end of the filter';
    return token.kind === 'literal' ? 'before a value' : `before '${token.text}'`;
  };
  const literal = (): Literal => {
    const token = tokens[at];
    if (token?.kind !== 'literal') throw new Unreadable(`A value is expected ${where()}.`);
    at += 1;
    return token.value;
  };
  const name = (): string => {
    const token = tokens[at];
    if (token?.kind !== 'word') throw new Unreadable(`A property is expected ${where()}.`);
    at += 1;
    return token.text;
  };
  const count = (depth: number): void => {
    parts += 1;
    if (depth > filterLimits.depth || parts > filterLimits.parts) {
      throw new Unreadable('The filter has too many parts.');
    }
  };

  const sides = (kind: 'and' | 'or', depth: number, side: () => Filter): Filter => {
    const first = side();
    const all = [first];
    while (isNext('word', kind)) {
      at += 1;
      count(depth);
      all.push(side());
    }
    return all.length === 1 ? first : { kind, parts: all };
  };
  const either = (depth: number): Filter => {
    count(depth);
    return sides('or', depth, () => sides('and', depth, () => one(depth)));
  };
  const one = (depth: number): Filter => {
    if (isNext('word', 'not')) {
      at += 1;
      count(depth + 1);
      return { kind: 'not', part: one(depth + 1) };
    }
    if (isNext('sign', '(')) {
      at += 1;
      const inner = either(depth + 1);
      take('sign', ')');
      return inner;
    }
    const first = name();
    const test = textTests.find((each) => each === first.toLowerCase());
    if (isNext('sign', '(')) {
      if (test === undefined) throw new Unreadable(`The function '${first}' is not supported.`);
      return textTest(test);
    }
    return property([first], depth);
  };
  const textTest = (test: (typeof textTests)[number]): Filter => {
    take('sign', '(');
    const { path, lambda } = pathFrom([name()]);
    if (lambda !== undefined) throw new Unreadable(`'${lambda}' has no place here.`);
    take('sign', ',');
    const value = literal();
    if (typeof value !== 'string') throw new Unreadable(`'${test}' asks for a text.`);
    take('sign', ')');
    return { kind: 'text', test, path, value };
  };
  /** A path, up to an `any(` that stands behind it. */
  const pathFrom = (first: Path): { readonly path: Path; readonly lambda?: string } => {
    const path = [...first];
    while (isNext('sign', '/')) {
      at += 1;
      const next = name();
      if (isNext('sign', '(')) return { path, lambda: next };
      path.push(next);
    }
    return { path };
  };
  const property = (first: Path, depth: number): Filter => {
    const { path, lambda } = pathFrom(first);
    if (lambda !== undefined) {
      if (lambda.toLowerCase() !== 'any') {
        throw new Unreadable(`The function '${lambda}' is not supported.`);
      }
      return any(path, depth);
    }
    if (isNext('word', 'in')) {
      at += 1;
      return { kind: 'in', path, values: list() };
    }
    const by = comparisons.find((each) => isNext('word', each));
    if (by === undefined) throw new Unreadable(`A comparison is expected ${where()}.`);
    at += 1;
    return { kind: 'compare', path, by, value: literal() };
  };
  const list = (): readonly Literal[] => {
    take('sign', '(');
    const values = [literal()];
    while (isNext('sign', ',')) {
      at += 1;
      values.push(literal());
    }
    take('sign', ')');
    return values;
  };
  const any = (path: Path, depth: number): Filter => {
    take('sign', '(');
    if (isNext('sign', ')')) {
      at += 1;
      return { kind: 'any', path, variable: '', part: undefined };
    }
    const variable = name();
    take('sign', ':');
    const part = either(depth + 1);
    take('sign', ')');
    return { kind: 'any', path, variable, part };
  };

  const filter = either(0);
  if (at < tokens.length) throw new Unreadable(`Nothing more is expected ${where()}.`);
  return filter;
}

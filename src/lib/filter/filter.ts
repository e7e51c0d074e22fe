/**
 * Owns what a filter is, whichever language it was written in (`odata/`, `scim/`), and whether something
 * fits it: a value, evaluated against plain JSON. Nothing of it ever becomes a query of a database.
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

/** The same filter, with every property of the entity called as `nameOf` says; names below it stay. */
export function withNames(filter: Filter, nameOf: (name: string) => string): Filter {
  const called = ([first = '', ...rest]: Path): Path => [nameOf(first), ...rest];
  switch (filter.kind) {
    case 'and':
    case 'or':
      return { ...filter, parts: filter.parts.map((part) => withNames(part, nameOf)) };
    case 'not':
      return { ...filter, part: withNames(filter.part, nameOf) };
    case 'any': {
      const { path, variable, part } = filter;
      const inner = (name: string): string => (name === variable ? name : nameOf(name));
      return {
        ...filter,
        path: called(path),
        part: part === undefined ? undefined : withNames(part, inner),
      };
    }
    default:
      return { ...filter, path: called(filter.path) };
  }
}

/** What must hold whatever else does: the parts of an outer `and`. For narrowing down a search. */
export function conjuncts(filter: Filter | undefined): readonly Filter[] {
  if (filter === undefined) return [];
  return filter.kind === 'and' ? filter.parts.flatMap(conjuncts) : [filter];
}

/**
 * Whether an entity fits. Texts compare without regard to case, unless `isExact` says so of a path; times
 * as moments.
 */
export function fits(filter: Filter, entity: unknown, isExact: IsExact = () => false): boolean {
  return holds(filter, (path) => valueAt(entity, path), isExact);
}

type Lookup = (path: Path) => unknown;
type IsExact = (path: Path) => boolean;

function holds(filter: Filter, look: Lookup, isExact: IsExact): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.parts.every((part) => holds(part, look, isExact));
    case 'or':
      return filter.parts.some((part) => holds(part, look, isExact));
    case 'not':
      return !holds(filter.part, look, isExact);
    case 'compare':
      return compares(look(filter.path), filter.by, filter.value, isExact(filter.path));
    case 'in': {
      const found = look(filter.path);
      const exact = isExact(filter.path);
      return filter.values.some((value) => compares(found, 'eq', value, exact));
    }
    case 'text':
      return textHolds(look(filter.path), filter.test, filter.value, isExact(filter.path));
    case 'any': {
      const list = look(filter.path);
      if (!Array.isArray(list)) return false;
      const { part, variable } = filter;
      if (part === undefined) return list.length > 0;
      return list.some((item: unknown) =>
        holds(
          part,
          (path) => (path[0] === variable ? valueAt(item, path.slice(1)) : look(path)),
          isExact,
        ),
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

function compares(found: unknown, by: Comparison, value: Literal, exact: boolean): boolean {
  const [one, other] = comparable(found, value, exact);
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

function comparable(
  found: unknown,
  value: Literal,
  exact: boolean,
): readonly [Comparable, Comparable] {
  if (value instanceof Date) {
    const moment = typeof found === 'string' ? Date.parse(found) : Number.NaN;
    return [Number.isNaN(moment) ? null : moment, value.getTime()];
  }
  if (typeof value === 'string') {
    if (typeof found !== 'string') return [null, value];
    return exact ? [found, value] : [found.toLowerCase(), value.toLowerCase()];
  }
  const isPlain = typeof found === 'number' || typeof found === 'boolean';
  return [isPlain ? found : found === null ? null : '', value];
}

function textHolds(found: unknown, test: string, value: string, exact: boolean): boolean {
  if (typeof found !== 'string') return false;
  const text = exact ? found : found.toLowerCase();
  const wanted = exact ? value : value.toLowerCase();
  if (test === 'startswith') return text.startsWith(wanted);
  return test === 'endswith' ? text.endsWith(wanted) : text.includes(wanted);
}

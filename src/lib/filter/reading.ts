/**
 * Owns how a filter is read, whichever language it is written in: conditions joined by `and`, `or`, `not`
 * and brackets, in one pass without backtracking, bounded in length, depth and parts. A language brings
 * its tokens and what stands between those words.
 */
import { filterLimits, type Filter, type Literal, type ReadFilter } from './filter.ts';

export type Token =
  | { readonly kind: 'literal'; readonly value: Literal }
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'sign'; readonly text: string };

/** A word as every language has it: what `name` calls a constant is one. Default for `name`: the word itself. */
export function wordToken(text: string, name = text): Token {
  switch (name) {
    case 'true':
      return { kind: 'literal', value: true };
    case 'false':
      return { kind: 'literal', value: false };
    case 'null':
      return { kind: 'literal', value: null };
    default:
      return { kind: 'word', text };
  }
}

/** One language of filters. */
export interface Language {
  /** Sticky: one token, with the blanks before it. */
  readonly forms: RegExp;
  /** How a text is written, for whoever wrote something else: `a text stands in …`. */
  readonly textForm: string;
  /** Makes a token of what the groups of `forms` found; may `refuse`. */
  readonly tokenOf: (groups: Readonly<Record<string, string | undefined>>, at: number) => Token;
}

/** What is read next. Every `take` throws what `readWith` answers with, where something else stands there. */
export interface Reader {
  isNext(kind: 'word' | 'sign', ...texts: readonly string[]): boolean;
  take(kind: 'word' | 'sign', text: string): void;
  takeLiteral(): Literal;
  /** The name of a property, as it was written. */
  takeName(): string;
  /** A whole expression, as it stands within brackets; `depth` is one more than its surroundings'. */
  takeExpression(depth: number): Filter;
  /** Where one is, for what is wrong: `before 'x'`. */
  where(): string;
}

/** Ends the reading with what is wrong, in words. */
export function refuse(fault: string): never {
  throw new Unreadable(fault);
}

/** Leaves this file as a fault only. */
class Unreadable extends Error {}

/** Reads a filter. `condition` reads what stands between the joining words. */
export function readFilterWith(
  language: Language,
  text: string,
  condition: (reader: Reader, depth: number) => Filter,
): ReadFilter {
  const read = readWith(language, text, condition, (reader) => reader.takeExpression(0));
  return 'fault' in read ? read : { filter: read.value };
}

/** Reads something else that filters stand in, to its very end. */
export function readWith<value>(
  language: Language,
  text: string,
  condition: (reader: Reader, depth: number) => Filter,
  read: (reader: Reader) => value,
): { readonly value: value } | { readonly fault: string } {
  if (text.length > filterLimits.length) return { fault: 'The filter is too long.' };
  try {
    const { reader, end } = readerOf(language, tokensOf(language, text), condition);
    const value = read(reader);
    end();
    return { value };
  } catch (error) {
    if (error instanceof Unreadable) return { fault: error.message };
    throw error;
  }
}

function tokensOf({ forms, textForm, tokenOf }: Language, text: string): readonly Token[] {
  const form = new RegExp(forms);
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  while (form.lastIndex < end) {
    const at = form.lastIndex;
    const groups = form.exec(text)?.groups;
    if (groups === undefined) {
      refuse(`Syntax error at position ${at} in the filter: ${textForm}.`);
    }
    tokens.push(tokenOf(groups, at));
  }
  return tokens;
}

function readerOf(
  { textForm }: Language,
  tokens: readonly Token[],
  condition: (reader: Reader, depth: number) => Filter,
): { readonly reader: Reader; readonly end: () => void } {
  let at = 0;
  let parts = 0;

  const isNext: Reader['isNext'] = (kind, ...texts) => {
    const token = tokens[at];
    return token?.kind === kind && texts.includes(token.text.toLowerCase());
  };
  const take: Reader['take'] = (kind, text) => {
    if (!isNext(kind, text)) refuse(`'${text}' is expected ${where()}.`);
    at += 1;
  };
  const where = (): string => {
    const token = tokens[at];
    if (token === undefined) return 'at the end of the filter';
    return token.kind === 'literal' ? 'before a value' : `before '${token.text}'`;
  };
  const takeLiteral = (): Literal => {
    const token = tokens[at];
    if (token?.kind !== 'literal') return refuse(`A value is expected ${where()}: ${textForm}.`);
    at += 1;
    return token.value;
  };
  const takeName = (): string => {
    const token = tokens[at];
    if (token?.kind !== 'word') return refuse(`A property is expected ${where()}.`);
    at += 1;
    return token.text;
  };
  const count = (depth: number): void => {
    parts += 1;
    if (depth > filterLimits.depth || parts > filterLimits.parts) {
      refuse('The filter has too many parts.');
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
  const takeExpression = (depth: number): Filter => {
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
      const inner = takeExpression(depth + 1);
      take('sign', ')');
      return inner;
    }
    return condition(reader, depth);
  };
  const reader: Reader = { isNext, take, takeLiteral, takeName, takeExpression, where };
  const end = (): void => {
    if (at < tokens.length) refuse(`Nothing more is expected ${where()}.`);
  };
  return { reader, end };
}

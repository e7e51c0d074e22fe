/**
 * Search filters: read from a request, written for one, and evaluated with their three values
 * (RFC 4511 §4.5.1). A filter arrives in BER, so nothing that anybody typed is ever parsed here.
 */
import { BerFault, element, octets, readBoolean, readElements, type Element } from '../ber.ts';

/** Attributes are named in lower case, without options. Values are bytes: text mostly. */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Filter[] }
  | { readonly kind: 'not'; readonly part: Filter }
  | {
      readonly kind: 'equal' | 'at-least' | 'at-most' | 'approximately';
      readonly attribute: string;
      readonly value: Buffer;
    }
  | {
      readonly kind: 'substrings';
      readonly attribute: string;
      readonly initial: Buffer | undefined;
      readonly any: readonly Buffer[];
      readonly final: Buffer | undefined;
    }
  | { readonly kind: 'present'; readonly attribute: string }
  | {
      readonly kind: 'extensible';
      readonly rule: string | undefined;
      readonly attribute: string | undefined;
      readonly value: Buffer;
      readonly alsoInDn: boolean;
    };

/** How deep filters may be nested, and of how many parts they may be (attack ATK-70). */
export const filterLimits = { depth: 20, parts: 256 } as const;

const filterTags = {
  and: 0xa0,
  or: 0xa1,
  not: 0xa2,
  equal: 0xa3,
  substrings: 0xa4,
  'at-least': 0xa5,
  'at-most': 0xa6,
  present: 0x87,
  approximately: 0xa8,
  extensible: 0xa9,
} as const;

/** Reads a filter; throws a `BerFault` for what is none, is nested too deep or has too many parts. */
export function readFilter(read: Element): Filter {
  let parts = 0;
  const readPart = ({ tag, content }: Element, depth: number): Filter => {
    parts += 1;
    if (depth > filterLimits.depth || parts > filterLimits.parts)
      throw new BerFault('A filter beyond all bounds.');
    const reader = readElements(content);
    switch (tag) {
      case filterTags.and:
      case filterTags.or: {
        const inner: Filter[] = [];
        while (!reader.isAtEnd) inner.push(readPart(reader.next(), depth + 1));
        return { kind: tag === filterTags.and ? 'and' : 'or', parts: inner };
      }
      case filterTags.not: {
        const part = readPart(reader.next(), depth + 1);
        reader.end();
        return { kind: 'not', part };
      }
      case filterTags.equal:
        return { kind: 'equal', ...assertion(content) };
      case filterTags['at-least']:
        return { kind: 'at-least', ...assertion(content) };
      case filterTags['at-most']:
        return { kind: 'at-most', ...assertion(content) };
      case filterTags.approximately:
        return { kind: 'approximately', ...assertion(content) };
      case filterTags.present:
        return { kind: 'present', attribute: attributeName(content) };
      case filterTags.substrings:
        return substrings(content);
      case filterTags.extensible:
        return extensible(content);
      default:
        throw new BerFault('A filter that nobody knows.');
    }
  };
  return readPart(read, 1);
}

function assertion(content: Buffer): { readonly attribute: string; readonly value: Buffer } {
  const reader = readElements(content);
  const attribute = attributeName(reader.expect(0x04));
  const value = reader.expect(0x04);
  reader.end();
  return { attribute, value };
}

function substrings(content: Buffer): Filter {
  const reader = readElements(content);
  const attribute = attributeName(reader.expect(0x04));
  const pieces = reader.enter(0x30);
  reader.end();
  let initial: Buffer | undefined;
  let final: Buffer | undefined;
  const any: Buffer[] = [];
  let count = 0;
  while (!pieces.isAtEnd) {
    const piece = pieces.next();
    count += 1;
    const isFirst = count === 1;
    if (piece.tag === 0x80 && isFirst) initial = piece.content;
    else if (piece.tag === 0x81 && final === undefined) any.push(piece.content);
    else if (piece.tag === 0x82 && final === undefined) final = piece.content;
    else throw new BerFault('Pieces in an order that cannot be.');
  }
  if (count === 0 || count > filterLimits.parts) throw new BerFault('No pieces, or too many.');
  return { kind: 'substrings', attribute, initial, any, final };
}

function extensible(content: Buffer): Filter {
  const reader = readElements(content);
  const optional = (tag: number): Buffer | undefined =>
    reader.peek() === tag ? reader.expect(tag) : undefined;
  const rule = optional(0x81)?.toString('latin1');
  const attribute = optional(0x82);
  const value = reader.expect(0x83);
  const alsoInDn = optional(0x84);
  reader.end();
  return {
    kind: 'extensible',
    rule,
    attribute: attribute === undefined ? undefined : attributeName(attribute),
    value,
    alsoInDn: alsoInDn !== undefined && readBoolean(alsoInDn),
  };
}

/** The name in lower case, without options such as `;binary`. */
export function attributeName(content: Buffer | string): string {
  const text = typeof content === 'string' ? content : content.toString('latin1');
  return (text.split(';', 1)[0] ?? '').trim().toLowerCase();
}

/** A filter in BER. */
export function writeFilter(filter: Filter): Buffer {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return element(filterTags[filter.kind], ...filter.parts.map(writeFilter));
    case 'not':
      return element(filterTags.not, writeFilter(filter.part));
    case 'present':
      return octets(filter.attribute, filterTags.present);
    case 'substrings': {
      const { initial, any, final } = filter;
      const pieces = [
        ...(initial === undefined ? [] : [octets(initial, 0x80)]),
        ...any.map((piece) => octets(piece, 0x81)),
        ...(final === undefined ? [] : [octets(final, 0x82)]),
      ];
      return element(filterTags.substrings, octets(filter.attribute), element(0x30, ...pieces));
    }
    case 'extensible': {
      const { rule, attribute, value, alsoInDn } = filter;
      return element(
        filterTags.extensible,
        ...(rule === undefined ? [] : [octets(rule, 0x81)]),
        ...(attribute === undefined ? [] : [octets(attribute, 0x82)]),
        octets(value, 0x83),
        ...(alsoInDn ? [element(0x84, Buffer.from([0xff]))] : []),
      );
    }
    default:
      return element(filterTags[filter.kind], octets(filter.attribute), octets(filter.value));
  }
}

/** How values of an attribute are compared. */
export interface Matching {
  /** The form in which two values are equal; undefined: this is no value of that attribute. */
  normal(value: Buffer): string | undefined;
  /** Whether some values come before others. */
  readonly isOrdered?: boolean;
}

/** What a filter is asked of. */
export interface Candidate {
  /** The values; undefined: no attribute of that name is known at all. */
  values(attribute: string): readonly Buffer[] | undefined;
  matching(attribute: string): Matching;
}

/** True, false, or undefined: what a filter says of attributes that nobody knows. */
export type Truth = boolean | undefined;

/** Whether the candidate is one that the filter means: only what is true is (RFC 4511 §4.5.1.7). */
export function evaluate(filter: Filter, candidate: Candidate): Truth {
  switch (filter.kind) {
    case 'and':
      return all(filter.parts, candidate, false);
    case 'or':
      return all(filter.parts, candidate, true);
    case 'not': {
      const truth = evaluate(filter.part, candidate);
      return truth === undefined ? undefined : !truth;
    }
    case 'present': {
      const values = candidate.values(filter.attribute);
      return values === undefined ? undefined : values.length > 0;
    }
    case 'extensible':
      return undefined;
    case 'substrings':
      return bySubstrings(filter, candidate);
    default:
      return byValue(filter, candidate);
  }
}

/** And, or or: the first part that is `decisive` decides, else one that is unknown. */
function all(parts: readonly Filter[], candidate: Candidate, decisive: boolean): Truth {
  let truth: Truth = !decisive;
  for (const part of parts) {
    const one = evaluate(part, candidate);
    if (one === decisive) return decisive;
    if (one === undefined) truth = undefined;
  }
  return truth;
}

function byValue(
  {
    kind,
    attribute,
    value,
  }: Extract<Filter, { readonly value: Buffer; readonly attribute: string }>,
  candidate: Candidate,
): Truth {
  const values = candidate.values(attribute);
  if (values === undefined) return undefined;
  const { normal, isOrdered = false } = candidate.matching(attribute);
  const wanted = normal(value);
  if (wanted === undefined) return undefined;
  if (kind === 'equal' || kind === 'approximately')
    return values.some((each) => normal(each) === wanted);
  if (!isOrdered) return undefined;
  return values.some((each) => {
    const one = normal(each);
    if (one === undefined) return false;
    return kind === 'at-least' ? one >= wanted : one <= wanted;
  });
}

function bySubstrings(
  { attribute, initial, any, final }: Extract<Filter, { readonly kind: 'substrings' }>,
  candidate: Candidate,
): Truth {
  const values = candidate.values(attribute);
  if (values === undefined) return undefined;
  const { normal } = candidate.matching(attribute);
  // A piece is compared as a value is, so that case and blanks matter as little.
  const pieces = [initial, ...any, final].map((piece) =>
    piece === undefined ? '' : normal(piece),
  );
  if (pieces.includes(undefined)) return undefined;
  const [head = '', ...rest] = pieces;
  const tail = rest.pop() ?? '';
  return values.some((each) => {
    const text = normal(each);
    if (text === undefined || !text.startsWith(head)) return false;
    let from = head.length;
    for (const piece of rest) {
      const at = text.indexOf(piece ?? '', from);
      if (at === -1) return false;
      from = at + (piece ?? '').length;
    }
    return text.length - from >= tail.length && text.endsWith(tail);
  });
}

/** That an attribute has a value. */
export interface ValueOf {
  readonly attribute: string;
  readonly value: Buffer;
}

/**
 * Values of these attributes of which every entry that the filter means has at least one: what an
 * index can be asked for. Undefined: entries without any of them may be meant as well.
 */
export function indexedValues(
  filter: Filter,
  attributes: ReadonlySet<string>,
): readonly ValueOf[] | undefined {
  switch (filter.kind) {
    case 'equal': {
      const { attribute, value } = filter;
      return attributes.has(attribute) ? [{ attribute, value }] : undefined;
    }
    case 'and': {
      const found = filter.parts.map((part) => indexedValues(part, attributes));
      return found
        .filter((values) => values !== undefined)
        .toSorted((one, other) => one.length - other.length)[0];
    }
    case 'or': {
      const found = filter.parts.map((part) => indexedValues(part, attributes));
      const known = found.filter((values) => values !== undefined);
      return known.length < found.length ? undefined : known.flat();
    }
    default:
      return undefined;
  }
}

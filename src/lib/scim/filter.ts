/**
 * Owns SCIM's filters (RFC 7644 §3.4.2.2) and the paths of its patches (§3.5.2), which may hold one:
 * read into values of `lib/filter`. A filter on an attribute with many values asks whether any of them fits.
 */
import type { Comparison, Filter, Literal, Path, ReadFilter } from '../filter/filter.ts';
import {
  readFilterWith,
  readWith,
  refuse,
  wordToken,
  type Language,
  type Reader,
  type Token,
} from '../filter/reading.ts';
import {
  attributeIn,
  resolve,
  unkept,
  type Attribute,
  type Resolved,
  type ResourceSchema,
} from './attributes.ts';

/** The one among many values of which the parts of a filter speak. */
export const each = '$';

/** Reads a filter on a resource. */
export function readScimFilter(text: string, schema: ResourceSchema): ReadFilter {
  return readFilterWith(scim, text, conditionsOn(schema).condition);
}

/** Whether what a path names compares with regard to case: ids do. */
export function isExact(path: Path): boolean {
  const name = path.at(-1);
  return name === 'id' || name === 'externalId';
}

/** What a patch is about. */
export interface ValuePath {
  readonly attribute: Attribute;
  /** Which of many values; undefined: all there are. */
  readonly filter: Filter | undefined;
  /** Which part of it, or of them. */
  readonly part: Attribute | undefined;
}

/** Reads the path of a patch; `unkept` where nothing here keeps what it names. */
export function readValuePath(
  text: string,
  schema: ResourceSchema,
): { readonly value: ValuePath | typeof unkept } | { readonly fault: string } {
  const { condition, bracketed } = conditionsOn(schema);
  return readWith(scim, text, condition, (reader) => {
    const written = reader.takeName();
    const resolved = resolve(schema, written);
    if (resolved === undefined) return refuse(`There is no attribute '${written.slice(0, 60)}'.`);
    if (!reader.isNext('sign', '[')) {
      return resolved === unkept ? unkept : { ...resolved, filter: undefined };
    }
    const filter = bracketed(reader, resolved, 0);
    const name = partBehind(reader);
    if (resolved === unkept) return unkept;
    const { attribute } = resolved;
    if (name === undefined) return { attribute, filter, part: undefined };
    const found = resolve(schema, `${attribute.name}.${name}`);
    if (found === undefined) return refuse(`There is no attribute '${name.slice(0, 60)}'.`);
    return found === unkept ? unkept : { ...found, filter };
  });
}

/** `.value`, behind a filter. */
function partBehind(reader: Reader): string | undefined {
  if (!reader.isNext('sign', '.')) return undefined;
  reader.take('sign', '.');
  return reader.takeName();
}

const scim: Language = {
  forms:
    /\s*(?:(?<text>"(?:[^"\\]|\\.)*")|(?<number>-?\d{1,15}(?:\.\d{1,15})?)(?![\w-])|(?<word>[A-Za-z$][\w$:-]*(?:\.[\w$:-]+)*)|(?<sign>[().[\]]))/y,
  textForm: 'a text stands in double quotes, as in userName eq "anna@example.org"',
  tokenOf: ({ text, number, word, sign = '' }, at): Token => {
    if (text !== undefined) return { kind: 'literal', value: textOf(text, at) };
    if (number !== undefined) return { kind: 'literal', value: Number(number) };
    if (word === undefined) return { kind: 'sign', text: sign };
    return wordToken(word, word.toLowerCase());
  },
};

function textOf(quoted: string, at: number): string {
  try {
    const value: unknown = JSON.parse(quoted);
    if (typeof value === 'string') return value;
  } catch {
    // Told below, as every other fault.
  }
  return refuse(`The text at position ${at} is malformed.`);
}

const comparisons: readonly Comparison[] = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'];
const textTests = { co: 'contains', sw: 'startswith', ew: 'endswith' } as const;
const textWords = ['co', 'sw', 'ew'] as const;

/** How conditions on a resource are read, and those on the values of one attribute, in brackets. */
function conditionsOn(schema: ResourceSchema): {
  readonly condition: (reader: Reader, depth: number) => Filter;
  readonly bracketed: (reader: Reader, of: Resolved | typeof unkept, depth: number) => Filter;
} {
  // Within brackets one speaks of the parts of a value.
  let within: Attribute | typeof unkept | undefined;

  const bracketed = (reader: Reader, of: Resolved | typeof unkept, depth: number): Filter => {
    if (of !== unkept && (of.part !== undefined || of.attribute.multiValued !== true)) {
      refuse(`'${of.attribute.name}' has no values to choose.`);
    }
    reader.take('sign', '[');
    within = of === unkept ? unkept : of.attribute;
    const filter = reader.takeExpression(depth + 1);
    within = undefined;
    reader.take('sign', ']');
    return filter;
  };

  const condition = (reader: Reader, depth: number): Filter => {
    const written = reader.takeName();
    if (within === unkept) return test(reader, unknownAttribute, [each, written]);
    if (within !== undefined) {
      const part = attributeIn(within.subAttributes ?? [], written);
      if (part === undefined) return refuse(`There is no attribute '${written.slice(0, 60)}'.`);
      return test(reader, part, [each, part.name]);
    }
    const resolved = resolve(schema, written);
    if (resolved === undefined || resolved === unkept) {
      return refuse(`There is nothing to filter by '${written.slice(0, 60)}'.`);
    }
    const { attribute, part } = resolved;
    // Who could ask how a secret begins would soon know it.
    if (attribute.returned === 'never')
      refuse(`There is nothing to filter by '${attribute.name}'.`);
    const any = (filter: Filter | undefined): Filter => ({
      kind: 'any',
      path: [attribute.name],
      variable: each,
      part: filter,
    });
    if (reader.isNext('sign', '[')) return any(bracketed(reader, resolved, depth));
    if (attribute.multiValued !== true) {
      const below = part === undefined ? [] : [part.name];
      return test(reader, part ?? attribute, [attribute.name, ...below]);
    }
    if (part === undefined && reader.isNext('word', 'pr')) {
      reader.take('word', 'pr');
      return any(undefined);
    }
    // RFC 7643 §2.4: of a value with parts the one called so is meant.
    const meant = part ?? attributeIn(attribute.subAttributes ?? [], 'value');
    if (meant === undefined) return refuse(`'${attribute.name}' has no value to compare.`);
    return any(test(reader, meant, [each, meant.name]));
  };
  return { condition, bracketed };
}

/** Stands for a part of what nothing here keeps. */
const unknownAttribute: Attribute = { name: 'value', type: 'reference', description: '' };

function test(reader: Reader, attribute: Attribute, path: Path): Filter {
  if (reader.isNext('word', 'pr')) {
    reader.take('word', 'pr');
    return { kind: 'compare', path, by: 'ne', value: null };
  }
  if (attribute.type === 'complex') refuse(`'${attribute.name}' has parts: compare one of them.`);
  const text = textWords.find((word) => reader.isNext('word', word));
  if (text !== undefined) {
    reader.take('word', text);
    const value = reader.takeLiteral();
    if (typeof value !== 'string') return refuse(`'${text}' asks for a text.`);
    return { kind: 'text', test: textTests[text], path, value };
  }
  const by = comparisons.find((word) => reader.isNext('word', word));
  if (by === undefined) return refuse(`A comparison is expected ${reader.where()}.`);
  reader.take('word', by);
  return { kind: 'compare', path, by, value: valueFor(attribute, reader.takeLiteral()) };
}

/** A value as the attribute has them: times and booleans come as texts too. */
function valueFor({ name, type }: Attribute, value: Literal): Literal {
  if (value === null) return value;
  if (type === 'dateTime') {
    const at = typeof value === 'string' ? new Date(value) : undefined;
    if (at === undefined || Number.isNaN(at.getTime())) return refuse(`'${name}' is a time.`);
    return at;
  }
  if (type === 'boolean') {
    if (typeof value === 'boolean') return value;
    const text = typeof value === 'string' ? value.toLowerCase() : '';
    if (text !== 'true' && text !== 'false') return refuse(`'${name}' is true or false.`);
    return text === 'true';
  }
  if (type === 'reference') return value;
  return typeof value === 'string' ? value : refuse(`'${name}' is a text.`);
}

/**
 * `$filter` of OData 4.01 (URL conventions §5.1.1), as far as Microsoft Graph has it: read into a value
 * (`lib/filter`).
 */
import type { Comparison, Filter, Literal, Path, ReadFilter } from '../filter/filter.ts';
import {
  readFilterWith,
  refuse,
  wordToken,
  type Language,
  type Reader,
  type Token,
} from '../filter/reading.ts';

/** Reads a filter. */
export function readFilter(text: string): ReadFilter {
  return readFilterWith(odata, text, condition);
}

const odata: Language = {
  forms:
    /\s*(?:(?<text>'(?:[^']|'')*')|(?<moment>\d{4}-\d\d-\d\d(?:T[\d:.]{5,20}(?:Z|[+-]\d\d:\d\d)|(?![\w-])))|(?<number>-?\d{1,15}(?:\.\d{1,15})?)(?![\w-])|(?<word>[A-Za-z_@][\w.]*)|(?<sign>[(),/:]))/y,
  textForm: "a text stands in single quotes, as in displayName eq 'Anna'",
  tokenOf: ({ text, moment, number, word, sign = '' }, at): Token => {
    if (text !== undefined) {
      return { kind: 'literal', value: text.slice(1, -1).replaceAll("''", "'") };
    }
    // A day stands for its beginning, in UTC.
    if (moment !== undefined) {
      const value = new Date(moment);
      if (Number.isNaN(value.getTime())) refuse(`There is no such time at ${at}.`);
      return { kind: 'literal', value };
    }
    if (number !== undefined) return { kind: 'literal', value: Number(number) };
    if (word === undefined) return { kind: 'sign', text: sign };
    return wordToken(word);
  },
};

const comparisons: readonly Comparison[] = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'];
const textTests = ['startswith', 'endswith', 'contains'] as const;

function condition(reader: Reader, depth: number): Filter {
  const first = reader.takeName();
  const test = textTests.find((each) => each === first.toLowerCase());
  if (reader.isNext('sign', '(')) {
    if (test === undefined) return refuse(`The function '${first}' is not supported.`);
    return textTest(reader, test);
  }
  return property(reader, [first], depth);
}

function textTest(reader: Reader, test: (typeof textTests)[number]): Filter {
  reader.take('sign', '(');
  const { path, lambda } = pathFrom(reader, [reader.takeName()]);
  if (lambda !== undefined) refuse(`'${lambda}' has no place here.`);
  reader.take('sign', ',');
  const value = reader.takeLiteral();
  if (typeof value !== 'string') return refuse(`'${test}' asks for a text.`);
  reader.take('sign', ')');
  return { kind: 'text', test, path, value };
}

/** A path, up to an `any(` that stands behind it. */
function pathFrom(reader: Reader, first: Path): { readonly path: Path; readonly lambda?: string } {
  const path = [...first];
  while (reader.isNext('sign', '/')) {
    reader.take('sign', '/');
    const next = reader.takeName();
    if (reader.isNext('sign', '(')) return { path, lambda: next };
    path.push(next);
  }
  return { path };
}

function property(reader: Reader, first: Path, depth: number): Filter {
  const { path, lambda } = pathFrom(reader, first);
  if (lambda !== undefined) {
    if (lambda.toLowerCase() !== 'any') {
      return refuse(`The function '${lambda}' is not supported.`);
    }
    return any(reader, path, depth);
  }
  if (reader.isNext('word', 'in')) {
    reader.take('word', 'in');
    return { kind: 'in', path, values: list(reader) };
  }
  const by = comparisons.find((each) => reader.isNext('word', each));
  if (by === undefined) return refuse(`A comparison is expected ${reader.where()}.`);
  reader.take('word', by);
  return { kind: 'compare', path, by, value: reader.takeLiteral() };
}

function list(reader: Reader): readonly Literal[] {
  reader.take('sign', '(');
  const values = [reader.takeLiteral()];
  while (reader.isNext('sign', ',')) {
    reader.take('sign', ',');
    values.push(reader.takeLiteral());
  }
  reader.take('sign', ')');
  return values;
}

function any(reader: Reader, path: Path, depth: number): Filter {
  reader.take('sign', '(');
  if (reader.isNext('sign', ')')) {
    reader.take('sign', ')');
    return { kind: 'any', path, variable: '', part: undefined };
  }
  const variable = reader.takeName();
  reader.take('sign', ':');
  const part = reader.takeExpression(depth + 1);
  reader.take('sign', ')');
  return { kind: 'any', path, variable, part };
}

/**
 * Owns what is wrong with a value, in plain English: what to write instead, for people at a command line
 * and for programs. A schema's own words go before these; what was written is never said back.
 */
import * as z from 'zod';

import { didYouMean } from '../nearest.ts';

/** For `safeParse(value, { error: plainWords })`. Undefined leaves an issue to the library. */
export const plainWords: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'It is missing.';
      return `Write ${kinds[issue.expected] ?? 'another kind of value'}.`;
    case 'invalid_value':
      return issue.values.length === 1
        ? `It can only be ${written(issue.values)}.`
        : `Write one of: ${written(issue.values)}.`;
    case 'too_small':
      return atLeast(issue.origin, Number(issue.minimum), issue.inclusive !== false);
    case 'too_big':
      return atMost(issue.origin, Number(issue.maximum), issue.inclusive !== false);
    case 'not_multiple_of':
      return `Write a multiple of ${String(issue.divisor)}.`;
    case 'invalid_format':
      return formats[issue.format] ?? 'It is not written as it should be.';
    case 'unrecognized_keys':
      return (
        (issue.keys.length === 1
          ? `There is no such setting: ${written(issue.keys)}.`
          : `There are no such settings: ${written(issue.keys)}.`) +
        didYouMean(issue.keys[0] ?? '', namesIn(issue.inst))
      );
    case 'invalid_key':
      return 'One of the names in it cannot be used.';
    case 'invalid_element':
    case 'invalid_union':
      return 'It is none of what can stand here.';
    default:
      return undefined;
  }
};

/** The names that could stand there. */
function namesIn(schema: unknown): readonly string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of settings',
  record: 'a group of settings',
  date: 'a moment',
};

const formats: Readonly<Record<string, string>> = {
  email: 'Write one mail address.',
  url: 'Write an address that begins with https://.',
  datetime: 'Write a moment such as 2026-11-30T09:00:00Z.',
  date: 'Write a day such as 2026-11-30.',
};

/** Names of ours, which may be long or many. */
function written(values: readonly unknown[]): string {
  return values.map((value) => String(value).slice(0, 100)).join(', ');
}

function atLeast(origin: string, least: number, isInclusive: boolean): string {
  switch (origin) {
    case 'string':
      return least <= 1 ? 'It is empty.' : `Write at least ${least} characters.`;
    case 'array':
    case 'set':
      return `Give at least ${least}.`;
    default:
      return isInclusive ? `Write ${least} or more.` : `Write more than ${least}.`;
  }
}

function atMost(origin: string, most: number, isInclusive: boolean): string {
  switch (origin) {
    case 'string':
      return `Write no more than ${most} characters.`;
    case 'array':
    case 'set':
      return `Give no more than ${most}.`;
    default:
      return isInclusive ? `Write ${most} or less.` : `Write less than ${most}.`;
  }
}

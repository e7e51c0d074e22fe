/**
 * Owns the way between a setting and the fields of a form: how its value is written into them, and
 * what was sent is read back. What cannot be read is told at its field; the schema judges the rest.
 */
import { isDeepStrictEqual } from 'node:util';

import type { Policy } from '../../../policies/policy.ts';
import type { SettingField } from './fields.ts';

/** What came of a form, by the names of its fields. */
export type Sent = Readonly<Record<string, string>>;

/** What is wrong with one setting. `lines`: those that are, counted from 1. */
export interface SettingFault {
  readonly path: string;
  readonly reason: 'number' | 'choice' | 'empty' | 'long' | 'many' | 'refused' | 'lines';
  readonly lines?: readonly number[] | undefined;
}

export interface Read {
  /** By path; absent where it could not be read. */
  readonly values: ReadonlyMap<string, unknown>;
  readonly faults: readonly SettingFault[];
}

/** The name of the box of one value among several. */
export function boxName(path: string, value: string): string {
  return `${path}:${value}`;
}

/** The fields that show a value, as a browser would send them. */
export function writtenAs({ path, shape }: SettingField, value: unknown): Sent {
  switch (shape.kind) {
    case 'yes-no':
      return value === true ? { [path]: '1' } : {};
    case 'choice':
    case 'number':
    case 'price':
    case 'name':
    case 'text':
      return { [path]: plain(value) };
    case 'lines':
      return { [path]: listOf(value).join('\n') };
    case 'names': {
      const names = listOf(value);
      const typed = names.filter((name) => !shape.known.includes(name));
      const chosen = names.filter((name) => shape.known.includes(name));
      return {
        [path]: typed.join('\n'),
        ...Object.fromEntries(chosen.map((name) => [boxName(path, name), '1'])),
      };
    }
    case 'several':
      return Object.fromEntries(
        listOf(value)
          .filter((each) => shape.values.includes(each))
          .map((each) => [boxName(path, each), '1']),
      );
    case 'other':
      return {};
  }
}

/** Reads what was sent. An optional setting that was left empty is undefined. */
export function readSent(fields: readonly SettingField[], sent: Sent): Read {
  const values = new Map<string, unknown>();
  const faults: SettingFault[] = [];
  for (const field of fields) {
    const { path, shape } = field;
    if (shape.kind === 'other') continue;
    const found = valueOf(field, sent);
    if ('reason' in found) faults.push({ path, reason: found.reason });
    else values.set(path, found.value);
  }
  return { values, faults };
}

function valueOf(
  { path, shape, isOptional }: SettingField,
  sent: Sent,
): { readonly value: unknown } | { readonly reason: SettingFault['reason'] } {
  const typed = (sent[path] ?? '').trim();
  const isTyped = ['text', 'name', 'number', 'price'].includes(shape.kind);
  if (typed === '' && isOptional && isTyped) {
    return { value: undefined };
  }
  switch (shape.kind) {
    case 'yes-no':
      return { value: path in sent };
    case 'choice': {
      const value = shape.values.find((each) => String(each) === typed);
      if (value !== undefined) return { value };
      return isOptional && typed === '' ? { value: undefined } : { reason: 'choice' };
    }
    case 'number': {
      const value = numberOf(typed);
      const { isWhole, from = -Infinity, to = Infinity } = shape;
      const isRight =
        value !== undefined &&
        value >= from &&
        value <= to &&
        (!isWhole || Number.isInteger(value));
      return isRight ? { value } : { reason: 'number' };
    }
    case 'price':
      return { value: typed.replace(',', '.') };
    case 'name':
    case 'text':
      return { value: typed };
    case 'lines':
      return { value: linesOf(shape.isCode ? typed.toUpperCase() : typed) };
    case 'names': {
      // Whichever were known when the form was made: a group that is gone meanwhile stays named.
      const start = boxName(path, '');
      const chosen = Object.keys(sent)
        .filter((name) => name.startsWith(start))
        .map((name) => name.slice(start.length));
      return { value: [...new Set([...chosen, ...linesOf(typed)])].toSorted() };
    }
    case 'several':
      return { value: shape.values.filter((each) => boxName(path, each) in sent) };
    case 'other':
      return { value: undefined };
  }
}

function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** As people write it: `1.5` and `1,5` are the same. */
function numberOf(typed: string): number | undefined {
  return /^-?\d{1,15}(?:[.,]\d{1,6})?$/.test(typed) ? Number(typed.replace(',', '.')) : undefined;
}

function plain(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(plain) : [];
}

/** Whether two values of a setting say the same: of names the order does not matter. */
export function isSame({ shape }: SettingField, one: unknown, other: unknown): boolean {
  if (shape.kind !== 'names' && shape.kind !== 'several') return isDeepStrictEqual(one, other);
  return isDeepStrictEqual(listOf(one).toSorted(), listOf(other).toSorted());
}

/** What stands at a path of a document; undefined where nothing does. */
export function valueAt(document: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>(childOf, document);
}

/** A policy with other values at these paths; undefined takes a setting away. */
export function withValues(policy: Policy, values: ReadonlyMap<string, unknown>): unknown {
  let document: unknown = policy;
  for (const [path, value] of values) document = withValue(document, path.split('.'), value);
  return document;
}

function withValue(document: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  const { [key]: before, ...others } = groupOf(document);
  const after = withValue(before, rest, value);
  return after === undefined ? others : { ...groupOf(document), [key]: after };
}

function childOf(document: unknown, key: string): unknown {
  const group = groupOf(document);
  return Object.hasOwn(group, key) ? group[key] : undefined;
}

function groupOf(document: unknown): Readonly<Record<string, unknown>> {
  return isGroup(document) ? document : {};
}

function isGroup(document: unknown): document is Readonly<Record<string, unknown>> {
  return typeof document === 'object' && document !== null && !Array.isArray(document);
}

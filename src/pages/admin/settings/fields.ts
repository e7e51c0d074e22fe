/** Owns reading a schema as the fields of a form: one for each setting, with what it takes. */
import { z } from 'zod';

import { pricePattern } from '../../../policies/policy-schema.ts';

/** What a setting takes. `other` has no field of its own: its page draws it. */
export type Shape =
  | { readonly kind: 'yes-no' }
  | { readonly kind: 'choice'; readonly values: readonly (string | number)[] }
  | {
      readonly kind: 'number';
      readonly isWhole: boolean;
      readonly from: number | undefined;
      readonly to: number | undefined;
    }
  | { readonly kind: 'text'; readonly longest: number | undefined }
  /** A price, kept with a point, written as the language writes it. */
  | { readonly kind: 'price' }
  | { readonly kind: 'several'; readonly values: readonly string[] }
  | {
      readonly kind: 'lines';
      readonly most: number | undefined;
      /** Codes in capitals, however they are typed. */
      readonly isCode: boolean;
    }
  /** Names of which some are known: those are chosen, others typed. */
  | { readonly kind: 'names'; readonly known: readonly string[] }
  /** One of the names that are known; typed where none is. */
  | { readonly kind: 'name'; readonly known: readonly string[] }
  | { readonly kind: 'other' };

/** One setting. */
export interface SettingField {
  /** The keys that lead to it, with dots: `sessions.staySignedIn.days`. */
  readonly path: string;
  readonly shape: Shape;
  /** Whose words it has; its own unless told. */
  readonly wordsAt?: string | undefined;
  /** Whether it may be absent. */
  readonly isOptional: boolean;
  /** What holds where it is absent; undefined where nothing does. */
  readonly fallback: unknown;
}

/** Every setting of a schema, in its order, each path beginning with `prefix`. */
export function fieldsOf(schema: z.ZodType, prefix = ''): readonly SettingField[] {
  const known = cache.get(schema) ?? read(schema);
  cache.set(schema, known);
  return prefix === ''
    ? known
    : known.map((field) => ({ ...field, path: `${prefix}.${field.path}` }));
}

/** The settings of one entry of a record: `methods` of the policy, say, for the method named. */
export function entryFieldsOf(
  schema: z.ZodType,
  key: string,
  name: string,
): readonly SettingField[] {
  const entry = describe(schema).properties?.[key];
  const each = typeof entry === 'object' ? entry.additionalProperties : undefined;
  return typeof each === 'object' ? below(each, [key, name]) : [];
}

const cache = new WeakMap<z.ZodType, readonly SettingField[]>();

/** As far as it is looked at; what it does not know makes a field `other`. */
type Described = Readonly<z.core.JSONSchema.BaseSchema>;

function read(schema: z.ZodType): readonly SettingField[] {
  return below(describe(schema), []);
}

function describe(schema: z.ZodType): Described {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
}

function below(described: Described, path: readonly string[]): readonly SettingField[] {
  return Object.entries(described.properties ?? {}).flatMap(([key, each]) => {
    if (typeof each === 'boolean') return [];
    const own = [...path, key];
    if (each.properties !== undefined) return below(each, own);
    const isOptional = described.required?.includes(key) !== true && each.default === undefined;
    return [{ path: own.join('.'), shape: shapeOf(each), isOptional, fallback: each.default }];
  });
}

function shapeOf(described: Described): Shape {
  const values = choicesOf(described);
  if (values !== undefined) return { kind: 'choice', values };
  switch (described.type) {
    case 'boolean':
      return { kind: 'yes-no' };
    case 'integer':
    case 'number':
      return {
        kind: 'number',
        isWhole: described.type === 'integer',
        from: boundOf(described.minimum),
        to: boundOf(described.maximum),
      };
    case 'string':
      return described.pattern === pricePattern.source
        ? { kind: 'price' }
        : { kind: 'text', longest: described.maxLength };
    case 'array':
      return listOf(described);
    default:
      return { kind: 'other' };
  }
}

function listOf({ items, maxItems }: Described): Shape {
  if (typeof items !== 'object' || Array.isArray(items)) return { kind: 'other' };
  const values = choicesOf(items)?.filter((value) => typeof value === 'string');
  if (values !== undefined) return { kind: 'several', values };
  if (items.type !== 'string') return { kind: 'other' };
  return { kind: 'lines', most: maxItems, isCode: items.pattern === '^[A-Z]{2}$' };
}

/** The values of an enum, or of a union of literals. */
function choicesOf({
  enum: values,
  const: only,
  anyOf,
}: Described): (string | number)[] | undefined {
  if (values !== undefined) return values.filter(isPlain);
  if (only !== undefined) return isPlain(only) ? [only] : undefined;
  const found = anyOf?.map((each) => (typeof each === 'boolean' ? undefined : choicesOf(each)));
  if (found === undefined || found.length === 0) return undefined;
  return found.some((each) => each === undefined) ? undefined : found.flatMap((each) => each ?? []);
}

function isPlain(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

/** The bound of every whole number says nothing. */
function boundOf(bound: number | undefined): number | undefined {
  return bound === undefined || Math.abs(bound) >= Number.MAX_SAFE_INTEGER ? undefined : bound;
}

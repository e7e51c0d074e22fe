/**
 * What a provider's published OpenAPI description says against a request. Reads the reduced
 * descriptions of test/vectors and knows just the keywords in them: any other is a fault of the test,
 * so that nothing in a description is passed over in silence.
 */
import assert from 'node:assert/strict';

import { z } from 'zod';

import { readVectors } from '../vectors/read-vectors.ts';

/** A JSON schema as far as such descriptions use it. */
export interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

export interface Operation {
  readonly server: string;
  readonly path: string;
  readonly method: 'get' | 'post';
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
    readonly schema: Schema;
  }[];
  readonly body?: { readonly contentType: string; readonly schema: Schema };
}

export interface Description {
  readonly operations: Readonly<Record<string, Operation>>;
  readonly schemas: Readonly<Record<string, Schema>>;
}

const schema: z.ZodType<Schema> = z.lazy(() =>
  z.strictObject({
    $ref: z.string().exactOptional(),
    allOf: z.array(schema).exactOptional(),
    type: z.string().exactOptional(),
    enum: z.array(z.unknown()).exactOptional(),
    pattern: z.string().exactOptional(),
    format: z.string().exactOptional(),
    minimum: z.number().exactOptional(),
    maximum: z.number().exactOptional(),
    minLength: z.number().exactOptional(),
    maxLength: z.number().exactOptional(),
    items: schema.exactOptional(),
    properties: z.record(z.string(), schema).exactOptional(),
    required: z.array(z.string()).exactOptional(),
  }),
);

const description: z.ZodType<Description> = z.object({
  operations: z.record(
    z.string(),
    z.strictObject({
      server: z.url(),
      path: z.string(),
      method: z.enum(['get', 'post']),
      parameters: z.array(
        z.strictObject({ name: z.string(), in: z.string(), required: z.boolean(), schema }),
      ),
      body: z.strictObject({ contentType: z.string(), schema }).exactOptional(),
    }),
  ),
  schemas: z.record(z.string(), schema),
});

/** A description of test/vectors. */
export function readDescription(file: string): Description {
  return readVectors(file, description);
}

/** Where two schemas say something of the same place, both hold. */
interface Flat {
  readonly parts: readonly Schema[];
  readonly properties: Readonly<Record<string, Schema>>;
  readonly required: readonly string[];
}

function flat({ schemas }: Description, given: Schema): Flat {
  const { $ref, allOf = [], ...own } = given;
  const name = $ref?.replace('#/components/schemas/', '');
  const meant = name === undefined ? [] : [schemas[name] ?? assert.fail(`no schema ${name}`)];
  const others = [...meant, ...allOf].map((each) => flat({ operations: {}, schemas }, each));
  const properties: Record<string, Schema> = {};
  for (const each of [...others.map((other) => other.properties), own.properties ?? {}]) {
    for (const [key, value] of Object.entries(each)) {
      const before = properties[key];
      properties[key] = before === undefined ? value : { allOf: [before, value] };
    }
  }
  return {
    parts: [own, ...others.flatMap(({ parts }) => parts)],
    properties,
    required: [...(own.required ?? []), ...others.flatMap(({ required }) => required)],
  };
}

/** What is wrong with a value; nothing where it fits. A property that is not described is wrong. */
export function faultsIn(
  within: Description,
  given: Schema,
  value: unknown,
  where = '',
): readonly string[] {
  const { parts, properties, required } = flat(within, given);
  const faults = parts.filter((part) => !fits(part, value)).map(() => `${where}: ${told(value)}`);
  const items = parts.flatMap((part) => (part.items === undefined ? [] : [part.items]));
  if (Array.isArray(value)) {
    return [
      ...faults,
      ...value.flatMap((each, index) =>
        items.flatMap((item) => faultsIn(within, item, each, `${where}.${index}`)),
      ),
    ];
  }
  if (typeof value !== 'object' || value === null) return faults;
  const names = Object.keys(value);
  return [
    ...faults,
    ...required.filter((name) => !names.includes(name)).map((name) => `${name} is missing`),
    ...Object.entries(value).flatMap(([name, member]) => {
      const place = where === '' ? name : `${where}.${name}`;
      const known = properties[name];
      return known === undefined ? [`${place} is unknown`] : faultsIn(within, known, member, place);
    }),
  ];
}

/** What is wrong with the parameters of a query or the fields of a form, which are all text. */
export function faultsInFields(
  within: Description,
  { parameters, body }: Operation,
  given: URLSearchParams,
): readonly string[] {
  const asked = parameters.filter((parameter) => parameter.in === 'query');
  const form: Schema = body?.schema ?? {
    type: 'object',
    properties: Object.fromEntries(asked.map((each) => [each.name, each.schema])),
    required: asked.filter((each) => each.required).map(({ name }) => name),
  };
  const { properties } = flat(within, form);
  const value = Object.fromEntries(
    [...new Set(given.keys())].map((name) => {
      const known = properties[name];
      const type = known === undefined ? undefined : typeOf(within, known);
      const all = given.getAll(name);
      return [name, type === 'array' ? all : all.length === 1 ? read(all[0] ?? '', type) : all];
    }),
  );
  return faultsIn(within, form, value);
}

function typeOf(within: Description, given: Schema): string | undefined {
  return flat(within, given).parts.find(({ type }) => type !== undefined)?.type;
}

function read(text: string, type: string | undefined): unknown {
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  if ((type === 'integer' || type === 'number') && /^-?\d+(?:\.\d+)?$/.test(text)) {
    return Number(text);
  }
  return text;
}

function fits(part: Schema, value: unknown): boolean {
  const { type, enum: choices, pattern, format, minimum, maximum, minLength, maxLength } = part;
  if (type !== undefined && !isA(type, value)) return false;
  if (choices !== undefined && !choices.includes(value)) return false;
  if (typeof value === 'number') {
    return value >= (minimum ?? value) && value <= (maximum ?? value);
  }
  if (typeof value !== 'string') return true;
  if (value.length < (minLength ?? 0) || value.length > (maxLength ?? value.length)) return false;
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(value)) return false;
  return format === undefined || hasFormat(format, value);
}

function isA(type: string, value: unknown): boolean {
  switch (type) {
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case 'string':
    case 'number':
    case 'boolean':
      return typeof value === type;
    default:
      return assert.fail(`no type ${type}`);
  }
}

function hasFormat(format: string, value: string): boolean {
  switch (format) {
    case 'uri':
      // "URL must contain a valid hostname and underscores are not allowed."
      return URL.canParse(value) && !new URL(value).hostname.includes('_');
    case 'uuid':
      return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);
    case 'date-time':
      return !Number.isNaN(Date.parse(value));
    // Twilio's: a number, or a sender that has none. What each may be stands in its words.
    case 'phone-number':
    case 'endpoint':
      return /^(?:\+[1-9]\d{6,14}|\d{4,8}|(?=.*[A-Za-z])[A-Za-z0-9 ]{2,11})$/.test(value);
    case 'http-method':
      return value === 'GET' || value === 'POST';
    default:
      return assert.fail(`no format ${format}`);
  }
}

function told(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/**
 * Reads a zod schema as a list of settings: what a file and the environment may say, and what the
 * owner of each setting has noted about it.
 */
import { z } from 'zod';

/** What the owner of a setting may note with `.meta({ … })`, beside zod's own `description`. */
export interface SettingMeta {
  /** The environment variable that sets it: `TWEESTAP_HTTP_PORT`. */
  readonly env?: string | undefined;
  /** Whether the value is secret: then `<env>_FILE` may name a file that holds it. */
  readonly secret?: boolean | undefined;
  /** What is wrong with running on the default; told as a warning while it is in use. */
  readonly attention?: string | undefined;
}

/** One setting, as its schema describes it. */
export interface Setting {
  /** The keys that lead to it in the file. A key of a record is `*`, of a list `0`, `1` … `*`. */
  readonly path: readonly string[];
  readonly env: string | undefined;
  readonly secret: boolean;
  readonly description: string | undefined;
  readonly attention: string | undefined;
  /** What holds when nobody sets it; `undefined` where it must be set or may be absent. */
  readonly default: unknown;
  /** Whether it may be left out. */
  readonly optional: boolean;
  /** What it takes, in words for documentation: `number`, `"a" | "b"`, `list of text`. */
  readonly takes: string;
  /** The schema of the value itself, without what only says that it may be absent. */
  readonly schema: unknown;
}

/** All settings of a schema, in the order in which it names them. */
export function settingsOf(schema: z.ZodType): readonly Setting[] {
  return collect(schema, []);
}

/**
 * The keys under `value` that the schema does not know, each as a path. What a record or a schema
 * that takes anything holds is known by definition.
 */
export function unknownKeys(
  schema: unknown,
  value: unknown,
  path: readonly string[] = [],
): string[][] {
  const { inner } = peel(schema);
  if (Array.isArray(value)) {
    if (!(inner instanceof z.ZodArray)) return [];
    return value.flatMap((item, index) => unknownKeys(inner.element, item, [...path, `${index}`]));
  }
  if (!isMapping(value)) return [];
  if (inner instanceof z.ZodRecord) {
    return Object.entries(value).flatMap(([key, item]) =>
      unknownKeys(inner.valueType, item, [...path, key]),
    );
  }
  const shapes = shapesOf(inner, value);
  if (shapes.length === 0) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const owners = shapes.filter((shape) => Object.hasOwn(shape, key));
    const found = owners.map((shape) => unknownKeys(shape[key], item, [...path, key]));
    // Of several alternatives the one that knows most has a say.
    return found.toSorted((one, other) => one.length - other.length)[0] ?? [[...path, key]];
  });
}

/**
 * The groups that must be there, outer ones first. One that nobody wrote is an empty one: what is
 * missing is then told setting by setting, and where each has a default nothing is.
 */
export function requiredGroups(schema: unknown, path: readonly string[] = []): string[][] {
  const { inner, optional } = peel(schema);
  if (optional || !(inner instanceof z.ZodObject)) return [];
  const shape: Shape = inner.shape;
  const below = Object.entries(shape).flatMap(([key, value]) =>
    requiredGroups(value, [...path, key]),
  );
  return path.length === 0 ? below : [[...path], ...below];
}

/** Whether this is a mapping of keys, not a list, a date or another object with a life of its own. */
export function isMapping(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

type Shape = Readonly<Record<string, unknown>>;

function shapesOf(schema: unknown, value: Readonly<Record<string, unknown>>): Shape[] {
  if (schema instanceof z.ZodObject) return [schema.shape];
  if (schema instanceof z.ZodIntersection) {
    const { left, right } = schema.def;
    return [
      Object.assign(
        {},
        ...shapesOf(peel(left).inner, value),
        ...shapesOf(peel(right).inner, value),
      ),
    ];
  }
  if (!(schema instanceof z.ZodUnion)) return [];
  const shapes = schema.options.flatMap((option) => shapesOf(peel(option).inner, value));
  if (!(schema instanceof z.ZodDiscriminatedUnion)) return shapes;
  const { discriminator } = schema.def;
  const chosen = shapes.filter((shape) => {
    const kind = peel(shape[discriminator]).inner;
    return kind instanceof z.ZodType && kind.safeParse(value[discriminator]).success;
  });
  return chosen.length === 0 ? shapes : chosen;
}

function collect(schema: unknown, path: readonly string[]): readonly Setting[] {
  const { inner, meta, optional, fallback } = peel(schema);
  const setting: Setting = {
    path,
    env: meta.env,
    secret: meta.secret ?? false,
    description: meta.description,
    attention: meta.attention,
    default: fallback,
    optional,
    takes: takes(inner),
    schema: inner,
  };
  const below = settingsBelow(inner, path);
  // A group with a variable of its own can be given whole (as YAML or JSON) or key by key.
  if (below.length > 0 && meta.env === undefined) return below;
  return [setting, ...below];
}

function settingsBelow(schema: unknown, path: readonly string[]): readonly Setting[] {
  if (schema instanceof z.ZodObject) {
    const shape: Shape = schema.shape;
    return Object.entries(shape).flatMap(([key, value]) => collect(value, [...path, key]));
  }
  if (schema instanceof z.ZodUnion) {
    const all = schema.options.flatMap((option) => {
      const { inner } = peel(option);
      return inner instanceof z.ZodObject ? settingsBelow(inner, path) : [];
    });
    return mergeAlternatives(all);
  }
  if (schema instanceof z.ZodIntersection) {
    const { left, right } = schema.def;
    return [...settingsBelow(peel(left).inner, path), ...settingsBelow(peel(right).inner, path)];
  }
  if (schema instanceof z.ZodRecord)
    return settingsBelow(peel(schema.valueType).inner, [...path, '*']);
  if (schema instanceof z.ZodArray)
    return settingsBelow(peel(schema.element).inner, [...path, '*']);
  return [];
}

// Alternatives often share keys (`kind`, `file`): one setting that takes what any of them takes.
function mergeAlternatives(all: readonly Setting[]): readonly Setting[] {
  const byPath = new Map<string, Setting>();
  for (const setting of all) {
    const key = setting.path.join('.');
    const first = byPath.get(key);
    const kinds = [first?.takes, setting.takes].filter((kind) => kind !== undefined);
    byPath.set(key, { ...(first ?? setting), takes: [...new Set(kinds)].join(' | ') });
  }
  return [...byPath.values()];
}

interface Peeled {
  readonly inner: unknown;
  readonly meta: SettingMeta & { readonly description?: string | undefined };
  readonly optional: boolean;
  readonly fallback: unknown;
}

// Takes off what surrounds a schema (default, optional, readonly, transforms), keeping what the
// owner noted on any of the layers; the outermost note wins.
function peel(schema: unknown): Peeled {
  if (!(schema instanceof z.ZodType))
    return { inner: schema, meta: {}, optional: false, fallback: undefined };
  const meta = notes(schema);
  const next = layerBelow(schema);
  if (next === undefined) return { inner: schema, meta, optional: false, fallback: undefined };
  const below = peel(next.schema);
  return {
    inner: below.inner,
    meta: { ...below.meta, ...meta },
    optional: next.optional || below.optional,
    fallback: next.fallback ?? below.fallback,
  };
}

interface Layer {
  readonly schema: unknown;
  readonly optional: boolean;
  readonly fallback?: unknown;
}

function layerBelow(schema: z.ZodType): Layer | undefined {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return { schema: schema.def.innerType, optional: true, fallback: schema.def.defaultValue };
  }
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodExactOptional) {
    return { schema: schema.def.innerType, optional: true };
  }
  if (
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodReadonly ||
    schema instanceof z.ZodNonOptional ||
    schema instanceof z.ZodCatch
  ) {
    return { schema: schema.def.innerType, optional: false };
  }
  if (schema instanceof z.ZodPipe) {
    // `z.preprocess` changes before it checks, `.transform` after: what is written is the other end.
    const { in: before, out: after } = schema.def;
    return { schema: before instanceof z.ZodTransform ? after : before, optional: false };
  }
  if (schema instanceof z.ZodLazy) return { schema: schema.def.getter(), optional: false };
  return undefined;
}

function notes(schema: z.ZodType): Peeled['meta'] {
  const meta: Readonly<Record<string, unknown>> = schema.meta() ?? {};
  const { env, secret, attention, description } = meta;
  return {
    ...(typeof env === 'string' ? { env } : {}),
    ...(typeof secret === 'boolean' ? { secret } : {}),
    ...(typeof attention === 'string' ? { attention } : {}),
    ...(typeof description === 'string' ? { description } : {}),
  };
}

function takes(schema: unknown): string {
  if (schema instanceof z.ZodEnum)
    return schema.options.map((one) => JSON.stringify(one)).join(' | ');
  if (schema instanceof z.ZodLiteral) {
    return [...schema.values].map((one) => JSON.stringify(one)).join(' | ');
  }
  if (schema instanceof z.ZodUnion) {
    return schema.options.map((option) => takes(peel(option).inner)).join(' | ');
  }
  if (schema instanceof z.ZodArray) return `list of ${takes(peel(schema.element).inner)}`;
  if (schema instanceof z.ZodRecord) return `mapping to ${takes(peel(schema.valueType).inner)}`;
  if (schema instanceof z.ZodObject) return 'group';
  if (schema instanceof z.ZodString || schema instanceof z.ZodStringFormat) return 'text';
  if (schema instanceof z.ZodNumber) return schema.isInt ? 'whole number' : 'number';
  if (schema instanceof z.ZodBoolean) return 'true | false';
  return schema instanceof z.ZodType ? schema.def.type : 'anything';
}

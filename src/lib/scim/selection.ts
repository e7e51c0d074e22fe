/**
 * Owns which attributes of a resource are answered (RFC 7644 §3.9): those that were asked for, or all but
 * those that were not wanted. What always belongs to it stays.
 */
import { resolve, unkept, type ResourceSchema } from './attributes.ts';

export interface Selection {
  /** Whether an attribute, or any part of it, is answered: what is not need not be looked up. */
  includes(name: string): boolean;
  /** The resource as it is answered. */
  of(resource: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
}

const mostNames = 100;

/** Reads `attributes` and `excludedAttributes`, comma by comma; undefined where they cannot both hold. */
export function readSelection(
  schema: ResourceSchema,
  asked: { readonly attributes?: string | undefined; readonly excluded?: string | undefined },
): Selection | undefined {
  const { attributes, excluded } = asked;
  if (attributes !== undefined && excluded !== undefined) return undefined;
  const wanted = attributes === undefined ? undefined : pathsIn(schema, attributes);
  const unwanted = excluded === undefined ? [] : pathsIn(schema, excluded);
  const always = new Set([
    'schemas',
    ...schema.attributes.filter(({ returned }) => returned === 'always').map(({ name }) => name),
  ]);
  const includes = (name: string): boolean => {
    if (always.has(name)) return true;
    if (wanted !== undefined) return wanted.some(([first]) => first === name);
    return !unwanted.some(([first, second]) => first === name && second === undefined);
  };
  const partsOf = (name: string, value: unknown): unknown => {
    const parts = (wanted ?? unwanted).filter(([first]) => first === name).map(([, part]) => part);
    if (always.has(name) || parts.length === 0 || parts.includes(undefined)) return value;
    const isShown = (part: string): boolean => parts.includes(part) === (wanted !== undefined);
    return narrowed(value, isShown);
  };
  return {
    includes,
    of: (resource) =>
      Object.fromEntries(
        Object.entries(resource)
          .filter(([name]) => includes(name))
          .map(([name, value]) => [name, partsOf(name, value)] as const),
      ),
  };
}

function narrowed(value: unknown, isShown: (part: string) => boolean): unknown {
  if (Array.isArray(value)) return value.map((one: unknown) => narrowed(one, isShown));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => isShown(name)));
}

type NamePath = readonly [first: string, second: string | undefined];

/** What nobody knows is passed over: it is not there to be answered. */
function pathsIn(schema: ResourceSchema, text: string): readonly NamePath[] {
  return text.split(',', mostNames).flatMap((written): NamePath[] => {
    const resolved = resolve(schema, written.trim());
    if (resolved === undefined || resolved === unkept) return [];
    return [[resolved.attribute.name, resolved.part?.name]];
  });
}

/**
 * Owns PATCH of SCIM (RFC 7644 §3.5.2): what a list of operations makes of a resource, as a value. It takes
 * what the directories out there send as well: `op` in capitals, paths as the names of members, values
 * wrapped in a list. Whether the outcome may be is not judged here.
 */
import { fits, type Filter } from '../filter/filter.ts';
import {
  attributeIn,
  resolve,
  unkept,
  withoutUrn,
  type Attribute,
  type ResourceSchema,
} from './attributes.ts';
import { each, isExact, readValuePath, type ValuePath } from './filter.ts';

/** Why a patch is none (RFC 7644 §3.12). */
export interface PatchFault {
  readonly scimType: 'invalidSyntax' | 'invalidPath' | 'invalidValue' | 'noTarget' | 'mutability';
  readonly detail: string;
}

export type Json = Readonly<Record<string, unknown>>;

/** One operation, read. Without a path its value is an object, whose members are paths. */
export interface Operation {
  readonly op: 'add' | 'remove' | 'replace';
  readonly path: string | undefined;
  readonly value: unknown;
}

/** One thing to do at one place. */
export interface Step {
  readonly op: 'add' | 'remove' | 'replace';
  readonly at: ValuePath;
  readonly value: unknown;
}

const patchSchema = 'urn:ietf:params:scim:api:messages:2.0:patchop';
/** Operations that one patch may hold. */
export const mostOperations = 200;
/** Values that an attribute may have within a patch. */
export const mostValues = 100;

/** A member of an object, whatever the case of its name. */
export function memberOf(value: unknown, name: string): unknown {
  if (!isJson(value)) return undefined;
  if (Object.hasOwn(value, name)) return value[name];
  const lower = name.toLowerCase();
  const found = Object.keys(value).find((key) => key.toLowerCase() === lower);
  return found === undefined ? undefined : value[found];
}

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads the body of a PATCH. */
export function readOperations(
  body: unknown,
): { readonly operations: readonly Operation[] } | { readonly fault: PatchFault } {
  const schemas = memberOf(body, 'schemas');
  const isPatch =
    Array.isArray(schemas) &&
    schemas.some((schema) => typeof schema === 'string' && schema.toLowerCase() === patchSchema);
  if (!isPatch) return fault('invalidSyntax', 'The body is no PatchOp: its schemas say otherwise.');
  const list = memberOf(body, 'Operations');
  if (!Array.isArray(list) || list.length === 0) {
    return fault('invalidSyntax', "'Operations' is a list of operations.");
  }
  if (list.length > mostOperations) {
    return fault('invalidSyntax', `A patch has ${mostOperations} operations at most.`);
  }
  const operations: Operation[] = [];
  for (const item of list) {
    const written = memberOf(item, 'op');
    const op = typeof written === 'string' ? written.toLowerCase() : '';
    if (op !== 'add' && op !== 'remove' && op !== 'replace') {
      return fault('invalidSyntax', "'op' is add, remove or replace.");
    }
    const path = memberOf(item, 'path') ?? undefined;
    if (path !== undefined && typeof path !== 'string') {
      return fault('invalidPath', "'path' is a text.");
    }
    operations.push({ op, path: path === '' ? undefined : path, value: memberOf(item, 'value') });
  }
  return { operations };
}

/**
 * What the operations are about, in their order, place by place. Left out is what nothing here keeps, and
 * what only the server writes where it stands in a whole object, as some send it along.
 */
export function stepsOf(
  operations: readonly Operation[],
  schema: ResourceSchema,
): { readonly steps: readonly Step[] } | { readonly fault: PatchFault } {
  const steps: Step[] = [];
  for (const { op, path, value } of operations) {
    if (path !== undefined) {
      const read = stepAt(op, path, value, schema);
      if ('fault' in read) return read;
      if (read.step === undefined) continue;
      if (isReadOnly(read.step.at)) return readOnly(path);
      steps.push(read.step);
      continue;
    }
    if (op === 'remove') return fault('noTarget', 'What is to be removed is not said.');
    if (!isJson(value)) return fault('invalidValue', 'Without a path the value is an object.');
    for (const [written, part] of Object.entries(value)) {
      if (written.toLowerCase() === 'schemas') continue;
      if (written.toLowerCase() === schema.id.toLowerCase() && isJson(part)) {
        const inner = stepsOf([{ op, path: undefined, value: part }], schema);
        if ('fault' in inner) return inner;
        steps.push(...inner.steps);
        continue;
      }
      const read = stepAt(op, written, part, schema);
      if ('fault' in read) return read;
      if (read.step !== undefined && !isReadOnly(read.step.at)) steps.push(read.step);
    }
  }
  return { steps };
}

function stepAt(
  op: Step['op'],
  written: string,
  value: unknown,
  schema: ResourceSchema,
): { readonly step: Step | undefined } | { readonly fault: PatchFault } {
  const read = readValuePath(written, schema);
  if ('fault' in read) return fault('invalidPath', read.fault);
  if (read.value === unkept) return { step: undefined };
  // RFC 7643 §2.5: null is the same as nothing.
  return {
    step: { op: value === null ? 'remove' : op, at: read.value, value: value ?? undefined },
  };
}

function isReadOnly({ attribute, part }: ValuePath): boolean {
  return attribute.mutability === 'readOnly' || part?.mutability === 'readOnly';
}

function readOnly(path: string): { readonly fault: PatchFault } {
  return fault('mutability', `'${path.slice(0, 60)}' is written by the server alone.`);
}

/** What the operations make of a resource. */
export function patched(
  resource: Json,
  operations: readonly Operation[],
  schema: ResourceSchema,
): { readonly resource: Json } | { readonly fault: PatchFault } {
  const read = stepsOf(operations, schema);
  if ('fault' in read) return read;
  let result = resource;
  for (const step of read.steps) {
    const next = done(result, step);
    if ('fault' in next) return next;
    result = next.resource;
  }
  return { resource: result };
}

function done(
  resource: Json,
  { op, at, value }: Step,
): { readonly resource: Json } | { readonly fault: PatchFault } {
  const { attribute, filter, part } = at;
  const { name } = attribute;
  const is = resource[name];
  const become = (next: unknown): { readonly resource: Json } => ({
    resource: withMember(resource, name, next),
  });
  if (attribute.multiValued === true) {
    const values = valuesOf(is);
    if (filter === undefined && part === undefined) {
      const given = [value].flat();
      const isMore = values.length + given.length > 2 * mostValues;
      const after = isMore ? [] : listAfter(values, op, given);
      if (!isMore && after.length <= mostValues) return become(after);
      return fault('invalidValue', `'${name}' has ${mostValues} values at most.`);
    }
    const next = chosenAfter(values, { op, at, value });
    return 'fault' in next ? next : become(next.values);
  }
  if (part !== undefined) {
    const complex = isJson(is) ? is : {};
    return become(withMember(complex, part.name, op === 'remove' ? undefined : plain(value)));
  }
  if (op === 'remove') return become(undefined);
  if (attribute.type !== 'complex') return become(plain(value));
  if (!isJson(value)) return fault('invalidValue', `'${name}' is an object.`);
  const given = canonical(value, attribute);
  return become(op === 'add' && isJson(is) ? { ...is, ...given } : given);
}

/** A list after values joined it, left it or took its place. */
function listAfter(values: readonly Json[], op: Step['op'], value: unknown): readonly Json[] {
  const given = [value].flat().filter((one) => one !== undefined && one !== null);
  const objects = given.map((one) => (isJson(one) ? lowered(one) : { value: one }));
  if (op === 'replace') return objects;
  // Some say in the value what is to go, instead of in the path.
  if (op === 'remove') {
    return objects.length === 0
      ? []
      : values.filter((one) => !objects.some((other) => isSameValue(one, other)));
  }
  return [...values, ...objects.filter((one) => !values.some((other) => isSameValue(one, other)))];
}

/** Those that a filter chose, changed; where there is none, `add` makes it of what the filter says. */
function chosenAfter(
  values: readonly Json[],
  { op, at: { attribute, filter, part }, value }: Step,
): { readonly values: readonly Json[] } | { readonly fault: PatchFault } {
  const isChosen = (one: Json): boolean => filter === undefined || chooses(filter, one);
  if (op === 'remove') {
    return {
      values:
        part === undefined
          ? values.filter((one) => !isChosen(one))
          : values.map((one) => (isChosen(one) ? withMember(one, part.name, undefined) : one)),
    };
  }
  if (part === undefined && !isJson(unwrapped(value))) {
    return fault('invalidValue', `A value of '${attribute.name}' is an object.`);
  }
  const changed = (one: Json): Json => {
    if (part !== undefined) return withMember(one, part.name, plain(value));
    const given = unwrapped(value);
    return { ...one, ...(isJson(given) ? canonical(given, attribute) : {}) };
  };
  if (values.some(isChosen)) {
    return { values: values.map((one) => (isChosen(one) ? changed(one) : one)) };
  }
  const made = filter === undefined ? {} : saidBy(filter);
  if (op === 'replace' || made === undefined) {
    return fault('noTarget', `No value of '${attribute.name}' fits the filter of the path.`);
  }
  return { values: [...values, changed(made)] };
}

/** Whether a filter of a path chooses this value. */
export function chooses(filter: Filter, value: unknown): boolean {
  return fits(
    { kind: 'any', path: ['values'], variable: each, part: filter },
    { values: [value] },
    isExact,
  );
}

/** What a value must be for the filter to fit; undefined where it says that in no single way. */
function saidBy(filter: Filter): Json | undefined {
  if (filter.kind === 'and') {
    const all = filter.parts.map(saidBy);
    return all.some((one) => one === undefined) ? undefined : Object.assign({}, ...all);
  }
  if (filter.kind !== 'compare' || filter.by !== 'eq') return undefined;
  const [, name] = filter.path;
  return name === undefined ? undefined : { [name]: filter.value };
}

function isSameValue(one: Json, other: Json): boolean {
  const kind = ({ type }: Json): string => (typeof type === 'string' ? type.toLowerCase() : '');
  return one['value'] === other['value'] && (kind(one) === kind(other) || kind(other) === '');
}

/** One value that came in a list of one, as some send it: `[{ "value": "False" }]`. */
function plain(value: unknown): unknown {
  const one = unwrapped(value);
  return isJson(one) && Object.hasOwn(one, 'value') ? one['value'] : one;
}

function unwrapped(value: unknown): unknown {
  return Array.isArray(value) && value.length === 1 ? value[0] : value;
}

function withMember(object: Json, name: string, value: unknown): Json {
  const { [name]: _before, ...others } = object;
  return value === undefined ? others : { ...others, [name]: value };
}

/** The parts of a value that there are, under the names that they have. */
function canonical(value: Json, { subAttributes = [] }: Attribute): Json {
  return Object.fromEntries(
    Object.entries(value).flatMap(([written, part]) => {
      const found = attributeIn(subAttributes, written);
      return found === undefined ? [] : [[found.name, part] as const];
    }),
  );
}

/** The parts of values of a list have names in lower case, all but `$ref`, which nothing reads. */
function lowered(value: Json): Json {
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name.toLowerCase(), part] as const),
  );
}

function valuesOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isJson) : [];
}

/** A resource as somebody sent it, under the names that its attributes have; the rest is left out. */
export function canonicalResource(sent: Json, schema: ResourceSchema): Json {
  const members = Object.entries(sent).flatMap(([written, value]) => {
    if (written.toLowerCase() === schema.id.toLowerCase() && isJson(value)) {
      return Object.entries(canonicalResource(value, schema));
    }
    const resolved = resolve(schema, withoutUrn(schema, written));
    if (resolved === undefined || resolved === unkept || value === null) return [];
    const { attribute, part } = resolved;
    if (part !== undefined) return [];
    if (attribute.multiValued === true) return [[attribute.name, listAfter([], 'add', value)]];
    if (attribute.type === 'complex') {
      return isJson(value) ? [[attribute.name, canonical(value, attribute)]] : [];
    }
    return [[attribute.name, plain(value)]];
  });
  return Object.fromEntries(members);
}

function fault(scimType: PatchFault['scimType'], detail: string): { readonly fault: PatchFault } {
  return { fault: { scimType, detail } };
}

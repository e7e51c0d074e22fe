/**
 * Owns what a resource of SCIM is made of (RFC 7643 §2, §7): its attributes as values, from which filters,
 * paths and selections are read, and the documents of `/Schemas` are written. Names are looked up without
 * regard to case, with or without the URN before them.
 */

export interface Attribute {
  readonly name: string;
  readonly type: 'string' | 'boolean' | 'dateTime' | 'reference' | 'complex';
  /** What it is for, in the document. */
  readonly description: string;
  readonly multiValued?: boolean;
  readonly required?: boolean;
  /** Whether texts compare with regard to case. */
  readonly caseExact?: boolean;
  /** `readWrite` unless told. */
  readonly mutability?: 'readOnly' | 'readWrite' | 'immutable' | 'writeOnly';
  /** `default` unless told. */
  readonly returned?: 'always' | 'never' | 'default';
  /** `none` unless told. */
  readonly uniqueness?: 'none' | 'server';
  readonly canonicalValues?: readonly string[];
  readonly referenceTypes?: readonly string[];
  readonly subAttributes?: readonly Attribute[];
}

export interface ResourceSchema {
  /** The URN. */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** Those that are kept here, `id`, `externalId` and `meta` with them. */
  readonly attributes: readonly Attribute[];
  /** Those of the standard that nothing here keeps: whoever sends them is not refused. */
  readonly unkept: readonly string[];
}

/** An attribute, and the part of it that was named. */
export interface Resolved {
  readonly attribute: Attribute;
  readonly part: Attribute | undefined;
}

/** A name of the standard, or of an extension, that nothing here keeps. */
export const unkept = 'unkept';

/** What is common to every resource (RFC 7643 §3.1). */
export const commonAttributes: readonly Attribute[] = [
  {
    name: 'id',
    type: 'string',
    description: 'Never changes, and is never anybody else’s.',
    caseExact: true,
    mutability: 'readOnly',
    returned: 'always',
    uniqueness: 'server',
  },
  {
    name: 'externalId',
    type: 'string',
    description: 'What whoever provisions it calls it; each of them has its own.',
    caseExact: true,
  },
  {
    name: 'meta',
    type: 'complex',
    description: 'Where it is, since when, and in which state.',
    mutability: 'readOnly',
    subAttributes: [
      part('resourceType', 'string', 'What it is.'),
      part('created', 'dateTime', 'When it was added.'),
      part('location', 'reference', 'Its address.'),
      part('version', 'string', 'Which state of it this is; the same as the ETag.'),
    ],
  },
];

function part(name: string, type: Attribute['type'], description: string): Attribute {
  return { name, type, description, mutability: 'readOnly', caseExact: true };
}

/** Finds an attribute by its name, whatever its case. */
export function attributeIn(
  attributes: readonly Attribute[],
  written: string,
): Attribute | undefined {
  const name = written.toLowerCase();
  return attributes.find((attribute) => attribute.name.toLowerCase() === name);
}

/**
 * What a path names: `userName`, `name.formatted`, `urn:…:User:emails.value`. `unkept` where the standard
 * or some extension knows it and nothing here keeps it; undefined where nobody knows it.
 */
export function resolve(
  schema: ResourceSchema,
  written: string,
): Resolved | typeof unkept | undefined {
  const name = withoutUrn(schema, written);
  if (/^urn:/i.test(name)) return unkept;
  const [first = '', second, ...more] = name.split('.');
  const attribute = attributeIn(schema.attributes, first);
  if (attribute === undefined) {
    return schema.unkept.some((each) => each.toLowerCase() === first.toLowerCase())
      ? unkept
      : undefined;
  }
  if (second === undefined) return { attribute, part: undefined };
  if (more.length > 0) return undefined;
  const found = attributeIn(attribute.subAttributes ?? [], second);
  if (found !== undefined) return { attribute, part: found };
  return schema.unkept.some((each) => each.toLowerCase() === `${first}.${second}`.toLowerCase())
    ? unkept
    : undefined;
}

/** A name without the URN of the schema before it. */
export function withoutUrn({ id }: Pick<ResourceSchema, 'id'>, written: string): string {
  const isOurs = written.toLowerCase().startsWith(`${id.toLowerCase()}:`);
  return isOurs ? written.slice(id.length + 1) : written;
}

/** An attribute as `/Schemas` tells it (RFC 7643 §7). */
export function attributeDocument(attribute: Attribute): Readonly<Record<string, unknown>> {
  const { name, type, description, canonicalValues, referenceTypes, subAttributes } = attribute;
  return {
    name,
    type,
    multiValued: attribute.multiValued ?? false,
    description,
    required: attribute.required ?? false,
    caseExact: attribute.caseExact ?? false,
    mutability: attribute.mutability ?? 'readWrite',
    returned: attribute.returned ?? 'default',
    uniqueness: attribute.uniqueness ?? 'none',
    ...(canonicalValues === undefined ? {} : { canonicalValues }),
    ...(referenceTypes === undefined ? {} : { referenceTypes }),
    ...(subAttributes === undefined ? {} : { subAttributes: subAttributes.map(attributeDocument) }),
  };
}

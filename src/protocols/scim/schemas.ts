/** Owns which resources there are, and which attributes of RFC 7643 are kept of them. */
import {
  attributeIn,
  commonAttributes,
  type Attribute,
  type ResourceSchema,
} from '../../lib/scim/attributes.ts';

export const userUrn = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const groupUrn = 'urn:ietf:params:scim:schemas:core:2.0:Group';

const typed = (value: string, types: readonly string[]): readonly Attribute[] => [
  { name: 'value', type: 'string', description: value },
  { name: 'type', type: 'string', description: 'Which one it is.', canonicalValues: types },
  { name: 'primary', type: 'boolean', description: 'Whether it comes first.' },
];

/** One email and one number of each type. */
export const userSchema: ResourceSchema = {
  id: userUrn,
  name: 'User',
  description: 'An account',
  attributes: [
    ...commonAttributes,
    {
      name: 'userName',
      type: 'string',
      description: 'The user principal name, with which somebody signs in.',
      required: true,
      uniqueness: 'server',
    },
    {
      name: 'displayName',
      type: 'string',
      description: 'What somebody is called.',
    },
    {
      name: 'name',
      type: 'complex',
      description: 'The same name once more.',
      subAttributes: [
        { name: 'formatted', type: 'string', description: 'What somebody is called.' },
      ],
    },
    {
      name: 'active',
      type: 'boolean',
      description: 'Whether the account is switched on. A block is another matter.',
    },
    {
      name: 'emails',
      type: 'complex',
      multiValued: true,
      description: 'The account’s own mailbox, and an address outside it for notices.',
      subAttributes: typed('The address.', ['work', 'other']),
    },
    {
      name: 'phoneNumbers',
      type: 'complex',
      multiValued: true,
      description: 'The mobile and the office number; the extension stands behind an x.',
      subAttributes: typed('The number.', ['mobile', 'work']),
    },
    {
      name: 'preferredLanguage',
      type: 'string',
      description: 'In which language somebody is spoken to; en or nl.',
    },
    {
      name: 'password',
      type: 'string',
      description: 'A first password, which its owner has to change.',
      mutability: 'writeOnly',
      returned: 'never',
      caseExact: true,
    },
    {
      name: 'groups',
      type: 'complex',
      multiValued: true,
      description: 'The groups that somebody belongs to.',
      mutability: 'readOnly',
      subAttributes: [
        { name: 'value', type: 'string', description: 'The id.', mutability: 'readOnly' },
        {
          name: '$ref',
          type: 'reference',
          description: 'The address.',
          mutability: 'readOnly',
          referenceTypes: ['Group'],
        },
        { name: 'display', type: 'string', description: 'The name.', mutability: 'readOnly' },
      ],
    },
  ],
  unkept: [
    ...'familyName givenName middleName honorificPrefix honorificSuffix'
      .split(' ')
      .map((part) => `name.${part}`),
    ...['emails', 'phoneNumbers'].flatMap((name) => [`${name}.display`, `${name}.$ref`]),
    ...'nickName profileUrl title userType locale timezone addresses ims photos entitlements roles'.split(
      ' ',
    ),
    'x509Certificates',
  ],
};

export const groupSchema: ResourceSchema = {
  id: groupUrn,
  name: 'Group',
  description: 'A group',
  attributes: [
    ...commonAttributes,
    {
      name: 'displayName',
      type: 'string',
      description: 'What people belong to.',
      required: true,
      caseExact: true,
      uniqueness: 'server',
    },
    {
      name: 'members',
      type: 'complex',
      multiValued: true,
      description: 'Who belongs to it: people, no groups.',
      subAttributes: [
        {
          name: 'value',
          type: 'string',
          description: 'The id of the user.',
          caseExact: true,
          mutability: 'immutable',
        },
        {
          name: '$ref',
          type: 'reference',
          description: 'The address of the user.',
          mutability: 'immutable',
          referenceTypes: ['User'],
        },
        { name: 'display', type: 'string', description: 'The name.', mutability: 'readOnly' },
        {
          name: 'type',
          type: 'string',
          description: 'Always User.',
          mutability: 'immutable',
          canonicalValues: ['User'],
        },
      ],
    },
  ],
  unkept: [],
};

/** The resources, in the order in which they are told. */
export const resourceTypes = [
  { schema: userSchema, endpoint: '/Users' },
  { schema: groupSchema, endpoint: '/Groups' },
] as const;

/** The attributes of a schema without those that every resource has (RFC 7643 §3.1). */
export function ownAttributes({ attributes }: ResourceSchema): readonly Attribute[] {
  return attributes.filter(({ name }) => attributeIn(commonAttributes, name) === undefined);
}

/** Owns what the door says of itself (RFC 7644 §4). */
import { attributeDocument, type ResourceSchema } from '../../lib/scim/attributes.ts';
import { notFound } from './faults.ts';
import { listBody, longestPage } from './listing.ts';
import type { ScimOperation } from './operation.ts';
import { ownAttributes, resourceTypes } from './schemas.ts';

export const discoveryOperations: readonly ScimOperation[] = [
  {
    method: 'GET',
    path: '/ServiceProviderConfig',
    act: 'see',
    run: async ({ base }) => ({
      status: 200,
      body: {
        schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
        documentationUri: 'https://www.rfc-editor.org/rfc/rfc7644',
        patch: { supported: true },
        bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
        filter: { supported: true, maxResults: longestPage },
        changePassword: { supported: true },
        sort: { supported: false },
        etag: { supported: true },
        authenticationSchemes: [
          {
            type: 'oauthbearertoken',
            name: 'OAuth Bearer Token',
            description: 'An access token of a program with a role (client_credentials).',
            specUri: 'https://www.rfc-editor.org/rfc/rfc6750',
            primary: true,
          },
          {
            type: 'httpbasic',
            name: 'HTTP Basic',
            description: 'The client id and the secret of such a program.',
            specUri: 'https://www.rfc-editor.org/rfc/rfc7617',
          },
        ],
        meta: {
          resourceType: 'ServiceProviderConfig',
          location: `${base}/ServiceProviderConfig`,
        },
      },
    }),
  },
  {
    method: 'GET',
    path: '/ResourceTypes',
    act: 'see',
    run: async ({ base }) => ({
      status: 200,
      body: listBody(resourceTypes.map((type) => typeDocument(type, base))),
    }),
  },
  {
    method: 'GET',
    path: '/ResourceTypes/:type',
    act: 'see',
    run: async ({ base, params: { type = '' } }) => {
      const found = resourceTypes.find(({ schema }) => schema.name === type);
      return found === undefined
        ? notFound(type)
        : { status: 200, body: typeDocument(found, base) };
    },
  },
  {
    method: 'GET',
    path: '/Schemas',
    act: 'see',
    run: async ({ base }) => ({
      status: 200,
      body: listBody(resourceTypes.map(({ schema }) => schemaDocument(schema, base))),
    }),
  },
  {
    method: 'GET',
    path: '/Schemas/:schema',
    act: 'see',
    run: async ({ base, params: { schema: id = '' } }) => {
      const found = resourceTypes.find(({ schema }) => schema.id === id);
      return found === undefined
        ? notFound(id)
        : { status: 200, body: schemaDocument(found.schema, base) };
    },
  },
];

function typeDocument(
  { schema, endpoint }: (typeof resourceTypes)[number],
  base: string,
): Readonly<Record<string, unknown>> {
  const { name, id, description } = schema;
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
    id: name,
    name,
    description,
    endpoint,
    schema: id,
    meta: { resourceType: 'ResourceType', location: `${base}/ResourceTypes/${name}` },
  };
}

function schemaDocument(schema: ResourceSchema, base: string): Readonly<Record<string, unknown>> {
  const { id, name, description } = schema;
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Schema'],
    id,
    name,
    description,
    attributes: ownAttributes(schema).map(attributeDocument),
    meta: { resourceType: 'Schema', location: `${base}/Schemas/${id}` },
  };
}

/**
 * Owns the document that describes one root of the API (OpenAPI 3.1), drawn from the very operations that
 * answer: what is not in them is not in it, and the other way round.
 */
import * as z from 'zod';

import type { Answers, Operation } from './operation.ts';
import { roots, type Root } from './roots.ts';

type Json = Readonly<Record<string, unknown>>;

const titles: Readonly<Record<Root, string>> = {
  'v1.0': 'Tweestap, in the shape of Microsoft Graph v1.0',
  beta: 'Tweestap, in the shape of Microsoft Graph beta',
  tweestap: 'Tweestap: what Microsoft Graph has not',
};

const options: Readonly<Record<string, { readonly does: string; readonly schema: Json }>> = {
  $filter: {
    does: 'Which ones: eq, ne, gt, ge, lt, le, in, startsWith, endsWith, contains, any, and, or, not.',
    schema: { type: 'string' },
  },
  $select: { does: 'Which properties, separated by commas.', schema: { type: 'string' } },
  $top: { does: 'How many at most on a page.', schema: { type: 'integer', minimum: 1 } },
  $skiptoken: {
    does: 'Where the page begins: from @odata.nextLink, good for an hour.',
    schema: { type: 'string' },
  },
  $count: { does: 'Whether to tell how many there are.', schema: { type: 'boolean' } },
  $orderby: { does: 'One property, and asc or desc.', schema: { type: 'string' } },
};

/** The document of one root. */
export function openApi(root: Root, operations: readonly Operation[], origin: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  const add = (path: string, operation: Operation, isOwn: boolean): void => {
    const written = path.replaceAll(/:(\w+)/g, '{$1}');
    const at = (paths[written] ??= {});
    at[operation.method.toLowerCase()] = described(operation, written, isOwn);
  };
  for (const operation of operations) {
    add(operation.path, operation, operation.about === 'own');
    if (operation.about === 'user' && operation.own !== undefined) {
      add(operation.path.replace(/^\/users\/:user/, '/me'), operation, true);
    }
  }
  return {
    openapi: '3.1.0',
    info: { title: titles[root], version: root === 'tweestap' ? '1' : root },
    servers: [{ url: `${origin}${roots[root]}` }],
    security: [{ program: [] }, { person: ['api'] }],
    paths,
    components: {
      securitySchemes: {
        program: {
          type: 'oauth2',
          description: 'A program with a role: its own id and secret.',
          flows: { clientCredentials: { tokenUrl: `${origin}/oidc/token`, scopes: {} } },
        },
        person: {
          type: 'oauth2',
          description: 'Whoever is signed in, through an application that may: the scope api.',
          flows: {
            authorizationCode: {
              authorizationUrl: `${origin}/oidc/authorize`,
              tokenUrl: `${origin}/oidc/token`,
              scopes: { api: 'Use the API as whoever is signed in.' },
            },
          },
        },
      },
      schemas: { Error: errorSchema },
      responses: {
        Refused: {
          description: 'It was not done; error.code and error.message say why.',
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
        },
      },
    },
  };
}

function described(operation: Operation, path: string, isOwn: boolean): Json {
  const { does, method, act, body, query, status, answers } = operation;
  return {
    operationId: `${method.toLowerCase()}${path.replaceAll(/[^A-Za-z0-9]+(\w?)/g, (_all, next: string) => next.toUpperCase())}`,
    summary: does,
    description: isOwn
      ? 'Everybody, for themselves.'
      : `Asks for a role that may \`${act}\` (docs/api.md).`,
    parameters: [
      ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
        name,
        in: 'path',
        required: true,
        schema: { type: 'string' },
      })),
      ...query.map((name) => ({
        name,
        in: 'query',
        description: options[name]?.does,
        schema: options[name]?.schema,
      })),
    ],
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaOf(body, 'input') } },
          },
        }),
    responses: {
      [String(status)]: { description: 'Done.', ...contentOf(answers) },
      default: { $ref: '#/components/responses/Refused' },
    },
  };
}

function contentOf(answers: Answers): Json {
  switch (answers.kind) {
    case 'nothing':
      return {};
    case 'collection':
      return json({
        type: 'object',
        required: ['value'],
        properties: {
          '@odata.context': { type: 'string' },
          '@odata.nextLink': { type: 'string' },
          '@odata.count': { type: 'integer' },
          value: { type: 'array', items: schemaOf(answers.schema, 'output') },
        },
      });
    default:
      return json(schemaOf(answers.schema, 'output'));
  }
}

function json(schema: Json): Json {
  return { content: { 'application/json': { schema } } };
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
}

const errorSchema: Json = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message'],
      properties: {
        code: { type: 'string' },
        message: { type: 'string' },
        innerError: {
          type: 'object',
          properties: {
            date: { type: 'string' },
            'request-id': { type: 'string' },
            'client-request-id': { type: 'string' },
          },
        },
      },
    },
  },
};

/**
 * Owns what an operation of the API is: one method at one address, the act that stands behind it, what
 * may be sent and what is answered. The router, the check of who may, the OpenAPI document and the test
 * that walks role × route are all drawn from these values, so none of them can be forgotten.
 */
import * as z from 'zod';

import type { Act, AdminAct } from '../../accounts/administering.ts';
import type { User } from '../../accounts/user.ts';
import type { AtApi, AtPages } from '../../administration/acting-admin.ts';
import type { Query, QueryOption } from '../../lib/odata/query.ts';
import { refusal, type Refusal } from './faults.ts';
import type { GraphParts } from './parts.ts';
import type { Root } from './roots.ts';

/** Both of Graph's own: most of it is the same in either. */
export const graph: readonly Root[] = ['v1.0', 'beta'];

/** One request, once it is known who asks and that they may. */
export interface Call {
  readonly parts: GraphParts;
  readonly root: Root;
  /** Where links of this root begin: `https://login.voorbeeld.example/v1.0`. */
  readonly base: string;
  /** The path below the root as it was asked, without a query. */
  readonly path: string;
  readonly by: AtApi | AtPages;
  /** Who asks, as `accounts/administering.ts` judges them. */
  readonly actor: Pick<User, 'id' | 'role'>;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  /** Whether the answer may lag behind, by the header `ConsistencyLevel`: Graph asks for it to count. */
  readonly isEventual: boolean;
  /** The version that a change is meant for (RFC 9110 §13.1.1), where the caller says one. */
  readonly ifMatch: string | undefined;
  readonly now: Date;
}

/** A request about one person: the one that the address names, or oneself at `/me`. */
export interface UserCall extends Call {
  readonly user: User;
  /** Whether it was asked at `/me`, by that person. */
  readonly isOwn: boolean;
}

/** A request of somebody signed in about their own account, with their session. */
export interface OwnCall extends Call {
  readonly by: AtPages;
}

/** What is answered when it went well. */
export interface Answer {
  readonly status: number;
  /** Absent: nothing is sent but the status. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Plain JSON of one thing, with its `id`. */
export type Entity = Readonly<Record<string, unknown>>;

/** What comes back, for the document: one entity, a list of them, a value, or nothing. */
export type Answers =
  | { readonly kind: 'entity' | 'collection'; readonly schema: z.ZodType }
  | { readonly kind: 'value'; readonly schema: z.ZodType }
  | { readonly kind: 'nothing' };

interface Described<body> {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below the root, with its variables: `/users/:user/authentication/methods`. */
  readonly path: string;
  /** The roots it is found under; both of Graph's unless told. */
  readonly roots?: readonly Root[];
  /** One sentence for the document. */
  readonly does: string;
  /** What may be sent: strict, so that an unknown property is refused. */
  readonly body?: z.ZodType<body>;
  /** Properties that are told and never sent: whoever does hears that, and not that there are none. */
  readonly readOnly?: readonly string[];
  readonly answers: Answers;
  /** The status of success: 200, or 204 where nothing is answered, unless told. */
  readonly status?: number;
  /** Which options a GET takes; `$select` unless told. */
  readonly query?: readonly QueryOption[];
  /**
   * The longest body, in bytes, where it may be longer than any other: nothing of it is read before it is
   * known who asks and that they may.
   */
  readonly longestBody?: number;
}

/** Where it acts on somebody whom the body names, the service behind it judges whether it may. */
export interface OrganisationOperation<body> extends Described<body> {
  readonly act: Act;
  readonly run: (call: Call, body: body) => Promise<Answer | Refusal>;
}

/** What everybody does for themselves, and nobody for anybody else: only at `/me`, of somebody signed in. */
export interface OwnOperation<body> extends Described<body> {
  /** What their session must have proved for it. */
  readonly own: 'session' | 'second-step';
  readonly run: (call: OwnCall, body: body) => Promise<Answer | Refusal>;
}

export interface UserOperation<body> extends Described<body> {
  readonly act: AdminAct;
  /**
   * Present where everybody may do it for themselves at `/me` as well, and what their session must have
   * proved for it.
   */
  readonly own?: 'session' | 'second-step';
  readonly run: (call: UserCall, body: body) => Promise<Answer | Refusal>;
}

interface Sealed {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly roots: readonly Root[];
  readonly does: string;
  readonly body: z.ZodType | undefined;
  readonly answers: Answers;
  readonly status: number;
  readonly query: readonly QueryOption[];
  readonly longestBody: number | undefined;
}

/** An operation with its types sealed: what goes in is parsed, so outside no generics are needed. */
export type Operation =
  | (Sealed & {
      readonly about: 'organisation';
      readonly act: Act;
      readonly own?: undefined;
      readonly run: (call: Call, body: unknown) => Promise<Answer | Refusal>;
    })
  | (Sealed & {
      readonly about: 'own';
      readonly act?: undefined;
      readonly own: 'session' | 'second-step';
      readonly run: (call: OwnCall, body: unknown) => Promise<Answer | Refusal>;
    })
  | (Sealed & {
      readonly about: 'user';
      readonly act: AdminAct;
      readonly own: 'session' | 'second-step' | undefined;
      readonly run: (call: UserCall, body: unknown) => Promise<Answer | Refusal>;
    });

/** Seals an operation on what belongs to nobody in particular. */
export function organisationOperation<body = undefined>(
  operation: OrganisationOperation<body>,
): Operation {
  return {
    ...described(operation),
    about: 'organisation',
    act: operation.act,
    run: (call, sent) => withBody(operation, sent, (body) => operation.run(call, body)),
  };
}

/** Seals an operation on one person, whom the path names as `:user`. */
export function userOperation<body = undefined>(operation: UserOperation<body>): Operation {
  return {
    ...described(operation),
    about: 'user',
    act: operation.act,
    own: operation.own,
    run: (call, sent) => withBody(operation, sent, (body) => operation.run(call, body)),
  };
}

/** Seals what somebody does for themselves alone; its path begins with `/me`. */
export function ownOperation<body = undefined>(operation: OwnOperation<body>): Operation {
  return {
    ...described(operation),
    about: 'own',
    own: operation.own,
    run: (call, sent) => withBody(operation, sent, (body) => operation.run(call, body)),
  };
}

/** The properties that a body may have; `@odata.type` is what clients add, and says nothing new. */
export function sent<shape extends z.ZodRawShape>(shape: shape) {
  return z.strictObject({ ...shape, '@odata.type': z.string().max(100).exactOptional() });
}

/** A body that is there only because POST has one: actions without parameters. */
export const noParameters = sent({});

function described<body>(operation: Described<body>): Sealed {
  const { method, path, does, body, answers } = operation;
  return {
    method,
    path,
    does,
    body,
    answers,
    roots: operation.roots ?? graph,
    status: operation.status ?? (answers.kind === 'nothing' ? 204 : 200),
    query: operation.query ?? (method === 'GET' && answers.kind === 'entity' ? ['$select'] : []),
    longestBody: operation.longestBody,
  };
}

async function withBody<body>(
  { body: schema, readOnly = [] }: Pick<Described<body>, 'body' | 'readOnly'>,
  value: unknown,
  run: (body: body) => Promise<Answer | Refusal>,
): Promise<Answer | Refusal> {
  // An action without parameters is sent with an empty object, or with nothing at all.
  const shape = schema ?? nothing<body>();
  const first = z.safeParse(shape, value === undefined ? {} : value);
  const plain = first.success ? undefined : withoutAnnotations(value, first.error);
  const parsed = plain === undefined ? first : z.safeParse(shape, plain);
  if (parsed.success) return run(parsed.data);
  const kept = keysOf(value).find((name) => readOnly.includes(name));
  if (kept !== undefined) {
    return refusal('Request_BadRequest', `Property '${kept}' is read-only and cannot be set.`);
  }
  return refusal('badRequest', toldOf(parsed.error));
}

/**
 * What was sent, without what OData says of it in passing (JSON Format 4.01 §4.6) and this body does not
 * know: whoever changes what they read sends it back, and clients name the types of what lies within.
 * Undefined where there is nothing of the kind. What binds or names another thing is never passed over.
 */
function withoutAnnotations(value: unknown, { issues }: z.ZodError): unknown {
  const found = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.filter((key) => annotation.test(key)).map((key) => ({ path: issue.path, key }))
      : [],
  );
  if (found.length === 0) return undefined;
  const copy: unknown = structuredClone(value);
  for (const { path, key } of found) {
    let parent = copy;
    for (const name of path) parent = isObject(parent) ? Reflect.get(parent, name) : undefined;
    if (isObject(parent)) Reflect.deleteProperty(parent, key);
  }
  return copy;
}

const annotation = /^(?:@odata\.(?:context|etag|type)|\w{1,60}@odata\.(?:context|count|type))$/;

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function keysOf(value: unknown): readonly string[] {
  return isObject(value) ? Object.keys(value) : [];
}

/** Of an operation without a body nothing is read. */
function nothing<body>(): z.ZodType<body> {
  return z.custom<body>(() => true);
}

/** Which property is wrong, as Graph says it; never what it held. */
function toldOf({ issues }: z.ZodError): string {
  const [issue] = issues;
  if (issue === undefined) return 'The body is malformed.';
  const path = issue.path.map(String).join('/');
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    return `Invalid property '${(path === '' ? key : `${path}/${key}`).slice(0, 100)}'.`;
  }
  if (path === '') return 'The body is malformed.';
  return `Invalid value specified for property '${path.slice(0, 100)}'.`;
}

/**
 * Owns `auditLogs/signIns`: the sign-in log, newest first. Beta tells every step of each (rows A-110,
 * Of what Tweestap does not judge (risk, places) nothing is told.
 */
import * as z from 'zod';

import { decidedBy, type SignInEvent, type SignInFilter } from '../../../audit/sign-in-event.ts';
import type { User } from '../../../accounts/user.ts';
import { canonicalUserPrincipalName } from '../../../lib/names.ts';
import { conjuncts, type Filter } from '../../../lib/filter/filter.ts';
import { queryOptions } from '../../../lib/odata/query.ts';
import { readUserAgent } from '../../../lib/user-agent.ts';
import { list, one, type Listed } from '../listing.ts';
import { organisationOperation, type Call, type Entity, type Operation } from '../operation.ts';
import type { Root } from '../roots.ts';
import { spanOf, textAt } from './moments.ts';
import { detailOfStep, statusOf } from './sign-in-status.ts';

const path = '/auditLogs/signIns';
const context = path.slice(1);

const shape = {
  /** Of the attempt; the same in the audit log as `correlationId`. */
  id: z.string(),
  createdDateTime: z.string(),
  userDisplayName: z.string(),
  userPrincipalName: z.string(),
  /** Null for a name that nobody has. */
  userId: z.string().nullable(),
  /** Null for the pages of Tweestap itself. */
  appId: z.string().nullable(),
  appDisplayName: z.string().nullable(),
  ipAddress: z.string(),
  clientAppUsed: z.string(),
  correlationId: z.string(),
  conditionalAccessStatus: z.literal('notApplied'),
  isInteractive: z.literal(true),
  status: z.object({
    errorCode: z.int(),
    failureReason: z.string().nullable(),
    additionalDetails: z.string().nullable(),
  }),
  deviceDetail: z.object({
    browser: z.string().nullable(),
    operatingSystem: z.string().nullable(),
  }),
};
const step = z.object({
  authenticationStepDateTime: z.string(),
  authenticationMethod: z.string(),
  authenticationMethodDetail: z.string().nullable(),
  succeeded: z.boolean(),
  authenticationStepResultDetail: z.string(),
  authenticationStepRequirement: z.enum(['primaryAuthentication', 'secondaryAuthentication']),
});
const betaShape = {
  ...shape,
  userAgent: z.string(),
  authenticationRequirement: z.enum(['singleFactorAuthentication', 'multiFactorAuthentication']),
  authenticationDetails: z.array(step),
  authenticationMethodsUsed: z.array(z.string()),
  mfaDetail: z.object({ authMethod: z.string(), authDetail: z.string().nullable() }).nullable(),
};
const schemas: Readonly<Record<'v1.0' | 'beta', z.ZodObject>> = {
  'v1.0': z.object(shape),
  beta: z.object(betaShape),
};

/** What Entra's log calls our methods. */
const methodNames: Readonly<Record<string, string>> = {
  password: 'Password',
  'text-message': 'SMS',
  'phone-call': 'Voice',
  notification: 'Authenticator App',
  'authenticator-code': 'Software OATH token',
  'security-key': 'FIDO2',
  'recovery-codes': 'Recovery code',
  'temporary-access-pass': 'Temporary Access Pass',
  'trusted-device': 'Previously satisfied',
};

export const signInOperations: readonly Operation[] = (['v1.0', 'beta'] as const).flatMap(
  (root) => {
    const schema = schemas[root];
    const properties = Object.keys(schema.shape);
    return [
      organisationOperation({
        method: 'GET',
        path,
        roots: [root],
        act: 'see-logs',
        does: 'Lists the sign-ins, newest first.',
        query: queryOptions,
        answers: { kind: 'collection', schema },
        run: (call) =>
          list(call, {
            context,
            properties,
            orders: ['createdDateTime desc'],
            pageLength: { usual: 100, most: 1_000 },
            read: (after, limit, { filter }) => read(call, after, limit, filter),
          }),
      }),
      organisationOperation({
        method: 'GET',
        path: `${path}/:signIn`,
        roots: [root],
        act: 'see-logs',
        does: 'One sign-in.',
        answers: { kind: 'entity', schema },
        run: async (call) => {
          const id = call.params['signIn'] ?? '';
          const event = isId(id) ? await call.parts.stores.signInEvents.find(id) : undefined;
          const [told] = await toldOf(call, event === undefined ? [] : [event]);
          return one(call, told?.entity, { context, properties });
        },
      }),
    ];
  },
);

async function read(
  call: Call,
  after: string | undefined,
  limit: number,
  filter: Filter | undefined,
): Promise<readonly Listed[]> {
  const { signInEvents } = call.parts.stores;
  const id = textAt(filter, 'id') ?? textAt(filter, 'correlationId');
  if (id !== undefined) {
    const event = isId(id) && after === undefined ? await signInEvents.find(id) : undefined;
    return toldOf(call, event === undefined ? [] : [event]);
  }
  const narrowed = await narrowing(call, filter);
  const behind = after === undefined ? undefined : placeOf(after);
  return toldOf(call, await signInEvents.list({ ...narrowed, behind, limit }));
}

/** Finds everything that the filter fits, and perhaps more. */
async function narrowing({ parts }: Call, filter: Filter | undefined): Promise<SignInFilter> {
  const name = textAt(filter, 'userPrincipalName');
  const canonical = name === undefined ? null : canonicalUserPrincipalName(name);
  const named = canonical === null ? undefined : await parts.stores.users.findByName(canonical);
  const userId = textAt(filter, 'userId') ?? named?.id;
  const isSuccess = conjuncts(filter).some(
    (part) =>
      part.kind === 'compare' &&
      part.by === 'eq' &&
      part.value === 0 &&
      part.path.join('/') === 'status/errorCode',
  );
  return {
    ...spanOf(filter, 'createdDateTime'),
    userId,
    typedName: name !== undefined && named === undefined ? name : undefined,
    applicationId: textAt(filter, 'appId'),
    address: textAt(filter, 'ipAddress'),
    ...(isSuccess ? { result: 'success' } : {}),
  };
}

/** With the names of people and of applications as they are now. */
async function toldOf(call: Call, events: readonly SignInEvent[]): Promise<readonly Listed[]> {
  if (events.length === 0) return [];
  const { stores, applications } = call.parts;
  const ids = new Set(events.flatMap(({ userId }) => (userId === undefined ? [] : [userId])));
  const found = await Promise.all([...ids].map((id) => stores.users.find(id)));
  const people = new Map(found.flatMap((user) => (user === undefined ? [] : [[user.id, user]])));
  const names = new Map((await applications.list()).map(({ clientId, name }) => [clientId, name]));
  return events.map((event) => ({
    entity: entityOf(event, people.get(event.userId ?? ''), names, call.root),
    cursor: `${event.at.getTime()}.${event.id}`,
  }));
}

function entityOf(
  event: SignInEvent,
  user: User | undefined,
  names: ReadonlyMap<string, string>,
  root: Root,
): Entity {
  const { browser, system } = readUserAgent(event.userAgent);
  const { applicationId } = event;
  const told = {
    id: event.id,
    createdDateTime: event.at.toISOString(),
    userDisplayName: user?.displayName ?? event.userPrincipalName,
    userPrincipalName: user?.userPrincipalName ?? event.userPrincipalName,
    userId: event.userId ?? null,
    appId: applicationId ?? null,
    appDisplayName: applicationId === undefined ? null : (names.get(applicationId) ?? null),
    ipAddress: event.address,
    clientAppUsed: event.userAgent === '' ? 'Other clients' : 'Browser',
    correlationId: event.id,
    conditionalAccessStatus: 'notApplied',
    isInteractive: true,
    status: statusOf(event),
    deviceDetail: { browser: browser ?? null, operatingSystem: system ?? null },
  };
  if (root !== 'beta') return told;
  const proving = event.steps.filter(({ method }) => method !== 'policy');
  const beside = proving.filter(({ method }) => method !== 'password');
  const decisive = decidedBy(event);
  return {
    ...told,
    userAgent: event.userAgent,
    authenticationRequirement:
      beside.length === 0 ? 'singleFactorAuthentication' : 'multiFactorAuthentication',
    authenticationDetails: proving.map(({ at, method, result, reason }) => ({
      authenticationStepDateTime: at.toISOString(),
      authenticationMethod: nameOf(method),
      authenticationMethodDetail: null,
      succeeded: result === 'success',
      authenticationStepResultDetail: detailOfStep({ result, reason, method }),
      authenticationStepRequirement:
        method === 'password' ? 'primaryAuthentication' : 'secondaryAuthentication',
    })),
    authenticationMethodsUsed: [...new Set(proving.map(({ method }) => nameOf(method)))],
    mfaDetail: beside.length === 0 ? null : { authMethod: nameOf(decisive), authDetail: null },
  };
}

function nameOf(method: string): string {
  return methodNames[method] ?? method;
}

function isId(text: string): boolean {
  return /^[\w-]{1,64}$/.test(text);
}

function placeOf(cursor: string): Pick<SignInEvent, 'at' | 'id'> {
  const [moment = '', id = ''] = cursor.split('.', 2);
  return { at: new Date(Number(moment)), id };
}

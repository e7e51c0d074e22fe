/**
 * Owns `auditLogs/directoryAudits`: the whole audit log, newest first. What happened is called as Entra calls
 * it (`activities.ts`), else as in the log itself (`policy-changed`), which `additionalDetails` says of each as
 * its `event`; what it was from and what it is now stands in `modifiedProperties`.
 */
import * as z from 'zod';

import type { AuditFilter } from '../../../audit/audit-store.ts';
import type { ChainedEvent } from '../../../audit/audit-event.ts';
import type { User } from '../../../accounts/user.ts';
import { conjuncts, type Filter } from '../../../lib/filter/filter.ts';
import { queryOptions } from '../../../lib/odata/query.ts';
import { list, one, type Listed } from '../listing.ts';
import { organisationOperation, type Call, type Entity, type Operation } from '../operation.ts';
import { activityOf, kindOf, services } from './activities.ts';
import { spanOf, textAt } from './moments.ts';

const path = '/auditLogs/directoryAudits';
const context = path.slice(1);

const user = z.object({
  id: z.string(),
  displayName: z.string().nullable(),
  userPrincipalName: z.string().nullable(),
  ipAddress: z.string().nullable(),
});
const app = z.object({ appId: z.string().nullable(), displayName: z.string() });
const modified = z.object({
  displayName: z.string(),
  /** JSON. */
  oldValue: z.string().nullable(),
  newValue: z.string().nullable(),
});
const target = z.object({
  id: z.string(),
  displayName: z.string().nullable(),
  type: z.enum(['User', 'Policy', 'Application', 'Device', 'Other']),
  userPrincipalName: z.string().nullable(),
  modifiedProperties: z.array(modified),
});
const schema = z.object({
  /** Its number in the chain. */
  id: z.string(),
  activityDateTime: z.string(),
  activityDisplayName: z.string(),
  category: z.string(),
  /** The sign-in that it belongs to; null where it belongs to none. */
  correlationId: z.string().nullable(),
  loggedByService: z.enum(services),
  operationType: z.enum(['Add', 'Update', 'Delete', 'Other']),
  result: z.enum(['success', 'failure']),
  resultReason: z.string(),
  initiatedBy: z.object({ user: user.nullable(), app: app.nullable() }),
  targetResources: z.array(target),
  additionalDetails: z.array(z.object({ key: z.string(), value: z.string() })),
});
const properties = Object.keys(schema.shape);

export const directoryAuditOperations: readonly Operation[] = [
  organisationOperation({
    method: 'GET',
    path,
    act: 'see-logs',
    does: 'Lists what happened, newest first.',
    query: queryOptions,
    answers: { kind: 'collection', schema },
    run: (call) =>
      list(call, {
        context,
        properties,
        orders: ['activityDateTime desc'],
        pageLength: { usual: 100, most: 1_000 },
        read: (after, limit, { filter }) => read(call, after, limit, filter),
      }),
  }),
  organisationOperation({
    method: 'GET',
    path: `${path}/:audit`,
    act: 'see-logs',
    does: 'One thing that happened, by its number in the chain.',
    answers: { kind: 'entity', schema },
    run: async (call) => {
      const event = await eventNumbered(call, call.params['audit'] ?? '');
      const [told] = await toldOf(call, event === undefined ? [] : [event]);
      return one(call, told?.entity, { context, properties });
    },
  }),
];

async function read(
  call: Call,
  after: string | undefined,
  limit: number,
  filter: Filter | undefined,
): Promise<readonly Listed[]> {
  const id = textAt(filter, 'id');
  if (id !== undefined) {
    const event = after === undefined ? await eventNumbered(call, id) : undefined;
    return toldOf(call, event === undefined ? [] : [event]);
  }
  const before = after === undefined ? undefined : Number(after);
  return toldOf(call, await call.parts.stores.audit.list({ ...narrowing(filter), before, limit }));
}

/** Finds everything that the filter fits, and perhaps more. */
function narrowing(filter: Filter | undefined): AuditFilter {
  const { from, before } = spanOf(filter, 'activityDateTime');
  const application = textAt(filter, 'initiatedBy/app/appId');
  const activity = textAt(filter, 'activityDisplayName');
  return {
    from,
    to: before,
    kind: activity === undefined ? undefined : kindOf(activity),
    attemptId: textAt(filter, 'correlationId'),
    actor:
      textAt(filter, 'initiatedBy/user/id') ??
      (application === undefined ? undefined : `${ofApplication}${application}`),
    userId: targetIn(filter),
  };
}

/** `targetResources/any(t:t/id eq '…')`, where that is somebody. */
function targetIn(filter: Filter | undefined): string | undefined {
  for (const part of conjuncts(filter)) {
    if (part.kind !== 'any' || part.path.join('/') !== 'targetResources') continue;
    const id = textAt(part.part, `${part.variable}/id`);
    const isUser = textAt(part.part, `${part.variable}/type`)?.toLowerCase() === 'user';
    if (id !== undefined && isUser) return id;
  }
  return undefined;
}

async function eventNumbered({ parts }: Call, id: string): Promise<ChainedEvent | undefined> {
  return /^\d{1,15}$/.test(id) ? parts.stores.audit.find(Number(id)) : undefined;
}

/** With the names of people and of applications as they are now. */
async function toldOf(call: Call, events: readonly ChainedEvent[]): Promise<readonly Listed[]> {
  if (events.length === 0) return [];
  const { stores, applications } = call.parts;
  const ids = new Set(events.flatMap(({ userId = '', actor }) => [userId, actor]).filter(isId));
  const found = await Promise.all([...ids].map((id) => stores.users.find(id)));
  const people = new Map(found.flatMap((each) => (each === undefined ? [] : [[each.id, each]])));
  const names = new Map((await applications.list()).map(({ clientId, name }) => [clientId, name]));
  return events.map((event) => ({
    entity: entityOf(event, people, names),
    cursor: String(event.sequence),
  }));
}

function entityOf(
  event: ChainedEvent,
  people: ReadonlyMap<string, User>,
  names: ReadonlyMap<string, string>,
): Entity {
  const { sequence, kind, at, attemptId, details } = event;
  const { name, service, reason } = activityOf(event);
  return {
    id: String(sequence),
    activityDateTime: at.toISOString(),
    activityDisplayName: name,
    category: categoryOf(kind),
    correlationId: attemptId ?? null,
    loggedByService: service,
    operationType: operationOf(kind),
    result: hasFailed(event) ? 'failure' : 'success',
    resultReason: reason,
    initiatedBy: initiatorOf(event, people, names),
    targetResources: targetsOf(event, people, names),
    additionalDetails: [
      { key: 'event', value: kind },
      ...Object.entries(details)
        .filter(([key]) => key !== 'changes')
        .map(([key, value]) => ({ key, value: String(value) })),
    ],
  };
}

const failures =
  /-(?:rejected|refused|failed|unanswered|not-evaluated)$|^(?:sign-in-blocked|reset-stopped|directory-sync-held)$/;

/** Whether something was not let happen; a block that was made is a success. */
function hasFailed({ kind, details }: ChainedEvent): boolean {
  return failures.test(kind) || (kind === 'message-settled' && details['result'] === 'failed');
}
const ofApplication = 'application:';

function initiatorOf(
  { actor, address }: ChainedEvent,
  people: ReadonlyMap<string, User>,
  names: ReadonlyMap<string, string>,
): z.infer<typeof schema>['initiatedBy'] {
  const person = people.get(actor);
  if (person !== undefined) {
    const { id, displayName, userPrincipalName } = person;
    return {
      user: { id, displayName, userPrincipalName, ipAddress: address ?? null },
      app: null,
    };
  }
  const appId = actor.startsWith(ofApplication) ? actor.slice(ofApplication.length) : null;
  return {
    user: null,
    app: { appId, displayName: (appId === null ? undefined : names.get(appId)) ?? actor },
  };
}

function targetsOf(
  event: ChainedEvent,
  people: ReadonlyMap<string, User>,
  names: ReadonlyMap<string, string>,
): z.infer<typeof schema>['targetResources'] {
  const { kind, userId, details } = event;
  const modifiedProperties = modifiedIn(event);
  if (userId !== undefined) {
    const person = people.get(userId);
    return [
      {
        id: userId,
        displayName: person?.displayName ?? null,
        type: 'User',
        userPrincipalName: person?.userPrincipalName ?? null,
        modifiedProperties,
      },
    ];
  }
  const thing = (
    type: z.infer<typeof target>['type'],
    id: string,
    displayName: string,
  ): z.infer<typeof target> => ({
    id,
    displayName,
    type,
    userPrincipalName: null,
    modifiedProperties,
  });
  if (kind === 'policy-changed') return [thing('Policy', 'policy', 'Policy')];
  const said = (name: string): string => String(details[name] ?? '');
  if (kind.startsWith('application-')) {
    const id = said('clientId');
    return [thing('Application', id, names.get(id) ?? id)];
  }
  if (kind.startsWith('token-')) {
    return [thing('Device', said('serialNumber'), said('serialNumber'))];
  }
  if (kind.startsWith('radius-client-')) return [thing('Other', said('id'), said('name'))];
  if (kind.startsWith('ldap-client-')) return [thing('Other', said('name'), said('name'))];
  if (kind.startsWith('job-')) return [thing('Other', said('job'), said('task'))];
  return [];
}

const policyChanges = z.array(
  z.object({ path: z.string(), from: z.unknown().optional(), to: z.unknown().optional() }),
);

/** What is different now: each setting of a policy, or what moved from one to another. */
function modifiedIn({ kind, details }: ChainedEvent): z.infer<typeof modified>[] {
  const { from, to, changes } = details;
  const value = (is: unknown): string | null => (is === undefined ? null : JSON.stringify(is));
  if (typeof changes === 'string') {
    return changesIn(changes).map((each) => ({
      displayName: each.path,
      oldValue: value(each.from),
      newValue: value(each.to),
    }));
  }
  return from === undefined && to === undefined
    ? []
    : [
        {
          displayName: kind.replace(/-changed$/, ''),
          oldValue: value(from),
          newValue: value(to),
        },
      ];
}

function changesIn(changes: string): z.infer<typeof policyChanges> {
  try {
    return policyChanges.parse(JSON.parse(changes));
  } catch {
    return [];
  }
}

function categoryOf(kind: string): string {
  if (kind === 'policy-changed') return 'Policy';
  if (/^(?:application|radius-client|ldap-client)-/.test(kind)) return 'ApplicationManagement';
  if (kind.startsWith('role-')) return 'RoleManagement';
  if (kind.startsWith('groups-')) return 'GroupManagement';
  if (kind.startsWith('token-')) return 'Device';
  const ofUsers =
    /^(?:user|account|contact|per-user|pass-|phone-set|password-set|job|people|set-up|re-registration|everything|method|default|app-passwords?-(?:made|removed)|registration)/;
  return ofUsers.test(kind) ? 'UserManagement' : 'Authentication';
}

function operationOf(kind: string): z.infer<typeof schema>['operationType'] {
  if (/-(?:added|made|registered|issued|began)(?:-by-admin)?$/.test(kind)) return 'Add';
  if (/-removed(?:-by-admin)?$/.test(kind)) return 'Delete';
  if (
    /-(?:changed|set|switched|assigned|unassigned|activated|blocked|unblocked|unlocked|renewed|reset|revoked)(?:-by-admin)?$/.test(
      kind,
    )
  ) {
    return 'Update';
  }
  return 'Other';
}

function isId(text: string): boolean {
  return /^[\w-]{1,64}$/.test(text);
}

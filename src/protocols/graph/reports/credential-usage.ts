/**
 * Owns `userCredentialUsageDetails`: what was registered, and which passwords were reset by their owners,
 * as the audit log tells it, newest first.
 */
import * as z from 'zod';

import type { ChainedEvent } from '../../../audit/audit-event.ts';
import { queryOptions } from '../../../lib/odata/query.ts';
import { spanOf } from '../audit-logs/moments.ts';
import { list, type Listed } from '../listing.ts';
import { organisationOperation, type Call, type Operation } from '../operation.ts';
import type { Filter } from '../../../lib/filter/filter.ts';

const path = '/reports/userCredentialUsageDetails';

/** Graph's `featureType`. */
export const usages = ['registration', 'reset'] as const;

const schema = z.object({
  id: z.string(),
  feature: z.enum(usages),
  userPrincipalName: z.string().nullable(),
  userDisplayName: z.string().nullable(),
  isSuccess: z.boolean(),
  authMethod: z.string(),
  failureReason: z.string(),
  eventDateTime: z.string(),
});

export const credentialUsageOperations: readonly Operation[] = [
  organisationOperation({
    method: 'GET',
    path,
    roots: ['beta'],
    act: 'see-reports',
    does: 'Lists what people registered, and which passwords they reset, newest first.',
    query: queryOptions,
    answers: { kind: 'collection', schema },
    run: (call) =>
      list(call, {
        context: path.slice(1),
        properties: Object.keys(schema.shape),
        orders: ['eventDateTime desc'],
        read: (after, limit, { filter }) => read(call, after, limit, filter),
      }),
  }),
];

/** The events that tell of it. */
export const usageKinds = ['method-registered', 'password-reset', 'reset-stopped'] as const;

async function read(
  call: Call,
  after: string | undefined,
  limit: number,
  filter: Filter | undefined,
): Promise<readonly Listed[]> {
  const { audit, users } = call.parts.stores;
  const { from, before: to } = spanOf(filter, 'eventDateTime');
  const before = after === undefined ? undefined : Number(after);
  const each = await Promise.all(
    usageKinds.map((kind) => audit.list({ kind, from, to, before, limit })),
  );
  const events = each
    .flat()
    .toSorted((one, other) => other.sequence - one.sequence)
    .slice(0, limit);
  const ids = new Set(events.flatMap(({ userId }) => (userId === undefined ? [] : [userId])));
  const found = await Promise.all([...ids].map((id) => users.find(id)));
  const people = new Map(found.flatMap((user) => (user === undefined ? [] : [[user.id, user]])));
  return events.map((event) => {
    const user = people.get(event.userId ?? '');
    const { feature, authMethod, isSuccess } = usageOf(event);
    return {
      cursor: String(event.sequence),
      entity: {
        id: String(event.sequence),
        feature,
        userPrincipalName: user?.userPrincipalName ?? null,
        userDisplayName: user?.displayName ?? null,
        isSuccess,
        authMethod,
        failureReason: isSuccess
          ? ''
          : 'The user is not allowed to reset, or could not prove enough.',
        eventDateTime: event.at.toISOString(),
      },
    };
  });
}

/** What an event tells of the use of a method. */
export function usageOf(event: Pick<ChainedEvent, 'kind' | 'details'>): {
  readonly feature: (typeof usages)[number];
  readonly authMethod: string;
  readonly isSuccess: boolean;
} {
  return {
    feature: event.kind === 'method-registered' ? 'registration' : 'reset',
    authMethod: methodOf(event),
    isSuccess: event.kind !== 'reset-stopped',
  };
}

/** Graph's `usageAuthMethod`, of kinds and of methods. */
const words: Readonly<Record<string, string>> = {
  mobile: 'mobileSMS',
  alternateMobile: 'alternateMobileCall',
  office: 'officePhone',
  'authenticator-app': 'appCode',
  'security-key': 'fido',
  'security-questions': 'securityQuestion',
  'recovery-codes': 'recoveryCode',
  'temporary-access-pass': 'temporaryAccessPass',
  'text-message': 'mobileSMS',
  'phone-call': 'mobileCall',
  'authenticator-code': 'appCode',
  notification: 'appNotification',
};

function methodOf({ details }: Pick<ChainedEvent, 'details'>): string {
  const { kind, slot, methods } = details;
  const [first = ''] = typeof methods === 'string' ? methods.split(' ') : [];
  const name = kind === 'phone' ? String(slot) : String(kind ?? first);
  return words[name] ?? name;
}

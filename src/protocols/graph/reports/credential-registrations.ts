/**
 * Owns the reports of resets as `/beta` has them, for scripts that still ask for them: who is ready for one,
 * how many are, and how often one was used.
 */
import * as z from 'zod';

import { queryOptions } from '../../../lib/odata/query.ts';
import { notFound, type Refusal } from '../faults.ts';
import { list } from '../listing.ts';
import { organisationOperation, type Answer, type Call, type Operation } from '../operation.ts';
import { usageOf, usageKinds, usages } from './credential-usage.ts';
import { countFeatures } from './registered-users.ts';
import { readRegistrationDetails, type RegistrationDetails } from './user-registration-details.ts';

const path = '/reports/credentialUserRegistrationDetails';

const details = z.object({
  id: z.string(),
  userPrincipalName: z.string(),
  userDisplayName: z.string(),
  /** Graph's `registrationAuthMethod`; what it has no word for by its own name. */
  authMethods: z.array(z.string()),
  isRegistered: z.boolean(),
  isEnabled: z.boolean(),
  isCapable: z.boolean(),
  isMfaRegistered: z.boolean(),
});

const counted = z.object({
  totalUserCount: z.int(),
  userRegistrationCounts: z.array(
    z.object({ registrationStatus: z.string(), registrationCount: z.int() }),
  ),
});
const used = z.object({
  feature: z.enum(usages),
  authMethod: z.string(),
  successfulActivityCount: z.int(),
  failureActivityCount: z.int(),
});

export const credentialRegistrationOperations: readonly Operation[] = [
  organisationOperation({
    method: 'GET',
    path,
    roots: ['beta'],
    act: 'see-reports',
    does: 'Lists who is ready to reset their password, ordered by user name.',
    query: queryOptions,
    answers: { kind: 'collection', schema: details },
    run: (call) =>
      list(call, {
        context: path.slice(1),
        properties: Object.keys(details.shape),
        orders: ['userPrincipalName asc'],
        read: async (after, limit, { filter }) =>
          (await readRegistrationDetails(call, after, limit, filter)).map(({ entity, cursor }) => ({
            entity: detailsOf(entity),
            cursor,
          })),
      }),
  }),
  organisationOperation({
    method: 'GET',
    path: '/reports/getCredentialUserRegistrationCount',
    roots: ['beta'],
    act: 'see-reports',
    does: 'Counts who is ready to reset their password.',
    answers: { kind: 'value', schema: z.object({ value: z.array(counted) }) },
    run: countRegistrations,
  }),
  organisationOperation({
    method: 'GET',
    path: '/reports/:function',
    roots: ['beta'],
    act: 'see-reports',
    does: "Counts what was registered and reset, by method: getCredentialUsageSummary(period='D7'), of D1, D7 or D30.",
    answers: { kind: 'value', schema: z.object({ value: z.array(used) }) },
    run: summarise,
  }),
];

function detailsOf(of: RegistrationDetails): z.infer<typeof details> {
  return {
    id: of.id,
    userPrincipalName: of.userPrincipalName,
    userDisplayName: of.userDisplayName,
    authMethods: [...new Set(of.methodsRegistered.map((each) => words[each] ?? each))],
    isRegistered: of.isSsprRegistered,
    isEnabled: of.isSsprEnabled,
    isCapable: of.isSsprCapable,
    isMfaRegistered: of.isMfaRegistered,
  };
}

/** The words of v1.0 in those of beta. */
const words: Readonly<Record<string, string>> = {
  softwareOneTimePasscode: 'appCode',
  hardwareOneTimePasscode: 'appCode',
  microsoftAuthenticatorPush: 'appNotification',
  passKey: 'fido',
};

const statuses = [
  ['registered', 'ssprRegistered'],
  ['enabled', 'ssprEnabled'],
  ['capable', 'ssprCapable'],
  ['mfaRegistered', 'mfaCapable'],
] as const;

async function countRegistrations(call: Call): Promise<Answer> {
  const { totalUserCount, features } = await countFeatures(call);
  const userRegistrationCounts = statuses.map(([registrationStatus, feature]) => ({
    registrationStatus,
    registrationCount: features.find((each) => each.feature === feature)?.userCount ?? 0,
  }));
  return valueOf(call, 'credentialUserRegistrationCount', [
    { totalUserCount, userRegistrationCounts },
  ]);
}

async function summarise(call: Call): Promise<Answer | Refusal> {
  const { function: written = '' } = call.params;
  const [, days] = /^getCredentialUsageSummary\(period='D(1|7|30)'\)$/.exec(written) ?? [];
  if (days === undefined) return notFound(written);
  const to = call.now;
  const from = new Date(to.getTime() - Number(days) * 86_400_000);
  const tallies = await call.parts.stores.audit.tally({ kinds: usageKinds, from, to });
  const rows = new Map<string, z.infer<typeof used>>();
  for (const tally of tallies) {
    const { feature, authMethod, isSuccess } = usageOf(tally);
    const key = `${feature} ${authMethod}`;
    const row = rows.get(key) ?? {
      feature,
      authMethod,
      successfulActivityCount: 0,
      failureActivityCount: 0,
    };
    rows.set(key, {
      ...row,
      ...(isSuccess
        ? { successfulActivityCount: row.successfulActivityCount + tally.count }
        : { failureActivityCount: row.failureActivityCount + tally.count }),
    });
  }
  return valueOf(call, 'credentialUsageSummary', [...rows.values()]);
}

function valueOf(call: Call, type: string, value: readonly unknown[]): Answer {
  return {
    status: 200,
    body: { '@odata.context': `${call.base}/$metadata#Collection(microsoft.graph.${type})`, value },
  };
}

/**
 * Owns how many people have registered what: `usersRegisteredByFeature` and `usersRegisteredByMethod`.
 * Counted by indexes alone, without opening anything, of any number of people.
 */
import * as z from 'zod';

import { roles, type Role } from '../../../accounts/user.ts';
import type { Method } from '../../../methods/method.ts';
import {
  gatesNeeded,
  isForReset,
  mayResetPassword,
  settingsOf,
  standingOf,
  type Policy,
} from '../../../policies/policy.ts';
import type { Coverage } from '../../../registrations/registration-store.ts';
import { isLater } from '../../../signin/reset-standing.ts';
import { notFound, refusal, type Refusal } from '../faults.ts';
import { organisationOperation, type Answer, type Call, type Operation } from '../operation.ts';

const counts = z.object({
  totalUserCount: z.int(),
  userTypes: z.string(),
  userRoles: z.string(),
  userRegistrationFeatureCounts: z
    .array(z.object({ feature: z.string(), userCount: z.int() }))
    .optional(),
  userRegistrationMethodCounts: z
    .array(z.object({ authenticationMethod: z.string(), userCount: z.int() }))
    .optional(),
});

export const registeredUserOperations: readonly Operation[] = [
  organisationOperation({
    method: 'GET',
    path: '/reports/authenticationMethods/:function',
    act: 'see-reports',
    does: "Counts people: usersRegisteredByFeature(includedUserTypes='all',includedUserRoles='all'), usersRegisteredByMethod(…).",
    answers: { kind: 'value', schema: counts },
    run: count,
  }),
];

/** Whom each of Graph's words means. */
const included: Readonly<Record<string, readonly Role[]>> = {
  all: roles,
  privilegedAdmin: ['privileged-authentication-admin', 'global-admin'],
  admin: roles.filter((role) => role !== 'user'),
  user: ['user'],
};

async function count(call: Call): Promise<Answer | Refusal> {
  const { function: written = '' } = call.params;
  const [, name, given = ''] =
    /^usersRegisteredBy(Feature|Method)(?:\(([^()]*)\))?$/.exec(written) ?? [];
  if (name === undefined) return notFound(written);
  const asked = argumentsIn(given);
  if (typeof asked === 'string') return refusal('badRequest', asked);
  const { types, roles: ofRoles } = asked;
  // Nobody is a guest here.
  const meant = types === 'guest' ? [] : (included[ofRoles] ?? []);
  const rows = await peopleWith(call, meant);
  const policy = await call.parts.policies.current();
  const about = {
    totalUserCount: sum(rows),
    userTypes: types,
    userRoles: ofRoles,
  };
  const metadata = `${call.base}/$metadata#microsoft.graph.userRegistration`;
  return {
    status: 200,
    body:
      name === 'Feature'
        ? {
            '@odata.context': `${metadata}FeatureSummary`,
            ...about,
            userRegistrationFeatureCounts: featuresOf(call, policy, rows),
          }
        : {
            '@odata.context': `${metadata}MethodSummary`,
            ...about,
            userRegistrationMethodCounts: methodsOf(rows),
          },
  };
}

interface Asked {
  readonly types: string;
  readonly roles: string;
}

function argumentsIn(text: string): Asked | string {
  let asked: Asked = { types: 'all', roles: 'all' };
  for (const part of text.split(',').filter((each) => each.trim() !== '')) {
    const [, name, value = ''] = /^\s*(\w+)\s*=\s*'(\w*)'\s*$/.exec(part) ?? [];
    if (name === 'includedUserTypes' && ['all', 'member', 'guest'].includes(value)) {
      asked = { ...asked, types: value };
    } else if (name === 'includedUserRoles' && Object.hasOwn(included, value)) {
      asked = { ...asked, roles: value };
    } else {
      return `Invalid parameter '${part.trim().slice(0, 60)}'.`;
    }
  }
  return asked;
}

/** Everybody with an account that is switched on and one of these roles, by what they have. */
async function peopleWith({ parts }: Call, meant: readonly Role[]): Promise<readonly Coverage[]> {
  const kinds = parts.methods.kinds.map(({ id }) => id);
  const rows = await parts.stores.registrations.coverage(kinds);
  return rows.filter(({ role }) => meant.includes(role));
}

/** How many people are ready for what, whatever their role. */
export async function countFeatures(call: Call): Promise<{
  readonly totalUserCount: number;
  readonly features: ReturnType<typeof featuresOf>;
}> {
  const rows = await peopleWith(call, roles);
  const policy = await call.parts.policies.current();
  return { totalUserCount: sum(rows), features: featuresOf(call, policy, rows) };
}

function featuresOf(
  { parts }: Call,
  policy: Policy,
  rows: readonly Coverage[],
): readonly { readonly feature: string; readonly userCount: number }[] {
  const { all } = parts.methods;
  const may = (row: Coverage, method: Method): boolean =>
    row.kinds.includes(method.registers.id) && standingOf(policy, method, row) === 'allowed';
  const isCapable = (row: Coverage): boolean =>
    all.some(
      (method) => method.provesIn.includes('sign-in') && !method.standsIn && may(row, method),
    );
  const isPasswordless = (row: Coverage): boolean =>
    all.some(
      (method) => method.alone?.isAllowed(settingsOf(policy, method)) === true && may(row, method),
    );
  /** By kinds: two things of one kind, as two phones, count as one here. */
  const isRegistered = (row: Coverage): boolean => {
    const ways = all.filter((method) => isForReset(policy, method) && may(row, method));
    const kinds = new Set(ways.map(({ registers }) => registers.id));
    const needed = gatesNeeded(policy, row.role !== 'user');
    return kinds.size >= needed && ways.some((method) => !isLater(method));
  };
  const isEnabled = (row: Coverage): boolean => mayResetPassword(policy, row);
  const features: readonly (readonly [string, (row: Coverage) => boolean])[] = [
    ['ssprRegistered', isRegistered],
    ['ssprEnabled', isEnabled],
    ['ssprCapable', (row) => isRegistered(row) && isEnabled(row)],
    ['passwordlessCapable', isPasswordless],
    ['mfaCapable', isCapable],
  ];
  return features.map(([feature, has]) => ({ feature, userCount: sum(rows.filter(has)) }));
}

/** Kinds in Graph's words. A phone in any place is one, and so is whatever shows codes. */
const kindWords: Readonly<Record<string, string>> = {
  phone: 'mobilePhone',
  'authenticator-app': 'softwareOneTimePasscode',
  'security-key': 'passKey',
  'security-questions': 'securityQuestion',
  'recovery-codes': 'recoveryCode',
  'temporary-access-pass': 'temporaryAccessPass',
};

function methodsOf(
  rows: readonly Coverage[],
): readonly { readonly authenticationMethod: string; readonly userCount: number }[] {
  const found = new Map<string, number>();
  for (const { kinds, people } of rows) {
    for (const kind of kinds) found.set(kind, (found.get(kind) ?? 0) + people);
  }
  return [...found].map(([kind, userCount]) => ({
    authenticationMethod: kindWords[kind] ?? kind,
    userCount,
  }));
}

function sum(rows: readonly Coverage[]): number {
  return rows.reduce((all, { people }) => all + people, 0);
}

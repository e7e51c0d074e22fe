/**
 * Owns `userRegistrationDetails`: what each person has registered and what that is good for, by the very
 * rules that decide at a sign-in and in a reset.
 */
import * as z from 'zod';

import { searchName } from '../../../accounts/search-name.ts';
import type { UserSearch } from '../../../accounts/user-store.ts';
import { isPrivileged, roles, type User } from '../../../accounts/user.ts';
import { canonicalUserPrincipalName } from '../../../lib/names.ts';
import { conjuncts, type Filter } from '../../../lib/filter/filter.ts';
import { queryOptions } from '../../../lib/odata/query.ts';
import { appSecret, authenticatorApp } from '../../../methods/authenticator-app.ts';
import { phone } from '../../../methods/phone.ts';
import {
  gatesNeeded,
  mayResetPassword,
  settingsOf,
  type Policy,
} from '../../../policies/policy.ts';
import { isForSignIn, optionsOf } from '../../../registrations/options.ts';
import type { Registration } from '../../../registrations/registration.ts';
import { waysOf } from '../../../signin/reset-standing.ts';
import { textAt } from '../audit-logs/moments.ts';
import { preferenceOf } from '../authentication/sign-in-preferences.ts';
import { list, one, type Listed } from '../listing.ts';
import { organisationOperation, type Call, type Operation } from '../operation.ts';

const path = '/reports/authenticationMethods/userRegistrationDetails';
const context = path.slice(1);

const schema = z.object({
  id: z.string(),
  userPrincipalName: z.string(),
  userDisplayName: z.string(),
  userType: z.literal('member'),
  isAdmin: z.boolean(),
  isMfaRegistered: z.boolean(),
  isMfaCapable: z.boolean(),
  isPasswordlessCapable: z.boolean(),
  isSsprRegistered: z.boolean(),
  isSsprEnabled: z.boolean(),
  isSsprCapable: z.boolean(),
  isSystemPreferredAuthenticationMethodEnabled: z.boolean(),
  methodsRegistered: z.array(z.string()),
  systemPreferredAuthenticationMethods: z.array(z.string()),
  userPreferredMethodForSecondaryAuthentication: z.string(),
  lastUpdatedDateTime: z.string(),
});
export type RegistrationDetails = z.infer<typeof schema>;
const properties = Object.keys(schema.shape);

export const userRegistrationDetailOperations: readonly Operation[] = [
  organisationOperation({
    method: 'GET',
    path,
    act: 'see-reports',
    does: 'Lists what everybody has registered and what it is good for, ordered by user name.',
    query: queryOptions,
    answers: { kind: 'collection', schema },
    run: (call) =>
      list(call, {
        context,
        properties,
        orders: ['userPrincipalName asc'],
        read: (after, limit, { filter }) => readRegistrationDetails(call, after, limit, filter),
      }),
  }),
  organisationOperation({
    method: 'GET',
    path: `${path}/:person`,
    act: 'see-reports',
    does: 'What one person has registered and what it is good for.',
    answers: { kind: 'entity', schema },
    run: async (call) => {
      const user = await userOf(call, call.params['person'] ?? '');
      const policy = await call.parts.policies.current();
      const details = user === undefined ? undefined : await detailsOf(call, user, policy);
      return one(call, details, { context, properties });
    },
  }),
];

/** One person of the list, and their place in it. */
interface ListedDetails extends Listed {
  readonly entity: RegistrationDetails;
}

/** The next ones, ordered by user name. */
export async function readRegistrationDetails(
  call: Call,
  after: string | undefined,
  limit: number,
  filter: Filter | undefined,
): Promise<readonly ListedDetails[]> {
  const { users } = call.parts.stores;
  const named = textAt(filter, 'id') ?? textAt(filter, 'userPrincipalName');
  if (named !== undefined) {
    const user = after === undefined ? await userOf(call, named) : undefined;
    return toldOf(call, user === undefined ? [] : [user]);
  }
  return toldOf(call, await users.search({ text: '', ...narrowing(filter), after, limit }));
}

/** Finds everybody whom the filter fits, and perhaps more. */
function narrowing(filter: Filter | undefined): Partial<Pick<UserSearch, 'text' | 'roles'>> {
  let search: Partial<Pick<UserSearch, 'text' | 'roles'>> = {};
  for (const part of conjuncts(filter)) {
    if (part.kind === 'text' && part.test === 'startswith') {
      const [property] = part.path;
      const isFound =
        (property === 'userDisplayName' && searchName(part.value) !== '') ||
        (property === 'userPrincipalName' && /^[\u0021-\u007e]+$/.test(part.value));
      if (isFound) search = { ...search, text: part.value };
    }
    if (part.kind === 'compare' && part.by === 'eq' && part.path[0] === 'isAdmin') {
      if (part.value === true) search = { ...search, roles: roles.filter((is) => is !== 'user') };
    }
  }
  return search;
}

async function userOf({ parts }: Call, name: string): Promise<User | undefined> {
  const { users } = parts.stores;
  const found = /^[\w-]{1,64}$/.test(name) ? await users.find(name) : undefined;
  if (found !== undefined) return found;
  const canonical = canonicalUserPrincipalName(name);
  return canonical === null ? undefined : users.findByName(canonical);
}

async function toldOf(call: Call, found: readonly User[]): Promise<readonly ListedDetails[]> {
  const policy = await call.parts.policies.current();
  const told: ListedDetails[] = [];
  for (const user of found) {
    told.push({
      entity: await detailsOf(call, user, policy),
      cursor: canonicalUserPrincipalName(user.userPrincipalName) ?? user.userPrincipalName,
    });
  }
  return told;
}

async function detailsOf(
  { parts, now }: Call,
  user: User,
  policy: Policy,
): Promise<RegistrationDetails> {
  const { methods } = parts;
  const registrations = await parts.stores.registrations.list(user.id);
  const options = optionsOf({ user, registrations, methods, policy });
  const own = options.filter(({ standsIn }) => !standsIn);
  const alone = methods.all.filter(
    (method) => method.alone?.isAllowed(settingsOf(policy, method)) === true,
  );
  const ways = waysOf(methods, policy, user, registrations).filter(({ isLeft }) => isLeft);
  const things = new Set(ways.map(({ thing }) => thing));
  const isSsprRegistered =
    things.size >= gatesNeeded(policy, isPrivileged(user)) && ways.some(({ isLater }) => !isLater);
  const isSsprEnabled =
    mayResetPassword(policy, user) && parts.ownPassword.elsewhere(user) === undefined;
  const { defaultMethod } = user;
  const chosen = options.find(
    ({ method, registration }) =>
      method.id === defaultMethod?.methodId && registration.id === defaultMethod.registrationId,
  );
  const [strongest] = optionsOf({
    user,
    registrations,
    methods,
    policy: { ...policy, systemPreferred: true },
  });
  return {
    id: user.id,
    userPrincipalName: user.userPrincipalName,
    userDisplayName: user.displayName,
    userType: 'member',
    isAdmin: isPrivileged(user),
    isMfaRegistered: registrations.some((each) => isForSignIn(each, methods)),
    isMfaCapable: own.length > 0,
    isPasswordlessCapable: own.some(({ method }) => alone.includes(method)),
    isSsprRegistered,
    isSsprEnabled,
    isSsprCapable: isSsprRegistered && isSsprEnabled,
    isSystemPreferredAuthenticationMethodEnabled: policy.systemPreferred,
    methodsRegistered: [...new Set(registrations.flatMap(registeredAs))],
    systemPreferredAuthenticationMethods: strongest === undefined ? [] : [wordFor(strongest)],
    userPreferredMethodForSecondaryAuthentication: chosen === undefined ? 'none' : wordFor(chosen),
    lastUpdatedDateTime: now.toISOString(),
  };
}

/** Graph has no word for a key, a pass or a list of codes there; ours is its own name. */
function wordFor(option: Parameters<typeof preferenceOf>[0]): string {
  return preferenceOf(option) ?? option.method.id;
}

/**
 * What Graph calls something that is registered: an app that is paired shows codes as well. One that is
 * damaged keeps nobody from reading about all others.
 */
function registeredAs({ kind, slot, secret }: Registration): readonly string[] {
  switch (kind) {
    case phone.id:
      return [phoneWords[slot] ?? kind];
    case authenticatorApp.id: {
      const app = appSecret.safeParse(secret).data;
      if (app?.token !== undefined) return ['hardwareOneTimePasscode'];
      const codes = 'softwareOneTimePasscode';
      return app?.device === undefined ? [codes] : ['microsoftAuthenticatorPush', codes];
    }
    case 'security-key':
      return ['passKey'];
    case 'security-questions':
      return ['securityQuestion'];
    case 'recovery-codes':
      return ['recoveryCode'];
    case 'temporary-access-pass':
      return ['temporaryAccessPass'];
    default:
      return [kind];
  }
}

/** By the places of phones. */
const phoneWords: Readonly<Record<string, string>> = {
  mobile: 'mobilePhone',
  alternateMobile: 'alternateMobilePhone',
  office: 'officePhone',
};

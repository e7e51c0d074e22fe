/** Owns `users`: Graph's *user*, as far as the directory here knows people. */
import * as z from 'zod';

import { refusalOf, type AdminAct } from '../../accounts/administering.ts';
import { differentContact, judgeContact } from '../../accounts/contact.ts';
import type { NewUserFault } from '../../accounts/new-user.ts';
import { searchName } from '../../accounts/search-name.ts';
import type { UserSearch } from '../../accounts/user-store.ts';
import type { User } from '../../accounts/user.ts';
import type { Names } from '../../administration/changing.ts';
import { isLocale } from '../../i18n/locale.ts';
import { canonicalUserPrincipalName } from '../../lib/names.ts';
import { conjuncts, type Filter } from '../../lib/filter/filter.ts';
import { queryOptions } from '../../lib/odata/query.ts';
import { denied, refusal, type Refusal } from './faults.ts';
import { countOf, list, one, type Listed, type Listing } from './listing.ts';
import { ofPerson, tellingOfPeople, type TellPerson } from './on-premises.ts';
import {
  noParameters,
  organisationOperation,
  sent,
  userOperation,
  type Answer,
  type Call,
  type Operation,
  type UserCall,
} from './operation.ts';
import type { GraphParts } from './parts.ts';

const text = z.string().max(500);
const shortList = z.array(text).max(1);

/** As it is answered. */
export const userEntity = z.object({
  id: z.string(),
  userPrincipalName: z.string(),
  displayName: z.string(),
  mail: z.string().nullable(),
  /** One at most. */
  otherMails: z.array(z.string()),
  mobilePhone: z.string().nullable(),
  /** One at most; its extension stands behind an x. */
  businessPhones: z.array(z.string()),
  preferredLanguage: z.string().nullable(),
  accountEnabled: z.boolean(),
  createdDateTime: z.string(),
  userType: z.literal('Member'),
  ...ofPerson,
});

const properties = Object.keys(userEntity.shape);
/** What Graph answers where nothing is selected. */
const shown = [
  'id',
  'userPrincipalName',
  'displayName',
  'mail',
  'mobilePhone',
  'businessPhones',
  'preferredLanguage',
];

const passwordProfile = z.strictObject({
  password: z.string().max(2_000),
  forceChangePasswordNextSignIn: z.boolean().default(true),
});

const contact = {
  mobilePhone: text.nullable().exactOptional(),
  businessPhones: shortList.exactOptional(),
  otherMails: shortList.exactOptional(),
  preferredLanguage: text.nullable().exactOptional(),
  accountEnabled: z.boolean().exactOptional(),
};

const newUser = sent({
  ...contact,
  userPrincipalName: text,
  displayName: text,
  mail: text.nullable().exactOptional(),
  passwordProfile,
  /** Graph asks for it; the part before the @ of the user name takes its place here. */
  mailNickname: text.exactOptional(),
});

const changedUser = sent({
  ...contact,
  userPrincipalName: text.exactOptional(),
  displayName: text.exactOptional(),
  /** Another one; it is not taken away. */
  mail: text.exactOptional(),
  passwordProfile: passwordProfile.exactOptional(),
});

export const userOperations: readonly Operation[] = [
  organisationOperation({
    method: 'GET',
    path: '/users',
    act: 'see',
    does: 'Lists the accounts, ordered by user name.',
    query: queryOptions,
    answers: { kind: 'collection', schema: userEntity },
    run: (call) => list(call, listing(call, {})),
  }),
  organisationOperation({
    method: 'GET',
    path: '/users/$count',
    act: 'see',
    does: 'Counts the accounts.',
    query: ['$filter'],
    answers: { kind: 'value', schema: z.number() },
    run: (call) => countOf(call, listing(call, {})),
  }),
  organisationOperation({
    method: 'POST',
    path: '/users',
    act: 'add-people',
    does: 'Adds an account.',
    body: newUser,
    status: 201,
    answers: { kind: 'entity', schema: userEntity },
    run: add,
  }),
  userOperation({
    method: 'GET',
    path: '/users/:user',
    act: 'see',
    own: 'session',
    does: 'One account, by its id or its user name.',
    answers: { kind: 'entity', schema: userEntity },
    run: async (call) => told(call, call.user),
  }),
  userOperation({
    method: 'PATCH',
    path: '/users/:user',
    act: 'change-contact',
    does: 'Changes what the directory knows, the user name or the mailbox, switches the account, or sets its password.',
    body: changedUser,
    readOnly: properties.filter((name) => !(name in changedUser.shape)),
    answers: { kind: 'nothing' },
    run: change,
  }),
  userOperation({
    method: 'DELETE',
    path: '/users/:user',
    act: 'delete-account',
    does: 'Removes an account with all that is registered; the logs keep what it did. It cannot be undone.',
    answers: { kind: 'nothing' },
    run: async ({ parts, user, by }) => {
      await parts.administration.remove(user.id, by);
      return { status: 204 };
    },
  }),
  userOperation({
    method: 'POST',
    path: '/users/:user/revokeSignInSessions',
    act: 'revoke-sessions',
    does: 'Signs out everywhere, and ends what applications hold.',
    body: noParameters,
    answers: { kind: 'value', schema: z.object({ value: z.boolean() }) },
    run: async ({ parts, user, by, base }) => {
      await parts.administration.revokeSessions(user.id, by);
      return {
        status: 200,
        body: { '@odata.context': `${base}/$metadata#Edm.Boolean`, value: true },
      };
    },
  }),
];

/** People as a list, narrowed down by the search that the store has indexes for. */
export function listing(
  { parts, query }: Pick<Call, 'parts' | 'query'>,
  narrowing: Pick<UserSearch, 'group'>,
  context = 'users',
): Listing {
  const { users } = parts.stores;
  const isWhole = narrowing.group === undefined;
  return {
    context,
    properties,
    shown,
    orders: ['userPrincipalName asc'],
    countsEventually: true,
    ...(isWhole ? { count: () => users.count() } : {}),
    read: async (after, limit, { filter }) => {
      const tell = await tellingOfPeople(parts, query);
      const listed = (user: User): Listed => ({
        entity: userEntityOf(user, tell),
        cursor: canonicalUserPrincipalName(user.userPrincipalName) ?? user.userPrincipalName,
      });
      const exact = await exactly(parts, filter);
      if (exact !== undefined) {
        const { group } = narrowing;
        const is = exact.filter((user) => group === undefined || user.groups.includes(group));
        return is
          .map(listed)
          .filter(({ cursor }) => after === undefined || cursor > after)
          .slice(0, limit);
      }
      const found = await users.search({
        text: '',
        ...searchFor(filter),
        ...narrowing,
        after,
        limit,
      });
      return found.map(listed);
    },
  };
}

/** Those whom a filter names, where it names them: nobody else is read. */
async function exactly(
  { stores: { users }, immutableIds }: Pick<GraphParts, 'stores' | 'immutableIds'>,
  filter: Filter | undefined,
): Promise<readonly User[] | undefined> {
  for (const part of conjuncts(filter)) {
    const address = otherMailIn(part);
    if (address !== undefined) {
      const found = await users.list({ anyMail: address, limit: mostOfOneAddress });
      // So many with one address are found by looking.
      if (found.length < mostOfOneAddress) return found;
    }
    const values = valuesIn(part);
    if (values === undefined || (part.kind !== 'compare' && part.kind !== 'in')) continue;
    const [property, ...below] = part.path;
    if (below.length > 0) continue;
    if (property === 'id') {
      return foundOf(values, (id) =>
        /^[\w-]{1,64}$/.test(id) ? users.find(id) : Promise.resolve(undefined),
      );
    }
    if (property === 'userPrincipalName') {
      return foundOf(values, (text) => {
        const name = canonicalUserPrincipalName(text);
        return name === null ? Promise.resolve(undefined) : users.findByName(name);
      });
    }
    if (property === 'onPremisesImmutableId') {
      const entries = values.map(immutableIds.entryId).filter((id) => id !== undefined);
      const accounts = await users.idsOfEntries(entries);
      return foundOf([...accounts.values()], (id) => users.find(id));
    }
    const [mail] = values;
    if (property === 'mail' && mail !== undefined && values.length === 1) {
      const found = await users.list({ mail, limit: mostOfOneAddress });
      if (found.length < mostOfOneAddress) return found;
    }
  }
  return undefined;
}

const mostOfOneAddress = 500;

/** The address that `otherMails` must have: `otherMails/any(mail:mail eq 'a@b.example')`. */
function otherMailIn(part: Filter): string | undefined {
  if (part.kind !== 'any' || part.path.join('/') !== 'otherMails') return undefined;
  const named = conjuncts(part.part).find(
    (inner) => inner.kind === 'compare' && inner.path.join('/') === part.variable,
  );
  return named === undefined ? undefined : valuesIn(named)?.[0];
}

/** The texts that a property must be one of. */
function valuesIn(part: Filter): readonly string[] | undefined {
  if (part.kind === 'in') {
    const texts = part.values.filter((value) => typeof value === 'string');
    return texts.length === part.values.length ? texts : undefined;
  }
  const isNamed = part.kind === 'compare' && part.by === 'eq' && typeof part.value === 'string';
  return isNamed && typeof part.value === 'string' ? [part.value] : undefined;
}

/** Each once, ordered as every list of people is. */
async function foundOf(
  values: readonly string[],
  find: (value: string) => Promise<User | undefined>,
): Promise<readonly User[]> {
  const found = new Map<string, User>();
  for (const value of values) {
    const user = await find(value);
    if (user !== undefined) found.set(user.id, user);
  }
  const nameOf = ({ userPrincipalName: name }: User): string =>
    canonicalUserPrincipalName(name) ?? name;
  return [...found.values()].toSorted((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
}

/** A search that finds everybody whom the filter fits, and perhaps more. */
function searchFor(filter: Filter | undefined): Partial<Pick<UserSearch, 'text' | 'switchedOff'>> {
  let search: Partial<Pick<UserSearch, 'text' | 'switchedOff'>> = {};
  for (const part of conjuncts(filter)) {
    const [property = ''] = part.kind === 'compare' || part.kind === 'text' ? part.path : [];
    if (part.kind === 'text' && part.test === 'startswith') {
      // Found by whoever begins like this in any way of writing it: more people, never fewer.
      const isFound =
        (property === 'displayName' && searchName(part.value) !== '') ||
        (property === 'userPrincipalName' && /^[\u0021-\u007e]+$/.test(part.value));
      if (isFound) search = { ...search, text: part.value };
    }
    if (part.kind === 'compare' && part.by === 'eq' && property === 'accountEnabled') {
      if (part.value === false) search = { ...search, switchedOff: true };
    }
  }
  return search;
}

/** Graph's words for an account. */
function userEntityOf(user: User, tell: TellPerson): z.infer<typeof userEntity> {
  const { businessPhone, businessPhoneExtension: extension } = user;
  return {
    id: user.id,
    userPrincipalName: user.userPrincipalName,
    displayName: user.displayName,
    mail: user.mail ?? null,
    otherMails: user.otherMail === undefined ? [] : [user.otherMail],
    mobilePhone: user.mobilePhone ?? null,
    businessPhones:
      businessPhone === undefined
        ? []
        : [extension === undefined ? businessPhone : `${businessPhone}x${extension}`],
    preferredLanguage: user.preferredLanguage ?? null,
    accountEnabled: user.accountEnabled,
    createdDateTime: user.createdAt.toISOString(),
    userType: 'Member',
    ...tell(user),
  };
}

async function told(call: Call, user: User, status = 200): Promise<Answer | Refusal> {
  const tell = await tellingOfPeople(call.parts, call.query);
  return one(call, userEntityOf(user, tell), {
    context: 'users',
    properties,
    shown,
    status,
    ...(status === 201 ? { headers: { location: `${call.base}/users/${user.id}` } } : {}),
  });
}

async function add(call: Call, asked: z.infer<typeof newUser>): Promise<Answer | Refusal> {
  const { administration, policies } = call.parts;
  const { organisation } = await policies.current();
  const { preferredLanguage: language } = asked;
  if (typeof language === 'string' && !isLocale(language)) return invalid('preferredLanguage');
  const added = await administration.add(
    {
      userPrincipalName: asked.userPrincipalName,
      displayName: asked.displayName,
      password: asked.passwordProfile.password,
      mustChangePassword: asked.passwordProfile.forceChangePasswordNextSignIn,
      mail: asked.mail ?? undefined,
      otherMail: asked.otherMails?.[0],
      mobilePhone: asked.mobilePhone ?? undefined,
      businessPhone: asked.businessPhones?.[0],
      preferredLanguage: isLocale(language) ? language : undefined,
      accountEnabled: asked.accountEnabled,
    },
    { country: organisation.country, by: call.by },
  );
  switch (added.kind) {
    case 'added':
      return told(call, added.user, 201);
    case 'taken':
      return taken;
    case 'refused':
      return invalid(toldOf(added.faults));
  }
}

const taken = refusal(
  'Request_MultipleObjectsWithSameKeyValue',
  'Another object with the same value for property userPrincipalName already exists.',
);

function toldOf(faults: readonly NewUserFault[]): string {
  return faults.map(({ field, reason }) => `${namesOf[field] ?? field}: ${reason}`).join(', ');
}

/** Ours, where Graph has another name for it. */
const namesOf: Readonly<Record<string, string>> = {
  password: 'passwordProfile/password',
  otherMail: 'otherMails',
  businessPhone: 'businessPhones',
  businessPhoneExtension: 'businessPhones',
};

async function change(
  call: UserCall,
  asked: z.infer<typeof changedUser>,
): Promise<Answer | Refusal> {
  const { user, actor, by } = call;
  const { administration, policies } = call.parts;
  const names = namesAfter(user, asked);
  const isRenamed = Object.keys(names).length > 0;
  // Before anything is done, so that nothing is done by halves.
  const acts: readonly (readonly [AdminAct, boolean])[] = [
    ['switch-account', asked.accountEnabled !== undefined],
    ['set-password', asked.passwordProfile !== undefined],
    ['change-other-mail', asked.otherMails !== undefined],
    ['rename', isRenamed],
  ];
  const isDenied = acts.some(
    ([act, isAsked]) => isAsked && refusalOf(actor, act, user) !== undefined,
  );
  if (isDenied) return denied;
  const { preferredLanguage: language } = asked;
  if (typeof language === 'string' && !isLocale(language)) return invalid('preferredLanguage');
  const { organisation } = await policies.current();
  const judged = judgeContact(contactAfter(user, asked), organisation.country);
  if (judged.kind === 'refused') {
    return invalid(judged.faults.map(({ field }) => namesOf[field] ?? field).join(', '));
  }
  const isContact = contactFields.some((field) => field in asked);
  const changed = await administration.change(
    user.id,
    {
      names: isRenamed ? names : undefined,
      password: asked.passwordProfile && {
        plain: asked.passwordProfile.password,
        temporary: asked.passwordProfile.forceChangePasswordNextSignIn,
      },
      contact: isContact ? differentContact(user, judged.contact) : undefined,
      enabled: asked.accountEnabled,
    },
    by,
  );
  switch (changed.kind) {
    case 'changed':
      return { status: 204 };
    case 'taken':
      return taken;
    case 'refused':
      return invalid(toldOf(changed.faults));
  }
}

/** The user name and the mailbox, where they are others than before. */
function namesAfter(user: User, { userPrincipalName, mail }: z.infer<typeof changedUser>): Names {
  return {
    ...(userPrincipalName === undefined || userPrincipalName === user.userPrincipalName
      ? {}
      : { userPrincipalName }),
    ...(mail === undefined || mail === user.mail ? {} : { mail }),
  };
}

/** What the act of changing the contact data is about. */
const contactFields = [
  'displayName',
  'mobilePhone',
  'businessPhones',
  'otherMails',
  'preferredLanguage',
] as const;

/** What is to be there, as it is typed; what was not asked stays as it is. */
function contactAfter(
  user: User,
  asked: z.infer<typeof changedUser>,
): Parameters<typeof judgeContact>[0] {
  const { businessPhones, otherMails } = asked;
  const typed = (value: string | null | undefined, is: string | undefined): string =>
    value === undefined ? (is ?? '') : (value ?? '');
  return {
    displayName: asked.displayName,
    mobilePhone: typed(asked.mobilePhone, user.mobilePhone),
    businessPhone: typed(
      businessPhones === undefined ? undefined : (businessPhones[0] ?? null),
      user.businessPhone,
    ),
    businessPhoneExtension: businessPhones === undefined ? (user.businessPhoneExtension ?? '') : '',
    ...(otherMails === undefined ? {} : { otherMail: otherMails[0] ?? '' }),
    preferredLanguage: typed(asked.preferredLanguage, user.preferredLanguage),
  };
}

function invalid(what: string): Refusal {
  return refusal(
    'badRequest',
    `Invalid value specified for property '${what}' of resource 'User'.`,
  );
}

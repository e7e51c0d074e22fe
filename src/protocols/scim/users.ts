/** Owns `/Users`: the accounts of the organisation, as a directory provisions them. */
import { mayAct, refusalOf, type AdminAct } from '../../accounts/administering.ts';
import { differentContact, judgeContact, type AskedContact } from '../../accounts/contact.ts';
import type { NewUserFault } from '../../accounts/new-user.ts';
import { searchName } from '../../accounts/search-name.ts';
import type { UserSearch } from '../../accounts/user-store.ts';
import type { User } from '../../accounts/user.ts';
import type { AddedUser } from '../../administration/adding.ts';
import type { AskedChange, Changed, Names } from '../../administration/changing.ts';
import { conjuncts, fits, type Filter } from '../../lib/filter/filter.ts';
import { canonicalUserPrincipalName } from '../../lib/names.ts';
import { each, isExact } from '../../lib/scim/filter.ts';
import {
  canonicalResource,
  isJson,
  patched,
  readOperations,
  type Json,
} from '../../lib/scim/patch.ts';
import { denied } from '../graph/faults.ts';
import { faultFrom, notFound, wrong, type ScimFault } from './faults.ts';
import { namesToIds } from './known-groups.ts';
import {
  listBody,
  mostLookedAt,
  readList,
  readSearch,
  readShown,
  tooManyToLookAt,
  type AskedList,
} from './listing.ts';
import type { Answer, ScimCall, ScimOperation } from './operation.ts';
import { userSchema } from './schemas.ts';
import { answerWith, isConditional, refusalOfVersion, stale, withVersion } from './version.ts';
import { askedUser, nameOfParts, userResource, type AskedUser } from './user-resource.ts';

export const userOperations: readonly ScimOperation[] = [
  {
    method: 'GET',
    path: '/Users',
    act: 'see',
    run: (call) => list(call, readList(call.query, userSchema)),
  },
  {
    method: 'POST',
    path: '/Users/.search',
    act: 'see',
    run: (call) => list(call, readSearch(call.body, userSchema)),
  },
  { method: 'POST', path: '/Users', act: 'add-people', run: add },
  {
    method: 'GET',
    path: '/Users/:id',
    act: 'see',
    run: (call) => withUser(call, async (user) => told(call, user)),
  },
  {
    method: 'PUT',
    path: '/Users/:id',
    act: 'change-contact',
    run: (call) =>
      withUser(call, async (user) => {
        if (!isJson(call.body)) return noResource;
        const asked = askedUser(canonicalResource(call.body, userSchema), user);
        return 'fault' in asked ? asked : unlessStale(() => change(call, user, asked));
      }),
  },
  {
    method: 'PATCH',
    path: '/Users/:id',
    act: 'change-contact',
    run: (call) =>
      withUser(call, async (user) => {
        const read = readOperations(call.body);
        if ('fault' in read) return wrong(read.fault.scimType, read.fault.detail);
        const done = patched(await resourceOf(call, user), read.operations, userSchema);
        if ('fault' in done) return wrong(done.fault.scimType, done.fault.detail);
        const asked = askedUser(done.resource, user);
        return 'fault' in asked ? asked : unlessStale(() => change(call, user, asked));
      }),
  },
  {
    method: 'DELETE',
    path: '/Users/:id',
    act: 'switch-account',
    run: (call) => withUser(call, (user) => unlessStale(() => takeAway(call, user))),
  },
];

const noResource = wrong('invalidSyntax', 'The body is no resource.');

async function withUser(
  call: ScimCall,
  work: (user: User) => Promise<Answer | ScimFault>,
): Promise<Answer | ScimFault> {
  const { id = '' } = call.params;
  const user = await userOf(call, id);
  if (user === undefined) return notFound(id);
  if (isConditional(call)) {
    const refused = refusalOfVersion(call, await resourceOf(call, user));
    if (refused !== undefined) return refused;
  }
  return work(user);
}

/** The account was changed between being read and being held. */
class StaleError extends Error {
  override readonly name = 'StaleError';
}

/** Says whether the account is still as it was read, where one version alone is to be changed. */
function lookFor(call: ScimCall, read: User): AskedChange['look'] {
  if (!isConditional(call)) return undefined;
  const { base } = call;
  const shown = (user: User): string => {
    const groups = user.groups.map((name) => ({ id: name, name }));
    return JSON.stringify(userResource(user, { base, externalId: undefined, groups }));
  };
  return (user) => {
    if (shown(user) !== shown(read)) throw new StaleError();
  };
}

/** Does it; where the account was changed meanwhile, nothing. */
async function unlessStale(work: () => Promise<Answer | ScimFault>): Promise<Answer | ScimFault> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StaleError) return stale;
    throw error;
  }
}

/** By id alone. */
export async function userOf({ parts }: ScimCall, id: string): Promise<User | undefined> {
  return /^[\w-]{1,64}$/.test(id) ? parts.stores.users.find(id) : undefined;
}

/** Accounts as they are answered, with what the directory of the caller calls them. */
async function resourcesOf(call: ScimCall, users: readonly User[]): Promise<readonly Json[]> {
  const { base, parts, actor } = call;
  const ids = users.map(({ id }) => id);
  const externalIds = await parts.stores.provisioning.externalIds(actor.id, ids);
  const names = users.some(({ groups }) => groups.length > 0)
    ? await namesToIds(parts.stores)
    : (name: string) => name;
  return users.map((user) =>
    withVersion(
      userResource(user, {
        base,
        externalId: externalIds.get(user.id),
        groups: user.groups.map((name) => ({ id: names(name), name })),
      }),
    ),
  );
}

async function resourceOf(call: ScimCall, user: User): Promise<Json> {
  const [resource = {}] = await resourcesOf(call, [user]);
  return resource;
}

async function told(call: ScimCall, user: User, status = 200): Promise<Answer | ScimFault> {
  const shown = readShown(call.query, userSchema);
  if ('fault' in shown) return shown;
  const resource = await resourceOf(call, user);
  const location = `${call.base}/Users/${user.id}`;
  return answerWith(call, resource, {
    status,
    body: shown.of(resource),
    ...(status === 201 ? { headers: { location } } : {}),
  });
}

async function add(call: ScimCall): Promise<Answer | ScimFault> {
  const { parts, body, by, actor } = call;
  if (!isJson(body)) return noResource;
  const shown = readShown(call.query, userSchema);
  if ('fault' in shown) return shown;
  const asked = askedUser(canonicalResource(body, userSchema));
  if ('fault' in asked) return asked;
  const { administration, policies } = parts;
  const { organisation } = await policies.current();
  const { externalId } = asked;
  const added = await administration.add(
    {
      userPrincipalName: asked.userName,
      displayName: asked.displayName ?? nameOfParts(body),
      // One that nobody is told: whoever has no password here gets in by a pass, or chooses one by a reset.
      password: asked.password ?? administration.generatePassword(),
      mustChangePassword: true,
      mail: asked.mail,
      otherMail: asked.otherMail,
      mobilePhone: asked.mobilePhone,
      businessPhone: asked.businessPhone,
      preferredLanguage: asked.preferredLanguage,
      accountEnabled: asked.active ?? true,
    },
    { country: organisation.country, by, called: { directory: actor.id, externalId } },
  );
  if (added.kind !== 'added') return refusedName(added);
  return told(call, added.user, 201);
}

function toldOf({ field, reason }: NewUserFault): string {
  return `'${namesOf[field] ?? field}': ${reason}.`;
}

/** Ours, where SCIM has another name for it. */
const namesOf: Readonly<Record<string, string>> = {
  userPrincipalName: 'userName',
  mail: 'emails[type eq "work"]',
  otherMail: 'emails[type eq "other"]',
  mobilePhone: 'phoneNumbers[type eq "mobile"]',
  businessPhone: 'phoneNumbers[type eq "work"]',
  businessPhoneExtension: 'phoneNumbers[type eq "work"]',
};

/** Makes an account what was asked for, by the acts of those in charge. */
async function change(call: ScimCall, user: User, asked: AskedUser): Promise<Answer | ScimFault> {
  const { parts, actor, by } = call;
  const { administration, policies } = parts;
  const shown = readShown(call.query, userSchema);
  if ('fault' in shown) return shown;
  const { active, password, externalId } = asked;
  const names = namesAfter(user, asked);
  const isRenamed = Object.keys(names).length > 0;
  const isSwitched = active !== undefined && active !== user.accountEnabled;
  const isOtherMail = asked.otherMail !== user.otherMail;
  // Before anything is done, so that nothing is done by halves.
  const acts: readonly (readonly [AdminAct, boolean])[] = [
    ['change-contact', true],
    ['switch-account', isSwitched],
    ['set-password', password !== undefined],
    ['change-other-mail', isOtherMail],
    ['rename', isRenamed],
  ];
  const isDenied = acts.some(
    ([act, isAsked]) => isAsked && refusalOf(actor, act, user) !== undefined,
  );
  if (isDenied) return faultFrom(denied);
  const { organisation } = await policies.current();
  const judged = judgeContact(contactOf(asked, isOtherMail), organisation.country);
  if (judged.kind === 'refused') {
    return wrong(
      'invalidValue',
      judged.faults
        .map(({ field, reason }) => `'${namesOf[field] ?? field}': ${reason}.`)
        .join(' '),
    );
  }
  const wanted: AskedChange = {
    names: isRenamed ? names : undefined,
    password: password === undefined ? undefined : { plain: password, temporary: true },
    contact: differentContact(user, judged.contact),
    enabled: isSwitched ? active : undefined,
    called: { directory: actor.id, externalId },
    look: lookFor(call, user),
  };
  let changed = await administration.change(user.id, wanted, by);
  // Who leaves is often given another name in the same breath: it never keeps anybody in.
  if (changed.kind !== 'changed' && isRenamed && active === false) {
    changed = await administration.change(user.id, { ...wanted, names: undefined }, by);
  }
  if (changed.kind !== 'changed') return refusedName(changed);
  return told(call, changed.user);
}

/** The user name and the mailbox, where they are others than before. Nobody is left without one by this. */
function namesAfter(user: User, { userName, mail }: AskedUser): Names {
  const canonical = canonicalUserPrincipalName(user.userPrincipalName);
  return {
    ...(canonicalUserPrincipalName(userName) === canonical ? {} : { userPrincipalName: userName }),
    ...(mail === undefined || mail.toLowerCase() === user.mail?.toLowerCase() ? {} : { mail }),
  };
}

function refusedName(refused: Exclude<Changed | AddedUser, { readonly user: User }>): ScimFault {
  return refused.kind === 'taken'
    ? wrong('uniqueness', 'There is an account of this userName already.')
    : wrong('invalidValue', refused.faults.map(toldOf).join(' '));
}

function contactOf(asked: AskedUser, isOtherMail: boolean): AskedContact {
  return {
    displayName: asked.displayName,
    mobilePhone: asked.mobilePhone ?? '',
    businessPhone: asked.businessPhone ?? '',
    businessPhoneExtension: '',
    ...(isOtherMail ? { otherMail: asked.otherMail ?? '' } : {}),
    preferredLanguage: asked.preferredLanguage ?? '',
  };
}

/**
 * Removes whom the caller's role may remove, and switches everybody else off: whoever left must not get in,
 * and what they proved themselves with is gone by the hand of a global administrator alone (decision 30).
 */
async function takeAway(call: ScimCall, user: User): Promise<Answer | ScimFault> {
  const { parts, actor, by } = call;
  const removes = mayAct(actor.role, 'delete-account');
  const act = removes ? 'delete-account' : 'switch-account';
  if (refusalOf(actor, act, user) !== undefined) return faultFrom(denied);
  const look = lookFor(call, user);
  if (removes) await parts.administration.remove(user.id, by, look);
  else {
    const wanted = { enabled: false, look };
    await parts.administration.change(user.id, wanted, by);
  }
  return { status: 204 };
}

async function list(call: ScimCall, asked: AskedList | ScimFault): Promise<Answer | ScimFault> {
  if ('fault' in asked) return asked;
  const found = await find(call, asked);
  if ('fault' in found) return found;
  const { startIndex } = asked;
  const resources = found.resources.map((resource) => asked.selection.of(resource));
  return { status: 200, body: listBody(resources, { total: found.total, startIndex }) };
}

interface Found {
  readonly resources: readonly Json[];
  readonly total: number;
}

async function find(call: ScimCall, asked: AskedList): Promise<Found | ScimFault> {
  const { users } = call.parts.stores;
  const { filter, startIndex, count } = asked;
  if (filter === undefined) {
    const total = await users.count();
    const before = startIndex === 1 ? '' : await users.nameAt(startIndex - 2);
    if (count === 0 || before === undefined) return { resources: [], total };
    const page = await users.search({ text: '', after: before, limit: count });
    return { resources: await resourcesOf(call, page), total };
  }
  const isFitting = (resource: Json): boolean => fits(filter, resource, isExact);
  const named = await namedBy(call, filter);
  if (named !== undefined) {
    const all = (await resourcesOf(call, named)).filter(isFitting);
    return { resources: pageOf(all, asked), total: all.length };
  }
  const resources: Json[] = [];
  const limit = 500;
  let total = 0;
  let after: string | undefined;
  for (let lookedAt = 0; ; lookedAt += limit) {
    if (lookedAt >= mostLookedAt) return tooManyToLookAt;
    const rows = await users.search({ text: '', ...searchFor(filter), after, limit });
    for (const resource of (await resourcesOf(call, rows)).filter(isFitting)) {
      total += 1;
      if (total >= startIndex && resources.length < count) resources.push(resource);
    }
    const last = rows.at(-1);
    if (rows.length < limit || last === undefined) return { resources, total };
    after = canonicalUserPrincipalName(last.userPrincipalName) ?? last.userPrincipalName;
  }
}

/** A page of what is there as a whole. */
export function pageOf<one>(
  all: readonly one[],
  { startIndex, count }: Pick<AskedList, 'startIndex' | 'count'>,
): readonly one[] {
  return all.slice(startIndex - 1, startIndex - 1 + count);
}

/** Those whom a filter names, where it names them: nobody else is read. */
async function namedBy(call: ScimCall, filter: Filter): Promise<readonly User[] | undefined> {
  const { users, provisioning } = call.parts.stores;
  for (const part of conjuncts(filter)) {
    const address = addressMeant(part);
    if (address !== undefined) {
      const found = await users.list({ anyMail: address, limit: mostOfOneAddress });
      // So many with one address are found by looking.
      if (found.length < mostOfOneAddress) return found;
    }
    const [property, value] = textMeant(part);
    if (value === undefined) continue;
    switch (property) {
      case 'id':
        return present([await userOf(call, value)]);
      case 'userName': {
        const name = canonicalUserPrincipalName(value);
        return present([name === null ? undefined : await users.findByName(name)]);
      }
      case 'externalId': {
        const ids = await provisioning.idsOf(call.actor.id, value);
        return present(await Promise.all(ids.map((id) => users.find(id))));
      }
      default:
        break;
    }
  }
  return undefined;
}

/** The mail address that one of somebody's must be; it is compared in the database as ASCII alone. */
function addressMeant(part: Filter): string | undefined {
  if (part.kind !== 'any' || part.path.join('.') !== 'emails') return undefined;
  for (const inner of conjuncts(part.part)) {
    const [property, address] = textMeant(inner);
    const isPlain = address !== undefined && /^[\x21-\x7e]+$/.test(address);
    if (property === `${each}.value` && isPlain) return address;
  }
  return undefined;
}

const mostOfOneAddress = 500;

/** The property that must be one text, and that. */
export function textMeant(part: Filter): readonly [property: string, text: string | undefined] {
  if (part.kind !== 'compare' || part.by !== 'eq' || typeof part.value !== 'string') {
    return ['', undefined];
  }
  return [part.path.join('.'), part.value];
}

function present(found: readonly (User | undefined)[]): readonly User[] {
  return found.filter((user) => user !== undefined);
}

/** A search that finds everybody whom the filter fits, and perhaps more. */
function searchFor(filter: Filter): Partial<Pick<UserSearch, 'text' | 'switchedOff'>> {
  let search: Partial<Pick<UserSearch, 'text' | 'switchedOff'>> = {};
  for (const part of conjuncts(filter)) {
    if (part.kind !== 'compare' && part.kind !== 'text') continue;
    const property = part.path.join('.');
    const isBeginning = part.kind === 'compare' ? part.by === 'eq' : part.test === 'startswith';
    const { value } = part;
    if (isBeginning && typeof value === 'string') {
      // Found by whoever begins like this in any way of writing it: more people, never fewer.
      const isName = property === 'displayName' || property === 'name.formatted';
      const isFound =
        (isName && searchName(value) !== '') ||
        (property === 'userName' && /^[\u0021-\u007e]+$/.test(value));
      if (isFound) search = { ...search, text: value };
    }
    if (part.kind === 'compare' && part.by === 'eq' && property === 'active' && value === false) {
      search = { ...search, switchedOff: true };
    }
  }
  return search;
}

/**
 * Owns who finds what. An LDAP client looks people and groups up, within limits; a person finds their
 * own entry and nothing else; a stranger learns what this server can. Where a filter says whom it
 * means (by `uid`, `mail`, name), an index is asked; else people are walked through, page by page.
 */
import type { UserStore } from '../../accounts/user-store.ts';
import type { Account } from '../../accounts/user.ts';
import { normalText } from '../../lib/ldap/dn.ts';
import { evaluate, indexedValues, type Filter, type ValueOf } from '../../lib/ldap/filter.ts';
import type { CompareRequest, SearchRequest } from '../../lib/ldap/message.ts';
import { resultCodes, type LdapResult } from '../../lib/ldap/result.ts';
import { canonicalUserPrincipalName } from '../../lib/names.ts';
import {
  candidateOf,
  containerEntry,
  groupClasses,
  groupEntry,
  groupIndexes,
  personClasses,
  personEntry,
  personIndexes,
  rootEntry,
  selectionOf,
  type Entry,
} from './entries.ts';
import type { Place, Tree } from './tree.ts';

/** Who asks, as they are now. */
export type Asker =
  | { readonly kind: 'stranger' | 'client' }
  | { readonly kind: 'person'; readonly user: Account };

/** What is asked of. */
export interface Directory {
  readonly users: Pick<UserStore, 'findAccount' | 'list'>;
  readonly tree: Tree;
  /** The organisation's name. */
  readonly organisation: string;
}

/** How far anybody may go (attack ATK-70). */
export const searchLimits = {
  /** Entries in one answer, or on one page. */
  entries: 1000,
  /** Entries looked at for one answer; on a page fewer, since the next page goes on from there. */
  looked: 10_000,
  lookedOnPage: 2000,
  seconds: 15,
} as const;

/** A page that is asked for: so many entries, after where the one before ended. */
export interface Page {
  readonly size: number;
  /** Undefined: the first. */
  readonly after: string | undefined;
}

export interface SearchEnd extends LdapResult {
  /** Where the next page begins; undefined: there is none. */
  readonly next?: string;
}

/** Finds entries; returns how it ended. `isAbandoned` is asked now and then. */
export async function* search(
  directory: Directory,
  asker: Asker,
  request: SearchRequest,
  page: Page | undefined,
  isAbandoned: () => boolean,
): AsyncGenerator<Entry, SearchEnd> {
  const { tree } = directory;
  const place = tree.placeOf(request.base);
  if (place === undefined) return { code: resultCodes.invalidDnSyntax };
  if (place.kind === 'root' && request.scope === 'base') {
    const root = rootEntry(tree);
    if (isMeant(request.filter, root)) yield root;
    return { code: resultCodes.success };
  }
  if (asker.kind === 'stranger') return { code: resultCodes.insufficientAccessRights };
  if (asker.kind === 'person') {
    if (!isOwn(tree, place, asker.user)) return { code: resultCodes.insufficientAccessRights };
    const own = personEntry(tree, asker.user);
    if (covers(place, request) && isMeant(request.filter, own)) yield own;
    return { code: resultCodes.success };
  }

  const most = Math.min(
    page?.size ?? searchLimits.entries,
    request.sizeLimit === 0 ? searchLimits.entries : request.sizeLimit,
    searchLimits.entries,
  );
  const mostLooked = page === undefined ? searchLimits.looked : searchLimits.lookedOnPage;
  const seconds = Math.min(request.timeLimit || searchLimits.seconds, searchLimits.seconds);
  const until = performance.now() + seconds * 1000;
  let found = 0;
  let looked = 0;
  for await (const candidate of candidates(directory, place, request, page?.after)) {
    if (isAbandoned()) return { code: resultCodes.success };
    if (candidate.kind === 'end') return candidate.result;
    if (performance.now() > until) return { code: resultCodes.timeLimitExceeded };
    const { entry, before } = candidate;
    const isOne = entry !== undefined && isMeant(request.filter, entry);
    if ((isOne && found === most) || looked === mostLooked) {
      if (page !== undefined && before !== undefined)
        return { code: resultCodes.success, next: before };
      return isOne && found === most
        ? { code: resultCodes.sizeLimitExceeded }
        : { code: resultCodes.adminLimitExceeded };
    }
    looked += 1;
    if (!isOne) continue;
    found += 1;
    yield entry;
  }
  return { code: resultCodes.success };
}

/** Compares a value: true, false, or why it cannot be told. */
export async function compare(
  directory: Directory,
  asker: Asker,
  request: CompareRequest,
): Promise<LdapResult> {
  const { tree, users } = directory;
  const place = tree.placeOf(request.entry);
  if (place === undefined) return { code: resultCodes.invalidDnSyntax };
  const isAllowed =
    asker.kind === 'client' ||
    (asker.kind === 'person' && place.kind === 'person' && isOwn(tree, place, asker.user));
  if (!isAllowed) return { code: resultCodes.insufficientAccessRights };
  const attribute = request.attribute.toLowerCase();
  const told = (isTrue: boolean): LdapResult => ({
    code: isTrue ? resultCodes.compareTrue : resultCodes.compareFalse,
  });

  // Whether somebody is in a group is asked of the person: nobody needs to be counted for it.
  if (place.kind === 'group' && attribute === 'member') {
    const member = tree.placeOf(request.value.toString('utf8'));
    if (member?.kind !== 'person') return told(false);
    const person = await findPerson(directory, member.name);
    const wanted = normalText(place.name);
    return told(person?.groups.some((group) => normalText(group) === wanted) ?? false);
  }
  if (place.kind !== 'person') return { code: resultCodes.noSuchObject, matchedDn: tree.base };
  const person = await findPerson({ tree, users }, place.name);
  if (person === undefined) return { code: resultCodes.noSuchObject, matchedDn: tree.people };
  const equal: Filter = { kind: 'equal', attribute, value: request.value };
  const candidate = candidateOf(personEntry(tree, person));
  const values = candidate.values(attribute);
  if (values === undefined) return { code: resultCodes.undefinedAttributeType };
  if (values.length === 0) return { code: resultCodes.noSuchAttribute };
  return told(evaluate(equal, candidate) === true);
}

/** What may be meant, and where the one before it stands; or that it ends here. */
type Looked =
  | {
      readonly kind: 'looked';
      /** Undefined: looked at, and nobody's to see. */
      readonly entry: Entry | undefined;
      readonly before: string | undefined;
    }
  | { readonly kind: 'end'; readonly result: LdapResult };

/** Everything below a place that the filter may mean, in one order: containers, people, groups. */
async function* candidates(
  directory: Directory,
  place: Place,
  request: SearchRequest,
  after: string | undefined,
): AsyncGenerator<Looked> {
  const { tree, organisation } = directory;
  const { scope, filter } = request;
  const looked = (entry: Entry): Looked => ({ kind: 'looked', entry, before: undefined });
  switch (place.kind) {
    case 'root':
    case 'client':
      yield { kind: 'end', result: { code: resultCodes.noSuchObject, matchedDn: '' } };
      return;
    case 'nowhere':
      yield { kind: 'end', result: { code: resultCodes.noSuchObject, matchedDn: place.nearest } };
      return;
    case 'person': {
      const person = await findPerson(directory, place.name);
      if (person === undefined) {
        const result = { code: resultCodes.noSuchObject, matchedDn: tree.people };
        yield { kind: 'end', result };
      } else if (scope !== 'one') yield looked(personEntry(tree, person));
      return;
    }
    case 'group': {
      const groups = await groupsOf(directory, undefined, needsMembers(request));
      const wanted = normalText(place.name);
      const one = groups?.find(({ name }) => normalText(name) === wanted);
      if (groups === undefined) {
        yield { kind: 'end', result: { code: resultCodes.adminLimitExceeded } };
      } else if (one === undefined) {
        const result = { code: resultCodes.noSuchObject, matchedDn: tree.groups };
        yield { kind: 'end', result };
      } else if (scope !== 'one') yield looked(groupEntry(tree, one.name, one.members));
      return;
    }
    default: {
      const { kind } = place;
      const isAbove = kind === 'base' && scope !== 'base';
      const containers = [
        ...(scope === 'one' ? [] : [kind]),
        ...(isAbove ? (['people', 'groups'] as const) : []),
      ];
      const past = after === undefined ? 0 : /^c\d$/.test(after) ? Number(after[1]) : 3;
      for (const [index, one] of containers.entries()) {
        if (index < past) continue;
        const entry = containerEntry(tree, one, organisation);
        yield { kind: 'looked', entry, before: `c${index}` };
      }
      if (scope === 'base' || (kind === 'base' && scope === 'one')) return;
      const isPastPeople = after?.startsWith('g') ?? false;
      const afterPerson = after?.startsWith('p') === true ? after.slice(1) : undefined;
      if (kind !== 'groups' && !isPastPeople && mayBePerson(filter))
        yield* people(directory, filter, afterPerson);
      if (kind !== 'people' && mayBeGroup(filter))
        yield* groups(directory, request, isPastPeople ? after?.slice(1) : undefined);
    }
  }
}

const pageLength = 200;

async function* people(
  { users, tree }: Directory,
  filter: Filter,
  after = '',
): AsyncGenerator<Looked> {
  let before = after;
  const looked = (user: Account): Looked => {
    const one: Looked = {
      kind: 'looked',
      entry: user.accountEnabled ? personEntry(tree, user) : undefined,
      before: `p${before}`,
    };
    before = canonicalOf(user);
    return one;
  };
  const named = indexedValues(filter, personIndexes);
  if (named !== undefined) {
    const found = await usersOf({ users, tree }, named);
    for (const user of found) if (canonicalOf(user) > after) yield looked(user);
    return;
  }
  for (;;) {
    const page = await users.list({
      limit: pageLength,
      ...(before === '' ? {} : { after: before }),
    });
    for (const user of page) yield looked(user);
    if (page.length < pageLength) return;
  }
}

async function* groups(
  directory: Directory,
  request: SearchRequest,
  after = '',
): AsyncGenerator<Looked> {
  const { tree } = directory;
  const named = indexedValues(request.filter, groupIndexes);
  const found = await groupsOf(directory, named, needsMembers(request));
  if (found === undefined) {
    yield { kind: 'end', result: { code: resultCodes.adminLimitExceeded } };
    return;
  }
  let before = after;
  for (const { name, members } of found) {
    if (name <= after) continue;
    yield { kind: 'looked', entry: groupEntry(tree, name, members), before: `g${before}` };
    before = name;
  }
}

interface Group {
  readonly name: string;
  readonly members: readonly string[];
}

/**
 * The groups that people are in, by name; undefined where more people would have to be looked at than
 * anybody may ask for. `named`: those of certain members, whose other members nobody asks for.
 */
async function groupsOf(
  { users, tree }: Directory,
  named: readonly ValueOf[] | undefined,
  withMembers: boolean,
): Promise<readonly Group[] | undefined> {
  const members = new Map<string, string[]>();
  const add = (user: Account): void => {
    if (!user.accountEnabled) return;
    const dn = tree.personDn(user.userPrincipalName);
    for (const group of user.groups) members.set(group, [...(members.get(group) ?? []), dn]);
  };
  const isByMember = named?.every(({ attribute }) => attribute === 'member') ?? false;
  if (named !== undefined && isByMember && !withMembers) {
    const asked = await usersOf({ users, tree }, named);
    asked.forEach(add);
  } else {
    let after: string | undefined;
    for (let looked = 0; ; looked += pageLength) {
      if (looked >= searchLimits.looked) return undefined;
      const page = await users.list({
        limit: pageLength,
        ...(after === undefined ? {} : { after }),
      });
      page.forEach(add);
      const last = page.at(-1);
      if (last === undefined || page.length < pageLength) break;
      after = canonicalOf(last);
    }
  }
  return [...members]
    .map(([name, dns]) => ({ name, members: dns }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Who has one of these values, in the order of names, each once. */
async function usersOf(
  directory: Pick<Directory, 'users' | 'tree'>,
  named: readonly ValueOf[],
): Promise<readonly Account[]> {
  const found = new Map<string, Account>();
  for (const { attribute, value } of named) {
    for (const user of await usersBy(directory, attribute, value.toString('utf8')))
      found.set(canonicalOf(user), user);
  }
  return [...found].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, user]) => user);
}

async function usersBy(
  directory: Pick<Directory, 'users' | 'tree'>,
  attribute: string,
  value: string,
): Promise<readonly Account[]> {
  if (attribute === 'mail')
    return directory.users.list({ mail: value.trim(), limit: searchLimits.entries });
  if (attribute === 'member' || attribute === 'entrydn') {
    const place = directory.tree.placeOf(value);
    return place?.kind === 'person' ? listed(await findPerson(directory, place.name)) : [];
  }
  return listed(await findPerson(directory, value));
}

function listed(user: Account | undefined): readonly Account[] {
  return user === undefined ? [] : [user];
}

/** By `uid` or user principal name; nobody whose account is disabled. */
async function findPerson(
  { users, tree }: Pick<Directory, 'users' | 'tree'>,
  uid: string,
): Promise<Account | undefined> {
  const name = canonicalUserPrincipalName(tree.nameOfUid(uid.trim()));
  const user = name === null ? undefined : await users.findAccount(name);
  return user?.accountEnabled === true ? user : undefined;
}

function canonicalOf({ userPrincipalName }: Account): string {
  return canonicalUserPrincipalName(userPrincipalName) ?? userPrincipalName;
}

function isMeant(filter: Filter, entry: Entry): boolean {
  return evaluate(filter, candidateOf(entry)) === true;
}

/** Whether a person may ask at this place: at their own entry, and at what stands above it. */
function isOwn(tree: Tree, place: Place, user: Account): boolean {
  if (place.kind === 'base' || place.kind === 'people') return true;
  return (
    place.kind === 'person' &&
    canonicalUserPrincipalName(tree.nameOfUid(place.name)) === canonicalOf(user)
  );
}

/** Whether a search that begins there reaches a person's entry. */
function covers(place: Place, { scope }: SearchRequest): boolean {
  if (place.kind === 'person') return scope !== 'one';
  return scope === 'subtree' || (place.kind === 'people' && scope === 'one');
}

const peopleOnly: ReadonlySet<string> = new Set(['uid', 'mail', 'userprincipalname']);

function mayBePerson(filter: Filter): boolean {
  return (
    isOfClass(filter, personClasses) && indexedValues(filter, new Set(['member'])) === undefined
  );
}

function mayBeGroup(filter: Filter): boolean {
  return isOfClass(filter, groupClasses) && indexedValues(filter, peopleOnly) === undefined;
}

function isOfClass(filter: Filter, classes: readonly string[]): boolean {
  const wanted = indexedValues(filter, new Set(['objectclass']));
  if (wanted === undefined) return true;
  const own = new Set(classes.map((name) => name.toLowerCase()));
  return wanted.some(({ value }) => own.has(normalText(value.toString('utf8'))));
}

/** Whether the members of groups are to be told. */
function needsMembers({ attributes }: SearchRequest): boolean {
  return selectionOf(attributes).has('member');
}

/** Owns reading the organisation's directory, portion by portion, and looking up what is here of whom it names. */
import type { UpstreamPerson } from '../../accounts/upstream/upstream.ts';
import type { User } from '../../accounts/user.ts';
import { canonicalUserPrincipalName } from '../../lib/names.ts';
import { namesGroup } from '../../policies/naming-groups.ts';
import type { Policy } from '../../policies/policy.ts';
import { readPerson, type Holder, type ReadPerson, type Standing } from './changes.ts';
import { groupAfter } from './groups.ts';
import { createMemberships, type Memberships } from './memberships.ts';
import type { DirectorySyncParts } from './sync-parts.ts';
import type { KnownEntry, KnownGroup } from './sync-store.ts';

/** So many entries, or groups, at a time. */
export const readAtOnce = 200;

/** What could not be read, apart from what could not be written. */
export class ReadingError extends Error {
  override readonly name = 'ReadingError';
}

/** What all that is read is judged by: the organisation as it was when the reading began. */
export interface Reading {
  readonly policy: Policy;
  readonly isNamed: (group: string) => boolean;
}

/** Looks at the organisation as it is now. */
export async function beginReading({ policies }: DirectorySyncParts): Promise<Reading> {
  const policy = await policies.current();
  const named = new Map<string, boolean>();
  return {
    policy,
    isNamed: (group) => {
      const known = named.get(group) ?? namesGroup(policy, group);
      named.set(group, known);
      return known;
    },
  };
}

/** The groups of the directory, and who belongs to them. */
export interface ReadGroups {
  readonly known: readonly KnownGroup[];
  readonly memberships: Memberships;
  /**
   * Whether people keep the groups that they have: the directory names none at all any more, which is more
   * likely a wrong place than the end of all groups, and methods may be decided by them.
   */
  readonly stay: boolean;
}

/** Reads every group, and says what each is here; writes nothing. Throws a `ReadingError`. */
export async function readGroups(
  { stores, source, rules }: DirectorySyncParts,
  { isNamed }: Reading,
  run: number,
): Promise<ReadGroups> {
  const before = new Map((await stores.directorySync.groups()).map((group) => [group.id, group]));
  const names = new Set([...before.values()].map(({ name }) => name));
  const made = new Set((await stores.provisioning.groups()).map(({ name }) => name));
  const memberships = createMemberships();
  const known: KnownGroup[] = [];
  const isLocal = async (name: string): Promise<boolean> =>
    made.has(name) ||
    (await stores.users.searchNames({ text: '', group: name, limit: 1 })).length > 0;
  for await (const portion of portions(source.groups(), readAtOnce)) {
    for (const told of portion) {
      const name = told.name.trim();
      const isNew = before.get(told.id)?.name !== name;
      const here = isNew && !names.has(name) && (await isLocal(name));
      const group = groupAfter(before.get(told.id), told, run, {
        isLocal: () => here,
        isNamed,
        isTaken: (one) => names.has(one),
        links: rules.links,
      });
      if (group.name !== undefined) names.add(group.name);
      known.push(group);
      memberships.add(told, group.name);
    }
  }
  const stay = known.length === 0 && [...before.values()].some(({ name }) => name !== undefined);
  // Not forgotten at the end of it either.
  const kept = stay ? [...before.values()].map((group) => ({ ...group, run })) : known;
  return { known: kept, memberships, stay };
}

/** What is known of somebody here: their account, and their entry as it was read last. */
export interface Known {
  readonly now: Standing;
  readonly user: User | undefined;
  readonly entry: KnownEntry | undefined;
}

/** Somebody who was read, and what is here of them. */
export interface Met {
  readonly person: ReadPerson;
  readonly known: Known;
}

/** Reads entries, and looks up what is here of them. */
export async function meet(
  { stores }: Pick<DirectorySyncParts, 'stores'>,
  { policy, isNamed }: Reading,
  { memberships, stay }: ReadGroups,
  people: readonly UpstreamPerson[],
): Promise<readonly Met[]> {
  const { country } = policy.organisation;
  const ids = people.map(({ id }) => id);
  const entries = await stores.directorySync.entries(ids);
  const persons = people.map((person) => {
    const { telephoneNumber: businessPhone, mobile: mobilePhone } = person;
    const kept = entries.get(person.id)?.brought ?? [];
    const groups = stay ? kept : memberships.of(person);
    const told = { ...person, businessPhone, mobilePhone };
    return readPerson(told, groups, { country, comesFirst: isNamed });
  });
  return lookUp({ stores }, persons);
}

/** Looks up what is here of those who were read. */
export async function lookUp(
  { stores }: Pick<DirectorySyncParts, 'stores'>,
  persons: readonly ReadPerson[],
): Promise<readonly Met[]> {
  const ids = persons.map(({ id }) => id);
  const entries = await stores.directorySync.entries(ids);
  const accounts = await stores.users.idsOfEntries(ids);
  const names = persons.map(({ name }) => canonicalUserPrincipalName(name) ?? '');
  const holders = await stores.users.idsOfNames(names.filter((name) => name !== ''));
  const met: Met[] = [];
  for (const [index, person] of persons.entries()) {
    const accountId = accounts.get(person.id);
    const user = accountId === undefined ? undefined : await stores.users.find(accountId);
    const holderId = holders.get(names[index] ?? '');
    const isOwn = holderId === undefined || holderId === user?.id;
    const other = isOwn ? undefined : await stores.users.find(holderId);
    const holder = holderId === undefined ? undefined : (other ?? user);
    met.push({ person, known: knownOf(entries.get(person.id), user, holder) });
  }
  return met;
}

/** What is known of somebody, of their entry, their account and whoever has their name. */
export function knownOf(
  entry: KnownEntry | undefined,
  user: User | undefined,
  holder: User | undefined,
): Known {
  return {
    entry,
    user,
    now: {
      account: user,
      brought: entry?.brought ?? [],
      holder: holder && holderOf(holder),
    },
  };
}

/** Somebody who has a name, as far as it decides whose account it is. */
export function holderOf({ id, role, upstream, accountEnabled: isOn }: User): Holder {
  return { id, role, isOwned: upstream !== undefined, isOn };
}

/** So many at a time. What goes wrong while they are read is a `ReadingError` with its cause. */
export async function* portions<one>(
  all: AsyncIterable<one>,
  size: number,
): AsyncGenerator<readonly one[]> {
  const iterator = all[Symbol.asyncIterator]();
  let some: one[] = [];
  try {
    for (;;) {
      let next: IteratorResult<one>;
      try {
        next = await iterator.next();
      } catch (cause) {
        throw new ReadingError('the directory was not read to its end', { cause });
      }
      if (next.done === true) break;
      some.push(next.value);
      if (some.length < size) continue;
      yield some;
      some = [];
    }
    if (some.length > 0) yield some;
  } finally {
    await iterator.return?.();
  }
}

/** So many at a time. */
export function* inPortions<one>(all: readonly one[], size: number): Generator<readonly one[]> {
  for (let from = 0; from < all.length; from += size) yield all.slice(from, from + size);
}

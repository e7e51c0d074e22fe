/** Owns what the keeper of accounts promises. */
import type { Account, Block, DefaultMethod, PerUserMfaState, Role, User } from './user.ts';

export interface UserFilter {
  readonly state?: PerUserMfaState;
  /** Those with one of these roles. */
  readonly roles?: readonly Role[];
  /** Those with this mail address, whatever the case. */
  readonly mail?: string;
  /** Those with this mail address or this other one, whatever the case. */
  readonly anyMail?: string;
  readonly limit: number;
  /** The canonical name after which the page begins. */
  readonly after?: string;
}

/** Whom an administrator looks for. Everything that is said holds at once. */
export interface UserSearch {
  /** How any word of their name, or their user name, begins, however it is written; '' is everybody. */
  readonly text: string;
  readonly state?: PerUserMfaState | undefined;
  /** Those whose block is in force at this moment. */
  readonly blockedAt?: Date | undefined;
  /** Those whose account is switched off. */
  readonly switchedOff?: boolean | undefined;
  /** Those who belong to this group. */
  readonly group?: string | undefined;
  /** Those with one of these roles. */
  readonly roles?: readonly Role[] | undefined;
  /** Those who have something of these kinds registered, or nothing of them. */
  readonly registered?: { readonly kinds: readonly string[]; readonly has: boolean } | undefined;
  /** The canonical name after which the page begins. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Somebody who was found, as far as an index and their row tell it without anything being opened. */
export interface FoundUser {
  readonly id: string;
  /** After whom the next page begins. */
  readonly canonicalName: string;
  readonly userPrincipalName: string;
  readonly displayName: string;
  readonly role: Role;
  readonly perUserMfaState: PerUserMfaState;
}

/** A group, and how far it is. */
export interface GroupSize {
  readonly name: string;
  readonly people: number;
  /** How many of them have registered something of the kinds that were asked for. */
  readonly registered: number;
}

/** The fields that a change may touch; absent ones stay, `undefined` clears. */
export type UserChange = {
  readonly [key in keyof Omit<User, 'id' | 'createdAt'>]?: User[key] | undefined;
};

/** Thrown to whoever adds or renames an account and finds the name taken. */
export class NameTakenError extends Error {
  override readonly name = 'NameTakenError';

  constructor(canonicalName: string) {
    super(`There is an account named ${canonicalName} already.`);
  }
}

/** Thrown to whoever gives an account an entry of the directory that another one is. */
export class EntryTakenError extends Error {
  override readonly name = 'EntryTakenError';

  constructor(entryId: string) {
    super(`Another account is the entry ${entryId} of the directory.`);
  }
}

/** An account that the organisation's directory owns. */
export interface UpstreamAccount {
  readonly id: string;
  /** After which the next page begins. */
  readonly entryId: string;
}

export interface UserStore {
  /**
   * Adds; throws a `NameTakenError` when the canonical name is taken, an `EntryTakenError` when another
   * account is that entry of the directory.
   */
  add(user: User): Promise<void>;
  find(id: string): Promise<User | undefined>;
  /** Finds and holds until the caller's transaction ends: one person's steps come one after another. */
  lock(id: string): Promise<User | undefined>;
  /**
   * Whose canonical name it is, and no more: a stranger's question is answered in the same time
   * whether somebody has it or nobody (attack ATK-30).
   */
  idOfName(canonicalName: string): Promise<string | undefined>;
  /** By canonical user principal name (`lib/names`). */
  findByName(canonicalName: string): Promise<User | undefined>;
  /** The same without the password hash: to unseal it takes longer than all else. */
  findAccount(canonicalName: string): Promise<Account | undefined>;
  /** Ordered by canonical name. */
  list(filter: UserFilter): Promise<readonly User[]>;
  /**
   * Ordered by canonical name. Whatever is asked, it reads an index and the rows it gives: among a
   * hundred thousand people a page is there in a fifth of a second (`bench/search-people.ts`).
   */
  search(search: UserSearch): Promise<readonly User[]>;
  /** The same, with less of each: to count and to gather thousands. What is decided looks at them anew. */
  searchNames(search: UserSearch): Promise<readonly FoundUser[]>;
  /** Whose canonical names these are; up to a thousand at once. Who is not there is left out. */
  idsOfNames(canonicalNames: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Which accounts these entries of the directory are, by the entries' ids; up to a thousand at once. */
  idsOfEntries(entryIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** The accounts that the directory owns, ordered by the ids of their entries, from the one after `after` on. */
  upstreamAccounts(after: string | undefined, limit: number): Promise<readonly UpstreamAccount[]>;
  /** Every group that somebody belongs to, ordered by name. */
  groups(kinds: readonly string[]): Promise<readonly GroupSize[]>;
  /**
   * Changes the given fields atomically; false when there is no such user. Throws a `NameTakenError` or an
   * `EntryTakenError` as `add` does.
   */
  change(id: string, change: UserChange): Promise<boolean>;
  /** Moves the state only from `from`: false when it was something else by now. */
  moveState(id: string, from: PerUserMfaState, to: PerUserMfaState): Promise<boolean>;
  setDefaultMethod(id: string, method: DefaultMethod | undefined): Promise<void>;
  setBlock(id: string, block: Block | undefined): Promise<void>;
  /** Removes the account itself; what belongs to it elsewhere is its keepers' business. False when it was gone. */
  remove(id: string): Promise<boolean>;
  count(): Promise<number>;
  /**
   * The canonical name at a place among all, from 0; undefined behind the last. For whoever counts pages
   * instead of going on from one: it reads the index alone.
   */
  nameAt(place: number): Promise<string | undefined>;
}

/** A browser is remembered for so long; its cookie may say otherwise, and is not asked. */
export const knownBrowserMs = 365 * 86_400_000;

/** Remembers browsers that a person signed in with before: each has its own password budget. */
export interface KnownBrowserStore {
  /** `tokenHash` is a keyed hash. Forgets those of this person whose time is over. */
  remember(tokenHash: Buffer, userId: string, now: Date): Promise<void>;
  /** Whether this person signed in with it within `knownBrowserMs`. */
  isKnown(tokenHash: Buffer, userId: string, now: Date): Promise<boolean>;
  forgetAll(userId: string): Promise<void>;
}

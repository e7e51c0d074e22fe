/**
 * Owns what the synchronisation with the organisation's directory keeps: whose turn it is, how far it is,
 * what came of the last one, and what each entry and each group of the directory was when it was read.
 */
import type { BroughtGroupStore } from '../../accounts/upstream/brought-groups.ts';
import type { DirectoryConflict, DirectoryIssue } from './changes.ts';

/** How many of each there were. */
export interface SyncCounts {
  /** Entries that were read. */
  readonly read: number;
  readonly added: number;
  /** Accounts that were made here and are the directory's now. */
  readonly linked: number;
  /** Accounts of which a field, a name or a group is different now. */
  readonly changed: number;
  readonly enabled: number;
  readonly disabled: number;
}

/** Who asked for it, beside the clock. */
export interface AskedSync {
  /** The id of their account, a program, or `command-line`. */
  readonly by: string;
  /** So many may be switched off, since somebody looked at them; undefined: the safety catch decides. */
  readonly confirms: number | undefined;
}

/** How one ended. */
export type SyncEnd =
  | { readonly kind: 'done' }
  /** Everything was done but for switching off `disabling` accounts of `of`: they are too many at once. */
  | { readonly kind: 'held'; readonly disabling: number; readonly of: number }
  /** The directory could not be read to its end: nobody counts as gone. */
  | { readonly kind: 'failed'; readonly reason: string };

export interface FinishedSync {
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly counts: SyncCounts;
  /** Who asked for it; undefined: the clock. */
  readonly by: string | undefined;
  readonly end: SyncEnd;
}

/** Where the synchronisation of the whole installation stands. */
export interface SyncState {
  /** Raised with every change: whoever saves names the one that they read. */
  readonly version: number;
  /** The number of the reading under way, or of the last one. */
  readonly run: number;
  /** Who does it now, as a name that nobody else has; undefined: nobody. */
  readonly holder: string | undefined;
  /** Until when nobody else takes it over. */
  readonly leaseEndsAt: Date | undefined;
  /** When the next one begins. */
  readonly dueAt: Date;
  /** Who asked for the one under way, or the next. */
  readonly asked: AskedSync | undefined;
  /** The one under way. */
  readonly current: { readonly startedAt: Date; readonly counts: SyncCounts } | undefined;
  readonly last: FinishedSync | undefined;
  /** When the directory was last read to its end. */
  readonly succeededAt: Date | undefined;
}

/**
 * Where an entry stands. `in`: its account may be used. `leaving`: it is disabled there, and its account not
 * yet. `out`: both are, or it was switched off here already. `gone`: it was not named any more, and its account
 * is switched off. `none`: it has no account.
 */
export type EntryState = 'in' | 'leaving' | 'out' | 'gone' | 'none';

/** Somebody in the directory, as they were when they were read last. */
export interface KnownEntry {
  /** Never changes. */
  readonly id: string;
  readonly dn: string;
  /** In the form of `lib/names` where it is a name, as it was written where it is none, else the DN. */
  readonly name: string;
  /** The reading that named it last. */
  readonly run: number;
  readonly state: EntryState;
  /** The groups that the directory let them into. */
  readonly brought: readonly string[];
  readonly conflict: DirectoryConflict | undefined;
  readonly issues: readonly DirectoryIssue[];
  /** Of somebody who leaves: the mailbox that they had until it was changed while they left; it is told as well. */
  readonly mailBefore: string | undefined;
}

/**
 * Why a group of the directory is not here by the name that it has there: that is none; or there is one of this
 * name that the directory did not make (`local`), or that another entry is (`taken`); or a policy names it, so
 * that it keeps its old name (`named`).
 */
export type GroupConflict = 'not-a-name' | 'local' | 'taken' | 'named';

/** A group of the directory. */
export interface KnownGroup {
  readonly id: string;
  /** As the directory calls it. */
  readonly told: string;
  /** What people belong to here; undefined where they belong to nothing by it. */
  readonly name: string | undefined;
  readonly run: number;
  readonly conflict: GroupConflict | undefined;
}

/** How many entries are where, seen from a reading that has come to its end. */
export interface EntryTally {
  /** With an account that may be used, also those who leave. */
  readonly in: number;
  /** Whose account is to be switched off: disabled there, or not named by this reading. */
  readonly leaving: number;
}

export interface DirectorySyncStore extends BroughtGroupStore {
  /** Undefined before the first. */
  state(): Promise<SyncState | undefined>;
  /** Writes all of it where its version is still `from`, which is 0 before the first: false where it is not. */
  save(state: Omit<SyncState, 'version'>, from: number): Promise<boolean>;
  /** Up to a thousand at once; who is not known is left out. */
  entries(ids: readonly string[]): Promise<ReadonlyMap<string, KnownEntry>>;
  /** Keeps them in the place of what is known of these; up to a thousand at once. */
  put(entries: readonly KnownEntry[]): Promise<void>;
  /** The one entry of this name that no account is, where there is a conflict of names; undefined for several. */
  inConflict(name: string): Promise<KnownEntry | undefined>;
  /** Those who leave, with those whom this reading did not name, in the order of their ids. */
  leaving(run: number, limit: number): Promise<readonly KnownEntry[]>;
  tally(run: number): Promise<EntryTally>;
  /** Those with a conflict or an issue, ordered by name and id, from behind `after` on. */
  troubled(page: {
    readonly after?: Pick<KnownEntry, 'name' | 'id'> | undefined;
    readonly limit: number;
  }): Promise<readonly KnownEntry[]>;
  /** How many these are. */
  countTroubled(): Promise<number>;
  /** Forgets entries without an account, and groups, that a reading before this one named last. */
  forget(run: number): Promise<void>;
  /** All of them, ordered by what the directory calls them. */
  groups(): Promise<readonly KnownGroup[]>;
  putGroups(groups: readonly KnownGroup[]): Promise<void>;
}

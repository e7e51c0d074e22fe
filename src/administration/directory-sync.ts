/**
 * Owns the synchronisation with the organisation's directory: reads all of it, makes the accounts what it
 * says, and switches off whom it does not let in any more, unless these are too many at once. One node at a time does
 * it, in many small transactions, each of which holds only while it is still its turn; whoever is killed is
 * followed by another, which reads anew: what is right already is left alone.
 */
import type { UpstreamGroup, UpstreamPerson } from '../accounts/upstream/upstream.ts';
import { EntryTakenError, NameTakenError } from '../accounts/user-store.ts';
import type { AdminAct } from '../accounts/administering.ts';
import type { Account, PerUserMfaState, User } from '../accounts/user.ts';
import {
  directoryGroupLinked,
  directorySyncAsked,
  directorySyncFailed,
  directorySyncHeld,
  directorySynchronised,
} from '../audit/directory-events.ts';
import { TweestapError } from '../errors/errors.ts';
import type { Clock } from '../lib/clock.ts';
import { canonicalUserPrincipalName } from '../lib/names.ts';
import type { Random } from '../lib/random.ts';
import type { Signals } from '../lib/signals.ts';
import type { Transact } from '../lib/transact.ts';
import type { Methods } from '../methods/method.ts';
import { namesGroup } from '../policies/naming-groups.ts';
import type { Policies } from '../policies/policies.ts';
import type { Policy } from '../policies/policy.ts';
import type { SigninStores } from '../signin/stores.ts';
import { admit, admitToOrganisation, type By } from './acting-admin.ts';
import {
  addPerson,
  applyChange,
  linkAccount,
  switchOff,
  unlinkAccount,
} from './directory-applying.ts';
import {
  changesFor,
  changesForGone,
  isTooMany,
  readPerson,
  type DirectoryChange,
  type Holder,
  type ReadPerson,
  type SafetyCatch,
  type Standing,
} from './directory-changes.ts';
import { groupAfter } from './directory-groups.ts';
import { createMemberships, type Memberships } from './directory-memberships.ts';
import type {
  DirectorySyncStore,
  EntryState,
  KnownEntry,
  KnownGroup,
  SyncCounts,
  SyncEnd,
  SyncState,
} from './directory-sync-store.ts';
import { inform } from './informing.ts';

/** What the operator decides of it. */
export interface SyncRules {
  /** From the end of one to the beginning of the next; 0: only when somebody asks. */
  readonly minutes: number;
  readonly safetyCatch: SafetyCatch;
  /** Whether accounts and groups that were made here are the directory's once they have the same name. */
  readonly links: boolean;
  /** The state of whoever appears. */
  readonly newState: PerUserMfaState;
}

/** What is read of the directory. */
export interface SyncSource {
  people(): AsyncIterable<UpstreamPerson>;
  groups(): AsyncIterable<UpstreamGroup>;
}

type Stores = SigninStores & { readonly directorySync: DirectorySyncStore };

/** What those who look are told. */
export interface LookedAtSync {
  readonly rules: SyncRules;
  /** Undefined before the first. */
  readonly state: SyncState | undefined;
  readonly isRunning: boolean;
  /** How many accounts the directory owns and lets in. */
  readonly accounts: number;
  /** How many entries something is wrong with. */
  readonly troubled: number;
  /** Groups that are not here by the name that they have there. */
  readonly groupConflicts: readonly KnownGroup[];
}

/** What a synchronisation would do for somebody. */
export interface Planned {
  readonly name: string;
  readonly changes: readonly DirectoryChange[];
}

export interface DirectorySync {
  look(): Promise<LookedAtSync>;
  /** Whom something is wrong with, page after page. */
  troubled: DirectorySyncStore['troubled'];
  /** The one entry of this user name that has no account, since another one has the name. */
  inConflict(userPrincipalName: string): Promise<KnownEntry | undefined>;
  /**
   * Lets the next one begin now; false where one is under way. With `confirms` so many accounts may be
   * switched off by it. Throws as every act of those in charge.
   */
  ask(by: By, options?: { readonly confirms?: number | undefined }): Promise<boolean>;
  /** What it would change, without changing anything. It keeps the ids of all entries while it looks. */
  plan(): AsyncIterable<Planned>;
  /**
   * Gives an account to the entry of its name with this id, which is in conflict with it; false where that is
   * not the one. Throws as every act on a person.
   */
  link(userId: string, entryId: string, by: By): Promise<boolean>;
  /**
   * Takes an account back from the directory; false where it is none of its. It keeps everything but a password,
   * which somebody here has to set. Throws as every act on a person.
   */
  unlink(userId: string, by: By): Promise<boolean>;
  /** Lets a group that was here before be that of this name in the directory; false where there is none. */
  linkGroup(name: string, by: By): Promise<boolean>;
  /**
   * Synchronises where it is due, or was left undone by a node that is gone; false where neither is so. Between
   * two portions `isLeaving` is asked; then another node goes on with it.
   */
  work(options?: { readonly isLeaving?: () => boolean }): Promise<boolean>;
}

/** Told when one was asked for, and when something of one is different. */
export const directorySyncTopic = 'directory-sync';

/** Who acts, in the audit log. */
export const directoryActor = 'directory';

/** Longer than a page of people may take the directory. */
const leaseMs = 120_000;
const readAtOnce = 200;
/** So many people one transaction changes: whoever signs in waits for no more of them. */
const changedAtOnce = 20;
/** After one that failed: sooner than the next would be. */
const retryMs = 5 * 60_000;

const nothingYet: SyncCounts = {
  read: 0,
  added: 0,
  linked: 0,
  changed: 0,
  enabled: 0,
  disabled: 0,
};

/** Thrown where somebody else took over: nothing of what was under way holds. */
class TurnLostError extends Error {
  override readonly name = 'TurnLostError';
}

/** Thrown where this node leaves: the next one may go on at once. */
class LeavingError extends Error {
  override readonly name = 'LeavingError';
}

/** What could not be read, apart from what could not be written. */
class ReadingError extends Error {
  override readonly name = 'ReadingError';
}

export interface DirectorySyncParts {
  readonly stores: Stores;
  readonly transact: Transact<Stores>;
  readonly source: SyncSource;
  readonly rules: SyncRules;
  readonly policies: Policies;
  readonly methods: Methods;
  readonly clock: Clock;
  readonly random: Random;
  readonly signals: Pick<Signals, 'tell'>;
  /** Told why the directory could not be read. */
  readonly report: (error: unknown) => void;
}

/** Makes the service. `stores` are read outside transactions. */
export function createDirectorySync(parts: DirectorySyncParts): DirectorySync {
  const { stores, transact, rules, clock, signals } = parts;

  const look = async (): Promise<LookedAtSync> => {
    const state = await stores.directorySync.state();
    const { in: accounts } = await stores.directorySync.tally(0);
    const groups = await stores.directorySync.groups();
    return {
      rules,
      state,
      isRunning: state !== undefined && isUnderWay(state, clock.now()),
      accounts,
      troubled: await stores.directorySync.countTroubled(),
      groupConflicts: groups.filter(({ conflict }) => conflict !== undefined),
    };
  };

  return {
    look,
    troubled: (page) => stores.directorySync.troubled(page),
    inConflict: (name) => stores.directorySync.inConflict(canonicalUserPrincipalName(name) ?? ''),

    ask: async (by, { confirms } = {}) => {
      const isAsked = await transact(async (held) => {
        const at = clock.now();
        const act = confirms === undefined ? 'synchronise' : 'confirm-synchronisation';
        const who = await admitToOrganisation(parts, held, by, act, at);
        const state = (await held.directorySync.state()) ?? neverBefore(at);
        if (isUnderWay(state, at)) return false;
        const asked = { by: who.actor, confirms };
        const next = { ...state, dueAt: at, asked };
        if (!(await held.directorySync.save(next, state.version))) return false;
        await held.audit.append(directorySyncAsked({ at, ...who, confirms }));
        return true;
      });
      signals.tell(directorySyncTopic);
      return isAsked;
    },

    plan: () => plan(parts),

    link: async (userId, entryId, by) => {
      const isLinked = await transact(async (held) => {
        const user = await held.users.lock(userId);
        if (user === undefined) throw new TweestapError('NOT_FOUND');
        const at = clock.now();
        const name = canonicalUserPrincipalName(user.userPrincipalName) ?? '';
        const entry = await held.directorySync.inConflict(name);
        // Only the one that was shown: by now another may go by this name.
        if (entry?.id !== entryId || user.upstream !== undefined) return false;
        const values = { userPrincipalName: user.userPrincipalName, entry: entry.dn };
        const who = await admit(parts, held, by, 'link-account', user, at, { values });
        await linkAccount(parts, { held, at, who }, user, entry);
        await held.directorySync.put([{ ...entry, state: 'in', conflict: undefined }]);
        await bringForward(held.directorySync, at);
        return true;
      });
      signals.tell(directorySyncTopic);
      return isLinked;
    },

    unlink: (userId, by) =>
      transact(async (held) => {
        const user = await held.users.lock(userId);
        if (user === undefined) throw new TweestapError('NOT_FOUND');
        const { upstream } = user;
        if (upstream === undefined) return false;
        const at = clock.now();
        const values = { userPrincipalName: user.userPrincipalName, entry: '' };
        const who = await admit(parts, held, by, 'link-account', user, at, { values });
        await unlinkAccount(parts, { held, at, who }, user);
        const entry = (await held.directorySync.entries([upstream.id])).get(upstream.id);
        // The next reading says whether the directory still names them, and lists the conflict.
        if (entry !== undefined) {
          await held.directorySync.put([{ ...entry, state: 'none', brought: [] }]);
        }
        return true;
      }),

    linkGroup: async (name, by) => {
      const isLinked = await transact(async (held) => {
        const at = clock.now();
        const who = await admitToOrganisation(parts, held, by, 'confirm-synchronisation', at);
        const group = (await held.directorySync.groups()).find(
          ({ told, conflict }) => told.trim() === name && conflict === 'local',
        );
        if (group === undefined) return false;
        await held.directorySync.putGroups([{ ...group, name, conflict: undefined }]);
        await held.audit.append(directoryGroupLinked({ at, ...who, group: name }));
        await bringForward(held.directorySync, at);
        return true;
      });
      signals.tell(directorySyncTopic);
      return isLinked;
    },

    work: async ({ isLeaving = () => false } = {}) => {
      const turn = await takeTurn(parts);
      if (turn === undefined) return false;
      try {
        await synchronise(parts, turn, isLeaving);
      } catch (error) {
        // Whoever took over does all of it anew.
        if (error instanceof TurnLostError) return false;
        if (!(error instanceof LeavingError)) throw error;
      }
      signals.tell(directorySyncTopic);
      return true;
    },
  };
}

/** Whether a node does it now. One that is gone keeps it until its time is over. */
export function isUnderWay({ holder, leaseEndsAt }: SyncState, now: Date): boolean {
  return holder !== undefined && leaseEndsAt !== undefined && leaseEndsAt > now;
}

function neverBefore(now: Date): SyncState {
  return {
    version: 0,
    run: 0,
    holder: undefined,
    leaseEndsAt: undefined,
    dueAt: now,
    asked: undefined,
    current: undefined,
    last: undefined,
    succeededAt: undefined,
  };
}

/** Lets the next begin now, unless one is under way: its turn would be lost. */
async function bringForward(store: DirectorySyncStore, at: Date): Promise<void> {
  const state = await store.state();
  if (state === undefined || isUnderWay(state, at)) return;
  await store.save({ ...state, dueAt: at }, state.version);
}

/** One synchronisation, for as long as it is this node's. */
interface Turn {
  readonly run: number;
  readonly state: () => SyncState;
  /** What it came to until now. */
  counts(): SyncCounts;
  /** Does some of it in a transaction that only holds while it is our turn; resolves to what it comes to then. */
  within(work: (held: Stores, at: Date) => Promise<SyncCounts>): Promise<void>;
  /** Ends it; the transaction that says so holds only while it is our turn. */
  end(
    end: SyncEnd,
    dueAt: (now: Date) => Date,
    work: (held: Stores, at: Date, before: SyncState) => Promise<void>,
  ): Promise<void>;
  /** Lets another node begin anew at once. */
  leave(): Promise<void>;
}

async function takeTurn(parts: DirectorySyncParts): Promise<Turn | undefined> {
  const { stores, transact, rules, clock, random } = parts;
  const now = clock.now();
  const known = await stores.directorySync.state();
  if (known === undefined && rules.minutes === 0) return undefined;
  const before = known ?? neverBefore(now);
  if (isUnderWay(before, now)) return undefined;
  const isDue = before.dueAt <= now && (rules.minutes > 0 || before.asked !== undefined);
  // Left undone by a node that is gone.
  if (!isDue && before.holder === undefined) return undefined;
  let state: SyncState = {
    ...before,
    version: before.version + 1,
    run: before.run + 1,
    holder: random.token(16),
    leaseEndsAt: new Date(now.getTime() + leaseMs),
    current: { startedAt: before.current?.startedAt ?? now, counts: nothingYet },
  };
  if (!(await stores.directorySync.save(state, before.version))) return undefined;

  const save = async (held: Stores, next: Omit<SyncState, 'version'>): Promise<SyncState> => {
    if (!(await held.directorySync.save(next, state.version))) throw new TurnLostError();
    return { ...next, version: state.version + 1 };
  };
  return {
    run: state.run,
    state: () => state,
    counts: () => state.current?.counts ?? nothingYet,
    within: async (work) => {
      state = await transact(async (held) => {
        const at = clock.now();
        const counts = await work(held, at);
        const current = { startedAt: state.current?.startedAt ?? at, counts };
        const leaseEndsAt = new Date(at.getTime() + leaseMs);
        return save(held, { ...state, leaseEndsAt, current });
      });
    },
    end: async (end, dueAt, work) => {
      state = await transact(async (held) => {
        const at = clock.now();
        const { startedAt = at, counts = nothingYet } = state.current ?? {};
        await work(held, at, state);
        return save(held, {
          ...state,
          holder: undefined,
          leaseEndsAt: undefined,
          dueAt: dueAt(at),
          asked: undefined,
          current: undefined,
          last: { startedAt, finishedAt: at, counts, by: state.asked?.by, end },
          succeededAt: end.kind === 'failed' ? state.succeededAt : at,
        });
      });
    },
    leave: async () => {
      const at = clock.now();
      await stores.directorySync.save(
        { ...state, holder: undefined, leaseEndsAt: undefined, dueAt: at },
        state.version,
      );
    },
  };
}

/** Reads, changes, and then switches off; says at the end what came of it. */
async function synchronise(
  parts: DirectorySyncParts,
  turn: Turn,
  isLeaving: () => boolean,
): Promise<void> {
  const { rules, signals, report } = parts;
  const stayOrLeave = async (): Promise<void> => {
    if (!isLeaving()) return;
    await turn.leave();
    throw new LeavingError();
  };
  const next = (now: Date): Date => new Date(now.getTime() + rules.minutes * 60_000);
  try {
    const reading = await beginReading(parts);
    const groups = await readGroups(parts, reading, turn.run);
    for (const some of inPortions(groups.known, readAtOnce)) {
      await stayOrLeave();
      await turn.within(async (held) => {
        await held.directorySync.putGroups(some);
        return turn.counts();
      });
    }
    for await (const people of portions(parts.source.people(), readAtOnce)) {
      await stayOrLeave();
      await settlePortion(parts, turn, await meet(parts, reading, groups, people));
      signals.tell(directorySyncTopic);
    }
    if (await mayBeGone(parts, turn)) await lookAgain(parts, turn, reading, groups, stayOrLeave);
  } catch (error) {
    if (!(error instanceof ReadingError)) throw error;
    report(error.cause);
    const reason = reasonOf(error.cause);
    const again = (now: Date): Date =>
      rules.minutes === 0
        ? next(now)
        : new Date(Math.min(next(now).getTime(), now.getTime() + retryMs));
    await turn.end({ kind: 'failed', reason }, again, async (held, at, { last, asked }) => {
      // Once for as long as it lasts: every quarter of an hour the same says nothing.
      if (last?.end.kind === 'failed' && asked === undefined) return;
      await held.audit.append(directorySyncFailed({ at, actor: directoryActor, reason }));
    });
    return;
  }
  const { isHeld, ...held_ } = await weigh(parts, turn);
  if (isHeld) {
    await turn.end({ kind: 'held', ...held_ }, next, (held, at, { last, asked }) =>
      tellHeld(parts, held, at, held_, last?.end.kind === 'held' && asked === undefined),
    );
    return;
  }
  await switchOffLeaving(parts, turn, stayOrLeave);
  await turn.end({ kind: 'done' }, next, async (held, at, { current, last, asked }) => {
    await held.directorySync.forget(turn.run);
    const counts = current?.counts ?? nothingYet;
    const { read: _, ...changes } = counts;
    const isNews = asked !== undefined || last?.end.kind !== 'done';
    const isChange = Object.values(changes).some((count) => count > 0);
    if (!isNews && !isChange) return;
    await held.audit.append(directorySynchronised({ at, actor: directoryActor, ...counts }));
  });
}

/** How many would be switched off now, and whether these are too many. */
async function weigh(
  { stores, rules }: DirectorySyncParts,
  turn: Turn,
): Promise<{ readonly disabling: number; readonly of: number; readonly isHeld: boolean }> {
  const { in: of, leaving: disabling } = await stores.directorySync.tally(turn.run);
  const confirmed = turn.state().asked?.confirms ?? 0;
  const isNobody = turn.counts().read === 0 && disabling > 0;
  const isHeld = disabling > confirmed && (isNobody || isTooMany(disabling, of, rules.safetyCatch));
  return { disabling, of, isHeld };
}

/** Whether somebody was not named, and would be switched off for it. */
async function mayBeGone(parts: DirectorySyncParts, turn: Turn): Promise<boolean> {
  const { isHeld, disabling } = await weigh(parts, turn);
  if (isHeld) return false;
  const { leaving: disabled } = await parts.stores.directorySync.tally(0);
  return disabling > disabled;
}

/**
 * Looks once more for whoever was not named: a directory is read page by page, and who is moved within it
 * meanwhile may stand on none of them.
 */
async function lookAgain(
  parts: DirectorySyncParts,
  turn: Turn,
  reading: Reading,
  groups: ReadGroups,
  stayOrLeave: () => Promise<void>,
): Promise<void> {
  for await (const people of portions(parts.source.people(), readAtOnce)) {
    await stayOrLeave();
    const entries = await parts.stores.directorySync.entries(people.map(({ id }) => id));
    const missed = people.filter(({ id }) => (entries.get(id)?.run ?? turn.run) < turn.run);
    await settlePortion(parts, turn, await meet(parts, reading, groups, missed));
  }
}

/** What all that is read is judged by: the organisation as it was when the reading began. */
interface Reading {
  readonly policy: Policy;
  readonly isNamed: (group: string) => boolean;
}

async function beginReading({ policies }: DirectorySyncParts): Promise<Reading> {
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

interface ReadGroups {
  readonly known: readonly KnownGroup[];
  readonly memberships: Memberships;
  /**
   * Whether people keep the groups that they have: the directory names none at all any more, which is more
   * likely a wrong place than the end of all groups, and methods may be decided by them.
   */
  readonly stay: boolean;
}

async function readGroups(
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

/** Whoever is read together: those of whom something changes in small transactions, the others in one. */
async function settlePortion(
  parts: DirectorySyncParts,
  turn: Turn,
  people: readonly Met[],
): Promise<void> {
  const same: KnownEntry[] = [];
  const different: { readonly person: ReadPerson; readonly key: string }[] = [];
  for (const { person, known } of people) {
    const changes = changesFor(known.now, person, parts.rules);
    const acts = changes.filter(isAct);
    if (acts.length === 0) same.push(entryAfter(person, turn.run, known.now, changes));
    else different.push({ person, key: known.now.account?.id ?? known.now.holder?.id ?? '' });
  }
  await turn.within(async (held) => {
    await held.directorySync.put(same);
    return { ...turn.counts(), read: turn.counts().read + same.length };
  });
  // In one order of the accounts, so that nobody waits for whoever waits for them.
  const inOrder = different.toSorted((one, other) => (one.key < other.key ? -1 : 1));
  for (const some of inPortions(inOrder, changedAtOnce)) {
    const all = some.map(({ person }) => person);
    try {
      await settle(parts, turn, all);
    } catch (error) {
      if (!isTaken(error)) throw error;
      // Somebody took a name, or an entry, just now: each by themselves, so that only one of them waits for the next time.
      for (const person of all) await settleAlone(parts, turn, person);
    }
  }
}

async function settleAlone(
  parts: DirectorySyncParts,
  turn: Turn,
  person: ReadPerson,
): Promise<void> {
  try {
    await settle(parts, turn, [person]);
  } catch (error) {
    if (!isTaken(error)) throw error;
    // They were read nevertheless: nobody is gone for want of a name.
    await turn.within(async (held) => {
      const entry = (await held.directorySync.entries([person.id])).get(person.id);
      if (entry !== undefined) await held.directorySync.put([{ ...entry, run: turn.run }]);
      return { ...turn.counts(), read: turn.counts().read + 1 };
    });
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof NameTakenError || error instanceof EntryTakenError;
}

/** Whether it is done at once: conflicts and those who leave are only written down. */
function isAct({ kind }: DirectoryChange): boolean {
  return kind !== 'conflict' && kind !== 'disable';
}

/** What is known of somebody here: their account, and their entry as it was read last. */
interface Known {
  readonly now: Standing;
  readonly user: User | undefined;
  readonly entry: KnownEntry | undefined;
}

/** Somebody who was read, and what is here of them. */
interface Met {
  readonly person: ReadPerson;
  readonly known: Known;
}

/** Reads entries, and looks up what is here of them. */
async function meet(
  { stores }: Pick<DirectorySyncParts, 'stores'>,
  { policy, isNamed }: Reading,
  { memberships, stay }: ReadGroups,
  people: readonly UpstreamPerson[],
): Promise<readonly Met[]> {
  const { country } = policy.organisation;
  const ids = people.map(({ id }) => id);
  const entries = await stores.directorySync.entries(ids);
  const accounts = await stores.users.idsOfEntries(ids);
  const persons = people.map((person) => {
    const { telephoneNumber: businessPhone, mobile: mobilePhone } = person;
    const kept = entries.get(person.id)?.brought ?? [];
    const groups = stay ? kept : memberships.of(person);
    const told = { ...person, businessPhone, mobilePhone };
    return readPerson(told, groups, { country, comesFirst: isNamed });
  });
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

function knownOf(
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

function holderOf({ id, role, upstream, accountEnabled: isOn }: User): Holder {
  return { id, role, isOwned: upstream !== undefined, isOn };
}

/** Makes the accounts of these what the directory says, each looked at anew while they are held. */
async function settle(
  parts: DirectorySyncParts,
  turn: Turn,
  people: readonly ReadPerson[],
): Promise<void> {
  await turn.within(async (held, at) => {
    let counts = turn.counts();
    const entries: KnownEntry[] = [];
    for (const person of people) {
      const { entry, done } = await settlePerson(parts, { held, at }, turn.run, person);
      entries.push(entry);
      counts = {
        ...counts,
        read: counts.read + 1,
        added: counts.added + Number(done.has('added')),
        linked: counts.linked + Number(done.has('linked')),
        changed: counts.changed + Number(done.has('changed')),
        enabled: counts.enabled + Number(done.has('enabled')),
      };
    }
    await held.directorySync.put(entries);
    return counts;
  });
}

type Deed = 'added' | 'linked' | 'changed' | 'enabled';

async function settlePerson(
  parts: DirectorySyncParts,
  { held, at }: { readonly held: Stores; readonly at: Date },
  run: number,
  person: ReadPerson,
): Promise<{ readonly entry: KnownEntry; readonly done: ReadonlySet<Deed> }> {
  const { rules } = parts;
  const done = new Set<Deed>();
  const known = await lockKnown(held, person);
  let { now, user } = known;
  let changes = changesFor(now, person, rules);
  for (const first of changes) {
    if (first.kind === 'add') {
      const who = await admitToOrganisation(parts, held, directoryActor, 'add-people', at);
      user = await addPerson(parts, { held, at, who }, person, rules.newState);
      done.add('added');
      now = { ...now, account: user, brought: person.groups, holder: holderOf(user) };
    } else if (first.kind === 'link') {
      const local = await held.users.lock(first.userId);
      if (local === undefined) continue;
      const who = await admit(parts, held, directoryActor, 'link-account', local, at);
      user = await linkAccount(parts, { held, at, who }, local, person);
      done.add('linked');
      now = { ...now, account: user, holder: holderOf(user) };
    }
  }
  if (done.size > 0) changes = changesFor(now, person, rules);
  for (const change of changes) {
    if (user === undefined) break;
    if (change.kind === 'add' || change.kind === 'link') continue;
    if (change.kind === 'conflict' || change.kind === 'disable') continue;
    const who = await admit(parts, held, directoryActor, actOf[change.kind], user, at);
    user = await applyChange(parts, { held, at, who }, user, person, change);
    if (change.kind !== 'move') done.add(change.kind === 'enable' ? 'enabled' : 'changed');
  }
  const after = { ...now, account: user };
  return { entry: entryAfter(person, run, after, changes), done };
}

/** The act that stands behind each change. */
const actOf = {
  move: 'rename',
  rename: 'rename',
  change: 'change-contact',
  groups: 'change-groups',
  enable: 'switch-account',
} as const satisfies Readonly<Record<string, AdminAct>>;

async function lockKnown(held: Stores, person: ReadPerson): Promise<Known> {
  const entries = await held.directorySync.entries([person.id]);
  const accountId = (await held.users.idsOfEntries([person.id])).get(person.id);
  const user = accountId === undefined ? undefined : await held.users.lock(accountId);
  const name = canonicalUserPrincipalName(person.name);
  const found = name === null ? undefined : await held.users.findByName(name);
  // Who may be taken over is held before they are judged: they may just now get a role, or another name.
  const locked =
    user === undefined && found !== undefined ? await held.users.lock(found.id) : found;
  const isStill =
    locked !== undefined && canonicalUserPrincipalName(locked.userPrincipalName) === name;
  return knownOf(entries.get(person.id), user, isStill ? locked : undefined);
}

/** The entry as it is to be known from now on. `after` is what was done, `changes` what had been to do. */
function entryAfter(
  person: ReadPerson,
  run: number,
  { account, brought }: Standing,
  changes: readonly DirectoryChange[],
): KnownEntry {
  const joined = changes.flatMap((change) => (change.kind === 'groups' ? change.join : []));
  const conflict = changes.find((change) => change.kind === 'conflict');
  return {
    id: person.id,
    dn: person.dn,
    name: canonicalUserPrincipalName(person.name) ?? (person.name === '' ? person.dn : person.name),
    run,
    state: stateOf(person, account, changes),
    brought: [...new Set([...brought.filter((name) => person.groups.includes(name)), ...joined])],
    conflict: conflict?.reason,
    issues: person.issues,
  };
}

function stateOf(
  person: ReadPerson,
  account: Account | undefined,
  changes: readonly DirectoryChange[],
): EntryState {
  if (account === undefined) return 'none';
  if (person.enabled) return 'in';
  return changes.some(({ kind }) => kind === 'disable') ? 'leaving' : 'out';
}

/** Switches off everybody who leaves, and says of each whether they are disabled there, or not there. */
async function switchOffLeaving(
  parts: DirectorySyncParts,
  turn: Turn,
  stayOrLeave: () => Promise<void>,
): Promise<void> {
  const { stores } = parts;
  for (;;) {
    const leaving = await stores.directorySync.leaving(turn.run, changedAtOnce);
    if (leaving.length === 0) return;
    await stayOrLeave();
    await turn.within(async (held, at) => {
      let { disabled } = turn.counts();
      const accounts = await held.users.idsOfEntries(leaving.map(({ id }) => id));
      const inOrder = leaving.toSorted((one, other) =>
        (accounts.get(one.id) ?? '') < (accounts.get(other.id) ?? '') ? -1 : 1,
      );
      const after: KnownEntry[] = [];
      for (const entry of inOrder) {
        const isGone = entry.run < turn.run;
        const accountId = accounts.get(entry.id);
        const user = accountId === undefined ? undefined : await held.users.lock(accountId);
        const isOn = user?.accountEnabled === true;
        if (isOn) {
          const who = await admit(parts, held, directoryActor, 'switch-account', user, at);
          await switchOff(parts, { held, at, who }, user, isGone ? 'gone' : 'disabled');
          disabled += 1;
        }
        after.push(
          isGone
            ? { ...entry, state: 'gone', conflict: undefined, issues: [] }
            : { ...entry, state: 'out' },
        );
      }
      await held.directorySync.put(after);
      return { ...turn.counts(), disabled };
    });
  }
}

/** Tells those who own the organisation, unless they were told already and nobody asked again. */
async function tellHeld(
  parts: DirectorySyncParts,
  held: Stores,
  at: Date,
  { disabling, of }: { readonly disabling: number; readonly of: number },
  isKnown: boolean,
): Promise<void> {
  if (isKnown) return;
  await held.audit.append(directorySyncHeld({ at, actor: directoryActor, disabling, of }));
  const owners = await held.users.search({ text: '', roles: ['global-admin'], limit: 50 });
  for (const owner of owners.filter(({ accountEnabled }) => accountEnabled)) {
    await inform(parts, held, owner, at, 'directoryHeld', `${disabling} / ${of}`);
  }
}

/** Goes through everything and tells what it would come to. */
async function* plan(parts: DirectorySyncParts): AsyncGenerator<Planned> {
  const { stores, source, rules } = parts;
  const run = ((await stores.directorySync.state())?.run ?? 0) + 1;
  const reading = await beginReading(parts);
  const groups = await readGroups(parts, reading, run);
  const seen = new Set<string>();
  for await (const people of portions(source.people(), readAtOnce)) {
    for (const { person, known } of await meet(parts, reading, groups, people)) {
      seen.add(person.id);
      const changes = changesFor(known.now, person, rules);
      const name = person.name === '' ? person.dn : person.name;
      if (changes.length > 0) yield { name, changes };
    }
  }
  let after: string | undefined;
  for (;;) {
    const page = await stores.users.upstreamAccounts(after, readAtOnce);
    for (const { id, entryId } of page) {
      const user = seen.has(entryId) ? undefined : await stores.users.find(id);
      const changes = user === undefined ? [] : changesForGone(user);
      if (user !== undefined && changes.length > 0) yield { name: user.userPrincipalName, changes };
    }
    after = page.at(-1)?.entryId;
    if (after === undefined || page.length < readAtOnce) return;
  }
}

/** What an operator reads: a word of ours, and what the directory said, which names nobody. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof TweestapError)) return 'failed';
  const { reason } = cause.details;
  return typeof reason === 'string' ? reason.slice(0, 200) : cause.code;
}

/** So many at a time. What goes wrong while they are read is a `ReadingError` with its cause. */
async function* portions<one>(
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

function* inPortions<one>(all: readonly one[], size: number): Generator<readonly one[]> {
  for (let from = 0; from < all.length; from += size) yield all.slice(from, from + size);
}

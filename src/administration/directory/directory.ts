/**
 * Owns the synchronisation with the organisation's directory: reads all of it, makes the accounts what it
 * says, and switches off whom it does not let in any more, unless these are too many at once. One node at a time does
 * it, in many small transactions, each of which holds only while it is still its turn; whoever is killed is
 * followed by another, which reads anew: what is right already is left alone.
 */
import {
  directoryGroupLinked,
  directorySyncAsked,
  directorySyncFailed,
  directorySyncHeld,
  directorySynchronised,
} from '../../audit/directory-events.ts';
import { TweestapError } from '../../errors/errors.ts';
import { canonicalUserPrincipalName } from '../../lib/names.ts';
import { admit, admitToOrganisation, type By } from '../acting-admin.ts';
import { linkAccount, switchOff, unlinkAccount } from './applying.ts';
import {
  changesFor,
  changesForGone,
  isTooMany,
  waits,
  type DirectoryChange,
  type ReadPerson,
} from './changes.ts';
import { inTurn, settleExchanges } from './exchanging.ts';
import {
  beginReading,
  inPortions,
  meet,
  portions,
  readAtOnce,
  readGroups,
  ReadingError,
  type ReadGroups,
  type Met,
  type Reading,
} from './reading.ts';
import { changedAtOnce, settlePortion } from './settling.ts';
import {
  directoryActor,
  type DirectorySyncParts,
  type SyncRules,
  type SyncStores,
} from './sync-parts.ts';
import type { DirectorySyncStore, KnownEntry, KnownGroup, SyncState } from './sync-store.ts';
import {
  bringForward,
  isUnderWay,
  neverBefore,
  nothingYet,
  takeTurn,
  TurnLostError,
  type Turn,
} from './turn.ts';
import { inform } from '../informing.ts';

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
  /** When the directory was last read to its end; undefined: never. */
  readAt(): Promise<Date | undefined>;
  /** What its groups are called here. */
  ownGroups(): Promise<ReadonlySet<string>>;
  /** Whom something is wrong with, page after page. */
  troubled: DirectorySyncStore['troubled'];
  /** How many these are. */
  countTroubled: DirectorySyncStore['countTroubled'];
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

/** After one that failed: sooner than the next would be. */
const retryMs = 5 * 60_000;

/** Thrown where this node leaves: the next one may go on at once. */
class LeavingError extends Error {
  override readonly name = 'LeavingError';
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
    readAt: async () => (await stores.directorySync.state())?.succeededAt,
    ownGroups: async () => {
      const groups = await stores.directorySync.groups();
      return new Set(groups.flatMap(({ name }) => (name === undefined ? [] : [name])));
    },
    troubled: (page) => stores.directorySync.troubled(page),
    countTroubled: () => stores.directorySync.countTroubled(),
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
    const waiting: ReadPerson[] = [];
    for await (const people of portions(parts.source.people(), readAtOnce)) {
      await stayOrLeave();
      await settlePortion(parts, turn, await meet(parts, reading, groups, people), waiting);
      signals.tell(directorySyncTopic);
    }
    if (await mayBeGone(parts, turn)) {
      await lookAgain(parts, turn, { reading, groups, waiting }, stayOrLeave);
    }
    await settleExchanges(parts, turn, waiting, stayOrLeave);
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
  const { isHeld, ...counted } = await weigh(parts, turn);
  if (isHeld) {
    await turn.end({ kind: 'held', ...counted }, next, (held, at, { last, asked }) =>
      tellHeld(parts, held, at, counted, last?.end.kind === 'held' && asked === undefined),
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
  {
    reading,
    groups,
    waiting,
  }: {
    readonly reading: Reading;
    readonly groups: ReadGroups;
    readonly waiting: ReadPerson[];
  },
  stayOrLeave: () => Promise<void>,
): Promise<void> {
  for await (const people of portions(parts.source.people(), readAtOnce)) {
    await stayOrLeave();
    const entries = await parts.stores.directorySync.entries(people.map(({ id }) => id));
    const missed = people.filter(({ id }) => (entries.get(id)?.run ?? turn.run) < turn.run);
    await settlePortion(parts, turn, await meet(parts, reading, groups, missed), waiting);
  }
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
          const { mailBefore } = entry;
          const why = isGone ? 'gone' : 'disabled';
          await switchOff(parts, { held, at, who }, user, { why, mailBefore });
          disabled += 1;
        }
        after.push(
          isGone
            ? { ...entry, state: 'gone', conflict: undefined, issues: [], mailBefore: undefined }
            : { ...entry, state: 'out', mailBefore: undefined },
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
  held: SyncStores,
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
  const waiting: Met[] = [];
  /** The names that somebody lets go. */
  const free = new Set<string>();
  for await (const people of portions(source.people(), readAtOnce)) {
    for (const met of await meet(parts, reading, groups, people)) {
      const { person, known } = met;
      seen.add(person.id);
      const changes = changesFor(known.now, person, rules);
      const rename = changes.find(({ kind }) => kind === 'rename');
      if (rename !== undefined) free.add(canonical(known.now.account?.userPrincipalName));
      if (waits(changes)) waiting.push(met);
      else if (changes.length > 0) yield { name: nameOf(person), changes };
    }
  }
  for (const together of inTurn(waiting)) {
    for (const { person, known } of together) {
      const isFree = free.delete(canonical(person.name)) || together.length > 1;
      const now = isFree ? { ...known.now, holder: undefined } : known.now;
      if (isFree && together.length === 1)
        free.add(canonical(known.now.account?.userPrincipalName));
      yield { name: nameOf(person), changes: changesFor(now, person, rules) };
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

function nameOf({ name, dn }: ReadPerson): string {
  return name === '' ? dn : name;
}

function canonical(name: string | undefined): string {
  return canonicalUserPrincipalName(name ?? '') ?? '';
}

/** What an operator reads: what the directory, or the way to it, said; it holds no password and names nobody. */
function reasonOf(error: unknown): string {
  if (!(error instanceof TweestapError)) return 'failed';
  const { reason } = error.details;
  const said = error.cause instanceof Error ? error.cause.message : error.code;
  // It may come from the directory itself, and is shown on terminals.
  return (typeof reason === 'string' ? reason : said).replaceAll(/\p{C}/gu, ' ').slice(0, 200);
}

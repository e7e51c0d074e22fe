/**
 * Owns one synchronisation, once it is this node's turn: reads all of the directory, makes the accounts what it says,
 * and switches off whom it does not let in any more, unless these are too many at once.
 */
import {
  directorySyncFailed,
  directorySyncHeld,
  directorySynchronised,
} from '../../audit/directory-events.ts';
import { TweestapError } from '../../errors/errors.ts';
import { reachableInCharge } from '../../signin/in-charge.ts';
import { admit } from '../acting-admin.ts';
import { inform } from '../informing.ts';
import { switchOff } from './applying.ts';
import { isTooMany, type ReadPerson } from './changes.ts';
import { settleExchanges } from './exchanging.ts';
import {
  beginReading,
  inPortions,
  meet,
  portions,
  readAtOnce,
  readGroups,
  ReadingError,
  type ReadGroups,
  type Reading,
} from './reading.ts';
import { changedAtOnce, settlePortion } from './settling.ts';
import {
  directoryActor,
  directorySyncTopic,
  type DirectorySyncParts,
  type SyncStores,
} from './sync-parts.ts';
import type { KnownEntry } from './sync-store.ts';
import { nothingYet, type Turn } from './turn.ts';

/** After one that failed: sooner than the next would be. */
const retryMs = 5 * 60_000;

/** Thrown where this node leaves: the next one may go on at once. */
export class LeavingError extends Error {
  override readonly name = 'LeavingError';
}

/** Reads, changes, and then switches off; says at the end what came of it. Throws a `LeavingError` where this node leaves. */
export async function synchronise(
  parts: DirectorySyncParts,
  turn: Turn,
  isLeaving: () => boolean,
): Promise<void> {
  const stayOrLeave = async (): Promise<void> => {
    if (!isLeaving()) return;
    await turn.leave();
    throw new LeavingError();
  };
  try {
    await readAndChange(parts, turn, stayOrLeave);
  } catch (error) {
    if (!(error instanceof ReadingError)) throw error;
    await endUnread(parts, turn, error.cause);
    return;
  }
  const next = (now: Date): Date => later(now, parts.rules.minutes * 60_000);
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

/** Goes through groups and people, and makes these what the directory says, but for whom it does not let in. */
async function readAndChange(
  parts: DirectorySyncParts,
  turn: Turn,
  stayOrLeave: () => Promise<void>,
): Promise<void> {
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
    parts.signals.tell(directorySyncTopic);
  }
  if (await mayBeGone(parts, turn)) {
    await lookAgain(parts, turn, { reading, groups, waiting }, stayOrLeave);
  }
  await settleExchanges(parts, turn, waiting, stayOrLeave);
}

/** Ends one that did not come to the end of the directory: nobody counts as gone. */
async function endUnread(
  { rules, report }: DirectorySyncParts,
  turn: Turn,
  cause: unknown,
): Promise<void> {
  report(cause);
  const reason = reasonOf(cause);
  const nextMs = rules.minutes * 60_000;
  const again = (now: Date): Date => later(now, Math.min(nextMs, retryMs));
  await turn.end({ kind: 'failed', reason }, again, async (held, at, { last, asked }) => {
    // Once for as long as it lasts: every quarter of an hour the same says nothing.
    if (last?.end.kind === 'failed' && asked === undefined) return;
    await held.audit.append(directorySyncFailed({ at, actor: directoryActor, reason }));
  });
}

function later(now: Date, ms: number): Date {
  return new Date(now.getTime() + ms);
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
  for (const owner of await reachableInCharge({ stores: held, now: at }, ['global-admin'])) {
    await inform(parts, held, owner, at, 'directoryHeld', `${disabling} / ${of}`);
  }
}

/** What an operator reads: what the directory, or the way to it, said; it holds no password and names nobody. */
function reasonOf(error: unknown): string {
  if (!(error instanceof TweestapError)) return 'failed';
  const { reason } = error.details;
  const said = error.cause instanceof Error ? error.cause.message : error.code;
  // It may come from the directory itself, and is shown on terminals.
  return (typeof reason === 'string' ? reason : said).replaceAll(/\p{C}/gu, ' ').slice(0, 200);
}

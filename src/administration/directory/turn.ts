/**
 * Owns whose turn it is to synchronise with the organisation's directory: one row, changed by compare-and-set in
 * each transaction that is done under it. A node that was too slow finds another version, and has done nothing.
 */
import type { DirectorySyncParts, SyncStores } from './sync-parts.ts';
import type { DirectorySyncStore, SyncCounts, SyncEnd, SyncState } from './sync-store.ts';

/** Longer than a page of people may take the directory. */
const leaseMs = 120_000;

/** What it comes to before anything was read. */
export const nothingYet: SyncCounts = {
  read: 0,
  added: 0,
  linked: 0,
  changed: 0,
  enabled: 0,
  disabled: 0,
};

/** Thrown where somebody else took over: nothing of what was under way holds. */
export class TurnLostError extends Error {
  override readonly name = 'TurnLostError';
}

/** Whether a node does it now. One that is gone keeps it until its time is over. */
export function isUnderWay({ holder, leaseEndsAt }: SyncState, now: Date): boolean {
  return holder !== undefined && leaseEndsAt !== undefined && leaseEndsAt > now;
}

/** Where it stands before the first. */
export function neverBefore(now: Date): SyncState {
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
export async function bringForward(store: DirectorySyncStore, at: Date): Promise<void> {
  const state = await store.state();
  if (state === undefined || isUnderWay(state, at)) return;
  await store.save({ ...state, dueAt: at }, state.version);
}

/** One synchronisation, for as long as it is this node's. */
export interface Turn {
  readonly run: number;
  readonly state: () => SyncState;
  /** What it came to until now. */
  counts(): SyncCounts;
  /** Does some of it in a transaction that only holds while it is our turn; resolves to what it comes to then. */
  within(work: (held: SyncStores, at: Date) => Promise<SyncCounts>): Promise<void>;
  /** Ends it; the transaction that says so holds only while it is our turn. */
  end(
    end: SyncEnd,
    dueAt: (now: Date) => Date,
    work: (held: SyncStores, at: Date, before: SyncState) => Promise<void>,
  ): Promise<void>;
  /** Lets another node begin anew at once. */
  leave(): Promise<void>;
}

/** Takes the turn where one is due, or was left undone by a node that is gone; undefined where neither is so. */
export async function takeTurn(parts: DirectorySyncParts): Promise<Turn | undefined> {
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

  const save = async (held: SyncStores, next: Omit<SyncState, 'version'>): Promise<SyncState> => {
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

/**
 * Owns whether the directory answers. While it does not, nobody waits for it: it is asked from here, again and
 * again, and whoever brings a password is told at once. And how long it takes to say no, so that a name of
 * which it was never asked is refused no sooner (attack ATK-30).
 */
import { setTimeout as sleep } from 'node:timers/promises';

import { randomBelow, type Random } from '../../lib/random.ts';
import type { UpstreamEntry } from '../user.ts';
import type {
  PasswordChange,
  PasswordFinding,
  Unavailable,
  UpstreamDirectory,
} from './upstream.ts';

/** A directory that is watched; people and groups are read from the directory itself. */
export interface WatchedUpstream {
  /** As the directory's own; at once `unavailable` while it does not answer. */
  check(entry: UpstreamEntry, password: string): Promise<PasswordFinding>;
  changePassword(entry: UpstreamEntry, password: string): Promise<PasswordChange>;
  /**
   * For a password that it is not asked about: takes as long as one of the latest that it found wrong, and
   * says `unavailable` where it would.
   */
  pretend(): Promise<'wrong' | 'unavailable'>;
  /** Undefined while it answers. */
  fault(): Error | undefined;
  stop(): void;
}

/** How often it is asked by itself: while it answers, and while it does not. */
export interface WatchPatience {
  /** Default 30 seconds: sooner than a connection is given up. */
  readonly everyMs?: number;
  /** Default 2 seconds. */
  readonly againMs?: number;
}

/** So many of the latest refusals are remembered by how long they took: few, so that old ones are soon forgotten. */
const mostTimes = 16;

/** Watches from now on; `tell` hears when it stops answering (with the reason), and when it is back. */
export function watchUpstream(
  directory: UpstreamDirectory,
  random: Random,
  tell: (fault: Error | undefined) => void,
  { everyMs = 30_000, againMs = 2_000 }: WatchPatience = {},
): WatchedUpstream {
  const times: number[] = [];
  let fault: Error | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isAsking = false;
  let isStopped = false;

  const is = (now: Error | undefined): void => {
    const changed = (now === undefined) !== (fault === undefined);
    fault = now;
    if (changed && !isStopped) tell(now);
  };

  const ask = async (): Promise<void> => {
    if (isAsking || isStopped) return;
    isAsking = true;
    clearTimeout(timer);
    try {
      await directory.probe();
      is(undefined);
    } catch (error) {
      is(error instanceof Error ? error : new Error('no answer', { cause: error }));
    }
    isAsking = false;
    if (isStopped) return;
    timer = setTimeout(() => void ask(), fault === undefined ? everyMs : againMs).unref();
  };
  void ask();

  /** One answer that did not come may be one connection; whether it is the directory is asked at once. */
  const heard = <finding extends { readonly kind: string }>(
    finding: finding | Unavailable,
  ): finding | Unavailable => {
    if ('cause' in finding && finding.kind === 'unavailable') {
      is(finding.cause);
      void ask();
    }
    return finding;
  };

  return {
    check: async (entry, password) => {
      if (fault !== undefined) return { kind: 'unavailable', cause: fault };
      const from = performance.now();
      const finding = heard(await directory.check(entry, password));
      if (finding.kind === 'wrong') {
        times.push(performance.now() - from);
        if (times.length > mostTimes) times.shift();
      }
      return finding;
    },
    changePassword: async (entry, password) => {
      if (fault !== undefined) return { kind: 'unavailable', cause: fault };
      return heard(await directory.changePassword(entry, password));
    },
    pretend: async () => {
      if (fault !== undefined) return 'unavailable';
      const time = times.length === 0 ? undefined : times[randomBelow(random, times.length)];
      if (time !== undefined) await sleep(time);
      return fault === undefined ? 'wrong' : 'unavailable';
    },
    fault: () => fault,
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
      directory.close();
    },
  };
}

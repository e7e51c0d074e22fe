/**
 * Waiting for another process (a command, a backup) that writes to the same file.
 */
import { setTimeout as sleep } from 'node:timers/promises';

/** Runs synchronous work, again and again while the database is locked by another process. */
export type Retry = <result>(work: () => result) => Promise<result>;

/**
 * Tries for so many seconds, then throws what the last try threw. The pauses are taken here, not
 * inside SQLite, whose own wait would stop everything else in this process.
 */
export function retrying(seconds: number): Retry {
  const again = async <result>(work: () => result, first: unknown): Promise<result> => {
    const until = performance.now() + seconds * 1000;
    let error = first;
    for (let pause = 2; ; pause = Math.min(pause * 2, 50)) {
      if (!isBusy(error) || performance.now() > until) throw error;
      await sleep(pause);
      try {
        return work();
      } catch (next) {
        error = next;
      }
    }
  };
  return (work) => {
    // Nearly always this is all of it.
    try {
      return Promise.resolve(work());
    } catch (error) {
      return again(work, error);
    }
  };
}

const sqliteBusy = 5;

function isBusy(error: unknown): boolean {
  // The low byte is the kind of error, the others say more about it.
  return (
    error instanceof Error &&
    'errcode' in error &&
    typeof error.errcode === 'number' &&
    (error.errcode & 255) === sqliteBusy
  );
}

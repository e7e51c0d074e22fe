/** Owns what counters promise: raising is atomic over every door and every node. */
import type { CounterRecord } from './throttle.ts';

export interface ThrottleStore {
  /**
   * Reads the record for `key` under a lock, stores what `change` makes of it, and resolves to the
   * result: two callers never see the same record. Undefined means: never raised. By itself, outside of
   * a transaction, it does not wait for the disk: nobody who guesses can cut the power, too.
   */
  update<result>(
    key: string,
    change: (record: CounterRecord | undefined) => { record: CounterRecord; result: result },
  ): Promise<result>;
  /**
   * Reads the record under a lock that the transaction keeps, for `put`: where only what comes of looking
   * at an answer says whether it counts. What was never raised is locked as well.
   */
  lock(key: string): Promise<CounterRecord | undefined>;
  /** Keeps this record, in the transaction that locked it. */
  put(key: string, record: CounterRecord): Promise<void>;
  /** A look without a lock; for showing, never for deciding. */
  peek(key: string): Promise<CounterRecord | undefined>;
  clear(key: string): Promise<void>;
  /** Drops records whose last use is before `before` (ms since 1970). */
  forget(before: Date): Promise<number>;
}

/** Owns what the keeper of attempts promises. */
import type { Attempt } from './attempt.ts';

export interface AttemptStore {
  add(attempt: Attempt): Promise<void>;
  /** May be a moment old; for showing. */
  find(id: string): Promise<Attempt | undefined>;
  /**
   * The newest, held by the caller's transaction until it ends: answers come one after another.
   * `seen`, found before, is given back where it is the newest still: that spares opening it again.
   */
  lock(id: string, seen?: Attempt): Promise<Attempt | undefined>;
  /** Saves as version + 1; throws `ATTEMPT_CHANGED` when the stored version is not `attempt.version`. */
  save(attempt: Attempt): Promise<void>;
  /** The attempts of a person that ask one of their apps, or did last. */
  listAsking(userId: string): Promise<readonly Attempt[]>;
  /** The attempt whose draft a device finds by this (`Draft.pairing`). */
  findPairing(pairing: string): Promise<Attempt | undefined>;
  /** Every attempt of a person that is not finished. */
  listOpen(userId: string): Promise<readonly Attempt[]>;
  /** Ends one. */
  remove(id: string): Promise<void>;
  /** Ends every open attempt of a person, but for `except`. */
  removeAll(userId: string, except?: string): Promise<number>;
  removeExpired(now: Date): Promise<number>;
}

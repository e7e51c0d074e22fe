/** Owns what a migration is: one forward step of the tables. */
import type { Kysely } from 'kysely';

/** A hash that only this installation can make. */
export type KeyedHash = (purpose: string, value: string) => Uint8Array;

/** The databases we speak to. */
export type Engine = 'sqlite' | 'postgresql';

export interface Migration {
  /** Its file's name; its place in the order. Never changed once released. */
  readonly name: string;
  /**
   * Runs in a transaction with all others that are pending. `keyedHash` is under the installation's
   * key, for rows that carry one.
   */
  readonly up: (database: Kysely<unknown>, engine: Engine, keyedHash: KeyedHash) => Promise<void>;
}

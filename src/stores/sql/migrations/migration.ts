/** Owns what a migration is: one forward step of the tables. */
import type { Kysely } from 'kysely';

/** The databases we speak to. */
export type Engine = 'sqlite' | 'postgresql';

export interface Migration {
  /** Its file's name; its place in the order. Never changed once released. */
  readonly name: string;
  /** Runs in a transaction with all others that are pending. */
  readonly up: (database: Kysely<unknown>, engine: Engine) => Promise<void>;
}

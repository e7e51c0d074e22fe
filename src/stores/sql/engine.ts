/** Owns what a database engine has to do for us; `sqlite.ts` and `postgresql.ts` do it. */
import type { Kysely } from 'kysely';

import type { Relay } from '../../lib/signals.ts';
import type { Execute, TransactionConnection } from './connection.ts';
import type { Dialect } from './dialects.ts';
import type { Schema } from './schema.ts';

/** An open database. Where it cannot answer, it throws `STORE_UNAVAILABLE`. */
export interface OpenEngine {
  readonly dialect: Dialect;
  /** Builds statements in the words of this engine; never runs one. */
  readonly build: Kysely<Schema>;
  /** Runs one statement outside of any transaction. */
  readonly execute: Execute;
  /** The same without waiting for the disk, where the engine can tell the two apart. */
  readonly executeHastily?: Execute;
  /**
   * Runs `work` in a transaction of its own: what it resolves to is durable by then; `hasty`: committed,
   * and on its way to the disk.
   */
  transact<result>(
    work: (connection: TransactionConnection) => Promise<result>,
    hasty?: boolean,
  ): Promise<result>;
  /** Runs changes of the schema in one transaction, however long they take. */
  changeSchema<result>(work: (database: Kysely<unknown>) => Promise<result>): Promise<result>;
  /** Carries signals to the other nodes on this database, where there can be any. */
  readonly relay?: Relay;
  close(): Promise<void>;
}

/** Owns the embedded database: one file, one writer at a time, durable at every commit. */
import { Kysely } from 'kysely';

import { createSqliteDialect } from '../../lib/sqlite/sqlite.ts';
import { transactionOver, type Execute } from './connection.ts';
import { faultOf, sqlite } from './dialects.ts';
import type { OpenEngine } from './engine.ts';
import type { Schema } from './schema.ts';

export interface SqliteOptions {
  readonly file: string;
  /** `OFF` gives durability away; for tests. */
  readonly synchronous: 'FULL' | 'OFF';
}

/** Opens the file, which need not exist yet. */
export function openSqlite(options: SqliteOptions): OpenEngine {
  const database = new Kysely<unknown>({ dialect: createSqliteDialect(options) });
  const executeOn =
    (connection: Kysely<unknown>): Execute =>
    async (query) => {
      try {
        const { rows, numAffectedRows } = await connection.executeQuery(query);
        return { rows, changed: Number(numAffectedRows ?? 0) };
      } catch (error) {
        throw faultOf(sqlite, error);
      }
    };
  const together = createMeeting();

  return {
    dialect: sqlite,
    build: database.withTables<Schema>(),
    execute: executeOn(database),
    transact: async (work) => {
      await together();
      try {
        return await database.transaction().execute(async (running) => {
          const { connection, end } = transactionOver(executeOn(running));
          try {
            return await work(connection);
          } finally {
            end();
          }
        });
      } catch (error) {
        throw faultOf(sqlite, error);
      }
    },
    changeSchema: (work) => database.transaction().execute(work),
    close: () => database.destroy(),
  };
}

/**
 * Lets all who come in the same turn of the event loop go on at once. A transaction on SQLite never
 * waits for anything outside, so alone each would be over before the next request is even read;
 * together they share one flush to the disk.
 */
function createMeeting(): () => Promise<void> {
  let next: Promise<void> | undefined;
  return () => {
    next ??= new Promise((go) => {
      setImmediate(() => {
        next = undefined;
        go();
      });
    });
    return next;
  };
}

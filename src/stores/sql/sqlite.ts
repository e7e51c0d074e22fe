/**
 * Owns the embedded database: one file, one writer at a time, durable at every commit. Kysely only
 * writes the statements; running them through it would cost more than SQLite takes for them.
 */
import { Kysely, type CompiledQuery } from 'kysely';

import type { StatementResult } from '../../lib/sqlite/connection.ts';
import { openSqliteDatabase, type SqliteDatabase } from '../../lib/sqlite/database.ts';
import { onlyReads } from '../../lib/sqlite/driver.ts';
import { sqliteDialectOver } from '../../lib/sqlite/sqlite.ts';
import { transactionOver, type Execute, type TransactionConnection } from './connection.ts';
import { faultOf, sqlite } from './dialects.ts';
import type { OpenEngine } from './engine.ts';
import type { Schema } from './schema.ts';

export interface SqliteOptions {
  readonly file: string;
  /** `OFF` gives durability away; for tests. */
  readonly synchronous: 'FULL' | 'OFF';
  /** Keeps every other process out while it is open; `STORE_UNAVAILABLE` where one is in. Default false. */
  readonly isAlone?: boolean;
  /** How long to wait for another process, in seconds. Default 10. */
  readonly busySeconds?: number;
}

/** Opens the file, which need not exist yet. */
export async function openSqlite(options: SqliteOptions): Promise<OpenEngine> {
  const database = await openSqliteDatabase(options).catch((error: unknown) => {
    throw faultOf(sqlite, error);
  });
  const kysely = new Kysely<unknown>({ dialect: sqliteDialectOver(async () => database) });
  const together = createMeeting();

  return {
    dialect: sqlite,
    build: kysely.withTables<Schema>(),
    execute: told((query) =>
      onlyReads(query)
        ? database.read(query.sql, query.parameters)
        : database.write(query.sql, query.parameters),
    ),
    executeHastily: told((query) => database.writeHastily(query.sql, query.parameters)),
    transact: async (work, hasty) => {
      await together();
      try {
        return await transactOn(database, work, hasty);
      } catch (error) {
        throw faultOf(sqlite, error);
      }
    },
    changeSchema: (work) => kysely.transaction().execute(work),
    close: () => database.close(),
  };
}

async function transactOn<result>(
  database: SqliteDatabase,
  work: (connection: TransactionConnection) => Promise<result>,
  hasty: boolean | undefined,
): Promise<result> {
  const turn = await database.begin();
  const { connection, end } = transactionOver(
    told((query) => turn.run(query.sql, query.parameters)),
  );
  let result: result;
  try {
    result = await work(connection);
  } catch (error) {
    end();
    await turn.rollback();
    throw error;
  }
  end();
  await turn.commit(hasty);
  return result;
}

/** Tells in our words what came of a statement. */
function told(
  run: (query: CompiledQuery<unknown>) => StatementResult | Promise<StatementResult>,
): Execute {
  return async (query) => {
    try {
      const { rows, changes } = await run(query);
      return { rows: typed(query, rows), changed: Number(changes ?? rows.length) };
    } catch (error) {
      throw faultOf(sqlite, error);
    }
  };
}

// Of what type the rows are, the statement knows; this is where its word is taken for it.
function typed<row>(query: CompiledQuery<row>, rows: readonly unknown[]): readonly row[];
function typed(_query: unknown, rows: readonly unknown[]): readonly unknown[] {
  return rows;
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

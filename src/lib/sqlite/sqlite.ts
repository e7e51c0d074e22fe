/**
 * Owns SQLite as Kysely sees it: a dialect over Node's own `node:sqlite`, without an add-on to build.
 */
import { SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, type Dialect } from 'kysely';

import { openSqliteDatabase, type SqliteDatabase, type SqliteOptions } from './database.ts';
import { createSqliteDriver } from './driver.ts';

/**
 * The dialect for `new Kysely({ dialect })`.
 *
 * Promises: transactions begin IMMEDIATE and run one after the other in the order in which they
 * came; whoever awaits a commit has it on the disk; a throw undoes the transaction and nothing else;
 * reads outside a transaction see what is committed, on the disk or on its way there, and never wait
 * (in memory they take their turn).
 * Integers beyond 2^53 come as `bigint`, blobs as `Buffer`. Dates and booleans are refused: the
 * caller says how they are kept. Inside a transaction use only the transaction: whoever waits there
 * for another write waits forever.
 */
export function createSqliteDialect(options: SqliteOptions): Dialect {
  return sqliteDialectOver(() => openSqliteDatabase(options));
}

/** The same for a database that somebody opens: at the first statement, and not before. */
export function sqliteDialectOver(open: () => Promise<SqliteDatabase>): Dialect {
  return {
    createDriver: () => createSqliteDriver(open),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createAdapter: () => new TransactionalSqliteAdapter(),
    createIntrospector: (database) => new SqliteIntrospector(database),
  };
}

// SQLite can change its schema inside a transaction, so a migration happens wholly or not at all.
class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

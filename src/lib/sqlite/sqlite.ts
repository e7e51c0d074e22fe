/**
 * Owns SQLite as Kysely sees it: a dialect over Node's own `node:sqlite`, without an add-on to build.
 */
import { SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, type Dialect } from 'kysely';

import { createSqliteDriver } from './driver.ts';

export interface SqliteDialectOptions {
  /** Path of the database file; `:memory:` for one that lives as long as the process. */
  readonly file: string;
  /** `FULL` (default): a commit survives a power cut. `OFF`: for tests and samples. */
  readonly synchronous?: 'FULL' | 'OFF';
  /** How long to try, in seconds, while another process writes. Default 10. */
  readonly busySeconds?: number;
}

/**
 * The dialect for `new Kysely({ dialect })`.
 *
 * Promises: transactions begin IMMEDIATE and run one after the other in the order in which they
 * came; whoever awaits a commit has it on the disk; a throw undoes the transaction and nothing else;
 * reads outside a transaction see what is committed and never wait (in memory they take their turn).
 * Integers beyond 2^53 come as `bigint`, blobs as `Buffer`. Dates and booleans are refused: the
 * caller says how they are kept. Inside a transaction use only the transaction: whoever waits there
 * for another write waits forever.
 */
export function createSqliteDialect({
  file,
  synchronous = 'FULL',
  busySeconds = 10,
}: SqliteDialectOptions): Dialect {
  return {
    createDriver: () => createSqliteDriver({ file, synchronous, busySeconds }),
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

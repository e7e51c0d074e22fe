/** Owns what a store sees of a database: statements go in, rows come out. */
import type { CompiledQuery } from 'kysely';

import type { AuditEvent } from '../../audit/audit-event.ts';

/** One transaction, or the database outside of any: then each statement is a transaction of its own. */
export interface Connection {
  /** The rows that a statement gives. */
  rows<row>(query: CompiledQuery<row>): Promise<readonly row[]>;
  /** The first of them; undefined when there is none. */
  first<row>(query: CompiledQuery<row>): Promise<row | undefined>;
  /** How many rows a statement added, changed or removed. */
  change(query: CompiledQuery<unknown>): Promise<number>;
  /**
   * The same for what nobody misses after a power cut, outside of a transaction: an attempt that was
   * just opened, the time of a use. Nobody waits for the disk then, where the engine can do without.
   */
  changeHastily(query: CompiledQuery<unknown>): Promise<number>;
  /**
   * Runs `work` in this transaction, or in a new one outside of any. `hasty`: that new one does not wait
   * for the disk, as `changeHastily`.
   */
  transact<result>(
    work: (connection: TransactionConnection) => Promise<result>,
    options?: { readonly hasty?: boolean },
  ): Promise<result>;
}

/** A connection inside a transaction. */
export interface TransactionConnection extends Connection {
  /**
   * Events to append to the audit log right before the commit: only then is the end of the chain
   * locked, so that transactions wait for one another as briefly as can be.
   */
  readonly events: AuditEvent[];
}

/** Whether it is one transaction, and so sees nobody else change what it has locked. */
export function isTransaction(connection: Connection): connection is TransactionConnection {
  return 'events' in connection;
}

/** How an engine runs a statement; what `connectionOver` makes a connection of. */
export type Execute = <row>(
  query: CompiledQuery<row>,
) => Promise<{ readonly rows: readonly row[]; readonly changed: number }>;

/** The statements of a connection, over the way its engine runs them. */
export function statementsOver(
  execute: Execute,
  executeHastily: Execute = execute,
): Pick<Connection, 'rows' | 'first' | 'change' | 'changeHastily'> {
  return {
    rows: async (query) => (await execute(query)).rows,
    first: async (query) => (await execute(query)).rows[0],
    change: async (query) => (await execute(query)).changed,
    changeHastily: async (query) => (await executeHastily(query)).changed,
  };
}

/**
 * A transaction's connection, and the way to end its use: a statement that comes later, from work
 * that was not awaited, is refused instead of reaching somebody else's transaction.
 */
export function transactionOver(execute: Execute): {
  readonly connection: TransactionConnection;
  readonly end: () => void;
} {
  let over = false;
  const connection: TransactionConnection = {
    ...statementsOver((query) => {
      if (over)
        return Promise.reject(new Error('This transaction is over; was a promise not awaited?'));
      return execute(query);
    }),
    events: [],
    transact: (work) => work(connection),
  };
  return {
    connection,
    end: () => {
      over = true;
    },
  };
}

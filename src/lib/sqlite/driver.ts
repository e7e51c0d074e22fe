/**
 * Who may use the database when. One writer, one after the other in the order in which they came;
 * reads outside a transaction go to a connection of their own and never wait for it.
 *
 * Transactions that wait for one another share one commit: while others wait, one that is finished
 * hands the writer on, and the last of the group makes all of them durable with a single flush to
 * the disk. Each is told of its success only then; one that rolls back undoes only itself.
 */
import { setTimeout as sleep } from 'node:timers/promises';

import {
  SelectQueryNode,
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type QueryResult,
} from 'kysely';

import { createGate } from '../fifo.ts';
import { openConnection, type SqliteConnection, type StatementResult } from './connection.ts';

export interface DriverOptions {
  readonly file: string;
  readonly synchronous: 'FULL' | 'OFF';
  /** How long to try while another process writes. */
  readonly busySeconds: number;
}

/** The driver that `createSqliteDialect` gives to Kysely. */
export function createSqliteDriver(options: DriverOptions): Driver {
  let open: Open | undefined;
  const sessions = new WeakMap<DatabaseConnection, Session>();
  const opened = (): Open => {
    if (open === undefined) throw new Error('The database is not open.');
    return open;
  };
  const sessionOf = (connection: DatabaseConnection): Session => {
    const session = sessions.get(connection);
    if (session === undefined) throw new Error('This connection is not of this driver.');
    return session;
  };

  return {
    init: async () => {
      open = await openDatabase(options);
    },
    acquireConnection: () => {
      const session = createSession(opened());
      sessions.set(session.connection, session);
      return Promise.resolve(session.connection);
    },
    beginTransaction: (connection) => sessionOf(connection).begin(),
    commitTransaction: (connection) => sessionOf(connection).commit(),
    rollbackTransaction: (connection) => sessionOf(connection).rollback(),
    savepoint: (connection, name) => sessionOf(connection).exec(`SAVEPOINT ${quoted(name)}`),
    rollbackToSavepoint: (connection, name) =>
      sessionOf(connection).exec(`ROLLBACK TO ${quoted(name)}`),
    releaseSavepoint: (connection, name) => sessionOf(connection).exec(`RELEASE ${quoted(name)}`),
    releaseConnection: () => Promise.resolve(),
    destroy: async () => {
      await open?.close();
      open = undefined;
    },
  };
}

interface Open {
  readonly writer: Writer;
  /** Absent in memory, where two connections would be two databases. */
  readonly reader: SqliteConnection | undefined;
  read(sql: string, parameters: readonly unknown[]): Promise<StatementResult>;
  close(): Promise<void>;
}

async function openDatabase({ file, synchronous, busySeconds }: DriverOptions): Promise<Open> {
  const retry = retrying(busySeconds);
  const connection = await retry(() => openConnection({ file, synchronous, role: 'writer' }));
  const reader =
    file === ':memory:'
      ? undefined
      : await retry(() => openConnection({ file, synchronous, role: 'reader' }));
  const writer = createWriter(connection, retry, () => reader?.forgetStatements());
  return {
    writer,
    reader,
    read: (sql, parameters) =>
      reader === undefined
        ? writer.alone(sql, parameters)
        : retry(() => reader.run(sql, parameters)),
    close: async () => {
      await writer.close();
      reader?.close();
      connection.close();
    },
  };
}

interface Session {
  readonly connection: DatabaseConnection;
  begin(): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  exec(sql: string): Promise<void>;
}

// What Kysely holds from acquiring to releasing. It costs nothing until it is used.
function createSession({ writer, reader, read }: Open): Session {
  let turn: Turn | undefined;

  const run = (query: CompiledQuery): Promise<StatementResult> => {
    const { sql, parameters } = query;
    if (turn !== undefined) return promised(turn, (mine) => mine.run(sql, parameters));
    return onlyReads(query) ? read(sql, parameters) : writer.alone(sql, parameters);
  };

  return {
    connection: {
      executeQuery: async (query) => toQueryResult(query, await run(query)),
      async *streamQuery(query) {
        const { sql, parameters } = query;
        if (!onlyReads(query)) throw new Error('Only reading can be streamed.');
        if (turn === undefined && reader !== undefined) {
          for (const row of reader.stream(sql, parameters)) yield { rows: asTyped([row]) };
        } else {
          // On the writer somebody else may come between two rows, so all are read at once.
          for (const row of (await run(query)).rows) yield { rows: asTyped([row]) };
        }
      },
    },
    begin: async () => {
      turn = await writer.begin();
    },
    commit: async () => {
      const mine = turn;
      turn = undefined;
      await mine?.commit();
    },
    // Kysely rolls back after a commit that failed as well; then there is nothing left to undo.
    rollback: async () => {
      const mine = turn;
      turn = undefined;
      await mine?.rollback();
    },
    exec: async (sql) => {
      if (turn === undefined) throw new Error('A savepoint stands inside a transaction.');
      turn.exec(sql);
    },
  };
}

/** The writer as one transaction sees it. */
interface Turn {
  run(sql: string, parameters: readonly unknown[]): StatementResult;
  exec(sql: string): void;
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

interface Writer {
  /** Waits for its turn and opens a transaction. */
  begin(): Promise<Turn>;
  /** Waits for its turn and runs one statement, which is a transaction of its own. */
  alone(sql: string, parameters: readonly unknown[]): Promise<StatementResult>;
  /** Waits for all who came before. */
  close(): Promise<void>;
}

interface Member {
  readonly done: () => void;
  readonly failed: (reason: unknown) => void;
}

// A group ends when nobody waits, and at the latest after this many members or this long: the first
// of them waits for the last.
const mostMembers = 64;
const longestMilliseconds = 10;

function createWriter(
  connection: SqliteConnection,
  retry: Retry,
  onSchemaChange: () => void,
): Writer {
  const gate = createGate();
  // Those who are finished and wait for the shared commit.
  let group: Member[] = [];
  let groupSince = 0;

  const openGroup = async (): Promise<void> => {
    if (connection.isInTransaction) return;
    await retry(() => connection.exec('BEGIN IMMEDIATE'));
    groupSince = performance.now();
  };

  const closeGroup = (): void => {
    const members = group;
    group = [];
    try {
      if (connection.isInTransaction) connection.exec('COMMIT');
    } catch (error) {
      abandon();
      members.forEach(({ failed }) => failed(error));
      throw error;
    }
    members.forEach(({ done }) => done());
  };

  const abandon = (): void => {
    if (connection.isInTransaction) connection.exec('ROLLBACK');
  };

  // SQLite gave up the whole transaction by itself (disk full, out of memory): what the earlier
  // members had done is gone with it, and they have not been told of a success yet.
  const failGroup = (reason: unknown): void => {
    const members = group;
    group = [];
    abandon();
    members.forEach(({ failed }) => failed(reason));
  };

  const othersMayJoin = (): boolean =>
    gate.waiting > 0 &&
    group.length < mostMembers &&
    performance.now() - groupSince < longestMilliseconds;

  // The end of one member: either the last, which commits for all, or one that waits for the last.
  const finish = (leave: () => void): Promise<void> => {
    if (othersMayJoin()) {
      return new Promise((done, failed) => {
        group.push({ done, failed });
        leave();
      });
    }
    try {
      closeGroup();
      return Promise.resolve();
    } finally {
      leave();
    }
  };

  const begin = async (): Promise<Turn> => {
    const leave = await gate.enter();
    try {
      await openGroup();
      connection.exec('SAVEPOINT group_member');
    } catch (error) {
      failGroup(error);
      leave();
      throw error;
    }
    return {
      run: (sql, parameters) => {
        // After SQLite's own rollback a statement would be committed by itself, outside of all.
        if (!connection.isInTransaction) throw new Error('The transaction has been rolled back.');
        return noticing(connection, onSchemaChange, sql, parameters);
      },
      exec: (sql) => connection.exec(sql),
      commit: async () => {
        try {
          connection.exec('RELEASE group_member');
        } catch (error) {
          failGroup(error);
          leave();
          throw error;
        }
        await finish(leave);
      },
      rollback: async () => {
        try {
          if (connection.isInTransaction)
            connection.exec('ROLLBACK TO member; RELEASE group_member');
          else failGroup(new Error('The transaction was rolled back by the database.'));
        } catch (error) {
          failGroup(error);
          leave();
          throw error;
        }
        if (group.length === 0) {
          abandon();
          leave();
        } else if (othersMayJoin()) {
          leave();
        } else {
          settle(closeGroup);
          leave();
        }
      },
    };
  };

  const alone = async (sql: string, parameters: readonly unknown[]): Promise<StatementResult> => {
    if (!groupable.test(sql)) {
      return await gate.run(() => {
        settle(closeGroup);
        return retry(() => {
          const result = noticing(connection, onSchemaChange, sql, parameters);
          if (!connection.isInTransaction) return result;
          abandon();
          throw new Error('A transaction is opened with db.transaction(), not with SQL.');
        });
      });
    }
    const leave = await gate.enter();
    if (!connection.isInTransaction && gate.waiting === 0) {
      try {
        return await retry(() => noticing(connection, onSchemaChange, sql, parameters));
      } finally {
        leave();
      }
    }
    return await inGroup(leave, sql, parameters);
  };

  const inGroup = async (
    leave: () => void,
    sql: string,
    parameters: readonly unknown[],
  ): Promise<StatementResult> => {
    let result: StatementResult;
    try {
      await openGroup();
      // A statement that fails undoes itself, so it needs no savepoint.
      result = connection.run(sql, parameters);
    } catch (error) {
      if (!connection.isInTransaction) failGroup(error);
      else if (!othersMayJoin()) settle(closeGroup);
      leave();
      throw error;
    }
    await finish(leave);
    return result;
  };

  return {
    begin,
    alone,
    close: () =>
      gate.run(() => {
        settle(closeGroup);
        connection.exec('PRAGMA optimize');
      }),
  };
}

// What may share a transaction with others: plain reading and writing. The rest (PRAGMA, VACUUM,
// changes of the schema) runs by itself.
const groupable = /^\s*(?:insert|update|delete|select|with|replace)\b/i;

function noticing(
  connection: SqliteConnection,
  onSchemaChange: () => void,
  sql: string,
  parameters: readonly unknown[],
): StatementResult {
  const result = connection.run(sql, parameters);
  if (!groupable.test(sql)) {
    connection.forgetStatements();
    onSchemaChange();
  }
  return result;
}

// The members have been told already; whoever comes next is not to blame.
function settle(closeGroup: () => void): void {
  try {
    closeGroup();
  } catch {
    // told to each member
  }
}

type Retry = <result>(work: () => result) => Promise<result>;

const sqliteBusy = 5;

// Another process holds the lock. Waiting here, not inside SQLite, keeps this process answering.
function retrying(busySeconds: number): Retry {
  return async (work) => {
    const until = performance.now() + busySeconds * 1000;
    for (let pause = 2; ; pause = Math.min(pause * 2, 50)) {
      try {
        return work();
      } catch (error) {
        if (!isBusy(error) || performance.now() > until) throw error;
      }
      await sleep(pause);
    }
  };
}

function isBusy(error: unknown): boolean {
  // The low byte is the kind of error, the others say more about it.
  return (
    error instanceof Error &&
    'errcode' in error &&
    typeof error.errcode === 'number' &&
    (error.errcode & 255) === sqliteBusy
  );
}

// Reading by Kysely's own tree, or raw SQL that begins with SELECT: in SQLite that cannot write.
function onlyReads({ query, sql }: CompiledQuery): boolean {
  return SelectQueryNode.is(query) || (query.kind === 'RawNode' && /^\s*select\b/i.test(sql));
}

function promised<result>(turn: Turn, work: (turn: Turn) => result): Promise<result> {
  return new Promise((resolve) => {
    resolve(work(turn));
  });
}

function toQueryResult<row>(
  query: CompiledQuery,
  { rows, changes, lastInsertRowid }: StatementResult,
): QueryResult<row> {
  // SQLite counts no changes for a statement that returns rows: then each row is one.
  const touched = changes ?? (onlyReads(query) ? undefined : BigInt(rows.length));
  return {
    rows: asTyped<row>(rows),
    ...(touched === undefined ? {} : { numAffectedRows: touched }),
    ...(lastInsertRowid === undefined ? {} : { insertId: lastInsertRowid }),
  };
}

// Of what type the rows are, Kysely knows from the query; this is where its word is taken for it.
function asTyped<row>(rows: readonly unknown[]): row[];
function asTyped(rows: readonly unknown[]): readonly unknown[] {
  return rows;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

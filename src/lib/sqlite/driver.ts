/** What Kysely asks of a database, for SQLite. */
import {
  SelectQueryNode,
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type QueryResult,
} from 'kysely';

import type { StatementResult } from './connection.ts';
import type { SqliteDatabase } from './database.ts';
import type { Turn } from './writer.ts';

/** The driver of a dialect; it closes the database when Kysely is destroyed. */
export function createSqliteDriver(open: () => Promise<SqliteDatabase>): Driver {
  const sessions = new WeakMap<DatabaseConnection, Session>();
  let database: SqliteDatabase | undefined;

  const sessionOf = (connection: DatabaseConnection): Session => {
    const session = sessions.get(connection);
    if (session === undefined) throw new Error('This connection is not of this driver.');
    return session;
  };

  return {
    init: async () => {
      database = await open();
    },
    acquireConnection: async () => {
      if (database === undefined) throw new Error('The database is not open.');
      const session = createSession(database);
      sessions.set(session.connection, session);
      return session.connection;
    },
    releaseConnection: async () => {
      // A session holds nothing: turns end with their transaction.
    },
    beginTransaction: (connection) => sessionOf(connection).begin(),
    commitTransaction: (connection) => sessionOf(connection).commit(),
    rollbackTransaction: (connection) => sessionOf(connection).rollback(),
    savepoint: (connection, name) => sessionOf(connection).exec(`SAVEPOINT ${quoted(name)}`),
    rollbackToSavepoint: (connection, name) =>
      sessionOf(connection).exec(`ROLLBACK TO ${quoted(name)}`),
    releaseSavepoint: (connection, name) => sessionOf(connection).exec(`RELEASE ${quoted(name)}`),
    destroy: async () => {
      await database?.close();
      database = undefined;
    },
  };
}

/** What Kysely holds from acquiring to releasing. It costs nothing until it is used. */
interface Session {
  readonly connection: DatabaseConnection;
  begin(): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  exec(sql: string): Promise<void>;
}

function createSession(database: SqliteDatabase): Session {
  let turn: Turn | undefined;

  const run = async (query: CompiledQuery): Promise<StatementResult> => {
    const { sql, parameters } = query;
    if (turn !== undefined) return turn.run(sql, parameters);
    return await (onlyReads(query)
      ? database.read(sql, parameters)
      : database.write(sql, parameters));
  };

  const endTurn = (): Turn | undefined => {
    const ended = turn;
    turn = undefined;
    return ended;
  };

  return {
    connection: {
      executeQuery: async (query) => toQueryResult(query, await run(query)),
      async *streamQuery(query) {
        if (!onlyReads(query)) throw new Error('Only reading can be streamed.');
        // On the writer somebody else may come between two rows, so there all are read at once.
        const rows =
          turn === undefined && database.stream !== undefined
            ? database.stream(query.sql, query.parameters)
            : (await run(query)).rows;
        for (const row of rows) yield { rows: asTyped([row]) };
      },
    },
    begin: async () => {
      turn = await database.begin();
    },
    commit: async () => {
      await endTurn()?.commit();
    },
    // Kysely rolls back after a commit that failed as well; then there is nothing left to undo.
    rollback: async () => {
      await endTurn()?.rollback();
    },
    exec: async (sql) => {
      if (turn === undefined) throw new Error('A savepoint stands inside a transaction.');
      turn.exec(sql);
    },
  };
}

/** Reading by Kysely's own tree, or raw SQL that begins with SELECT: in SQLite that cannot write. */
export function onlyReads({ query, sql }: CompiledQuery<unknown>): boolean {
  return SelectQueryNode.is(query) || (query.kind === 'RawNode' && /^\s*select\b/i.test(sql));
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

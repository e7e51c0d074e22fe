/**
 * Owns the way to PostgreSQL, over a small pool. Kysely only writes the statements; running them is
 * done here, because a connection that failed must leave the pool instead of going back to it.
 */
import { setTimeout as sleep } from 'node:timers/promises';

import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresDialect,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely';
import type { Pool, PoolClient } from 'pg';

import { transactionOver, type Execute, type TransactionConnection } from './connection.ts';
import { faultOf, postgresql } from './dialects.ts';
import type { OpenEngine } from './engine.ts';
import { createPostgresqlRelay, type PostgresqlRelay } from './postgresql-relay.ts';
import type { Schema } from './schema.ts';

export interface PostgresqlOptions {
  /** `postgres://user:password@host:port/database?sslmode=…`. */
  readonly url: string;
  /** How many connections at most. */
  readonly connections: number;
}

const seconds = 1000;
/** How long a request may wait for a connection, and one statement for its end. */
const connectWithin = 2 * seconds;
const statementWithin = 5 * seconds;
/** After this a transaction whose node froze is ended by the server, and its locks with it. */
const idleInTransactionWithin = 10 * seconds;
/** How long the end of a pool waits for the statements that are under way. */
const partWithin = 0.3 * seconds;
const mostTries = 5;

/** Opens a pool; the first connection is made when it is needed. */
export async function openPostgresql({ url, connections }: PostgresqlOptions): Promise<OpenEngine> {
  // Loaded here, so that who runs on SQLite does not wait for it.
  const { Client, Pool, TypeOverrides } = await import('pg');
  const types = new TypeOverrides();
  // int8: times in milliseconds and counts, far below 2^53.
  types.setTypeParser(20, Number);
  const connection = {
    connectionString: url,
    types,
    keepAlive: true,
    application_name: 'tweestap',
  };
  const pool = new Pool({
    ...connection,
    max: connections,
    connectionTimeoutMillis: connectWithin,
    idleTimeoutMillis: 60 * seconds,
    keepAliveInitialDelayMillis: 10 * seconds,
    statement_timeout: statementWithin,
    lock_timeout: statementWithin,
    // The server's own limit, and ours for a server that is silent.
    query_timeout: statementWithin + connectWithin,
    idle_in_transaction_session_timeout: idleInTransactionWithin,
  });
  // Without a listener a connection lost while nobody asks anything would end the process. The
  // next statement on it fails by itself.
  pool.on('error', () => {});
  const connected = new Set<PoolClient>();
  pool.on('connect', (client) => {
    client.on('error', () => {});
    connected.add(client);
  });
  pool.on('remove', (client) => connected.delete(client));
  const partFromAll = (): void => {
    for (const { connection: way } of connected) way.stream.destroy();
  };
  const relay = createPostgresqlRelay({
    newClient: () =>
      new Client({
        ...connection,
        connectionTimeoutMillis: connectWithin,
        query_timeout: statementWithin,
      }),
  });
  let closing: Promise<void> | undefined;

  return {
    relay,
    dialect: postgresql,
    build: new Kysely<Schema>({
      dialect: {
        createAdapter: () => new PostgresAdapter(),
        createDriver: () => new DummyDriver(),
        createIntrospector: (database) => new PostgresIntrospector(database),
        createQueryCompiler: () => new PostgresQueryCompiler(),
      },
    }),
    execute: (query) => again(() => executeOn(pool)(query)),
    transact: (work, hasty = false) => again(() => transactOn(pool, work, hasty)),
    changeSchema: async (work) => {
      const alone = new Pool({ ...connection, max: 1, connectionTimeoutMillis: connectWithin });
      alone.on('error', () => {});
      const database = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: alone }) });
      try {
        return await database.transaction().execute(work);
      } catch (error) {
        throw faultOf(postgresql, error);
      } finally {
        await database.destroy();
      }
    },
    close: () => (closing ??= closeBoth(pool, relay, partFromAll)),
  };
}

/** Waits for what is under way, but not for a server that is silent: it undoes what was not committed. */
async function closeBoth(
  pool: Pool,
  relay: PostgresqlRelay,
  partFromAll: () => void,
): Promise<void> {
  const parting = setTimeout(partFromAll, partWithin);
  await Promise.all([pool.end(), relay.close()]).finally(() => clearTimeout(parting));
}

function executeOn(where: Pool | PoolClient): Execute {
  return async (query) => {
    const { rows, rowCount } = await where.query(query.sql, [...query.parameters]);
    return { rows, changed: rowCount ?? 0 };
  };
}

async function transactOn<result>(
  pool: Pool,
  work: (connection: TransactionConnection) => Promise<result>,
  hasty: boolean,
): Promise<result> {
  const client = await pool.connect();
  const { connection, end } = transactionOver(executeOn(client));
  try {
    await client.query('begin');
    if (hasty) await client.query('set local synchronous_commit = off');
    const result = await work(connection);
    end();
    await client.query('commit');
    client.release();
    return result;
  } catch (error) {
    end();
    await undo(client, error);
    throw error;
  }
}

// A connection that is in doubt is closed: the server undoes what it had begun.
async function undo(client: PoolClient, error: unknown): Promise<void> {
  if (postgresql.failureOf(error) === 'unavailable') {
    client.release(true);
    return;
  }
  try {
    await client.query('rollback');
    client.release();
  } catch {
    client.release(true);
  }
}

/**
 * Does it again when the database asked for that (a deadlock, a serialisation failure): nothing of
 * it has happened then.
 */
async function again<result>(work: () => Promise<result>): Promise<result> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries >= mostTries || postgresql.failureOf(error) !== 'retry') {
        throw faultOf(postgresql, error);
      }
    }
    // Not all at the same moment again.
    await sleep(Math.random() * 50 * tries);
  }
}

/**
 * Owns having a database to oneself: for what must not be done while a server, or another command, works
 * with it.
 */
import { setTimeout as sleep } from 'node:timers/promises';

import { sql, type Kysely } from 'kysely';

import type { OpenEngine } from './engine.ts';
import type { Engine } from './migrations/migration.ts';
import { openPostgresql } from './postgresql.ts';
import { openSqlite } from './sqlite.ts';

/** How long to wait for others to be gone, in seconds. */
const aloneWithin = 2;

/**
 * Opens a database for that; undefined where another process has the file of SQLite open. Nobody else
 * gets in until it is closed. On PostgreSQL it is only asked who is there (`isInUse`).
 */
export async function openEngineAlone({
  url,
  file,
}: {
  readonly url?: string | undefined;
  readonly file: string;
}): Promise<OpenEngine | undefined> {
  if (url !== undefined) return await openPostgresql({ url, connections: 1 });
  try {
    const alone = { isAlone: true, busySeconds: aloneWithin } as const;
    return await openSqlite({ file, synchronous: 'FULL', ...alone });
  } catch (error) {
    if (isBusy(error)) return undefined;
    throw error;
  }
}

function isBusy(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  const code: unknown = cause instanceof Error ? Reflect.get(cause, 'errcode') : undefined;
  return typeof code === 'number' && (code & 0xff) === 5;
}

/**
 * Whether anybody else is connected by our name. Every server is, for the signals of the others, however
 * little it has to do. The file of SQLite is ours alone as long as it is open.
 */
export async function isInUse(database: Kysely<unknown>, engine: Engine): Promise<boolean> {
  if (engine === 'sqlite') return false;
  for (let tries = 1; ; tries++) {
    // What was seen once stays so until the end of the transaction, unless it is forgotten.
    await sql`select pg_stat_clear_snapshot()`.execute(database);
    const { rows } = await sql`select 1 from pg_stat_activity
      where datname = current_database() and application_name = 'tweestap'
        and pid <> pg_backend_pid() limit 1`.execute(database);
    if (rows.length === 0) return false;
    // A connection of our own that was closed a moment ago is seen a little longer.
    if (tries >= aloneWithin * 10) return true;
    await sleep(100);
  }
}

/** Owns the database as the rest of the house sees it: stores, transactions, and its own care. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { sql } from 'kysely';

import type { AuditEvent } from '../../audit/audit-event.ts';
import type { SecretBox } from '../../lib/secret-box.ts';
import { createSignals, type Signals } from '../../lib/signals.ts';
import type { Transact } from '../../lib/transact.ts';
import { isInUse, openEngineAlone } from './alone.ts';
import { prepareChain } from './audit-store.ts';
import { statementsOver, type Connection, type TransactionConnection } from './connection.ts';
import type { OpenEngine } from './engine.ts';
import { migrate, planMigrations, type MigrationPlan } from './migrate.ts';
import type { Engine } from './migrations/migration.ts';
import { openPostgresql } from './postgresql.ts';
import { createSeals, type Damage } from './sealed.ts';
import { sealAnew, type SealedAnew } from './sealing-anew.ts';
import { openSqlite } from './sqlite.ts';
import { once } from './statement.ts';
import { prepareStores, type AllStores } from './stores.ts';

export interface DatabaseOptions {
  /** Where PostgreSQL is; absent: SQLite in the data folder. */
  readonly url?: string | undefined;
  /** Made where it is missing, for its owner only. */
  readonly dataFolder?: string | undefined;
  readonly box: SecretBox;
  /** How many connections to PostgreSQL at most. Default 10. */
  readonly connections?: number;
  /** `OFF`: SQLite may lose what was acknowledged when the power fails. For tests. Default `FULL`. */
  readonly synchronous?: 'FULL' | 'OFF';
  /** Hears of records that somebody else changed. They are refused in any case. */
  readonly onDamage?: (damage: Damage) => void;
  /** Hears of audit events once they are durable; for counting them. */
  readonly onAudited?: (events: readonly AuditEvent[]) => void;
}

export interface Database {
  readonly engine: Engine;
  /** Outside of transactions: for reading, and for changes that are one call. */
  readonly stores: AllStores;
  readonly transact: Transact<AllStores>;
  /** Wakes whoever waits, on all nodes of this database; tell once it is committed. */
  readonly signals: Signals;
  /** What `migrate` would do. */
  plan(): Promise<MigrationPlan>;
  /** Brings the tables up to date; returns what was done. */
  migrate(now: Date): Promise<readonly string[]>;
  /**
   * Proves that it can write, or throws `STORE_UNAVAILABLE`. The database's own time, where it has
   * one: nodes whose clocks differ from it do not agree with one another either (attack ATK-95).
   */
  ping(now: Date): Promise<{ readonly databaseTime: Date | undefined }>;
  /**
   * Seals anew, with the key in use, whatever an older one sealed: in small portions, so that nobody who
   * signs in meanwhile waits long. Where it is stopped, what it did stays done.
   */
  sealAnew(): Promise<SealedAnew>;
  /** Waits for what is under way, then lets go of it. */
  close(): Promise<void>;
}

/** Opens a database. It may be empty: `migrate` comes next. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  return databaseOn(await openEngine(options), options);
}

/** A database that nobody else works with, until it is closed; on PostgreSQL: when it was opened. */
export interface DatabaseAlone {
  /** The database as it is seen with these keys. Closing it closes all of them. */
  seenWith(box: SecretBox): Database;
  close(): Promise<void>;
}

/** Opens one that is there for oneself; undefined where a server, or another command, works with it. */
export async function openDatabaseAlone(place: {
  readonly url?: string | undefined;
  /** The file of SQLite, where no address is given. */
  readonly file: string;
}): Promise<DatabaseAlone | undefined> {
  const engine = await openEngineAlone(place);
  if (engine === undefined) return undefined;
  const { dialect, changeSchema } = engine;
  if (await changeSchema((database) => isInUse(database, dialect.engine))) {
    await engine.close();
    return undefined;
  }
  return { seenWith: (box) => databaseOn(engine, { box }), close: () => engine.close() };
}

function databaseOn(
  engine: OpenEngine,
  { box, onDamage = () => {}, onAudited = () => {} }: Omit<DatabaseOptions, 'url' | 'dataFolder'>,
): Database {
  const parts = {
    build: engine.build,
    dialect: engine.dialect,
    seals: createSeals({ box, report: onDamage }),
  };
  const chain = prepareChain(parts);
  const storesOn = prepareStores(parts, chain);

  const transactOn = async <result>(
    work: (connection: TransactionConnection) => Promise<result>,
    hasty = false,
  ): Promise<result> => {
    let audited: readonly AuditEvent[] = [];
    let extended = (): void => {};
    const result = await engine.transact(async (connection) => {
      const done = await work(connection);
      // Last of all, for whoever appends next waits from here to the commit.
      if (connection.events.length > 0) {
        extended = await chain.extend(connection, connection.events);
      }
      audited = connection.events;
      return done;
    }, hasty);
    extended();
    if (audited.length > 0) onAudited(audited);
    return result;
  };
  const root: Connection = {
    ...statementsOver(engine.execute, engine.executeHastily),
    transact: (work, options) => transactOn(work, options?.hasty),
  };

  return {
    engine: engine.dialect.engine,
    stores: storesOn(root),
    transact: (work, options) =>
      transactOn((connection) => work(storesOn(connection)), options?.hasty),
    signals: createSignals(engine.relay),
    plan: () => planMigrations(engine),
    migrate: (now) => migrate(engine, now, parts.seals.hash),
    ping: (now) => ping(engine, root, now),
    sealAnew: () => sealAnew(root, { ...parts, box }),
    close: () => engine.close(),
  };
}

async function openEngine(options: DatabaseOptions): Promise<OpenEngine> {
  const { url, dataFolder, connections = 10, synchronous = 'FULL' } = options;
  if (url !== undefined) return await openPostgresql({ url, connections });
  if (dataFolder === undefined) throw new Error('A database needs an address or a data folder.');
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  return openSqlite({ file: join(dataFolder, 'tweestap.db'), synchronous });
}

// Writing is what fails on a full disk or a database that turned read-only.
async function ping(
  { build, dialect }: OpenEngine,
  connection: Connection,
  now: Date,
): Promise<{ readonly databaseTime: Date | undefined }> {
  const value = String(now.getTime());
  await connection.change(
    once(
      build
        .insertInto('meta')
        .values({ name: 'ping', value })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ value })),
    ),
  );
  if (dialect.engine === 'sqlite') return { databaseTime: undefined };
  const milliseconds = sql<string>`cast(extract(epoch from clock_timestamp()) * 1000 as bigint)`;
  const row = await connection.first(once(build.selectNoFrom(milliseconds.as('now'))));
  return { databaseTime: row === undefined ? undefined : new Date(Number(row.now)) };
}

/**
 * Real databases for tests, empty but for their tables: SQLite in a temporary file, or one of its
 * own on a PostgreSQL server. Each is gone when it is closed.
 */
import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { sql, type Kysely } from 'kysely';

import { createSecretBox, type SecretBox } from '../../src/lib/secret-box.ts';
import type { FreshStores, Node } from '../../src/lib/stores.contract.ts';
import { openDatabase, type Database } from '../../src/stores/sql/database.ts';
import type { OpenEngine } from '../../src/stores/sql/engine.ts';
import { openPostgresql } from '../../src/stores/sql/postgresql.ts';
import type { Damage } from '../../src/stores/sql/sealed.ts';
import { openSqlite } from '../../src/stores/sql/sqlite.ts';
import type { AllStores } from '../../src/stores/sql/stores.ts';

/** Where a PostgreSQL server is whose user may create databases; undefined: none was given. */
export const postgresUrl: string | undefined = process.env['TWEESTAP_TEST_POSTGRES_URL'];

/** A box whose keys everybody knows. */
export const testBox: SecretBox = createSecretBox({
  current: { id: 'test', key: Buffer.alloc(32, 1) },
  previous: [],
  hashKey: Buffer.alloc(32, 2),
});

export interface FreshDatabase extends FreshStores<AllStores> {
  readonly database: Database;
  readonly box: SecretBox;
  /** The data folder of SQLite, the address of PostgreSQL. */
  readonly place: { readonly dataFolder?: string; readonly url?: string };
  /** Another node, as one opens it. */
  anotherDatabase(): Promise<Database>;
  /** What the stores found to be changed by others. */
  readonly damages: readonly Damage[];
  /** Runs SQL as somebody would who has the database but not the keys. */
  intrude(statement: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Looks at the database itself. */
  look<result>(work: (database: Kysely<unknown>) => Promise<result>): Promise<result>;
}

export interface DatabaseServer {
  readonly engine: Database['engine'];
  fresh(): Promise<FreshDatabase>;
  /** A place without tables. */
  empty(): Promise<FreshDatabase>;
  close(): Promise<void>;
}

/** SQLite, and PostgreSQL where one was given: for tests that hold on both. */
export function everyServer(): readonly DatabaseServer[] {
  return postgresUrl === undefined
    ? [sqliteServer()]
    : [sqliteServer(), postgresqlServer(postgresUrl)];
}

/** A fresh SQLite database with all tables; close it at the end of the test. */
export async function freshDatabase(): Promise<FreshDatabase> {
  template ??= sqliteTemplate();
  const made = await template;
  const dataFolder = mkdtempSync(join(tmpdir(), 'tweestap-test-'));
  copyFileSync(made, join(dataFolder, 'tweestap.db'));
  return await open({ dataFolder }, () => removeFolder(dataFolder));
}

/** SQLite as a server of databases. */
export function sqliteServer(): DatabaseServer {
  return {
    engine: 'sqlite',
    fresh: freshDatabase,
    empty: async () => {
      const dataFolder = mkdtempSync(join(tmpdir(), 'tweestap-test-'));
      return await open({ dataFolder }, () => removeFolder(dataFolder));
    },
    close: () => Promise.resolve(),
  };
}

/** Makes databases on a PostgreSQL server, under random names. */
export function postgresqlServer(url: string): DatabaseServer {
  const run = `tweestap_test_${randomBytes(6).toString('hex')}`;
  let count = 0;
  let migrated: Promise<string> | undefined;
  const make = async (name: string, from?: string): Promise<string> => {
    await administer(
      url,
      `create database ${name}${from === undefined ? '' : ` template ${from}`}`,
    );
    return name;
  };
  const drop = (name: string): Promise<void> =>
    administer(url, `drop database if exists ${name} with (force)`);
  const addressOf = (name: string): string => {
    const address = new URL(url);
    address.pathname = `/${name}`;
    return address.href;
  };
  const makeTemplate = async (): Promise<string> => {
    const name = await make(`${run}_template`);
    const database = await openDatabase({ url: addressOf(name), box: testBox });
    await database.migrate(new Date());
    await database.close();
    return name;
  };
  const openNamed = (name: string): Promise<FreshDatabase> =>
    open({ url: addressOf(name) }, () => drop(name));

  return {
    engine: 'postgresql',
    fresh: async () => {
      migrated ??= makeTemplate();
      return await openNamed(await make(`${run}_${count++}`, await migrated));
    },
    empty: async () => openNamed(await make(`${run}_${count++}`)),
    close: async () => {
      if (migrated !== undefined) await drop(await migrated);
    },
  };
}

async function open(
  place: FreshDatabase['place'],
  remove: () => Promise<void>,
): Promise<FreshDatabase> {
  const opened: Database[] = [];
  const damages: Damage[] = [];
  const openOne = async (): Promise<Database> => {
    const database = await openDatabase({
      ...place,
      box: testBox,
      synchronous: 'OFF',
      onDamage: (damage) => damages.push(damage),
    });
    opened.push(database);
    return database;
  };
  const database = await openOne();
  const look: FreshDatabase['look'] = async (work) => {
    const engine = await openEngine(place);
    try {
      return await engine.changeSchema(work);
    } finally {
      await engine.close();
    }
  };
  return {
    look,
    intrude: (statement) =>
      look(async (within) => {
        const { rows } = await sql.raw<Record<string, unknown>>(statement).execute(within);
        return rows;
      }),
    database,
    place,
    damages,
    box: testBox,
    stores: database.stores,
    transact: database.transact,
    anotherDatabase: openOne,
    anotherNode: async (): Promise<Node<AllStores>> => await openOne(),
    close: async () => {
      await Promise.all(opened.map((one) => one.close()));
      await remove();
    },
  };
}

async function openEngine({ url, dataFolder = '' }: FreshDatabase['place']): Promise<OpenEngine> {
  if (url !== undefined) return await openPostgresql({ url, connections: 1 });
  return openSqlite({ file: join(dataFolder, 'tweestap.db'), synchronous: 'OFF' });
}

let template: Promise<string> | undefined;

// Made once for each process that tests; copying a file is quicker than making tables.
async function sqliteTemplate(): Promise<string> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'tweestap-test-'));
  process.on('exit', () => rmSync(dataFolder, { recursive: true, force: true }));
  const database = await openDatabase({ dataFolder, box: testBox, synchronous: 'OFF' });
  await database.migrate(new Date());
  await database.close();
  return join(dataFolder, 'tweestap.db');
}

async function removeFolder(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  await Promise.resolve();
}

async function administer(url: string, statement: string): Promise<void> {
  const { Client } = await import('pg');
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** Owns bringing the tables to where this program expects them: forward only, all or nothing. */
import { sql, type Kysely } from 'kysely';

import { isUniqueViolation } from '../../lib/sqlite/unique-violation.ts';
import type { OpenEngine } from './engine.ts';
import type { Engine, KeyedHash } from './migrations/migration.ts';
import { migrations } from './migrations/registry.ts';
import type { Schema } from './schema.ts';

/** What has been done to a database, and what would be. */
export interface MigrationPlan {
  readonly applied: readonly string[];
  readonly pending: readonly string[];
  /** Done by a newer program: this one does not know what they changed. */
  readonly unknown: readonly string[];
}

/** Looks, and changes nothing. */
export function planMigrations(engine: OpenEngine): Promise<MigrationPlan> {
  return engine.changeSchema(planIn);
}

/** The same within somebody else's transaction. */
export async function planIn(database: Kysely<unknown>): Promise<MigrationPlan> {
  return planFrom((await hasMigrations(database)) ? await applied(database) : []);
}

/** Whether the account of migrations is there: ours, not what others call so, in this schema or theirs. */
async function hasMigrations(database: Kysely<unknown>): Promise<boolean> {
  const tables = await database.introspection.getTables();
  const named = tables.filter(({ name }) => name === 'migration');
  // SQLite knows no schemas.
  if (named.every(({ schema }) => schema === undefined)) return named.length > 0;
  const { rows } = await sql<{ readonly found: boolean }>`
    select exists (select 1 from pg_attribute
      where attrelid = to_regclass('migration') and attname = 'applied_at') as found
  `.execute(database);
  return rows[0]?.found === true;
}

/**
 * Runs what is pending, in one transaction, and returns the names. Nodes that start at the same time
 * wait for one another: the first does the work, the others find it done.
 */
export async function migrate(
  engine: OpenEngine,
  now: Date,
  keyedHash: KeyedHash,
): Promise<readonly string[]> {
  for (let tries = 1; ; tries++) {
    try {
      return await engine.changeSchema((database) =>
        migrateIn(database, { engine: engine.dialect.engine, now, keyedHash }),
      );
    } catch (error) {
      // Two nodes made the very first tables at once: PostgreSQL lets one win, the other looks again.
      if (tries >= 5 || !(isUniqueViolation(error) || isDuplicateTable(error))) throw error;
    }
  }
}

/**
 * The same within somebody else's transaction; with `only` no other migrations than these, so that the
 * tables are as an older program left them.
 */
export async function migrateIn(
  database: Kysely<unknown>,
  parts: {
    readonly engine: Engine;
    readonly now: Date;
    readonly keyedHash: KeyedHash;
    readonly only?: ReadonlySet<string>;
  },
): Promise<readonly string[]> {
  const { engine, now, keyedHash, only } = parts;
  await lock(database, engine);
  const { pending } = planFrom(await applied(database));
  const done: string[] = [];
  for (const { name, up } of migrations) {
    if (!pending.includes(name) || only?.has(name) === false) continue;
    await up(database, engine, keyedHash);
    await database
      .withTables<Pick<Schema, 'migration'>>()
      .insertInto('migration')
      .values({ name, applied_at: now.getTime() })
      .execute();
    done.push(name);
  }
  return done;
}

async function lock(database: Kysely<unknown>, engine: string): Promise<void> {
  const integer = engine === 'sqlite' ? sql`integer` : sql`bigint`;
  const strict = engine === 'sqlite' ? sql`strict` : sql``;
  await sql`create table if not exists migration (
    name text not null primary key, applied_at ${integer} not null
  ) ${strict}`.execute(database);
  await sql`create table if not exists migration_lock (
    id ${integer} not null primary key
  ) ${strict}`.execute(database);
  await sql`insert into migration_lock (id) values (1) on conflict do nothing`.execute(database);
  if (engine === 'postgresql') {
    await sql`select id from migration_lock for update`.execute(database);
  }
}

async function applied(database: Kysely<unknown>): Promise<readonly string[]> {
  const rows = await database
    .withTables<Pick<Schema, 'migration'>>()
    .selectFrom('migration')
    .select('name')
    .orderBy('name')
    .execute();
  return rows.map(({ name }) => name);
}

/** What a database at which these were done is to this program. */
export function planFrom(done: readonly string[]): MigrationPlan {
  const known = migrations.map(({ name }) => name);
  return {
    applied: known.filter((name) => done.includes(name)),
    pending: known.filter((name) => !done.includes(name)),
    unknown: done.filter((name) => !known.includes(name)),
  };
}

function isDuplicateTable(error: unknown): boolean {
  return error instanceof Error && Reflect.get(error, 'code') === '42P07';
}

/**
 * Owns putting a whole content in the place of whatever a database holds: in one transaction, with
 * nobody else in it, whichever engine and however old a program the content came from.
 */
import { CompiledQuery, sql, type Kysely } from 'kysely';

import type { SecretBox } from '../../lib/secret-box.ts';
import { isInUse, openEngineAlone } from './alone.ts';
import { prepareChain } from './audit-store.ts';
import { transactionOver, type Execute } from './connection.ts';
import { migrateIn, planIn } from './migrate.ts';
import type { Engine } from './migrations/migration.ts';
import { schema } from './schema.ts';
import { createSeals } from './sealed.ts';
import { columnNames, type Cell } from './snapshot.ts';
import { prepareStores, type AllStores } from './stores.ts';

/** One table of a content. */
export interface TableToFill {
  readonly table: string;
  readonly columns: readonly string[];
}

/** What is to be put in: a table, then its rows. */
export type Piece = TableToFill | readonly Cell[];

/** What stands there. */
export interface Standing {
  /** Nobody has an account, and nothing was ever noted. */
  readonly isEmpty: boolean;
  readonly people: number;
  /** Migrations of a newer program. */
  readonly unknown: readonly string[];
}

export interface Refilling {
  readonly engine: Engine;
  /** Looks; undefined where a server, or another command, works with this database. */
  look(): Promise<Standing | undefined>;
  /**
   * Puts the content in the place of all that is there. `finish` comes last in the same transaction,
   * when the tables are as this program expects them. Where anything throws, all is as it was.
   * `in use` where somebody works with this database; nothing was done then.
   */
  refill<result>(
    content: {
      /** The migrations that had been done where it comes from; each is known here. */
      readonly migrations: readonly string[];
      readonly pieces: AsyncIterable<Piece>;
      readonly now: Date;
    },
    finish: (stores: AllStores) => Promise<result>,
  ): Promise<result | 'in use'>;
  close(): Promise<void>;
}

/**
 * Opens a database for it; undefined where another process has the file of SQLite open. Nobody else gets
 * in until it is closed; on PostgreSQL that is told by who is connected under our name.
 */
export async function openToRefill(place: {
  readonly url?: string | undefined;
  /** The file of SQLite, where no address is given; made where it is missing. */
  readonly file: string;
  readonly box: SecretBox;
}): Promise<Refilling | undefined> {
  const engine = await openEngineAlone(place);
  if (engine === undefined) return undefined;
  const name = engine.dialect.engine;
  const seals = createSeals({ box: place.box, report: () => {} });
  const parts = { build: engine.build, dialect: engine.dialect, seals };
  const chain = prepareChain(parts);
  const storesOn = prepareStores(parts, chain);

  return {
    engine: name,
    look: () =>
      engine.changeSchema(async (database) =>
        (await isInUse(database, name)) ? undefined : await standingOf(database),
      ),
    refill: ({ migrations, pieces, now }, finish) =>
      engine
        .changeSchema(async (database) => {
          await requireAlone(database, name);
          if (name === 'postgresql') await sql`set local lock_timeout = '10s'`.execute(database);
          await dropTables(database);
          // Once more: from here on who comes waits for the tables.
          await requireAlone(database, name);
          const migrating = { engine: name, now, keyedHash: seals.hash };
          await migrateIn(database, { ...migrating, only: new Set(migrations) });
          await fill(database, name, pieces);
          await migrateIn(database, migrating);
          const { connection, end } = transactionOver(executeOn(database));
          const result = await finish(storesOn(connection));
          await chain.extend(connection, connection.events);
          end();
          return result;
        })
        .catch((error: unknown) => {
          if (error instanceof InUse) return 'in use' as const;
          throw error;
        }),
    close: () => engine.close(),
  };
}

/** Undoes what had begun. */
class InUse extends Error {
  override readonly name = 'InUse';
}

async function requireAlone(database: Kysely<unknown>, engine: Engine): Promise<void> {
  if (await isInUse(database, engine)) throw new InUse();
}

async function standingOf(database: Kysely<unknown>): Promise<Standing> {
  const { unknown, applied } = await planIn(database);
  if (applied.length === 0) return { isEmpty: true, people: 0, unknown };
  const people = await countRows(database, 'user');
  const isEmpty = people === 0 && (await countRows(database, 'audit_event')) === 0;
  return { isEmpty, people, unknown };
}

async function countRows(database: Kysely<unknown>, table: string): Promise<number> {
  const { rows } = await sql<{ readonly count: number | string }>`
    select count(*) as count from ${sql.table(table)}
  `.execute(database);
  return Number(rows[0]?.count ?? 0);
}

/** Ours alone: somebody may keep tables of their own beside them. */
async function dropTables(database: Kysely<unknown>): Promise<void> {
  for (const table of Object.keys(schema)) {
    await sql`drop table if exists ${sql.table(table)}`.execute(database);
  }
}

/** So many rows, or so many characters and bytes of them, go in with one statement. */
const rowsAtOnce = 200;
const lengthAtOnce = 2 ** 20;
/** SQLite takes 32,766 values in a statement, PostgreSQL 65,535. */
const valuesAtOnce = 30_000;

async function fill(
  database: Kysely<unknown>,
  engine: Engine,
  pieces: AsyncIterable<Piece>,
): Promise<void> {
  let into: TableToFill | undefined;
  let rows: (readonly Cell[])[] = [];
  let length = 0;
  const flush = async (): Promise<void> => {
    if (into !== undefined && rows.length > 0) await insert(database, engine, into, rows);
    rows = [];
    length = 0;
  };
  for await (const piece of pieces) {
    if ('table' in piece) {
      await flush();
      await requireColumns(database, engine, piece);
      await sql`delete from ${sql.table(piece.table)}`.execute(database);
      into = piece;
      continue;
    }
    if (into === undefined || piece.length !== into.columns.length) {
      throw new Error('A row of the content belongs to no table.');
    }
    rows.push(piece);
    for (const cell of piece) length += typeof cell === 'number' ? 8 : (cell?.length ?? 0);
    const isMuch = length >= lengthAtOnce || (rows.length + 1) * piece.length > valuesAtOnce;
    if (isMuch || rows.length >= rowsAtOnce) await flush();
  }
  await flush();
}

/** Nothing but names that are there: they become part of a statement. */
async function requireColumns(
  database: Kysely<unknown>,
  engine: Engine,
  { table, columns }: TableToFill,
): Promise<void> {
  if (!Object.hasOwn(schema, table)) throw new Error(`There is no table ${table} to fill.`);
  const { rows } = await sql
    .raw<{ readonly text: string }>(columnNames(engine, table))
    .execute(database);
  const known = new Set(rows.map(({ text }) => text));
  const unknown = columns.filter((column) => !known.has(column));
  if (unknown.length > 0) throw new Error(`${table} has no column ${unknown.join(', ')}.`);
}

async function insert(
  database: Kysely<unknown>,
  engine: Engine,
  { table, columns }: TableToFill,
  rows: readonly (readonly Cell[])[],
): Promise<void> {
  const place = engine === 'sqlite' ? () => '?' : (index: number) => `$${index + 1}`;
  const values = rows.map(
    (row, at) => `(${row.map((_, column) => place(at * columns.length + column)).join(', ')})`,
  );
  const names = columns.map((column) => `"${column}"`).join(', ');
  const statement = `insert into "${table}" (${names}) values ${values.join(', ')}`;
  await database.executeQuery(CompiledQuery.raw(statement, rows.flat()));
}

function executeOn(database: Kysely<unknown>): Execute {
  return async (query) => {
    const { rows, numAffectedRows } = await database.executeQuery(query);
    return { rows, changed: Number(numAffectedRows ?? rows.length) };
  };
}

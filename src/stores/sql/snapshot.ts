/**
 * Owns reading everything there is as it was at one moment, beside whoever goes on writing: on SQLite a
 * reader's own view of the log, on PostgreSQL one transaction that only reads.
 */
import { existsSync } from 'node:fs';

import { retrying } from '../../lib/sqlite/busy.ts';
import { openConnection } from '../../lib/sqlite/connection.ts';
import { faultOf, postgresql, sqlite } from './dialects.ts';
import { endedWithEpoch } from './meta-store.ts';
import type { Engine } from './migrations/migration.ts';
import { schema } from './schema.ts';

/** What a column may hold, the same on every engine. */
export type Cell = string | number | Buffer | null;

/** One table, as it is at the moment of the snapshot. */
export interface TableContent {
  readonly table: string;
  readonly columns: readonly string[];
  /** Cells in the order of the columns. Read one table to its end before the next. */
  readonly rows: AsyncIterable<readonly Cell[]>;
}

export interface Snapshot {
  readonly engine: Engine;
  /** The migrations that were done, in their order; none where there are no tables. */
  readonly migrations: readonly string[];
  /** What `meta` keeps under this name. */
  fact(name: string): Promise<string | undefined>;
  /** Every table but those whose rows do not outlive a restore, and the account of migrations. */
  tables(): AsyncIterable<TableContent>;
  close(): Promise<void>;
}

/** Takes a snapshot; undefined where there is no database. Holds nobody up who writes. */
export async function takeSnapshot(place: {
  readonly url?: string | undefined;
  /** The file of SQLite, where no address is given. */
  readonly file: string;
}): Promise<Snapshot | undefined> {
  if (place.url === undefined && !existsSync(place.file)) return undefined;
  const view = await (place.url === undefined
    ? openSqliteView(place.file)
    : openPostgresqlView(place.url));
  try {
    return await snapshotOf(view);
  } catch (error) {
    await view.close();
    throw error;
  }
}

/** What an engine has to do for it. The statements are ours alone: nothing of a stranger is in them. */
interface View {
  readonly engine: Engine;
  rows(statement: string): AsyncIterable<Readonly<Record<string, unknown>>>;
  close(): Promise<void>;
}

const withoutRows: ReadonlySet<string> = new Set([
  ...endedWithEpoch,
  'migration',
  'migration_lock',
]);

async function snapshotOf(view: View): Promise<Snapshot> {
  const columnsOf = (table: string): Promise<readonly string[]> =>
    texts(view.rows(columnNames(view.engine, table)));
  const hasTables = (await columnsOf('migration')).length > 0;
  return {
    engine: view.engine,
    migrations: hasTables
      ? await texts(view.rows('select name as text from migration order by name'))
      : [],
    fact: async (name) => {
      const [value] = await texts(
        view.rows(`select value as text from meta where name = '${name.replaceAll("'", '')}'`),
      );
      return value;
    },
    async *tables() {
      for (const table of Object.keys(schema)) {
        const columns = withoutRows.has(table) ? [] : await columnsOf(table);
        if (columns.length > 0) yield { table, columns, rows: cells(view, table, columns) };
      }
    },
    close: view.close,
  };
}

/** The statement that gives the names of a table's columns; no rows where there is no such table. */
export function columnNames(engine: Engine, table: string): string {
  return engine === 'sqlite'
    ? `select name as text from pragma_table_info('${table}') order by cid`
    : `select column_name as text from information_schema.columns
        where table_schema = current_schema() and table_name = '${table}'
        order by ordinal_position`;
}

async function* cells(
  view: View,
  table: string,
  columns: readonly string[],
): AsyncIterable<readonly Cell[]> {
  const list = columns.map((column) => `"${column}"`).join(', ');
  for await (const row of view.rows(`select ${list} from "${table}"`)) {
    yield columns.map((column) => cellOf(row[column], table));
  }
}

function cellOf(value: unknown, table: string): Cell {
  if (value === null || typeof value === 'string' || Buffer.isBuffer(value)) return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw new Error(`${table} holds a ${typeof value} that no column of ours holds.`);
}

async function texts(
  rows: AsyncIterable<Readonly<Record<string, unknown>>>,
): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { text } of rows) if (typeof text === 'string') found.push(text);
  return found;
}

async function openSqliteView(file: string): Promise<View> {
  try {
    const connection = await retrying(10)(() =>
      openConnection({ file, synchronous: 'FULL', role: 'reader' }),
    );
    // Seen from the first reading on; who writes goes on in the log meanwhile.
    connection.exec('BEGIN');
    return {
      engine: 'sqlite',
      async *rows(statement) {
        try {
          yield* connection.stream(statement, []);
        } catch (error) {
          throw faultOf(sqlite, error);
        }
      },
      close: async () => connection.close(),
    };
  } catch (error) {
    throw faultOf(sqlite, error);
  }
}

/** How many rows are fetched at once. */
const fetched = 500;

async function openPostgresqlView(url: string): Promise<View> {
  const { Client, TypeOverrides } = await import('pg');
  const types = new TypeOverrides();
  types.setTypeParser(20, Number);
  const client = new Client({
    connectionString: url,
    types,
    application_name: 'tweestap',
    connectionTimeoutMillis: 10_000,
  });
  // Without a listener a lost connection would end the process; the next statement tells of it.
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('begin isolation level repeatable read read only');
  } catch (error) {
    await client.end().catch(() => undefined);
    throw faultOf(postgresql, error);
  }
  return {
    engine: 'postgresql',
    async *rows(statement) {
      try {
        await client.query(`declare everything no scroll cursor for ${statement}`);
        for (;;) {
          const { rows } = await client.query(`fetch ${fetched} from everything`);
          if (rows.length === 0) break;
          yield* rows;
        }
        await client.query('close everything');
      } catch (error) {
        throw faultOf(postgresql, error);
      }
    },
    close: () => client.end(),
  };
}

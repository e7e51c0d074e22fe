/**
 * One connection to a database file: how it is set up, its prepared statements, and the translation
 * between what SQLite stores and what JavaScript holds. Everything here is synchronous, as
 * `node:sqlite` is; turns and waiting are the driver's affair.
 */
import { closeSync, openSync } from 'node:fs';
import { totalmem } from 'node:os';
import {
  DatabaseSync,
  type SQLInputValue,
  type SQLOutputValue,
  type StatementSync,
} from 'node:sqlite';

export interface ConnectionOptions {
  /** Path of the database, or `:memory:`. */
  readonly file: string;
  /**
   * `FULL`: the log is on the disk before it is copied into the database, so a power cut can only
   * take the newest commits, unless a flusher has seen to them (`flusher.ts`). `OFF`: only a crash of the process; for tests
   * and samples.
   */
  readonly synchronous: 'FULL' | 'OFF';
  /** A reader refuses to write. */
  readonly role: 'writer' | 'reader';
  /**
   * Nobody else has the file open, in this process or another, nor gets in while this connection is
   * open; where somebody has, it fails as a busy database does. Default false.
   */
  readonly isAlone?: boolean;
}

/** What a column can hold on our side. Integers beyond 2^53 come as `bigint`, the others as numbers. */
export type SqlValue = string | number | bigint | Buffer | null;

export interface StatementResult {
  readonly rows: Record<string, SqlValue>[];
  /** How many rows a write touched; `undefined` for what returns rows. */
  readonly changes: bigint | undefined;
  readonly lastInsertRowid: bigint | undefined;
}

export interface SqliteConnection {
  /** Runs one statement to its end. */
  run(sql: string, parameters: readonly unknown[]): StatementResult;
  /** Reads row by row, on a statement of its own. */
  stream(sql: string, parameters: readonly unknown[]): Iterable<Record<string, SqlValue>>;
  /** Runs statements that take no parameters and give no rows, such as BEGIN. */
  exec(sql: string): void;
  /** Whether a transaction is open; SQLite ends one by itself after some errors (disk full). */
  readonly isInTransaction: boolean;
  /** Forgets prepared statements: after a change of the schema. */
  forgetStatements(): void;
  close(): void;
}

/** Opens the database, creating the file (readable by its owner only) where there is none. */
export function openConnection({
  file,
  synchronous,
  role,
  isAlone = false,
}: ConnectionOptions): SqliteConnection {
  if (file !== ':memory:') createForOwner(file);
  const database = new DatabaseSync(file, {
    timeout: busyMilliseconds,
    enableForeignKeyConstraints: true,
    enableDoubleQuotedStringLiterals: false,
    readBigInts: true,
    returnArrays: true,
  });
  try {
    // Before the log is opened, or SQLite would share it (https://sqlite.org/wal.html#noshm).
    if (isAlone) database.exec('PRAGMA locking_mode = EXCLUSIVE');
    setUp(database, synchronous, role);
    if (isAlone) database.exec('BEGIN IMMEDIATE; COMMIT');
  } catch (error) {
    database.close();
    throw error;
  }
  const statements = createStatementCache((sql) => prepare(database, sql));

  return {
    run: (sql, parameters) => {
      const prepared = statements.get(sql);
      const values = parameters.map(toSql);
      if (prepared.columns.length > 0) {
        const rows = asArrays(prepared.statement.all(...values));
        return {
          rows: rows.map((row) => prepared.toRow(row)),
          changes: undefined,
          lastInsertRowid: undefined,
        };
      }
      const { changes, lastInsertRowid } = prepared.statement.run(...values);
      return {
        rows: [],
        changes: BigInt(changes),
        lastInsertRowid: BigInt(lastInsertRowid),
      };
    },
    *stream(sql, parameters) {
      // A statement can be at one row only, so one that is being read is nobody else's.
      const { statement, toRow } = prepare(database, sql);
      for (const row of statement.iterate(...parameters.map(toSql))) yield toRow(asArray(row));
    },
    exec: (sql) => database.exec(sql),
    get isInTransaction() {
      return database.isTransaction;
    },
    forgetStatements: () => statements.clear(),
    close: () => {
      statements.clear();
      database.close();
    },
  };
}

/**
 * Makes the file where there is none: SQLite would make it readable by everybody, and its companions
 * (-wal, -shm) copy its mode. One that is there is not even opened: closing it would take every lock of
 * this process from it (https://sqlite.org/howtocorrupt.html §2.2), and the next process to leave would
 * take itself for the last, and delete the log that we go on writing to.
 */
function createForOwner(file: string): void {
  try {
    closeSync(openSync(file, 'ax', 0o600));
  } catch (error) {
    if (!(error instanceof Error && Reflect.get(error, 'code') === 'EEXIST')) throw error;
  }
}

function setUp(
  database: DatabaseSync,
  synchronous: ConnectionOptions['synchronous'],
  role: ConnectionOptions['role'],
): void {
  const { cacheKibibytes, mmapBytes } = memoryFor(machineMemory());
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = ${synchronous === 'FULL' ? 'NORMAL' : 'OFF'};
    PRAGMA cache_size = -${cacheKibibytes};
    PRAGMA mmap_size = ${mmapBytes};
    PRAGMA wal_autocheckpoint = ${checkpointPages};
    PRAGMA journal_size_limit = ${64 * mebibyte};
    PRAGMA temp_store = MEMORY;
    PRAGMA trusted_schema = OFF;
    PRAGMA secure_delete = FAST;
    PRAGMA query_only = ${role === 'reader' ? 'ON' : 'OFF'};
  `);
}

const mebibyte = 2 ** 20;

// 64 MB of log, sixteen times SQLite's own measure. Copying the log into the database stops everybody
// while the disk takes it, and a page that was written again and again meanwhile is copied once. Measured
// with four times its own: a third to a half off the time of a commit, a tenth off the CPU of a second
// step; from there to this, the slowest hundredth of RADIUS requests from 6.1 to 3.4 ms.
const checkpointPages = 16_000;

// Short, because the wait blocks everything else in this process: the driver tries again in its
// own time while another process (a command, a backup) writes.
const busyMilliseconds = 5;

/**
 * Page cache and memory map of one connection for a machine with so much memory. The default cache
 * of 2 MB costs a factor of 3 to 5 once the database outgrows it (performance.md §4); memory is
 * taken only as pages are used.
 */
export function memoryFor(bytes: number): { cacheKibibytes: number; mmapBytes: number } {
  const cache = Math.min(Math.max(bytes / 64, 4 * mebibyte), 256 * mebibyte);
  const mmap = Math.min(Math.max(bytes / 4, 64 * mebibyte), 4096 * mebibyte);
  return { cacheKibibytes: Math.floor(cache / 1024), mmapBytes: Math.floor(mmap) };
}

// In a container the limit of the container counts, not the machine around it.
function machineMemory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

interface Prepared {
  readonly statement: StatementSync;
  readonly columns: readonly string[];
  toRow(values: readonly SQLOutputValue[]): Record<string, SqlValue>;
}

function prepare(database: DatabaseSync, sql: string): Prepared {
  const statement = database.prepare(sql);
  let columns = statement.columns().map(({ name }) => name);
  return {
    statement,
    columns,
    toRow: (values) => {
      // Another process changed the schema, and SQLite prepared the statement anew by itself.
      if (values.length !== columns.length) columns = statement.columns().map(({ name }) => name);
      const row: Record<string, SqlValue> = {};
      columns.forEach((column, index) => {
        row[column] = fromSql(values[index] ?? null);
      });
      return row;
    },
  };
}

// Rows come as arrays (`returnArrays`), which the types of Node do not know.
function asArrays(rows: readonly unknown[]): readonly (readonly SQLOutputValue[])[] {
  return rows.map(asArray);
}

function asArray(row: unknown): readonly SQLOutputValue[] {
  if (!Array.isArray(row)) throw new TypeError('SQLite gave a row in another form than asked for.');
  return row;
}

const largestSafe = BigInt(Number.MAX_SAFE_INTEGER);

function fromSql(value: SQLOutputValue): SqlValue {
  if (typeof value === 'bigint') {
    return value <= largestSafe && value >= -largestSafe ? Number(value) : value;
  }
  if (value instanceof Uint8Array) {
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  }
  return value;
}

function toSql(value: unknown): SQLInputValue {
  if (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    value instanceof Uint8Array
  ) {
    return value;
  }
  const kind = value instanceof Date ? 'Date' : typeof value;
  throw new TypeError(`SQLite cannot hold a ${kind}: translate it before.`);
}

interface StatementCache {
  get(sql: string): Prepared;
  clear(): void;
}

const mostStatements = 500;

// Who was prepared first is forgotten first: keeping them in the order of their use would cost more, at
// each statement, than preparing one anew does now and then.
function createStatementCache(make: (sql: string) => Prepared): StatementCache {
  const cached = new Map<string, Prepared>();
  return {
    get: (sql) => {
      const known = cached.get(sql);
      if (known !== undefined) return known;
      const prepared = make(sql);
      cached.set(sql, prepared);
      if (cached.size > mostStatements) {
        for (const oldest of cached.keys()) {
          cached.delete(oldest);
          break;
        }
      }
      return prepared;
    },
    clear: () => cached.clear(),
  };
}

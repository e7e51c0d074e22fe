/**
 * One database file as this process has it open: transactions and writes take turns on one
 * connection (`writer.ts`), reads outside a transaction never wait. Kysely's driver stands on this,
 * and so may whoever runs statements that Kysely only wrote.
 */
import { retrying } from './busy.ts';
import { openConnection, type SqliteConnection, type StatementResult } from './connection.ts';
import { createFlusher, noFlusher } from './flusher.ts';
import { createWriter, type Turn } from './writer.ts';

export interface SqliteOptions {
  /** Path of the database file; `:memory:` for one that lives as long as the process. */
  readonly file: string;
  /** `FULL` (default): a commit survives a power cut. `OFF`: for tests and samples. */
  readonly synchronous?: 'FULL' | 'OFF';
  /** How long to try, in seconds, while another process writes. Default 10. */
  readonly busySeconds?: number;
  /** Keeps everybody else out while it is open, and fails where somebody is in. Default false. */
  readonly isAlone?: boolean;
}

export interface SqliteDatabase {
  /** Runs a statement that only reads; sees what is committed, and waits for nobody. */
  read(sql: string, parameters: readonly unknown[]): Promise<StatementResult>;
  /** Runs a statement as a transaction of its own. */
  write(sql: string, parameters: readonly unknown[]): Promise<StatementResult>;
  /** The same without waiting for the disk: a power cut may take it, and nothing that came before. */
  writeHastily(sql: string, parameters: readonly unknown[]): Promise<StatementResult>;
  /** Waits for its turn and opens a transaction. */
  begin(): Promise<Turn>;
  /** Reads row by row; undefined where the one connection also writes, maybe between two rows. */
  readonly stream: SqliteConnection['stream'] | undefined;
  /** Waits for all who came before. Once is enough, twice does no harm. */
  close(): Promise<void>;
}

/** Opens the file, which need not exist yet. */
export async function openSqliteDatabase({
  file,
  synchronous = 'FULL',
  busySeconds = 10,
  isAlone = false,
}: SqliteOptions): Promise<SqliteDatabase> {
  const retry = retrying(busySeconds);
  const connection = await retry(() =>
    openConnection({ file, synchronous, role: 'writer', isAlone }),
  );
  // Two connections in memory would be two databases, and who is alone lets no second one in.
  const reader =
    isAlone || file === ':memory:'
      ? undefined
      : await retry(() => openConnection({ file, synchronous, role: 'reader' }));
  const flusher = synchronous === 'FULL' && file !== ':memory:' ? createFlusher(file) : noFlusher;
  const writer = createWriter(connection, flusher, retry, () => reader?.forgetStatements());
  const close = async (): Promise<void> => {
    await writer.close();
    flusher.close();
    reader?.close();
    connection.close();
  };
  let closing: Promise<void> | undefined;

  return {
    read: (sql, parameters) => {
      if (reader === undefined) return writer.alone(sql, parameters);
      // Between two transactions the writer has at hand what the reader must read anew from the log.
      const from = writer.isIdle ? connection : reader;
      return retry(() => from.run(sql, parameters));
    },
    write: (sql, parameters) => writer.alone(sql, parameters),
    writeHastily: (sql, parameters) => writer.alone(sql, parameters, true),
    begin: () => writer.begin(),
    stream: reader?.stream,
    close: () => (closing ??= close()),
  };
}

/**
 * Owns the file of a backup: its head says what it is; then comes for each table its name with its
 * columns, and its rows; at the end how many rows there are. Every line is JSON: numbers, text and null as
 * they are, bytes as base64 in an array of their own, so that it says the same to every engine. Secrets
 * stand in it as in the database: sealed. Docs for people: docs/operating/backup.md.
 */
import { z } from 'zod';

import { openAuthenticFile, type AuthenticFile } from '../lib/authentic-file.ts';
import { createSecretBox, type SecretBox } from '../lib/secret-box.ts';
import { planFrom } from '../stores/sql/migrate.ts';
import type { Piece } from '../stores/sql/refill.ts';
import type { Cell, TableContent } from '../stores/sql/snapshot.ts';
import { boxKeys, keyCheckOf } from './keys.ts';

/** Raised when an older program could not read what is written. */
const format = 1;

/** What every head begins with. */
const word = 'tweestap-backup ';

const headShape = z.object({
  format: z.int(),
  /** Which program wrote it. */
  version: z.string(),
  engine: z.enum(['sqlite', 'postgresql']),
  takenAt: z.iso.datetime().transform((text) => new Date(text)),
  /** The migrations that had been done. */
  migrations: z.array(z.string()).min(1),
  /** Whose secrets these are: what only the installation's first key makes. */
  keyCheck: z.string(),
  /** Which key seals now. */
  keyId: z.string(),
  /** The key of what is looked up by a hash, sealed; absent where the database did not keep it yet. */
  hashKey: z.base64().exactOptional(),
});

/** What a backup says of itself. */
export type BackupHead = z.infer<typeof headShape>;

/** The key of an installation, as far as a backup needs it. */
export interface KeyAtHand {
  readonly box: SecretBox;
  /** The same for every installation with this key; tells nothing of it. */
  readonly check: string;
  /** Names each key: the one that seals, then those before it. */
  readonly ids: readonly string[];
}

/** The keys of an installation, the one in use first, and the hash key as it is kept, sealed. */
export function keyAtHand(
  keys: readonly [Buffer, ...Buffer[]],
  sealedHashKey: string | undefined,
): KeyAtHand {
  const named = boxKeys(keys, sealedHashKey);
  const box = createSecretBox(named);
  const ids = [named.current, ...named.previous].map(({ id }) => id);
  return { box, check: keyCheckOf(box), ids };
}

/** Under which a file is authentic. */
export function fileKeyOf({ box }: Pick<KeyAtHand, 'box'>): Buffer {
  return box.keyedHash('backup-file', 'authentic');
}

/** The first line. */
export function headLine(head: Omit<BackupHead, 'format'>): string {
  return `${word}${JSON.stringify({ format, ...head })}`;
}

/** The lines of these tables; `onRow` hears of each row. */
export async function* linesOf(
  tables: AsyncIterable<TableContent>,
  onRow: () => void,
): AsyncIterable<string> {
  let count = 0;
  for await (const { table, columns, rows } of tables) {
    yield JSON.stringify({ table, columns });
    for await (const row of rows) {
      yield JSON.stringify(row.map(written));
      count += 1;
      onRow();
    }
  }
  yield JSON.stringify({ rows: count });
}

/** A backup that is whole, authentic and not too new; close it at the end. */
export interface Backup {
  readonly head: BackupHead;
  /** What reads the secrets in it. */
  readonly key: KeyAtHand;
  /** Throws where the file is changed while it is read. */
  pieces(): AsyncIterable<Piece>;
  close(): Promise<void>;
}

/** Opens a backup and reads it to its end, or says in one sentence why it is refused. */
export async function openBackup(
  file: string,
  keys: readonly [Buffer, ...Buffer[]],
): Promise<Backup | { readonly refused: string }> {
  const opened = await openAuthenticFile(file);
  if (opened === undefined) return { refused: noBackup(file) };
  const judged = await judge(file, opened, keys);
  if ('refused' in judged) {
    await opened.close();
    return judged;
  }
  return {
    ...judged,
    pieces: () => piecesOf(opened.lines(fileKeyOf(judged.key))),
    close: opened.close,
  };
}

/** What a file says of itself, once that is known to be true. */
async function judge(
  file: string,
  opened: AuthenticFile,
  keys: readonly [Buffer, ...Buffer[]],
): Promise<Pick<Backup, 'head' | 'key'> | { readonly refused: string }> {
  if (!opened.head.startsWith(word)) return { refused: noBackup(file) };
  const said = jsonOf(opened.head.slice(word.length));
  const newer = z.object({ format: z.int().min(format + 1) }).safeParse(said);
  if (newer.success) return { refused: `${file} was written by a newer Tweestap than this one.` };
  const { success, data: head } = headShape.safeParse(said);
  if (!success) return { refused: noBackup(file) };
  const key = keyAtHand(keys, head.hashKey);
  if (head.keyCheck !== key.check || !key.ids.includes(head.keyId)) {
    const atHand = key.ids.join(', ');
    return {
      refused: `${file} was sealed with another secret key (${head.keyId}) than the one at hand (${atHand}).`,
    };
  }
  if (!(await opened.isWhole(fileKeyOf(key)))) {
    return { refused: `${file} was cut off or changed.` };
  }
  const { unknown } = planFrom(head.migrations);
  if (unknown.length === 0) return { head, key };
  return {
    refused: `${file} was written by a newer Tweestap than this one (${head.version}: ${unknown.join(', ')}).`,
  };
}

function noBackup(file: string): string {
  return `${file} is no backup of Tweestap.`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const cellShape = z.union([
  z.string(),
  z.number(),
  z.null(),
  z.tuple([z.base64()]).transform(([bytes]) => Buffer.from(bytes, 'base64')),
]);
const tableShape = z.object({ table: z.string(), columns: z.array(z.string()).min(1) });
const endShape = z.object({ rows: z.int() });

async function* piecesOf(lines: AsyncIterable<string>): AsyncIterable<Piece> {
  let count = 0;
  let told: number | undefined;
  for await (const line of lines) {
    const said: unknown = JSON.parse(line);
    if (Array.isArray(said)) {
      count += 1;
      yield said.map(cellOf);
      continue;
    }
    const end = endShape.safeParse(said);
    if (end.success) told = end.data.rows;
    else yield tableShape.parse(said);
  }
  if (told !== count) throw new Error(`There are ${count} rows where ${told} were written.`);
}

function written(cell: Cell): unknown {
  return Buffer.isBuffer(cell) ? [cell.toString('base64')] : cell;
}

// Millions of them: what is plain is not walked through a shape.
function cellOf(said: unknown): Cell {
  return typeof said === 'string' || typeof said === 'number' || said === null
    ? said
    : cellShape.parse(said);
}

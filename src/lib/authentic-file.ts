/**
 * Files that are there whole or not at all, and that nobody changed: a line in the clear that says what
 * it is, then lines, compressed, then an HMAC over all of it. Whoever has not the key can neither change
 * nor shorten one unseen. What is in it can be read by everybody who has the file.
 */
import { createHmac, randomBytes, timingSafeEqual, type Hmac } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, open, rename, unlink, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';

import { codeOf, syncFolder } from './key-file.ts';

const macBytes = 32;
/** The longest first line that is read, with its end. */
const longestHead = 64 * 1024;
/** So much is compressed at once; a line may be longer. */
const pieceLength = 64 * 1024;

/** A file cannot be there twice: somebody else's is left alone. */
export class FileExistsError extends Error {
  override readonly name = 'FileExistsError';
}

/** What stood in the file is not what was written into it. */
export class NotAuthenticError extends Error {
  override readonly name = 'NotAuthenticError';
}

export interface AuthenticFileContent {
  /** The first line, in the clear; without a line end. */
  readonly head: string;
  /** Without line ends; read one after another, so that there may be millions. */
  readonly lines: AsyncIterable<string>;
  /** 32 random bytes. */
  readonly key: Uint8Array;
}

/**
 * Writes a file for its owner only; resolves, once it is on the disk, to its length in bytes. Until then
 * it stands beside its place under a name of its own, which is removed again where anything fails.
 * `replaces` (default false) lets it take the place of another; else that is a `FileExistsError`.
 */
export async function writeAuthenticFile(
  file: string,
  { head, lines, key }: AuthenticFileContent,
  { replaces = false }: { readonly replaces?: boolean } = {},
): Promise<number> {
  // Before the work, for whoever would wait for it in vain.
  if (!replaces && existsSync(file)) throw alreadyThere(file);
  const beside = `${file}.${randomBytes(6).toString('hex')}.part`;
  const handle = await open(beside, 'wx', 0o600);
  try {
    const mac = createHmac('sha256', key);
    let length = 0;
    const put = async (bytes: Uint8Array): Promise<void> => {
      await handle.writeFile(bytes);
      length += bytes.length;
    };
    const counted = async (bytes: Buffer): Promise<void> => {
      mac.update(bytes);
      await put(bytes);
    };
    try {
      await counted(Buffer.from(`${head}\n`));
      await pipeline(
        Readable.from(inPieces(lines)),
        createGzip(),
        async (compressed: AsyncIterable<Buffer>) => {
          for await (const bytes of compressed) await counted(bytes);
        },
      );
      await put(mac.digest());
      await handle.sync();
    } finally {
      await handle.close();
    }
    await (replaces ? rename(beside, file) : moveToFree(beside, file));
    syncFolder(dirname(file));
    return length;
  } catch (error) {
    await unlink(beside).catch(() => undefined);
    throw error;
  }
}

/** A file that was opened; close it at the end. */
export interface AuthenticFile {
  /** The first line. Nothing says that it is true before `isWhole` does. */
  readonly head: string;
  /** Reads all of it: whether it is as it was written under this key, to its end. */
  isWhole(key: Uint8Array): Promise<boolean>;
  /** The lines; throws `NotAuthenticError` at their end where the file was changed while it was read. */
  lines(key: Uint8Array): AsyncIterable<string>;
  close(): Promise<void>;
}

/** Opens a file; undefined for what begins with no line. Throws what the file system says. */
export async function openAuthenticFile(file: string): Promise<AuthenticFile | undefined> {
  const handle = await open(file, 'r');
  const { size } = await handle.stat();
  const beginning = Buffer.alloc(Math.min(size, longestHead));
  await handle.read(beginning, 0, beginning.length, 0);
  const headLength = beginning.indexOf('\n') + 1;
  if (headLength === 0 || size < headLength + macBytes) {
    await handle.close();
    return undefined;
  }
  const head = beginning.subarray(0, headLength);
  return {
    head: head.toString('utf8', 0, headLength - 1),
    isWhole: async (key) => {
      const mac = createHmac('sha256', key).update(head);
      for await (const bytes of part(handle, headLength, size - macBytes)) mac.update(bytes);
      return await isTrue(mac, handle, size);
    },
    async *lines(key) {
      const mac = createHmac('sha256', key).update(head);
      const compressed = async function* (): AsyncIterable<Buffer> {
        for await (const bytes of part(handle, headLength, size - macBytes)) {
          mac.update(bytes);
          yield bytes;
        }
      };
      const texts = createGunzip().setEncoding('utf8');
      // Whatever goes wrong on the way destroys both ends, so it is thrown below.
      pipeline(Readable.from(compressed()), texts).catch(() => undefined);
      let rest = '';
      for await (const text of texts) {
        const lines = `${rest}${String(text)}`.split('\n');
        rest = lines.pop() ?? '';
        yield* lines;
      }
      if (rest !== '' || !(await isTrue(mac, handle, size))) throw new NotAuthenticError();
    },
    close: () => handle.close(),
  };
}

async function isTrue(mac: Hmac, handle: FileHandle, size: number): Promise<boolean> {
  const written = Buffer.alloc(macBytes);
  await handle.read(written, 0, macBytes, size - macBytes);
  return timingSafeEqual(written, mac.digest());
}

async function* part(handle: FileHandle, from: number, to: number): AsyncIterable<Buffer> {
  for (let at = from; at < to;) {
    const bytes = Buffer.alloc(Math.min(pieceLength, to - at));
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, at);
    // Somebody shortened it meanwhile.
    if (bytesRead === 0) throw new NotAuthenticError();
    yield bytes.subarray(0, bytesRead);
    at += bytesRead;
  }
}

async function* inPieces(lines: AsyncIterable<string>): AsyncIterable<string> {
  let piece = '';
  for await (const line of lines) {
    piece += `${line}\n`;
    if (piece.length < pieceLength) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

/** A link refuses a name that is taken, which a renaming does not. Some file systems know no links. */
async function moveToFree(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (codeOf(error) === 'EEXIST' || existsSync(to)) throw alreadyThere(to);
    await rename(from, to);
    return;
  }
  await unlink(from);
}

function alreadyThere(file: string): FileExistsError {
  return new FileExistsError(`${file} is there already.`);
}

/**
 * Keys that live in a file: one a line, the one in use first, those before it after. Whoever loses
 * the file loses what the keys seal, so it is on the disk before it is used, and replaced whole.
 */
import {
  closeSync,
  existsSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** Length of a key in bytes. */
export const keyBytes = 32;

/** 32 bytes written as base64, base64url or hexadecimal, or undefined where it is none of these. */
export function parseKey(text: string): Buffer | undefined {
  const trimmed = text.trim();
  if (/^[0-9a-f]{64}$/i.test(trimmed)) return Buffer.from(trimmed, 'hex');
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed)) return undefined;
  const key = Buffer.from(trimmed, 'base64url');
  return key.length === keyBytes ? key : undefined;
}

/** A file of keys that cannot be used, in words for whoever runs this. */
export class KeyFileError extends Error {
  override readonly name = 'KeyFileError';
}

/** The keys of a file, undefined where there is no file. Throws `KeyFileError` when it cannot be read or holds something else. */
export function readKeyFile(file: string): readonly [Buffer, ...Buffer[]] | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new KeyFileError(`${file} cannot be read (${codeOf(error)}).`, { cause: error });
  }
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const keys = lines.map(parseKey).filter((key) => key !== undefined);
  const [first, ...rest] = keys;
  if (first === undefined || keys.length !== lines.length) {
    throw new KeyFileError(`${file} does not hold keys of ${keyBytes} bytes, one a line.`);
  }
  return [first, ...rest];
}

/**
 * Keeps a first key in a new file that only its owner can read, durably; resolves to what stands in
 * the file, which is somebody else's key when they were first.
 */
export function makeKeyFile(file: string, key: Buffer): readonly [Buffer, ...Buffer[]] {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  try {
    writeNewKeyFile(file, [key]);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
  const keys = readKeyFile(file);
  if (keys === undefined) throw new Error(`${file} vanished while it was made.`);
  return keys;
}

/**
 * Keeps keys durably in a file of their own that only its owner can read; throws where it is there already.
 * It appears under its name once it is whole: a full disk, or a power cut, leaves no half one there.
 */
export function writeNewKeyFile(file: string, keys: readonly Buffer[]): void {
  const beside = `${file}.${process.pid}.new`;
  rmSync(beside, { force: true });
  try {
    const handle = openSync(beside, 'wx', 0o600);
    try {
      writeKeys(handle, keys);
    } finally {
      closeSync(handle);
    }
    moveToFree(beside, file);
  } finally {
    rmSync(beside, { force: true });
  }
  syncFolder(dirname(file));
}

/** A link refuses a name that is taken, which a renaming does not. Some file systems know no links. */
function moveToFree(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw error;
    if (existsSync(to)) throw Object.assign(new Error(`${to} is there.`), { code: 'EEXIST' });
    renameSync(from, to);
  }
}

/**
 * Puts other keys into a file that is there, durably: whoever reads it, also after a power cut, finds
 * all of the old ones or all of the new. False, and nothing is done, where others stand there than
 * `from`. It stays with its owner, who may not be who replaces it.
 */
export function replaceKeyFile(
  named: string,
  { from, to }: { readonly from: readonly Buffer[]; readonly to: readonly Buffer[] },
): boolean {
  // The file itself, not a name that leads to it.
  const file = realpathSync(named);
  const { uid, gid } = statSync(file);
  const beside = `${file}.new`;
  // Left over where somebody was stopped between the next lines.
  rmSync(beside, { force: true });
  const handle = openSync(beside, 'wx', 0o600);
  try {
    fchmodSync(handle, 0o600);
    if (process.platform !== 'win32') fchownSync(handle, uid, gid);
    writeKeys(handle, to);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  } finally {
    closeSync(handle);
  }
  const standing = readKeyFile(file) ?? [];
  if (standing.length !== from.length || !standing.every((key, at) => from[at]?.equals(key))) {
    rmSync(beside, { force: true });
    return false;
  }
  renameSync(beside, file);
  syncFolder(dirname(file));
  return true;
}

function writeKeys(handle: number, keys: readonly Buffer[]): void {
  writeSync(handle, keys.map((key) => `${key.toString('base64url')}\n`).join(''));
  fsyncSync(handle);
}

/** Whether others than the owner could read a file; never on Windows, which keeps that elsewhere. */
export function isOpenToOthers(file: string): boolean {
  return process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0;
}

/** Makes the names in a folder durable: the name of a file is part of its folder, not of the file. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** What the file system calls what went wrong: `ENOENT`. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
}

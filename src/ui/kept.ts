/**
 * Owns what takes long to make of a file and is the same every time: it is kept beside Node's compile
 * cache, where nobody else may write. That is only ever a shortcut, and may be absent.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { getCompileCacheDir } from 'node:module';
import { join } from 'node:path';
import { pid, version } from 'node:process';

/** What `make` makes of `source`: as it was made before, by this version of Node. `kind` names the making. */
export function kept(kind: string, source: string | Buffer, make: () => Buffer): Buffer {
  const folder = getCompileCacheDir();
  if (folder === undefined) return make();
  const name = createHash('sha256').update(version).update(source).digest('base64url');
  const file = join(folder, `${name}.${kind}`);
  const found = read(file);
  if (found !== undefined) return found;
  const made = make();
  keep(folder, file, made);
  return made;
}

function read(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** Written aside and renamed: nobody reads half a file. */
function keep(folder: string, file: string, made: Buffer): void {
  try {
    mkdirSync(folder, { recursive: true });
    const aside = `${file}.${pid}`;
    writeFileSync(aside, made);
    renameSync(aside, file);
  } catch {
    // A folder that cannot be written is no reason not to start.
  }
}

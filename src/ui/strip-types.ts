/**
 * Owns making JavaScript of the elements' TypeScript. Node's own stripper costs 19 MB and 50 ms the
 * first time it is asked, so what it said of a file is kept beside Node's compile cache.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { getCompileCacheDir, stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { pid, version } from 'node:process';

/** The source without its types; the cache is only ever a shortcut, and may be absent. */
export function stripTypes(source: string): string {
  const folder = getCompileCacheDir();
  if (folder === undefined) return stripTypeScriptTypes(source);
  const name = createHash('sha256').update(version).update(source).digest('base64url');
  const file = join(folder, `${name}.stripped.js`);
  const kept = read(file);
  if (kept !== undefined) return kept;
  const plain = stripTypeScriptTypes(source);
  keep(folder, file, plain);
  return plain;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Written aside and renamed: nobody reads half a file. */
function keep(folder: string, file: string, plain: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    const aside = `${file}.${pid}`;
    writeFileSync(aside, plain);
    renameSync(aside, file);
  } catch {
    // A folder that cannot be written is no reason not to start.
  }
}

/**
 * Owns making JavaScript of the elements' TypeScript. Node's own stripper costs 19 MB and 50 ms the
 * first time it is asked, so what it said of a file is kept.
 */
import { stripTypeScriptTypes } from 'node:module';

import { kept } from './kept.ts';

/** The source without its types. */
export function stripTypes(source: string): string {
  return kept('stripped.js', source, () => Buffer.from(stripTypeScriptTypes(source))).toString();
}

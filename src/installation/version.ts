/** Owns which version of Tweestap this is: what its package says. */
import { readFileSync } from 'node:fs';

/** The version of this program, such as `1.2.3`. */
export function programVersion(): string {
  const manifest: { readonly version: string } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  return manifest.version;
}

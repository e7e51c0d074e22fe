import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';

import { linkModules, type LinkOptions } from './link.ts';

describe('putting modules together', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'tweestap-link-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  const link = (files: Readonly<Record<string, string>>, options: LinkOptions = {}): string => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return linkModules(pathToFileURL(join(folder, 'entry.ts')), options);
  };
  const run = async (text: string): Promise<Readonly<Record<string, unknown>>> =>
    import(`data:text/javascript,${encodeURIComponent(text)}`);

  it('runs each of them once, and keeps their names apart', async () => {
    const text = link(
      {
        'entry.ts': [
          "import { count, type Shape } from './shared.ts';",
          "import {\n  twice as doubled,\n} from './twice.ts';",
          "import type { Other } from './shared.ts';",
          'declare const edition: string;',
          'const secret = 1;',
          'export const result: readonly unknown[] = [doubled(), count(), secret, edition];',
        ].join('\n'),
        'twice.ts': [
          "import { count } from './shared.ts';",
          'const secret = 2;',
          'export function twice(): number { return count() * secret; }',
        ].join('\n'),
        'shared.ts': [
          'let times = 20;',
          'export interface Shape { readonly a: 1 }',
          'export type Other = Shape;',
          'export const count = (): number => (times += 1);',
        ].join('\n'),
      },
      { constants: { edition: 'x"y' } },
    );
    assert.deepEqual((await run(text))['result'], [42, 22, 1, 'x"y']);
  });

  it('leads to what is loaded later and to packages by their address', () => {
    const text = link(
      {
        'entry.ts':
          "import { read } from 'some/package';\nexport const later = () => import('./later.ts');\nread();",
      },
      { later: (url) => `/files/${url.pathname.split('/').at(-1)}`, packages: () => '/files/p.js' },
    );
    assert.match(text, /^import \{ read \} from '\/files\/p\.js';/);
    assert.match(text, /import\("\/files\/later\.ts"\)/);
  });

  it('refuses what it does not understand', () => {
    for (const entry of [
      'export default 1;',
      "export * from './other.ts';",
      'const a = 1;\nexport { a };',
      "import * as all from './other.ts';",
      "import some from './other.ts';",
      'export let a = 1;',
      "import { a } from 'unknown';",
    ]) {
      assert.throws(() => link({ 'entry.ts': entry, 'other.ts': '' }), Error, entry);
    }
  });
});

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { enableCompileCache, getCompileCacheDir } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';

import { kept } from './kept.ts';

describe('what is kept of a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tweestap-kept-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  let makings = 0;
  const loud = (source: string): string =>
    kept('loud', source, () => {
      makings += 1;
      return Buffer.from(source.toUpperCase());
    }).toString();

  // The first test: a process that keeps its compiled code cannot stop doing so.
  it('is made each time where there is nowhere to keep it', () => {
    assert.equal(getCompileCacheDir(), undefined);
    assert.equal(loud('door'), 'DOOR');
    assert.equal(loud('door'), 'DOOR');
    assert.equal(makings, 2);
  });

  it('is made once, and again when the file has changed', () => {
    enableCompileCache(folder);
    makings = 0;
    assert.deepEqual([loud('door'), loud('door'), loud('doors')], ['DOOR', 'DOOR', 'DOORS']);
    assert.equal(makings, 2);
    assert.equal(kept('quiet', 'door', () => Buffer.from('door')).toString(), 'door');
  });

  it('is made all the same where the folder has become a file', () => {
    const place = getCompileCacheDir() ?? assert.fail();
    assert.ok(readdirSync(place).length >= 3);
    rmSync(place, { recursive: true });
    writeFileSync(place, '');
    assert.equal(loud('window'), 'WINDOW');
  });
});

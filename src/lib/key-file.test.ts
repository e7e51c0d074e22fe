import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';

import {
  isOpenToOthers,
  makeKeyFile,
  parseKey,
  readKeyFile,
  replaceKeyFile,
  writeNewKeyFile,
} from './key-file.ts';

const withoutPrlimit =
  spawnSync('prlimit', ['--version']).status === 0 ? false : 'there is no prlimit here';

describe('a file of keys', () => {
  const folder = mkdtempSync(join(tmpdir(), 'key-file-'));
  after(() => rmSync(folder, { recursive: true }));
  const one = Buffer.alloc(32, 1);
  const two = Buffer.alloc(32, 2);

  it('is made for its owner only, in a folder that need not be there', () => {
    const file = join(folder, 'deep', 'down', 'secret.key');
    assert.deepEqual(makeKeyFile(file, one), [one]);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal(isOpenToOthers(file), false);
    chmodSync(file, 0o640);
    assert.equal(isOpenToOthers(file), true);
  });

  it('is never replaced: whoever comes second gets the key of the first', () => {
    const file = join(folder, 'first');
    makeKeyFile(file, one);
    assert.deepEqual(makeKeyFile(file, two), [one]);
  });

  it('lists the key in use first', () => {
    const file = join(folder, 'rotated');
    makeKeyFile(file, one);
    writeFileSync(file, `${two.toString('hex')}\n${readFileSync(file, 'utf8')}`);
    assert.deepEqual(readKeyFile(file), [two, one]);
  });

  it('is changed as a whole, by whoever knows what stands in it, and stays its owner’s alone', () => {
    const file = join(folder, 'changed');
    makeKeyFile(file, one);
    chmodSync(file, 0o640);
    writeFileSync(`${file}.new`, 'left over');
    assert.equal(replaceKeyFile(file, { from: [two], to: [two, one] }), false);
    assert.deepEqual(readKeyFile(file), [one]);
    const link = join(folder, 'link');
    symlinkSync(file, link);
    assert.equal(replaceKeyFile(link, { from: [one], to: [two, one] }), true);
    assert.deepEqual(readKeyFile(file), [two, one]);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.ok(lstatSync(link).isSymbolicLink() && !existsSync(`${file}.new`));
  });

  it('takes nobody else’s place where it is to be new', () => {
    const file = join(folder, 'new');
    writeNewKeyFile(file, [two, one]);
    assert.deepEqual(readKeyFile(file), [two, one]);
    assert.equal(isOpenToOthers(file), false);
    assert.throws(() => writeNewKeyFile(file, [one]), { code: 'EEXIST' });
  });

  it('is not there at all where the disk took none of it', { skip: withoutPrlimit }, () => {
    const file = join(folder, 'full');
    const module = new URL('key-file.ts', import.meta.url).href;
    const program = `import { makeKeyFile } from '${module}'; makeKeyFile('${file}', Buffer.alloc(32, 1));`;
    const { status } = spawnSync('prlimit', [
      '--fsize=0:unlimited',
      process.execPath,
      '--input-type=module',
      '--eval',
      program,
    ]);
    assert.notEqual(status, 0);
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.startsWith('full')),
      [],
    );
    assert.deepEqual(makeKeyFile(file, one), [one], 'and is made once there is room');
  });

  it('may be absent, but not damaged', () => {
    assert.equal(readKeyFile(join(folder, 'absent')), undefined);
    const file = join(folder, 'damaged');
    writeFileSync(file, 'not a key\n');
    assert.throws(() => readKeyFile(file), /does not hold keys/);
    writeFileSync(file, '');
    assert.throws(() => readKeyFile(file), /does not hold keys/);
  });

  it('holds keys of 32 bytes in any usual spelling, and nothing else', () => {
    for (const spelling of ['base64', 'base64url', 'hex'] as const) {
      assert.deepEqual(parseKey(` ${one.toString(spelling)}\n`), one);
    }
    assert.equal(parseKey(Buffer.alloc(31).toString('base64')), undefined);
    assert.equal(parseKey(''), undefined);
  });
});

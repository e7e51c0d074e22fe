import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';

import { FileExistsError, openAuthenticFile, writeAuthenticFile } from './authentic-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'authentic-'));
after(() => rmSync(folder, { recursive: true }));

const key = Buffer.alloc(32, 1);
const head = 'what it is {"a":1}';

async function* three(): AsyncIterable<string> {
  yield 'one';
  yield '';
  yield 'drei – ✓';
}

let files = 0;
async function write(lines: AsyncIterable<string> = three()): Promise<string> {
  const file = join(folder, `${(files += 1)}.file`);
  const length = await writeAuthenticFile(file, { head, lines, key });
  assert.equal(statSync(file).size, length);
  return file;
}

async function read(file: string, under = key) {
  const opened = (await openAuthenticFile(file)) ?? assert.fail('no head');
  try {
    const isWhole = await opened.isWhole(under);
    const lines: string[] = [];
    for await (const line of opened.lines(under)) lines.push(line);
    return { head: opened.head, isWhole, lines };
  } finally {
    await opened.close();
  }
}

describe('an authentic file', () => {
  it('says what was written into it, line by line, to its owner only', async () => {
    const file = await write();
    assert.deepEqual(await read(file), { head, isWhole: true, lines: ['one', '', 'drei – ✓'] });
    assert.equal(statSync(file).mode & 0o777, 0o600);
  });

  it('may hold nothing, and lines longer than what is compressed at once', async () => {
    const long = 'x'.repeat(300_000);
    const lines = await read(
      await write(
        (async function* () {
          yield long;
          yield 'end';
        })(),
      ),
    );
    assert.deepEqual(lines.lines, [long, 'end']);
    assert.deepEqual((await read(await write((async function* () {})()))).lines, []);
  });

  it('is not whole once any byte of it is another, is gone, or is too many', async () => {
    const file = await write();
    const good = readFileSync(file);
    for (let at = 0; at < good.length; at += 1) {
      const changed = Buffer.from(good);
      changed[at] = (changed[at] ?? 0) ^ 1;
      if (at === head.length) continue;
      writeFileSync(file, changed);
      const opened = await openAuthenticFile(file);
      assert.equal(await opened?.isWhole(key), false, `byte ${at}`);
      await opened?.close();
    }
    for (const cut of [good.subarray(0, -1), good.subarray(0, 60), Buffer.concat([good, good])]) {
      writeFileSync(file, cut);
      const opened = await openAuthenticFile(file);
      assert.equal(await opened?.isWhole(key), false);
      await opened?.close();
    }
    for (const nothing of ['', 'no line', 'short\n']) {
      writeFileSync(file, nothing);
      assert.equal(await openAuthenticFile(file), undefined);
    }
  });

  it('is not whole under another key', async () => {
    const opened = await openAuthenticFile(await write());
    assert.equal(await opened?.isWhole(Buffer.alloc(32, 2)), false);
    await opened?.close();
  });

  it('tells at its end that it was changed while it was read', async () => {
    const file = await write();
    const opened = (await openAuthenticFile(file)) ?? assert.fail();
    assert.ok(await opened.isWhole(key));
    const other = readFileSync(file);
    other[other.length - 1] = (other.at(-1) ?? 0) ^ 1;
    writeFileSync(file, other);
    await assert.rejects(async () => {
      for await (const line of opened.lines(key)) assert.ok(line.length < 9);
    }, /NotAuthenticError/);
    await opened.close();
  });

  it('takes the place of no other, unless it may', async () => {
    const file = await write();
    const before = readFileSync(file);
    const content = { head, lines: three(), key };
    await assert.rejects(writeAuthenticFile(file, content), FileExistsError);
    assert.deepEqual(readFileSync(file), before);
    // Somebody else was first, while it was written.
    const late = join(folder, 'late.file');
    const slowly = (async function* () {
      yield 'one';
      writeFileSync(late, 'theirs');
    })();
    await assert.rejects(writeAuthenticFile(late, { head, lines: slowly, key }), FileExistsError);
    assert.equal(readFileSync(late, 'utf8'), 'theirs');
    await writeAuthenticFile(late, content, { replaces: true });
    assert.ok((await read(late)).isWhole);
  });

  it('is not there at all where the lines end in an error', async () => {
    const file = join(folder, 'never.file');
    const failing = (async function* () {
      yield 'one';
      throw new Error('the disk is full');
    })();
    const content = { head, lines: failing, key };
    await assert.rejects(writeAuthenticFile(file, content), /the disk is full/);
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.startsWith('never') || name.endsWith('.part')),
      [],
    );
  });
});

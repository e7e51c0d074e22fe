import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';

import { Kysely, sql } from 'kysely';

import { createFlusher } from './flusher.ts';
import { openConnection } from './connection.ts';
import { createSqliteDialect } from './sqlite.ts';
import { createWriter } from './writer.ts';

const folder = mkdtempSync(join(tmpdir(), 'tweestap-flusher-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const once = <result>(work: () => result): Promise<result> =>
  new Promise((done) => {
    done(work());
  });

describe('the flusher', () => {
  it('brings the log of a database to the disk, for many at once', async () => {
    const database = new Kysely<object>({
      dialect: createSqliteDialect({ file: join(folder, 'many.db') }),
    });
    await sql`create table notes (name text)`.execute(database);
    await Promise.all(
      Array.from({ length: 50 }, (_, number) =>
        sql`insert into notes values (${`${number}`})`.execute(database),
      ),
    );
    const { rows } = await sql<{ readonly count: number }>`
      select count(*) as count from notes
    `.execute(database);
    assert.equal(rows[0]?.count, 50);
    await database.destroy();
  });

  it('says so when there is no log', async () => {
    await assert.rejects(createFlusher(join(folder, 'nothing.db')).flush(), { code: 'ENOENT' });
  });

  it('tells nobody of a success that the disk did not take, and lets nobody build upon it', async () => {
    const file = join(folder, 'lost.db');
    writeFileSync(file, '');
    const connection = openConnection({ file, synchronous: 'FULL', role: 'writer' });
    connection.exec('create table notes (name text)');
    let isBroken = false;
    const flusher = {
      flush: () => (isBroken ? Promise.reject(new Error('EIO')) : Promise.resolve()),
      close: () => {},
    };
    const writer = createWriter(connection, flusher, once, () => {});
    const add = (name: string) => writer.alone('insert into notes values (?)', [name]);
    await add('kept');
    isBroken = true;
    const told = await Promise.allSettled([add('one'), add('two'), add('three')]);
    assert.deepEqual(
      told.map(({ status }) => status),
      ['rejected', 'rejected', 'rejected'],
    );
    isBroken = false;
    await assert.rejects(add('four'), /did not take/);
    await assert.rejects(writer.begin(), /did not take/);
    connection.close();
  });

  it('is waited for by whoever is not in haste, also among those who are', async () => {
    const file = join(folder, 'hasty.db');
    writeFileSync(file, '');
    const connection = openConnection({ file, synchronous: 'FULL', role: 'writer' });
    connection.exec('create table notes (name text)');
    const waiting: (() => void)[] = [];
    const flusher = {
      flush: () =>
        new Promise<void>((done) => {
          waiting.push(done);
        }),
      close: () => {},
    };
    const writer = createWriter(connection, flusher, once, () => {});
    const told: string[] = [];
    const add = async (name: string, hasty: boolean): Promise<void> => {
      const turn = await writer.begin();
      turn.run('insert into notes values (?)', [name]);
      await turn.commit(hasty);
      told.push(name);
    };
    const patient = add('patient', false);
    await Promise.all([add('hasty', true), add('another in haste', true)]);
    await add('alone and in haste', true);
    assert.deepEqual(told, ['hasty', 'another in haste', 'alone and in haste']);
    assert.ok(waiting.length > 0, 'what was committed in haste goes to the disk as well');
    for (const done of waiting) done();
    await patient;
    assert.equal(told.at(-1), 'patient');
    assert.equal(connection.run('select * from notes', []).rows.length, 4);
    connection.close();
  });

  it('takes what was committed in haste to the disk by itself, together, a moment later', async () => {
    const file = join(folder, 'soon.db');
    writeFileSync(file, '');
    const connection = openConnection({ file, synchronous: 'FULL', role: 'writer' });
    connection.exec('create table notes (name text)');
    let flushes = 0;
    let flushed = (): void => {};
    const toDisk = new Promise<void>((resolve) => {
      flushed = resolve;
    });
    const flusher = {
      flush: async () => {
        flushes += 1;
        flushed();
      },
      close: () => {},
    };
    const writer = createWriter(connection, flusher, once, () => {});
    for (const name of ['one', 'two', 'three']) {
      const turn = await writer.begin();
      turn.run('insert into notes values (?)', [name]);
      await turn.commit(true);
    }
    assert.equal(flushes, 0);
    await toDisk;
    assert.equal(flushes, 1);
    connection.close();
  });

  it('tells those in haste what failed to be committed', async () => {
    const file = join(folder, 'refused.db');
    writeFileSync(file, '');
    const connection = openConnection({ file, synchronous: 'FULL', role: 'writer' });
    connection.exec('pragma foreign_keys = on');
    connection.exec('create table people (name text primary key)');
    connection.exec(
      'create table notes (of text references people (name) deferrable initially deferred)',
    );
    const flusher = { flush: () => Promise.resolve(), close: () => {} };
    const writer = createWriter(connection, flusher, once, () => {});
    const turn = await writer.begin();
    turn.run('insert into notes values (?)', ['nobody']);
    await assert.rejects(turn.commit(true), /FOREIGN KEY/);
    assert.equal(connection.run('select * from notes', []).rows.length, 0);
    connection.close();
  });
});

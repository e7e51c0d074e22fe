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
});

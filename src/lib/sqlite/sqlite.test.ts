import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, it } from 'node:test';

import { Kysely, sql, type Generated } from 'kysely';

import { randomBelow, seededRandom } from '../random.ts';
import { memoryFor } from './connection.ts';
import { openSqliteDatabase } from './database.ts';
import { createSqliteDialect } from './sqlite.ts';
import { isUniqueViolation } from './unique-violation.ts';

interface Tables {
  readonly notes: {
    readonly id: Generated<number>;
    readonly name: string;
    readonly big: number | bigint | null;
    readonly blob: Uint8Array | null;
  };
}

const folder = mkdtempSync(join(tmpdir(), 'sqlite-'));
const opened: Kysely<Tables>[] = [];
after(async () => {
  await Promise.all(opened.map((database) => database.destroy()));
  rmSync(folder, { recursive: true });
});

let files = 0;
function newFile(): string {
  files += 1;
  return join(folder, `${files}.db`);
}

function openFile(file: string, busySeconds = 10): Kysely<Tables> {
  const database = new Kysely<Tables>({
    dialect: createSqliteDialect({ file, synchronous: 'OFF', busySeconds }),
  });
  opened.push(database);
  return database;
}

async function openNotes(file = newFile()): Promise<Kysely<Tables>> {
  const database = openFile(file);
  await sql`
    create table notes (
      id integer primary key, name text not null unique, big integer, blob blob
    ) strict
  `.execute(database);
  return database;
}

async function names(database: Kysely<Tables>): Promise<string[]> {
  const rows = await database.selectFrom('notes').select('name').orderBy('id').execute();
  return rows.map(({ name }) => name);
}

/** A promise and the function that keeps it. */
function signal(): { readonly given: Promise<void>; readonly give: () => void } {
  let give = (): void => undefined;
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give };
}

describe('an SQLite database', () => {
  it('gives back what was put in, in the types we use', async () => {
    const database = await openNotes();
    const blob = Buffer.from([0, 1, 255]);
    const added = await database
      .insertInto('notes')
      .values({ name: 'a', big: 2n ** 60n, blob })
      .executeTakeFirst();
    assert.equal(added.insertId, 1n);
    assert.equal(added.numInsertedOrUpdatedRows, 1n);
    const returned = await database
      .insertInto('notes')
      .values({ name: 'b', big: 2 ** 53 - 1 })
      .returningAll()
      .execute();
    assert.deepEqual(returned, [{ id: 2, name: 'b', big: 2 ** 53 - 1, blob: null }]);
    const rows = await database.selectFrom('notes').selectAll().execute();
    assert.deepEqual(rows[0], { id: 1, name: 'a', big: 2n ** 60n, blob });
    assert.ok(Buffer.isBuffer(rows[0]?.blob));
    const changed = await database.updateTable('notes').set({ big: -1 }).executeTakeFirst();
    assert.equal(changed.numUpdatedRows, 2n);
    const gone = await database.deleteFrom('notes').where('name', '=', 'x').executeTakeFirst();
    assert.equal(gone.numDeletedRows, 0n);
  });

  it('refuses dates and booleans rather than guess how they are kept', async () => {
    const database = await openNotes();
    await assert.rejects(sql`select ${new Date()}`.execute(database), /cannot hold a Date/);
    await assert.rejects(sql`select ${true}`.execute(database), /cannot hold a boolean/);
  });

  it('runs transactions one after the other, in the order in which they came', async () => {
    const database = await openNotes();
    const log: string[] = [];
    const work = [0, 1, 2, 3, 4].map((number) =>
      database.transaction().execute(async (transaction) => {
        log.push(`begin ${number}`);
        await transaction
          .insertInto('notes')
          .values({ name: `${number}` })
          .execute();
        await new Promise(setImmediate);
        log.push(`end ${number}`);
      }),
    );
    await Promise.all(work);
    assert.deepEqual(
      log,
      [0, 1, 2, 3, 4].flatMap((number) => [`begin ${number}`, `end ${number}`]),
    );
    assert.deepEqual(await names(database), ['0', '1', '2', '3', '4']);
  });

  it('never loses an update that two make at once', async () => {
    const database = await openNotes();
    await database.insertInto('notes').values({ name: 'counter', big: 0 }).execute();
    const raise = (): Promise<void> =>
      database.transaction().execute(async (transaction) => {
        const { big } = await transaction
          .selectFrom('notes')
          .select('big')
          .executeTakeFirstOrThrow();
        await new Promise(setImmediate);
        await transaction
          .updateTable('notes')
          .set({ big: Number(big) + 1 })
          .execute();
      });
    await Promise.all(Array.from({ length: 50 }, raise));
    const { big } = await database.selectFrom('notes').select('big').executeTakeFirstOrThrow();
    assert.equal(big, 50);
  });

  it('lets readers read while a transaction is open, and shows them only what is committed', async () => {
    const database = await openNotes();
    const wrote = signal();
    const read = signal();
    const writing = database.transaction().execute(async (transaction) => {
      await transaction.insertInto('notes').values({ name: 'open' }).execute();
      wrote.give();
      assert.deepEqual(await names(transaction), ['open']);
      await read.given;
    });
    await wrote.given;
    assert.deepEqual(await names(database), []);
    const raw = await sql<{ one: number }>`select 1 as one`.execute(database);
    assert.deepEqual(raw.rows, [{ one: 1 }]);
    read.give();
    await writing;
    assert.deepEqual(await names(database), ['open']);
  });

  it('undoes a transaction that throws, and tells its error', async () => {
    const database = await openNotes();
    const failing = database.transaction().execute(async (transaction) => {
      await transaction.insertInto('notes').values({ name: 'gone' }).execute();
      throw new Error('changed my mind');
    });
    await assert.rejects(failing, /changed my mind/);
    assert.deepEqual(await names(database), []);
    await database.insertInto('notes').values({ name: 'stays' }).execute();
    assert.deepEqual(await names(database), ['stays']);
  });

  it('undoes only the one that throws among many that share a commit', async () => {
    const database = await openNotes();
    const work = Array.from({ length: 40 }, (_, number) => {
      if (number % 5 === 0) {
        return database
          .insertInto('notes')
          .values({ name: `alone ${number}` })
          .execute();
      }
      return database.transaction().execute(async (transaction) => {
        await transaction
          .insertInto('notes')
          .values({ name: `${number}` })
          .execute();
        if (number % 3 === 0) throw new Error(`not ${number}`);
      });
    });
    const outcomes = await Promise.allSettled(work);
    const expected = outcomes.flatMap((_, number) => {
      if (number % 5 === 0) return [`alone ${number}`];
      return number % 3 === 0 ? [] : [`${number}`];
    });
    assert.deepEqual(await names(database), expected);
    outcomes.forEach(({ status }, number) => {
      const fails = number % 5 !== 0 && number % 3 === 0;
      assert.equal(status, fails ? 'rejected' : 'fulfilled', `${number}`);
    });
  });

  it('has written what it says it has written, even to one that opens the file anew', async () => {
    const file = newFile();
    const database = await openNotes(file);
    const outside = new DatabaseSync(file, { readOnly: true });
    const count = outside.prepare('select count(*) as count from notes where name = ?');
    await Promise.all(
      Array.from({ length: 200 }, async (_, number) => {
        await database.transaction().execute(async (transaction) => {
          await transaction
            .insertInto('notes')
            .values({ name: `${number}` })
            .execute();
        });
        // The moment it was acknowledged, another connection sees it.
        assert.equal(count.get(`${number}`)?.['count'], 1);
      }),
    );
    outside.close();
  });

  it('makes many that wait durable with few flushes', async () => {
    const file = newFile();
    const database = await openNotes(file);
    const outside = new DatabaseSync(file, { readOnly: true });
    const version = outside.prepare('pragma data_version');
    const seen = new Set<unknown>();
    await Promise.all(
      Array.from({ length: 64 }, async (_, number) => {
        await database
          .insertInto('notes')
          .values({ name: `${number}` })
          .execute();
        seen.add(version.get()?.['data_version']);
      }),
    );
    outside.close();
    assert.ok(seen.size < 16, `${seen.size} commits for 64 writes`);
  });

  it('says which rows exist already', async () => {
    const database = await openNotes();
    await database.insertInto('notes').values({ id: 1, name: 'a' }).execute();
    const again = (values: { id?: number; name: string }): Promise<unknown> =>
      database.insertInto('notes').values(values).execute();
    await assert.rejects(again({ name: 'a' }), isUniqueViolation);
    await assert.rejects(again({ id: 1, name: 'b' }), isUniqueViolation);
    const inTransaction = database.transaction().execute(async (transaction) => {
      await transaction.insertInto('notes').values({ name: 'c' }).execute();
      await transaction.insertInto('notes').values({ name: 'a' }).execute();
    });
    await assert.rejects(inTransaction, isUniqueViolation);
    const blank = sql`insert into notes (name) values (null)`.execute(database);
    await assert.rejects(blank, (error) => !isUniqueViolation(error));
    assert.deepEqual(await names(database), ['a']);
  });

  it('keeps a promise between tables', async () => {
    const database = await openNotes();
    await sql`create table links (note integer references notes (id))`.execute(database);
    await assert.rejects(sql`insert into links values (7)`.execute(database), /FOREIGN KEY/);
  });

  it('goes on after a conflict that was caught inside a transaction', async () => {
    const database = await openNotes();
    await database.transaction().execute(async (transaction) => {
      await transaction.insertInto('notes').values({ name: 'a' }).execute();
      await assert.rejects(transaction.insertInto('notes').values({ name: 'a' }).execute());
      await transaction.insertInto('notes').values({ name: 'b' }).execute();
    });
    assert.deepEqual(await names(database), ['a', 'b']);
  });

  it('has savepoints', async () => {
    const database = await openNotes();
    const transaction = await database.startTransaction().execute();
    await transaction.insertInto('notes').values({ name: 'before' }).execute();
    const saved = await transaction.savepoint('here').execute();
    await saved.insertInto('notes').values({ name: 'undone' }).execute();
    await saved.rollbackToSavepoint('here').execute();
    await transaction.commit().execute();
    assert.deepEqual(await names(database), ['before']);
  });

  it('streams rows, also while others write and read', async () => {
    const database = await openNotes();
    const values = Array.from({ length: 100 }, (_, number) => ({ name: `${number}` }));
    await database.insertInto('notes').values(values).execute();
    const read: string[] = [];
    for await (const { name } of database
      .selectFrom('notes')
      .select('name')
      .orderBy('id')
      .stream()) {
      read.push(name);
      if (read.length === 10) await database.deleteFrom('notes').execute();
      if (read.length < 20) await names(database);
    }
    // One reading, one state of the table.
    assert.equal(read.length, 100);
    assert.deepEqual(await names(database), []);
  });

  it('sees a schema that changed, its own change and that of another process', async () => {
    const file = newFile();
    const database = await openNotes(file);
    await database.insertInto('notes').values({ name: 'a' }).execute();
    const all = (): Promise<unknown> => database.selectFrom('notes').selectAll().execute();
    const before = { id: 1, name: 'a', big: null, blob: null };
    assert.deepEqual(await all(), [before]);
    await sql`alter table notes add column colour text default 'red'`.execute(database);
    assert.deepEqual(await all(), [{ ...before, colour: 'red' }]);
    const outside = new DatabaseSync(file);
    outside.exec('alter table notes add column size integer default 3');
    outside.close();
    assert.deepEqual(await all(), [{ ...before, colour: 'red', size: 3 }]);
  });

  it('changes its schema wholly or not at all', async () => {
    const database = await openNotes();
    const migration = database.transaction().execute(async (transaction) => {
      await sql`create table half (id integer)`.execute(transaction);
      throw new Error('stopped');
    });
    await assert.rejects(migration, /stopped/);
    await assert.rejects(sql`select * from half`.execute(database), /no such table/);
  });

  it('waits while another process writes, and keeps answering meanwhile', async () => {
    const file = newFile();
    const database = await openNotes(file);
    const script = `
      const { DatabaseSync } = require('node:sqlite');
      const database = new DatabaseSync(process.argv[1]);
      database.exec("begin immediate; insert into notes (name) values ('theirs')");
      process.stdout.write('locked');
      process.stdin.once('data', () => { database.exec('commit'); process.exit(0); });
    `;
    const other = spawn(process.execPath, ['-e', script, file], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await once(other.stdout, 'data');
    let written = false;
    const ours = database
      .insertInto('notes')
      .values({ name: 'ours' })
      .execute()
      .then(() => {
        written = true;
      });
    assert.deepEqual(await names(database), []);
    assert.equal(written, false);
    other.stdin.write('go');
    await ours;
    await once(other, 'exit');
    assert.deepEqual(await names(database), ['theirs', 'ours']);
  });

  it('keeps every other process from taking itself for the only one, also when opened again', async () => {
    const file = newFile();
    const first = await openNotes(file);
    await first.destroy();
    const database = openFile(file);
    assert.deepEqual(await names(database), []);
    const script = `
      const { DatabaseSync } = require('node:sqlite');
      const database = new DatabaseSync(process.argv[1], { timeout: 50 });
      database.exec('pragma locking_mode = exclusive');
      try {
        database.exec('begin immediate');
        process.stdout.write('alone');
      } catch (error) {
        process.stdout.write(error.message);
      }
    `;
    const other = spawn(process.execPath, ['-e', script, file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = await once(other.stdout, 'data');
    assert.equal(String(said), 'database is locked');
  });

  it('lets nobody else in where it is to be alone, and fails where somebody is in', async () => {
    const file = newFile();
    await (await openNotes(file)).destroy();
    const alone = { file, isAlone: true, busySeconds: 0.1 } as const;
    const only = await openSqliteDatabase(alone);
    await only.write("insert into notes (name) values ('only')", []);
    await assert.rejects(names(openFile(file, 0.1)), /database is locked/);
    await only.close();
    const shared = openFile(file);
    assert.deepEqual(await names(shared), ['only']);
    await assert.rejects(openSqliteDatabase(alone), /database is locked/);
    assert.deepEqual(await names(shared), ['only']);
  });

  it('gives up on another process after a while, and works again afterwards', async () => {
    const file = newFile();
    const creator = await openNotes(file);
    const database = openFile(file, 0.05);
    const outside = new DatabaseSync(file);
    outside.exec('begin immediate');
    const add = (name: string): Promise<unknown> =>
      database.insertInto('notes').values({ name }).execute();
    const both = await Promise.allSettled([
      add('a'),
      database.transaction().execute(() => Promise.resolve()),
    ]);
    assert.deepEqual(
      both.map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    outside.exec('rollback');
    outside.close();
    await add('b');
    assert.deepEqual(await names(creator), ['b']);
  });

  it('does not hand on a transaction that was opened behind its back', async () => {
    const database = await openNotes();
    await assert.rejects(sql`begin`.execute(database), /db\.transaction\(\)/);
    await database.insertInto('notes').values({ name: 'a' }).execute();
    assert.deepEqual(await names(database), ['a']);
  });

  it('fails all who share a commit when the commit fails, and nobody else', async () => {
    const file = newFile();
    const database = await openNotes(file);
    // A deferred constraint is the one thing that fails at the commit itself.
    await sql`
      create table later (note integer references notes (id) deferrable initially deferred)
    `.execute(database);
    const outcomes = await Promise.allSettled([
      database.insertInto('notes').values({ name: 'a' }).execute(),
      sql`insert into later values (99)`.execute(database),
      database.insertInto('notes').values({ name: 'b' }).execute(),
    ]);
    const kept = await names(database);
    outcomes.forEach(({ status }, index) => {
      const name = ['a', undefined, 'b'][index];
      const acknowledged = status === 'fulfilled';
      if (name !== undefined) assert.equal(kept.includes(name), acknowledged);
      else assert.equal(acknowledged, false);
    });
    await database.insertInto('notes').values({ name: 'c' }).execute();
    assert.ok((await names(database)).includes('c'));
  });

  it('tells success of exactly what it kept, whatever goes wrong among many', async () => {
    const random = seededRandom('many');
    const database = await openNotes();
    const add = (to: Kysely<Tables>, name: string): Promise<unknown> =>
      to.insertInto('notes').values({ name }).execute();
    // SQLite itself undoes everything that is open, what the others did included.
    const undoAll = (on: Kysely<Tables>): Promise<unknown> =>
      sql`insert or rollback into notes (name) values ('taken')`.execute(on);
    const within = (work: (transaction: Kysely<Tables>) => Promise<unknown>): Promise<unknown> =>
      database.transaction().execute(work);
    await add(database, 'taken');

    const good: ((name: string) => Promise<unknown>)[] = [
      (name) => add(database, name),
      (name) => within((transaction) => add(transaction, name)),
    ];
    const all: ((name: string) => Promise<unknown>)[] = [
      ...good,
      (name) =>
        within(async (transaction) => {
          await add(transaction, name);
          await new Promise(setImmediate);
        }),
      (name) =>
        within(async (transaction) => {
          await add(transaction, name);
          throw new Error('changed my mind');
        }),
      (name) =>
        within(async (transaction) => {
          await add(transaction, name);
          await add(transaction, 'taken');
        }),
      (name) =>
        within(async (transaction) => {
          await add(transaction, name);
          await undoAll(transaction);
        }),
      // The same, but the caller does not notice and wants to go on.
      (name) =>
        within(async (transaction) => {
          await undoAll(transaction).catch(() => undefined);
          await add(transaction, name).catch(() => undefined);
        }),
      () => undoAll(database),
      (name) =>
        within((transaction) =>
          sql`pragma user_version`.execute(transaction).then(() => add(transaction, name)),
        ),
      (name) => sql`insert into notes (name) values (${name}), (${`${name}+`})`.execute(database),
      (name) =>
        sql`create index ${sql.ref(`by_${name}`)} on notes (big)`
          .execute(database)
          .then(() => add(database, name)),
    ];

    const outcomes: Promise<boolean>[] = [];
    for (let number = 0; number < 3000; number += 1) {
      // Mostly what goes well, so that groups are long when something goes wrong.
      const kinds = randomBelow(random, 20) > 0 ? good : all;
      const kind = kinds[randomBelow(random, kinds.length)];
      const done = kind?.(`${number}`) ?? Promise.reject(new Error('There is no such kind.'));
      outcomes.push(
        done.then(
          () => true,
          () => false,
        ),
      );
      if (randomBelow(random, 100) === 0) await new Promise(setImmediate);
    }
    const acknowledged = await Promise.all(outcomes);
    const kept = new Set(await names(database));
    const wrong = acknowledged.flatMap((success, number) =>
      success === kept.has(`${number}`) ? [] : [`${number}: ${success ? 'lost' : 'kept'}`],
    );
    assert.deepEqual(wrong, []);
    const refused = acknowledged.filter((success) => !success).length;
    // Else the test would prove nothing.
    assert.ok(refused > 100 && refused < 2500, `${refused} refused`);
  });

  it('remembers a bounded number of statements', async () => {
    const database = await openNotes();
    for (let number = 0; number < 1200; number += 1) {
      await sql.raw(`select ${number} as number`).execute(database);
    }
    assert.deepEqual(await names(database), []);
  });

  it('keeps everything in memory where that is wanted', async () => {
    const database = await openNotes(':memory:');
    await database.transaction().execute(async (transaction) => {
      await transaction.insertInto('notes').values({ name: 'a' }).execute();
    });
    assert.deepEqual(await names(database), ['a']);
  });

  it('is readable by its owner only', { skip: process.platform === 'win32' }, async () => {
    const file = newFile();
    await openNotes(file);
    for (const part of [file, `${file}-wal`, `${file}-shm`]) {
      assert.equal(statSync(part).mode & 0o077, 0, part);
    }
  });

  it('is let go of also where what it learned of its tables cannot be kept', async () => {
    const file = newFile();
    const database = await openSqliteDatabase({ file, synchronous: 'OFF', busySeconds: 0.1 });
    await database.write('create table many (id integer primary key, name text) strict', []);
    await database.write('create index many_by_name on many (name)', []);
    const numbers = 'with recursive n(i) as (select 1 union all select i + 1 from n where i < 999)';
    await database.write(`${numbers} insert into many select i, 'name ' || i from n`, []);
    await database.read('select * from many where name = ?', ['name 5']);
    const other = new DatabaseSync(file);
    other.exec('begin immediate');
    await database.close();
    other.exec('rollback');
    other.close();
    assert.equal(existsSync(`${file}-wal`), false, 'nobody has it open any more');
  });

  it('leaves one file behind when it is closed, and what was in it', async () => {
    const file = newFile();
    const database = await openNotes(file);
    await database.insertInto('notes').values({ name: 'a' }).execute();
    await database.destroy();
    assert.throws(() => statSync(`${file}-wal`), /ENOENT/);
    const again = openFile(file);
    assert.deepEqual(await names(again), ['a']);
  });
});

describe('the settings of a connection', () => {
  it('are those it is meant to have', async () => {
    const database = openFile(newFile());
    const pragma = async (name: string): Promise<unknown> => {
      const { rows } = await sql<Record<string, unknown>>`pragma ${sql.raw(name)}`.execute(
        database,
      );
      return Object.values(rows[0] ?? {})[0];
    };
    assert.equal(await pragma('journal_mode'), 'wal');
    assert.equal(await pragma('foreign_keys'), 1);
    assert.equal(await pragma('trusted_schema'), 0);
    assert.equal(await pragma('synchronous'), 0);
  });

  it('grow with the machine, within reason', () => {
    const gibibyte = 2 ** 30;
    assert.deepEqual(memoryFor(gibibyte / 4), { cacheKibibytes: 4096, mmapBytes: gibibyte / 16 });
    assert.deepEqual(memoryFor(8 * gibibyte), { cacheKibibytes: 131_072, mmapBytes: 2 * gibibyte });
    assert.deepEqual(memoryFor(512 * gibibyte), {
      cacheKibibytes: 262_144,
      mmapBytes: 4 * gibibyte,
    });
  });
});

describe('a unique violation', () => {
  it('is known from PostgreSQL too, and as the cause of something else', () => {
    const postgres = Object.assign(new Error('duplicate key'), { code: '23505' });
    assert.equal(isUniqueViolation(postgres), true);
    assert.equal(isUniqueViolation(new Error('wrapped', { cause: postgres })), true);
    assert.equal(isUniqueViolation(Object.assign(new Error('x'), { code: '23503' })), false);
    assert.equal(isUniqueViolation(undefined), false);
    const round = new Error('round');
    round.cause = round;
    assert.equal(isUniqueViolation(round), false);
  });
});

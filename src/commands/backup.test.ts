import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { after, before, describe, it } from 'node:test';

import { writeAuthenticFile } from '../lib/authentic-file.ts';
import { sampleApproval } from '../accounts/approval-store.contract.ts';
import { sampleItem, sampleJob } from '../administration/jobs/job-store.contract.ts';
import { sampleAppPassword } from '../app-passwords/app-password-store.contract.ts';
import { sampleApplication } from '../applications/application-store.contract.ts';
import { sampleKey } from '../applications/key-store.contract.ts';
import { sampleEvent, sampleSignInEvent } from '../audit/audit-store.contract.ts';
import { sampleMessage } from '../delivery/outbox-store.contract.ts';
import { fileKeyOf, headLine, keyAtHand, type BackupHead } from '../installation/backup-file.ts';
import { databaseFile } from '../installation/keys.ts';
import type { Installation } from '../installation/installation.ts';
import { main } from '../main.ts';
import { appSecret } from '../methods/authenticator-app.ts';
import { sampleRegistration } from '../registrations/registration-store.contract.ts';
import { sampleSession } from '../sessions/session-store.contract.ts';
import { sampleDevice } from '../sessions/trusted-device-store.contract.ts';
import { sampleAttempt } from '../signin/attempt-store.contract.ts';
import { migrateIn } from '../stores/sql/migrate.ts';
import { migrations } from '../stores/sql/migrations/registry.ts';
import { openPostgresql } from '../stores/sql/postgresql.ts';
import { openSqlite } from '../stores/sql/sqlite.ts';
import { takeSnapshot } from '../stores/sql/snapshot.ts';
import { postgresUrl, testBox } from '../../test/support/database.ts';
import { addUser } from '../../test/support/people.ts';
import {
  newFolder,
  newPostgresDatabase,
  openPlace,
  runCommand,
  settingsFrom,
  type Place,
} from '../../test/support/tweestap.ts';

const secretKey = Buffer.alloc(32, 7);
const key = keyAtHand([secretKey], undefined);

const engines = {
  sqlite: async (): Promise<Place> => {
    const folder = newFolder();
    const environment = {
      ...folder.environment,
      TWEESTAP_SECRET_KEY: secretKey.toString('base64'),
    };
    return { ...folder, environment };
  },
  postgresql: newPostgresDatabase,
} as const;
type EngineName = keyof typeof engines;
const known: readonly EngineName[] =
  postgresUrl === undefined ? ['sqlite'] : ['sqlite', 'postgresql'];

const places: Place[] = [];
after(async () => {
  for (const place of places) await place.remove();
});
async function newPlace(engine: EngineName): Promise<Place> {
  const place = await engines[engine]();
  places.push(place);
  return place;
}

async function inPlace<result>(
  place: Place,
  work: (installation: Installation) => Promise<result>,
): Promise<result> {
  const installation = await openPlace(place);
  try {
    return await work(installation);
  } finally {
    await installation.close();
  }
}

/** Everything that is there, table by table, as text. */
async function contentOf(place: Place): Promise<Readonly<Record<string, readonly string[]>>> {
  const settings = settingsFrom({ ...place.environment }, 'command');
  const snapshot = await takeSnapshot({ url: settings.databaseUrl, file: databaseFile(settings) });
  assert.ok(snapshot);
  const found: Record<string, readonly string[]> = {};
  for await (const { table, rows } of snapshot.tables()) {
    const lines: string[] = [];
    for await (const row of rows) lines.push(JSON.stringify(row));
    found[table] = lines.toSorted();
  }
  await snapshot.close();
  return found;
}

/** Somebody with an app, and one of everything else. */
async function settle({ database, clock, ...rest }: Installation): Promise<string> {
  const installation = { database, clock, ...rest };
  const { id } = await addUser({ installation }, ['app', 'phone']);
  const { stores } = database;
  const now = clock.now();
  const later = new Date(now.getTime() + 3_600_000);
  await stores.registrations.add(
    sampleRegistration({
      id: 'paper',
      userId: id,
      kind: 'recovery-codes',
      secret: { hashes: { 1: 'hash' } },
    }),
  );
  await stores.registrations.add(
    sampleRegistration({
      id: 'pass',
      userId: id,
      kind: 'temporary-access-pass',
      secret: { any: 'pass' },
      endsAt: later,
    }),
  );
  await stores.sessions.add(sampleSession('first', { userId: id, expiresAt: later }));
  await stores.trustedDevices.add(sampleDevice('first', { userId: id, expiresAt: later }));
  await stores.attempts.add(sampleAttempt({ expiresAt: later }));
  await stores.knownBrowsers.remember(Buffer.alloc(32), id, now);
  await stores.oidc.upsert('RefreshToken', 'token', { accountId: id }, later);
  await stores.outbox.add([sampleMessage('waiting'), sampleMessage('sent')]);
  await stores.outbox.markSent('sent', { provider: 'sample', reference: '1' }, now);
  await stores.approvals.add(sampleApproval({ expiresAt: later }));
  await stores.jobs.add({ ...sampleJob, id: 'job' });
  await stores.jobs.addItems('job', [sampleItem(1)]);
  await stores.appPasswords.add(sampleAppPassword({ userId: id }));
  await stores.applications.add(sampleApplication());
  await stores.keys.add(sampleKey());
  await stores.signInEvents.put(sampleSignInEvent());
  for (let one = 0; one < 30; one += 1) {
    await stores.audit.append(sampleEvent({ details: { one, text: 'é\u2400 "\n' } }));
  }
  return id;
}

for (const from of known) {
  for (const to of known) {
    describe(`a backup of ${from}, restored on ${to}`, () => {
      let source: Place;
      let target: Place;
      let file: string;
      let userId: string;
      let inside: Readonly<Record<string, readonly string[]>>;
      before(async () => {
        [source, target] = [await newPlace(from), await newPlace(to)];
        userId = await inPlace(source, settle);
        inside = await contentOf(source);
        file = join(source.dataFolder, 'everything.backup');
        const taken = await runCommand(source, ['backup', file]);
        assert.equal(taken.code, 0, taken.error);
      });

      it('holds all that is to last, and nothing that was under way', async () => {
        const restored = await runCommand(target, ['restore', file, '--json']);
        assert.equal(restored.code, 0, restored.error);
        const told: Readonly<Record<string, unknown>> = JSON.parse(restored.output);
        assert.equal(told['engine'], from);
        assert.deepEqual(told['audit'], { checked: 30, brokenAt: null });
        const after = await contentOf(target);
        const { registration, audit_event: audit, audit_head: _, meta, ...others } = after;
        const ended = { outbox: 1, approval: 0, app_password: 1 };
        for (const [table, rows] of Object.entries(others)) {
          const length = Object.entries(ended).find(([name]) => name === table)?.[1];
          if (length === undefined) assert.deepEqual(rows, inside[table], table);
          else assert.equal(rows.length, length, table);
        }
        assert.equal(registration?.length, (inside['registration']?.length ?? 0) - 1);
        const before = new Set(inside['audit_event']);
        assert.equal(audit?.filter((row) => before.has(row)).length, 30);
        assert.ok(meta?.some((row) => /^\["epoch","2 \d+"\]$/.test(row)));
        await inPlace(target, async ({ database: { stores }, clock }) => {
          const now = clock.now();
          assert.deepEqual(await stores.sessions.list(userId, now), []);
          assert.deepEqual(await stores.trustedDevices.list(userId, now), []);
          assert.equal(await stores.attempts.find('attempt-1'), undefined);
          assert.equal(await stores.oidc.find('RefreshToken', 'token', now), undefined);
          assert.equal(await stores.jobs.find('job'), undefined);
          const { brokenAt, checked } = await stores.audit.verify();
          assert.deepEqual([brokenAt, checked], [undefined, 31]);
          const [event] = await stores.audit.list({ limit: 1 });
          assert.equal(event?.kind, 'backup-restored');
        });
      });

      it('brings no code back that may have been used since', () =>
        inPlace(target, async ({ database: { stores }, clock }) => {
          const list = await stores.registrations.list(userId);
          const secretOf = (kind: string) => list.find((one) => one.kind === kind)?.secret;
          const { acceptedStep } = appSecret.parse(secretOf('authenticator-app'));
          assert.ok(acceptedStep > clock.now().getTime() / 30_000);
          assert.deepEqual(secretOf('recovery-codes'), { hashes: {} });
          assert.equal(secretOf('temporary-access-pass'), undefined);
        }));

      it('takes the place of another database only where it is told to, and then wholly', async () => {
        const stays = await contentOf(target);
        const refused = await runCommand(target, ['restore', file]);
        assert.match(refused.error, /not empty \(1 account\): --replace/);
        assert.equal(refused.code, 1);
        assert.deepEqual(await contentOf(target), stays);
        await inPlace(target, (installation) => addUser({ installation }, ['app']));
        const replaced = await runCommand(target, ['restore', file, '--replace']);
        assert.equal(replaced.code, 0, replaced.error);
        assert.match(replaced.output, /\n1 account, 30 events in the audit log\.\n/);
        assert.equal(await inPlace(target, ({ database }) => database.stores.users.count()), 1);
      });

      it('is not restored beside a running server', async () => {
        const stays = await contentOf(target);
        await inPlace(target, async () => {
          const { code, error } = await runCommand(target, ['restore', file, '--replace']);
          assert.equal(code, 1);
          assert.match(error, /works with this database: stop it first/);
        });
        assert.deepEqual(await contentOf(target), stays);
      });

      it('leaves all as it was where the middle of it cannot be put in', async () => {
        const stays = await contentOf(target);
        const broken = join(source.dataFolder, `broken-${to}.backup`);
        await writeBackup(broken, {}, [
          { table: 'meta', columns: ['name', 'value'] },
          ['a', '1'],
          ['a', '2'],
        ]);
        const { code } = await runCommand(target, ['restore', broken, '--replace']);
        assert.equal(code, 1);
        assert.deepEqual(await contentOf(target), stays);
      });
    });
  }
}

const all = migrations.map(({ name }) => name);

/** A backup with whatever is wanted in it, made with the right key. */
async function writeBackup(
  file: string,
  head: Partial<BackupHead>,
  lines: readonly unknown[] = [],
): Promise<void> {
  await writeAuthenticFile(file, {
    head: headLine({
      version: '9.9.9',
      engine: 'sqlite',
      takenAt: new Date(),
      migrations: all,
      keyCheck: key.check,
      keyId: key.ids[0] ?? '',
      ...head,
    }),
    lines: (async function* () {
      for (const line of lines) yield JSON.stringify(line);
      yield JSON.stringify({ rows: lines.filter(Array.isArray).length });
    })(),
    key: fileKeyOf(key),
  });
}

describe('a file that is no good backup', () => {
  let place: Place;
  let good: string;
  let stays: Readonly<Record<string, readonly string[]>>;
  before(async () => {
    place = await newPlace('sqlite');
    await inPlace(place, settle);
    good = join(place.dataFolder, 'good.backup');
    assert.equal((await runCommand(place, ['backup', good])).code, 0);
    stays = await contentOf(place);
  });

  const refuses = async (file: string, reason: RegExp, at: Place = place): Promise<void> => {
    for (const option of ['--replace', '--dry-run']) {
      const { code, error } = await runCommand(at, ['restore', file, option]);
      assert.equal(code, 1);
      assert.match(error, reason);
      assert.equal(error.trimEnd().split('\n').length, 1, error);
    }
    if (at === place) assert.deepEqual(await contentOf(place), stays);
  };
  const changed = (change: (bytes: Buffer) => Buffer): string => {
    const file = join(place.dataFolder, 'bad.backup');
    writeFileSync(file, change(readFileSync(good)));
    return file;
  };

  it('is refused where it was cut off or changed, in its head, its middle or its end', async () => {
    const reason = /bad\.backup was cut off or changed\.$/m;
    await refuses(
      changed((bytes) => bytes.subarray(0, -1)),
      reason,
    );
    await refuses(
      changed((bytes) => bytes.subarray(0, bytes.length / 2)),
      reason,
    );
    await refuses(
      changed((bytes) => {
        bytes[bytes.length - 200] = (bytes.at(-200) ?? 0) ^ 1;
        return bytes;
      }),
      reason,
    );
    const older = (bytes: Buffer): Buffer =>
      Buffer.from(bytes.toString('latin1').replace('"takenAt":"2', '"takenAt":"1'), 'latin1');
    await refuses(changed(older), reason);
  });

  it('is refused where it is something else', async () => {
    await refuses(join(place.dataFolder, 'tweestap.db'), /is no backup of Tweestap\.$/m);
    await refuses(
      changed(() => Buffer.from('tweestap-backup {}\n'.repeat(9))),
      /is no backup/,
    );
    await refuses(join(place.dataFolder, 'nowhere'), /There is no file .*nowhere/);
  });

  it('is refused under another secret key, which it says at once and in one line', async () => {
    const other = await newPlace('sqlite');
    const environment = {
      ...other.environment,
      TWEESTAP_SECRET_KEY: Buffer.alloc(32, 8).toString('base64'),
    };
    const at = { ...other, environment };
    await refuses(good, /was sealed with another secret key \([0-9a-f]{12}\) than the one/, at);
    assert.ok(!existsSync(join(other.dataFolder, 'tweestap.db')));
    const { TWEESTAP_SECRET_KEY: _, ...without } = other.environment;
    await refuses(good, /There is no secret key here: put the one/, {
      ...other,
      environment: without,
    });
    assert.ok(!existsSync(join(other.dataFolder, 'secret.key')));
  });

  it('is restored after a renewal of the key, as long as the one before is kept', async () => {
    const other = await newPlace('sqlite');
    const environment = {
      ...other.environment,
      TWEESTAP_SECRET_KEY: Buffer.alloc(32, 9).toString('base64'),
      TWEESTAP_PREVIOUS_SECRET_KEYS: secretKey.toString('base64'),
    };
    const { code, error } = await runCommand({ ...other, environment }, ['restore', good]);
    assert.equal(code, 0, error);
  });

  it('is refused where a newer Tweestap wrote it', async () => {
    const file = join(place.dataFolder, 'newer.backup');
    await writeBackup(file, { migrations: [...all, '9999-from-the-future'] });
    await refuses(file, /written by a newer Tweestap than this one \(9\.9\.9: 9999-from/);
    const shape = join(place.dataFolder, 'newer-shape.backup');
    writeFileSync(shape, `tweestap-backup {"format":2,"other":"words"}\n${'x'.repeat(50)}`);
    await refuses(shape, /written by a newer Tweestap/);
  });

  it('leaves no database behind where there was none', async () => {
    const empty = await newPlace('sqlite');
    const broken = join(place.dataFolder, 'broken.backup');
    await writeBackup(broken, {}, [{ table: 'nothing', columns: ['x'] }]);
    assert.equal((await runCommand(empty, ['restore', broken])).code, 1);
    assert.ok(!existsSync(join(empty.dataFolder, 'tweestap.db')));
  });
});

describe('tweestap backup', () => {
  it('writes a file for its owner only, never over another one, and tells of it', async () => {
    const place = await newPlace('sqlite');
    await inPlace(place, settle);
    const file = join(place.dataFolder, 'b.backup');
    writeFileSync(file, 'somebody else’s');
    const refused = await runCommand(place, ['backup', file]);
    assert.equal(refused.code, 1);
    assert.match(refused.error, /is there already\. --force replaces it\.$/m);
    assert.equal(readFileSync(file, 'utf8'), 'somebody else’s');
    const done = await runCommand(place, ['backup', file, '--force', '--json']);
    assert.equal(done.code, 0, done.error);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const told: Readonly<Record<string, unknown>> = JSON.parse(done.output);
    assert.equal(told['bytes'], statSync(file).size);
    await inPlace(place, async ({ database }) => {
      const [event] = await database.stores.audit.list({ limit: 1 });
      assert.deepEqual([event?.kind, event?.details['rows']], ['backup-made', told['rows']]);
    });
    const rehearsal = await runCommand(place, ['restore', file, '--dry-run']);
    assert.match(rehearsal.output, /b\.backup is whole: taken .* on sqlite by Tweestap .*Nothing/);
  });

  it('does not hold the secret key, nor any secret in the clear', async () => {
    const place = await newPlace('sqlite');
    const account = await inPlace(place, (installation) => addUser({ installation }, ['app']));
    const file = join(place.dataFolder, 'b.backup');
    await runCommand(place, ['backup', file]);
    const { gunzipSync } = await import('node:zlib');
    const bytes = readFileSync(file);
    const text = gunzipSync(bytes.subarray(bytes.indexOf('\n') + 1, -32)).toString();
    assert.match(text, new RegExp(account.userPrincipalName));
    for (const secret of [account.key ?? assert.fail(), account.password, 'argon2id']) {
      assert.ok(!text.includes(secret) && !bytes.includes(secret));
    }
    for (const form of ['base64', 'base64url', 'hex'] as const) {
      assert.ok(!bytes.includes(secretKey.toString(form)));
      assert.ok(!text.includes(secretKey.toString(form)));
    }
  });

  it('says in one line why there is none', async () => {
    const place = await newPlace('sqlite');
    const file = join(place.dataFolder, 'b.backup');
    assert.match((await runCommand(place, ['backup', file])).error, /There is no database in/);
    await inPlace(place, settle);
    const other = {
      ...place.environment,
      TWEESTAP_SECRET_KEY: Buffer.alloc(32, 8).toString('hex'),
    };
    const { error } = await runCommand({ ...place, environment: other }, ['backup', file]);
    assert.match(error, /not the one that this database was made with/);
    assert.ok(!existsSync(file));
  });
});

for (const engine of known) {
  describe(`a database of an older Tweestap on ${engine}`, () => {
    it('is backed up as it is, and brought forward when it is restored', async () => {
      const [old, place] = [await newPlace(engine), await newPlace(engine)];
      const count = 14;
      const opened =
        old.databaseUrl === undefined
          ? await openSqlite({ file: join(old.dataFolder, 'tweestap.db'), synchronous: 'OFF' })
          : await openPostgresql({ url: old.databaseUrl, connections: 1 });
      await opened.changeSchema(async (database) => {
        const only = new Set(all.slice(0, count));
        const keyedHash = (purpose: string, value: string): Buffer =>
          testBox.keyedHash(purpose, value);
        await migrateIn(database, { engine, now: new Date(), keyedHash, only });
        await database
          .withTables<{ meta: { name: string; value: string } }>()
          .insertInto('meta')
          .values({ name: 'organisation', value: 'Ours' })
          .execute();
      });
      await opened.close();
      const file = join(old.dataFolder, 'old.backup');
      const taken = await runCommand(old, ['backup', file]);
      assert.equal(taken.code, 0, taken.error);
      assert.match(taken.error, /The audit log does not tell of this: the database is older/);
      const restored = await runCommand(place, ['restore', file]);
      assert.equal(restored.code, 0, restored.error);
      await inPlace(place, async ({ database }) => {
        const { pending, applied } = await database.plan();
        assert.deepEqual([pending, applied.length], [[], all.length]);
        assert.equal(await database.stores.meta.read('organisation'), 'Ours');
      });
    });
  });
}

describe('a restore at a terminal', () => {
  it('asks once more before it replaces what is there', async () => {
    const place = await newPlace('sqlite');
    await inPlace(place, settle);
    const file = join(place.dataFolder, 'b.backup');
    assert.equal((await runCommand(place, ['backup', file])).code, 0);
    const stays = await contentOf(place);
    const answering = async (answer: string): Promise<{ code: number; asked: string }> => {
      const told = new PassThrough().setEncoding('utf8');
      const code = await main(['restore', file, '--replace'], {
        input: Object.assign(Readable.from([`${answer}\n`]), { isTTY: true }),
        output: new PassThrough().resume(),
        error: told,
        environment: place.environment,
        asked: () => Promise.reject(new Error('this command does not wait')),
      });
      return { code, asked: String(told.read()) };
    };
    const no = await answering('yes');
    assert.equal(no.code, 1);
    assert.match(no.asked, /All that is there now \(1 account\) goes\. Type "replace" to go on: /);
    assert.match(no.asked, /Nothing was done\.$/m);
    assert.deepEqual(await contentOf(place), stays);
    assert.equal((await answering('replace')).code, 0);
    assert.notDeepEqual(await contentOf(place), stays);
  });
});

describe('a restore of a database whose log was changed', () => {
  it('is done, and says so', async () => {
    const place = await newPlace('sqlite');
    await inPlace(place, settle);
    const opened = await openSqlite({
      file: join(place.dataFolder, 'tweestap.db'),
      synchronous: 'OFF',
    });
    await opened.changeSchema((database) =>
      database
        .withTables<{ audit_event: { sequence: number; actor: string } }>()
        .updateTable('audit_event')
        .set({ actor: 'nobody' })
        .where('sequence', '=', 7)
        .execute(),
    );
    await opened.close();
    const file = join(place.dataFolder, 'b.backup');
    await runCommand(place, ['backup', file]);
    const { code, error } = await runCommand(place, ['restore', file, '--replace']);
    assert.equal(code, 1);
    assert.match(error, /It is restored, but event 7 of the audit log was changed/);
  });
});

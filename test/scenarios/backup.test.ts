/**
 * A backup taken while people sign in, and what a restore of it brings back and what not (attack
 * ATK-94, target R22): nothing by halves, nothing that was used or ended since, and everybody gets in as
 * before, with their password and their app.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { sampleEvent } from '../../src/audit/audit-store.contract.ts';
import type { Installation } from '../../src/installation/installation.ts';
import { openSqliteDatabase } from '../../src/lib/sqlite/database.ts';
import type { Browser } from '../support/browser.ts';
import { postgresUrl } from '../support/database.ts';
import { addUser, codeOfApp, type Identity } from '../support/people.ts';
import { until } from '../support/poll.ts';
import { startProcess, type TweestapProcess } from '../support/tweestap-process.ts';
import {
  newFolder,
  newPostgresDatabase,
  openPlace,
  runCommand,
  type Place,
} from '../support/tweestap.ts';

const program = fileURLToPath(new URL('../../bin/tweestap.js', import.meta.url));

const places: Place[] = [];
after(async () => {
  for (const place of places) await place.remove();
});
async function kept(place: Place | Promise<Place>): Promise<Place> {
  const made = await place;
  places.push(made);
  return made;
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

async function does(place: Place, ...args: readonly string[]): Promise<string> {
  const { code, output, error } = await runCommand(place, args);
  assert.equal(code, 0, error);
  return output;
}

async function arrives(browser: Browser, { userPrincipalName: name, password }: Identity) {
  await browser.open('/sign-in');
  await browser.press('Next', { name });
  await browser.press('Sign in', { password });
}

async function signsIn(service: TweestapProcess, account: Identity, now: Date): Promise<Browser> {
  const browser = service.browser();
  await arrives(browser, account);
  await browser.press('Verify', { code: codeOfApp(account.key ?? '', now) });
  return browser;
}

const engines: Readonly<Record<string, () => Place | Promise<Place>>> =
  postgresUrl === undefined
    ? { sqlite: newFolder }
    : { sqlite: newFolder, postgresql: newPostgresDatabase };

for (const [engine, newPlace] of Object.entries(engines)) {
  describe(`a backup on ${engine}`, () => {
    it('holds no sign-in by halves, though it is taken while many sign in', async () => {
      const place = await kept(newPlace());
      const service = await startProcess(place);
      const crowd = new AbortController();
      let signedIn = 0;
      const installation = await openPlace(place);
      const goesOn = async (): Promise<void> => {
        while (!crowd.signal.aborted) {
          const account = await addUser({ installation }, ['app']);
          const browser = await signsIn(service, account, new Date());
          assert.equal(browser.page.heading, 'My Profile');
          signedIn += 1;
        }
      };
      const people = Array.from({ length: 4 }, goesOn);
      const files: string[] = [];
      for (let one = 1; one <= 3; one += 1) {
        await until('some more to sign in', () => signedIn >= one * 3, 60_000);
        const file = join(place.dataFolder, `${one}.backup`);
        await does(place, 'backup', file);
        files.push(file);
      }
      crowd.abort();
      await Promise.all(people);
      await installation.close();
      await service.stop();

      for (const file of files) {
        await does(place, 'restore', file, '--replace');
        await inPlace(place, async ({ database: { stores } }) => {
          const { brokenAt } = await stores.audit.verify();
          assert.equal(brokenAt, undefined);
          const accepted = await stores.audit.list({ kind: 'answer-accepted', limit: 1_000 });
          const done = await stores.audit.list({ kind: 'signed-in', limit: 1_000 });
          assert.ok(done.length >= 3);
          const whose = new Set(done.map(({ userId }) => userId));
          assert.deepEqual(new Set(accepted.map(({ userId }) => userId)), whose);
          const used = new Set<string | undefined>();
          for (const id of await stores.registrations.idsOf('authenticator-app', '', 1_000)) {
            const found = await stores.registrations.find(id);
            if (found?.lastUsedAt !== undefined) used.add(found.userId);
          }
          assert.deepEqual(used, whose);
        });
      }
    });

    it('lets nobody back in by what was there before, and everybody by password and app', async () => {
      const place = await kept(newPlace());
      let service = await startProcess(place);
      const file = join(place.dataFolder, 'b.backup');
      const [account, other] = await inPlace(place, async (installation) => [
        await addUser({ installation }, ['app']),
        await addUser({ installation }, ['app']),
      ]);
      const before = await signsIn(service, account, new Date());
      assert.equal(before.page.heading, 'My Profile');
      const waiting = service.browser();
      await arrives(waiting, other);
      await does(place, 'backup', file);
      const usedSince = new Date();
      const since = await signsIn(service, other, usedSince);
      assert.equal(since.page.heading, 'My Profile');
      const refused = await runCommand(place, ['restore', file, '--replace']);
      assert.match(refused.error, /A server, or another command of Tweestap, works with/);
      await service.stop();

      await does(place, 'restore', file, '--replace');
      service = await startProcess(place);
      for (const { cookies } of [before, since]) {
        const browser = service.browserWith(cookies);
        await browser.open('/my-profile');
        assert.equal(browser.page.heading, 'Sign in');
      }
      const stranger = service.browserWith(waiting.cookies);
      await stranger.open(waiting.page.path);
      assert.notEqual(stranger.page.status, 200);
      // The code that was used after the backup, which the database knows nothing of.
      const thief = await signsIn(service, other, usedSince);
      assert.match(thief.page.title, /^Error: /);
      await service.advanceSeconds(120);
      for (const person of [account, other]) {
        const browser = await signsIn(service, person, new Date(Date.now() + 120_000));
        assert.equal(browser.page.heading, 'My Profile');
      }
      await service.stop();
      await inPlace(place, async ({ database: { stores } }) => {
        assert.equal((await stores.audit.verify()).brokenAt, undefined);
      });
    });

    it('that is killed while it is restored leaves all as it was', async () => {
      const [source, place] = [await kept(newPlace()), await kept(newPlace())];
      const file = join(source.dataFolder, 'big.backup');
      await inPlace(source, async ({ database }) => {
        await database.transact(async (stores) => {
          for (let one = 0; one < 15_000; one += 1) {
            await stores.audit.append(sampleEvent({ details: { one } }));
          }
        });
      });
      await does(source, 'backup', file);
      // Under its own key: that of the backup.
      const key = await sharedKey(source);
      const target = { ...place, environment: { ...place.environment, ...key } };
      const person = await inPlace(target, (installation) => addUser({ installation }, ['app']));
      for (let kill = 0; kill < 3; kill += 1) {
        const restore = spawn(process.execPath, [program, 'restore', file, '--replace'], {
          stdio: ['ignore', 'ignore', 'inherit'],
          env: {
            ...target.environment,
            PATH: process.env['PATH'],
            TWEESTAP_STARTED_BY_LAUNCHER: '1',
          },
        });
        const ended = once(restore, 'exit');
        await until('the restore to be in the middle', () => isBeingRestored(target), 30_000);
        await sleep(kill * 100);
        restore.kill('SIGKILL');
        await ended;
        assert.equal(restore.signalCode, 'SIGKILL', 'it was over before it was killed');
        await inPlace(target, async ({ database: { stores } }) => {
          assert.ok(await stores.users.find(person.id));
          assert.deepEqual(await stores.audit.verify(), { checked: 0, brokenAt: undefined });
        });
      }
      await does(target, 'restore', file, '--replace');
      await inPlace(target, async ({ database: { stores } }) => {
        assert.equal(await stores.users.find(person.id), undefined);
        assert.deepEqual(await stores.audit.verify(), { checked: 15_001, brokenAt: undefined });
      });
    });
  });
}

/** The key of a place, as a setting. */
async function sharedKey(place: Place): Promise<Readonly<Record<string, string>>> {
  const { TWEESTAP_SECRET_KEY: set } = place.environment;
  return set === undefined
    ? { TWEESTAP_SECRET_KEY_FILE: join(place.dataFolder, 'secret.key') }
    : { TWEESTAP_SECRET_KEY: set };
}

async function isBeingRestored({ databaseUrl, dataFolder }: Place): Promise<boolean> {
  if (databaseUrl === undefined) {
    try {
      const file = join(dataFolder, 'tweestap.db');
      const database = await openSqliteDatabase({ file, busySeconds: 0 });
      await database.close();
      return false;
    } catch (error) {
      return error instanceof Error && /locked/.test(error.message);
    }
  }
  const { Client } = await import('pg');
  const client = new Client({ connectionString: databaseUrl, application_name: 'test' });
  await client.connect();
  try {
    const { rows } = await client.query(`select 1 from pg_stat_activity
      where datname = current_database() and application_name = 'tweestap'
        and query like 'insert into "audit_event"%'`);
    return rows.length > 0;
  } finally {
    await client.end();
  }
}

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

import { everyServer, testBox, type FreshDatabase } from '../../../test/support/database.ts';
import { sampleUser } from '../../accounts/user-store.contract.ts';
import { sampleApplication } from '../../applications/application-store.contract.ts';
import { sampleEvent } from '../../audit/audit-store.contract.ts';
import { sampleMessage } from '../../delivery/outbox-store.contract.ts';
import { TweestapError } from '../../errors/errors.ts';
import { createSecretBox } from '../../lib/secret-box.ts';
import { sampleRegistration } from '../../registrations/registration-store.contract.ts';
import { sampleSession } from '../../sessions/session-store.contract.ts';
import { sampleAttempt } from '../../signin/attempt-store.contract.ts';
import { openDatabase } from './database.ts';
import type { AllStores } from './stores.ts';

const later = new Date(60_000);

for (const server of everyServer()) {
  describe(`a database on ${server.engine}`, () => {
    after(() => server.close());

    const onFresh = async (test: (fresh: FreshDatabase) => Promise<void>): Promise<void> => {
      const fresh = await server.fresh();
      try {
        await test(fresh);
      } finally {
        await fresh.close();
      }
    };
    const changeEverything = async (stores: AllStores): Promise<void> => {
      await stores.users.add(sampleUser());
      await stores.attempts.add(sampleAttempt());
      await stores.registrations.add(sampleRegistration());
      await stores.sessions.add(sampleSession());
      await stores.outbox.add([sampleMessage('message-1')]);
      await stores.oidc.upsert('AccessToken', 'token', { accountId: 'user-anna' }, later);
      await stores.knownBrowsers.remember(Buffer.alloc(32), 'user-anna', new Date(1));
      await stores.audit.append(sampleEvent());
    };
    const whatIsThere = async (stores: AllStores): Promise<readonly boolean[]> => [
      (await stores.users.count()) > 0,
      (await stores.attempts.find('attempt-1')) !== undefined,
      (await stores.registrations.list('user-anna')).length > 0,
      (await stores.sessions.list('user-anna', new Date(1))).length > 0,
      (await stores.outbox.countSince(['text'], new Date(0))) > 0,
      (await stores.oidc.find('AccessToken', 'token', new Date(1))) !== undefined,
      await stores.knownBrowsers.isKnown(Buffer.alloc(32), 'user-anna', new Date(1)),
      (await stores.audit.list({ limit: 1 })).length > 0,
    ];

    it('does all of a transaction, visible on every node once it is done', () =>
      onFresh(async (fresh) => {
        const other = await fresh.anotherNode();
        assert.equal(
          await fresh.transact((stores) => changeEverything(stores).then(() => 'done')),
          'done',
        );
        assert.deepEqual(await whatIsThere(other.stores), Array(8).fill(true));
      }));

    it('does nothing of a transaction that throws, and hands on what was thrown', () =>
      onFresh(async ({ transact, stores }) => {
        const reason = new Error('in the middle');
        const failing = transact(async (within) => {
          await changeEverything(within);
          throw reason;
        });
        await assert.rejects(failing, (error) => error === reason);
        assert.deepEqual(await whatIsThere(stores), Array(8).fill(false));
        assert.deepEqual(await stores.audit.verify(), { checked: 0, brokenAt: undefined });
      }));

    it('undoes one of many that run together, and no other', () =>
      onFresh(async ({ transact, stores }) => {
        const outcomes = await Promise.allSettled(
          Array.from({ length: 30 }, (_, index) =>
            transact(async (within) => {
              await within.sessions.add(sampleSession(`session ${index}`));
              await within.audit.append(sampleEvent({ details: { index } }));
              if (index % 3 === 0) throw new Error('no');
            }),
          ),
        );
        for (const [index, { status }] of outcomes.entries()) {
          assert.equal(status, index % 3 === 0 ? 'rejected' : 'fulfilled');
          const found = await stores.sessions.find(
            sampleSession(`session ${index}`).id,
            new Date(1),
          );
          assert.equal(found !== undefined, index % 3 !== 0);
        }
        assert.deepEqual(await stores.audit.verify(), { checked: 20, brokenAt: undefined });
      }));

    it('refuses a statement that comes after its transaction', () =>
      onFresh(async ({ transact }) => {
        let late: AllStores | undefined;
        await transact(async (within) => {
          late = within;
          await within.users.count();
        });
        await assert.rejects(async () => await late?.users.count(), /transaction is over/);
      }));

    it('goes on when two lock one another out', () =>
      onFresh(async ({ transact, stores }) => {
        await stores.users.add(
          sampleUser({ id: 'a', userPrincipalName: 'a@x.nl', displayName: '0' }),
        );
        await stores.users.add(
          sampleUser({ id: 'b', userPrincipalName: 'b@x.nl', displayName: '0' }),
        );
        const raiseBoth = (order: readonly string[]): Promise<void> =>
          transact(async ({ users }) => {
            for (const id of order) {
              const user = await users.lock(id);
              await users.change(id, { displayName: String(Number(user?.displayName) + 1) });
              // Long enough for the other to take its first lock.
              await new Promise((resolve) => setImmediate(resolve));
            }
          });
        await Promise.all(
          Array.from({ length: 3 }, (_, index) =>
            raiseBoth(index % 2 === 0 ? ['a', 'b'] : ['b', 'a']),
          ),
        );
        assert.equal((await stores.users.find('a'))?.displayName, '3');
        assert.equal((await stores.users.find('b'))?.displayName, '3');
      }));

    it('ends everything that was open when a restored backup begins a new epoch', () =>
      onFresh(async ({ stores }) => {
        await changeEverything(stores);
        await stores.meta.beginEpoch(new Date(5000));
        //                                           users  attempt regs  session outbox oidc   browser audit
        assert.deepEqual(await whatIsThere(stores), [
          true,
          false,
          true,
          false,
          false,
          false,
          false,
          true,
        ]);
      }));

    it('removes an application with all it was granted', () =>
      onFresh(async ({ stores }) => {
        await stores.applications.add(sampleApplication());
        await stores.oidc.upsert('RefreshToken', 'a', { clientId: 'sample' }, later);
        await stores.oidc.upsert('RefreshToken', 'b', { clientId: 'other' }, later);
        await stores.applications.remove('sample');
        assert.equal(await stores.oidc.find('RefreshToken', 'a', new Date(1)), undefined);
        assert.ok(await stores.oidc.find('RefreshToken', 'b', new Date(1)));
      }));

    it('reads after a change of keys what was sealed before, and says which key is missing', () =>
      onFresh(async ({ stores, place }) => {
        await stores.registrations.add(sampleRegistration());
        const old = { id: 'test', key: Buffer.alloc(32, 1) };
        const current = { id: 'next', key: Buffer.alloc(32, 3) };
        const hashKey = Buffer.alloc(32, 2);
        const rotated = createSecretBox({ current, previous: [old], hashKey });
        const lost = createSecretBox({ current, previous: [], hashKey });
        const after = await openDatabase({ ...place, box: rotated });
        assert.deepEqual(await after.stores.registrations.list('user-anna'), [
          sampleRegistration(),
        ]);
        await after.close();
        const without = await openDatabase({ ...place, box: lost });
        await assert.rejects(
          without.stores.registrations.list('user-anna'),
          isFault('KEY_MISSING'),
        );
        await without.close();
      }));

    it('proves that it can write', () =>
      onFresh(async ({ database }) => {
        const now = new Date();
        const { databaseTime } = await database.ping(now);
        await database.ping(now);
        if (database.engine === 'sqlite') assert.equal(databaseTime, undefined);
        else assert.ok(Math.abs((databaseTime?.getTime() ?? 0) - now.getTime()) < 60_000);
      }));

    it('says that it is not there when it is closed', () =>
      onFresh(async (fresh) => {
        const other = await fresh.anotherDatabase();
        await other.stores.users.count();
        await other.close();
        await assert.rejects(other.stores.users.count());
        await assert.rejects(other.transact(({ users }) => users.count()));
      }));

    if (server.engine === 'postgresql') {
      it('answers again after the server has dropped every connection', () =>
        onFresh(async (fresh) => {
          await fresh.stores.users.add(sampleUser());
          const failing = fresh.transact(async ({ users }) => {
            await users.change('user-anna', { displayName: 'never' });
            await fresh.intrude(`select pg_terminate_backend(pid) from pg_stat_activity
              where datname = current_database() and pid <> pg_backend_pid()`);
            await users.change('user-anna', { displayName: 'not either' });
          });
          await assert.rejects(failing, isFault('STORE_UNAVAILABLE'));
          assert.equal((await fresh.stores.users.find('user-anna'))?.displayName, 'Anna Vermeer');
          await fresh.transact(({ users }) => users.change('user-anna', { displayName: 'Annet' }));
          assert.equal((await fresh.stores.users.find('user-anna'))?.displayName, 'Annet');
        }));
    }
  });
}

describe('a database on PostgreSQL that is not there', () => {
  it('is told at once when nobody listens', async () => {
    const port = await freePort();
    const database = await openDatabase({ url: `postgres://x@127.0.0.1:${port}/x`, box: testBox });
    await assert.rejects(database.stores.users.count(), isFault('STORE_UNAVAILABLE'));
    await assert.rejects(
      database.transact(({ users }) => users.count()),
      isFault('STORE_UNAVAILABLE'),
    );
    await assert.rejects(database.ping(new Date()), isFault('STORE_UNAVAILABLE'));
    await assert.rejects(database.migrate(new Date()), isFault('STORE_UNAVAILABLE'));
    await database.close();
  });

  it('is told in three seconds when it keeps silent', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    assert.ok(address !== null && typeof address === 'object');
    const url = `postgres://x@127.0.0.1:${address.port}/x`;
    const database = await openDatabase({ url, box: testBox });
    const startedAt = performance.now();
    await assert.rejects(database.stores.users.count(), isFault('STORE_UNAVAILABLE'));
    assert.ok(performance.now() - startedAt < 3000);
    await database.close();
    silent.close();
  });
});

describe('a database on SQLite', () => {
  const [sqlite] = everyServer();

  it('is readable by its owner only', async () => {
    const fresh = await sqlite?.empty();
    await fresh?.database.migrate(new Date(1000));
    const folder = fresh?.place.dataFolder ?? '';
    assert.equal(statSync(folder).mode & 0o077, 0);
    assert.equal(statSync(join(folder, 'tweestap.db')).mode & 0o077, 0);
    await fresh?.close();
  });

  it('keeps everything it acknowledged when its process is killed', async () => {
    const fresh = await sqlite?.fresh();
    assert.ok(fresh !== undefined);
    const folder = fresh.place.dataFolder ?? '';
    let first = 0;
    for (let round = 0; round < 3; round++) {
      const acknowledged = await writeUntilKilled(folder, first, 40);
      assert.ok(acknowledged.length >= 40);
      for (const number of acknowledged) {
        const session = sampleSession(`session ${number}`);
        assert.ok(await fresh.stores.sessions.find(session.id, new Date(1)), `lost: ${number}`);
      }
      first = Math.max(...acknowledged) + 100;
    }
    const { checked, brokenAt } = await fresh.stores.audit.verify();
    const sessions = await fresh.stores.sessions.list('user-anna', new Date(1));
    assert.equal(brokenAt, undefined);
    // Neither without the other: both were in one transaction.
    assert.equal(checked, sessions.length);
    await fresh.close();
  });
});

/** Runs the writer until it has acknowledged so much, kills it, and gives the numbers. */
async function writeUntilKilled(folder: string, first: number, enough: number): Promise<number[]> {
  const script = fileURLToPath(new URL('../../../test/support/steady-writer.ts', import.meta.url));
  const writer = spawn(process.execPath, [script, folder, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const acknowledged: number[] = [];
  for await (const line of createInterface({ input: writer.stdout })) {
    acknowledged.push(Number(line));
    if (acknowledged.length === enough) writer.kill('SIGKILL');
  }
  return acknowledged;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  assert.ok(address !== null && typeof address === 'object');
  return address.port;
}

function isFault(code: string): (error: unknown) => boolean {
  return (error) => error instanceof TweestapError && error.code === code;
}

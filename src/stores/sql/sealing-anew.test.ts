/** After a change of the key: everything opens with the new one alone, and nothing needs the old one. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';

import { sql } from 'kysely';

import { everyServer, testBox, type FreshDatabase } from '../../../test/support/database.ts';
import { sampleApproval } from '../../accounts/approval-store.contract.ts';
import { sampleUser } from '../../accounts/user-store.contract.ts';
import { sampleSync } from '../../administration/directory/sync-store.contract.ts';
import { sampleItem, sampleJob } from '../../administration/jobs/job-store.contract.ts';
import { sampleAppPassword } from '../../app-passwords/app-password-store.contract.ts';
import { sampleApplication } from '../../applications/application-store.contract.ts';
import { sampleKey } from '../../applications/key-store.contract.ts';
import { sampleMessage } from '../../delivery/outbox-store.contract.ts';
import { createSecretBox, type SecretBox } from '../../lib/secret-box.ts';
import { sampleToken } from '../../registrations/hardware-token-store.contract.ts';
import { sampleRegistration } from '../../registrations/registration-store.contract.ts';
import { sampleSession } from '../../sessions/session-store.contract.ts';
import { sampleDevice } from '../../sessions/trusted-device-store.contract.ts';
import { sampleAttempt } from '../../signin/attempt-store.contract.ts';
import { prepareChain } from './audit-store.ts';
import { openDatabase, type Database } from './database.ts';
import { schema } from './schema.ts';
import { sealedColumns, sealedFacts } from './sealed-columns.ts';
import { createSeals } from './sealed.ts';
import { openSqlite } from './sqlite.ts';
import { prepareStores, type AllStores } from './stores.ts';

const [old, next] = [
  { id: 'test', key: Buffer.alloc(32, 1) },
  { id: 'next', key: Buffer.alloc(32, 3) },
];
const hashKey = Buffer.alloc(32, 2);
/** Seals with the new key, and still opens what the old one sealed. */
const bothKeys = createSecretBox({ current: next, previous: [old], hashKey });
const newKey = createSecretBox({ current: next, previous: [], hashKey });

const now = new Date(1_500);

/** One of everything that is sealed. */
async function fill(stores: AllStores): Promise<void> {
  const userId = 'user-anna';
  await stores.users.add(sampleUser());
  await stores.users.add(sampleUser({ id: 'user-bram', userPrincipalName: 'bram@x.example' }));
  await stores.registrations.add(sampleRegistration({ userId }));
  await stores.hardwareTokens.add(sampleToken());
  await stores.appPasswords.add(sampleAppPassword(), 'the app password itself');
  await stores.approvals.add(sampleApproval());
  await stores.sessions.add(sampleSession());
  await stores.trustedDevices.add(sampleDevice());
  await stores.attempts.add(sampleAttempt());
  await stores.outbox.add([sampleMessage('waiting')]);
  await stores.jobs.add(sampleJob);
  await stores.jobs.addItems(sampleJob.id, [sampleItem(1), sampleItem(2)]);
  await stores.jobs.settle(sampleJob.id, 1, 'done', 'what is told once');
  await stores.applications.add(sampleApplication());
  await stores.radiusClients.add({
    id: 'vpn',
    name: 'VPN',
    addresses: ['192.0.2.1'],
    secret: 'a secret that nobody else has',
    mode: 'password-then-challenge',
    signs: true,
    createdAt: now,
  });
  await stores.directorySync.save(sampleSync, 0);
  await stores.ldapClients.add({ name: 'dovecot', hash: Buffer.alloc(32, 1), createdAt: now });
  await stores.keys.add(sampleKey());
  await stores.oidc.upsert('Session', 'one', { uid: 'uid-1', accountId: userId }, undefined);
  for (const name of sealedFacts) {
    const value = testBox.seal(`${name} itself`, ['meta', 'value', name]).toString('base64');
    await stores.meta.write(name, value);
  }
}

/** All of it, as it is read. */
async function readAll(stores: AllStores, box: SecretBox): Promise<unknown> {
  const facts = await Promise.all(
    sealedFacts.map(async (name) => {
      const sealed = Buffer.from((await stores.meta.read(name)) ?? '', 'base64');
      return box.open(sealed, ['meta', 'value', name]).toString();
    }),
  );
  const { id, userId } = sampleSession();
  return {
    facts,
    users: [await stores.users.find('user-anna'), await stores.users.find('user-bram')],
    registrations: await stores.registrations.list('user-anna'),
    token: await stores.hardwareTokens.find('token-1'),
    approval: await stores.approvals.find('approval-1'),
    session: await stores.sessions.find(id, now),
    sessions: await stores.sessions.list(userId, now),
    devices: await stores.trustedDevices.list(sampleDevice().userId, now),
    attempt: await stores.attempts.find(sampleAttempt().id),
    job: await stores.jobs.find(sampleJob.id),
    items: await stores.jobs.openItems(sampleJob.id, 9),
    directory: await stores.directorySync.state(),
    application: await stores.applications.find('sample'),
    radius: await stores.radiusClients.list(),
    ldap: await stores.ldapClients.list(),
    keys: await stores.keys.list(),
    record: await stores.oidc.find('Session', 'one', now),
  };
}

/** What can be read once. */
async function takeAll(stores: AllStores): Promise<unknown> {
  return {
    appPassword: await stores.appPasswords.takePlain('app-password-1', 'user-anna', new Date(0)),
    told: await stores.jobs.takeSecrets(sampleJob.id, 9),
    messages: await stores.outbox.lease(now, 30, 9, ['text']),
  };
}

for (const server of everyServer()) {
  describe(`sealing everything anew, on ${server.engine}`, () => {
    after(() => server.close());

    const onFilled = async (
      test: (fresh: FreshDatabase, open: (box: SecretBox) => Promise<Database>) => Promise<void>,
    ): Promise<void> => {
      const fresh = await server.fresh();
      const opened: Database[] = [];
      try {
        await fill(fresh.stores);
        await test(fresh, async (box) => {
          const database = await openDatabase({ ...fresh.place, box, synchronous: 'OFF' });
          opened.push(database);
          return database;
        });
      } finally {
        for (const database of opened) await database.close();
        await fresh.close();
      }
    };

    it('leaves nothing that needs the old key, and everything as it was', () =>
      onFilled(async (fresh, open) => {
        const before = await readAll(fresh.stores, testBox);
        const rotating = await open(bothKeys);
        const { values, damaged, isComplete } = await rotating.sealAnew();
        // Two accounts, two items with an input or a secret; of all else one.
        assert.deepEqual(
          [values, damaged, isComplete],
          [sealedColumns.length + sealedFacts.length + 1, 0, true],
        );
        const { stores } = await open(newKey);
        assert.deepEqual(await readAll(stores, newKey), before);
        assert.deepEqual(
          JSON.stringify(await takeAll(stores)).match(/the app password itself|what is told once/g),
          ['the app password itself', 'what is told once'],
        );
        const again = await rotating.sealAnew();
        assert.deepEqual([again.values, again.isComplete], [0, true]);
      }));

    it('leaves no trace of the old key in any column, listed or not', () =>
      onFilled(async (fresh, open) => {
        const { columns: before } = await sealedWith(fresh, old.id);
        const named = new Set(sealedColumns.map(({ table, column }) => `${table}.${column}`));
        assert.deepEqual(before, new Set([...named, 'meta.value']));
        await (await open(bothKeys)).sealAnew();
        assert.deepEqual((await sealedWith(fresh, old.id)).columns, new Set());
        assert.deepEqual((await sealedWith(fresh, next.id)).columns, before);
      }));

    it('goes on where it was broken off', () =>
      onFilled(async (_, open) => {
        const rotating = await open(bothKeys);
        // As a run leaves it that was stopped between two transactions.
        await rotating.stores.users.change('user-anna', { passwordHash: 'changed meanwhile' });
        const { values, isComplete } = await rotating.sealAnew();
        assert.deepEqual([values, isComplete], [sealedColumns.length + sealedFacts.length, true]);
        const { stores } = await open(newKey);
        assert.equal((await stores.users.find('user-anna'))?.passwordHash, 'changed meanwhile');
      }));

    it('keeps what is written by somebody else while it goes on', () =>
      onFilled(async (fresh, open) => {
        const many = Array.from({ length: 450 }, (_, number) => `reg-${number}`);
        await fresh.transact(async (stores) => {
          for (const id of many) {
            const userId = `user-of-${id}`;
            await stores.registrations.add(sampleRegistration({ id, userId, secret: 'as it was' }));
          }
        });
        const [rotating, service] = [await open(bothKeys), await open(bothKeys)];
        const writing = (async () => {
          for (const id of many.slice(0, 60)) {
            const found = await service.stores.registrations.find(id);
            const { version = 0 } = found ?? {};
            await service.stores.registrations.replace(id, version, 'as it was written');
          }
        })();
        const [{ isComplete, damaged }] = await Promise.all([rotating.sealAnew(), writing]);
        assert.deepEqual([isComplete, damaged], [true, 0]);
        const { stores } = await open(newKey);
        for (const [index, id] of many.entries()) {
          const { secret } = (await stores.registrations.find(id)) ?? {};
          assert.equal(secret, index < 60 ? 'as it was written' : 'as it was', id);
        }
      }));

    it('believes no account that somebody changed, and counts it', () =>
      onFilled(async (fresh, open) => {
        await fresh.intrude(`update "user" set role = 'global-admin' where id = 'user-bram'`);
        const rotating = await open(bothKeys);
        const { damaged, isComplete } = await rotating.sealAnew();
        assert.deepEqual([damaged, isComplete], [1, true]);
        const { stores } = await open(newKey);
        await assert.rejects(stores.users.find('user-bram'), { code: 'RECORD_DAMAGED' });
        assert.equal((await stores.users.find('user-anna'))?.role, 'user');
      }));

    it('leaves what no key opens, and goes on', () =>
      onFilled(async (fresh, open) => {
        await fresh.intrude(`update ldap_client set name = 'another'`);
        const { damaged, isComplete } = await (await open(bothKeys)).sealAnew();
        assert.deepEqual([damaged, isComplete], [1, true]);
      }));
  });
}

describe('the list of what is sealed', () => {
  it('names every column that a store seals, and no other', async () => {
    const engine = await openSqlite({ file: ':memory:', synchronous: 'OFF' });
    const asked = new Set<string>();
    const seals = createSeals({ box: testBox, report: () => {} });
    const parts = {
      build: engine.build,
      dialect: engine.dialect,
      seals: {
        ...seals,
        sealed: <value>(...column: Parameters<typeof seals.sealed<value>>) => {
          asked.add(`${column[0]}.${column[1]}`);
          return seals.sealed<value>(...column);
        },
      },
    };
    prepareStores(parts, prepareChain(parts));
    await engine.close();
    const listed = sealedColumns.map(({ table, column }) => `${table}.${column}`);
    assert.deepEqual([...asked].toSorted(), listed.toSorted());
  });
});

/** The columns that hold something sealed with this key, as bytes or as base64. */
async function sealedWith(
  fresh: FreshDatabase,
  id: string,
): Promise<{ readonly columns: ReadonlySet<string> }> {
  const head = Buffer.concat([Buffer.from([1, id.length]), Buffer.from(id)]);
  const columns = new Set<string>();
  for (const table of Object.keys(schema)) {
    const { rows } = await fresh.look((within) =>
      sql<Record<string, unknown>>`select * from ${sql.table(table)}`.execute(within),
    );
    for (const row of rows) {
      for (const [column, value] of Object.entries(row)) {
        const bytes = typeof value === 'string' ? Buffer.from(value, 'base64') : value;
        if (Buffer.isBuffer(bytes) && bytes.subarray(0, head.length).equals(head)) {
          columns.add(`${table}.${column}`);
        }
      }
    }
  }
  return { columns };
}

/** What somebody can do who has the database but not the keys: read little, and change nothing unseen. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';

import { everyServer, type FreshDatabase } from '../../../test/support/database.ts';
import { sampleUser } from '../../accounts/user-store.contract.ts';
import { sampleEntry, sampleSync } from '../../administration/directory/sync-store.contract.ts';
import { sampleItem, sampleJob } from '../../administration/jobs/job-store.contract.ts';
import { sampleAppPassword } from '../../app-passwords/app-password-store.contract.ts';
import { sampleApplication } from '../../applications/application-store.contract.ts';
import { sampleKey } from '../../applications/key-store.contract.ts';
import { sampleEvent } from '../../audit/audit-store.contract.ts';
import { policyChanged } from '../../audit/policy-event.ts';
import { sampleMessage } from '../../delivery/outbox-store.contract.ts';
import { TweestapError } from '../../errors/errors.ts';
import { sampleRegistration } from '../../registrations/registration-store.contract.ts';
import { sampleSession } from '../../sessions/session-store.contract.ts';
import { sampleAttempt } from '../../signin/attempt-store.contract.ts';

for (const server of everyServer()) {
  describe(`a database in other hands, on ${server.engine}`, () => {
    after(() => server.close());

    const onFresh = async (test: (fresh: FreshDatabase) => Promise<void>): Promise<void> => {
      const fresh = await server.fresh();
      try {
        await test(fresh);
      } finally {
        await fresh.close();
      }
    };
    const isDamaged = (error: unknown): boolean =>
      error instanceof TweestapError && error.code === 'RECORD_DAMAGED';

    it('holds no secret in the clear', () =>
      onFresh(async ({ stores, look }) => {
        const secrets = await fillWithSecrets(stores);
        const tables = await look((within) => within.introspection.getTables());
        const rows = await look(async (within) => {
          const all: unknown[] = [];
          for (const { name } of tables) {
            all.push(
              ...(await within.withTables<AnyTables>().selectFrom(name).selectAll().execute()),
            );
          }
          return all;
        });
        assert.ok(rows.length >= 9);
        const dump = rows.map(dumped).join('\n');
        for (const secret of secrets) {
          assert.ok(!dump.includes(secret), `found in the clear: ${secret}`);
        }
      }));

    it('does nothing to whom others put in the place of a directory’s people', () =>
      onFresh(async ({ stores, intrude, damages }) => {
        const { provisioning } = stores;
        await provisioning.call('entra', 'user-anna', 'A1');
        await provisioning.addGroup({ id: 'group-1', name: 'staff', createdAt: new Date(0) });
        await intrude(`update external_id set subject_id = 'user-victim'`);
        await intrude(`update provisioned_group set name = 'board'`);
        await assert.rejects(provisioning.idsOf('entra', 'A1'), isDamaged);
        await assert.rejects(provisioning.externalIds('entra', ['user-victim']), isDamaged);
        await assert.rejects(provisioning.groups(), isDamaged);
        assert.deepEqual(damages, [
          { table: 'external_id', row: 'user-victim' },
          { table: 'external_id', row: 'user-victim' },
          { table: 'provisioned_group', row: 'group-1' },
        ]);
      }));

    it('switches nobody off, and keeps nobody in, since others wrote so of the directory', () =>
      onFresh(async ({ stores: { directorySync }, intrude }) => {
        const entry = sampleEntry('anna');
        await directorySync.put([entry]);
        await directorySync.putGroups([
          { id: 'g1', told: 'Sales', name: 'Sales', run: 1, conflict: undefined },
        ]);
        for (const change of [`run = 99`, `state = 'gone'`, `detail = '{}'`, `name = 'b@x.nl'`]) {
          await directorySync.put([entry]);
          await intrude(`update directory_entry set ${change}`);
          await assert.rejects(directorySync.entries(['anna']), isDamaged, change);
        }
        await intrude(`update directory_group set name = 'Board'`);
        await assert.rejects(directorySync.groups(), isDamaged);
        await directorySync.save(sampleSync, 0);
        await intrude(`update directory_sync set version = 7`);
        await assert.rejects(directorySync.state(), isDamaged, 'a confirmation of before');
      }));

    it('does nothing to whom others put into long work, and begins no draft for them', () =>
      onFresh(async ({ stores, intrude, damages }) => {
        const { jobs } = stores;
        await jobs.add(sampleJob);
        await jobs.addItems(sampleJob.id, [sampleItem(1), sampleItem(2)]);
        await intrude(`update job_item set user_id = 'user-victim' where number = 1`);
        await intrude(`update job_item set input =
          (select input from job_item as other where other.number = 1) where number = 2`);
        await intrude(`insert into job_item (job_id, number, user_id, name)
          values ('${sampleJob.id}', 3, 'user-victim', 'victim@x.example')`);
        const meant = (await jobs.openItems(sampleJob.id, 9)).map(({ userId }) => userId);
        assert.deepEqual(meant, ['user-1', undefined, undefined]);
        assert.equal(damages.length, 1);
        await jobs.add({ ...sampleJob, id: 'draft', state: 'draft' });
        await intrude(`update job set state = 'running' where id = 'draft'`);
        await assert.rejects(jobs.find('draft'), isDamaged);
      }));

    it('refuses the secret of one person in the place of another', () =>
      onFresh(async ({ stores, intrude, damages }) => {
        await stores.registrations.add(sampleRegistration());
        await stores.registrations.add(sampleRegistration({ id: 'bens', userId: 'user-ben' }));
        // Also where it was read before, and is remembered.
        assert.equal((await stores.registrations.list('user-anna')).length, 1);
        await intrude(`update registration set secret =
          (select secret from registration as other where other.id = 'bens') where id = 'registration-1'`);
        await assert.rejects(stores.registrations.list('user-anna'), isDamaged);
        await assert.rejects(stores.registrations.find('registration-1'), isDamaged);
        assert.equal((await stores.registrations.list('user-ben')).length, 1);
        assert.deepEqual(damages[0], { table: 'registration', row: 'registration-1' });
      }));

    it('refuses a registration that was given to another person', () =>
      onFresh(async ({ stores, intrude, damages }) => {
        await stores.registrations.add(sampleRegistration());
        await intrude(`update registration set user_id = 'user-ben'`);
        await assert.rejects(stores.registrations.list('user-ben'), isDamaged);
        assert.equal(damages.length, 1);
      }));

    it('refuses a session, an app password, a known browser that was given to another', () =>
      onFresh(async ({ stores, intrude, damages }) => {
        const browser = Buffer.alloc(32, 9);
        await stores.sessions.add(sampleSession());
        await stores.appPasswords.add(sampleAppPassword());
        await stores.knownBrowsers.remember(browser, 'user-anna', new Date(1));
        for (const table of ['session', 'app_password', 'known_browser']) {
          await intrude(`update ${table} set user_id = 'user-admin'`);
        }
        assert.equal(await stores.sessions.find(sampleSession().id, new Date(2000)), undefined);
        assert.deepEqual(await stores.sessions.list('user-admin', new Date(2000)), []);
        assert.equal(await stores.appPasswords.findByHash(sampleAppPassword().hash), undefined);
        assert.equal(await stores.knownBrowsers.isKnown(browser, 'user-admin', new Date(1)), false);
        assert.deepEqual(
          damages.map(({ table }) => table),
          ['session', 'session', 'app_password'],
        );
      }));

    it('opens no door by what was changed, also where it was known before', () =>
      onFresh(async ({ stores, intrude }) => {
        const { hash } = sampleAppPassword();
        await stores.users.add({ ...sampleUser(), accountEnabled: false });
        await stores.users.add(
          sampleUser({ id: 'user-admin', userPrincipalName: 'admin@tweestap.example' }),
        );
        await stores.appPasswords.add(sampleAppPassword());
        const find = (name: string) => stores.doorKeys.find(hash, `${name}@tweestap.example`);
        assert.equal((await find('anna'))?.user.accountEnabled, false);
        await intrude(`update "user" set account_enabled = 1 where id = 'user-anna'`);
        await intrude('update app_password set door = null, expires_at = null');
        const known = await find('anna');
        assert.equal(known?.user.accountEnabled, false);
        assert.equal(known.appPassword.door, 'ldap');
        await intrude(`update app_password set user_id = 'user-admin'`);
        assert.equal(await find('admin'), undefined);
        assert.equal(await find('anna'), undefined);
      }));

    it('refuses a session whose end was moved', () =>
      onFresh(async ({ stores, intrude }) => {
        await stores.sessions.add(sampleSession());
        await intrude('update session set expires_at = 9999999999999');
        assert.equal(await stores.sessions.find(sampleSession().id, new Date(10_000)), undefined);
      }));

    it('refuses an account that somebody else changed, in whatever decides', () =>
      onFresh(async ({ stores, intrude, damages }) => {
        const changes = [
          `per_user_mfa_state = 'disabled'`,
          `role = 'global-admin'`,
          `groups = '["admins"]'`,
          `blocked_at = null`,
          `must_change_password = 1 - must_change_password`,
          `mfa_required_at = 1`,
          `mail = 'stranger@elsewhere.example'`,
          `default_method_id = 'phone-call'`,
          `binding = null`,
          `upstream_id = 'entry-1', upstream_dn = 'uid=stranger,dc=x'`,
          `upstream_dn = 'uid=stranger,dc=x'`,
          `password_hash = (select password_hash from "user" as other where other.id = 'user-ben')`,
        ];
        await stores.users.add(sampleUser({ id: 'user-ben', userPrincipalName: 'ben@x.nl' }));
        for (const [index, change] of changes.entries()) {
          const id = `user-${index}`;
          const block = { at: new Date(5), until: undefined, reason: 'lost' };
          await stores.users.add(
            sampleUser({ id, userPrincipalName: `user${index}@x.nl`, blocked: block }),
          );
          await intrude(`update "user" set ${change} where id = '${id}'`);
          await assert.rejects(stores.users.find(id), isDamaged, change);
          // A change of ours does not make it ours again.
          await assert.rejects(stores.users.change(id, { displayName: 'Anna' }), isDamaged);
          await assert.rejects(stores.users.moveState(id, 'enforced', 'enabled'), isDamaged);
        }
        assert.equal((await stores.users.find('user-ben'))?.id, 'user-ben');
        assert.ok(damages.every(({ table }) => table === 'user'));
      }));

    it('refuses a policy that somebody else wrote, or put back', () =>
      onFresh(async ({ stores, intrude, damages }) => {
        await stores.policies.write(0, { trustedIps: [] });
        await intrude(`update policy set document = '{"trustedIps":["0.0.0.0/0"]}'`);
        await assert.rejects(stores.policies.read(), isDamaged);
        await intrude(`update policy set document = '{"trustedIps":[]}', version = 7`);
        await assert.rejects(stores.policies.read(), isDamaged);
        assert.deepEqual(damages[0], { table: 'policy', row: '1' });
      }));

    it('takes an attempt, an engine record, a message that was tampered with for lost', () =>
      onFresh(async ({ stores, intrude, damages }) => {
        const later = new Date(60_000);
        await stores.attempts.add(sampleAttempt());
        await stores.attempts.add(sampleAttempt({ id: 'attempt-2' }));
        await stores.oidc.upsert('AuthorizationCode', 'code', { accountId: 'user-anna' }, later);
        await stores.oidc.upsert('AccessToken', 'token', { accountId: 'user-anna' }, later);
        await stores.outbox.add([sampleMessage('one'), sampleMessage('two')]);
        await intrude(`update attempt set detail =
          (select detail from attempt as other where other.id = 'attempt-2') where id = 'attempt-1'`);
        // The same bytes under another model: a code that would be a token.
        await intrude(`update oidc_record set model = 'RefreshToken' where model = 'AccessToken'`);
        await intrude(`update oidc_record set payload =
          (select payload from oidc_record as other where other.model = 'RefreshToken')
          where model = 'AuthorizationCode'`);
        await intrude(`update outbox set body =
          (select body from outbox as other where other.id = 'two') where id = 'one'`);
        const now = new Date(2000);
        assert.equal(await stores.attempts.find('attempt-1'), undefined);
        assert.equal(await stores.oidc.find('AuthorizationCode', 'code', now), undefined);
        assert.equal(await stores.oidc.find('RefreshToken', 'token', now), undefined);
        const leased = await stores.outbox.lease(now, 30, 10, ['text']);
        assert.deepEqual(
          leased.map(({ id }) => id),
          ['two'],
        );
        assert.deepEqual(await stores.outbox.lease(later, 30, 10, ['text']), [
          { ...sampleMessage('two'), tries: 2 },
        ]);
        assert.deepEqual(
          damages.map(({ table }) => table),
          ['attempt', 'oidc_record', 'outbox'],
        );
      }));

    it('neither signs nor opens an application with a swapped secret', () =>
      onFresh(async ({ stores, intrude }) => {
        await stores.applications.add(sampleApplication());
        await stores.applications.add(
          sampleApplication({ clientId: 'evil', clientSecret: 'known' }),
        );
        await stores.keys.add(sampleKey());
        await intrude(`update application set client_secret =
          (select client_secret from application as other where other.client_id = 'evil')`);
        await intrude(`update signing_key set kid = 'key-2'`);
        await assert.rejects(stores.applications.find('sample'), isDamaged);
        await assert.rejects(stores.keys.list(), isDamaged);
      }));

    it('opens no application that somebody else changed, added or made public', () =>
      onFresh(async ({ stores, intrude, damages }) => {
        const { applications } = stores;
        await applications.add(sampleApplication());
        await applications.add(
          sampleApplication({ clientId: 'evil', redirectUris: ['https://evil.example/'] }),
        );
        await applications.add(sampleApplication({ clientId: 'secretless' }));
        await intrude(`update application set detail =
          (select detail from application as other where other.client_id = 'evil')
          where client_id = 'sample'`);
        await assert.rejects(applications.find('sample'), isDamaged);
        await intrude(`update application set client_secret = null where client_id = 'secretless'`);
        await assert.rejects(applications.find('secretless'), isDamaged);
        await intrude(`insert into application (client_id, created_at, detail, binding)
          select 'added', created_at, detail, binding from application
          where client_id = 'evil'`);
        await assert.rejects(applications.find('added'), isDamaged);
        assert.ok(await applications.find('evil'));
        await intrude(`update application set binding = null where client_id = 'evil'`);
        await assert.rejects(applications.find('evil'), isDamaged);
        assert.deepEqual(
          damages,
          ['sample', 'secretless', 'added', 'evil'].map((row) => ({ table: 'application', row })),
        );
      }));

    it('does not go by the first policy of all where a later one was taken away', () =>
      onFresh(async ({ stores, transact, intrude }) => {
        assert.equal((await stores.policies.read()).version, 0);
        await transact(async ({ audit, policies }) => {
          await policies.write(0, { trustedIps: [] });
          await audit.append(policyChanged({ at: new Date(0), actor: 'test', changes: [] }));
        });
        await intrude('delete from policy');
        await assert.rejects(stores.policies.read(), isDamaged);
      }));

    describe('with the audit log', () => {
      const fill = async ({ transact }: FreshDatabase): Promise<void> => {
        await transact(async ({ audit }) => {
          for (let index = 1; index <= 8; index++) {
            await audit.append(sampleEvent({ details: { index }, userId: `user-${index}` }));
          }
        });
      };
      const swap = `update audit_event set details = case sequence
        when 3 then '{"index":4}' else '{"index":3}' end where sequence in (3, 4)`;
      const renumber = [
        'update audit_event set sequence = 99 where sequence = 5',
        'update audit_event set sequence = 5 where sequence = 6',
        'update audit_event set sequence = 6 where sequence = 99',
      ];
      const cases: readonly [string, readonly string[], number][] = [
        ['a changed actor', [`update audit_event set actor = 'x' where sequence = 4`], 4],
        ['a changed time', ['update audit_event set at = at + 1 where sequence = 2'], 2],
        ['a person taken out', ['update audit_event set user_id = null where sequence = 7'], 7],
        ['details swapped between two', [swap], 3],
        ['two in another order', renumber, 5],
        ['one removed', ['delete from audit_event where sequence = 5'], 5],
        ['the first removed', ['delete from audit_event where sequence = 1'], 1],
        ['the last removed', ['delete from audit_event where sequence = 8'], 8],
        [
          'the last removed and the head moved back',
          [
            'delete from audit_event where sequence > 6',
            `update audit_head set sequence = 6,
              hash = (select hash from audit_event where sequence = 6)`,
          ],
          7,
        ],
        ['all removed', ['delete from audit_event'], 1],
        ['the head removed', ['delete from audit_head'], 9],
        [
          'one added by hand',
          [
            `insert into audit_event (sequence, kind, at, actor, details, previous_hash, hash)
              select 9, kind, at, actor, details, hash, previous_hash
              from audit_event where sequence = 8`,
          ],
          9,
        ],
        [
          'one removed and the rest renumbered',
          [
            'delete from audit_event where sequence = 4',
            'update audit_event set sequence = sequence - 100 where sequence > 4',
            'update audit_event set sequence = sequence + 99 where sequence < 0',
          ],
          4,
        ],
      ];
      for (const [what, statements, brokenAt] of cases) {
        it(`notices ${what}`, () =>
          onFresh(async (fresh) => {
            await fill(fresh);
            assert.deepEqual(await fresh.stores.audit.verify(), {
              checked: 8,
              brokenAt: undefined,
            });
            for (const statement of statements) await fresh.intrude(statement);
            assert.equal((await fresh.stores.audit.verify()).brokenAt, brokenAt);
          }));
      }

      const goesOn = ({ transact }: FreshDatabase): Promise<void> =>
        transact(async ({ audit }) => {
          await audit.append(sampleEvent({ details: { index: 9 }, userId: 'user-9' }));
        });
      const isTold = ({ damages }: FreshDatabase): boolean =>
        damages.some(({ table }) => table === 'audit_head');

      it('seals no end that somebody made, and shows for ever where it was', () =>
        onFresh(async (fresh) => {
          await fill(fresh);
          await fresh.intrude('delete from audit_event where sequence > 6');
          await fresh.intrude(`update audit_head set sequence = 6,
            hash = (select hash from audit_event where sequence = 6)`);
          for (let times = 0; times < 2; times++) {
            await goesOn(fresh);
            assert.equal((await fresh.stores.audit.verify()).brokenAt, 7);
          }
          assert.ok(isTold(fresh));
        }));

      it('begins no second log in the place of one that was taken away', () =>
        onFresh(async (fresh) => {
          await fill(fresh);
          await fresh.intrude('delete from audit_event');
          await fresh.intrude('delete from audit_head');
          await goesOn(fresh);
          assert.equal((await fresh.stores.audit.verify()).brokenAt, 1);
          assert.ok(isTold(fresh));
        }));

      it('tells of an end that was true once and is put back, while the service runs', () =>
        onFresh(async (fresh) => {
          await fill(fresh);
          await fresh.intrude('create table kept as select * from audit_head');
          await goesOn(fresh);
          assert.ok(!isTold(fresh));
          await fresh.intrude('delete from audit_event where sequence > 8');
          await fresh.intrude(`update audit_head set sequence = 8,
            hash = (select hash from kept), mac = (select mac from kept)`);
          await goesOn(fresh);
          assert.ok(isTold(fresh));
        }));
    });
  });
}

type AnyTables = Record<string, Record<string, unknown>>;

/** A row as somebody would search it: as text, as bytes, and as what bytes are often written as. */
function dumped(row: unknown): string {
  if (typeof row !== 'object' || row === null) return '';
  return Object.values(row)
    .map((value) =>
      Buffer.isBuffer(value)
        ? `${value.toString('utf8')} ${value.toString('latin1')} ${value.toString('base64')}`
        : String(value),
    )
    .join(' ');
}

async function fillWithSecrets(stores: FreshDatabase['stores']): Promise<readonly string[]> {
  const later = new Date(60_000);
  await stores.users.add(sampleUser({ passwordHash: '$argon2id$the-hash' }));
  await stores.attempts.add(sampleAttempt());
  await stores.registrations.add(sampleRegistration({ secret: { key: 'TOTP-KEY' } }));
  await stores.appPasswords.add(sampleAppPassword());
  await stores.sessions.add(sampleSession());
  await stores.applications.add(sampleApplication({ clientSecret: 'CLIENT-SECRET' }));
  await stores.keys.add(sampleKey({ privateJwk: { kty: 'oct', k: 'PRIVATE-JWK' } }));
  await stores.oidc.upsert(
    'RefreshToken',
    'REFRESH-TOKEN-ID',
    { jti: 'REFRESH-TOKEN-ID', grantId: 'GRANT-ID', uid: 'UID-TEXT', secret: 'IN-PAYLOAD' },
    later,
  );
  await stores.outbox.add([sampleMessage('message-1')]);
  await stores.throttle.update('messages-per-number:+31699999999', () => ({
    record: { events: [], pausedUntil: 0, level: 0, recent: [] },
    result: undefined,
  }));
  return [
    '$argon2id$the-hash',
    'ABCDEFGHIJKLMNOPQRSTUVWX',
    'c2VjcmV0',
    'TOTP-KEY',
    'CLIENT-SECRET',
    'PRIVATE-JWK',
    'REFRESH-TOKEN-ID',
    'GRANT-ID',
    'UID-TEXT',
    'IN-PAYLOAD',
    'Uw code is 123456',
    '+31699999999',
  ];
}

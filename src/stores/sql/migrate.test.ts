import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';

import { sampleUser } from '../../accounts/user-store.contract.ts';
import { sampleApplication } from '../../applications/application-store.contract.ts';
import { everyServer, type FreshDatabase } from '../../../test/support/database.ts';
import { migrations } from './migrations/registry.ts';
import { schema } from './schema.ts';

const names = migrations.map(({ name }) => name);
const kinds: Readonly<Record<string, string>> = {
  text: 'text',
  integer: 'integer',
  blob: 'blob',
  TEXT: 'text',
  INTEGER: 'integer',
  BLOB: 'blob',
  int8: 'integer',
  bytea: 'blob',
};

for (const server of everyServer()) {
  describe(`migrations on ${server.engine}`, () => {
    after(() => server.close());

    const onEmpty = async (test: (fresh: FreshDatabase) => Promise<void>): Promise<void> => {
      const fresh = await server.empty();
      try {
        await test(fresh);
      } finally {
        await fresh.close();
      }
    };

    it('tells what would be done, does it once, and then has nothing to do', () =>
      onEmpty(async ({ database }) => {
        assert.deepEqual(await database.plan(), { applied: [], pending: names, unknown: [] });
        assert.deepEqual(await database.migrate(new Date(1000)), names);
        assert.deepEqual(await database.plan(), { applied: names, pending: [], unknown: [] });
        assert.deepEqual(await database.migrate(new Date(2000)), []);
      }));

    it('leaves an empty database empty when it only looks', () =>
      onEmpty(async ({ database, look }) => {
        await database.plan();
        assert.deepEqual(await look((within) => within.introspection.getTables()), []);
      }));

    const skip = server.engine === 'sqlite' && 'it knows no schemas';
    it('leaves alone what others keep in a schema of theirs', { skip }, () =>
      onEmpty(async ({ database, intrude }) => {
        await intrude('create schema others');
        await intrude('create schema tweestap');
        for (const theirs of ['others', 'public']) {
          await intrude(`create table ${theirs}.migration (id integer, timestamp bigint)`);
        }
        assert.deepEqual((await database.plan()).pending, names);
        assert.deepEqual(await database.migrate(new Date(1000)), names);
        assert.deepEqual((await database.plan()).applied, names);
      }),
    );

    it('makes exactly the tables that the program expects', () =>
      onEmpty(async ({ database, look }) => {
        await database.migrate(new Date(1000));
        const tables = await look((within) => within.introspection.getTables());
        const made = Object.fromEntries(
          tables.map(({ name, columns }) => [
            name,
            Object.fromEntries(
              columns.map((column) => [
                column.name,
                { kind: kinds[column.dataType], nullable: column.isNullable },
              ]),
            ),
          ]),
        );
        assert.deepEqual(made, JSON.parse(JSON.stringify(schema)));
      }));

    it('is done by one of the nodes that start at the same time', () =>
      onEmpty(async (fresh) => {
        const nodes = await Promise.all([1, 2, 3, 4].map(() => fresh.anotherDatabase()));
        const done = await Promise.all(nodes.map((node) => node.migrate(new Date(1000))));
        assert.deepEqual(done.flat(), names);
        assert.deepEqual(await fresh.database.plan(), { applied: names, pending: [], unknown: [] });
      }));

    it('binds the accounts and the policy that were there before rows were bound', () =>
      onEmpty(async ({ database, stores, intrude }) => {
        await database.migrate(new Date(1000));
        const user = sampleUser({ blocked: { at: new Date(7), until: undefined, reason: 'lost' } });
        await stores.users.add(user);
        await stores.policies.write(0, { trustedIps: ['10.0.0.0/8'] });
        await intrude(`alter table "user" drop column binding`);
        await intrude(`alter table policy drop column binding`);
        await intrude(`delete from migration where name = '0002-bound-rows'`);
        assert.deepEqual(await database.migrate(new Date(2000)), ['0002-bound-rows']);
        assert.deepEqual(await stores.users.find(user.id), user);
        assert.equal((await stores.policies.read()).version, 1);
        assert.equal(await stores.users.change(user.id, { displayName: 'Anna' }), true);
      }));

    it('binds the applications that were there before they were bound', () =>
      onEmpty(async ({ database, stores, intrude }) => {
        await database.migrate(new Date(1000));
        const all = [
          sampleApplication(),
          sampleApplication({ clientId: 'public', clientSecret: undefined }),
        ];
        for (const application of all) await stores.applications.add(application);
        await intrude('alter table application drop column binding');
        await intrude(`delete from migration where name = '0030-bound-applications'`);
        assert.deepEqual(await database.migrate(new Date(2000)), ['0030-bound-applications']);
        for (const { clientId, clientSecret } of all) {
          assert.equal((await stores.applications.find(clientId))?.clientSecret, clientSecret);
        }
        assert.equal(await stores.applications.replace(sampleApplication({ name: 'New' })), true);
        assert.equal((await stores.applications.find('sample'))?.name, 'New');
      }));

    it('finds those by their family name who were there before it was looked for', () =>
      onEmpty(async ({ database, stores, intrude }) => {
        await database.migrate(new Date(1000));
        const user = sampleUser({ displayName: 'Érica de Vries' });
        await stores.users.add(user);
        await intrude(`drop table user_name_ending`);
        await intrude(`delete from migration where name = '0011-name-endings'`);
        assert.deepEqual(await database.migrate(new Date(2000)), ['0011-name-endings']);
        for (const text of ['vries', 'de v']) {
          assert.deepEqual(await stores.users.search({ text, limit: 2 }), [user], text);
        }
      }));

    it('finds those by their groups who were there before they were looked for', () =>
      onEmpty(async ({ database, intrude, stores }) => {
        await database.migrate(new Date(1000));
        const user = sampleUser({ groups: ['staff', "O'Hara & Co"] });
        await stores.users.add(user);
        for (const table of ['user_group', 'job', 'job_item']) await intrude(`drop table ${table}`);
        await intrude(`delete from migration where name = '0014-users-at-scale'`);
        assert.deepEqual(await database.migrate(new Date(2000)), ['0014-users-at-scale']);
        for (const group of user.groups) {
          assert.deepEqual(await stores.users.search({ text: '', group, limit: 2 }), [user], group);
        }
      }));

    it('starts on what a newer program has migrated, and says so', () =>
      onEmpty(async ({ database, intrude }) => {
        await database.migrate(new Date(1000));
        await intrude(`insert into migration (name, applied_at) values ('9999-from-later', 1)`);
        assert.deepEqual((await database.plan()).unknown, ['9999-from-later']);
        assert.deepEqual(await database.migrate(new Date(2000)), []);
      }));

    it('changes nothing when it fails half-way', () =>
      onEmpty(async ({ database, intrude, look }) => {
        await intrude('create table outbox (id integer)');
        await assert.rejects(database.migrate(new Date(1000)));
        const tables = await look((within) => within.introspection.getTables());
        assert.deepEqual(
          tables.map(({ name }) => name),
          ['outbox'],
        );
      }));
  });
}

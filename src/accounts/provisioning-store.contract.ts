/** What every keeper of provisioning is held to. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { inParallel, onFreshStores, type MakeStores } from '../lib/stores.contract.ts';
import type { ProvisionedGroup, ProvisioningStore } from './provisioning-store.ts';

const staff: ProvisionedGroup = { id: 'group-1', name: 'staff', createdAt: new Date(1000) };

/** Runs the contract; `make` gives fresh stores to each test. */
export function describeProvisioningStore(
  make: MakeStores<{ readonly provisioning: ProvisioningStore }>,
): void {
  describe('a keeper of provisioning', () => {
    it('knows what each directory calls somebody, and whom it calls so', () =>
      onFreshStores(make, async ({ stores: { provisioning } }) => {
        await provisioning.call('entra', 'anna', 'A1');
        await provisioning.call('entra', 'bram', 'a1');
        await provisioning.call('okta', 'anna', 'x');
        await provisioning.call('entra', 'anna', 'A2');
        const ids = ['anna', 'bram', 'chris'];
        assert.deepEqual(
          await provisioning.externalIds('entra', ids),
          new Map([
            ['anna', 'A2'],
            ['bram', 'a1'],
          ]),
        );
        assert.deepEqual(await provisioning.externalIds('okta', ids), new Map([['anna', 'x']]));
        assert.deepEqual(await provisioning.externalIds('okta', []), new Map());
        assert.deepEqual(await provisioning.idsOf('entra', 'A1'), [], 'the newest counts');
        assert.deepEqual(await provisioning.idsOf('entra', 'a2'), [], 'letter for letter');
        assert.deepEqual(await provisioning.idsOf('entra', 'A2'), ['anna']);
        await provisioning.call('entra', 'chris', 'A2');
        assert.deepEqual(await provisioning.idsOf('entra', 'A2'), ['anna', 'chris']);
        assert.deepEqual(await provisioning.idsOf('okta', 'A2'), []);
      }));

    it('forgets what one directory calls somebody, or all of them', () =>
      onFreshStores(make, async ({ stores: { provisioning } }) => {
        for (const directory of ['entra', 'okta']) await provisioning.call(directory, 'anna', 'x');
        await provisioning.call('entra', 'anna', undefined);
        assert.deepEqual(await provisioning.idsOf('entra', 'x'), []);
        assert.deepEqual(await provisioning.idsOf('okta', 'x'), ['anna']);
        await provisioning.forget('anna');
        assert.deepEqual(await provisioning.idsOf('okta', 'x'), []);
      }));

    it('keeps groups that nobody belongs to, each under a name of its own', () =>
      onFreshStores(make, async ({ stores: { provisioning } }) => {
        const board = { id: 'group-2', name: 'Board', createdAt: new Date(2000) };
        assert.equal(await provisioning.addGroup(staff), true);
        assert.equal(await provisioning.addGroup(board), true);
        assert.equal(await provisioning.addGroup({ ...staff, id: 'group-3' }), false);
        assert.equal(await provisioning.addGroup({ ...staff, name: 'other' }), false);
        assert.deepEqual(await provisioning.groups(), [board, staff]);
        assert.equal(await provisioning.renameGroup(staff.id, 'else', 'crew'), false);
        assert.equal(await provisioning.renameGroup(staff.id, 'staff', 'crew'), true);
        assert.equal(await provisioning.renameGroup('nobody', 'staff', 'crew'), false);
        assert.deepEqual(await provisioning.groups(), [board, { ...staff, name: 'crew' }]);
        assert.equal(await provisioning.renameGroup(staff.id, 'crew', 'Board'), false);
        await provisioning.call('entra', board.id, 'x');
        assert.equal(await provisioning.removeGroup(board.id), true);
        assert.equal(await provisioning.removeGroup(board.id), false);
        assert.deepEqual(await provisioning.idsOf('entra', 'x'), []);
      }));

    it('lets one after another change groups, whether they were made or not', () =>
      onFreshStores(make, async (fresh) => {
        await inParallel(fresh, 6, ({ transact }) =>
          transact(async ({ provisioning }) => {
            await provisioning.holdGroups();
            const before = (await provisioning.externalIds('entra', ['name-x'])).get('name-x');
            await provisioning.call('entra', 'name-x', `${before ?? ''}.`);
          }),
        );
        const after = await fresh.stores.provisioning.externalIds('entra', ['name-x']);
        assert.equal(after.get('name-x'), '......');
      }));

    it('makes a group once, however many make it together', () =>
      onFreshStores(make, async (fresh) => {
        const made = await inParallel(fresh, 6, ({ stores: { provisioning } }, index) =>
          provisioning.addGroup({ ...staff, id: `group-${index}` }),
        );
        assert.equal(made.filter(Boolean).length, 1);
        assert.equal((await fresh.stores.provisioning.groups()).length, 1);
      }));
  });
}

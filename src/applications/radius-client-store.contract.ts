/** What every keeper of RADIUS clients is held to. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { onFreshStores, type MakeStores } from '../lib/stores.contract.ts';
import type { RadiusClientStore } from './radius-client-store.ts';
import type { RadiusClient } from './radius-client.ts';

const vpn: RadiusClient = {
  id: 'vpn',
  name: 'VPN',
  addresses: ['192.0.2.1', '2001:db8::/32'],
  secret: 'a secret that nobody else has',
  mode: 'password-then-challenge',
  signs: true,
  createdAt: new Date(1000),
};

/** Runs the contract; `make` gives fresh stores to each test. */
export function describeRadiusClientStore(
  make: MakeStores<{ readonly radiusClients: RadiusClientStore }>,
): void {
  describe('a store of RADIUS clients', () => {
    it('gives back clients as they were added, oldest first, on every node', () =>
      onFreshStores(make, async (fresh) => {
        const older: RadiusClient = { ...vpn, id: 'pam', signs: false, createdAt: new Date(500) };
        assert.equal(await fresh.stores.radiusClients.add(vpn), true);
        assert.equal(await fresh.stores.radiusClients.add(older), true);
        const { stores } = await fresh.anotherNode();
        assert.deepEqual(await stores.radiusClients.list(), [older, vpn]);
      }));

    it('keeps the first when an id is given twice', () =>
      onFreshStores(make, async ({ stores: { radiusClients } }) => {
        await radiusClients.add(vpn);
        assert.equal(await radiusClients.add({ ...vpn, name: 'Impostor' }), false);
        assert.deepEqual(await radiusClients.list(), [vpn]);
      }));

    it('removes once', () =>
      onFreshStores(make, async ({ stores: { radiusClients } }) => {
        await radiusClients.add(vpn);
        assert.equal(await radiusClients.remove('vpn'), true);
        assert.equal(await radiusClients.remove('vpn'), false);
        assert.deepEqual(await radiusClients.list(), []);
      }));
  });
}

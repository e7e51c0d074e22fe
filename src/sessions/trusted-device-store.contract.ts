/** What every keeper of trusted devices is held to. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { inParallel, onFreshStores, type MakeStores } from '../lib/stores.contract.ts';
import type { TrustedDevice } from './trusted-device.ts';
import type { TrustedDeviceStore } from './trusted-device-store.ts';

/** A device of Heidi's that is trusted until 10 s, unless the test says otherwise. */
export function sampleDevice(id = 'first', fields: Partial<TrustedDevice> = {}): TrustedDevice {
  return {
    id,
    userId: 'user-heidi',
    version: 1,
    token: 'token-1',
    earlier: undefined,
    registrations: 'phone and app',
    userAgent: 'Mozilla/5.0',
    address: '2001:db8::1',
    createdAt: new Date(1000),
    lastUsedAt: new Date(1000),
    expiresAt: new Date(10_000),
    ...fields,
  };
}

/** Runs the contract; `make` gives fresh stores to each test. */
export function describeTrustedDeviceStore(
  make: MakeStores<{ readonly trustedDevices: TrustedDeviceStore }>,
): void {
  describe('a store of trusted devices', () => {
    it('gives back a device as it was trusted, until its end, to its owner alone', () =>
      onFreshStores(make, async ({ stores: { trustedDevices } }) => {
        await trustedDevices.add(sampleDevice());
        const found = await trustedDevices.find('first', 'user-heidi', new Date(9999));
        assert.deepEqual(written(found), written(sampleDevice()));
        assert.equal(await trustedDevices.find('first', 'user-alice', new Date(2000)), undefined);
        assert.equal(await trustedDevices.find('second', 'user-heidi', new Date(2000)), undefined);
        assert.equal(await trustedDevices.find('first', 'user-heidi', new Date(10_000)), undefined);
      }));

    it('lets one of many uses of the same version count', () =>
      onFreshStores(make, async (fresh) => {
        const { trustedDevices } = fresh.stores;
        await trustedDevices.add(sampleDevice());
        const used = await inParallel(fresh, 20, ({ stores }, index) =>
          stores.trustedDevices.use(
            sampleDevice('first', {
              token: `token-by-${index}`,
              earlier: { token: 'token-1', at: new Date(2000) },
              lastUsedAt: new Date(2000),
            }),
          ),
        );
        assert.equal(used.filter(Boolean).length, 1);
        const found = await trustedDevices.find('first', 'user-heidi', new Date(3000));
        assert.equal(found?.version, 2);
        assert.equal(found.token, `token-by-${used.indexOf(true)}`);
        assert.deepEqual(found.earlier, { token: 'token-1', at: new Date(2000) });
        assert.equal(await trustedDevices.use(sampleDevice('unknown')), false);
      }));

    it('never brings back a device that was ended while it was used', () =>
      onFreshStores(make, async ({ stores: { trustedDevices } }) => {
        await trustedDevices.add(sampleDevice());
        assert.equal(await trustedDevices.remove('first', 'user-alice'), false);
        assert.equal(await trustedDevices.remove('first', 'user-heidi'), true);
        assert.equal(await trustedDevices.remove('first', 'user-heidi'), false);
        assert.equal(await trustedDevices.use(sampleDevice()), false);
        assert.deepEqual(await trustedDevices.list('user-heidi', new Date(2000)), []);
      }));

    it("ends all of a person on every node, and nobody else's", () =>
      onFreshStores(make, async (fresh) => {
        const { trustedDevices } = fresh.stores;
        const other = await fresh.anotherNode();
        await trustedDevices.add(sampleDevice('first'));
        await trustedDevices.add(sampleDevice('second', { lastUsedAt: new Date(2000) }));
        await trustedDevices.add(sampleDevice('alices', { userId: 'user-alice' }));
        const listed = await other.stores.trustedDevices.list('user-heidi', new Date(3000));
        assert.deepEqual(
          listed.map(({ id }) => id),
          ['second', 'first'],
        );
        assert.deepEqual(await trustedDevices.list('user-heidi', new Date(10_000)), []);
        assert.equal(await trustedDevices.removeAll('user-heidi'), 2);
        assert.deepEqual(await other.stores.trustedDevices.list('user-heidi', new Date(3000)), []);
        assert.ok(await other.stores.trustedDevices.find('alices', 'user-alice', new Date(3000)));
      }));

    it('forgets what has expired', () =>
      onFreshStores(make, async ({ stores: { trustedDevices } }) => {
        await trustedDevices.add(sampleDevice('old', { expiresAt: new Date(1500) }));
        await trustedDevices.add(sampleDevice('new', { expiresAt: new Date(1501) }));
        assert.equal(await trustedDevices.removeExpired(new Date(1500)), 1);
        assert.ok(await trustedDevices.find('new', 'user-heidi', new Date(1500)));
      }));
  });
}

/** Without the fields that are there but undefined. */
function written(device: TrustedDevice | undefined): unknown {
  return device === undefined ? undefined : JSON.parse(JSON.stringify(device));
}

/** What every keeper of signing keys is held to. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { inParallel, onFreshStores, type MakeStores } from '../lib/stores.contract.ts';
import type { KeyStore, SigningKey } from './key-store.ts';

/** A key that signs from 2 s on, unless the test says otherwise. */
export function sampleKey(fields: Partial<SigningKey> = {}): SigningKey {
  return {
    kid: 'key-1',
    algorithm: 'ES256',
    privateJwk: { kty: 'EC', crv: 'P-256', x: 'eA', y: 'eQ', d: 'ZA' },
    createdAt: new Date(1000),
    activeFrom: new Date(2000),
    retiredAt: undefined,
    retain: false,
    ...fields,
  };
}

/** Runs the contract; `make` gives fresh stores to each test. */
export function describeKeyStore(make: MakeStores<{ readonly keys: KeyStore }>): void {
  describe('a key store', () => {
    it('gives back keys as they were added, the first to become active first', () =>
      onFreshStores(make, async ({ stores: { keys } }) => {
        const next = sampleKey({ kid: 'key-0', activeFrom: new Date(3000), retain: true });
        await keys.add(next);
        await keys.add(sampleKey());
        assert.deepEqual(await keys.list(), [sampleKey(), next]);
      }));

    it('keeps the first of a name', () =>
      onFreshStores(make, async (fresh) => {
        const added = await inParallel(fresh, 10, ({ stores }) => stores.keys.add(sampleKey()));
        assert.equal(added.filter(Boolean).length, 1);
      }));

    it('retires a key once and goes on publishing it', () =>
      onFreshStores(make, async ({ stores: { keys } }) => {
        await keys.add(sampleKey());
        assert.equal(await keys.retire('key-1', new Date(5000)), true);
        assert.equal(await keys.retire('key-1', new Date(6000)), false);
        assert.deepEqual(await keys.list(), [sampleKey({ retiredAt: new Date(5000) })]);
      }));

    it('does not remove a key that is marked to be retained', () =>
      onFreshStores(make, async ({ stores: { keys } }) => {
        await keys.add(sampleKey());
        assert.equal(await keys.setRetain('key-1', true), true);
        assert.equal(await keys.setRetain('key-2', true), false);
        assert.equal(await keys.remove('key-1'), false);
        assert.equal((await keys.list()).length, 1);
        await keys.setRetain('key-1', false);
        assert.equal(await keys.remove('key-1'), true);
        assert.deepEqual(await keys.list(), []);
      }));
  });
}

/** What every keeper of the policy is held to. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { inParallel, onFreshStores, type MakeStores } from '../lib/stores.contract.ts';
import type { PolicyStore } from './policy-store.ts';

/** Runs the contract; `make` gives fresh stores to each test. */
export function describePolicyStore(make: MakeStores<{ readonly policies: PolicyStore }>): void {
  describe('a policy store', () => {
    it('begins with an empty document of version 0', () =>
      onFreshStores(make, async ({ stores: { policies } }) => {
        assert.deepEqual(await policies.read(), { version: 0, document: {} });
      }));

    it('replaces the version it was made from, and no other', () =>
      onFreshStores(make, async ({ stores: { policies } }) => {
        assert.equal(await policies.write(1, { never: true }), false);
        assert.equal(await policies.write(0, { first: true }), true);
        assert.equal(await policies.write(0, { late: true }), false);
        const document = { methods: { 'text-message': { enabled: false, at: '2024-01-01' } } };
        assert.equal(await policies.write(1, document), true);
        assert.equal(await policies.write(1, { late: true }), false);
        assert.deepEqual(await policies.read(), { version: 2, document });
      }));

    it('lets one win when many write at once', () =>
      onFreshStores(make, async (fresh) => {
        for (const from of [0, 1]) {
          const written = await inParallel(fresh, 20, ({ stores }, index) =>
            stores.policies.write(from, { index }),
          );
          assert.equal(written.filter(Boolean).length, 1);
        }
        assert.equal((await fresh.stores.policies.read()).version, 2);
      }));
  });
}

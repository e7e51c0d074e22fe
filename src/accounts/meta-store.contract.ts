/** What every keeper of the installation's own facts is held to. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { inParallel, onFreshStores, type MakeStores } from '../lib/stores.contract.ts';
import type { MetaStore } from './meta-store.ts';

/** Runs the contract; `make` gives fresh stores to each test. */
export function describeMetaStore(make: MakeStores<{ readonly meta: MetaStore }>): void {
  describe('a meta store', () => {
    it('settles on the value that came first, on every node', () =>
      onFreshStores(make, async (fresh) => {
        const settled = await inParallel(fresh, 20, ({ stores }, index) =>
          stores.meta.settle('installation-id', `id-${index}`),
        );
        assert.equal(new Set(settled).size, 1);
        assert.equal(await fresh.stores.meta.read('installation-id'), settled[0]);
        assert.equal(await fresh.stores.meta.read('organisation'), undefined);
      }));

    it('replaces what was written', () =>
      onFreshStores(make, async ({ stores: { meta } }) => {
        await meta.write('organisation', 'one');
        await meta.write('organisation', 'two');
        assert.equal(await meta.read('organisation'), 'two');
      }));

    it('counts the lives of the data', () =>
      onFreshStores(make, async ({ stores: { meta } }) => {
        assert.deepEqual(await meta.epoch(), { number: 1, begunAt: undefined });
        const begun = await meta.beginEpoch(new Date(86_400_000));
        assert.deepEqual(begun, { number: 2, begunAt: new Date(86_400_000) });
        assert.deepEqual(await meta.epoch(), begun);
        assert.equal((await meta.beginEpoch(new Date(2))).number, 3);
      }));
  });
}

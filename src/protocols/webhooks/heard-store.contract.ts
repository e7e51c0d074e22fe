/** What every keeper of heard reports is held to. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { inParallel, onFreshStores, type MakeStores } from '../../lib/stores.contract.ts';
import type { HeardStore } from './heard-store.ts';

/** Runs the contract; `make` gives fresh stores to each test. */
export function describeHeardStore(make: MakeStores<{ readonly heard: HeardStore }>): void {
  describe('a store of heard reports', () => {
    it('hears a report once, on whatever node it arrives', () =>
      onFreshStores(make, async (fresh) => {
        const first = await inParallel(fresh, 50, ({ stores }) =>
          stores.heard.firstTime('simulator', 'event-1', new Date(1000)),
        );
        assert.equal(first.filter(Boolean).length, 1);
        const { heard } = fresh.stores;
        assert.equal(await heard.firstTime('twilio', 'event-1', new Date(1000)), true);
        assert.equal(await heard.firstTime('simulator', 'event-2', new Date(1000)), true);
      }));

    it('hears it again when it was taken back', () =>
      onFreshStores(make, async ({ stores: { heard } }) => {
        await heard.firstTime('simulator', 'event-1', new Date(1000));
        await heard.takeBack('simulator', 'event-1');
        assert.equal(await heard.firstTime('simulator', 'event-1', new Date(1000)), true);
      }));

    it('forgets old ones', () =>
      onFreshStores(make, async ({ stores: { heard } }) => {
        await heard.firstTime('simulator', 'old', new Date(999));
        await heard.firstTime('simulator', 'new', new Date(1000));
        assert.equal(await heard.forget(new Date(1000)), 1);
        assert.equal(await heard.firstTime('simulator', 'old', new Date(2000)), true);
        assert.equal(await heard.firstTime('simulator', 'new', new Date(2000)), false);
      }));
  });
}

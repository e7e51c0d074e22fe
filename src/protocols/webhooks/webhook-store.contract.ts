/** What every keeper of heard reports is held to. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { inParallel, onFreshStores, type MakeStores } from '../../lib/stores.contract.ts';
import type { WebhookStore } from './webhook-store.ts';

/** Runs the contract; `make` gives fresh stores to each test. */
export function describeWebhookStore(make: MakeStores<{ readonly webhooks: WebhookStore }>): void {
  describe('a store of heard reports', () => {
    it('hears a report once, on whatever node it arrives', () =>
      onFreshStores(make, async (fresh) => {
        const heard = await inParallel(fresh, 50, ({ stores }) =>
          stores.webhooks.firstTime('simulator', 'event-1', new Date(1000)),
        );
        assert.equal(heard.filter(Boolean).length, 1);
        const { webhooks } = fresh.stores;
        assert.equal(await webhooks.firstTime('twilio', 'event-1', new Date(1000)), true);
        assert.equal(await webhooks.firstTime('simulator', 'event-2', new Date(1000)), true);
      }));

    it('hears it again when it was taken back', () =>
      onFreshStores(make, async ({ stores: { webhooks } }) => {
        await webhooks.firstTime('simulator', 'event-1', new Date(1000));
        await webhooks.takeBack('simulator', 'event-1');
        assert.equal(await webhooks.firstTime('simulator', 'event-1', new Date(1000)), true);
      }));

    it('forgets old ones', () =>
      onFreshStores(make, async ({ stores: { webhooks } }) => {
        await webhooks.firstTime('simulator', 'old', new Date(999));
        await webhooks.firstTime('simulator', 'new', new Date(1000));
        assert.equal(await webhooks.forget(new Date(1000)), 1);
        assert.equal(await webhooks.firstTime('simulator', 'old', new Date(2000)), true);
        assert.equal(await webhooks.firstTime('simulator', 'new', new Date(2000)), false);
      }));
  });
}

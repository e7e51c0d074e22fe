/** What every list of resting providers is held to. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { inParallel, onFreshStores, type MakeStores } from '../lib/stores.contract.ts';
import type { Rest, RestStore } from './rest-store.ts';

const rest: Rest = {
  provider: 'twilio',
  kind: 'text',
  since: new Date(1_000),
  probeAt: new Date(31_000),
  fault: 'Twilio answered 500',
};

/** Runs the contract; `make` gives fresh stores to each test. */
export function describeRestStore(make: MakeStores<{ readonly rests: RestStore }>): void {
  describe('a list of resting providers', () => {
    it('keeps who rests, by the kind of message', () =>
      onFreshStores(make, async ({ stores: { rests } }) => {
        await rests.begin(rest);
        await rests.begin({ ...rest, kind: 'call' });
        await rests.end('twilio', 'text');
        await rests.end('vonage', 'call');
        assert.deepEqual(await rests.list(), [{ ...rest, kind: 'call' }]);
      }));

    it('keeps since when one rests, and tries it no earlier', () =>
      onFreshStores(make, async ({ stores: { rests } }) => {
        await rests.begin(rest);
        const again = { ...rest, since: new Date(5_000), fault: 'again' };
        await rests.begin({ ...again, probeAt: new Date(35_000) });
        await rests.begin({ ...again, probeAt: new Date(20_000) });
        assert.deepEqual(await rests.list(), [
          { ...rest, probeAt: new Date(35_000), fault: 'again' },
        ]);
      }));

    it('lets one of all nodes try, when the time has come', () =>
      onFreshStores(make, async (fresh) => {
        const { rests } = fresh.stores;
        await rests.begin(rest);
        const next = new Date(61_000);
        assert.equal(await rests.claimProbe('twilio', 'text', new Date(30_999), next), false);
        const claims = await inParallel(fresh, 10, ({ stores }) =>
          stores.rests.claimProbe('twilio', 'text', new Date(31_000), next),
        );
        assert.equal(claims.filter(Boolean).length, 1);
        assert.deepEqual((await rests.list())[0]?.probeAt, next);
        assert.equal(await rests.claimProbe('vonage', 'text', new Date(99_000), next), false);
      }));
  });
}

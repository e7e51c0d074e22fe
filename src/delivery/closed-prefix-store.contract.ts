/** What every keeper of closed blocks of numbers is held to. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { inParallel, onFreshStores, type MakeStores } from '../lib/stores.contract.ts';
import type { ClosedPrefixStore } from './closed-prefix-store.ts';

const closed = { prefix: '+371812', closedAt: new Date(1_000), sent: 50, answered: 3 };
const opened = { at: new Date(2_000), by: 'user-anna' };

/** Runs the contract; `make` gives fresh stores to each test. */
export function describeClosedPrefixStore(
  make: MakeStores<{ readonly closedPrefixes: ClosedPrefixStore }>,
): void {
  describe('a keeper of closed blocks of numbers', () => {
    it('keeps what was closed, and who opened it', () =>
      onFreshStores(make, async ({ stores: { closedPrefixes } }) => {
        assert.equal(await closedPrefixes.find('+371812'), undefined);
        assert.equal(await closedPrefixes.open('+371812', opened), false);
        assert.equal(await closedPrefixes.close(closed), true);
        assert.equal(await closedPrefixes.close({ ...closed, sent: 99 }), false);
        assert.deepEqual(await closedPrefixes.find('+371812'), closed);
        assert.equal(await closedPrefixes.open('+371812', opened), true);
        assert.equal(await closedPrefixes.open('+371812', { ...opened, by: 'other' }), false);
        assert.deepEqual(await closedPrefixes.find('+371812'), { ...closed, opened });
      }));

    it('closes again what was opened, and lists the newest first', () =>
      onFreshStores(make, async ({ stores: { closedPrefixes } }) => {
        await closedPrefixes.close(closed);
        await closedPrefixes.open('+371812', opened);
        await closedPrefixes.close({ ...closed, prefix: '+447012', closedAt: new Date(3_000) });
        assert.equal(await closedPrefixes.close({ ...closed, closedAt: new Date(4_000) }), true);
        assert.deepEqual(
          (await closedPrefixes.list()).map(({ prefix, opened: by }) => [prefix, by]),
          [
            ['+371812', undefined],
            ['+447012', undefined],
          ],
        );
      }));

    it('is closed by one of all who find it so', () =>
      onFreshStores(make, async (fresh) => {
        const closings = await inParallel(fresh, 10, ({ stores }) =>
          stores.closedPrefixes.close(closed),
        );
        assert.equal(closings.filter(Boolean).length, 1);
      }));
  });
}

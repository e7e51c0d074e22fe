/** What every keeper of counters is held to. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { inParallel, onFreshStores, type MakeStores } from '../lib/stores.contract.ts';
import type { ThrottleStore } from './throttle-store.ts';
import { raise, type CounterRecord, type Rule } from './throttle.ts';

const rule: Rule = {
  name: 'test',
  limit: 10,
  windowSeconds: 86_400,
  pauseSeconds: 60,
  longestPauseSeconds: 3600,
  spacingSeconds: 0,
};
const now = new Date(1_000_000);

/** Runs the contract; `make` gives fresh stores to each test. */
export function describeThrottleStore(
  make: MakeStores<{ readonly throttle: ThrottleStore }>,
): void {
  describe('a throttle store', () => {
    const record: CounterRecord = { events: [1, 2], pausedUntil: 3, level: 4, recent: ['five'] };

    it('begins with nothing, keeps what a change makes, and gives its result', () =>
      onFreshStores(make, async ({ stores: { throttle } }) => {
        const result = await throttle.update('key', (before) => ({ record, result: before }));
        assert.equal(result, undefined);
        assert.deepEqual(
          await throttle.update('key', (before) => ({ record, result: before })),
          record,
        );
        assert.deepEqual(await throttle.peek('key'), record);
        assert.equal(await throttle.peek('other key'), undefined);
      }));

    it('allows exactly the limit when a hundred guess at once on two nodes', () =>
      onFreshStores(make, async (fresh) => {
        const permissions = await inParallel(fresh, 100, ({ stores, transact }, index) =>
          index % 4 < 2
            ? stores.throttle.update('anna', (before) => raise(rule, before, now))
            : transact(({ throttle }) =>
                throttle.update('anna', (before) => raise(rule, before, now)),
              ),
        );
        assert.equal(permissions.filter(({ allowed }) => allowed).length, rule.limit);
        assert.equal((await fresh.stores.throttle.peek('anna'))?.events.length, rule.limit);
      }));

    it('counts each key for itself', () =>
      onFreshStores(make, async (fresh) => {
        await inParallel(fresh, 30, ({ stores }, index) =>
          stores.throttle.update(`key ${index % 3}`, (before) => raise(rule, before, now)),
        );
        for (const key of ['key 0', 'key 1', 'key 2']) {
          assert.equal((await fresh.stores.throttle.peek(key))?.events.length, 10);
        }
      }));

    it('keeps what a transaction puts, and lets it put nothing', () =>
      onFreshStores(make, async ({ stores: { throttle }, transact }) => {
        const seen = await transact(async (within) => {
          const before = await within.throttle.lock('key');
          await within.throttle.put('key', record);
          return before;
        });
        assert.equal(seen, undefined);
        assert.deepEqual(await transact((within) => within.throttle.lock('key')), record);
        const later = { ...record, events: [6] };
        await transact(async (within) => {
          await within.throttle.lock('key');
          await within.throttle.put('key', later);
        });
        assert.deepEqual(await throttle.peek('key'), later);
        assert.equal(await throttle.peek('other key'), undefined);
      }));

    it('shows a record to one at a time who locks it', () =>
      onFreshStores(make, async (fresh) => {
        const permissions = await inParallel(fresh, 40, ({ transact }) =>
          transact(async ({ throttle }) => {
            const weighed = raise(rule, await throttle.lock('anna'), now);
            await throttle.put('anna', weighed.record);
            return weighed.result;
          }),
        );
        assert.equal(permissions.filter(({ allowed }) => allowed).length, rule.limit);
      }));

    it('keeps nothing of a transaction that fails', () =>
      onFreshStores(make, async ({ stores: { throttle }, transact }) => {
        const failing = transact(async (within) => {
          await within.throttle.update('key', () => ({ record, result: undefined }));
          throw new Error('no');
        });
        await assert.rejects(failing, /no/);
        assert.equal(await throttle.peek('key'), undefined);
      }));

    it('keeps nothing when the change itself fails', () =>
      onFreshStores(make, async ({ stores: { throttle } }) => {
        const failing = throttle.update('key', () => {
          throw new Error('no');
        });
        await assert.rejects(failing, /no/);
        assert.equal(await throttle.peek('key'), undefined);
      }));

    it('clears a counter', () =>
      onFreshStores(make, async ({ stores: { throttle } }) => {
        await throttle.update('key', () => ({ record, result: undefined }));
        await throttle.clear('key');
        assert.equal(await throttle.peek('key'), undefined);
      }));

    it('forgets what was last used long ago, but no pause that still holds', () =>
      onFreshStores(make, async ({ stores: { throttle } }) => {
        const put = (key: string, last: number, pausedUntil: number): Promise<void> =>
          throttle.update(key, () => ({
            record: { ...record, events: [last], pausedUntil },
            result: undefined,
          }));
        await put('old', 999, 0);
        await put('paused', 999, 5000);
        await put('new', 1000, 0);
        assert.equal(await throttle.forget(new Date(1000)), 1);
        assert.equal(await throttle.peek('old'), undefined);
        assert.ok(await throttle.peek('paused'));
        assert.ok(await throttle.peek('new'));
      }));
  });
}

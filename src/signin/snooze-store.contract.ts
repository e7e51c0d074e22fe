import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import type { FreshDatabase } from '../../test/support/database.ts';

/** The contract of every `SnoozeStore`. */
export function describeSnoozeStore(fresh: () => Promise<FreshDatabase>): void {
  describe('the keeper of put-off campaigns', () => {
    let database: FreshDatabase;
    beforeEach(async () => {
      database = await fresh();
    });
    afterEach(() => database.close());

    const first = { times: 1, untilAt: new Date('2026-11-21T09:00:00Z') };
    const second = { times: 2, untilAt: new Date('2026-11-22T09:00:00Z') };

    it('keeps the newest of each person, and nothing of anybody else', async () => {
      const { snoozes } = database.stores;
      await snoozes.put('anna', first);
      await snoozes.put('bram', first);
      await snoozes.put('anna', second);
      assert.deepEqual(await snoozes.find('anna'), second);
      assert.deepEqual(await snoozes.find('bram'), first);
      assert.equal(await snoozes.find('chris'), undefined);
    });

    it('forgets one person alone', async () => {
      const { snoozes } = database.stores;
      await snoozes.put('anna', first);
      await snoozes.put('bram', second);
      await snoozes.remove('anna');
      assert.equal(await snoozes.find('anna'), undefined);
      assert.deepEqual(await snoozes.find('bram'), second);
    });
  });
}

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { until } from '../../test/support/poll.ts';
import { systemClock } from '../lib/clock.ts';
import { readinessOf } from './readiness.ts';

describe('readiness', () => {
  it('is back soon after what was missing, however rarely that is looked at', async () => {
    let isGone = true;
    let looked = 0;
    const published = async (): Promise<readonly string[]> => {
      looked += 1;
      if (isGone) throw new Error('the database does not answer');
      return ['a key'];
    };
    const [, keys] = readinessOf({
      database: { ping: async () => ({ databaseTime: undefined }) },
      clock: systemClock,
      keys: { published },
      upstream: undefined,
    });
    assert.ok(keys);
    const isWell = (): Promise<boolean> =>
      keys.check().then(
        () => true,
        () => false,
      );
    assert.equal(await isWell(), false);
    isGone = false;
    assert.equal(await isWell(), false, 'whoever asks at once hears the same');
    await until('the keys to be looked at again', isWell, 4_000);
    for (let asked = 0; asked < 50; asked += 1) await keys.check();
    assert.equal(looked, 2, 'and rarely while all is well');
  });
});

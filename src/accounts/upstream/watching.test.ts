import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { startDirectory } from '../../../test/support/upstream.ts';
import { until } from '../../../test/support/poll.ts';
import { systemRandom } from '../../lib/random.ts';
import { watchUpstream } from './watching.ts';
import type { UpstreamDirectory } from './upstream.ts';

const entry = { id: 'entry', dn: 'uid=entry' };

describe('a directory that is watched', () => {
  it('refuses a name of which it is not asked as late as it refuses others', async () => {
    const slowMs = 60;
    const slow: UpstreamDirectory = {
      check: async () => {
        await sleep(slowMs);
        return { kind: 'wrong' };
      },
      changePassword: async () => ({ kind: 'changed' }),
      people: async function* () {},
      groups: async function* () {},
      probe: async () => {},
      close: () => {},
    };
    const watched = watchUpstream(slow, systemRandom, () => {});
    await watched.check(entry, 'a guess');
    const from = performance.now();
    assert.equal(await watched.pretend(), 'wrong');
    assert.ok(performance.now() - from >= slowMs - 5);
    watched.stop();
  });

  it('is asked no more while it does not answer, and tells once that it does not, and that it is back', async () => {
    const directory = await startDirectory();
    directory.answers(false);
    const { passwords } = directory;
    assert.equal((await passwords.check(entry, 'x')).kind, 'unavailable');
    assert.ok(passwords.fault());
    assert.equal(await passwords.pretend(), 'unavailable');
    assert.equal((await passwords.changePassword(entry, 'x')).kind, 'unavailable');
    directory.answers(true);
    await until('it to be back', () => passwords.fault() === undefined);
    assert.equal((await passwords.check(entry, 'x')).kind, 'wrong');
    assert.deepEqual(directory.asked, ['entry x']);
    directory.stop();
  });
});

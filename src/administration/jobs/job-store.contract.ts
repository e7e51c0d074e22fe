/** What every keeper of long work is held to. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { inParallel, onFreshStores, type MakeStores } from '../../lib/stores.contract.ts';
import type { Job, JobItem } from './job.ts';
import type { JobStore } from './job-store.ts';

/** A job that goes on. */
export const sampleJob: Job = {
  id: 'job-1',
  state: 'running',
  createdAt: new Date(1_000),
  dueAt: new Date(1_000),
  finishedAt: undefined,
  task: { kind: 'step', step: 'enable', announces: true },
  by: { began: 'user-anna', address: '192.0.2.7' },
  isBeingRead: false,
  gathers: { search: { text: '', isBlocked: false }, next: 1 },
  stopped: undefined,
};

/** An item of it. */
export const sampleItem = (number: number, fields: Partial<JobItem> = {}): JobItem => ({
  number,
  userId: `user-${number}`,
  name: `u${number}@x.example`,
  input: undefined,
  result: undefined,
  ...fields,
});

/** Runs the contract; `make` gives fresh stores to each test. */
export function describeJobStore(make: MakeStores<{ readonly jobs: JobStore }>): void {
  describe('a job store', () => {
    it('gives back a job as it was kept, the newest first', () =>
      onFreshStores(make, async ({ stores: { jobs } }) => {
        await jobs.add(sampleJob);
        const second: Job = {
          ...sampleJob,
          id: 'job-2',
          createdAt: new Date(2_000),
          by: 'command-line',
          gathers: undefined,
        };
        await jobs.add(second);
        assert.deepEqual(await jobs.find('job-1'), sampleJob);
        assert.deepEqual(await jobs.list(10), [second, sampleJob]);
        assert.deepEqual(await jobs.list(1), [second]);
        assert.equal(await jobs.find('job-0'), undefined);
      }));

    it('is kept only from the state in which it was read', () =>
      onFreshStores(make, async ({ stores: { jobs } }) => {
        await jobs.add(sampleJob);
        const stopped: Job = { ...sampleJob, state: 'stopped', stopped: { why: 'asked' } };
        assert.equal(await jobs.save(stopped, 'running'), true);
        assert.equal(await jobs.save(sampleJob, 'running'), false, 'stopped meanwhile');
        assert.deepEqual(await jobs.find('job-1'), stopped);
      }));

    it('is leased to one node at a time, once it is due', () =>
      onFreshStores(make, async (fresh) => {
        const { jobs } = fresh.stores;
        await jobs.add({ ...sampleJob, dueAt: new Date(5_000) });
        await jobs.add({ ...sampleJob, id: 'draft', state: 'draft' });
        assert.equal(await jobs.lease(new Date(4_999), new Date(9_000)), undefined);
        assert.equal(await jobs.lease(new Date(5_000), new Date(9_000), 'job-2'), undefined);
        const leased = await inParallel(fresh, 10, ({ stores }) =>
          stores.jobs.lease(new Date(5_000), new Date(9_000)),
        );
        assert.deepEqual(
          leased.filter((job) => job !== undefined).map(({ id }) => id),
          ['job-1'],
        );
        assert.equal((await jobs.lease(new Date(9_000), new Date(9_001)))?.id, 'job-1');
      }));

    it('goes on where it was, and keeps what came of each once', () =>
      onFreshStores(make, async ({ stores: { jobs } }) => {
        await jobs.add(sampleJob);
        const input = { state: 'enforced' } as const;
        await jobs.addItems('job-1', [
          sampleItem(1, { input }),
          sampleItem(2),
          sampleItem(3, { userId: undefined, result: '!unknown' }),
        ]);
        await jobs.addItems('job-1', [sampleItem(2, { name: 'somebody else' }), sampleItem(4)]);
        assert.deepEqual(await jobs.openItems('job-1', 2), [
          sampleItem(1, { input }),
          sampleItem(2),
        ]);
        await jobs.settle('job-1', 1, 'done');
        await jobs.settle('job-1', 1, 'failed');
        await jobs.settle('job-1', 2, 'done', 'told once');
        assert.deepEqual(await jobs.openItems('job-1', 9), [sampleItem(4)]);
        assert.deepEqual(await jobs.tally('job-1'), {
          open: 1,
          results: new Map([
            ['done', 2],
            ['!unknown', 1],
          ]),
        });
        const { input: _, ...first } = sampleItem(1, { result: 'done' });
        assert.deepEqual(await jobs.items('job-1', { after: 0, limit: 1 }), [first]);
        const numbers = async (after: number, result?: string) =>
          (await jobs.items('job-1', { after, limit: 9, result })).map(({ number }) => number);
        assert.deepEqual(await numbers(1), [2, 3, 4]);
        assert.deepEqual(await numbers(0, '!'), [3]);
        assert.deepEqual(await numbers(0, 'done'), [1, 2]);
      }));

    it('tells what it keeps secret once', () =>
      onFreshStores(make, async (fresh) => {
        const { jobs } = fresh.stores;
        await jobs.add(sampleJob);
        await jobs.addItems('job-1', [sampleItem(1), sampleItem(2), sampleItem(3)]);
        await jobs.settle('job-1', 1, 'done', 'first');
        await jobs.settle('job-1', 2, 'done');
        await jobs.settle('job-1', 3, 'done', 'third');
        assert.equal(await jobs.countSecrets('job-1'), 2);
        assert.deepEqual(await jobs.takeSecrets('job-1', 1), [
          { name: 'u1@x.example', secret: 'first' },
        ]);
        const taken = await inParallel(fresh, 6, ({ stores }) =>
          stores.jobs.takeSecrets('job-1', 5),
        );
        assert.deepEqual(taken.flat(), [{ name: 'u3@x.example', secret: 'third' }]);
        assert.equal(await jobs.countSecrets('job-1'), 0);
      }));

    it('forgets what was finished long ago, and drafts that nobody began', () =>
      onFreshStores(make, async ({ stores: { jobs } }) => {
        await jobs.add({ ...sampleJob, id: 'runs' });
        await jobs.add({ ...sampleJob, id: 'draft', state: 'draft' });
        await jobs.add({ ...sampleJob, id: 'old', state: 'done', finishedAt: new Date(1_500) });
        await jobs.add({ ...sampleJob, id: 'new', state: 'stopped', finishedAt: new Date(3_000) });
        await jobs.addItems('old', [sampleItem(1), sampleItem(2)]);
        await jobs.add({ ...sampleJob, id: 'thrown away', state: 'draft' });
        await jobs.addItems('thrown away', [sampleItem(1)]);
        await jobs.discard('thrown away');
        assert.deepEqual(await jobs.items('thrown away', { after: 0, limit: 9 }), []);
        await jobs.discard('runs');
        assert.equal(await jobs.forget(new Date(2_000)), 2);
        const left = (await jobs.list(9)).map(({ id }) => id).toSorted();
        assert.deepEqual(left, ['new', 'runs']);
        assert.deepEqual(await jobs.items('old', { after: 0, limit: 9 }), []);
      }));
  });
}

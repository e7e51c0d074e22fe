/** What every keeper of the synchronisation with a directory is held to. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { inParallel, onFreshStores, type MakeStores } from '../../lib/stores.contract.ts';
import type { DirectorySyncStore, KnownEntry, KnownGroup, SyncState } from './sync-store.ts';

/** One that is under way, with every field filled in. */
export const sampleSync: Omit<SyncState, 'version'> = {
  run: 7,
  holder: 'node-1',
  leaseEndsAt: new Date(5_000),
  dueAt: new Date(1_000),
  asked: { by: 'user-admin', confirms: 12 },
  current: {
    startedAt: new Date(2_000),
    counts: { read: 3, added: 1, linked: 0, changed: 1, enabled: 0, disabled: 0 },
  },
  last: {
    startedAt: new Date(100),
    finishedAt: new Date(200),
    counts: { read: 9, added: 0, linked: 0, changed: 0, enabled: 0, disabled: 0 },
    by: undefined,
    end: { kind: 'held', disabling: 12, of: 30 },
  },
  succeededAt: new Date(200),
};

/** Somebody who is let in. */
export function sampleEntry(id: string, fields: Partial<KnownEntry> = {}): KnownEntry {
  return {
    id,
    dn: `uid=${id},dc=x,dc=nl`,
    name: `${id}@x.nl`,
    run: 1,
    state: 'in',
    brought: ['Sales'],
    conflict: undefined,
    issues: [],
    mailBefore: undefined,
    ...fields,
  };
}

const ids = (entries: readonly KnownEntry[]): readonly string[] => entries.map(({ id }) => id);

/** Runs the contract; `make` gives fresh stores to each test. */
export function describeDirectorySyncStore(
  make: MakeStores<{ readonly directorySync: DirectorySyncStore }>,
): void {
  describe('a keeper of the synchronisation with a directory', () => {
    it('knows nothing at first, and then what was kept last', () =>
      onFreshStores(make, async ({ stores: { directorySync } }) => {
        assert.equal(await directorySync.state(), undefined);
        assert.equal(await directorySync.save(sampleSync, 0), true);
        assert.deepEqual(await directorySync.state(), { version: 1, ...sampleSync });
        const over = {
          ...sampleSync,
          holder: undefined,
          leaseEndsAt: undefined,
          current: undefined,
        };
        assert.equal(await directorySync.save(over, 1), true);
        assert.deepEqual(await directorySync.state(), { version: 2, ...over });
      }));

    it('lets one of many begin, and one of many go on from the same', () =>
      onFreshStores(make, async (fresh) => {
        for (const from of [0, 1]) {
          const saved = await inParallel(fresh, 6, ({ stores }, index) =>
            stores.directorySync.save({ ...sampleSync, holder: `node-${index}` }, from),
          );
          assert.equal(saved.filter(Boolean).length, 1);
        }
        assert.equal((await fresh.stores.directorySync.state())?.version, 2);
      }));

    it('undoes with the transaction of whoever found that it was not theirs any more', () =>
      onFreshStores(make, async ({ stores, transact }) => {
        await stores.directorySync.save(sampleSync, 0);
        const lost = new Error('lost');
        const work = transact(async (held) => {
          await held.directorySync.put([sampleEntry('a')]);
          if (!(await held.directorySync.save(sampleSync, 5))) throw lost;
        });
        await assert.rejects(work, lost);
        assert.equal((await stores.directorySync.entries(['a'])).size, 0);
      }));

    it('gives back entries as they were kept last', () =>
      onFreshStores(make, async ({ stores: { directorySync } }) => {
        await directorySync.put([]);
        const anna = sampleEntry('anna', {
          issues: ['mail'],
          conflict: 'taken',
          mailBefore: 'anna.before@x.nl',
        });
        await directorySync.put([anna, sampleEntry('ben')]);
        const left = sampleEntry('ben', { state: 'out', brought: [], run: 2 });
        await directorySync.put([left]);
        assert.deepEqual(
          await directorySync.entries(['anna', 'ben', 'nobody']),
          new Map([
            ['anna', anna],
            ['ben', left],
          ]),
        );
        assert.deepEqual(await directorySync.entries([]), new Map());
        assert.deepEqual(await directorySync.broughtTo('anna'), ['Sales']);
        assert.deepEqual(await directorySync.broughtTo('nobody'), []);
      }));

    it('tells who leaves, and counts them before anything is done', () =>
      onFreshStores(make, async ({ stores: { directorySync } }) => {
        await directorySync.put([
          sampleEntry('a', { run: 2 }),
          sampleEntry('b', { run: 2, state: 'leaving' }),
          sampleEntry('c'),
          sampleEntry('d', { state: 'leaving' }),
          sampleEntry('e', { run: 2, state: 'out' }),
          sampleEntry('f', { state: 'out' }),
          sampleEntry('g', { state: 'gone' }),
          sampleEntry('h', { state: 'none' }),
        ]);
        assert.deepEqual(await directorySync.tally(2), { in: 4, leaving: 3 });
        assert.deepEqual(ids(await directorySync.leaving(2, 10)), ['b', 'c', 'd', 'f']);
        assert.deepEqual(ids(await directorySync.leaving(2, 2)), ['b', 'c']);
        assert.deepEqual(await directorySync.tally(1), { in: 4, leaving: 2 });
      }));

    it('lists whoever something is wrong with, page after page', () =>
      onFreshStores(make, async ({ stores: { directorySync } }) => {
        await directorySync.put([
          sampleEntry('1', { name: 'b@x.nl', conflict: 'local', state: 'none' }),
          sampleEntry('2', { name: 'a@x.nl', issues: ['mail'] }),
          sampleEntry('3', { name: 'b@x.nl', conflict: 'taken', state: 'none' }),
          sampleEntry('4'),
          sampleEntry('5', { name: 'c@x.nl', conflict: 'role', state: 'none' }),
        ]);
        assert.equal(await directorySync.countTroubled(), 4);
        const first = await directorySync.troubled({ limit: 2 });
        assert.deepEqual(ids(first), ['2', '1']);
        const rest = await directorySync.troubled({ after: first[1], limit: 2 });
        assert.deepEqual(ids(rest), ['3', '5']);
        assert.equal((await directorySync.inConflict('c@x.nl'))?.id, '5');
        assert.equal(await directorySync.inConflict('b@x.nl'), undefined, 'two go by it');
        assert.equal(await directorySync.inConflict('a@x.nl'), undefined, 'has an account');
      }));

    it('keeps groups, and forgets what was not read again', () =>
      onFreshStores(make, async ({ stores: { directorySync } }) => {
        const sales: KnownGroup = {
          id: 'g1',
          told: 'Sales',
          name: 'Sales',
          run: 1,
          conflict: undefined,
        };
        const board: KnownGroup = {
          id: 'g2',
          told: 'Board',
          name: undefined,
          run: 1,
          conflict: 'local',
        };
        await directorySync.putGroups([]);
        await directorySync.putGroups([sales, board]);
        await directorySync.putGroups([{ ...sales, told: 'Verkoop', run: 2 }]);
        const renamed = { ...sales, told: 'Verkoop', run: 2 };
        assert.deepEqual(await directorySync.groups(), [board, renamed]);
        await directorySync.put([
          sampleEntry('a', { state: 'none' }),
          sampleEntry('b'),
          sampleEntry('c', { run: 2 }),
        ]);
        await directorySync.forget(2);
        assert.deepEqual(await directorySync.groups(), [renamed]);
        assert.deepEqual([...(await directorySync.entries(['a', 'b', 'c'])).keys()].toSorted(), [
          'b',
          'c',
        ]);
      }));
  });
}

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { together } from './together.ts';

/** Work that ends when it is told to. */
function held(): {
  readonly work: (items: readonly number[]) => Promise<readonly number[]>;
  readonly went: (readonly number[])[];
  end(): void;
} {
  const went: (readonly number[])[] = [];
  const ends: (() => void)[] = [];
  return {
    went,
    end: () => ends.shift()?.(),
    work: (items) => {
      went.push(items);
      return new Promise((done) => {
        ends.push(() => done(items.map((item) => item * 2)));
      });
    },
  };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('what is done together', () => {
  it('takes along whoever comes meanwhile, and gives each their own', async () => {
    const { work, went, end } = held();
    const ask = together(work, { most: 3 });
    const first = [ask(1), ask(2)];
    await turn();
    const later = [ask(3), ask(4), ask(5), ask(6)];
    await turn();
    assert.deepEqual(went, [[1, 2]]);
    end();
    assert.deepEqual(await Promise.all(first), [2, 4]);
    await turn();
    assert.deepEqual(went, [
      [1, 2],
      [3, 4, 5],
    ]);
    end();
    await turn();
    end();
    assert.deepEqual(await Promise.all(later), [6, 8, 10, 12]);
  });

  it('sets out again before it is back, as often as it may', async () => {
    const { work, went, end } = held();
    const ask = together(work, { most: 10, underWay: 2 });
    const asked: Promise<number>[] = [];
    for (const item of [1, 2, 3]) {
      asked.push(ask(item));
      await turn();
    }
    assert.deepEqual(went, [[1], [2]]);
    end();
    end();
    await turn();
    end();
    assert.deepEqual(await Promise.all(asked), [2, 4, 6]);
  });

  it('fails for all who went along, and for nobody after them', async () => {
    let isBroken = true;
    const ask = together(
      async (items: readonly number[]) => {
        if (isBroken) throw new Error('no way');
        return items;
      },
      { most: 10 },
    );
    const told = await Promise.allSettled([ask(1), ask(2)]);
    assert.deepEqual(
      told.map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    isBroken = false;
    assert.equal(await ask(3), 3);
  });
});

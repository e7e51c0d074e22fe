import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { createCompactIndex } from './compact-index.ts';

describe('a compact index', () => {
  it('finds every number of a text once, and nothing of another', () => {
    const index = createCompactIndex();
    index.add('anna', 0);
    index.add('anna', 7);
    index.add('anna', 7);
    index.add('ben', 4_294_967_295);
    assert.deepEqual(
      index.of('anna').toSorted((one, other) => one - other),
      [0, 7],
    );
    assert.deepEqual(index.of('ben'), [4_294_967_295]);
    assert.deepEqual(index.of('Anna'), []);
    assert.equal(index.size, 4);
  });

  it('finds all of many thousands while it grows', () => {
    const index = createCompactIndex();
    for (let number = 0; number < 20_000; number += 1) index.add(`text ${number % 5_000}`, number);
    assert.deepEqual(
      index.of('text 4999').toSorted((one, other) => one - other),
      [4_999, 9_999, 14_999, 19_999],
    );
    assert.deepEqual(index.of('text 5000'), []);
  });
});

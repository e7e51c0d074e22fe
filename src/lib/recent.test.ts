import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { createRecent } from './recent.ts';

describe('what is remembered', () => {
  it('is the newest, and never more than it may be', () => {
    const recent = createRecent<number>(2);
    recent.set('one', 1);
    recent.set('two', 2);
    recent.set('one', 11);
    recent.set('three', 3);
    const kept = ['one', 'two', 'three'].map((key) => recent.get(key));
    assert.deepEqual(kept, [11, undefined, 3]);
    recent.delete('one');
    assert.equal(recent.get('one'), undefined);
  });
});

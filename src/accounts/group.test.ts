import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { groupsAfter, groupsIn, isGroupName } from './group.ts';

describe('groups', () => {
  it('are read from a list, each once', () => {
    assert.deepEqual(groupsIn(' staff; Delft,staff\n night shift '), [
      'staff',
      'Delft',
      'night shift',
    ]);
    assert.deepEqual(groupsIn(' , '), []);
  });

  it('have names that one can see and write in a list', () => {
    assert.equal(isGroupName('Ärzte & Pflege'), true);
    for (const name of ['', ' staff', 'a,b', 'a;b', 'a\u0000', 'x'.repeat(65)]) {
      assert.equal(isGroupName(name), false, JSON.stringify(name));
    }
    assert.equal(groupsIn('x'.repeat(65)), undefined);
    const many = Array.from({ length: 51 }, (_, index) => `g${index}`).join();
    assert.equal(groupsIn(many), undefined, 'one too many');
  });

  it('are joined and left at once', () => {
    assert.deepEqual(groupsAfter(['a', 'b'], { join: ['c', 'a'], leave: ['b', 'a'] }), ['a', 'c']);
    assert.deepEqual(groupsAfter(['a'], { join: [], leave: ['z'] }), ['a']);
  });
});

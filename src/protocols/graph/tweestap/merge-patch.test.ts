import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { mergePatch } from './merge-patch.ts';

describe('a change that is merged', () => {
  // RFC 7396, appendix A.
  const examples: readonly (readonly [unknown, unknown, unknown])[] = [
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ];
  for (const [document, change, after] of examples) {
    it(`makes ${JSON.stringify(after)} of ${JSON.stringify(document)}`, () =>
      assert.deepEqual(mergePatch(document, change), after));
  }

  it('reaches nothing that objects inherit', () => {
    const change: unknown = JSON.parse('{"__proto__":{"isAdmin":true},"constructor":{"a":1}}');
    const merged = mergePatch({}, change);
    assert.deepEqual(Object.keys(Object(merged)), ['__proto__', 'constructor']);
    assert.equal(Object.getPrototypeOf(merged), Object.prototype);
    assert.ok(!('isAdmin' in {}));
  });

  it('is refused where it is deeper than anything that is kept', () => {
    const deep: unknown = JSON.parse(`${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}`);
    assert.throws(() => mergePatch({}, deep), RangeError);
  });
});

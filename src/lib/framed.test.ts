import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { framed } from './framed.ts';

describe('a list of values as bytes', () => {
  it('has each behind its length, and what is absent told apart from what is empty', () => {
    const written = framed(['é', null, '', Buffer.from([7])], Buffer.from([1]));
    const expected = '01 00000002c3a9 ffffffff 00000000 00000001 07'.replaceAll(' ', '');
    assert.equal(written.toString('hex'), expected);
  });

  it('is told apart from every other list', () => {
    const list = fc.array(fc.option(fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 4 });
    fc.assert(
      fc.property(list, list, (one, other) => {
        const isSame = JSON.stringify(one) === JSON.stringify(other);
        assert.equal(framed(one).equals(framed(other)), isSame);
      }),
    );
  });
});

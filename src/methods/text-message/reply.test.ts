import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { readReply } from './reply.ts';

describe('what a person texts back', () => {
  it('is read whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const reply = readReply(text);
        if (reply.kind === 'digits') assert.match(reply.digits, /^\d+$/);
      }),
    );
  });

  it('is the two digits when these are the only ones in it', () => {
    const words = fc.string({ unit: 'grapheme' }).filter((text) => !/[0-9０-９]/u.test(text));
    const digit = fc.integer({ min: 0, max: 9 }).map(String);
    fc.assert(
      fc.property(words, digit, words, digit, words, (before, first, between, second, after) => {
        const reply = readReply(`${before}${first}${between}${second}${after}`);
        assert.deepEqual(reply, { kind: 'digits', digits: first + second });
      }),
    );
  });

  it('is never the two digits when there are more of them', () => {
    const more = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 3, maxLength: 40 });
    fc.assert(
      fc.property(more, fc.constantFrom('', ' ', '-', ' or '), (digits, between) => {
        const reply = readReply(digits.join(between));
        assert.ok(reply.kind === 'digits' && reply.digits.length > 2);
      }),
    );
  });

  it('says stop only when that is all it says', () => {
    for (const text of ['STOP', ' stop! ', 'Stop-All', 'opt out', 'AFMELDEN.', 'ｓｔｏｐ']) {
      assert.equal(readReply(text).kind, 'stop', text);
    }
    for (const text of ['do not stop', 'stopping', 'the end', '', 'nee']) {
      assert.equal(readReply(text).kind, 'words', text);
    }
  });

  it('is read in the digits of a keyboard that writes them wide, and of no other signs', () => {
    assert.deepEqual(readReply('４２'), { kind: 'digits', digits: '42' });
    assert.deepEqual(readReply('4 ㎟ 2'), { kind: 'digits', digits: '42' });
    assert.deepEqual(readReply('④②'), { kind: 'words' });
  });
});

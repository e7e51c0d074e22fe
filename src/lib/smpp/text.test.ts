import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { dataCodings, decodeText, encodeText } from './text.ts';

describe('words on their way as a text message', () => {
  it('are in the alphabet of GSM where they can be, and come back the same', () => {
    const text =
      '@£$¥èéùìòÇ ØøÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ !"#¤%&()*+,-./09:;<=>? ¡AZÄÖÑÜ§¿azäöñüà ^{}\\[~]|€';
    const { dataCoding, parts } = encodeText(text, 1);
    assert.equal(dataCoding, dataCodings.gsm);
    assert.equal(parts.length, 1);
    assert.equal(decodeText(parts[0] ?? Buffer.alloc(0), dataCoding, false), text);
  });

  it('have the codes of the specification', () => {
    // 3GPP TS 23.038 §6.2.1: the first, the last and a few between; and three behind the escape.
    assert.equal(encodeText('@Δ_ A¡à', 1).parts[0]?.toString('hex'), '0010112041407f');
    assert.equal(encodeText('€[^', 1).parts[0]?.toString('hex'), '1b651b3c1b14');
  });

  it('are in UCS-2 as soon as one letter asks for it', () => {
    const { dataCoding, parts } = encodeText('Zoë ✓ 😀', 1);
    assert.equal(dataCoding, dataCodings.ucs2);
    assert.equal(decodeText(parts[0] ?? Buffer.alloc(0), dataCoding, false), 'Zoë ✓ 😀');
  });

  it('come in parts where they are long, and no letter is torn', () => {
    for (const [letter, whole, part] of [
      ['a', 160, 153],
      ['€', 80, 76],
      ['✓', 70, 67],
      ['😀', 35, 33],
    ] as const) {
      assert.equal(encodeText(letter.repeat(whole), 1).parts.length, 1, letter);
      const text = letter.repeat(whole + 1);
      const { dataCoding, parts } = encodeText(text, 200);
      assert.equal(parts.length, 2);
      assert.deepEqual(
        parts.map((each) => [...each.subarray(0, 6)]),
        [
          [5, 0, 3, 200, 2, 1],
          [5, 0, 3, 200, 2, 2],
        ],
      );
      assert.ok(parts.every((each) => each.length <= (dataCoding === 0 ? 159 : 140)));
      const words = parts.map((each) => decodeText(each, dataCoding, true));
      assert.equal(words[0], letter.repeat(part));
      assert.equal(words.join(''), text);
    }
  });
});

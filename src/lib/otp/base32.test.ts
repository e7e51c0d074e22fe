import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';
import { z } from 'zod';

import { readVectors } from '../../../test/vectors/read-vectors.ts';
import { decodeBase32, encodeBase32 } from './base32.ts';

const rfc4648 = readVectors(
  'rfc4648-base32.json',
  z.object({ base32: z.array(z.object({ text: z.string(), encoded: z.string() })).length(7) }),
);

describe('base32', () => {
  it('reads and writes the examples of RFC 4648', () => {
    for (const { text, encoded } of rfc4648.base32) {
      const bytes = new Uint8Array(Buffer.from(text));
      assert.equal(encodeBase32(bytes, { padding: true }), encoded);
      assert.equal(encodeBase32(bytes), encoded.replaceAll('=', ''));
      assert.deepEqual(decodeBase32(encoded), bytes);
    }
  });

  it('gives back whatever it was given', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.boolean(), (bytes, padding) => {
        assert.deepEqual(decodeBase32(encodeBase32(bytes, { padding })), bytes);
      }),
    );
  });

  it('reads a key as a person types it', () => {
    assert.deepEqual(decodeBase32('mzxw-6ytb oi'), new Uint8Array(Buffer.from('foobar')));
  });

  it('refuses what is not base32', () => {
    for (const text of ['M', 'MZX', 'MZXW6Y', '0', '1', '8', 'MZ=XW6', 'MZXW6YTB=======', 'é']) {
      assert.equal(decodeBase32(text), null, text);
    }
  });

  it('knows one spelling for each secret', () => {
    // MY is 'f'; MZ differs in bits that carry nothing.
    assert.equal(decodeBase32('MZ'), null);
  });
});

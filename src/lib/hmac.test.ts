import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { hmacUnder } from './hmac.ts';

describe('an HMAC', () => {
  it('is that of RFC 2202 and RFC 4231', () => {
    const key = Buffer.from('Jefe');
    const message = 'what do ya want for nothing?';
    assert.equal(
      hmacUnder('md5', key)(message).toString('hex'),
      '750c783e6ab0b503eaa86e310a5db738',
    );
    assert.equal(
      hmacUnder('sha1', key)(message).toString('hex'),
      'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79',
    );
    assert.equal(
      hmacUnder('sha256', key)(message).toString('hex'),
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
    const longKey = hmacUnder('sha256', Buffer.alloc(131, 0xaa));
    assert.equal(
      longKey('Test Using Larger Than Block-Size Key - Hash Key First').toString('hex'),
      '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
    );
  });

  it("is Node's own, whatever the key and the message, also the second time", () => {
    const bytes = fc.uint8Array({ maxLength: 200 });
    fc.assert(
      fc.property(
        fc.constantFrom('md5' as const, 'sha1' as const, 'sha256' as const),
        bytes,
        fc.oneof(bytes, fc.string({ unit: 'binary' })),
        (algorithm, key, message) => {
          const hmac = hmacUnder(algorithm, key);
          const expected = createHmac(algorithm, key).update(message).digest();
          assert.deepEqual(hmac(message), expected);
          assert.deepEqual(hmac(message), expected);
        },
      ),
    );
  });
});

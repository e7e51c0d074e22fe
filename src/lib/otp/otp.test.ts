import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, it } from 'node:test';

import { z } from 'zod';

import { readVectors } from '../../../test/vectors/read-vectors.ts';
import { hotp, matchConsecutive, matchStep, totp } from './otp.ts';
import { counterMessage, createOneTimePasswords, timeStep, truncate } from './one-time-password.ts';

const rfc4226 = readVectors(
  'rfc4226.json',
  z.object({
    key: z.string(),
    codes: z.array(
      z.object({ counter: z.int(), hmac: z.string(), truncated: z.int(), code: z.string() }),
    ),
  }),
);
const eachHash = z.object({ sha1: z.string(), sha256: z.string(), sha512: z.string() });
const rfc6238 = readVectors(
  'rfc6238.json',
  z.object({
    keys: eachHash,
    codes: z.array(eachHash.extend({ unixSeconds: z.int() })),
  }),
);

const key = Buffer.from('12345678901234567890');
const now = 1_800_000_015;
const step = timeStep(now);

describe('one-time passwords', () => {
  it('give the counter codes of RFC 4226', () => {
    assert.equal(rfc4226.codes.length, 10);
    const secret = Buffer.from(rfc4226.key);
    for (const { counter, hmac, truncated, code } of rfc4226.codes) {
      const mac = createHmac('sha1', secret).update(counterMessage(counter)).digest();
      assert.equal(mac.toString('hex'), hmac);
      assert.equal(truncate(mac, 10), String(truncated).padStart(10, '0'));
      assert.equal(hotp(secret, counter), code);
    }
  });

  it('give the time codes of RFC 6238 with each hash', () => {
    assert.equal(rfc6238.codes.length, 6);
    for (const { unixSeconds, ...codes } of rfc6238.codes) {
      for (const algorithm of ['sha1', 'sha256', 'sha512'] as const) {
        const secret = Buffer.from(rfc6238.keys[algorithm]);
        assert.equal(totp(secret, unixSeconds, { algorithm, digits: 8 }), codes[algorithm]);
      }
    }
  });

  it('count beyond 32 bits', () => {
    assert.deepEqual([...counterMessage(2 ** 40 + 5)], [0, 0, 1, 0, 0, 0, 0, 5]);
    assert.throws(() => counterMessage(-1), RangeError);
    assert.throws(() => counterMessage(2 ** 53), RangeError);
  });

  it('refuse lengths that no authenticator shows', () => {
    assert.throws(() => hotp(key, 1, { digits: 5 }), RangeError);
    assert.throws(() => hotp(key, 1, { digits: 11 }), RangeError);
    assert.equal(hotp(key, 1, { digits: 10 }).length, 10);
  });

  it('find the present and the previous step, and no other', () => {
    const found = [-2, -1, 0, 1, 2].map((offset) =>
      matchStep(key, totp(key, now + offset * 30), now),
    );
    assert.deepEqual(found, [null, step - 1, step, null, null]);
  });

  it('follow a token whose drift is known', () => {
    const offsets = [1, 0];
    assert.equal(matchStep(key, totp(key, now + 30), now, { offsets }), step + 1);
    assert.equal(matchStep(key, totp(key, now - 30), now, { offsets }), null);
  });

  it('keep to the period and hash of a token', () => {
    const options = { period: 60, digits: 8, algorithm: 'sha512' } as const;
    const code = totp(key, now, options);
    assert.equal(code.length, 8);
    assert.equal(matchStep(key, code, now, options), timeStep(now, 60));
    assert.equal(matchStep(key, code, now), null);
  });

  it('refuse what is not exactly the code', () => {
    const code = totp(key, now);
    for (const wrong of ['', code.slice(1), `${code}0`, ` ${code}`, `${code}\0`, 'abcdef']) {
      assert.equal(matchStep(key, wrong, now), null);
    }
  });

  it('compute every candidate, whichever matches', () => {
    let computed = 0;
    const counting = createOneTimePasswords((algorithm, secret) => (message) => {
      computed += 1;
      return createHmac(algorithm, secret).update(message).digest();
    });
    const counts = [totp(key, now), totp(key, now - 30), '000000'].map((code) => {
      computed = 0;
      counting.matchStep(key, code, now);
      return computed;
    });
    assert.deepEqual(counts, [2, 2, 2]);
  });

  it('take the newest step where two share a code', () => {
    const same = createOneTimePasswords(() => () => new Uint8Array(20));
    assert.equal(same.matchStep(key, '000000', now), step);
  });

  it('do not reach back before 1970', () => {
    assert.equal(matchStep(key, totp(key, 0), 10), 0);
  });

  it('find a token that has run away by two codes in a row', () => {
    const off = now + 5 * 30;
    const [first, second] = [totp(key, off), totp(key, off + 30)];
    assert.equal(matchConsecutive(key, first, second, now), step + 6);
    assert.equal(matchConsecutive(key, second, first, now), null);
    assert.equal(matchConsecutive(key, first, second, now, { within: 3 }), null);
    assert.equal(matchConsecutive(key, first, totp(key, off + 60), now), null);
  });
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

import { encodeBase32 } from '../../src/lib/otp/base32.ts';
import { codeAt, grouped, leftOf } from './code.ts';

interface Vectors {
  readonly keys: Readonly<Record<string, string>>;
  readonly codes: readonly Readonly<Record<string, string | number>>[];
}

const vectors: Vectors = JSON.parse(
  readFileSync(new URL('../../test/vectors/rfc6238.json', import.meta.url), 'utf8'),
);

describe('the codes of the authenticator', () => {
  it('are those of RFC 6238 with each hash', async () => {
    assert.equal(vectors.codes.length, 6);
    for (const algorithm of ['sha1', 'sha256', 'sha512'] as const) {
      const key = encodeBase32(Buffer.from(vectors.keys[algorithm] ?? ''));
      for (const { unixSeconds, ...codes } of vectors.codes) {
        const otp = { key, digits: 8, period: 30, algorithm };
        assert.equal(await codeAt(otp, Number(unixSeconds) * 1000), codes[algorithm]);
      }
    }
  });

  it('follow the period that a service chose', async () => {
    const otp = { key: 'JBSWY3DPEHPK3PXP', digits: 6, period: 60, algorithm: 'sha1' as const };
    assert.equal(await codeAt(otp, 60_000), await codeAt(otp, 119_999));
    assert.notEqual(await codeAt(otp, 60_000), await codeAt(otp, 120_000));
    assert.equal(leftOf(otp, 61_000), 59_000);
    assert.equal(leftOf({ period: 30 }, 60_000), 30_000);
  });

  it('refuse what is no key', async () => {
    const otp = { key: '1!', digits: 6, period: 30, algorithm: 'sha1' as const };
    await assert.rejects(codeAt(otp, 0), RangeError);
  });

  it('stand in groups that one can read out', () => {
    assert.equal(grouped('123456'), '123\u00a0456');
    assert.equal(grouped('12345678'), '1234\u00a05678');
    assert.equal(grouped('1234567'), '123\u00a0456\u00a07');
  });
});

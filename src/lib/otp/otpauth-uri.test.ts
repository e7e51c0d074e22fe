import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { otpauthUri, parseOtpauthUri } from './otpauth-uri.ts';

const key = new Uint8Array(Buffer.from('12345678901234567890'));

describe('an otpauth address', () => {
  it('says no more than it must', () => {
    assert.equal(
      otpauthUri({ issuer: 'Contoso & Zn.', account: 'anna@contoso.nl', key }),
      'otpauth://totp/Contoso%20%26%20Zn.:anna%40contoso.nl' +
        '?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Contoso%20%26%20Zn.',
    );
  });

  it('names what differs from the usual', () => {
    const uri = otpauthUri({
      issuer: 'A',
      account: 'b',
      key,
      algorithm: 'sha256',
      digits: 8,
      period: 60,
    });
    assert.match(uri, /&algorithm=SHA256&digits=8&period=60$/);
  });

  it('is read back as it was written', () => {
    const text = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
      .map((typed) => typed.replaceAll(':', '').trim())
      .filter((typed) => typed !== '');
    fc.assert(
      fc.property(
        text,
        text,
        fc.uint8Array({ minLength: 1, maxLength: 64 }),
        fc.constantFrom('sha1', 'sha256', 'sha512'),
        fc.integer({ min: 6, max: 10 }),
        (issuer, account, secret, algorithm, digits) => {
          const of = { issuer, account, key: secret, algorithm, digits, period: 30 };
          assert.deepEqual(parseOtpauthUri(otpauthUri(of)), of);
        },
      ),
    );
  });

  it('keeps issuer and account apart whatever they contain', () => {
    const read = parseOtpauthUri(otpauthUri({ issuer: 'a:b', account: 'c:d', key }));
    assert.equal(read?.issuer, 'a b');
    assert.equal(read?.account, 'c d');
  });

  it('is refused when it is not sound', () => {
    const wrong = [
      '',
      'https://totp/a?secret=MZXW6YTB',
      'otpauth://hotp/a?secret=MZXW6YTB&counter=1',
      'otpauth://totp/a',
      'otpauth://totp/a?secret=',
      'otpauth://totp/a?secret=1',
      'otpauth://totp/a?secret=MZXW6YTB&digits=99',
      'otpauth://totp/a?secret=MZXW6YTB&digits=x',
      'otpauth://totp/a?secret=MZXW6YTB&period=0',
      'otpauth://totp/a?secret=MZXW6YTB&algorithm=MD5',
      'otpauth://totp/%E0%A4%A?secret=MZXW6YTB',
    ];
    for (const uri of wrong) assert.equal(parseOtpauthUri(uri), null, uri);
  });
});

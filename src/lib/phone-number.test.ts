import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { countries, countryOf, formatInternational, maskNumber, parse } from './phone-number.ts';

describe('a telephone number', () => {
  it('is read as people write it', () => {
    const mobile = { e164: '+31612345612', country: 'NL', type: 'mobile' };
    const spellings: readonly (readonly [string | null, string])[] = [
      ['NL', '0612345612'],
      ['NL', '06-12 34 56 12'],
      ['NL', '(06) 1234-5612'],
      ['NL', '612345612'],
      ['NL', '+31 6 12345612'],
      ['NL', '+31 (0)6 12345612'],
      ['NL', '0031 6 12345612'],
      ['NL', ' 06 12345612\n'],
      ['BE', '+31 6 12345612'],
      [null, '+31612345612'],
      ['XX', '+31612345612'],
      ['NL', '０６１２３４５６１２'],
    ];
    for (const [country, typed] of spellings) {
      assert.deepEqual(parse(country, typed), mobile, `${country} ${typed}`);
    }
  });

  it('keeps its extension', () => {
    const office = { e164: '+31205551234', country: 'NL', type: 'fixed', extension: '12' };
    const typed = [
      '020 555 1234 x12',
      '0205551234x12',
      '020-5551234 ext. 12',
      '020-5551234 ext 12',
      '020-5551234 extension 12',
      '020-5551234, toestel 12',
      '020-5551234 (toestel 12)',
      '020-5551234 tst. 12',
      '020-5551234 TST 12',
      '020-5551234 #12',
      '+31 20 555 1234;ext=12',
      '+31205551234 toestelnummer: 12',
    ];
    for (const text of typed) assert.deepEqual(parse('NL', text), office, text);
    assert.deepEqual(parse('NL', '0205551234 x0012'), { ...office, extension: '0012' });
    assert.deepEqual(parse('NL', '0205551234'), {
      e164: '+31205551234',
      country: 'NL',
      type: 'fixed',
    });
  });

  it('is refused with the reason', () => {
    const refused: readonly (readonly [string | null, string, string])[] = [
      ['NL', '', 'empty'],
      ['NL', '   ', 'empty'],
      ['NL', 'hello', 'not-a-number'],
      ['NL', 'call 0612345612 now', 'not-a-number'],
      ['NL', '0', 'too-short'],
      ['NL', '061234', 'too-short'],
      ['NL', '06123456123456', 'too-long'],
      ['NL', '1'.repeat(5000), 'too-long'],
      ['NL', '0900 1234', 'premium'],
      ['NL', '0906 123456', 'premium'],
      ['GB', '0909 8790000', 'premium'],
      ['GB', '070 1234 5678', 'premium'],
      ['US', '+1 900 234 5678', 'premium'],
      ['NL', '0112', 'too-short'],
      [null, '0612345612', 'not-possible'],
      ['XX', '0612345612', 'not-possible'],
      ['US', '(555) 010-0000', 'not-possible'],
      [null, '+999 123456', 'not-possible'],
    ];
    for (const [country, typed, reason] of refused) {
      assert.equal(parse(country, typed), reason, `${country} ${typed}`);
    }
  });

  it('belongs to the country that the number says, not the one that was chosen', () => {
    assert.deepEqual(parse('US', '+44 7911 123456'), {
      e164: '+447911123456',
      country: 'GG',
      type: 'mobile',
    });
    assert.deepEqual(parse('US', '242 359 1234'), {
      e164: '+12423591234',
      country: 'BS',
      type: 'mobile',
    });
    assert.equal(countryOf('+31612345612'), 'NL');
    assert.equal(countryOf('x'), null);
  });

  it('shows its owner enough and a stranger nothing', () => {
    assert.equal(maskNumber('+31612345612'), '+31\u00a0··\u00a0··\u00a0··\u00a012');
    assert.equal(maskNumber('+352621123456'), '+352\u00a0··\u00a0··\u00a0··\u00a056');
    assert.equal(maskNumber('nonsense'), '··\u00a0··\u00a0··\u00a0··');
  });

  it('is written as one reads it', () => {
    assert.equal(formatInternational('+31612345612'), '+31 6 12345612');
    assert.equal(formatInternational('+31205551234', '12'), '+31 20 555 1234 x12');
    assert.equal(formatInternational('nonsense'), 'nonsense');
  });

  it('is looked at in no time, however strange', () => {
    for (const typed of ['0'.repeat(99), '1x'.repeat(49), '1 '.repeat(49), '1,;'.repeat(33)]) {
      const started = performance.now();
      parse('NL', typed);
      assert.ok(performance.now() - started < 50, typed);
    }
  });
});

describe('the countries', () => {
  it('all have a calling code', () => {
    const all = countries();
    assert.ok(all.length > 240);
    assert.deepEqual(
      all.find(({ country }) => country === 'NL'),
      { country: 'NL', callingCode: '+31' },
    );
    assert.ok(all.every(({ callingCode }) => /^\+\d{1,3}$/.test(callingCode)));
  });
});

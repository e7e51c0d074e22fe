import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import {
  countryName,
  formatDate,
  formatDateTime,
  formatDuration,
  formatList,
  formatMoney,
  formatNumber,
  formatPercentage,
  formatRelative,
  listCountries,
} from './format.ts';

const moment = new Date('2026-11-03T13:05:00Z');
const timeZone = 'Europe/Amsterdam';

describe('a moment', () => {
  it('is written as people write it', () => {
    assert.equal(formatDateTime(moment, 'en', { timeZone }), '3 Nov 2026, 14:05');
    assert.equal(formatDateTime(moment, 'nl', { timeZone }), '3 nov 2026, 14:05');
    assert.match(
      formatDateTime(moment, 'en', { timeZone, style: 'long' }),
      /^Tuesday,? 3 November 2026 at 14:05$/,
    );
    assert.match(
      formatDateTime(moment, 'nl', { timeZone, style: 'long' }),
      /^dinsdag 3 november 2026 om 14:05$/,
    );
    assert.equal(formatDate(moment, 'nl', { timeZone }), '3 nov 2026');
  });

  it('is said in relation to now while it is near', () => {
    const said = (seconds: number, locale: 'en' | 'nl' = 'en'): string =>
      formatRelative(moment, new Date(moment.getTime() + seconds * 1000), locale, { timeZone });
    assert.equal(said(0), 'now');
    assert.equal(said(44), 'now');
    assert.equal(said(50), '1 minute ago');
    assert.equal(said(125), '2 minutes ago');
    assert.equal(said(3599), '59 minutes ago');
    assert.equal(said(3600), '1 hour ago');
    assert.equal(said(26 * 3600), 'yesterday');
    assert.equal(said(3 * 86_400), '3 days ago');
    assert.equal(said(8 * 86_400), '3 Nov 2026');
    assert.equal(said(-90), 'in 1 minute');
    assert.equal(said(-26 * 3600), 'tomorrow');
    assert.equal(said(125, 'nl'), '2 minuten geleden');
    assert.equal(said(26 * 3600, 'nl'), 'gisteren');
  });
});

describe('a span of time', () => {
  it('is told in its two largest units', () => {
    assert.equal(formatDuration(0, 'en'), '0 seconds');
    assert.equal(formatDuration(0.2, 'en'), '1 second');
    assert.equal(formatDuration(60, 'en'), '1 minute');
    assert.equal(formatDuration(61, 'en'), '1 minute, 1 second');
    assert.equal(formatDuration(900, 'nl'), '15 minuten');
    assert.equal(formatDuration(4500, 'nl'), '1 uur, 15 minuten');
    assert.equal(formatDuration(3601, 'en'), '1 hour');
    assert.equal(formatDuration(90 * 86_400, 'en'), '90 days');
    assert.equal(formatDuration(86_400 + 40, 'nl'), '1 dag');
    assert.equal(formatDuration(-5, 'en'), '0 seconds');
  });
});

describe('numbers, lists and countries', () => {
  it('follow the language', () => {
    assert.equal(formatNumber(1234.5, 'en'), '1,234.5');
    assert.equal(formatNumber(1234.5, 'nl'), '1.234,5');
    assert.equal(formatPercentage(0.423, 'en'), '42%');
    assert.equal(formatMoney(1234.5, 'EUR', 'en'), '€1,234.50');
    assert.equal(formatMoney(1234.5, 'EUR', 'nl'), '€\u00a01.234,50');
    assert.equal(formatMoney(0.08, 'EUR', 'nl'), '€\u00a00,08');
    assert.equal(formatMoney(0.0735, 'EUR', 'nl'), '€\u00a00,0735', 'what one text costs');
    assert.equal(formatList(['a', 'b', 'c'], 'en'), 'a, b and c');
    assert.equal(formatList(['a', 'b'], 'nl', 'or'), 'a of b');
    assert.equal(countryName('NL', 'nl'), 'Nederland');
    assert.equal(countryName('DE', 'en'), 'Germany');
    assert.equal(countryName('ZZZZ', 'en'), 'ZZZZ');
  });

  it('offer each country by name, in the order of the language', () => {
    const dutch = listCountries('nl');
    assert.ok(dutch.length > 240);
    assert.ok(dutch.every(({ code, name }) => name !== code));
    assert.equal(dutch[0]?.name, 'Afghanistan');
    assert.deepEqual(listCountries('nl', ['NL', 'BE', 'DE']), [
      { code: 'BE', name: 'België', callingCode: '+32' },
      { code: 'DE', name: 'Duitsland', callingCode: '+49' },
      { code: 'NL', name: 'Nederland', callingCode: '+31' },
    ]);
  });
});

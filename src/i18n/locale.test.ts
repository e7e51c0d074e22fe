import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { chooseLocale, isLocale, locales } from './locale.ts';

describe('the language of a person', () => {
  it('is the one they set, whatever their browser says', () => {
    assert.equal(chooseLocale('nl', 'en', 'en'), 'nl');
    assert.equal(chooseLocale('nl-BE', 'en', 'en'), 'nl');
    assert.equal(chooseLocale('NL_nl', undefined, 'en'), 'nl');
  });

  it('is that of their browser where they set none, or one we do not speak', () => {
    assert.equal(chooseLocale(undefined, 'nl-NL,nl;q=0.9,en;q=0.8', 'en'), 'nl');
    assert.equal(chooseLocale(null, 'de-DE,de;q=0.9,nl;q=0.5,en;q=0.4', 'en'), 'nl');
    assert.equal(chooseLocale('fr', 'nl', 'en'), 'nl');
    assert.equal(chooseLocale('', 'nl', 'en'), 'nl');
  });

  it('follows the weights, not the order', () => {
    assert.equal(chooseLocale(undefined, 'en;q=0.2, nl;q=0.7', 'en'), 'nl');
    assert.equal(chooseLocale(undefined, 'en;q=0.5,nl;q=0.5', 'nl'), 'en');
    assert.equal(chooseLocale(undefined, 'nl;q=0,en;q=0.1', 'nl'), 'en');
    assert.equal(chooseLocale(undefined, 'NL ; Q=1.000', 'en'), 'nl');
  });

  it('is the usual one where nothing fits', () => {
    assert.equal(chooseLocale(undefined, undefined, 'nl'), 'nl');
    assert.equal(chooseLocale(undefined, 'de, fr;q=0.5', 'nl'), 'nl');
    assert.equal(chooseLocale(undefined, '*', 'nl'), 'nl');
    assert.equal(chooseLocale(undefined, 'nl;q=0, *;q=0.5', 'nl'), 'en');
    assert.equal(chooseLocale(undefined, 'nlx, enq', 'nl'), 'nl');
  });

  it('passes over what cannot be read', () => {
    const strange = ['', ',', ';', ';q=1', 'nl;q=x,en', 'nl;q=2,en', '\0nl,en', 'nl;q=-1,en'];
    for (const header of strange) {
      assert.equal(chooseLocale(undefined, header, 'en'), 'en', header);
    }
    fc.assert(
      fc.property(fc.string(), fc.string(), (preferred, header) => {
        assert.ok(isLocale(chooseLocale(preferred, header, 'en')));
      }),
    );
    const started = performance.now();
    chooseLocale(undefined, 'a-'.repeat(1_000_000), 'en');
    chooseLocale(undefined, `nl;q=0.${'0'.repeat(900)}x`, 'en');
    assert.ok(performance.now() - started < 50);
  });

  it('is one of those we speak', () => {
    assert.deepEqual(locales.filter(isLocale), ['en', 'nl']);
    assert.equal(isLocale('nl-NL'), false);
    assert.equal(isLocale('toString'), false);
    assert.equal(isLocale(undefined), false);
  });
});

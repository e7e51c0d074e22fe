import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { locales } from '../i18n/locale.ts';
import { errorText } from './error-text.ts';
import { errors, exposedCode, isExposed, TweestapError, type ErrorCode } from './errors.ts';

const codes = Object.keys(errors).filter((code): code is ErrorCode => Object.hasOwn(errors, code));

describe('a fault', () => {
  it('carries its code, its cause and what the log should know', () => {
    const cause = new Error('disk full');
    const error = new TweestapError('STORE_UNAVAILABLE', { cause, details: { file: 'a.db' } });
    assert.ok(error instanceof Error);
    assert.equal(error.name, 'TweestapError');
    assert.equal(error.code, 'STORE_UNAVAILABLE');
    assert.equal(error.status, 503);
    assert.equal(error.expose, true);
    assert.equal(error.cause, cause);
    assert.equal(error.message, errors.STORE_UNAVAILABLE.message);
    assert.deepEqual(error.details, { file: 'a.db' });
    assert.equal('cause' in new TweestapError('BUSY'), false);
  });

  it('wraps its cause exactly once', () => {
    const cause = new Error('x');
    const once = TweestapError.from(cause, 'DELIVERY_REFUSED', { provider: 'smtp' });
    assert.equal(once.code, 'DELIVERY_REFUSED');
    assert.equal(once.cause, cause);
    assert.equal(TweestapError.from(once), once);
    assert.equal(TweestapError.from('a string').code, 'INTERNAL');
    assert.equal(TweestapError.from(null).cause, null);
  });

  it('shows a stranger only what may be shown', () => {
    assert.equal(exposedCode('ATTEMPT_EXPIRED'), 'ATTEMPT_EXPIRED');
    assert.equal(exposedCode('KEY_MISSING'), 'INTERNAL');
    assert.equal(isExposed('CONFIGURATION_FAULTY'), false);
    assert.deepEqual(errorText('KEY_MISSING', 'nl'), errorText('INTERNAL', 'nl'));
  });

  it('has a status that says who has to act', () => {
    for (const code of codes) {
      const { status, message } = errors[code];
      assert.ok(status >= 400 && status < 600, code);
      assert.match(message, /^[A-Z].*\.$/, code);
    }
  });

  it('is told calmly, in each language, with something to do', () => {
    for (const code of codes) {
      const titles = new Set<string>();
      for (const locale of locales) {
        const { title, happened, now } = errorText(code, locale);
        titles.add(title);
        assert.doesNotMatch(title, /[.!]$/, code);
        assert.match(happened, /^[A-Z].*\.$/, code);
        assert.match(now, /^[A-Z].*\.$/, code);
        const words = `${title} ${happened} ${now}`;
        assert.doesNotMatch(
          words,
          /!|please|invalid|alstublieft|ongeldig|\b(?:je|jij|jouw)\b/i,
          code,
        );
      }
      assert.equal(titles.size, locales.length, `${code} has the same words in two languages`);
    }
  });
});

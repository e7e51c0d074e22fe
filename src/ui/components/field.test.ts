import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { render } from '../../lib/html.ts';
import { codeField, field, passwordField, selectField } from './field.ts';

describe('a field', () => {
  it('is bound to its label, its hint and its error', () => {
    const page = render(
      field({
        locale: 'en',
        name: 'phone',
        label: 'Phone',
        hint: 'With area code',
        error: 'Enter a number.',
      }),
    );
    assert.match(page, /<label for="phone">Phone<\/label>/);
    assert.match(page, /id="phone-hint">With area code/);
    assert.match(page, /id="phone-error">/);
    assert.match(
      page,
      /<input[^>]* id="phone"[^>]* aria-invalid="true" aria-describedby="phone-hint phone-error"/,
    );
  });

  it('says that it is wrong in words, not by colour alone', () => {
    const page = render(
      field({ locale: 'nl', name: 'naam', label: 'Naam', error: 'Voer een naam in.' }),
    );
    assert.match(page, /<span class="hidden">Fout: <\/span>Voer een naam in\./);
  });

  it('keeps what was typed, whatever it was', () => {
    const page = render(
      field({ locale: 'en', name: 'name', label: 'Name', value: '"><script>alert(1)</script>' }),
    );
    assert.match(page, /value="&quot;&gt;&lt;script&gt;alert\(1\)&lt;\/script&gt;"/);
  });

  it('escapes labels, hints and errors', () => {
    const page = render(
      field({ locale: 'en', name: 'a', label: '<b>', hint: '<i>', error: '<u>' }),
    );
    assert.doesNotMatch(page, /<[biu]>/);
  });

  it('is required unless it is optional, and then says so', () => {
    assert.match(render(field({ locale: 'en', name: 'a', label: 'A' })), / required /);
    const optional = render(field({ locale: 'nl', name: 'a', label: 'A', optional: true }));
    assert.doesNotMatch(optional, / required/);
    assert.match(optional, /\(optioneel\)/);
  });

  it('tells why it cannot be used', () => {
    const page = render(
      field({ locale: 'en', name: 'mail', label: 'Mail', disabledReason: 'Kept by your admin.' }),
    );
    assert.match(page, / disabled aria-describedby="mail-reason"/);
    assert.match(page, /id="mail-reason">Kept by your admin\./);
  });

  it('gives names with brackets an id that a link can name', () => {
    assert.match(render(field({ locale: 'en', name: 'days[0]', label: 'Days' })), /for="days-0-"/);
  });

  it('tells its prefix to screen readers', () => {
    const page = render(field({ locale: 'en', name: 'n', label: 'Number', prefix: '+31' }));
    assert.match(page, /id="n-prefix">\+31/);
    assert.match(page, /aria-describedby="n-prefix"/);
  });
});

describe('a code field', () => {
  it('is one field that the phone can fill in', () => {
    const page = render(codeField({ locale: 'en', name: 'code', label: 'Code' }));
    assert.equal(page.match(/<input/g)?.length, 1);
    assert.match(page, /inputmode="numeric" autocomplete="one-time-code"/);
  });

  it('never shows a code again', () => {
    assert.doesNotMatch(
      render(codeField({ locale: 'en', name: 'code', label: 'Code' })),
      / value=/,
    );
  });
});

describe('a password field', () => {
  it('works without script: the button that shows it stays away', () => {
    const page = render(
      passwordField({
        locale: 'nl',
        name: 'password',
        label: 'Wachtwoord',
        autocomplete: 'current-password',
      }),
    );
    assert.match(page, /type="password"/);
    assert.match(
      page,
      /<button[^>]* hidden aria-controls="password" aria-label="Wachtwoord tonen"/,
    );
  });
});

describe('a drop-down', () => {
  it('selects what was chosen and says why something cannot be', () => {
    const page = render(
      selectField({
        locale: 'en',
        name: 'method',
        label: 'Method',
        value: 'text',
        options: [
          { value: 'text', label: 'Text' },
          { value: 'call', label: 'Call', disabledReason: 'not allowed' },
        ],
      }),
    );
    assert.match(page, /<option value="text" selected>Text</);
    assert.match(page, /<option value="call" disabled>Call – not allowed</);
  });
});

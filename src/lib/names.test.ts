import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { canonicalUserPrincipalName, mixesScripts } from './names.ts';

describe('a user principal name', () => {
  it('is the same however it is written', () => {
    const spellings = [
      'josé@contoso.nl',
      'JOSÉ@CONTOSO.NL',
      '  josé@contoso.nl ',
      '\tjosé@contoso.nl\r\n',
      'jose\u0301@contoso.nl',
      'JOSE\u0301@Contoso.NL',
      'ｊｏｓé＠ｃｏｎｔｏｓｏ．ｎｌ',
      '\u00a0josé@contoso.nl\u3000',
    ];
    for (const typed of spellings) {
      assert.equal(canonicalUserPrincipalName(typed), 'josé@contoso.nl', JSON.stringify(typed));
    }
  });

  it('is the same in full-width forms, whatever plain characters it is made of', () => {
    const plain = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCodePoint(code));
    fc.assert(
      fc.property(fc.string({ unit: plain, maxLength: 120 }), (name) => {
        const wide = name.replaceAll(/[!-~]/g, (character) =>
          String.fromCodePoint((character.codePointAt(0) ?? 0) + 0xfee0),
        );
        assert.equal(canonicalUserPrincipalName(name), canonicalUserPrincipalName(wide));
      }),
    );
  });

  it('is never a name that only looks like another', () => {
    const refused = [
      'ᴮᴵᴳᴮᴵᴿᴰ@contoso.nl',
      'an\u200bna@contoso.nl',
      'an\u00adna@contoso.nl',
      'anna\u202e@contoso.nl',
      'ﬁn@contoso.nl',
      '①@contoso.nl',
      'ª@contoso.nl',
    ];
    for (const typed of refused) {
      assert.equal(canonicalUserPrincipalName(typed), null, JSON.stringify(typed));
    }
    // Another letter is another name.
    assert.notEqual(canonicalUserPrincipalName('mıke@contoso.nl'), 'mike@contoso.nl');
  });

  it('has no blanks, controls or second @ in it', () => {
    const refused = ['', ' ', 'an na@x.nl', 'anna\0@x.nl', 'anna@x.nl\0', 'a\u0007b', 'a\u007fb'];
    for (const typed of [...refused, 'a@b@c', '@x.nl', 'anna@', 'a\nb@x.nl', '\ud800@x.nl']) {
      assert.equal(canonicalUserPrincipalName(typed), null, JSON.stringify(typed));
    }
  });

  it('may be in any script', () => {
    for (const name of ['анна@пример.рф', '李@例え.jp', 'άννα', 'אנה@דוגמה', "o'neill_a-b.c#1"]) {
      assert.equal(canonicalUserPrincipalName(name), name);
    }
  });

  it('is at most 113 characters long', () => {
    const domain = '@contoso.nl';
    const longest = 'a'.repeat(113 - domain.length) + domain;
    assert.equal(canonicalUserPrincipalName(longest), longest);
    assert.equal(canonicalUserPrincipalName(`a${longest}`), null);
    assert.equal(canonicalUserPrincipalName('a'.repeat(10_000_000)), null);
  });

  it('is its own canonical form', () => {
    const name = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 20 }),
      fc.string({
        unit: fc.constantFrom(
          ...Array.from('aAéÉe\u0301\u0307İıIßẞΣσς\u0345ŉǰΐﬃＡ＠ᾳK\u212b\u0130\u1e9e한각\u1100'),
        ),
        maxLength: 12,
      }),
    );
    fc.assert(
      fc.property(name, (typed) => {
        const canonical = canonicalUserPrincipalName(typed);
        fc.pre(canonical !== null);
        assert.equal(canonicalUserPrincipalName(canonical), canonical);
      }),
      { numRuns: 2000 },
    );
  });

  it('does not depend on case, composition or blanks around it', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zéüñçø0-9.-]{1,12}@[a-z]{1,8}$/), (typed) => {
        const canonical = canonicalUserPrincipalName(typed);
        assert.equal(canonicalUserPrincipalName(typed.toUpperCase()), canonical);
        assert.equal(canonicalUserPrincipalName(typed.normalize('NFD')), canonical);
        assert.equal(canonicalUserPrincipalName(` ${typed}\u2003`), canonical);
      }),
    );
  });
});

describe('a new name', () => {
  it('is looked at for letters borrowed from another script', () => {
    assert.equal(mixesScripts('p\u0430ul@contoso.nl'), true);
    assert.equal(mixesScripts('\u03bfscar@contoso.nl'), true);
    assert.equal(mixesScripts('paul@contoso.nl'), false);
    assert.equal(mixesScripts('анна@contoso.nl'), false);
    assert.equal(mixesScripts('анна.smith@contoso.nl'), false);
  });
});

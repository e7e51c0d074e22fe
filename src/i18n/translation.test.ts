import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Translation } from './translation.ts';

const en = {
  title: 'Sign in',
  tries: (left: number) => (left === 1 ? 'One try left.' : `${left} tries left.`),
  steps: { next: 'Next' },
};

describe('a translation', () => {
  it('has the same parts in its own words', () => {
    const nl: Translation<typeof en> = {
      title: 'Aanmelden',
      tries: (left) => (left === 1 ? 'Nog één poging.' : `Nog ${left} pogingen.`),
      steps: { next: 'Volgende' },
    };
    assert.equal(nl.tries(2), 'Nog 2 pogingen.');
  });

  // Each of these is a test for the compiler: a comment that expects no error is one itself.
  it('does not compile when a text is missing, too many, or of another form', () => {
    // @ts-expect-error `steps` is missing
    const missing: Translation<typeof en> = { title: '', tries: () => '' };
    const surplus: Translation<typeof en> = {
      ...en,
      // @ts-expect-error there is no such text in English
      farewell: '',
    };
    // @ts-expect-error a text with parts stays a text with parts
    const flat: Translation<typeof en> = { ...en, tries: '' };
    // @ts-expect-error of the same parts
    const other: Translation<typeof en> = { ...en, tries: (left: Date) => left.toISOString() };
    assert.ok([missing, surplus, flat, other]);
  });
});

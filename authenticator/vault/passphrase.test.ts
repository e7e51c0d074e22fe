import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { strengthOf } from './passphrase.ts';

describe('a passphrase', () => {
  it('is judged by how long it is and how much it varies', () => {
    const judged = {
      '': 'too-short',
      geheim: 'too-short',
      'eleven-char': 'too-short',
      aaaaaaaaaaaaaaaa: 'weak',
      abcdefghijklmnop: 'weak',
      qwertyuiopasdfgh: 'weak',
      '123456789012': 'weak',
      'zomer vakantie': 'fair',
      'Tr0ub4dor&3-xkcd': 'strong',
      'paard batterij nietje correct': 'strong',
    } as const;
    for (const [passphrase, strength] of Object.entries(judged)) {
      assert.equal(strengthOf(passphrase), strength, passphrase);
    }
  });
});

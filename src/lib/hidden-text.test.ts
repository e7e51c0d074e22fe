import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { forTerminal, hidesSomething, withoutHidden } from './hidden-text.ts';

describe('a text', () => {
  it('may join letters and emoji, and hides nothing by that', () => {
    for (const text of ['Anna', '👩‍👩‍👧‍👦 Familie', '🏳️‍🌈', 'نمی‌خواهم', 'ක්‍ෂ', '👩🏽‍🚒']) {
      assert.equal(hidesSomething(text), false, text);
    }
  });

  it('is rid of what hides in it, and of nothing else', () => {
    assert.equal(withoutHidden('\u202e👩\u200d🚒 Anna\u200d\u2028'), '👩\u200d🚒 Anna');
  });

  it('moves and colours nothing on a terminal, nor turns its direction', () => {
    const said = 'x\u001b[2J\u001b]0;owned\u0007\u009b31m\r\u202e é 👩‍🚒\n\tnext';
    assert.equal(forTerminal(said), 'x�[2J�]0;owned��31m�� é 👩‍🚒\n\tnext');
  });

  it('hides something where nobody could see it', () => {
    for (const text of ['a\u200db', '\u200dAnna', 'Anna\u200d', '\u202eannA', 'a\u0000', 'a\nb']) {
      assert.equal(hidesSomething(text), true, JSON.stringify(text));
    }
    assert.equal(hidesSomething('👩\u200d\u200d👧'), true, 'two joiners join nothing');
  });
});

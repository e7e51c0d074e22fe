import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { helpTopicFor, type Helped } from './help-link.ts';

describe('what helps with a challenge', () => {
  const method = (sends: Helped['sends'], answeredBy: Helped['answeredBy']): Helped => ({
    sends,
    answeredBy,
    strength: 'possession',
    draftProves: true,
  });
  const byText = method('text', 'typing');

  it('is about the text while none came, and about the code once one was refused', () => {
    assert.equal(helpTopicFor(byText, undefined), 'no-text');
    assert.equal(helpTopicFor(byText, 'expired'), 'no-text');
    assert.equal(helpTopicFor(byText, 'unable-to-reach'), 'no-text');
    assert.equal(helpTopicFor(byText, 'incorrect-code'), 'code-refused');
    assert.equal(helpTopicFor(byText, 'too-many-wrong'), 'code-refused');
  });

  it('is about the phone where it is called or gets a notification', () => {
    assert.equal(helpTopicFor(method('call', 'elsewhere'), 'busy'), 'no-call');
    assert.equal(helpTopicFor(method('push', 'elsewhere'), undefined), 'no-notification');
  });

  it('is about the key where nothing is sent and nothing typed', () => {
    assert.equal(helpTopicFor(method('nothing', 'elsewhere'), undefined), 'security-key');
    assert.equal(helpTopicFor(method('nothing', 'typing'), undefined), 'code-refused');
  });

  it('is nothing where no code is typed that could be refused', () => {
    const byPaper = method('nothing', 'typing');
    assert.equal(helpTopicFor({ ...byPaper, strength: 'knowledge' }, 'incorrect-code'), undefined);
    const made = { ...byPaper, draftProves: false };
    assert.equal(helpTopicFor(made, undefined, true), undefined);
    assert.equal(helpTopicFor(made, 'incorrect-code'), 'code-refused');
  });

  it('is about who asked, where the person says that it was not them', () => {
    assert.equal(helpTopicFor(byText, 'fraud-reported'), 'not-me');
    assert.equal(helpTopicFor(method('push', 'elsewhere'), 'user-declined'), 'not-me');
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { helpTopicFor } from './help-link.ts';

describe('what helps with a challenge', () => {
  const byText = { sends: 'text', answeredBy: 'typing' } as const;

  it('is about the text while none came, and about the code once one was refused', () => {
    assert.equal(helpTopicFor(byText, undefined), 'no-text');
    assert.equal(helpTopicFor(byText, 'expired'), 'no-text');
    assert.equal(helpTopicFor(byText, 'unable-to-reach'), 'no-text');
    assert.equal(helpTopicFor(byText, 'incorrect-code'), 'code-refused');
    assert.equal(helpTopicFor(byText, 'too-many-wrong'), 'code-refused');
  });

  it('is about the phone where it is called or gets a notification', () => {
    assert.equal(helpTopicFor({ sends: 'call', answeredBy: 'elsewhere' }, 'busy'), 'no-call');
    assert.equal(
      helpTopicFor({ sends: 'push', answeredBy: 'elsewhere' }, undefined),
      'no-notification',
    );
  });

  it('is about the key where nothing is sent and nothing typed', () => {
    assert.equal(
      helpTopicFor({ sends: 'nothing', answeredBy: 'elsewhere' }, undefined),
      'security-key',
    );
    assert.equal(
      helpTopicFor({ sends: 'nothing', answeredBy: 'typing' }, undefined),
      'code-refused',
    );
  });

  it('is about who asked, where the person says that it was not them', () => {
    assert.equal(helpTopicFor(byText, 'fraud-reported'), 'not-me');
    assert.equal(
      helpTopicFor({ sends: 'push', answeredBy: 'elsewhere' }, 'user-declined'),
      'not-me',
    );
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { createEventCounter } from './event-stream.ts';

describe('an event stream', () => {
  it('counts each event once it is whole, however it was cut', () => {
    const text =
      ': here\n\nevent: changed\ndata: {}\n\nevent: changed\r\ndata\r\n\r\n: still here\n\n';
    for (let cut = 0; cut <= text.length; cut += 1) {
      const count = createEventCounter();
      assert.equal(count(text.slice(0, cut)) + count(text.slice(cut)), 2, String(cut));
    }
  });

  it('does not take a sign of life for an event', () => {
    const count = createEventCounter();
    assert.equal(count(': ping\n\n: ping\n\nretry: 1000\n\n'), 0);
    assert.equal(count('data: x\n'), 0);
    assert.equal(count('\n'), 1);
  });
});

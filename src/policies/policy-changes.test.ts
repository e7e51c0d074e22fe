import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { changesBetween } from './policy-changes.ts';

describe('what changed between two policies', () => {
  it('is nothing where they say the same', () => {
    assert.deepEqual(changesBetween({ a: { b: [1] } }, { a: { b: [1] } }), []);
  });

  it('names each setting with what it was and what it is', () => {
    const before = { methods: { call: { enabled: true } }, ips: ['10.0.0.0/8'], days: 14 };
    const after = { methods: { text: { enabled: false } }, ips: [], days: 14 };
    assert.deepEqual(changesBetween(before, after), [
      { path: 'methods.call.enabled', from: true, to: undefined },
      { path: 'methods.text.enabled', from: undefined, to: false },
      { path: 'ips', from: ['10.0.0.0/8'], to: [] },
    ]);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { isGuarded, isThisMachine } from './this-machine.ts';

describe('this machine', () => {
  it('is localhost, and every address that never leaves it', () => {
    for (const host of [
      'localhost',
      '127.0.0.1',
      '127.3.2.1',
      '::1',
      '[::1]',
      '::ffff:127.0.0.1',
    ]) {
      assert.ok(isThisMachine(host), host);
    }
  });

  it('is nobody else, whatever they are called', () => {
    const others = ['', 'localhost.example.org', '127.example.org', '127.0.0.1.example.org'];
    for (const host of [...others, '127.0.0.256', '10.0.0.1', '0.0.0.0', '::', '[::2]', '1']) {
      assert.ok(!isThisMachine(host), host);
    }
  });

  it('is the only one that is asked without encryption', () => {
    for (const address of [
      'https://gateway.example.org',
      'http://localhost:8080',
      'http://[::1]/',
    ]) {
      assert.ok(isGuarded(address), address);
    }
    for (const address of [
      'http://gateway.example.org',
      'http://localhost.example.org',
      'ftp://x',
    ]) {
      assert.ok(!isGuarded(address), address);
    }
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { createMethods } from './method.ts';
import { methods } from './registry.ts';

describe('the list of methods', () => {
  it('finds each by its name, and invents none', () => {
    const found = createMethods(methods);
    for (const method of methods) assert.equal(found.get(method.id), method);
    assert.equal(found.get('telepathy'), undefined);
  });

  it('has the same places for all methods that draw on the same registrations', () => {
    for (const one of methods) {
      const others = methods.filter(({ registers }) => registers === one.registers);
      for (const other of others) assert.deepEqual(other.slots, one.slots);
    }
  });
});

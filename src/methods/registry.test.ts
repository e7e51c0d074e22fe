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

  it('knows each kind that they draw on, once', () => {
    const { kinds, kind } = createMethods(methods);
    assert.equal(new Set(kinds.map(({ id }) => id)).size, kinds.length);
    for (const { registers } of methods) assert.equal(kind(registers.id), registers);
    assert.equal(kind('crystal-ball'), undefined);
  });
});

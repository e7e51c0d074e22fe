import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { userNameFault } from './new-user.ts';

describe('the user name of a new account', () => {
  it('is not another one with a dot too many in its domain', () => {
    for (const name of [
      'anna@voorbeeld.example.',
      'anna@.voorbeeld.example',
      'anna@voorbeeld..example',
    ]) {
      assert.equal(userNameFault(name), 'not-a-name', name);
    }
    for (const name of ['anna@voorbeeld.example', 'a.n.na.@localhost', 'анна@пример.рф']) {
      assert.equal(userNameFault(name), undefined, name);
    }
  });
});

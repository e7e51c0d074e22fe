import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { createMethods } from '../../../methods/method.ts';
import { methods as all } from '../../../methods/registry.ts';
import { builtInCombinations, builtInStrengths } from '../../../policies/strengths.ts';
import { combinationsOf, modesIn } from './method-modes.ts';

describe('combinations in Graph’s words', () => {
  it('are the same again when they are read back', () => {
    const methods = createMethods(all);
    for (const name of builtInStrengths) {
      const combinations = builtInCombinations(name, methods);
      assert.deepEqual(combinationsOf(modesIn(combinations)), combinations, name);
    }
  });

  it('are written with the password first, one for each mode of a method', () => {
    assert.deepEqual(modesIn([['authenticator-code', 'password'], ['security-key']]), [
      'password,softwareOath',
      'password,hardwareOath',
      'fido2',
    ]);
  });

  it('are read in any order', () => {
    const combinations = combinationsOf([
      'hardwareOath, password',
      'password,softwareOath',
      'fido2',
    ]);
    assert.deepEqual(combinations, [['password', 'authenticator-code'], ['security-key']]);
  });

  it('are refused where they would allow more than was named', () => {
    for (const half of ['password,softwareOath', 'temporaryAccessPassOneTime']) {
      assert.match(String(combinationsOf([half])), /goes with what was named/);
    }
  });

  it('are refused where nobody has such a method', () => {
    for (const strange of ['x509CertificateMultiFactor', 'password,', '', 'constructor']) {
      assert.match(String(combinationsOf([strange])), /There is no method/);
    }
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { createMethods } from '../methods/method.ts';
import { methods } from '../methods/registry.ts';
import { policySchema } from './policy-schema.ts';
import { builtInStrengths, requirableNames, strengthsIn } from './strengths.ts';

describe('authentication strengths', () => {
  const all = createMethods(methods);
  const own = { id: 'vault', name: 'Vault', combinations: [['password', 'phone-call']] };
  const policy = policySchema.parse({ strengths: [own] });
  const { has, combinations } = strengthsIn(policy, all);

  it('are the three of Entra, and those of the organisation', () => {
    assert.deepEqual(requirableNames(policy), [
      'password',
      'second-step',
      'passwordless',
      'phishing-resistant',
      'vault',
    ]);
    assert.deepEqual(['vault', ...builtInStrengths, 'gone', 'password'].map(has), [
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  it('allow what they are called, of the methods there are', () => {
    assert.deepEqual(combinations('vault'), own.combinations);
    assert.deepEqual(combinations('phishing-resistant'), [['security-key']]);
    assert.deepEqual(combinations('passwordless'), [['security-key']]);
    const secondSteps = combinations('second-step');
    assert.ok(secondSteps.some(([one, two]) => one === 'password' && two === 'text-message'));
    assert.ok(secondSteps.some(([only, ...more]) => only === 'temporary-access-pass' && !more[0]));
    assert.ok(!secondSteps.flat().includes('email'));
  });

  it('let in nobody more where one is gone', () => {
    assert.deepEqual(combinations('gone'), combinations('phishing-resistant'));
  });
});

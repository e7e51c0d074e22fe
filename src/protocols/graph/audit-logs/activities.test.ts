import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { activityOf, kindOf } from './activities.ts';

const happened = (kind: string, details = {}) => activityOf({ kind, details });

describe('what Entra calls what happened (rows A-053, A-112, A-113)', () => {
  it('has the words that alarms of Entra wait for', () => {
    const { name, service } = happened('method-registered', { kind: 'phone', slot: 'mobile' });
    assert.deepEqual([name, service], ['User registered security info', 'Authentication Methods']);
    assert.equal(
      happened('registration-finished').name,
      'User registered all required security info',
    );
    assert.equal(happened('method-removed').name, 'User deleted security info');
    assert.equal(happened('default-method-changed').name, 'User changed default security info');
    assert.equal(happened('reset-confirmed').name, 'User reviewed security info');
    const reset = happened('password-reset');
    assert.deepEqual(
      [reset.name, reset.service],
      ['Reset password (self-service)', 'Self-service Password Management'],
    );
    assert.equal(happened('password-set-by-admin').name, 'Reset password (by admin)');
  });

  it('names the method in the reason', () => {
    const reasonOf = (details: Record<string, string>) =>
      happened('method-registered', details).reason;
    assert.equal(reasonOf({ kind: 'phone', slot: 'office' }), 'User registered Office Phone');
    assert.equal(
      reasonOf({ kind: 'authenticator-app', slot: '1' }),
      'User registered Authenticator App',
    );
    assert.equal(
      happened('default-method-changed', { method: 'text-message' }).reason,
      'User changed the default to Mobile Phone SMS',
    );
  });

  it('says of a report of fraud whether it blocked the account', () => {
    assert.equal(
      happened('fraud-reported', { blocks: true }).name,
      'Fraud reported - user is blocked for MFA',
    );
    assert.equal(
      happened('fraud-reported', { blocks: false }).name,
      'Fraud reported - no action taken',
    );
  });

  it('calls everything else as it is called here', () => {
    assert.deepEqual(happened('policy-changed', { reason: 'moved' }), {
      name: 'policy-changed',
      service: 'Tweestap',
      reason: 'moved',
    });
  });

  it('finds what is asked for by either name', () => {
    assert.equal(kindOf('User registered security info'), 'method-registered');
    assert.equal(kindOf('user registered security info'), 'method-registered');
    assert.equal(kindOf('Fraud reported - no action taken'), 'fraud-reported');
    assert.equal(kindOf('policy-changed'), 'policy-changed');
  });
});

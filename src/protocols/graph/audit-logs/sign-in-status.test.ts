import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { detailOfStep, statusOf } from './sign-in-status.ts';

const detailOf = (reason: string, method = 'text-message') =>
  detailOfStep({ result: 'failure', reason, method });

describe('why a second step was refused, in the words of Entra (row A-111)', () => {
  it('tells what was typed', () => {
    assert.equal(detailOf('incorrect-code'), 'MFA denied; user entered incorrect code');
    assert.equal(
      detailOf('incorrect-pin', 'notification'),
      'MFA denied; user entered incorrect PIN',
    );
    assert.equal(detailOf('code-already-used'), 'MFA denied; verification code already used once');
    assert.equal(detailOf('too-many-wrong'), 'MFA denied; entered incorrect code too many times');
  });

  it('tells how a call went', () => {
    const ofCall = (reason: string) => detailOf(reason, 'phone-call');
    assert.equal(ofCall('went-to-voicemail'), 'MFA denied; phone call went to voicemail');
    assert.equal(ofCall('busy'), "MFA denied; unable to reach the user's phone");
    assert.equal(
      ofCall('hung-up'),
      'MFA denied; user hung up the phone call without succeeding the authentication',
    );
  });

  it('tells a notification that nobody answered from a code that nobody typed', () => {
    assert.equal(
      detailOf('expired', 'notification'),
      'MFA denied; user did not respond to mobile app notification',
    );
    assert.equal(detailOf('expired'), 'MFA denied; user never entered the verification code');
  });

  it('tells fraud as row A-053 does', () => {
    const { errorCode, additionalDetails } = statusOf({
      result: 'failure',
      reason: 'fraud-reported',
      steps: [],
    });
    assert.deepEqual([errorCode, additionalDetails], [500121, 'MFA denied, Fraud Code Entered']);
  });

  it('keeps what Entra has no word for, and what went well', () => {
    assert.equal(detailOf('something-else'), 'MFA denied; something-else');
    assert.equal(detailOfStep({ result: 'success', reason: 'ok', method: 'password' }), 'Correct');
    assert.equal(
      detailOfStep({ result: 'failure', reason: 'wrong-password', method: 'password' }),
      'wrong password, or no such user',
    );
  });
});

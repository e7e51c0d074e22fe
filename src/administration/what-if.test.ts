import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import { startHall, type Hall } from '../../test/support/signin.ts';
import type { User } from '../accounts/user.ts';
import { whatIf, type Supposed, type WhatIf } from './what-if.ts';

const inside = '10.1.2.3';
const outside = '198.51.100.7';

describe('what would happen if this person signed in', () => {
  let hall: Hall;
  let anna: User;
  beforeEach(async () => {
    hall = await startHall();
    anna = await hall.person();
    await hall.governing.changePolicy('test', (policy) => ({
      ...policy,
      trustedIps: ['10.0.0.0/8'],
    }));
  });
  afterEach(() => hall.close());

  const ask = async (supposed: Partial<Supposed> = {}): Promise<WhatIf> => {
    const user = await hall.stores.users.find(anna.id);
    assert.ok(user);
    const nowhere = { application: undefined, trustedDevice: undefined, address: outside };
    return whatIf(hall.parts, { user, ...nowhere, ...supposed });
  };
  const steps = ({ steps: all }: WhatIf): string =>
    all
      .map(({ step, option }) =>
        option === undefined ? step.kind : `${step.kind} ${option.method.id}`,
      )
      .join(', ');

  it('is told step by step, as the real one would go', async () => {
    await hall.phone(anna);
    await hall.app(anna);
    const told = await ask();
    assert.equal(steps(told), 'password-typed, start authenticator-code, finish');
    const [, second] = told.steps;
    assert.deepEqual(second?.others.map(({ method }) => method.id).toSorted(), [
      'phone-call',
      'text-message',
    ]);
    assert.deepEqual(told.reasons, [{ kind: 'state', state: 'enforced' }]);
  });

  it('names the trusted range that spares the second step', async () => {
    await hall.app(anna);
    const told = await ask({ address: inside });
    assert.equal(steps(told), 'password-typed, finish');
    assert.deepEqual(told.reasons, [
      { kind: 'state', state: 'enforced' },
      { kind: 'trusted-ip', range: '10.0.0.0/8' },
    ]);
  });

  it('says that an application asks for more than the state does', async () => {
    await hall.app(anna);
    await hall.stores.users.moveState(anna.id, 'enforced', 'disabled');
    const application = { id: 'wiki', name: 'Wiki', required: 'second-step' };
    assert.equal(steps(await ask()), 'password-typed, finish');
    const told = await ask({ application, address: inside });
    assert.equal(steps(told), 'password-typed, start authenticator-code, finish');
    assert.ok(told.reasons.some(({ kind }) => kind === 'application'));
    const strict = await ask({ application: { ...application, required: 'phishing-resistant' } });
    assert.match(steps(strict), /add-method$/, 'a security key would have to be registered');
  });

  it('leads somebody who has nothing to their registration, or says why it is closed', async () => {
    assert.equal(steps(await ask()), 'password-typed, register');
    hall.clock.advanceSeconds(15 * 86_400);
    const late = await ask();
    assert.deepEqual(late.steps.at(-1)?.step, { kind: 'blocked', reason: 'registration-closed' });
    assert.equal(steps(await ask({ address: inside })), 'password-typed, finish');
  });

  it('says of each method who may use it, and whether they have it', async () => {
    await hall.phone(anna);
    await hall.governing.changePolicy('test', (policy) => ({
      ...policy,
      methods: { 'text-message': { enabled: false } },
    }));
    const told = await ask();
    const ofText = told.methods.find(({ method }) => method.id === 'text-message');
    assert.deepEqual([ofText?.standing, ofText?.isRegistered], ['off', true]);
    assert.equal(steps(told), 'password-typed, start phone-call, finish');
  });

  it('changes nothing: no attempt, no counter, no event, no message', async () => {
    await hall.phone(anna);
    await hall.stores.users.change(anna.id, { mustChangePassword: true });
    const before = [await hall.stores.audit.list({ limit: 99 }), await hall.sent()];
    const told = await ask();
    assert.equal(steps(told), 'password-typed, start text-message, change-password, finish');
    assert.deepEqual([await hall.stores.audit.list({ limit: 99 }), await hall.sent()], before);
    assert.equal((await hall.stores.users.find(anna.id))?.mustChangePassword, true);
  });
});

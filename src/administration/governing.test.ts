import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import { startHall, type Hall } from '../../test/support/signin.ts';
import type { Role } from '../accounts/user.ts';
import { TweestapError } from '../errors/errors.ts';
import type { AtApi } from './acting-admin.ts';

describe('changing what the organisation decides', () => {
  let hall: Hall;
  beforeEach(async () => {
    hall = await startHall();
  });
  afterEach(() => hall.close());

  const program = (role: Role): AtApi => ({
    application: { clientId: 'rollout', role },
    address: '192.0.2.9',
  });
  const allowAppPasswords = (allowed: boolean) => (policy: object) => ({
    ...policy,
    appPasswords: { allowed },
  });

  it('holds at once, and the log says who changed what from what to what', async () => {
    const { allowed } = (await hall.policies.current()).appPasswords;
    const by = program('authentication-policy-admin');
    const changes = await hall.governing.changePolicy(by, allowAppPasswords(!allowed));
    const change = { path: 'appPasswords.allowed', from: allowed, to: !allowed };
    assert.deepEqual(changes, [change]);
    assert.equal((await hall.policies.current()).appPasswords.allowed, !allowed);
    const [event] = await hall.stores.audit.list({ kind: 'policy-changed', limit: 1 });
    assert.equal(event?.actor, 'application:rollout');
    assert.equal(event.address, '192.0.2.9');
    assert.equal(event.details['changes'], JSON.stringify([change]));
  });

  it('is nothing, and nothing in the log, where all stays as it was', async () => {
    const before = await hall.stores.audit.list({ limit: 100 });
    assert.deepEqual(await hall.governing.changePolicy('command-line', (policy) => policy), []);
    assert.deepEqual(await hall.stores.audit.list({ limit: 100 }), before);
  });

  it('keeps an authentication strength that an application or a site asks for, and says which', async () => {
    const by = program('global-admin');
    const strengths = ['bank', 'wiki', 'free'].map((id) => ({
      id,
      name: id,
      combinations: [['password', 'authenticator-code']],
    }));
    const sites = [{ site: 'https://wiki.example', required: 'wiki' }];
    await hall.governing.changePolicy(by, (policy) => ({ ...policy, strengths, sites }));
    await hall.stores.applications.add({
      clientId: 'money',
      name: 'The bank',
      redirectUris: ['https://bank.example/cb'],
      postLogoutRedirectUris: [],
      backchannelLogoutUri: undefined,
      clientSecret: undefined,
      grants: ['authorization_code'],
      role: undefined,
      required: 'bank',
      createdAt: hall.clock.now(),
    });
    const leaving = (...ids: readonly string[]) =>
      hall.governing.changePolicy(by, (policy) => ({
        ...policy,
        strengths: strengths.filter(({ id }) => ids.includes(id)),
      }));
    const refusal = (fault: RegExp) => (error: unknown) =>
      error instanceof TweestapError &&
      error.code === 'CONFIGURATION_FAULTY' &&
      fault.test(JSON.stringify(error.details));
    await assert.rejects(leaving('wiki', 'free'), refusal(/required by the application The bank/));
    await assert.rejects(leaving('bank', 'free'), refusal(/https:\/\/wiki\.example requires/));
    assert.equal((await leaving('bank', 'wiki')).length, 1);
  });

  it('is for whoever may decide, and changes nothing where something is wrong with it', async () => {
    const before = await hall.stores.policies.read();
    for (const [by, edit, code] of [
      [program('authentication-admin'), allowAppPasswords(true), 'NOT_ALLOWED'],
      [program('global-admin'), () => ({ surprise: true }), 'CONFIGURATION_FAULTY'],
    ] as const) {
      await assert.rejects(hall.governing.changePolicy(by, edit), { code });
    }
    assert.deepEqual(await hall.stores.policies.read(), before);
  });
});

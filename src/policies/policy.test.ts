import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { createMethods } from '../methods/method.ts';
import { methods } from '../methods/registry.ts';
import { policySchema } from './policy-schema.ts';
import {
  deliveryCountries,
  gatesNeeded,
  mayResetPassword,
  mayStaySignedIn,
  methodFaults,
  sessionLengths,
  standingOf,
  wrongStepsRule,
} from './policy.ts';

const policy = (document: unknown = {}) => policySchema.parse(document);

describe('the policy', () => {
  it('is whole when nothing was ever written', () => {
    assert.equal(policy().appPasswords.allowed, false);
    assert.equal(policy().registration.windowDays, 14);
    assert.deepEqual(deliveryCountries(policy()), ['NL']);
  });

  it('lets texts go to the countries that it names, and to no other', () => {
    assert.deepEqual(deliveryCountries(policy({ delivery: { countries: ['BE', 'DE'] } })), [
      'BE',
      'DE',
    ]);
  });

  it('says whether a method is for somebody by their groups, and keeps out whoever is excluded', () => {
    const text = createMethods(methods).get('text-message');
    assert.ok(text);
    const standing = (scope: object, groups: readonly string[]) =>
      standingOf(policy({ methods: { 'text-message': scope } }), text, { groups, role: 'user' });
    assert.equal(standing({ includedGroups: [] }, []), 'allowed');
    assert.equal(standing({ includedGroups: ['shop', 'school'] }, ['school']), 'allowed');
    assert.equal(standing({ includedGroups: ['shop'] }, ['school']), 'not-included');
    const both = { includedGroups: ['shop'], excludedGroups: ['pupils'] };
    assert.equal(standing(both, ['shop', 'pupils']), 'excluded-group');
    assert.equal(standing({ ...both, enabled: false }, ['shop']), 'off');
  });

  it('ends the sessions of everyone with a role sooner', () => {
    assert.deepEqual(sessionLengths(policy(), false), {
      absoluteSeconds: 86_400,
      idleSeconds: 3600,
    });
    assert.deepEqual(sessionLengths(policy(), true), { absoluteSeconds: 43_200, idleSeconds: 900 });
  });

  it('lets nobody reset a password until the organisation says who, and then by two things', () => {
    const anna = { groups: ['staff'], role: 'user' } as const;
    const { reset } = policy();
    assert.deepEqual([reset.allowedFor, reset.gates], ['nobody', 2]);
    assert.equal(mayResetPassword(policy(), anna), false);
    assert.equal(mayResetPassword(policy({ reset: { allowedFor: 'all' } }), anna), true);
    for (const [group, may] of [
      ['staff', true],
      ['board', false],
    ] as const) {
      const some = policy({ reset: { allowedFor: 'group', group } });
      assert.equal(mayResetPassword(some, anna), may);
    }
    assert.equal(policySchema.safeParse({ reset: { allowedFor: 'group' } }).success, false);
    assert.equal(gatesNeeded(policy({ reset: { gates: 1 } }), true), 2, 'of admins always two');
  });

  it('may keep resets from everyone with a role (row A-098)', () => {
    const helper = { groups: ['staff'], role: 'help-desk' } as const;
    const all = { allowedFor: 'all' };
    assert.equal(mayResetPassword(policy({ reset: all }), helper), true);
    const notThey = policy({ reset: { ...all, forRoles: false } });
    assert.equal(mayResetPassword(notThey, helper), false);
    assert.equal(mayResetPassword(notThey, { groups: [], role: 'user' }), true);
  });

  it('knows which methods prove no reset', () => {
    const all = createMethods(methods);
    assert.deepEqual(methodFaults(policy({ reset: { methods: ['email'] } }), all), []);
    const faults = methodFaults(policy({ reset: { methods: ['password', 'email'] } }), all);
    assert.deepEqual(faults, ['reset.methods: password is no method that proves a reset']);
  });

  it('trusts no device and keeps nobody signed in until the organisation says so', () => {
    const { trustedDevices, sessions } = policy();
    assert.deepEqual(trustedDevices, { allowed: false, days: 30 });
    assert.deepEqual(sessions.staySignedIn, { allowed: false, days: 30 });
    for (const days of [0, 366]) {
      assert.equal(policySchema.safeParse({ trustedDevices: { days } }).success, false);
      assert.equal(policySchema.safeParse({ sessions: { staySignedIn: { days } } }).success, false);
    }
  });

  it('keeps signed in whoever said so, but nobody with a role', () => {
    const long = policy({ sessions: { staySignedIn: { allowed: true, days: 7 } } });
    const week = { absoluteSeconds: 7 * 86_400, idleSeconds: 7 * 86_400 };
    assert.deepEqual(sessionLengths(long, false, true), week);
    assert.equal(sessionLengths(long, false, false).absoluteSeconds, 86_400);
    assert.equal(sessionLengths(policy(), false, true).absoluteSeconds, 86_400);
    assert.equal(sessionLengths(long, true, true).absoluteSeconds, 43_200);
    assert.equal(mayStaySignedIn(long, true), false);
  });

  it('refuses what is no range of addresses, no colour, no help address', () => {
    assert.equal(policySchema.safeParse({ trustedIps: ['10.0.0.0/8', 'fd00::/8'] }).success, true);
    assert.equal(policySchema.safeParse({ trustedIps: ['10.0.0.0/99'] }).success, false);
    assert.equal(policySchema.safeParse({ organisation: { brandColour: 'red' } }).success, false);
    assert.equal(
      policySchema.safeParse({ organisation: { helpLink: 'javascript:alert(1)' } }).success,
      false,
    );
    assert.equal(policySchema.safeParse({ surprise: true }).success, false);
  });

  it('names every fault in what it says of the methods', () => {
    const faults = methodFaults(
      policy({
        methods: { pigeon: {}, 'text-message': { settings: { reply: 'sometimes' } } },
      }),
      createMethods(methods),
    );
    assert.equal(faults.length, 2);
    assert.match(faults.join('\n'), /methods\.pigeon: /);
    assert.match(faults.join('\n'), /methods\.text-message\.settings\.reply: /);
    const surprised = policy({ methods: { 'text-message': { settings: { surprise: true } } } });
    const [fault] = methodFaults(surprised, createMethods(methods));
    assert.match(fault ?? '', /^methods\.text-message\.settings: /);
  });

  it('pauses wrong second steps as the product says, and never lets itself be guessed at', () => {
    const { limit, pauseSeconds, longestPauseSeconds, windowSeconds } = wrongStepsRule(policy());
    assert.deepEqual(
      { limit, pauseSeconds, longestPauseSeconds, windowSeconds },
      { limit: 10, pauseSeconds: 900, longestPauseSeconds: 86_400, windowSeconds: 86_400 },
    );
    for (const lockout of [
      { wrongSteps: 100 },
      { wrongSteps: 2 },
      { pauseMinutes: 1 },
      { longestPauseHours: 0 },
    ]) {
      assert.equal(policySchema.safeParse({ lockout }).success, false);
    }
  });

  it('names what is wrong with its authentication strengths', () => {
    const strengths = [
      { id: 'vault', name: 'Vault', combinations: [['password', 'phone-call'], ['security-key']] },
      { id: 'vault', name: 'Again', combinations: [['password'], ['email']] },
      { id: 'second-step', name: 'Ours', combinations: [['temporary-access-pass']] },
    ];
    const sites = [{ site: 'https://wiki.example', required: 'phishing-resistant' }];
    const all = createMethods(methods);
    const [good] = strengths;
    assert.deepEqual(methodFaults(policy({ strengths: [good], sites }), all), []);
    const faults = methodFaults(policy({ strengths, sites }), all).join('\n');
    for (const fault of [
      /strengths\.1\.id: /,
      /strengths\.2\.id: /,
      /strengths\.1\.combinations\.0: a password alone/,
      /strengths\.1\.combinations\.1: email/,
    ]) {
      assert.match(faults, fault);
    }
  });
});

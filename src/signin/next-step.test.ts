import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Strength } from '../lib/strength.ts';
import type { Proof } from '../sessions/session.ts';
import type { Attempt, Challenge, RegistrationProgress } from './attempt.ts';
import { nextStep, type Situation, type Standing, type Step } from './next-step.ts';

const now = new Date('2026-11-20T09:00:00Z');
const minutes = (n: number): Date => new Date(now.getTime() + n * 60_000);

const password: Proof = {
  method: 'password',
  strength: 'knowledge',
  amr: ['pwd'],
  registrationId: undefined,
  at: now,
};
const text: Proof = {
  method: 'text-message',
  strength: 'possession',
  amr: ['sms'],
  registrationId: 'phone',
  at: now,
};
const key: Proof = {
  method: 'security-key',
  strength: 'phishing-resistant',
  amr: ['hwk'],
  registrationId: 'key',
  at: now,
};
const challenge: Challenge = {
  id: 'challenge',
  methodId: 'text-message',
  registrationId: 'phone',
  state: {},
  startedAt: now,
  expiresAt: minutes(3),
  wrongTries: 0,
  delivery: 'sent',
  outcome: undefined,
};
const registering: RegistrationProgress = {
  stage: 'contact',
  draft: undefined,
  provedKind: undefined,
  appPassword: undefined,
  done: false,
};
const fresh: Attempt = {
  id: 'attempt',
  version: 1,
  request: {
    applicationId: undefined,
    applicationName: undefined,
    required: 'password',
    anew: 'nothing',
    returnTo: '/',
    subject: undefined,
  },
  browser: 'browser',
  replaces: undefined,
  isKnownBrowser: false,
  locale: 'en',
  address: '127.0.0.1',
  userAgent: 'test',
  createdAt: now,
  expiresAt: minutes(60),
  finishedAt: undefined,
  identified: undefined,
  proofs: [],
  challenge: undefined,
  choosing: false,
  registration: undefined,
  notice: undefined,
  steps: [],
};
const identified: Attempt = { ...fresh, identified: { typed: 'anna@x', userId: 'anna' } };
const withPassword: Attempt = { ...identified, proofs: [password] };
const proven: Attempt = { ...identified, proofs: [password, text] };

const standing: Standing = {
  accountEnabled: true,
  blocked: false,
  state: 'enforced',
  mustChangePassword: false,
  hasRegistrations: false,
  mayRegister: false,
  pausedUntil: undefined,
};
const way = (id: string, strength: Strength = 'possession', standsIn = false) => ({
  id,
  method: { id: id.split('.')[1] ?? '' },
  strength,
  standsIn,
});
const phone = way('phone.text-message');
const situation: Situation = {
  now,
  standing,
  options: [phone],
  trustedNetwork: false,
  trustedDevice: false,
  mayStaySignedIn: false,
};

const step = (
  attempt: Attempt,
  change: Partial<Standing> = {},
  about: Partial<Situation> = {},
): Step => nextStep(attempt, { ...situation, ...about, standing: { ...standing, ...change } });

describe('the next step', () => {
  it('asks for a name first', () => {
    assert.deepEqual(nextStep(fresh, { ...situation, standing: undefined }), { kind: 'identify' });
  });

  it('asks for the password next, also of somebody we do not know', () => {
    const nobody: Attempt = { ...fresh, identified: { typed: 'nobody@x', userId: undefined } };
    assert.equal(nextStep(nobody, { ...situation, standing: undefined }).kind, 'password');
    assert.equal(step(identified).kind, 'password');
  });

  it('never lets a second step stand in for the password', () => {
    assert.equal(step({ ...identified, proofs: [text] }).kind, 'password');
    assert.equal(step({ ...identified, proofs: [key] }).kind, 'password');
  });

  it('says only after the right password that an account is disabled or blocked', () => {
    assert.equal(step(identified, { accountEnabled: false }).kind, 'password');
    assert.deepEqual(step(withPassword, { accountEnabled: false }), {
      kind: 'blocked',
      reason: 'account-disabled',
    });
    assert.deepEqual(step(proven, { blocked: true }), {
      kind: 'blocked',
      reason: 'account-blocked',
    });
  });

  it('is done after the password where no second step is required', () => {
    assert.equal(step(withPassword, { state: 'disabled' }).kind, 'finish');
  });

  it('starts the first way by itself', () => {
    assert.deepEqual(step(withPassword), { kind: 'start', optionId: 'phone.text-message' });
  });

  it('waits for the challenge that is open, and offers the list to who asked for it', () => {
    assert.equal(step({ ...withPassword, challenge }).kind, 'challenge');
    assert.equal(step({ ...withPassword, choosing: true }).kind, 'choose');
  });

  it('does not wait for a challenge that policy no longer allows', () => {
    const app = way('app.authenticator-code');
    assert.deepEqual(step({ ...withPassword, challenge }, {}, { options: [app] }), {
      kind: 'start',
      optionId: app.id,
    });
    assert.equal(
      step({ ...withPassword, challenge }, { hasRegistrations: true }, { options: [] }).kind,
      'blocked',
    );
  });

  describe('on a trusted device', () => {
    const trusted = { trustedDevice: true };
    const asking = (request: Partial<Attempt['request']>): Attempt => ({
      ...withPassword,
      request: { ...withPassword.request, ...request },
    });

    it('is done after the password where only the state requires more', () => {
      assert.equal(step(withPassword, {}, trusted).kind, 'finish');
    });

    it('asks all the same who is asked anew, or by an application, or for the strongest', () => {
      for (const request of [
        { anew: 'second-step' },
        { anew: 'everything' },
        { required: 'second-step' },
        { required: 'phishing-resistant' },
        { required: 'strongest' },
        { required: 'strongest', adds: { kind: 'phone', slot: 'mobile' } },
      ] as const) {
        const { kind } = step(asking(request), {}, trusted);
        assert.ok(kind === 'start' || kind === 'blocked', JSON.stringify(request));
      }
    });

    it('does not spare a password that must be changed, nor the password itself', () => {
      assert.equal(step(withPassword, { mustChangePassword: true }, trusted).kind, 'start');
      assert.equal(step(identified, {}, trusted).kind, 'password');
    });

    it('does not open what is disabled or blocked', () => {
      assert.equal(step(withPassword, { accountEnabled: false }, trusted).kind, 'blocked');
      assert.equal(step(withPassword, { blocked: true }, trusted).kind, 'blocked');
    });
  });

  describe('where people may stay signed in', () => {
    const allowed = { mayStaySignedIn: true };
    const withRequest = (request: Partial<Attempt['request']>): Attempt => ({
      ...proven,
      request: { ...proven.request, ...request },
    });

    it('asks last, and once', () => {
      assert.equal(step(proven, {}, allowed).kind, 'stay-signed-in');
      assert.equal(step(withPassword, { state: 'disabled' }, allowed).kind, 'stay-signed-in');
      assert.equal(step(proven, { mustChangePassword: true }, allowed).kind, 'change-password');
      assert.equal(step({ ...proven, staysSignedIn: false }, {}, allowed).kind, 'finish');
      assert.equal(step({ ...proven, staysSignedIn: true }, {}, allowed).kind, 'finish');
      assert.equal(step(withPassword, {}, allowed).kind, 'start');
    });

    it('does not ask who is signed in already, is asked anew, or has no browser', () => {
      assert.equal(step({ ...proven, replaces: 'session' }, {}, allowed).kind, 'finish');
      assert.equal(step({ ...proven, browser: undefined }, {}, allowed).kind, 'finish');
      assert.equal(step(withRequest({ anew: 'everything' }), {}, allowed).kind, 'finish');
      assert.equal(step(withRequest({ required: 'strongest' }), {}, allowed).kind, 'finish');
    });
  });

  describe('where the strongest is asked for', () => {
    const securityKey = way('key.security-key', 'phishing-resistant');
    const spare = way('codes.recovery-code', 'possession', true);
    const strongest = (attempt: Attempt): Attempt => ({
      ...attempt,
      request: { ...attempt.request, required: 'strongest' },
    });

    it('is content with a text from somebody who has nothing stronger', () => {
      assert.equal(step(strongest(proven)).kind, 'finish');
    });

    it('asks for the key of somebody who has one, whatever else they proved', () => {
      const options = [phone, securityKey];
      assert.deepEqual(step(strongest(proven), {}, { options }), {
        kind: 'start',
        optionId: securityKey.id,
      });
      const byKey: Attempt = { ...identified, proofs: [password, key] };
      assert.equal(step(strongest(byKey), {}, { options }).kind, 'finish');
    });

    it('takes a recovery code in place of a lost key, and only there', () => {
      const options = [phone, securityKey, spare];
      const code: Proof = { ...text, method: 'recovery-code', standsIn: true };
      const byCode: Attempt = { ...identified, proofs: [password, code] };
      assert.equal(step(strongest(byCode), {}, { options }).kind, 'finish');
      const phr: Attempt = {
        ...byCode,
        request: { ...byCode.request, required: 'phishing-resistant' },
      };
      assert.equal(step(phr, {}, { options }).kind, 'start');
    });
  });

  it('leads who came to add something to it, and on once it is there', () => {
    const adding: Attempt = {
      ...proven,
      request: { ...proven.request, adds: { kind: 'phone', slot: 'mobile' } },
    };
    assert.deepEqual(step(adding), { kind: 'register', stage: 'contact' });
    assert.equal(step({ ...adding, proofs: [password] }).kind, 'start');
    const added: Attempt = { ...adding, registration: { ...registering, done: true } };
    assert.equal(step(added).kind, 'finish');
  });

  it('asks for the second step before a password is changed, wherever that is', () => {
    const home = { trustedNetwork: true };
    const changing = { mustChangePassword: true };
    assert.equal(step(withPassword, changing, home).kind, 'start');
    assert.equal(step(withPassword, { ...changing, state: 'disabled' }).kind, 'start');
    assert.equal(step(proven, changing, home).kind, 'change-password');
    // Nothing to ask: a first password from the admin.
    const nothing = { ...home, options: [] };
    assert.equal(step(withPassword, changing, nothing).kind, 'change-password');
  });

  it('takes no proof of something new once something is registered', () => {
    const draft: Challenge = { ...challenge, registrationId: undefined };
    assert.equal(
      step({ ...withPassword, challenge: draft, registration: registering }).kind,
      'start',
    );
  });

  it('pauses after too many wrong second steps, whatever else is under way', () => {
    const until = minutes(15);
    assert.deepEqual(step({ ...withPassword, challenge }, { pausedUntil: until }), {
      kind: 'paused',
      until,
    });
    assert.equal(step(withPassword, { pausedUntil: until }, { options: [] }).kind, 'paused');
  });

  it('asks for a second step of somebody without one when the application requires it', () => {
    const asked: Attempt = {
      ...withPassword,
      request: { ...withPassword.request, required: 'second-step' },
    };
    assert.equal(step(asked, { state: 'disabled' }).kind, 'start');
    assert.equal(step(asked, { state: 'disabled' }, { trustedNetwork: true }).kind, 'start');
  });

  it('skips the second step from a trusted network', () => {
    assert.equal(step(withPassword, {}, { trustedNetwork: true }).kind, 'finish');
  });

  it('lets nobody in with a weaker method than was asked for', () => {
    const asked: Attempt = {
      ...proven,
      request: { ...proven.request, required: 'phishing-resistant' },
    };
    assert.deepEqual(step(asked), { kind: 'blocked', reason: 'no-method' });
    assert.equal(step({ ...asked, proofs: [password, key] }).kind, 'finish');
  });

  it('registers somebody with nothing registered, while the window is open', () => {
    assert.deepEqual(step(withPassword, { mayRegister: true }, { options: [] }), {
      kind: 'register',
      stage: 'interrupt',
    });
    assert.deepEqual(step(withPassword, {}, { options: [] }), {
      kind: 'blocked',
      reason: 'registration-closed',
    });
  });

  it('lets the password alone register nothing in place of what policy no longer allows', () => {
    const open = { mayRegister: true, hasRegistrations: true };
    assert.deepEqual(step(withPassword, open, { options: [] }), {
      kind: 'blocked',
      reason: 'no-method',
    });
  });

  it('leads whoever came in by a pass, and has nothing of their own, to register', () => {
    const byPass: Attempt = {
      ...identified,
      proofs: [{ ...text, method: 'temporary-access-pass', alone: true, standsIn: true }],
    };
    assert.deepEqual(step(byPass, {}, { options: [] }), { kind: 'register', stage: 'interrupt' });
    assert.equal(step(byPass, { hasRegistrations: true }).kind, 'finish');
    assert.equal(step(byPass, { state: 'disabled' }).kind, 'finish');
    assert.equal(step({ ...byPass, registration: { ...registering, done: true } }).kind, 'finish');
    assert.equal(step(byPass, { blocked: true }).kind, 'blocked');
  });

  it('refuses sign-in until the registration is finished', () => {
    assert.deepEqual(step(proven, { state: 'enabled' }), { kind: 'register', stage: 'interrupt' });
    assert.deepEqual(step({ ...proven, registration: { ...registering, stage: 'app-password' } }), {
      kind: 'register',
      stage: 'app-password',
    });
    assert.equal(
      step({ ...proven, registration: { ...registering, done: true } }, { state: 'enforced' }).kind,
      'finish',
    );
  });

  it('makes a suspected password be changed before anything opens', () => {
    assert.equal(step(proven, { mustChangePassword: true }).kind, 'change-password');
    assert.equal(step(withPassword, { mustChangePassword: true }).kind, 'start');
  });

  it('is over when it is finished or its time has run out', () => {
    assert.deepEqual(step({ ...proven, finishedAt: now }), { kind: 'gone', reason: 'finished' });
    assert.deepEqual(step({ ...proven, expiresAt: now }), { kind: 'gone', reason: 'expired' });
  });
});

describe('every state and every input', () => {
  const booleans = [false, true];
  const attempts: readonly Attempt[] = [
    undefined,
    { typed: 'x', userId: undefined },
    { typed: 'x', userId: 'x' },
  ]
    .flatMap((who) =>
      [[], [password], [text], [key], [password, text], [password, key]].map((proofs) => ({
        ...fresh,
        identified: who,
        proofs,
      })),
    )
    .flatMap((attempt) => [undefined, challenge].map((open) => ({ ...attempt, challenge: open })))
    .flatMap((attempt) => booleans.map((choosing) => ({ ...attempt, choosing })))
    .flatMap((attempt) =>
      [undefined, registering, { ...registering, done: true }].map((registration) => ({
        ...attempt,
        registration,
      })),
    )
    .flatMap((attempt) =>
      (['password', 'second-step', 'phishing-resistant'] as const).map((required) => ({
        ...attempt,
        request: { ...attempt.request, required },
      })),
    );
  const standings: readonly (Standing | undefined)[] = [
    undefined,
    ...booleans
      .flatMap((accountEnabled) =>
        booleans.map((blocked) => ({ ...standing, accountEnabled, blocked })),
      )
      .flatMap((one) =>
        (['disabled', 'enabled', 'enforced'] as const).map((state) => ({ ...one, state })),
      )
      .flatMap((one) => booleans.map((mustChangePassword) => ({ ...one, mustChangePassword })))
      .flatMap((one) => booleans.map((mayRegister) => ({ ...one, mayRegister })))
      .flatMap((one) => [undefined, minutes(5)].map((pausedUntil) => ({ ...one, pausedUntil }))),
  ];
  const added = { kind: 'security-key', slot: '' };
  const campaign = { adds: { kind: 'authenticator-app', slot: '' }, maySnooze: true };
  const situations: readonly Situation[] = standings
    .flatMap((one) =>
      booleans.map((trustedNetwork) => ({ ...situation, standing: one, trustedNetwork })),
    )
    .flatMap((one) => [[], [phone]].map((options) => ({ ...one, options })))
    .flatMap((one) =>
      booleans.map((trustedDevice) => ({
        ...one,
        trustedDevice,
        mayStaySignedIn: !trustedDevice,
      })),
    )
    .flatMap((one): Situation[] => [
      one,
      // What it takes is registered on the way, and the campaign wants an app of everybody.
      { ...one, strengths: [[['security-key']]], toAdd: [added], campaign },
    ]);

  const doors: ReadonlySet<Step['kind']> = new Set(['finish', 'change-password', 'stay-signed-in']);

  it('lead to an open door only with the proofs that it asks for', () => {
    let looked = 0;
    for (const attempt of attempts) {
      for (const about of situations) {
        looked += 1;
        const { kind } = nextStep(attempt, about);
        const who = about.standing;
        // Nothing is added by the password alone.
        if (kind === 'add-method') assert.ok(who !== undefined && attempt.proofs.length === 2);
        if (!doors.has(kind)) continue;
        assert.ok(who !== undefined && who.accountEnabled && !who.blocked);
        assert.ok(attempt.identified !== undefined);
        assert.ok(attempt.proofs.includes(password), 'a door opened without the password');
        const isSecondAsked =
          attempt.request.required !== 'password' ||
          (who.state !== 'disabled' && !about.trustedNetwork && !about.trustedDevice);
        if (isSecondAsked) assert.ok(attempt.proofs.length === 2, 'a door opened with one step');
        if (attempt.request.required === 'phishing-resistant' || about.strengths !== undefined)
          assert.ok(attempt.proofs.includes(key));
        if (kind !== 'change-password') assert.ok(!who.mustChangePassword);
      }
    }
    assert.ok(looked > 100_000, `looked at ${looked} combinations`);
  });
});

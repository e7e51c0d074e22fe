import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Proof } from '../sessions/session.ts';
import type { Attempt, Challenge } from './attempt.ts';
import { nextStep, type Situation } from './next-step.ts';
import { provedGates, type ResetStanding } from './next-reset-step.ts';

const now = new Date('2026-11-21T09:00:00Z');

const attempt: Attempt = {
  id: 'attempt',
  version: 1,
  request: {
    purpose: 'reset',
    applicationId: undefined,
    applicationName: undefined,
    required: 'password',
    anew: 'nothing',
    returnTo: '/',
    subject: undefined,
  },
  browser: 'hash',
  replaces: undefined,
  isKnownBrowser: false,
  locale: 'en',
  address: '192.0.2.1',
  userAgent: '',
  createdAt: now,
  expiresAt: new Date(now.getTime() + 1000),
  finishedAt: undefined,
  identified: { typed: 'anna@voorbeeld.example', userId: 'anna' },
  proofs: [],
  challenge: undefined,
  choosing: false,
  registration: undefined,
  notice: undefined,
  steps: [],
};

const way = (
  methodId: string,
  registrationId = methodId,
  isLater = false,
  thing = registrationId,
) => ({ methodId, registrationId, thing, isLater, isLeft: true });
const questions = way('security-questions', 'questions', true);
const notification = way('notification', 'app', true);
const app = way('authenticator-code', 'app');
const text = way('text-message', 'mobile');
const call = way('phone-call', 'mobile');
const mail = way('email');
const office = way('phone-call', 'office', false, 'mobile');

const proof = (
  { methodId: method, registrationId }: { methodId: string; registrationId: string },
  change: Partial<Proof> = {},
): Proof => ({ method, strength: 'possession', amr: [], registrationId, at: now, ...change });

const challenge: Challenge = {
  id: 'challenge',
  methodId: 'text-message',
  registrationId: 'gate',
  state: {},
  startedAt: now,
  expiresAt: now,
  wrongTries: 0,
  delivery: 'none',
  outcome: undefined,
};

const standing: ResetStanding = { mayReset: true, needed: 1, ways: [app, text, call, mail] };

const situation = (reset: ResetStanding | undefined): Situation => ({
  now,
  standing: undefined,
  options: [],
  trustedNetwork: false,
  trustedDevice: false,
  mayStaySignedIn: false,
  reset,
});

const stepOf = (change: Partial<Attempt>, reset: Partial<ResetStanding> = {}): string =>
  nextStep({ ...attempt, ...change }, situation({ ...standing, ...reset })).kind;

describe('what comes next in a reset', () => {
  const gate = { methodId: 'text-message', named: undefined, asked: [] };
  const table: readonly (readonly [string, Partial<Attempt>, Partial<ResetStanding>, string])[] = [
    ['asks the name first', { identified: undefined }, {}, 'reset-identify'],
    ['then lists the gates', {}, {}, 'reset-choose'],
    ['asks the number of the chosen one', { gate }, {}, 'reset-name'],
    ['and its answer', { gate, challenge }, {}, 'reset-challenge'],
    ['lists the same gates where nothing is registered', {}, { ways: [] }, 'reset-choose'],
    ['and where the account is disabled', {}, { mayReset: false }, 'reset-choose'],
    ['asks for the password after one gate', { proofs: [proof(app)] }, {}, 'reset-password'],
    ['not after one where two are needed', { proofs: [proof(app)] }, { needed: 2 }, 'reset-choose'],
    ['but after two', { proofs: [proof(app), proof(mail)] }, { needed: 2 }, 'reset-password'],
    [
      'takes a text and a call of one phone for one gate',
      { proofs: [proof(text), proof(call)] },
      { needed: 2 },
      'reset-choose',
    ],
    [
      'and of one number in two places',
      { proofs: [proof(text), proof(office)] },
      { needed: 2, ways: [text, office, mail] },
      'reset-choose',
    ],
    [
      'which are not enough where there is nothing else',
      { proofs: [proof(text)] },
      { needed: 2, ways: [text, office] },
      'reset-stopped',
    ],
    [
      'and a code and a notification of one app',
      { proofs: [proof(app), proof(notification)] },
      { needed: 2, ways: [app, notification, mail] },
      'reset-choose',
    ],
    [
      'never takes questions alone',
      { proofs: [proof(questions)] },
      { ways: [questions, app] },
      'reset-choose',
    ],
    [
      'nor a notification alone',
      { proofs: [proof(notification)] },
      { ways: [notification, app] },
      'reset-choose',
    ],
    [
      'nor the two of them together',
      { proofs: [proof(questions), proof(notification)] },
      { needed: 2, ways: [questions, notification] },
      'reset-choose',
    ],
    [
      'takes questions as the second',
      { proofs: [proof(app), proof(questions)] },
      { needed: 2, ways: [app, questions] },
      'reset-password',
    ],
    [
      'forgets a proof whose registration is gone',
      { proofs: [proof(app)] },
      { ways: [text] },
      'reset-choose',
    ],
    [
      'forgets a proof of another method than policy allows now',
      { proofs: [proof(text)] },
      { ways: [call] },
      'reset-choose',
    ],
    [
      'stops whoever has one thing and needs two',
      { proofs: [proof(app)] },
      { needed: 2, ways: [app] },
      'reset-stopped',
    ],
    [
      'stops at a disabled account, once something is proved',
      { proofs: [proof(app)] },
      { mayReset: false },
      'reset-stopped',
    ],
    [
      'counts the last recovery code, which leaves none',
      { proofs: [proof(way('recovery-codes'))] },
      { ways: [{ ...way('recovery-codes'), isLeft: false }] },
      'reset-password',
    ],
    [
      'stops where what is left is not enough',
      { proofs: [proof(app)] },
      { needed: 2, ways: [app, { ...way('recovery-codes'), isLeft: false }] },
      'reset-stopped',
    ],
    ['is over when it is finished', { finishedAt: now, proofs: [proof(app)] }, {}, 'gone'],
    ['is over when its time is', { expiresAt: now, proofs: [proof(app)] }, {}, 'gone'],
    [
      'is no sign-in, whatever was proved',
      { proofs: [proof(app), { ...proof(app), method: 'password', strength: 'knowledge' }] },
      {},
      'reset-password',
    ],
    [
      'is no sign-in with a passkey that proves it alone',
      { proofs: [proof(app, { alone: true, strength: 'phishing-resistant' })] },
      { ways: [] },
      'reset-choose',
    ],
    [
      'asks no passkey in place of a name',
      { identified: undefined, challenge },
      {},
      'reset-identify',
    ],
  ];
  for (const [name, change, reset, expected] of table) {
    it(name, () => assert.equal(stepOf(change, reset), expected));
  }

  it('never is a step of a sign-in, and a sign-in has none of its steps', () => {
    const proofs = [[], [proof(app)], [proof(app), proof(mail)], [proof(questions)]];
    for (const identified of [undefined, attempt.identified]) {
      for (const held of [undefined, challenge]) {
        for (const one of proofs) {
          for (const needed of [1, 2] as const) {
            const change = { identified, challenge: held, proofs: one };
            assert.match(stepOf(change, { needed }), /^reset-/);
            const signIn = {
              ...attempt,
              ...change,
              request: { ...attempt.request, purpose: undefined },
            };
            assert.doesNotMatch(
              nextStep(signIn, situation({ ...standing, needed })).kind,
              /^reset-/,
            );
          }
        }
      }
    }
  });

  it('counts what was proved twice once', () => {
    assert.deepEqual(provedGates([proof(app), proof(app)], standing), ['app']);
  });
});

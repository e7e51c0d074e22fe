/** Authentication strengths at sign-in: what is asked, and what is registered where nothing would do. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import { registeredSecret, softKey } from '../../test/support/authenticator.ts';
import { pairedAppOf } from '../../test/support/paired-app.ts';
import { codeIn, opening, startHall, type Arrival, type Hall } from '../../test/support/signin.ts';
import type { User } from '../accounts/user.ts';
import type { AttemptRequest } from './attempt.ts';
import { usableOptions } from './next-step.ts';
import type { Progress } from './progress.ts';

let hall: Hall;
let anna: User;
beforeEach(async () => {
  hall = await startHall();
  anna = await hall.person();
});
afterEach(() => hall.close());

const strength = (...combinations: readonly (readonly string[])[]) =>
  hall.policies.change((policy) => ({
    ...policy,
    strengths: [{ id: 'vault', name: 'Vault', combinations }],
  }));
const vault: Partial<AttemptRequest> = { required: 'second-step', strengths: ['vault'] };
const arrive = (request: Partial<AttemptRequest> = vault): Promise<Arrival> =>
  hall.arrive(anna, { applicationName: 'Vault', ...request });
/** Types the code that was texted, or that the app shows. */
const answer = async ({ ref }: Arrival): Promise<Progress> => {
  const { attempt } = await hall.signin.look(ref);
  const isText = attempt.challenge?.methodId === 'text-message';
  const code = isText ? codeIn(await hall.sent()) : hall.appCode();
  return hall.signin.answer(ref, attempt.challenge?.id ?? '', { code });
};
const asked = ({ attempt, step }: Progress): string | undefined =>
  step.kind === 'challenge' ? attempt.challenge?.methodId : step.kind;

describe('an authentication strength', () => {
  it('asks for the method that it allows, not for the default', async () => {
    await hall.app(anna);
    await hall.phone(anna);
    await strength(['password', 'authenticator-code']);
    assert.equal(asked((await hall.arrive(anna)).progress), 'text-message');
    const arrival = await arrive();
    assert.equal(asked(arrival.progress), 'authenticator-code');
    const { attempt, known } = arrival.progress;
    const usable = usableOptions(attempt, known);
    const texts = known.options.find(({ method }) => method.id === 'text-message');
    assert.equal(usable.size, 1, 'a text would prove nothing here');
    hall.clock.advanceSeconds(31);
    assert.ok(texts !== undefined && !usable.has(texts.id));
    assert.equal(asked(await hall.signin.choose(arrival.ref, texts.id)), 'authenticator-code');
    assert.equal((await answer(arrival)).step.kind, 'finish');
  });

  it('asks for one thing after the other where it takes two', async () => {
    await hall.app(anna);
    await hall.phone(anna);
    await strength(['password', 'text-message', 'authenticator-code']);
    const arrival = await arrive();
    const first = asked(arrival.progress);
    const second = asked(await answer(arrival));
    assert.deepEqual(new Set([first, second]), new Set(['authenticator-code', 'text-message']));
    const { step, session } = await answer(arrival);
    assert.equal(step.kind, 'finish');
    assert.ok(session);
  });

  it('lets somebody who has nothing that would do register it, once they proved what they have', async () => {
    await hall.phone(anna);
    await strength(['password', 'authenticator-code'], ['security-key']);
    const arrival = await arrive();
    assert.equal(asked(arrival.progress), 'text-message');
    const { step } = await answer(arrival);
    assert.ok(step.kind === 'add-method' && step.reason === 'strength');
    assert.deepEqual(
      step.choices.map(({ kind }) => kind),
      ['authenticator-app', 'security-key'],
    );
    assert.equal(asked(await hall.signin.addMethod(arrival.ref, 'phone')), 'add-method');

    await hall.signin.addMethod(arrival.ref, 'authenticator-app');
    assert.equal(asked(await hall.signin.dropAddition(arrival.ref)), 'add-method');
    await hall.signin.addMethod(arrival.ref, 'authenticator-app');
    const begun = await hall.signin.contact(arrival.ref, {
      methodId: 'authenticator-code',
      input: {},
    });
    assert.equal(begun.step.kind, 'register');
    assert.equal((await hall.stores.sessions.list(anna.id, hall.clock.now())).length, 0);
  });

  it('says so to whoever may not register what it takes', async () => {
    await hall.phone(anna);
    await strength(['security-key']);
    await hall.policies.change((policy) => ({
      ...policy,
      methods: { 'security-key': { enabled: false } },
    }));
    assert.deepEqual((await arrive()).progress.step, { kind: 'blocked', reason: 'no-method' });
  });

  it('is as strict as can be once it is gone from the policy', async () => {
    await hall.app(anna);
    const arrival = await arrive({ required: 'second-step', strengths: ['gone'] });
    const { step } = await answer(arrival);
    assert.ok(step.kind === 'add-method');
    assert.deepEqual(
      step.choices.map(({ kind }) => kind),
      ['security-key'],
    );
  });

  it('opens nothing on what a session proved long ago', async () => {
    await hall.phone(anna);
    await strength(['password', 'authenticator-code']);
    const first = await hall.arrive(anna);
    await answer(first);
    const [session] = await hall.stores.sessions.list(anna.id, hall.clock.now());
    hall.clock.advanceSeconds(600);
    const opened = await hall.signin.open(opening({ ...vault, subject: anna.id }, { session }));
    const shown = await hall.signin.look(opened);
    assert.equal(asked(shown), 'text-message', 'who adds something proves anew who they are');
  });

  it('belongs to nobody else who signs in on the same page', async () => {
    await hall.phone(anna);
    await strength(['password', 'authenticator-code']);
    const arrival = await arrive();
    await answer(arrival);
    await hall.signin.addMethod(arrival.ref, 'authenticator-app');
    const { attempt } = await hall.signin.restart(arrival.ref);
    assert.equal(attempt.request.adds, undefined);
    assert.deepEqual(attempt.request.strengths, ['vault']);
  });
});

describe('the registration campaign', () => {
  const campaign = (change: object = {}) =>
    hall.policies.change((policy) => ({
      ...policy,
      registration: { ...policy.registration, campaign: { enabled: true, ...change } },
    }));
  /** Signs in with a text; where that leads. */
  const enters = async (): Promise<Arrival> => {
    hall.clock.advanceSeconds(31);
    const arrival = await arrive({});
    return { ...arrival, progress: await answer(arrival) };
  };
  beforeEach(() => hall.phone(anna));

  it('asks after a sign-in, and lets it be put off for a while', async () => {
    await campaign({ snoozeDays: 2 });
    const { ref, progress } = await enters();
    assert.deepEqual(progress.step, {
      kind: 'add-method',
      reason: 'campaign',
      choices: [{ kind: 'authenticator-app', slot: '' }],
      maySnooze: true,
    });
    const { step, session } = await hall.signin.snooze(ref);
    assert.ok(step.kind === 'finish' && session !== undefined);
    assert.equal((await enters()).progress.step.kind, 'finish');
    hall.clock.advanceSeconds(2 * 86_400);
    assert.equal((await enters()).progress.step.kind, 'add-method');
  });

  it('is required once it was put off often enough, where policy says so', async () => {
    await campaign({ snoozeDays: 0, snoozes: 2, requiredAfterwards: true });
    for (const _ of [1, 2]) await hall.signin.snooze((await enters()).ref);
    const { ref, progress } = await enters();
    assert.ok(progress.step.kind === 'add-method' && !progress.step.maySnooze);
    assert.equal((await hall.signin.snooze(ref)).step.kind, 'add-method');
    await campaign({ snoozeDays: 0, snoozes: 2 });
    assert.equal((await hall.signin.snooze(ref)).step.kind, 'finish', 'policy changed its mind');
  });

  it('is done with once the app is registered', async () => {
    await campaign();
    const { ref } = await enters();
    await hall.signin.addMethod(ref, 'authenticator-app');
    assert.equal((await hall.signin.dropAddition(ref)).step.kind, 'add-method');
    await pairedAppOf(hall, anna);
    assert.equal((await hall.signin.look(ref)).step.kind, 'finish');
  });

  it('asks nobody whose group it is not for, who has no pages, or who is signed in already', async () => {
    const staysOut = async (): Promise<void> =>
      assert.equal((await enters()).progress.step.kind, 'finish');
    await campaign({ includedGroups: ['shop'] });
    await staysOut();
    await campaign({ excludedGroups: ['staff'] });
    await hall.stores.users.change(anna.id, { groups: ['staff'] });
    await staysOut();
    await campaign();
    await hall.policies.change((policy) => ({
      ...policy,
      methods: { notification: { enabled: false }, 'authenticator-code': { enabled: false } },
    }));
    await staysOut();

    await hall.policies.change((policy) => ({ ...policy, methods: {} }));
    await hall.stores.registrations.add({
      id: 'key',
      userId: anna.id,
      kind: 'security-key',
      slot: '1',
      secret: registeredSecret(softKey()),
      version: 1,
      createdAt: hall.clock.now(),
      lastUsedAt: undefined,
    });
    await staysOut();
    await hall.stores.registrations.remove('key', anna.id);

    const [session] = await hall.stores.sessions.list(anna.id, hall.clock.now());
    const opened = await hall.signin.open(
      opening({ required: 'second-step', subject: anna.id }, { session }),
    );
    assert.equal((await hall.signin.look(opened)).step.kind, 'finish');
    assert.equal((await enters()).progress.step.kind, 'add-method');
  });
});

describe('a first registration', () => {
  it('is not for the password alone from outside, where policy says so', async () => {
    const only = (fromTrustedIpsOnly: boolean, ...trustedIps: readonly string[]) =>
      hall.policies.change((policy) => ({
        ...policy,
        trustedIps,
        registration: { fromTrustedIpsOnly },
      }));
    const step = async () => (await arrive({ required: 'second-step' })).progress.step;
    assert.equal((await step()).kind, 'register');
    await only(true);
    assert.deepEqual(await step(), { kind: 'blocked', reason: 'registration-closed' });
    await only(true, '127.0.0.0/8');
    assert.equal((await step()).kind, 'register');

    await only(true);
    const pass = { length: 8, minutes: 60, once: true, forgets: false };
    const { plain } = await hall.administration.issuePass(anna.id, pass, 'test');
    const opened = await hall.signin.open(opening());
    await hall.signin.identify(opened, anna.userPrincipalName);
    const byPass = await hall.signin.pass(opened, plain, undefined);
    assert.deepEqual(byPass.step, { kind: 'register', stage: 'interrupt' });
  });
});

describe('the system-preferred method', () => {
  it('is asked first in place of the default, and keeps the list of other ways', async () => {
    await hall.app(anna);
    await hall.phone(anna);
    assert.equal(asked((await arrive({})).progress), 'text-message', 'what they chose');
    await hall.policies.change((policy) => ({ ...policy, systemPreferred: true }));
    const arrival = await arrive({});
    assert.equal(asked(arrival.progress), 'authenticator-code');
    assert.deepEqual(
      arrival.progress.known.options.map(({ method }) => method.id),
      ['authenticator-code', 'text-message', 'phone-call'],
    );
    const paired = await hall.person({ userPrincipalName: 'paired@voorbeeld.example' });
    await pairedAppOf(hall, paired);
    await hall.phone(paired);
    assert.equal(asked((await hall.arrive(paired)).progress), 'notification');
  });
});

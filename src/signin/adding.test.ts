/** Authentication strengths at sign-in: what is asked, and what is registered where nothing would do. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import { codeIn, startHall, type Arrival, type Hall } from '../../test/support/signin.ts';
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
    const { id, browser } = await hall.signin.open({
      request: {
        applicationId: 'vault',
        applicationName: 'Vault',
        anew: 'nothing',
        returnTo: '/',
        subject: anna.id,
        required: 'second-step',
        strengths: ['vault'],
      },
      locale: 'en',
      address: '127.0.0.1',
      userAgent: 'test',
      session,
    });
    const shown = await hall.signin.look({ id, browser });
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

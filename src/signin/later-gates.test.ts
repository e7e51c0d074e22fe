/** What may only come second in a reset: answers to questions, and a notification of the paired app. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { startReset, type Reset } from '../../test/support/reset.ts';
import { startHall, type Hall } from '../../test/support/signin.ts';
import type { User } from '../accounts/user.ts';
import { foldAnswer } from '../methods/security-questions/answer.ts';
import type { Progress } from './progress.ts';

const answers = ['Rotterdam', 'Een rode step', 'Snuffel'];

let hall: Hall;
let count = 0;
before(async () => {
  hall = await startHall();
  await hall.policies.change((policy) => ({
    ...policy,
    methods: {
      ...policy.methods,
      'security-questions': { enabled: true, settings: { register: 3, reset: 3 } },
    },
    reset: { ...policy.reset, allowedFor: 'all', gates: 2 },
  }));
});
after(() => hall.close());

const person = async (change: Partial<User> = {}): Promise<User> => {
  count += 1;
  const name = `person-${count}@voorbeeld.example`;
  return hall.person({ userPrincipalName: name, mail: name, ...change });
};
const answer = async ({ resetting, ref }: Reset, typed: unknown): Promise<Progress> => {
  const { attempt } = await resetting.look(ref);
  return resetting.answer(ref, attempt.challenge?.id ?? '', typed);
};
/** A reset whose first gate, a code of the app, is passed. */
const afterTheFirst = async (user: User): Promise<Reset> => {
  hall.clock.advanceSeconds(31);
  const reset = await startReset(hall, user.userPrincipalName);
  await reset.resetting.choose(reset.ref, 'authenticator-code');
  const { step } = await answer(reset, { code: hall.appCode() });
  assert.equal(step.kind, 'reset-choose');
  return reset;
};

describe('security questions in a reset', () => {
  const withQuestions = async (): Promise<User> => {
    const user = await person();
    await hall.app(user);
    const hashes = await Promise.all(answers.map((one) => hall.parts.hasher.hash(foldAnswer(one))));
    await hall.stores.registrations.add({
      id: hall.parts.random.token(16),
      userId: user.id,
      kind: 'security-questions',
      slot: '1',
      secret: { questions: hashes.map((hash, index) => ({ question: `question ${index}`, hash })) },
      version: 1,
      createdAt: hall.clock.now(),
      lastUsedAt: undefined,
    });
    return user;
  };
  const right = Object.fromEntries(answers.map((one, index) => [`answer${index + 1}`, one]));
  const wrong = { ...right, answer2: 'Een blauwe step' };

  it('close for a day after five wrong answers within a day, however slowly they come', async () => {
    const user = await withQuestions();
    const asked = async (): Promise<Reset> => {
      const reset = await afterTheFirst(user);
      await reset.resetting.choose(reset.ref, 'security-questions');
      return reset;
    };
    for (let tries = 0; tries < 5; tries++) {
      const { step } = await answer(await asked(), wrong);
      assert.equal(step.kind, 'reset-challenge');
      // More than an hour apart: four of them never stand in one hour.
      if (tries < 4) hall.clock.advanceSeconds(5 * 3600);
    }
    hall.clock.advanceSeconds(86_400 - 600);
    const closed = await asked();
    const shown = await closed.resetting.look(closed.ref);
    assert.equal(shown.attempt.notice?.kind, 'gate-closed');
    assert.equal((await answer(closed, right)).step.kind, 'reset-challenge');
    hall.clock.advanceSeconds(600);
    assert.equal((await answer(await asked(), right)).step.kind, 'reset-password');
  });

  it('do not count anew because a right answer came in between', async () => {
    const user = await withQuestions();
    const outcomes: string[] = [];
    for (const typed of [wrong, wrong, wrong, wrong, right, wrong, right]) {
      const reset = await afterTheFirst(user);
      await reset.resetting.choose(reset.ref, 'security-questions');
      outcomes.push((await answer(reset, typed)).step.kind);
    }
    assert.deepEqual(outcomes.slice(-3), ['reset-password', 'reset-challenge', 'reset-challenge']);
  });
});

/** What may only come second in a reset: answers to questions, and a notification of the paired app. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { pairedAppOf, type PairedApp } from '../../test/support/paired-app.ts';
import { askedMail, startReset, type Reset } from '../../test/support/reset.ts';
import { startHall, type Hall } from '../../test/support/signin.ts';
import type { User } from '../accounts/user.ts';
import { decodeBase32 } from '../lib/otp/base32.ts';
import { totp } from '../lib/otp/otp.ts';
import { appSecret } from '../methods/authenticator-app.ts';
import { waitSeconds } from '../methods/notification/notification.ts';
import { state } from '../methods/notification/state.ts';
import { foldAnswer } from '../methods/security-questions/answer.ts';
import type { Progress } from './progress.ts';
import { gatesOffered } from './reset-gates.ts';

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

describe('a notification in a reset', () => {
  const mailOf = ({ userPrincipalName }: User): string =>
    userPrincipalName.replace('voorbeeld', 'elsewhere');
  /** Somebody with a paired app, and mail as another thing; the first gate, the mail, is passed. */
  const afterTheMail = async (user: User): Promise<Reset> => {
    hall.clock.advanceSeconds(60);
    const reset = await startReset(hall, user.userPrincipalName);
    await reset.resetting.choose(reset.ref, 'email');
    await hall.sent();
    await reset.resetting.name(reset.ref, mailOf(user));
    const { step } = await answer(reset, { code: askedMail(await hall.sent()) });
    assert.equal(step.kind, 'reset-choose');
    return reset;
  };
  const withApp = async (change: Partial<User> = {}): Promise<[User, PairedApp]> => {
    // So that nobody's counters reach into the next test.
    hall.clock.advanceSeconds(86_400);
    const user = await person(change);
    await hall.stores.registrations.add({
      id: hall.parts.random.token(16),
      userId: user.id,
      kind: 'email',
      slot: '1',
      secret: { address: mailOf(user) },
      version: 1,
      createdAt: hall.clock.now(),
      lastUsedAt: undefined,
    });
    return [user, await pairedAppOf(hall, user)];
  };
  const asks = ({ resetting, ref }: Reset): Promise<Progress> =>
    resetting.choose(ref, 'notification');
  const offered = async ({ resetting, ref }: Reset): Promise<readonly string[]> => {
    const { attempt, known } = await resetting.look(ref);
    return gatesOffered(attempt, known, hall.parts.methods).map(({ id }) => id);
  };
  const numberOn = ({ attempt }: Progress): string => state.parse(attempt.challenge?.state).number;
  const pushes = async (): Promise<number> =>
    (await hall.sent()).filter(({ message }) => message.kind === 'push').length;
  const passwordOf = async (user: User): Promise<string | undefined> =>
    (await hall.stores.users.find(user.id))?.passwordHash;

  it('is never the first gate, and never a second to a code of the very same app', async () => {
    const [user, app] = await withApp();
    const first = await startReset(hall, user.userPrincipalName);
    assert.ok(!(await offered(first)).includes('notification'));
    await assert.rejects(asks(first), { code: 'STEP_NOT_ALLOWED' });
    const found = await app.found();
    const { key } = appSecret.parse(found.secret);
    await first.resetting.choose(first.ref, 'authenticator-code');
    const bytes = decodeBase32(key) ?? new Uint8Array();
    await answer(first, { code: totp(bytes, hall.clock.now().getTime() / 1000) });
    assert.ok(!(await offered(first)).includes('notification'));
    await assert.rejects(asks(first), { code: 'STEP_NOT_ALLOWED' });
    assert.deepEqual(await app.pending(), []);
  });

  it('says in the app that it is a reset, and leads to the new password when approved', async () => {
    const [user, app] = await withApp();
    const reset = await afterTheMail(user);
    assert.ok((await offered(reset)).includes('notification'));
    const asked = await asks(reset);
    assert.equal(await pushes(), 1);
    const [shown, ...more] = await app.pending();
    assert.deepEqual([shown?.purpose, shown?.isTest, more.length], ['reset', false, 0]);
    assert.deepEqual(await app.approves(numberOn(asked)), { kind: 'approved' });
    assert.equal((await reset.resetting.look(reset.ref)).step.kind, 'reset-password');
    const before = await passwordOf(user);
    const done = await reset.resetting.setPassword(reset.ref, 'zeven groene olifanten');
    assert.ok(done.attempt.finishedAt);
    assert.notEqual(await passwordOf(user), before);
    assert.deepEqual(await hall.stores.sessions.list(user.id, hall.clock.now()), []);
  });

  it('proves nothing when denied, and is left alone after three denials', async () => {
    const [user, app] = await withApp();
    await hall.phone(user, '+31612345612');
    const reset = await afterTheMail(user);
    for (let times = 1; times <= 3; times++) {
      await asks(reset);
      assert.deepEqual(await app.denies(), { kind: 'rejected', reason: 'user-declined' });
      const { step, attempt } = await reset.resetting.look(reset.ref);
      assert.equal(step.kind, 'reset-challenge');
      assert.equal(attempt.challenge?.outcome, 'user-declined');
      await reset.resetting.anotherWay(reset.ref);
    }
    assert.ok(!(await offered(reset)).includes('notification'), 'asked no more');
    assert.ok((await offered(reset)).includes('text-message'), 'another way is open');
  });

  it('blocks the account when it is reported, and says in the mail that it was a reset', async () => {
    const [user, app] = await withApp();
    const reset = await afterTheMail(user);
    await asks(reset);
    await hall.sent();
    assert.deepEqual(await app.reports(), { kind: 'rejected', reason: 'fraud-reported' });
    assert.equal((await reset.resetting.look(reset.ref)).step.kind, 'reset-stopped');
    assert.equal((await hall.stores.users.find(user.id))?.blocked?.reason, 'fraud-reported');
    const told = (await hall.sent()).flatMap(({ message }) =>
      message.kind === 'mail' ? [message.subject] : [],
    );
    assert.equal(told.length, 1);
    assert.match(told[0] ?? '', /reported a reset/);
    const before = await passwordOf(user);
    await reset.resetting.setPassword(reset.ref, 'zeven groene olifanten');
    assert.equal(await passwordOf(user), before);
  });

  it('ends at a wrong number, and closes for a day after five of them', async () => {
    const [user, app] = await withApp();
    for (let tries = 0; tries < 5; tries++) {
      const reset = await afterTheMail(user);
      const number = numberOn(await asks(reset)) === '42' ? '43' : '42';
      assert.deepEqual(await app.approves(number), {
        kind: 'rejected',
        reason: 'incorrect-number',
      });
      // Five within an hour, and no more mails in it than one name may ask for.
      hall.clock.advanceSeconds(720);
    }
    const reset = await afterTheMail(user);
    await hall.sent();
    const { step, attempt } = await asks(reset);
    assert.deepEqual([step.kind, attempt.notice?.kind], ['reset-choose', 'gate-closed']);
    assert.equal(await pushes(), 0);
    assert.deepEqual(await app.pending(), [], 'nothing that could not count is asked');
  });

  it('is asked three times in ten minutes and no more, and not beside another request', async () => {
    const [user, app] = await withApp();
    const reset = await afterTheMail(user);
    for (let times = 0; times < 3; times++) {
      assert.equal((await asks(reset)).step.kind, 'reset-challenge');
      await reset.resetting.anotherWay(reset.ref);
    }
    const refused = await asks(reset);
    assert.deepEqual(
      [refused.step.kind, refused.attempt.notice?.kind],
      ['reset-choose', 'message-limit'],
    );
    assert.deepEqual(await app.pending(), [], 'the app shows nothing that was refused');
    hall.clock.advanceSeconds(600);
    const again = await afterTheMail(user);
    await hall.arrive(user);
    assert.equal((await app.pending()).length, 1);
    const beside = await asks(again);
    assert.equal(beside.attempt.notice?.kind, 'request-open');
    assert.deepEqual(
      (await app.pending()).map(({ purpose }) => purpose),
      ['sign-in'],
    );
  });

  it('is over after its minute, and can be asked anew', async () => {
    const [user, app] = await withApp();
    const reset = await afterTheMail(user);
    const asked = await asks(reset);
    const [shown] = await app.pending();
    hall.clock.advanceSeconds(waitSeconds);
    assert.deepEqual(await app.pending(), []);
    const late = { number: numberOn(asked), request: shown?.challengeId ?? '' };
    assert.deepEqual(await app.decides(late), { kind: 'over' });
    assert.equal((await reset.resetting.look(reset.ref)).step.kind, 'reset-challenge');
    assert.deepEqual(await app.approves(numberOn(await reset.resetting.repeat(reset.ref))), {
      kind: 'approved',
    });
    assert.equal((await reset.resetting.look(reset.ref)).step.kind, 'reset-password');
  });
});

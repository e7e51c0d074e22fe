import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { addTo } from '../../test/support/adding.ts';
import { newAppDevice } from '../../test/support/app-device.ts';
import {
  newPairedApp,
  pairedAppOf,
  pushPlace,
  type PairedApp,
} from '../../test/support/paired-app.ts';
import { codeIn, startHall, type Arrival, type Hall } from '../../test/support/signin.ts';
import type { User } from '../accounts/user.ts';
import { appSecret, type AppSecret } from '../methods/authenticator-app.ts';
import { waitSeconds } from '../methods/notification/notification.ts';
import { state } from '../methods/notification/state.ts';
import { createDevices } from './devices.ts';
import type { AttemptRef, Progress } from './progress.ts';

let hall: Hall;
let count = 0;
before(async () => {
  hall = await startHall();
});
after(() => hall.close());

const person = async (change: Partial<User> = {}): Promise<User> => {
  count += 1;
  // So that nobody's counters reach into the next test.
  hall.clock.advanceSeconds(86_400);
  await hall.sent();
  const name = `person-${count}@voorbeeld.example`;
  return hall.person({ userPrincipalName: name, mail: name, ...change });
};
const withPin = async (run: () => Promise<void>): Promise<void> => {
  const asks = (pin: boolean) =>
    hall.policies.change((policy) => ({
      ...policy,
      methods: {
        ...policy.methods,
        notification: { ...policy.methods['notification'], settings: { pin } },
      },
    }));
  await asks(true);
  await run();
  await asks(false);
};
/** The two digits on the page. */
const numberOn = ({ attempt }: Progress): string => state.parse(attempt.challenge?.state).number;
const otherThan = (number: string): string => (number === '42' ? '43' : '42');
const look = async ({ ref }: Pick<Arrival, 'ref'>): Promise<Progress> => hall.signin.look(ref);
const outcomeOf = (progress: Progress): string | undefined => progress.attempt.challenge?.outcome;
const secretOf = async (user: User): Promise<AppSecret> => {
  const [registration] = await hall.stores.registrations.list(user.id);
  return appSecret.parse(registration?.secret);
};
const isSuspended = async (user: User): Promise<boolean> => {
  const registrations = await hall.stores.registrations.list(user.id);
  return registrations.some(({ suspendedAt }) => suspendedAt !== undefined);
};
const auditOf = async (user: User): Promise<readonly string[]> =>
  (await hall.stores.audit.list({ userId: user.id, limit: 50 })).map(({ kind }) => kind);
const pushes = async (): Promise<readonly string[]> =>
  (await hall.sent()).flatMap(({ message }) => (message.kind === 'push' ? [message.to] : []));

describe('a sign-in that is approved in the app', () => {
  it('begins with a notification, and goes on once the number was typed there', async () => {
    const anna = await person();
    const app = await pairedAppOf(hall, anna);
    const arrived = await hall.arrive(anna);
    assert.equal(arrived.progress.step.kind, 'challenge');
    assert.deepEqual(await pushes(), [(await app.found()).device.id]);

    assert.deepEqual(await app.approves(numberOn(arrived.progress)), { kind: 'approved' });
    assert.equal((await look(arrived)).step.kind, 'finish');
    assert.deepEqual(
      await hall.stores.sessions.list(anna.id, hall.clock.now()),
      [],
      'the session is the browser’s to fetch',
    );
    assert.ok((await hall.signin.finish(arrived.ref)).session);
    const [session] = await hall.stores.sessions.list(anna.id, hall.clock.now());
    assert.deepEqual(
      session?.proofs.map(({ method }) => method),
      ['password', 'notification'],
    );
  });

  it('shows the app who asks, from where and until when, and never the number', async () => {
    const anna = await person();
    const app = await pairedAppOf(hall, anna);
    const { progress } = await hall.arrive(anna, { applicationName: 'Intranet' });
    const pending = await app.pending();
    const { challenge } = progress.attempt;
    assert.deepEqual(pending, [
      {
        challengeId: challenge?.id,
        purpose: 'sign-in',
        applicationName: 'Intranet',
        address: '127.0.0.1',
        userAgent: 'test',
        startedAt: challenge?.startedAt,
        expiresAt: challenge?.expiresAt,
        isTest: false,
      },
    ]);
    assert.ok(!JSON.stringify(pending).includes(`"${numberOn(progress)}"`));
  });

  it('asks the app though nobody could be woken: it looks when it is opened', async () => {
    const anna = await person();
    const app = await pairedAppOf(hall, anna, { push: false });
    const arrived = await hall.arrive(anna);
    assert.deepEqual(await pushes(), []);
    assert.equal((await app.pending()).length, 1);
    assert.deepEqual(await app.approves(numberOn(arrived.progress)), { kind: 'approved' });
  });

  it('is over after a minute, and leaves nothing to approve', async () => {
    const anna = await person();
    const app = await pairedAppOf(hall, anna);
    const arrived = await hall.arrive(anna);
    const [shown] = await app.pending();
    hall.clock.advanceSeconds(waitSeconds);
    assert.deepEqual(await app.pending(), []);
    const late = await app.decides({
      number: numberOn(arrived.progress),
      request: shown?.challengeId ?? '',
    });
    assert.deepEqual(late, { kind: 'over' });
    assert.equal((await look(arrived)).step.kind, 'challenge');
    const again = await hall.signin.repeat(arrived.ref);
    assert.deepEqual(await app.approves(numberOn(again)), { kind: 'approved' });
  });

  it('takes the code of the very same app instead, and then waits for nothing', async () => {
    const anna = await person();
    const app = await pairedAppOf(hall, anna);
    const arrived = await hall.arrive(anna);
    const [registration] = await hall.stores.registrations.list(anna.id);
    const byCode = await hall.signin.choose(arrived.ref, `${registration?.id}.authenticator-code`);
    assert.equal(byCode.attempt.challenge?.methodId, 'authenticator-code');
    assert.deepEqual(await app.pending(), []);
  });

  it('is fetched once, however often the approval comes', async () => {
    const anna = await person();
    const app = await pairedAppOf(hall, anna);
    const arrived = await hall.arrive(anna);
    const [shown] = await app.pending();
    const approval = { number: numberOn(arrived.progress), request: shown?.challengeId ?? '' };
    const all = await Promise.all(Array.from({ length: 20 }, () => app.decides(approval)));
    assert.equal(all.filter(({ kind }) => kind === 'approved').length, 1);
    assert.equal((await auditOf(anna)).filter((kind) => kind === 'answer-accepted').length, 1);
  });
});

describe('a stranger who has the password (attacks ATK-26, ATK-27)', () => {
  it('has one request open at a time, over all attempts', async () => {
    const anna = await person();
    const app = await pairedAppOf(hall, anna);
    const first = await hall.arrive(anna);
    const second = await hall.arrive(anna);
    assert.equal(second.progress.step.kind, 'choose');
    assert.deepEqual(second.progress.attempt.notice, {
      kind: 'request-open',
      untilAt: first.progress.attempt.challenge?.expiresAt,
    });
    assert.equal((await app.pending()).length, 1);
    assert.equal((await pushes()).length, 1);
    assert.deepEqual(await app.denies(), { kind: 'rejected', reason: 'user-declined' });
    const third = await hall.arrive(anna);
    assert.equal(third.progress.step.kind, 'challenge');
  });

  it('sends three in ten minutes from as many browsers as they like', async () => {
    const anna = await person();
    await hall.phone(anna);
    await pairedAppOf(hall, anna);
    const [app] = (await hall.stores.registrations.list(anna.id)).filter(
      ({ kind }) => kind === 'authenticator-app',
    );
    let sent = 0;
    for (let tries = 0; tries < 10; tries += 1) {
      const { ref, progress } = await hall.arrive(anna);
      if (progress.step.kind === 'challenge') await hall.signin.anotherWay(ref);
      else assert.equal(progress.attempt.notice?.kind, 'message-limit');
      sent += (await pushes()).length;
    }
    assert.equal(sent, 3);
    const { ref } = await hall.arrive(anna);
    const refused = await hall.signin.choose(ref, `${app?.id}.notification`);
    assert.equal(refused.attempt.notice?.kind, 'message-limit');
    hall.clock.advanceSeconds(600);
    assert.equal((await hall.arrive(anna)).progress.step.kind, 'challenge');
  });

  it('guesses the number once', async () => {
    const anna = await person();
    const app = await pairedAppOf(hall, anna);
    const arrived = await hall.arrive(anna);
    const number = numberOn(arrived.progress);
    const [shown] = await app.pending();
    assert.deepEqual(await app.approves(otherThan(number)), {
      kind: 'rejected',
      reason: 'incorrect-number',
    });
    assert.equal(outcomeOf(await look(arrived)), 'incorrect-number');
    const right = await app.decides({ number, request: shown?.challengeId ?? '' });
    assert.deepEqual(right, { kind: 'over' });
    assert.notEqual((await look(arrived)).step.kind, 'finish');
  });

  it('approves nothing with a device of their own, nor with that of somebody else', async () => {
    const anna = await person();
    const app = await pairedAppOf(hall, anna);
    const ben = await person();
    const bens = await pairedAppOf(hall, ben);
    const arrived = await hall.arrive(anna);
    const number = numberOn(arrived.progress);
    const [shown] = await app.pending();
    const request = shown?.challengeId ?? '';

    const devices = createDevices(hall.parts);
    const at = hall.clock.now().getTime();
    for (const device of [newAppDevice(), bens.device]) {
      for (const account of [app.account, bens.account]) {
        const { request: _request, ...said } = device.answer(hall.parts.origin, {
          account,
          request,
          at,
          number,
        });
        const event = { kind: 'decision', ...said } as const;
        for (const found of [await app.found(), await bens.found()]) {
          const decided = await devices.decide(found, request, event, '192.0.2.66');
          assert.notEqual(decided.kind, 'approved');
        }
      }
    }
    assert.equal((await look(arrived)).step.kind, 'challenge', 'nobody ends it but its owner');
    assert.deepEqual(await app.approves(number), { kind: 'approved' });
  });

  it('cannot use what was signed for one sign-in for another', async () => {
    const anna = await person();
    const app = await pairedAppOf(hall, anna);
    const first = await hall.arrive(anna);
    const { request, ...said } = app.device.answer(hall.parts.origin, {
      account: app.account,
      request: first.progress.attempt.challenge?.id ?? '',
      at: hall.clock.now().getTime(),
      number: numberOn(first.progress),
    });
    const event = { kind: 'decision', ...said } as const;
    const devices = createDevices(hall.parts);
    const decided = await devices.decide(await app.found(), request, event, '192.0.2.7');
    assert.deepEqual(decided, { kind: 'approved' });
    await hall.signin.finish(first.ref);

    const second = await hall.arrive(anna);
    const other = second.progress.attempt.challenge?.id ?? '';
    const replayed = await devices.decide(await app.found(), other, event, '192.0.2.7');
    assert.deepEqual(replayed, { kind: 'rejected', reason: 'not-accepted' });
    assert.equal((await look(second)).step.kind, 'challenge');
  });

  it('finds no device by guessing what it is called', async () => {
    const anna = await person();
    const app = await pairedAppOf(hall, anna);
    const ben = await person();
    const devices = createDevices(hall.parts);
    const [, deviceId = ''] = app.account.split('.');
    for (const guess of [
      '',
      '.',
      anna.id,
      `${anna.id}.`,
      `${anna.id}.${'A'.repeat(22)}`,
      `${ben.id}.${deviceId}`,
      `${app.account}.more`,
    ]) {
      assert.equal(await devices.find(guess), undefined, guess);
    }
  });

  it('gets nothing from the app of somebody who may not sign in any more', async () => {
    const anna = await person();
    const app = await pairedAppOf(hall, anna);
    const devices = createDevices(hall.parts);
    const known = await app.found();
    const arrived = await hall.arrive(anna);
    await hall.stores.users.change(anna.id, { accountEnabled: false });
    assert.deepEqual(await app.pending(), []);
    const { request, ...said } = app.device.answer(hall.parts.origin, {
      account: app.account,
      request: arrived.progress.attempt.challenge?.id ?? '',
      at: hall.clock.now().getTime(),
      number: numberOn(arrived.progress),
    });
    const event = { kind: 'decision', ...said } as const;
    const decided = await devices.decide(known, request, event, '192.0.2.7');
    assert.notEqual(decided.kind, 'approved');
  });
});

describe('whoever says no', () => {
  it('ends the sign-in, which can be asked again', async () => {
    const anna = await person();
    const app = await pairedAppOf(hall, anna);
    const arrived = await hall.arrive(anna);
    assert.deepEqual(await app.denies(), { kind: 'rejected', reason: 'user-declined' });
    assert.equal(outcomeOf(await look(arrived)), 'user-declined');
    const again = await hall.signin.repeat(arrived.ref);
    assert.deepEqual(await app.approves(numberOn(again)), { kind: 'approved' });
    assert.equal((await secretOf(anna)).device?.denials, 0);
  });

  it('is asked no more after three times in a row, until another way was proved', async () => {
    const anna = await person();
    await hall.app(anna);
    const app = await pairedAppOf(hall, anna);
    const arrived = await hall.arrive(anna);
    for (let times = 1; times <= 3; times += 1) {
      if (times > 1) await hall.signin.repeat(arrived.ref);
      assert.equal(await isSuspended(anna), false);
      await app.denies();
    }
    assert.equal(await isSuspended(anna), true);
    const after = await hall.signin.finish(arrived.ref);
    assert.equal(after.attempt.challenge?.methodId, 'authenticator-code');
    assert.deepEqual(after.attempt.notice, {
      kind: 'rejected',
      methodId: 'notification',
      reason: 'user-declined',
    });
    assert.ok(!after.known.options.some(({ method }) => method.id === 'notification'));
    hall.clock.advanceSeconds(600);

    const later = await hall.arrive(anna);
    const { challenge } = later.progress.attempt;
    assert.equal(challenge?.methodId, 'authenticator-code');
    const registrations = await hall.stores.registrations.list(anna.id);
    const typed = registrations.find(({ id }) => id === challenge?.registrationId);
    // The code of whichever app is asked first.
    const own = registrations.find(({ secret }) => appSecret.parse(secret).device === undefined);
    if (typed?.id !== own?.id) await hall.signin.choose(later.ref, `${own?.id}.authenticator-code`);
    const { attempt } = await look(later);
    const proved = await hall.signin.answer(later.ref, attempt.challenge?.id ?? '', {
      code: hall.appCode(),
    });
    assert.ok(proved.session);
    assert.equal(await isSuspended(anna), false);
    assert.equal((await hall.arrive(anna)).progress.attempt.challenge?.methodId, 'notification');
  });

  it('is asked again once they answered a text to their phone', async () => {
    const anna = await person();
    await hall.phone(anna);
    const app = await pairedAppOf(hall, anna);
    const arrived = await hall.arrive(anna);
    for (let times = 1; times <= 3; times += 1) {
      if (times > 1) await hall.signin.repeat(arrived.ref);
      await app.denies();
    }
    assert.equal(await isSuspended(anna), true);
    hall.clock.advanceSeconds(600);

    const later = await hall.arrive(anna);
    // Their phone, or the code of their app: whichever is asked first.
    if (later.progress.attempt.challenge?.methodId !== 'text-message') {
      const registrations = await hall.stores.registrations.list(anna.id);
      const phone = registrations.find(({ kind }) => kind === 'phone');
      await hall.signin.choose(later.ref, `${phone?.id}.text-message`);
    }
    const { attempt } = await look(later);
    const proved = await hall.signin.answer(later.ref, attempt.challenge?.id ?? '', {
      code: codeIn(await hall.sent()),
    });
    assert.ok(proved.session);
    assert.equal(await isSuspended(anna), false);
  });

  it('reports fraud: the account is blocked, its sessions end, and somebody is told', async () => {
    const anna = await person();
    const app = await pairedAppOf(hall, anna);
    const arrived = await hall.arrive(anna);
    await hall.sent();
    assert.deepEqual(await app.reports(), { kind: 'rejected', reason: 'fraud-reported' });
    assert.equal((await look(arrived)).step.kind, 'blocked');
    assert.equal((await hall.stores.users.find(anna.id))?.blocked?.reason, 'fraud-reported');
    assert.ok((await auditOf(anna)).includes('fraud-reported'));
    const told = (await hall.sent()).filter(({ message }) => message.kind === 'mail');
    assert.equal(told.length, 1);
    // The block may end: the app stays what it is, and is asked nothing meanwhile.
    assert.deepEqual(await app.pending(), []);
  });

  it('is heard though the stranger gave up in time (attack ATK-42)', async () => {
    const anna = await person();
    const app = await pairedAppOf(hall, anna);
    const arrived = await hall.arrive(anna);
    const [shown] = await app.pending();
    await hall.signin.anotherWay(arrived.ref);
    assert.deepEqual(await app.decides({ decision: 'report', request: shown?.challengeId ?? '' }), {
      kind: 'rejected',
      reason: 'fraud-reported',
    });
    assert.ok((await hall.stores.users.find(anna.id))?.blocked);
  });

  it('is heard with their own signature only', async () => {
    const anna = await person();
    const app = await pairedAppOf(hall, anna);
    await hall.arrive(anna);
    const stranger = newAppDevice();
    const [shown] = await app.pending();
    const { request, ...said } = stranger.answer(hall.parts.origin, {
      account: app.account,
      request: shown?.challengeId ?? '',
      at: hall.clock.now().getTime(),
      decision: 'report',
    });
    const devices = createDevices(hall.parts);
    for (const asked of [request, 'a-challenge-of-before']) {
      const event = { kind: 'decision', ...said } as const;
      const decided = await devices.decide(await app.found(), asked, event, '192.0.2.66');
      assert.notDeepEqual(decided, { kind: 'rejected', reason: 'fraud-reported' });
    }
    assert.equal((await hall.stores.users.find(anna.id))?.blocked, undefined);
  });
});

describe('the PIN of an app', () => {
  it('may be typed again while the request is open', () =>
    withPin(async () => {
      const anna = await person();
      const app = await pairedAppOf(hall, anna, { pin: '2468' });
      const arrived = await hall.arrive(anna);
      const number = numberOn(arrived.progress);
      assert.deepEqual(await app.approves(number, '1357'), {
        kind: 'rejected',
        reason: 'incorrect-pin',
      });
      assert.equal(outcomeOf(await look(arrived)), undefined);
      assert.equal((await secretOf(anna)).device?.wrongPins, 1);
      assert.deepEqual(await app.approves(number, '2468'), { kind: 'approved' });
      assert.equal((await secretOf(anna)).device?.wrongPins, 0);
    }));

  it('locks the app when it was five times wrong, over as many requests as it takes', () =>
    withPin(async () => {
      const anna = await person();
      await hall.phone(anna);
      const app = await pairedAppOf(hall, anna, { pin: '2468' });
      const first = await hall.arrive(anna);
      for (let wrong = 0; wrong < 3; wrong += 1) {
        await app.approves(numberOn(first.progress), '1357');
      }
      await hall.signin.anotherWay(first.ref);
      const second = await hall.arrive(anna);
      const number = numberOn(second.progress);
      await app.approves(number, '1357');
      const locked = await app.approves(number, '1357');
      assert.deepEqual(locked, { kind: 'rejected', reason: 'app-locked' });
      assert.equal(await isSuspended(anna), true);
      assert.deepEqual(await app.approves(number, '2468'), { kind: 'over' });
    }));
});

describe('an app that joins', () => {
  const begins = async (
    user: User,
  ): Promise<{ readonly ref: AttemptRef; readonly code: string }> => {
    const { ref } = await hall.arrive(user);
    await hall.signin.setUpNow(ref);
    const { attempt } = await hall.signin.contact(ref, { methodId: 'notification', input: {} });
    const { pairing } = appSecret.parse(attempt.registration?.draft?.secret);
    return { ref, code: pairing?.code ?? '' };
  };
  const joined = async (user: User): Promise<{ ref: AttemptRef; app: PairedApp }> => {
    const { ref, code } = await begins(user);
    const app = newPairedApp(hall);
    assert.equal((await app.joins(code, { push: pushPlace })).kind, 'paired');
    return { ref, app };
  };

  it('is found by the code, tested with a number, and kept', async () => {
    const anna = await person({ perUserMfaState: 'enabled' });
    const { ref, code } = await begins(anna);
    await assert.rejects(hall.signin.repeat(ref), { code: 'STEP_NOT_ALLOWED' });
    const app = newPairedApp(hall);
    assert.equal((await app.joins(code, { push: pushPlace })).kind, 'paired');
    assert.deepEqual(await app.pending(), [], 'nothing is asked before Contact me');

    const test = await hall.signin.repeat(ref);
    assert.deepEqual(await pushes(), [(await app.found()).device.id]);
    assert.deepEqual(
      (await app.pending()).map(({ isTest }) => isTest),
      [true],
    );
    assert.deepEqual(await app.approves(numberOn(test)), { kind: 'approved' });
    const { step } = await hall.signin.look(ref);
    assert.deepEqual(step, { kind: 'register', stage: 'backup' });
    const { defaultMethod } = (await hall.stores.users.find(anna.id)) ?? {};
    assert.equal(defaultMethod?.methodId, 'notification');
    assert.equal((await app.found()).registration?.id, defaultMethod?.registrationId);
    assert.equal((await secretOf(anna)).pairing, undefined);
  });

  it('can be tested again after a denial, a wrong number and too long a wait', async () => {
    const anna = await person({ perUserMfaState: 'enabled' });
    const { ref, app } = await joined(anna);
    await hall.signin.repeat(ref);
    assert.deepEqual(await app.denies(), { kind: 'rejected', reason: 'user-declined' });
    const second = await hall.signin.repeat(ref);
    await app.approves(otherThan(numberOn(second)));
    await hall.signin.repeat(ref);
    hall.clock.advanceSeconds(waitSeconds);
    const limited = await hall.signin.repeat(ref);
    assert.equal(limited.attempt.notice?.kind, 'message-limit', 'three in ten minutes');
    hall.clock.advanceSeconds(600);
    const last = await hall.signin.repeat(ref);
    assert.deepEqual(await app.approves(numberOn(last)), { kind: 'approved' });
  });

  it('joins once: the code is good for nobody after that', async () => {
    const anna = await person({ perUserMfaState: 'enabled' });
    const { code } = await begins(anna);
    const apps = Array.from({ length: 5 }, () => newPairedApp(hall));
    const all = await Promise.all(apps.map((app) => app.joins(code)));
    assert.equal(all.filter(({ kind }) => kind === 'paired').length, 1);
    for (const each of all.filter(({ kind }) => kind === 'refused')) {
      assert.deepEqual(each, { kind: 'refused', reason: 'unknown-code' });
    }
  });

  it('does not join what was left, or was ever over', async () => {
    const anna = await person({ perUserMfaState: 'enabled' });
    const left = await begins(anna);
    await hall.signin.backToContact(left.ref);
    assert.equal((await newPairedApp(hall).joins(left.code)).kind, 'refused');
    const old = await begins(anna);
    hall.clock.advanceSeconds(3601);
    assert.equal((await newPairedApp(hall).joins(old.code)).kind, 'refused');
  });

  it('does not join once policy has closed notifications', async () => {
    const anna = await person({ perUserMfaState: 'enabled' });
    const { code } = await begins(anna);
    const allow = (enabled: boolean) =>
      hall.policies.change((policy) => ({
        ...policy,
        methods: {
          ...policy.methods,
          notification: { ...policy.methods['notification'], enabled },
        },
      }));
    await allow(false);
    assert.equal((await newPairedApp(hall).joins(code)).kind, 'refused');
    await allow(true);
    assert.equal((await newPairedApp(hall).joins(code)).kind, 'paired');
  });

  it('asks for a PIN where policy does, and leaves the code good meanwhile', () =>
    withPin(async () => {
      const anna = await person({ perUserMfaState: 'enabled' });
      const { code } = await begins(anna);
      const app = newPairedApp(hall);
      assert.deepEqual(await app.joins(code), { kind: 'refused', reason: 'pin-needed' });
      assert.equal((await app.joins(code, { pin: '2468' })).kind, 'paired');
    }));

  it('guesses twenty codes an hour from one address, and then waits', async () => {
    await person();
    const app = newPairedApp(hall);
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
    for (let guess = 0; guess < 20; guess += 1) {
      const code = letters.charAt(guess).repeat(12);
      assert.deepEqual(await app.joins(code), { kind: 'refused', reason: 'unknown-code' });
    }
    assert.equal((await app.joins('ZZZZ-ZZZZ-ZZZZ')).kind, 'paused');
    hall.clock.advanceSeconds(86_400);
  });

  it('guesses no more from another address of its network, nor for having a code of its own', async () => {
    const anna = await person({ perUserMfaState: 'enabled' });
    const { code } = await begins(anna);
    const app = newPairedApp(hall);
    for (let guess = 0; guess < 19; guess += 1) await app.joins('AAAA-AAAA-AAAA');
    assert.deepEqual(await app.joins(code, { at: 0 }), { kind: 'refused', reason: 'clock' });
    assert.equal((await app.joins('AAAA-AAAA-AAAA')).kind, 'refused');
    assert.equal((await app.joins('AAAA-AAAA-AAAA')).kind, 'paused');
    const devices = createDevices(hall.parts);
    const from = (host: number) => devices.pair('AAAAAAAAAAAA', {}, `2001:db8:7:7::${host}`);
    for (let guess = 1; guess <= 20; guess += 1) assert.equal((await from(guess)).kind, 'refused');
    assert.equal((await from(21)).kind, 'paused');
    hall.clock.advanceSeconds(86_400);
  });

  it('takes the place of the old one when it is registered anew, and the old key proves nothing', async () => {
    const anna = await person();
    const old = await pairedAppOf(hall, anna);
    const arrived = await hall.arrive(anna);
    await old.approves(numberOn(arrived.progress));
    await hall.signin.finish(arrived.ref);
    const [session] = await hall.stores.sessions.list(anna.id, hall.clock.now());
    assert.ok(session);
    hall.clock.advanceSeconds(60);
    const current = { session, user: (await hall.stores.users.find(anna.id)) ?? anna };
    const ref = await addTo(hall, current, { kind: 'authenticator-app', slot: '' });
    const drafted = await hall.signin.contact(ref, { methodId: 'notification', input: {} });
    const { pairing } = appSecret.parse(drafted.attempt.registration?.draft?.secret);
    const anew = newPairedApp(hall);
    await anew.joins(pairing?.code ?? '');
    const test = await hall.signin.repeat(ref);
    // The old app sees nothing of it, and approves nothing of it.
    assert.deepEqual(await old.pending(), []);
    const request = test.attempt.challenge?.id ?? '';
    assert.deepEqual(await old.decides({ request, number: numberOn(test) }), { kind: 'over' });
    assert.deepEqual(await anew.approves(numberOn(test)), { kind: 'approved' });
    const done = await hall.signin.look(ref);
    assert.equal(done.step.kind, 'finish');

    const [first] = await hall.stores.registrations.list(anna.id);
    await hall.stores.registrations.remove(first?.id ?? '', anna.id);
    assert.equal(await createDevices(hall.parts).find(old.account), undefined);
  });
});

describe('an app that changes or leaves', () => {
  it('keeps a new name and a new place to be woken', async () => {
    const anna = await person();
    const app = await pairedAppOf(hall, anna);
    const devices = createDevices(hall.parts);
    const elsewhere = { ...pushPlace, endpoint: 'https://push.voorbeeld.example/send/new' };
    assert.equal(
      await devices.change(await app.found(), { name: 'Tablet', push: elsewhere }),
      true,
    );
    const { device } = await secretOf(anna);
    assert.deepEqual([device?.name, device?.push], ['Tablet', elsewhere]);
    assert.equal(await devices.change(await app.found(), { name: '\n' }), false);
  });

  it('goes with its registration, and is told so by mail', async () => {
    const anna = await person();
    await hall.phone(anna);
    const app = await pairedAppOf(hall, anna);
    await hall.sent();
    await createDevices(hall.parts).leave(await app.found(), '192.0.2.7');
    assert.equal(await createDevices(hall.parts).find(app.account), undefined);
    assert.deepEqual(
      (await hall.stores.registrations.list(anna.id)).map(({ kind }) => kind),
      ['phone'],
    );
    assert.equal((await hall.sent()).length, 1);
  });

  it('stays where it is the last thing that somebody can sign in with', async () => {
    const anna = await person();
    const app = await pairedAppOf(hall, anna);
    await createDevices(hall.parts).leave(await app.found(), '192.0.2.7');
    assert.ok(await createDevices(hall.parts).find(app.account));
  });

  it('shows the newest sign-ins of its owner', async () => {
    const anna = await person();
    const app = await pairedAppOf(hall, anna);
    const arrived = await hall.arrive(anna, { applicationId: 'intranet' });
    await app.denies();
    const [newest] = await createDevices(hall.parts).activity(await app.found());
    assert.equal(newest?.userId, anna.id);
    assert.equal(newest?.result, 'failure');
    assert.ok(arrived.ref.id);
  });
});

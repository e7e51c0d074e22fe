import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { everyServer } from '../../test/support/database.ts';
import { askedMail, startReset, type Reset } from '../../test/support/reset.ts';
import { appKey, codeIn, startHall, type Hall, opening } from '../../test/support/signin.ts';
import type { User } from '../accounts/user.ts';
import { methodRegistered } from '../audit/audit.ts';
import { tokenActivated } from '../audit/hardware-token-events.ts';
import { decodeBase32 } from '../lib/otp/base32.ts';
import { totp } from '../lib/otp/otp.ts';
import { createResetting } from './resetting.ts';

const number = '+31612345612';
const wanted = 'zeven groene olifanten';

let hall: Hall;
let count = 0;
before(async () => {
  hall = await startHall();
  await hall.policies.change((policy) => ({
    ...policy,
    reset: { ...policy.reset, allowedFor: 'all', gates: 1 },
  }));
});
after(() => hall.close());

const person = async (change: Partial<User> = {}): Promise<User> => {
  count += 1;
  const name = `person-${count}@voorbeeld.example`;
  return hall.person({
    userPrincipalName: name,
    mail: name,
    otherMail: `p${count}@thuis.example`,
    ...change,
  });
};
const withGates = async (gates: 1 | 2, run: () => Promise<void>): Promise<void> => {
  const set = (to: 1 | 2) =>
    hall.policies.change((policy) => ({ ...policy, reset: { ...policy.reset, gates: to } }));
  await set(gates);
  await run();
  await set(1);
};
const passwordOf = async (user: User): Promise<string | undefined> =>
  (await hall.stores.users.find(user.id))?.passwordHash;
const signsInWith = async (user: User, typed: string): Promise<string> => {
  const opened = await hall.signin.open(opening({}, { address: '192.0.2.9' }));
  await hall.signin.identify(opened, user.userPrincipalName);
  const { step } = await hall.signin.password(opened, typed, undefined);
  return step.kind;
};
const answer = async (reset: Reset, typed: unknown): Promise<string> => {
  const { attempt } = await reset.resetting.look(reset.ref);
  const progress = await reset.resetting.answer(reset.ref, attempt.challenge?.id ?? '', typed);
  return progress.step.kind;
};

describe('a reset with one gate', () => {
  it('sets the password after a code of the app, and still asks the second step', async () => {
    const user = await person();
    await hall.app(user);
    const reset = await startReset(hall, user.userPrincipalName);
    await reset.resetting.choose(reset.ref, 'authenticator-code');
    assert.equal(await answer(reset, { code: hall.appCode() }), 'reset-password');
    const done = await reset.resetting.setPassword(reset.ref, wanted);
    assert.ok(done.attempt.finishedAt);
    assert.equal(done.session, undefined, 'nobody is signed in by it');
    assert.deepEqual(await hall.stores.sessions.list(user.id, hall.clock.now()), []);
    hall.clock.advanceSeconds(60);
    assert.equal(await signsInWith(user, wanted), 'challenge');
  });

  it('texts only to the number that was typed in full and right', async () => {
    const user = await person();
    await hall.phone(user, number);
    await hall.sent();
    for (const [typed, texts] of [
      ['06 12345613', 0],
      ['no number', 0],
      ['06 12345612', 1],
    ] as const) {
      const reset = await startReset(hall, user.userPrincipalName);
      await reset.resetting.choose(reset.ref, 'text-message');
      const progress = await reset.resetting.name(reset.ref, typed);
      const isNumber = typed.startsWith('06');
      assert.equal(progress.step.kind, isNumber ? 'reset-challenge' : 'reset-name');
      const sent = await hall.sent();
      assert.equal(sent.filter(({ message }) => message.kind === 'text').length, texts);
      if (texts === 1) {
        assert.equal(await answer(reset, { code: codeIn(sent) }), 'reset-password');
      }
      hall.clock.advanceSeconds(31);
    }
  });

  it('keeps a number that has to wait, so that it need not be typed anew', async () => {
    const user = await person();
    const { resetting, ref } = await startReset(hall, user.userPrincipalName);
    await resetting.choose(ref, 'text-message');
    await resetting.name(ref, '06 12345613');
    await resetting.anotherWay(ref);
    await resetting.choose(ref, 'text-message');
    const { step, attempt } = await resetting.name(ref, '06 12345612');
    assert.equal(step.kind, 'reset-name');
    assert.equal(attempt.notice?.kind, 'message-limit');
    assert.equal(attempt.gate?.named, number);
    hall.clock.advanceSeconds(31);
    assert.equal((await resetting.name(ref, '06 12345612')).step.kind, 'reset-challenge');
  });

  it('mails a code to the registered address only', async () => {
    const user = await person();
    await hall.stores.registrations.add({
      id: hall.parts.random.token(16),
      userId: user.id,
      kind: 'email',
      slot: '1',
      secret: { address: 'elsewhere@example.org' },
      version: 1,
      createdAt: hall.clock.now(),
      lastUsedAt: undefined,
    });
    const reset = await startReset(hall, user.userPrincipalName);
    await reset.resetting.choose(reset.ref, 'email');
    await reset.resetting.name(reset.ref, 'Elsewhere@Example.org');
    const code = askedMail(await hall.sent());
    assert.equal(await answer(reset, { code }), 'reset-password');
  });

  it('never asks the alternate phone', async () => {
    const user = await person();
    await hall.stores.registrations.add({
      id: hall.parts.random.token(16),
      userId: user.id,
      kind: 'phone',
      slot: 'alternateMobile',
      secret: { number: '+31612345699', phoneType: 'alternateMobile' },
      version: 1,
      createdAt: hall.clock.now(),
      lastUsedAt: undefined,
    });
    const reset = await startReset(hall, user.userPrincipalName);
    await reset.resetting.choose(reset.ref, 'phone-call');
    const { step } = await reset.resetting.name(reset.ref, '+31612345699');
    assert.equal(step.kind, 'reset-challenge', 'the page looks the same');
    assert.deepEqual(await hall.sent(), []);
  });

  it('texts a number that came beside something older only a day later (attack ATK-41)', async () => {
    const user = await person();
    await hall.app(user);
    hall.clock.advanceSeconds(30 * 24 * 3_600);
    await hall.phone(user, number);
    await hall.sent();
    for (const [hours, texts] of [
      [0, 0],
      [23, 0],
      [2, 1],
    ] as const) {
      hall.clock.advanceSeconds(hours * 3_600);
      const reset = await startReset(hall, user.userPrincipalName);
      await reset.resetting.choose(reset.ref, 'text-message');
      const { step } = await reset.resetting.name(reset.ref, '06 12345612');
      assert.equal(step.kind, 'reset-challenge', 'the page looks the same');
      const sent = await hall.sent();
      assert.equal(sent.filter(({ message }) => message.kind === 'text').length, texts);
      if (texts === 1) assert.equal(await answer(reset, { code: codeIn(sent) }), 'reset-password');
    }
  });

  it('mails an address that came beside something older only a day later', async () => {
    const user = await person();
    await hall.app(user);
    hall.clock.advanceSeconds(30 * 24 * 3_600);
    await hall.stores.registrations.add({
      id: hall.parts.random.token(16),
      userId: user.id,
      kind: 'email',
      slot: '1',
      secret: { address: 'elsewhere@example.org' },
      version: 1,
      createdAt: hall.clock.now(),
      lastUsedAt: undefined,
    });
    for (const [hours, mails] of [
      [0, 0],
      [25, 1],
    ] as const) {
      hall.clock.advanceSeconds(hours * 3_600);
      const reset = await startReset(hall, user.userPrincipalName);
      await reset.resetting.choose(reset.ref, 'email');
      const { step } = await reset.resetting.name(reset.ref, 'elsewhere@example.org');
      assert.equal(step.kind, 'reset-challenge', 'the page looks the same');
      const sent = await hall.sent();
      assert.equal(sent.filter(({ message }) => message.kind === 'mail').length, mails);
    }
  });

  it('texts no number that took the place of the only one there was, before the next day', async () => {
    const user = await person();
    await hall.phone(user, '+31612345699');
    const origin = { userId: user.id, attemptId: undefined, address: '192.0.2.7' };
    const registered = () =>
      hall.stores.audit.append(
        methodRegistered({ ...origin, at: hall.clock.now() }, 'phone', 'mobile'),
      );
    await registered();
    hall.clock.advanceSeconds(30 * 24 * 3_600);
    await hall.stores.registrations.removeAll(user.id);
    await hall.phone(user, number);
    await registered();
    await hall.sent();
    for (const [hours, texts] of [
      [0, 0],
      [25, 1],
    ] as const) {
      hall.clock.advanceSeconds(hours * 3_600);
      const reset = await startReset(hall, user.userPrincipalName);
      await reset.resetting.choose(reset.ref, 'text-message');
      await reset.resetting.name(reset.ref, '06 12345612');
      const sent = await hall.sent();
      assert.equal(sent.filter(({ message }) => message.kind === 'text').length, texts);
    }
  });

  it('texts no number that took the place of a hardware token, before the next day', async () => {
    const user = await person();
    const { id: userId } = user;
    const at = hall.clock.now();
    await hall.stores.audit.append(
      tokenActivated({ at, actor: userId, userId, serialNumber: 'A-1001' }),
    );
    hall.clock.advanceSeconds(30 * 24 * 3_600);
    await hall.phone(user, number);
    await hall.sent();
    for (const [hours, texts] of [
      [0, 0],
      [25, 1],
    ] as const) {
      hall.clock.advanceSeconds(hours * 3_600);
      const reset = await startReset(hall, user.userPrincipalName);
      await reset.resetting.choose(reset.ref, 'text-message');
      await reset.resetting.name(reset.ref, '06 12345612');
      const sent = await hall.sent();
      assert.equal(sent.filter(({ message }) => message.kind === 'text').length, texts);
    }
  });

  it('takes any of the apps of somebody who has two', async () => {
    const user = await person();
    const other = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
    await hall.app(user);
    await hall.stores.registrations.add({
      id: hall.parts.random.token(16),
      userId: user.id,
      kind: 'authenticator-app',
      slot: '2',
      secret: { key: other },
      version: 1,
      createdAt: hall.clock.now(),
      lastUsedAt: undefined,
    });
    for (const key of [other, appKey]) {
      const reset = await startReset(hall, user.userPrincipalName);
      await reset.resetting.choose(reset.ref, 'authenticator-code');
      const bytes = decodeBase32(key) ?? new Uint8Array();
      const code = totp(bytes, hall.clock.now().getTime() / 1000);
      assert.equal(await answer(reset, { code }), 'reset-password');
    }
  });

  it('ends sessions, and mails to every address of the person', async () => {
    const user = await person();
    await hall.app(user);
    await hall.enter(user);
    hall.clock.advanceSeconds(60);
    await hall.sent();
    const reset = await startReset(hall, user.userPrincipalName);
    await reset.resetting.choose(reset.ref, 'authenticator-code');
    await answer(reset, { code: hall.appCode() });
    await reset.resetting.setPassword(reset.ref, wanted);
    assert.deepEqual(await hall.stores.sessions.list(user.id, hall.clock.now()), []);
    const told = (await hall.sent()).map(({ message }) => ('to' in message ? message.to : ''));
    assert.deepEqual(new Set(told), new Set([user.mail, user.otherMail]));
  });

  it('closes a method after five wrong answers, for a day, and no other', async () => {
    const user = await person();
    await hall.app(user);
    const reset = await startReset(hall, user.userPrincipalName);
    await reset.resetting.choose(reset.ref, 'authenticator-code');
    const wrong = hall.appCode() === '000000' ? '000001' : '000000';
    for (let tries = 0; tries < 5; tries++) await answer(reset, { code: wrong });
    hall.clock.advanceSeconds(3600);
    const again = await startReset(hall, user.userPrincipalName);
    const { attempt } = await again.resetting.choose(again.ref, 'authenticator-code');
    assert.equal(attempt.notice?.kind, 'gate-closed');
    assert.equal(await answer(again, { code: hall.appCode() }), 'reset-challenge');
    assert.equal(await signsInWith(user, 'correct horse battery'), 'challenge', 'sign-in is open');
    hall.clock.advanceSeconds(86_400);
    const later = await startReset(hall, user.userPrincipalName);
    await later.resetting.choose(later.ref, 'authenticator-code');
    assert.equal(await answer(later, { code: hall.appCode() }), 'reset-password');
  });

  it('resets five times a day and no more', async () => {
    const user = await person();
    await hall.app(user);
    const notices: (string | undefined)[] = [];
    for (let times = 0; times < 6; times++) {
      const reset = await startReset(hall, user.userPrincipalName);
      await reset.resetting.choose(reset.ref, 'authenticator-code');
      await answer(reset, { code: hall.appCode() });
      const done = await reset.resetting.setPassword(reset.ref, `${wanted} ${times}`);
      notices.push(done.attempt.notice?.kind);
      hall.clock.advanceSeconds(60);
    }
    assert.deepEqual(notices.slice(-2), [undefined, 'resets-paused']);
  });

  it('is over after a quarter of an hour', async () => {
    const user = await person();
    await hall.app(user);
    const reset = await startReset(hall, user.userPrincipalName);
    hall.clock.advanceSeconds(900);
    await assert.rejects(reset.resetting.choose(reset.ref, 'authenticator-code'), {
      code: 'ATTEMPT_EXPIRED',
    });
  });

  it('refuses common passwords, those with the name, and banned words', async () => {
    await hall.policies.change((policy) => ({ ...policy, passwords: { banned: ['Stroopwafel'] } }));
    const user = await person({ displayName: 'Johanna Vermeulen' });
    await hall.app(user);
    const reset = await startReset(hall, user.userPrincipalName);
    await reset.resetting.choose(reset.ref, 'authenticator-code');
    await answer(reset, { code: hall.appCode() });
    for (const typed of [
      'short',
      'Welkom2026!',
      'Vermeulen wint',
      'Stroopwafel1!',
      'correct horse battery',
    ]) {
      const { attempt } = await reset.resetting.setPassword(reset.ref, typed);
      assert.equal(attempt.notice?.kind, 'password-refused', typed);
    }
    const long = '🐘'.repeat(256);
    assert.ok(
      (await reset.resetting.setPassword(reset.ref, long)).attempt.finishedAt === undefined,
    );
    const done = await reset.resetting.setPassword(reset.ref, 'ﬁets met ﬁjn zadel, voor Ålesund');
    assert.ok(done.attempt.finishedAt);
    assert.equal(await signsInWith(user, 'fiets met fijn zadel, voor Ålesund'), 'challenge');
  });

  it('ends a pause without a new password, for whoever knows it', async () => {
    const user = await person();
    await hall.app(user);
    const before = await passwordOf(user);
    for (let tries = 0; tries < 10; tries++) await signsInWith(user, `wrong ${tries}`);
    assert.equal(await signsInWith(user, 'correct horse battery'), 'password');
    const reset = await startReset(hall, user.userPrincipalName);
    await reset.resetting.choose(reset.ref, 'authenticator-code');
    await answer(reset, { code: hall.appCode() });
    await reset.resetting.unlock(reset.ref);
    assert.equal(await passwordOf(user), before);
    assert.equal(await signsInWith(user, 'correct horse battery'), 'challenge');
  });

  it('needs two things of an admin, and tells the other admins', async () => {
    const admin = await person({ role: 'global-admin' });
    const other = await person({ role: 'global-admin', otherMail: undefined });
    await hall.app(admin);
    await hall.phone(admin, '+31612345677');
    const reset = await startReset(hall, admin.userPrincipalName);
    await reset.resetting.choose(reset.ref, 'authenticator-code');
    assert.equal(await answer(reset, { code: hall.appCode() }), 'reset-choose');
    await hall.sent();
    await reset.resetting.choose(reset.ref, 'text-message');
    await reset.resetting.name(reset.ref, '+31612345677');
    const sent = await hall.sent();
    assert.equal(await answer(reset, { code: codeIn(sent) }), 'reset-password');
    await reset.resetting.setPassword(reset.ref, wanted);
    const told = (await hall.sent()).map(({ message }) => ('to' in message ? message.to : ''));
    assert.ok(told.includes(other.mail ?? ''));
  });
});

describe('a reset with two gates', () => {
  it('is stopped where only one thing is registered', () =>
    withGates(2, async () => {
      const user = await person();
      await hall.app(user);
      const reset = await startReset(hall, user.userPrincipalName);
      await reset.resetting.choose(reset.ref, 'authenticator-code');
      assert.equal(await answer(reset, { code: hall.appCode() }), 'reset-stopped');
      const before = await passwordOf(user);
      await reset.resetting.setPassword(reset.ref, wanted);
      assert.equal(await passwordOf(user), before);
    }));

  it('never asks questions or a notification first, nor questions of an admin at all', () =>
    withGates(2, async () => {
      await hall.policies.change((policy) => ({
        ...policy,
        methods: { 'security-questions': { enabled: true } },
      }));
      for (const role of ['user', 'global-admin'] as const) {
        const user = await person({ role });
        await hall.app(user);
        await hall.stores.registrations.add({
          id: hall.parts.random.token(16),
          userId: user.id,
          kind: 'security-questions',
          slot: '1',
          secret: {
            questions: ['a', 'b', 'c'].map((question) => ({
              question,
              hash: `hash of ${question}`,
            })),
          },
          version: 1,
          createdAt: hall.clock.now(),
          lastUsedAt: undefined,
        });
        const { resetting, ref } = await startReset(hall, user.userPrincipalName);
        for (const methodId of ['security-questions', 'notification']) {
          await assert.rejects(resetting.choose(ref, methodId), { code: 'STEP_NOT_ALLOWED' });
        }
        await resetting.choose(ref, 'authenticator-code');
        const next = await answer({ resetting, ref }, { code: hall.appCode() });
        assert.equal(next, role === 'user' ? 'reset-choose' : 'reset-stopped');
        if (role !== 'user') continue;
        const { step } = await resetting.choose(ref, 'security-questions');
        assert.equal(step.kind, 'reset-challenge');
      }
    }));

  it('takes one number in two places for one thing, also of an administrator', async () => {
    for (const extension of [undefined, '1']) {
      const admin = await person({ role: 'global-admin' });
      await hall.phone(admin, '+31612345666');
      await hall.stores.registrations.add({
        id: hall.parts.random.token(16),
        userId: admin.id,
        kind: 'phone',
        slot: 'office',
        secret: {
          number: '+31612345666',
          phoneType: 'office',
          ...(extension === undefined ? {} : { extension }),
        },
        version: 1,
        createdAt: hall.clock.now(),
        lastUsedAt: undefined,
      });
      hall.clock.advanceSeconds(2 * 86_400);
      await hall.sent();
      const reset = await startReset(hall, admin.userPrincipalName);
      await reset.resetting.choose(reset.ref, 'text-message');
      await reset.resetting.name(reset.ref, '+31612345666');
      assert.equal(await answer(reset, { code: codeIn(await hall.sent()) }), 'reset-stopped');
      const { attempt } = await reset.resetting.look(reset.ref);
      assert.equal(attempt.challenge, undefined);
    }
  });

  it('takes no gate twice', () =>
    withGates(2, async () => {
      const user = await person();
      await hall.app(user);
      await hall.phone(user, '+31612345688');
      const reset = await startReset(hall, user.userPrincipalName);
      await reset.resetting.choose(reset.ref, 'authenticator-code');
      await answer(reset, { code: hall.appCode() });
      await assert.rejects(reset.resetting.choose(reset.ref, 'authenticator-code'), {
        code: 'STEP_NOT_ALLOWED',
      });
    }));
});

describe('at sign-in, where policy asks to prepare for a reset', () => {
  const asks = (reset: object): Promise<unknown> =>
    hall.policies.change((policy) => ({ ...policy, reset: { ...policy.reset, ...reset } }));
  const entering = async (user: User) => {
    hall.clock.advanceSeconds(60);
    const { ref, progress } = await hall.arrive(user);
    const challenge = progress.attempt.challenge?.id ?? '';
    const after = await hall.signin.answer(ref, challenge, { code: hall.appCode() });
    return { ref, step: after.step };
  };

  it('asks whoever has too little, lets it be put off, and asks again the next time', async () => {
    await asks({ requireRegistration: true, gates: 2 });
    const user = await person();
    await hall.app(user);
    for (let times = 0; times < 2; times++) {
      const { ref, step } = await entering(user);
      assert.deepEqual(step, { kind: 'prepare-reset', what: 'register' });
      const said = await hall.signin.prepareReset(ref, times === 0 ? 'later' : 'now');
      assert.ok(said.session, 'it keeps nobody out');
      assert.match(said.attempt.request.returnTo, times === 0 ? /^\/$/ : /security-info/);
    }
    await asks({ requireRegistration: false, gates: 1 });
  });

  it('asks to look again after so many days, and then not for so many', async () => {
    await asks({ requireRegistration: true, reconfirmDays: 30 });
    const user = await person();
    await hall.app(user);
    assert.equal((await entering(user)).step.kind, 'finish');
    hall.clock.advanceSeconds(31 * 86_400);
    const { ref, step } = await entering(user);
    assert.deepEqual(step, { kind: 'prepare-reset', what: 'confirm' });
    assert.ok((await hall.signin.prepareReset(ref, 'confirmed')).session);
    hall.clock.advanceSeconds(29 * 86_400);
    assert.equal((await entering(user)).step.kind, 'finish');
    hall.clock.advanceSeconds(2 * 86_400);
    assert.equal((await entering(user)).step.kind, 'prepare-reset');
    await asks({ requireRegistration: false, reconfirmDays: 180 });
  });
});

for (const server of everyServer()) {
  describe(`fifty finishes of one reset at once, on two nodes (${server.engine})`, () => {
    after(() => server.close());

    it('set one password, write one event, and mail each address once', async () => {
      const database = await server.fresh();
      const nodes = [await startHall(database), await startHall(database)];
      const [first] = nodes;
      assert.ok(first);
      await first.policies.change((policy) => ({
        ...policy,
        reset: { ...policy.reset, allowedFor: 'all', gates: 1 },
      }));
      const user = await first.person({ otherMail: 'anna@thuis.example' });
      await first.app(user);
      const { resetting, ref } = await startReset(first, user.userPrincipalName);
      await resetting.choose(ref, 'authenticator-code');
      await answer({ resetting, ref }, { code: first.appCode() });
      const both = nodes.map((node) => createResetting(node.parts));
      const outcomes = await Promise.allSettled(
        Array.from({ length: 50 }, (_, one) =>
          (both[one % 2] ?? resetting).setPassword(ref, `${wanted} ${one}`),
        ),
      );
      assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
      const events = await first.stores.audit.list({ userId: user.id, limit: 100 });
      assert.equal(events.filter(({ kind }) => kind === 'password-reset').length, 1);
      const told = (await first.sent()).map(({ message }) => ('to' in message ? message.to : ''));
      assert.deepEqual(new Set(told), new Set([user.mail, 'anna@thuis.example']));
      assert.equal(told.length, 2);
      await database.close();
    });
  });
}

for (const server of everyServer()) {
  describe(`wrong answers in twelve resets of one name at once (${server.engine})`, () => {
    after(() => server.close());

    it('are looked at five times, whether anybody has the name or nobody', async (test) => {
      const database = await server.fresh();
      test.after(() => database.close());
      const node = await startHall(database);
      await node.policies.change((policy) => ({
        ...policy,
        reset: { ...policy.reset, allowedFor: 'all', gates: 1 },
      }));
      const user = await node.person();
      await node.app(user);
      const wrong = node.appCode() === '000000' ? '000001' : '000000';
      for (const name of [user.userPrincipalName, 'nobody-at-all@voorbeeld.example']) {
        const resets: Reset[] = [];
        for (let one = 0; one < 12; one++) {
          const reset = await startReset(node, name);
          await reset.resetting.choose(reset.ref, 'authenticator-code');
          resets.push(reset);
        }
        await Promise.all(resets.map((reset) => answer(reset, { code: wrong })));
        const notices = await Promise.all(
          resets.map(
            async ({ resetting, ref }) => (await resetting.look(ref)).attempt.notice?.kind,
          ),
        );
        assert.equal(notices.filter((kind) => kind === 'rejected').length, 5, name);
      }
    });
  });
}

describe('a stranger who asks for a reset', () => {
  it('is led the same way for everybody, and nobody is let through', async () => {
    const kinds: Record<string, string> = {
      unknown: 'nobody-at-all@voorbeeld.example',
      unregistered: (await person()).userPrincipalName,
      disabled: (await person({ accountEnabled: false })).userPrincipalName,
      blocked: (
        await person({ blocked: { at: hall.clock.now(), until: undefined, reason: 'test' } })
      ).userPrincipalName,
    };
    const registered = await person();
    await hall.app(registered);
    await hall.phone(registered, '+31612345678');
    kinds['registered'] = registered.userPrincipalName;
    const walks: Record<string, unknown> = {};
    for (const [kind, name] of Object.entries(kinds)) {
      const reset = await startReset(hall, name);
      const { resetting, ref } = reset;
      const seen: unknown[] = [];
      const note = async (): Promise<void> => {
        const { step, attempt } = await resetting.look(ref);
        seen.push([
          step.kind,
          attempt.notice,
          attempt.gate?.methodId,
          attempt.challenge?.wrongTries,
        ]);
      };
      for (const methodId of [
        'authenticator-code',
        'text-message',
        'email',
        'phone-call',
        'recovery-codes',
        'security-key',
      ]) {
        await resetting.choose(ref, methodId);
        await note();
        if (methodId === 'email') await resetting.name(ref, 'x@example.org');
        if (methodId === 'text-message') await resetting.name(ref, '+31611111111');
        if (methodId === 'phone-call') await resetting.name(ref, '+31611111111');
        await note();
        for (let tries = 0; tries < 2; tries++) {
          await answer(reset, { code: '123456', credential: 'x' });
          await note();
        }
        hall.clock.advanceSeconds(31);
      }
      walks[kind] = seen.map((one) => JSON.stringify(one).replaceAll(/"20\d\d-[^"]+"/g, 'time'));
    }
    for (const kind of Object.keys(walks)) assert.deepEqual(walks[kind], walks['unknown'], kind);
  });

  it('gets no code right that belongs to nobody', async () => {
    const reset = await startReset(hall, 'nobody@voorbeeld.example');
    await reset.resetting.choose(reset.ref, 'authenticator-code');
    const decoy = decodeBase32('A'.repeat(32)) ?? new Uint8Array();
    const code = totp(decoy, hall.clock.now().getTime() / 1000);
    assert.equal(await answer(reset, { code }), 'reset-challenge');
  });
});

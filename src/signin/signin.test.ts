import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import { hash } from '@node-rs/argon2';

import type { User } from '../accounts/user.ts';
import { sampleSession } from '../sessions/session-store.contract.ts';
import type { Session } from '../sessions/session.ts';
import { codeIn, password, startHall, type Hall, opening } from '../../test/support/signin.ts';
import type { Progress } from './progress.ts';

/** The challenge that is open, or the test is wrong. */
function challengeOf({ attempt }: Progress) {
  assert.ok(attempt.challenge, 'no challenge is open');
  return attempt.challenge;
}

describe('signing in', () => {
  let hall: Hall;
  let anna: User;
  before(async () => {
    hall = await startHall();
  });
  after(() => hall.close());
  beforeEach(async () => {
    hall.clock.advanceSeconds(3 * 86_400);
    anna = await hall.person({
      userPrincipalName: `anna${hall.clock.now().getTime()}@voorbeeld.example`,
    });
  });

  it('sends a text at once and lets in who types its code', async () => {
    await hall.phone(anna);
    const { ref, progress } = await hall.arrive(anna);
    assert.equal(progress.step.kind, 'challenge');
    const signedIn = await hall.signin.answer(ref, challengeOf(progress).id, {
      code: codeIn(await hall.sent()),
    });
    assert.equal(signedIn.step.kind, 'finish');
    assert.ok(signedIn.session?.token);
    const session = (await hall.stores.sessions.list(anna.id, hall.clock.now()))[0];
    assert.deepEqual(
      session?.proofs.map(({ method }) => method),
      ['password', 'text-message'],
    );
  });

  it('makes an older hash anew from the password that was right', async () => {
    const older = await hash(password, {
      algorithm: 2,
      memoryCost: 8192,
      timeCost: 1,
      parallelism: 1,
    });
    await hall.stores.users.change(anna.id, { passwordHash: older, perUserMfaState: 'disabled' });
    assert.equal((await hall.arrive(anna)).progress.step.kind, 'finish');
    const renewed = (await hall.stores.users.find(anna.id))?.passwordHash ?? '';
    assert.match(renewed, /m=19456,t=2/);
    assert.equal((await hall.arrive(anna)).progress.step.kind, 'finish');
    assert.equal((await hall.stores.users.find(anna.id))?.passwordHash, renewed);
  });

  it('lets somebody in who needs no second step', async () => {
    const els = await hall.person({
      userPrincipalName: `els${hall.clock.now().getTime()}@x.example`,
      perUserMfaState: 'disabled',
    });
    assert.equal((await hall.arrive(els)).progress.step.kind, 'finish');
  });

  it('says the same of a wrong name and a wrong password', async () => {
    const tries = async (name: string) => {
      const ref = await hall.signin.open(opening());
      await hall.signin.identify(ref, name);
      const { attempt, step } = await hall.signin.password(ref, 'wrong', undefined);
      return { step, notice: attempt.notice };
    };
    assert.deepEqual(await tries(anna.userPrincipalName), await tries('nobody@voorbeeld.example'));
  });

  it('takes the name that comes with the password, whoever was named before', async () => {
    const els = await hall.person({
      userPrincipalName: `els${hall.clock.now().getTime()}@x.example`,
      perUserMfaState: 'disabled',
      passwordHash: undefined,
    });
    await hall.app(anna);
    const ref = await hall.signin.open(opening());
    const wrong = await hall.signin.password(ref, password, undefined, els.userPrincipalName);
    assert.equal(wrong.attempt.notice?.kind, 'wrong-name-or-password');
    assert.equal(wrong.attempt.identified?.userId, els.id);
    const { step, known } = await hall.signin.password(
      ref,
      password,
      undefined,
      anna.userPrincipalName,
    );
    assert.equal(step.kind, 'challenge');
    assert.equal(known.user?.id, anna.id);
  });

  it('takes a code from the app once, and not again in another attempt', async () => {
    await hall.app(anna);
    const code = hall.appCode();
    const first = await hall.arrive(anna);
    const second = await hall.arrive(anna);
    const ok = await hall.signin.answer(first.ref, challengeOf(first.progress).id, { code });
    assert.equal(ok.step.kind, 'finish');
    const again = await hall.signin.answer(second.ref, challengeOf(second.progress).id, { code });
    assert.deepEqual(again.attempt.notice, {
      kind: 'rejected',
      methodId: 'authenticator-code',
      reason: 'code-already-used',
    });
  });

  it('opens one session when one code is sent fifty times at once', async () => {
    await hall.app(anna);
    const { ref, progress } = await hall.arrive(anna);
    const code = hall.appCode();
    const challengeId = challengeOf(progress).id;
    const results = await Promise.allSettled(
      Array.from({ length: 50 }, () => hall.signin.answer(ref, challengeId, { code })),
    );
    const opened = results.filter(
      (result) => result.status === 'fulfilled' && result.value.session !== undefined,
    );
    assert.equal(opened.length, 1);
    assert.equal((await hall.stores.sessions.list(anna.id, hall.clock.now())).length, 1);
  });

  it('looks at ten wrong codes a day, over all attempts, and then at none, not even the right one', async () => {
    await hall.app(anna);
    const arrivals = await Promise.all([hall.arrive(anna), hall.arrive(anna), hall.arrive(anna)]);
    for (const { ref, progress } of arrivals) {
      const challengeId = challengeOf(progress).id;
      for (let tries = 0; tries < 5; tries++) {
        await hall.signin.answer(ref, challengeId, { code: '000000' });
      }
    }
    const events = await hall.stores.audit.list({ userId: anna.id, limit: 100 });
    const looked = events.filter(({ kind }) => kind === 'answer-rejected');
    assert.equal(looked.length, 10);
    const late = await hall.arrive(anna);
    assert.equal(late.progress.step.kind, 'paused');
    const mails = (await hall.sent()).filter(({ message }) => message.kind === 'mail');
    assert.equal(mails.length, 1, 'the person is told once');
    assert.equal((await hall.stores.users.find(anna.id))?.mustChangePassword, true);
  });

  it('pauses sooner, and for as long, as the organisation says', async () => {
    await hall.app(anna);
    await hall.policies.change((policy) => ({
      ...policy,
      lockout: { wrongSteps: 3, pauseMinutes: 20 },
    }));
    const { ref, progress } = await hall.arrive(anna);
    for (let tries = 0; tries < 3; tries++) {
      await hall.signin.answer(ref, challengeOf(progress).id, { code: '000000' });
    }
    const { step } = await hall.signin.look(ref);
    assert.ok(step.kind === 'paused');
    assert.equal(step.until.getTime() - hall.clock.now().getTime(), 20 * 60_000);
    await hall.policies.change((policy) => ({ ...policy, lockout: {} }));
  });

  it('ends a challenge after five wrong codes', async () => {
    await hall.app(anna);
    const { ref, progress } = await hall.arrive(anna);
    const { id } = challengeOf(progress);
    for (let tries = 0; tries < 5; tries++) await hall.signin.answer(ref, id, { code: '000000' });
    const late = await hall.signin.answer(ref, id, { code: hall.appCode() });
    assert.equal(challengeOf(late).outcome, 'too-many-wrong');
    const anew = await hall.signin.repeat(ref);
    const ok = await hall.signin.answer(ref, challengeOf(anew).id, { code: hall.appCode() });
    assert.equal(ok.step.kind, 'finish');
  });

  it('makes somebody choose a new password whose password counts as known', async () => {
    await hall.app(anna);
    await hall.stores.users.change(anna.id, { mustChangePassword: true });
    const { ref, progress } = await hall.arrive(anna);
    const proved = await hall.signin.answer(ref, challengeOf(progress).id, {
      code: hall.appCode(),
    });
    assert.equal(proved.step.kind, 'change-password');
    const same = await hall.signin.changePassword(ref, password);
    assert.deepEqual(same.attempt.notice, { kind: 'password-refused', reason: 'same' });
    const changed = await hall.signin.changePassword(ref, 'a quite different one');
    assert.equal(changed.step.kind, 'finish');
    assert.ok(changed.session);
  });

  it('compares no password with the old one before the sign-in has come so far', async () => {
    await hall.app(anna);
    const ref = await hall.signin.open(opening());
    await hall.signin.identify(ref, anna.userPrincipalName);
    const before = hall.hashings();
    // Uncounted, and quicker where the guess is right: it would tell a stranger the password.
    const { step } = await hall.signin.changePassword(ref, password);
    assert.equal(step.kind, 'password');
    assert.equal(hall.hashings(), before);
  });

  it('takes only the newest text, and says so of an older one', async () => {
    await hall.phone(anna);
    const { ref, progress } = await hall.arrive(anna);
    const old = codeIn(await hall.sent());
    hall.clock.advanceSeconds(31);
    const repeated = await hall.signin.repeat(ref);
    const fresh = codeIn(await hall.sent());
    const late = await hall.signin.answer(ref, challengeOf(progress).id, { code: old });
    assert.equal(late.step.kind, 'challenge');
    const ok = await hall.signin.answer(ref, challengeOf(repeated).id, { code: fresh });
    assert.equal(ok.step.kind, 'finish');
  });

  it('sends no second text within 30 seconds and says when it may', async () => {
    await hall.phone(anna);
    const { ref, progress } = await hall.arrive(anna);
    const soon = await hall.signin.repeat(ref);
    assert.equal(soon.attempt.notice?.kind, 'message-limit');
    assert.equal(challengeOf(soon).id, challengeOf(progress).id, 'the open one stays open');
  });

  it('moves on by itself when the call is answered with #, and the browser fetches the session', async () => {
    await hall.phone(anna);
    const { ref, progress } = await hall.arrive(anna);
    hall.clock.advanceSeconds(31);
    const { known } = progress;
    const call = known.options.find(({ method }) => method.id === 'phone-call');
    assert.ok(call);
    const calling = await hall.signin.choose(ref, call.id);
    const { id } = challengeOf(calling);
    const report = { attemptId: ref.id, challengeId: id };
    assert.equal(await hall.signin.hear({ ...report, event: { kind: 'answered' } }), 'pending');
    assert.equal(
      await hall.signin.hear({ ...report, event: { kind: 'keys', keys: '#', promptSpoken: true } }),
      'verified',
    );
    assert.equal((await hall.signin.look(ref)).step.kind, 'finish');
    assert.ok((await hall.signin.finish(ref)).session);
    await assert.rejects(hall.signin.finish(ref), { code: 'ATTEMPT_FINISHED' });
  });

  it('blocks the account when 0# reports a call as not wanted', async () => {
    await hall.phone(anna);
    const { ref, progress } = await hall.arrive(anna);
    hall.clock.advanceSeconds(31);
    const call = progress.known.options.find(({ method }) => method.id === 'phone-call');
    const calling = await hall.signin.choose(ref, call?.id ?? '');
    const report = { attemptId: ref.id, challengeId: challengeOf(calling).id };
    await hall.signin.hear({ ...report, event: { kind: 'answered' } });
    await hall.signin.hear({ ...report, event: { kind: 'keys', keys: '0#', promptSpoken: true } });
    assert.deepEqual((await hall.signin.look(ref)).step, {
      kind: 'blocked',
      reason: 'account-blocked',
    });
  });

  it('counts nothing that somebody else proved in this browser', async () => {
    await hall.app(anna);
    const session: Session = {
      ...sampleSession('of somebody else', { userId: 'somebody else' }),
      proofs: [
        {
          method: 'text-message',
          strength: 'possession',
          amr: ['sms'],
          registrationId: 'theirs',
          at: hall.clock.now(),
        },
      ],
    };
    const other = await hall.person({
      id: 'somebody else',
      userPrincipalName: `bram${hall.clock.now().getTime()}@voorbeeld.example`,
    });
    const ref = await hall.signin.open(
      opening({ required: 'second-step', subject: other.id }, { session }),
    );
    await hall.signin.identify(ref, anna.userPrincipalName);
    const { step, session: opened } = await hall.signin.password(ref, password, undefined);
    assert.equal(step.kind, 'challenge');
    assert.equal(opened, undefined);
  });

  it('names whoever is signed in, but not where somebody else is meant', async () => {
    const session = sampleSession('of anna', { userId: anna.id });
    const other = await hall.person();
    const anew = 'everything';
    for (const [subject, step] of [
      [undefined, 'password'],
      [anna.id, 'password'],
      [other.id, 'identify'],
    ] as const) {
      const { progress } = await hall.signin.open(opening({ anew, subject }, { session }));
      assert.equal(progress.step.kind, step);
      assert.equal(progress.attempt.replaces, session.id.toString('base64url'));
    }
  });

  it('belongs to one browser: another one finds nothing', async () => {
    await hall.phone(anna);
    const { ref } = await hall.arrive(anna);
    await assert.rejects(hall.signin.look({ id: ref.id, browser: 'another' }), {
      code: 'ATTEMPT_NOT_FOUND',
    });
    await assert.rejects(hall.signin.look({ id: ref.id, browser: undefined }), {
      code: 'ATTEMPT_NOT_FOUND',
    });
  });

  it('gives the browser a new token once the password is proved', async () => {
    await hall.phone(anna);
    const opened = await hall.signin.open(opening());
    await hall.signin.identify(opened, anna.userPrincipalName);
    await hall.signin.password(opened, password, undefined);
    await assert.rejects(hall.signin.look(opened), { code: 'ATTEMPT_NOT_FOUND' });
  });

  it('keeps an unbroken record of all of it', async () => {
    assert.equal((await hall.stores.audit.verify()).brokenAt, undefined);
  });
});

describe('registering at the first sign-in', () => {
  let hall: Hall;
  let anna: User;
  before(async () => {
    hall = await startHall();
    await hall.stores.policies.write(0, { appPasswords: { allowed: true } });
  });
  after(() => hall.close());
  beforeEach(async () => {
    hall.clock.advanceSeconds(3 * 86_400);
    anna = await hall.person({
      userPrincipalName: `anna${hall.clock.now().getTime()}@voorbeeld.example`,
      perUserMfaState: 'enabled',
    });
  });
  const mobile = { phoneType: 'mobile', country: 'NL', number: '06 12345612' };

  it('goes from the interrupt to Done with a phone, and enabled becomes enforced', async () => {
    const { ref, progress } = await hall.arrive(anna);
    assert.deepEqual(progress.step, { kind: 'register', stage: 'interrupt' });
    assert.deepEqual((await hall.signin.setUpNow(ref)).step, {
      kind: 'register',
      stage: 'contact',
    });
    const proving = await hall.signin.contact(ref, { methodId: 'text-message', input: mobile });
    assert.deepEqual(proving.step, { kind: 'register', stage: 'prove' });
    const proved = await hall.signin.answer(ref, challengeOf(proving).id, {
      code: codeIn(await hall.sent()),
    });
    assert.deepEqual(proved.step, { kind: 'register', stage: 'app-password' });
    assert.match(proved.attempt.registration?.appPassword?.plain ?? '', /^[A-Z2-7]{24}$/);
    assert.equal((await hall.stores.appPasswords.list(anna.id)).length, 0, 'not before Done');
    const done = await hall.signin.done(ref, true);
    assert.ok(done.session);
    assert.equal((await hall.stores.users.find(anna.id))?.perUserMfaState, 'enforced');
    assert.equal((await hall.stores.appPasswords.list(anna.id)).length, 1);
    assert.equal(
      (await hall.arrive(anna)).progress.step.kind,
      'choose',
      'within 30 seconds no text',
    );
  });

  it('blocks nobody by 0# at a number that was only typed, whenever it is pressed', async () => {
    const notMe = { kind: 'keys', keys: '0#', promptSpoken: true } as const;
    const { ref } = await hall.arrive(anna);
    await hall.signin.setUpNow(ref);
    const slip = { ...mobile, number: '06 12345613' };
    const calling = await hall.signin.contact(ref, { methodId: 'phone-call', input: slip });
    const first = { attemptId: ref.id, challengeId: challengeOf(calling).id, userId: anna.id };
    await hall.signin.hear({ ...first, event: { kind: 'answered' } });
    const heard = await hall.signin.hear({ ...first, event: notMe });
    assert.equal(heard, 'over');
    const { attempt, step } = await hall.signin.look(ref);
    assert.deepEqual(step, { kind: 'register', stage: 'prove' });
    assert.deepEqual(attempt.notice, {
      kind: 'rejected',
      methodId: 'phone-call',
      reason: 'somebody-else',
    });
    hall.clock.advanceSeconds(60);
    await hall.signin.setUpNow(ref);
    await hall.signin.hear({ ...first, event: notMe });
    const user = await hall.stores.users.find(anna.id);
    assert.deepEqual([user?.blocked, user?.mustChangePassword], [undefined, false]);
    assert.deepEqual(await hall.stores.audit.list({ kind: 'fraud-reported', limit: 1 }), []);
  });

  it('believes 0# at a phone that the organisation knows as theirs', async () => {
    const businessPhone = '+31201234567';
    const bea = await hall.person({
      userPrincipalName: 'bea@voorbeeld.example',
      perUserMfaState: 'enabled',
      businessPhone,
    });
    const { ref } = await hall.arrive(bea);
    await hall.signin.setUpNow(ref);
    const office = await hall.signin.contact(ref, {
      methodId: 'phone-call',
      input: { phoneType: 'office' },
    });
    const report = { attemptId: ref.id, challengeId: challengeOf(office).id, userId: bea.id };
    const event = { kind: 'keys', keys: '0#', promptSpoken: true } as const;
    await hall.signin.hear({ ...report, event: { kind: 'answered' } });
    await hall.signin.hear({ ...report, event });
    assert.equal((await hall.stores.users.find(bea.id))?.blocked?.reason, 'fraud-reported');
  });

  it('goes through an app and a backup phone, in four steps', async () => {
    const { ref } = await hall.arrive(anna);
    await hall.signin.setUpNow(ref);
    const proving = await hall.signin.contact(ref, { methodId: 'authenticator-code', input: {} });
    const secret = proving.attempt.registration?.draft?.secret;
    assert.ok(typeof secret === 'object' && secret !== null && 'key' in secret);
    const { totp } = await import('../lib/otp/otp.ts');
    const { decodeBase32 } = await import('../lib/otp/base32.ts');
    const code = totp(
      decodeBase32(String(secret.key)) ?? new Uint8Array(),
      hall.clock.now().getTime() / 1000,
    );
    const backup = await hall.signin.answer(ref, challengeOf(proving).id, { code });
    assert.deepEqual(backup.step, { kind: 'register', stage: 'backup' });
    const calling = await hall.signin.contact(ref, { methodId: 'text-message', input: mobile });
    assert.deepEqual(calling.step, { kind: 'register', stage: 'prove-backup' });
    const last = await hall.signin.answer(ref, challengeOf(calling).id, {
      code: codeIn(await hall.sent()),
    });
    assert.deepEqual(last.step, { kind: 'register', stage: 'app-password' });
    assert.ok((await hall.signin.done(ref, false)).session);
    assert.equal((await hall.stores.appPasswords.list(anna.id)).length, 0, 'not wanted, not kept');
    const user = await hall.stores.users.find(anna.id);
    assert.equal(user?.defaultMethod?.methodId, 'authenticator-code');
    assert.equal((await hall.stores.registrations.list(anna.id)).length, 2);
  });

  it('keeps what was proved when somebody leaves half-way, and lets nobody in', async () => {
    const { ref } = await hall.arrive(anna);
    await hall.signin.setUpNow(ref);
    const proving = await hall.signin.contact(ref, { methodId: 'text-message', input: mobile });
    await hall.signin.answer(ref, challengeOf(proving).id, { code: codeIn(await hall.sent()) });
    assert.equal((await hall.stores.sessions.list(anna.id, hall.clock.now())).length, 0);

    hall.clock.advanceSeconds(60);
    const back = await hall.arrive(anna);
    assert.equal(back.progress.step.kind, 'challenge', 'the proved phone is asked');
    const proved = await hall.signin.answer(back.ref, challengeOf(back.progress).id, {
      code: codeIn(await hall.sent()),
    });
    assert.deepEqual(proved.step, { kind: 'register', stage: 'interrupt' });
    const resumed = await hall.signin.setUpNow(back.ref);
    assert.deepEqual(resumed.step, { kind: 'register', stage: 'app-password' });
    assert.ok((await hall.signin.done(back.ref, true)).session);
  });

  it('keeps nothing of a second attempt once the first has registered something', async () => {
    // Somebody else who knows the password is half-way, too, and waits with the code of his own phone.
    const stranger = await hall.arrive(anna);
    await hall.signin.setUpNow(stranger.ref);
    const theirs = await hall.signin.contact(stranger.ref, {
      methodId: 'text-message',
      input: { ...mobile, number: '06 12345699' },
    });
    const code = codeIn(await hall.sent());

    hall.clock.advanceSeconds(31);
    const owner = await hall.arrive(anna);
    await hall.signin.setUpNow(owner.ref);
    const ours = await hall.signin.contact(owner.ref, { methodId: 'text-message', input: mobile });
    await hall.signin.answer(owner.ref, challengeOf(ours).id, { code: codeIn(await hall.sent()) });
    assert.ok((await hall.signin.done(owner.ref, false)).session);
    const kept = await hall.stores.registrations.list(anna.id);

    await assert.rejects(hall.signin.answer(stranger.ref, challengeOf(theirs).id, { code }), {
      code: 'ATTEMPT_NOT_FOUND',
    });
    assert.deepEqual(await hall.stores.registrations.list(anna.id), kept);
  });

  it('refuses a number that is none and changes nothing', async () => {
    const { ref } = await hall.arrive(anna);
    await hall.signin.setUpNow(ref);
    const refused = await hall.signin.contact(ref, {
      methodId: 'text-message',
      input: { ...mobile, number: '12' },
    });
    assert.equal(refused.refused?.field, 'number');
    assert.deepEqual(refused.step, { kind: 'register', stage: 'contact' });
  });

  it('is closed to the password alone once the window has passed', async () => {
    hall.clock.advanceSeconds(15 * 86_400);
    assert.deepEqual((await hall.arrive(anna)).progress.step, {
      kind: 'blocked',
      reason: 'registration-closed',
    });
  });
});

import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import { codeIn, startHall, type Hall, opening } from '../../test/support/signin.ts';
import type { User } from '../accounts/user.ts';
import { decodeBase32 } from '../lib/otp/base32.ts';
import { totp } from '../lib/otp/otp.ts';
import { appSecret } from '../methods/authenticator-app.ts';
import type { Addition } from '../signin/attempt.ts';
import type { CurrentSession } from '../signin/current-session.ts';
import type { Progress } from '../signin/progress.ts';

const visitor = { locale: 'en', address: '127.0.0.1' } as const;

describe('Security info', () => {
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
    await hall.phone(anna);
    hall.clock.advanceSeconds(1);
    await hall.app(anna);
    await hall.sent();
  });

  /** An attempt from inside a session, as **Add method** opens it. */
  const adding = async (
    { session }: CurrentSession,
    adds: Addition,
  ): Promise<{ readonly ref: { id: string; browser: string }; readonly progress: Progress }> => {
    const ref = await hall.signin.open(
      opening(
        {
          required: 'strongest',
          freshSeconds: 300,
          adds,
          returnTo: '/security-info',
          subject: session.userId,
        },
        { ...visitor, session },
      ),
    );
    return { ref, progress: await hall.signin.look(ref) };
  };

  const kinds = async (user: User): Promise<readonly string[]> =>
    (await hall.stores.registrations.list(user.id)).map(({ kind, slot }) => `${kind} ${slot}`);

  it('shows what is registered, the default marked, and what can be added', async () => {
    const current = await hall.enter(anna);
    const { entries, addable, defaultOption } = await hall.securityInfo.overview(
      current.user,
      'en',
    );
    assert.deepEqual(
      entries.map(({ kind, isDefault, proves, isRemovable }) => [
        kind.id,
        isDefault,
        proves.signIn,
        isRemovable,
      ]),
      [
        ['phone', false, true, true],
        ['authenticator-app', true, true, true],
      ],
    );
    assert.equal(defaultOption?.method.id, 'authenticator-code');
    assert.deepEqual(
      addable
        .filter(({ kind }) => kind.id === 'phone' || kind.id === 'authenticator-app')
        .map(({ place }) => place.label),
      ['Alternate authentication phone', 'Office phone', 'Authenticator app'],
    );
  });

  it('adds a phone by a fresh second step, and leaves the default as it was (row S-110)', async () => {
    const current = await hall.enter(anna);
    const { ref, progress } = await adding(current, { kind: 'phone', slot: 'alternateMobile' });
    assert.deepEqual(progress.step, { kind: 'register', stage: 'contact' });
    const input = { phoneType: 'alternateMobile', country: 'NL', number: '0687654321' };
    const asked = await hall.signin.contact(ref, { methodId: 'text-message', input });
    const challenge = asked.attempt.challenge ?? assert.fail();
    const added = await hall.signin.answer(ref, challenge.id, { code: codeIn(await hall.sent()) });
    assert.equal(added.step.kind, 'finish');
    assert.ok(added.session);
    assert.deepEqual((await kinds(anna)).toSorted(), [
      'authenticator-app 1',
      'phone alternateMobile',
      'phone mobile',
    ]);
    const after = await hall.stores.users.find(anna.id);
    assert.equal(after?.defaultMethod?.methodId, 'authenticator-code');
    const [mail] = await hall.sent();
    assert.equal(mail?.message.kind, 'mail');
  });

  it('asks for the second step anew after five minutes, before anything can be added', async () => {
    const current = await hall.enter(anna);
    hall.clock.advanceSeconds(301);
    const { ref, progress } = await adding(current, { kind: 'phone', slot: 'alternateMobile' });
    assert.equal(progress.step.kind, 'challenge');
    const input = { phoneType: 'alternateMobile', country: 'NL', number: '0687654321' };
    const refused = await hall.signin.contact(ref, { methodId: 'text-message', input });
    assert.equal(refused.step.kind, 'challenge');
    assert.equal((await kinds(anna)).length, 2);
  });

  it('adds nothing but what was chosen', async () => {
    const { ref } = await adding(await hall.enter(anna), { kind: 'authenticator-app', slot: '' });
    const input = { phoneType: 'alternateMobile', country: 'NL', number: '0687654321' };
    await assert.rejects(hall.signin.contact(ref, { methodId: 'text-message', input }), {
      code: 'STEP_NOT_ALLOWED',
    });
  });

  it('replaces a phone only once the new number is proved, and keeps it the default', async () => {
    const current = await hall.enter(anna);
    const [phone] = await hall.stores.registrations.list(anna.id);
    assert.ok(phone);
    const byText = `${phone.id}.text-message`;
    assert.equal(await hall.securityInfo.setDefault(current, byText, visitor), true);
    await hall.sent();
    const { ref } = await adding(current, { kind: 'phone', slot: 'mobile', replaces: phone.id });
    const input = { phoneType: 'mobile', country: 'NL', number: '0687654321' };
    const asked = await hall.signin.contact(ref, { methodId: 'text-message', input });
    assert.deepEqual((await hall.stores.registrations.list(anna.id))[0], phone);
    const challenge = asked.attempt.challenge ?? assert.fail();
    await hall.signin.answer(ref, challenge.id, { code: codeIn(await hall.sent()) });
    const { entries, defaultOption } = await hall.securityInfo.overview(
      (await hall.stores.users.find(anna.id)) ?? assert.fail(),
      'en',
    );
    assert.equal(entries.length, 2);
    assert.equal(defaultOption?.method.id, 'text-message');
    assert.notEqual(defaultOption?.registration.id, phone.id);
  });

  const changesPhone = async (
    current: CurrentSession,
    registrationId: string,
    number: string,
  ): Promise<Progress> => {
    const adds = { kind: 'phone', slot: 'mobile', replaces: registrationId };
    const { ref } = await adding(current, adds);
    const input = { phoneType: 'mobile', country: 'NL', number };
    const asked = await hall.signin.contact(ref, { methodId: 'text-message', input });
    const challenge = asked.attempt.challenge ?? assert.fail();
    return hall.signin.answer(ref, challenge.id, { code: codeIn(await hall.sent()) });
  };

  it('tells the old phone by text, and every address by mail, that the number was changed', async () => {
    const current = await hall.enter(anna);
    const [phone] = await hall.stores.registrations.list(anna.id);
    await changesPhone(current, phone?.id ?? '', '0687654321');
    const told = (await hall.sent()).map(({ message, challengeId }) => {
      assert.equal(challengeId, undefined, 'no answer to it counts for anything');
      return message;
    });
    const text = told.find(({ kind }) => kind === 'text');
    assert.ok(text?.kind === 'text');
    assert.equal(text.to, '+31612345612');
    assert.match(text.body, /the phone number of your account was changed/);
    assert.doesNotMatch(text.body, /21/, 'whoever has the old phone does not learn the new number');
    const mail = told.find(({ kind }) => kind === 'mail');
    assert.ok(mail?.kind === 'mail');
    assert.match(mail.subject, /was changed/);
    assert.match(mail.text, /Authentication phone: \+31\s··\s··\s··\s12 → \+31\s··\s··\s··\s21/);
    assert.equal(told.length, 2);
  });

  it('texts nobody who proves the same number once more', async () => {
    const current = await hall.enter(anna);
    const [phone] = await hall.stores.registrations.list(anna.id);
    await changesPhone(current, phone?.id ?? '', '0612345612');
    assert.deepEqual(
      (await hall.sent()).map(({ message }) => message.kind),
      ['mail'],
    );
  });

  it('goes on calling by default at the new number, though a text proved it', async () => {
    const current = await hall.enter(anna);
    const [phone] = await hall.stores.registrations.list(anna.id);
    await hall.securityInfo.setDefault(current, `${phone?.id}.phone-call`, visitor);
    await hall.sent();
    await changesPhone(current, phone?.id ?? '', '0687654321');
    const user = await hall.stores.users.find(anna.id);
    assert.equal(user?.defaultMethod?.methodId, 'phone-call');
    assert.notEqual(user.defaultMethod.registrationId, phone?.id);
  });

  it('replaces nothing that is of another kind, gone, or somebody else’s', async () => {
    const els = await hall.person({
      userPrincipalName: `els${hall.clock.now().getTime()}@voorbeeld.example`,
    });
    await hall.phone(els, '+31655555555');
    const [hers] = await hall.stores.registrations.list(els.id);
    const [, app] = await hall.stores.registrations.list(anna.id);
    const current = await hall.enter(anna);
    for (const replaces of [hers?.id, app?.id, 'nothing']) {
      const adds = { kind: 'phone', slot: 'alternateMobile', replaces };
      const { ref } = await adding(current, adds);
      const input = { phoneType: 'alternateMobile', country: 'NL', number: '0687654321' };
      await assert.rejects(hall.signin.contact(ref, { methodId: 'text-message', input }), {
        code: 'STEP_NOT_ALLOWED',
      });
    }
    assert.equal((await kinds(els)).length, 1);
    assert.equal((await kinds(anna)).length, 2);
  });

  it('lets nobody add a first method by the password alone, unless that is open', async () => {
    const els = await hall.person({
      userPrincipalName: `els${hall.clock.now().getTime()}@voorbeeld.example`,
      perUserMfaState: 'disabled',
      mfaRequiredAt: undefined,
    });
    const { securityInfo, stores, clock } = hall;
    assert.equal(await securityInfo.mayAdd(els, '127.0.0.1'), false);
    assert.equal(await securityInfo.mayAdd(anna, '127.0.0.1'), true);
    await stores.users.change(els.id, { mfaRequiredAt: clock.now() });
    const asked = (await stores.users.find(els.id)) ?? assert.fail();
    assert.equal(await securityInfo.mayAdd(asked, '127.0.0.1'), true);
    const current = await hall.enter(asked);
    const { ref, progress } = await adding(current, { kind: 'phone', slot: 'mobile' });
    assert.deepEqual(progress.step, { kind: 'register', stage: 'contact' });
    const input = { phoneType: 'mobile', country: 'NL', number: '0687654321' };
    const begun = await hall.signin.contact(ref, { methodId: 'text-message', input });
    const challenge = begun.attempt.challenge ?? assert.fail();
    const added = await hall.signin.answer(ref, challenge.id, { code: codeIn(await hall.sent()) });
    assert.equal(added.step.kind, 'finish');
    const after = await stores.users.find(els.id);
    assert.equal(after?.defaultMethod?.methodId, 'text-message');
    assert.equal(after.perUserMfaState, 'disabled');
  });

  it('has room for five authenticator apps, and says when they are all there', async () => {
    let current: CurrentSession | undefined;
    const refs = [];
    for (let app = 0; app < 6; app += 1) {
      // Each in a browser of its own: what one of them ends, it ends for itself.
      hall.clock.advanceSeconds(30);
      current = await hall.enter(anna);
      const { ref } = await adding(current, { kind: 'authenticator-app', slot: '' });
      const asked = await hall.signin.contact(ref, { methodId: 'authenticator-code', input: {} });
      refs.push({ ref, asked });
    }
    const added = await Promise.allSettled(
      refs.map(({ ref, asked }) => {
        const { draft } = asked.attempt.registration ?? assert.fail();
        const { key } = appSecret.parse(draft?.secret);
        const code = totp(decodeBase32(key) ?? assert.fail(), hall.clock.now().getTime() / 1000);
        return hall.signin.answer(ref, asked.attempt.challenge?.id ?? '', { code });
      }),
    );
    assert.equal(added.filter(({ status }) => status === 'fulfilled').length, 4);
    assert.equal((await kinds(anna)).filter((one) => one.startsWith('auth')).length, 5);
    const { full, addable } = await hall.securityInfo.overview(current?.user ?? anna, 'en');
    assert.deepEqual(
      full.map(({ id }) => id),
      ['authenticator-app'],
    );
    assert.ok(!addable.some(({ kind }) => kind.id === 'authenticator-app'));
  });

  /** Another browser of hers, where a text let her in. */
  const entersByText = async (): Promise<void> => {
    const { ref, progress } = await hall.arrive(anna);
    const byText =
      progress.known.options.find(({ method }) => method.id === 'text-message') ?? assert.fail();
    const asked = await hall.signin.choose(ref, byText.id);
    const challenge = asked.attempt.challenge ?? assert.fail();
    await hall.signin.answer(ref, challenge.id, { code: codeIn(await hall.sent()) });
  };
  const sessions = async (): Promise<readonly string[]> =>
    (await hall.stores.sessions.list(anna.id, hall.clock.now())).map(({ id }) => id.toString());

  it('ends what a thing had opened that is gone, but not the session that says so', async () => {
    const current = await hall.enter(anna);
    await entersByText();
    assert.equal((await sessions()).length, 2);
    const [phone, app] = await hall.stores.registrations.list(anna.id);
    await hall.securityInfo.remove(current, phone?.id ?? '', visitor);
    assert.deepEqual(await sessions(), [current.session.id.toString()]);
    await hall.phone(anna);
    await hall.securityInfo.remove(current, app?.id ?? '', visitor);
    assert.deepEqual(await sessions(), [current.session.id.toString()]);
  });

  it('ends what the old number had opened once another is in its place', async () => {
    const current = await hall.enter(anna);
    const [phone] = await hall.stores.registrations.list(anna.id);
    await entersByText();
    hall.clock.advanceSeconds(31);
    const { session } = await changesPhone(current, phone?.id ?? '', '0687654321');
    assert.ok(session);
    assert.equal((await sessions()).length, 1);
  });

  it('moves the default to the strongest left when it is deleted (row S-115)', async () => {
    const current = await hall.enter(anna);
    const app = current.user.defaultMethod?.registrationId ?? assert.fail();
    const removed = await hall.securityInfo.remove(current, app, visitor);
    assert.equal(removed.kind, 'removed');
    assert.equal(removed.kind === 'removed' && removed.newDefault?.method.id, 'text-message');
    assert.deepEqual(await kinds(anna), ['phone mobile']);
    const user = await hall.stores.users.find(anna.id);
    assert.equal(user?.defaultMethod?.methodId, 'text-message');
    assert.deepEqual(await hall.securityInfo.remove(current, app, visitor), { kind: 'gone' });
  });

  it('does not delete the last method of somebody who must have one', async () => {
    const current = await hall.enter(anna);
    const [phone, app] = await hall.stores.registrations.list(anna.id);
    await hall.securityInfo.remove(current, phone?.id ?? '', visitor);
    const last = await hall.securityInfo.remove(current, app?.id ?? '', visitor);
    assert.deepEqual(last, { kind: 'last' });
    assert.deepEqual(await kinds(anna), ['authenticator-app 1']);
  });

  it('leaves one of two methods when both are deleted at once', async () => {
    const current = await hall.enter(anna);
    const registrations = await hall.stores.registrations.list(anna.id);
    await Promise.all(
      registrations.map(({ id }) => hall.securityInfo.remove(current, id, visitor)),
    );
    assert.equal((await kinds(anna)).length, 1);
  });

  it('changes nothing without a fresh second step, nor after the session was ended', async () => {
    const current = await hall.enter(anna);
    const [phone] = await hall.stores.registrations.list(anna.id);
    const id = phone?.id ?? '';
    hall.clock.advanceSeconds(301);
    assert.equal(await hall.securityInfo.isOpen(current), true);
    assert.equal(await hall.securityInfo.isFresh(current), false);
    await assert.rejects(hall.securityInfo.remove(current, id, visitor), {
      code: 'STEP_UP_REQUIRED',
    });
    await assert.rejects(hall.securityInfo.setDefault(current, `${id}.text-message`, visitor), {
      code: 'STEP_UP_REQUIRED',
    });
    await hall.stores.sessions.removeAll(anna.id);
    await assert.rejects(hall.securityInfo.remove(current, id, visitor), { code: 'NOT_SIGNED_IN' });
    assert.equal((await kinds(anna)).length, 2);
  });

  it("never touches what is somebody else's", async () => {
    const els = await hall.person({
      userPrincipalName: `els${hall.clock.now().getTime()}@voorbeeld.example`,
    });
    await hall.phone(els);
    const current = await hall.enter(anna);
    const [hers] = await hall.stores.registrations.list(els.id);
    assert.deepEqual(await hall.securityInfo.remove(current, hers?.id ?? '', visitor), {
      kind: 'gone',
    });
    assert.equal(
      await hall.securityInfo.setDefault(current, `${hers?.id}.text-message`, visitor),
      false,
    );
    assert.equal((await kinds(els)).length, 1);
  });
});

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import type { User } from '../accounts/user.ts';
import {
  codeIn,
  startHall,
  password,
  type Arrival,
  type Hall,
  opening,
} from '../../test/support/signin.ts';
import type { AttemptRequest } from './attempt.ts';
import type { CurrentSession } from './current-session.ts';
import type { Progress } from './progress.ts';

const visitor = { locale: 'en', address: '127.0.0.1' } as const;

describe('a device that is trusted', () => {
  let hall: Hall;
  let heidi: User;
  /** What the browser keeps. */
  let cookie: string | undefined;
  beforeEach(async () => {
    hall = await startHall();
    await hall.policies.change((policy) => ({
      ...policy,
      trustedDevices: { allowed: true, days: 30 },
    }));
    heidi = await hall.person({ userPrincipalName: 'heidi@voorbeeld.example' });
    await hall.app(heidi);
    cookie = undefined;
  });
  afterEach(() => hall.close());

  /** Name and password in the browser that has this cookie; keeps what it is given. */
  const arrives = async (
    user = heidi,
    request: Partial<AttemptRequest> = {},
    withCookie = cookie,
  ): Promise<Arrival> => {
    hall.clock.advanceSeconds(30);
    const opened = await hall.signin.open(
      opening(
        { ...request },
        { ...visitor, userAgent: 'Mozilla/5.0 (Windows NT 10.0) Firefox/150.0' },
      ),
    );
    const before = { ...opened, trustedDevice: withCookie };
    await hall.signin.identify(before, user.userPrincipalName);
    const progress = await hall.signin.password(before, password, undefined);
    keep(progress);
    return { ref: { ...before, browser: progress.browser ?? opened.browser }, progress };
  };
  const keep = ({ trustedDevice }: Progress): void => {
    if (trustedDevice === 'ended') cookie = undefined;
    else if (trustedDevice !== undefined) cookie = trustedDevice.value;
  };
  const answers = async ({ ref, progress }: Arrival, trusts?: boolean): Promise<Progress> => {
    const app = progress.known.options.find(({ method }) => method.id === 'authenticator-code');
    const { challenge } = (await hall.signin.choose(ref, app?.id ?? '')).attempt;
    assert.ok(challenge, progress.step.kind);
    const answer = { code: hall.appCode() };
    const after = await hall.signin.answer(ref, challenge.id, answer, trusts);
    keep(after);
    return after;
  };
  /** Signs in with both steps and says "Don't ask again". */
  const trusts = async (user = heidi): Promise<string> => {
    const { step } = await answers(await arrives(user), true);
    assert.equal(step.kind, 'finish');
    assert.ok(cookie !== undefined, 'the device is trusted');
    return cookie;
  };
  /** Where a sign-in on this device stands after the password. */
  const after = async (request: Partial<AttemptRequest> = {}): Promise<string> =>
    (await arrives(heidi, request)).progress.step.kind;
  const subjects = async (): Promise<readonly string[]> =>
    (await hall.sent()).flatMap(({ message }) => (message.kind === 'mail' ? message.subject : []));
  const events = async (): Promise<readonly string[]> =>
    (await hall.stores.audit.list({ limit: 100 })).map(({ kind }) => kind);
  const newest = async (user = heidi): Promise<CurrentSession> => {
    const [session] = await hall.stores.sessions.list(user.id, hall.clock.now());
    const found = await hall.stores.users.find(user.id);
    assert.ok(session && found);
    return { session, user: found };
  };

  it('is not asked for the second step again, and its owner is told of the trust', async () => {
    await trusts();
    assert.match((await subjects()).join(), /A device is now trusted by your .* account/);
    assert.equal(await after(), 'finish');
    assert.equal(await after(), 'finish');
    assert.deepEqual(await subjects(), [], 'one is told once');
    const kinds = await events();
    for (const kind of ['device-trusted', 'trusted-device-used']) assert.ok(kinds.includes(kind));
  });

  it('proves nothing: the session holds the password alone, and says what it rests on', async () => {
    await trusts();
    await arrives();
    const current = await newest();
    assert.deepEqual(
      current.session.proofs.map(({ method }) => method),
      ['password'],
    );
    assert.equal(await hall.restsOnTrust(current), true);
    assert.equal(await hall.securityInfo.isOpen(current), false);
    const [event] = await hall.stores.signInEvents.list({ userId: heidi.id, limit: 1 });
    assert.deepEqual(
      event?.steps.map(({ method, result }) => [method, result]),
      [
        ['password', 'success'],
        ['trusted-device', 'success'],
      ],
    );
  });

  it('is trusted only where its owner asks for it', async () => {
    await answers(await arrives());
    assert.equal(cookie, undefined);
    await answers(await arrives(), false);
    assert.equal(cookie, undefined);
  });

  it('is trusted after a code that was wrong at first, as the box stays ticked', async () => {
    const arrival = await arrives();
    const { challenge } = arrival.progress.attempt;
    assert.ok(challenge);
    const wrong = await hall.signin.answer(arrival.ref, challenge.id, { code: '000000' }, true);
    assert.equal(wrong.attempt.trusts, true);
    await answers(arrival);
    assert.ok(cookie);
  });

  it('is trusted also where nothing is typed: said beforehand, done when the answer comes', async () => {
    await hall.phone(heidi);
    const { ref } = await arrives();
    await hall.sent();
    const [call] = (await hall.stores.registrations.list(heidi.id)).filter(
      ({ kind }) => kind === 'phone',
    );
    hall.clock.advanceSeconds(31);
    await hall.signin.choose(ref, `${call?.id}.phone-call`);
    await hall.signin.trust(ref, true);
    for (const { message, attemptId, challengeId } of await hall.sent()) {
      if (message.kind !== 'call' || attemptId === undefined || challengeId === undefined) continue;
      const keys = { kind: 'keys', keys: '#', promptSpoken: true } as const;
      assert.equal(await hall.signin.hear({ attemptId, challengeId, event: keys }), 'verified');
    }
    const finished = await hall.signin.finish(ref);
    keep(finished);
    assert.ok(cookie);
    assert.equal(await after(), 'finish');
  });

  it('is not trusted before the second step is proved', async () => {
    const { ref } = await arrives();
    const { trustedDevice } = await hall.signin.trust(ref, true);
    assert.equal(trustedDevice, undefined);
    assert.deepEqual(await hall.stores.trustedDevices.list(heidi.id, hall.clock.now()), []);
  });

  it('is nothing to another person (authy-devise #58)', async () => {
    await trusts();
    const alice = await hall.person({ userPrincipalName: 'alice@voorbeeld.example' });
    await hall.app(alice);
    const { step } = (await arrives(alice)).progress;
    assert.notEqual(step.kind, 'finish');
    assert.equal(await after(), 'finish', 'and heidi keeps it');
  });

  it('is trusted no longer when a value comes back that was changed, and its owner is told', async () => {
    const stolen = await trusts();
    assert.equal(await after(), 'finish');
    const kept = cookie;
    await subjects();
    hall.clock.advanceSeconds(61);
    const thief = await arrives(heidi, {}, stolen);
    assert.equal(thief.progress.step.kind, 'challenge');
    assert.equal(thief.progress.trustedDevice, 'ended');
    assert.match((await subjects()).join(), /may have copied a trusted device/);
    assert.ok((await events()).includes('trusted-device-reused'));
    // The session that was opened on it is gone as well: it is not known who is the thief.
    assert.deepEqual(await hall.stores.sessions.list(heidi.id, hall.clock.now()), []);
    cookie = kept;
    assert.equal(await after(), 'challenge');
  });

  it('survives two tabs that sign in at once', async () => {
    const value = await trusts();
    hall.clock.advanceSeconds(30);
    const tabs = await Promise.all([arrives(heidi, {}, value), arrives(heidi, {}, value)]);
    assert.deepEqual(
      tabs.map(({ progress }) => progress.step.kind),
      ['finish', 'finish'],
    );
    assert.equal(await after(), 'finish');
    assert.equal((await hall.trustedDevices.list(heidi, cookie)).devices.length, 1);
  });

  it('never counts where a step is asked anew, or an application wants two', async () => {
    await trusts();
    assert.equal(await after({ anew: 'second-step' }), 'challenge');
    assert.equal(await after({ anew: 'everything' }), 'challenge');
    assert.equal(await after({ required: 'second-step' }), 'challenge');
    assert.equal(await after({ required: 'strongest' }), 'challenge');
    // What they have is asked anew first, and then for the key that is missing.
    assert.equal(await after({ required: 'phishing-resistant' }), 'challenge');
    assert.equal(
      await after({ strengths: ['passwordless'], required: 'second-step' }),
      'challenge',
    );
    assert.equal(await after(), 'finish', 'and none of these used it up');
  });

  it('never counts for a step-up from the session that rests on it', async () => {
    await trusts();
    await arrives();
    const { session } = await newest();
    const opened = await hall.signin.open(
      opening(
        { required: 'strongest', returnTo: '/my-profile/security-info', subject: heidi.id },
        { ...visitor, session },
      ),
    );
    const ref = { ...opened, trustedDevice: cookie };
    assert.equal((await hall.signin.look(ref)).step.kind, 'challenge');
  });

  it('is never trusted for people with a role, and ends for who gets one', async () => {
    const dave = await hall.person({
      userPrincipalName: 'dave@voorbeeld.example',
      role: 'global-admin',
    });
    await hall.app(dave);
    await answers(await arrives(dave), true);
    assert.equal(cookie, undefined);

    await trusts();
    await arrives();
    await hall.stores.users.change(heidi.id, { role: 'help-desk' });
    assert.equal(await hall.restsOnTrust(await newest()), false);
    assert.equal(await after(), 'challenge');
  });

  it('counts while policy allows it, and as long as policy says', async () => {
    await trusts();
    await hall.policies.change((policy) => ({
      ...policy,
      trustedDevices: { allowed: false, days: 30 },
    }));
    assert.equal(await after(), 'challenge');
    await hall.policies.change((policy) => ({
      ...policy,
      trustedDevices: { allowed: true, days: 30 },
    }));
    assert.equal(await after(), 'finish');
    hall.clock.advanceSeconds(30 * 86_400);
    assert.equal(await after(), 'challenge');
  });

  /** A session whose second step is fresh. */
  const steppedUp = async (): Promise<CurrentSession> => {
    await answers(await arrives(heidi, {}, ''));
    return newest();
  };
  const addsPhone = async (): Promise<void> => {
    const { session } = await steppedUp();
    const ref = await hall.signin.open(
      opening(
        {
          required: 'strongest',
          freshSeconds: 300,
          adds: { kind: 'phone', slot: 'mobile' },
          returnTo: '/my-profile/security-info',
          subject: heidi.id,
        },
        { ...visitor, session },
      ),
    );
    await hall.sent();
    const input = { phoneType: 'mobile', country: 'NL', number: '0612345612' };
    const asked = await hall.signin.contact(ref, { methodId: 'text-message', input });
    const challenge = asked.attempt.challenge ?? assert.fail();
    const code = codeIn(await hall.sent());
    const { step } = await hall.signin.answer(ref, challenge.id, { code });
    assert.equal(step.kind, 'finish');
  };

  it('ends with whatever is registered, removed or required anew', async () => {
    const changes: Readonly<Record<string, () => Promise<unknown>>> = {
      added: addsPhone,
      // What is left is what was registered before: trust of then does not come back either.
      removed: async () => {
        const registered = await hall.stores.registrations.list(heidi.id);
        const phone = registered.find(({ kind }) => kind === 'phone');
        await hall.securityInfo.remove(await steppedUp(), phone?.id ?? '', visitor);
      },
      'changed beside us': () => hall.phone(heidi),
      'password set': () =>
        hall.administration.setPassword(heidi.id, password, { temporary: false, by: 'admin' }),
      'signed out': () => hall.administration.revokeSessions(heidi.id, 'admin'),
      're-registered': async () => {
        await hall.administration.requireReRegistration(heidi.id, 'admin');
        await hall.app(heidi);
      },
    };
    for (const [what, change] of Object.entries(changes)) {
      await trusts();
      assert.equal(await after(), 'finish', `before it was ${what}`);
      await change();
      assert.notEqual(await after(), 'finish', what);
      assert.deepEqual((await hall.trustedDevices.list(heidi, cookie)).devices, [], what);
      cookie = undefined;
    }
  });

  it('does not spare a password that somebody else may know', async () => {
    await trusts();
    await hall.stores.users.change(heidi.id, { mustChangePassword: true });
    assert.equal(await after(), 'challenge');
  });

  it('is listed for its owner, this one marked, and ended one by one', async () => {
    await trusts();
    const first = cookie;
    cookie = undefined;
    await trusts();
    const own = await hall.trustedDevices.list(heidi, cookie);
    assert.deepEqual(
      own.devices.map(({ isThisOne }) => isThisOne),
      [true, false],
    );
    const other = own.devices[1];
    assert.ok(other);
    await subjects();
    const current = await newest();
    assert.equal(await hall.trustedDevices.remove(current, other.id, visitor), true);
    assert.equal(await hall.trustedDevices.remove(current, other.id, visitor), false);
    assert.match((await subjects()).join(), /A device is no longer trusted/);
    assert.ok((await events()).includes('trusted-device-removed'));
    assert.equal(await after(), 'finish');
    cookie = first;
    assert.equal(await after(), 'challenge');
  });

  it('is ended with all others, and with the sessions on them but this one', async () => {
    await trusts();
    const first = cookie;
    cookie = undefined;
    await trusts();
    const current = await newest();
    await subjects();
    assert.equal(await hall.trustedDevices.removeAll(current, visitor), 2);
    assert.equal(await hall.trustedDevices.removeAll(current, visitor), 0);
    assert.match((await subjects()).join(), /No device is trusted any more/);
    const left = await hall.stores.sessions.list(heidi.id, hall.clock.now());
    assert.deepEqual(
      left.map(({ id }) => id),
      [current.session.id],
    );
    assert.equal(await after(), 'challenge');
    cookie = first;
    assert.equal(await after(), 'challenge');
  });

  it('is nobody else’s to end', async () => {
    await trusts();
    const [device] = (await hall.trustedDevices.list(heidi, cookie)).devices;
    assert.ok(device);
    const alice = await hall.person({ userPrincipalName: 'alice@voorbeeld.example' });
    await hall.app(alice);
    hall.clock.advanceSeconds(30);
    const current = await hall.enter(alice);
    assert.equal(await hall.trustedDevices.remove(current, device.id, visitor), false);
    assert.equal(await hall.trustedDevices.removeAll(current, visitor), 0);
    assert.equal(await after(), 'finish');
  });
});

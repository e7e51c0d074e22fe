/** What somebody tries who means harm, and what comes of it (`docs/threat-model.md`). */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';

import { everyServer, freshDatabase } from '../../test/support/database.ts';
import {
  codeIn,
  password,
  startHall,
  type Arrival,
  type Hall,
  opening,
} from '../../test/support/signin.ts';
import type { User } from '../accounts/user.ts';
import type { Session } from '../sessions/session.ts';
import type { AttemptStore } from './attempt-store.ts';
import type { AttemptRef, Progress } from './progress.ts';
import { createSignin } from './signin.ts';

const asStranger = opening({}, { address: '192.0.2.1' });

describe('somebody with an account of their own', () => {
  it('opens no session for another by exchanging the name while the password is looked at', async () => {
    // What another tab does between two looks at the attempt, each time at the worst moment.
    const meanwhile: (() => Promise<unknown>)[] = [];
    const database = await freshDatabase();
    const attempts: AttemptStore = {
      ...database.stores.attempts,
      find: async (id) => {
        const found = await database.stores.attempts.find(id);
        await meanwhile.shift()?.();
        return found;
      },
    };
    const otherTab = await startHall(database);
    const hall = await startHall({ ...database, stores: { ...allOf(database.stores), attempts } });
    const own = await hall.person({ userPrincipalName: 'mallory@voorbeeld.example' });
    const victim = await hall.person({
      userPrincipalName: 'victim@voorbeeld.example',
      passwordHash: undefined,
      perUserMfaState: 'disabled',
    });
    const ref = await otherTab.signin.open(asStranger);
    await otherTab.signin.identify(ref, own.userPrincipalName);
    for (const { userPrincipalName } of [victim, own]) {
      meanwhile.push(() => otherTab.signin.identify(ref, userPrincipalName));
    }
    await hall.signin.password(ref, password, undefined).catch(() => undefined);
    assert.deepEqual(await hall.stores.sessions.list(victim.id, hall.clock.now()), []);
    await database.close();
  });
});

describe('a stranger who knows nothing', () => {
  let hall: Hall;
  before(async () => {
    hall = await startHall();
  });
  after(() => hall.close());

  const guess = async (name: string, typed = 'wrong'): Promise<Progress> => {
    const ref = await hall.signin.open(asStranger);
    await hall.signin.identify(ref, name);
    return hall.signin.password(ref, typed, undefined);
  };

  it('meets one count, however the name is written', async () => {
    const anna = await hall.person({ userPrincipalName: 'zoë@voorbeeld.example' });
    const forms = [
      'zoë@voorbeeld.example',
      'ZOË@Voorbeeld.Example',
      '  zoë@voorbeeld.example\t',
      'zoe\u0308@voorbeeld.example',
      '\uff5aoë@voorbeeld.example',
      'zoë\uff20voorbeeld.example',
    ];
    for (let tries = 0; tries < 12; tries++) {
      await guess(forms[tries % forms.length] ?? '', `wrong ${tries}`);
    }
    const told = await hall.stores.audit.list({ userId: anna.id, limit: 50 });
    assert.equal(told.filter(({ kind }) => kind === 'password-rejected').length, 10);
    assert.equal(told.filter(({ kind }) => kind === 'password-not-evaluated').length, 2);
  });

  it('has the same asked of the database, whoever is named', async () => {
    const asked: string[] = [];
    const listening = await startHall({
      ...hall.database,
      stores: overheard(hall.stores, asked),
      transact: (work) => hall.database.transact((stores) => work(overheard(stores, asked))),
    });
    const { id, userPrincipalName } = await hall.person({
      userPrincipalName: 'dewi@voorbeeld.example',
    });
    const order = { length: 8, minutes: 60, once: true, forgets: false };
    await hall.administration.issuePass(id, order, 'command-line');
    const askedFor = async (name: string): Promise<readonly string[]> => {
      const ref = await hall.signin.open(asStranger);
      // A second name in the same attempt, and each step more than once: nothing is different later.
      for (let times = 0; times < 2; times++) {
        await listening.signin.identify(ref, name);
        await listening.signin.password(ref, 'wrong', 'known-browser');
        await listening.signin.password(ref, 'wrong', undefined, name);
        await listening.signin.pass(ref, 'WR0NGPASS', undefined);
        await listening.signin.look(ref);
      }
      // The policy is read every two seconds, by whoever comes then.
      return asked.splice(0).filter((question) => question !== 'stores.policies.read');
    };
    assert.deepEqual(await askedFor(userPrincipalName), await askedFor('nobody@voorbeeld.example'));
  });

  it('finds no password in the logs that somebody typed as a name', async () => {
    const slips = ['Geheim!2026 van mij', 'P@ssw0rd!', 'hunter2'];
    for (const slip of slips) await guess(slip, 'anna@voorbeeld.example');
    await guess('nobody@voorbeeld.example');
    const audited = JSON.stringify(await hall.stores.audit.list({ limit: 500 }));
    const listed = JSON.stringify(await hall.stores.signInEvents.list({ limit: 500 }));
    for (const slip of slips) {
      assert.ok(!audited.includes(slip), `${slip} in the audit log`);
      assert.ok(!listed.includes(slip), `${slip} in the sign-in log`);
    }
    assert.ok(audited.includes('nobody@voorbeeld.example'));
    assert.ok(listed.includes('nobody@voorbeeld.example'));
  });

  it('does not pause those who mistype their name in another way', async () => {
    for (let tries = 0; tries < 12; tries++) await guess('no name at all', `wrong ${tries}`);
    assert.equal((await guess('no name at all')).attempt.notice?.kind, 'passwords-paused');
    assert.equal((await guess('anna de vries')).attempt.notice?.kind, 'wrong-name-or-password');
  });
});

describe('a stranger who knows the password', () => {
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
    await hall.app(anna);
  });

  const guess = async ({ ref, progress }: Arrival, times: number): Promise<void> => {
    for (let tries = 0; tries < times; tries++) {
      await hall.signin.answer(ref, progress.attempt.challenge?.id ?? 'none', { code: '000000' });
    }
  };
  const kinds = async (): Promise<readonly string[]> =>
    (await hall.stores.audit.list({ userId: anna.id, limit: 500 })).map(({ kind }) => kind);
  const count = async (kind: string): Promise<number> =>
    (await kinds()).filter((each) => each === kind).length;

  it('has ten guesses a day, however often its owner signs in meanwhile', async () => {
    for (let round = 0; round < 6; round++) {
      const stranger = await hall.arrive(anna);
      await guess(stranger, 3);
      hall.clock.advanceSeconds(60);
      const owner = await hall.arrive(anna);
      if (owner.progress.step.kind === 'paused') break;
      await hall.signin.answer(owner.ref, owner.progress.attempt.challenge?.id ?? '', {
        code: hall.appCode(),
      });
    }
    assert.equal(await count('answer-rejected'), 10);
    assert.equal(await count('second-steps-paused'), 1, 'and the owner is told');
  });

  it('leaves a trace of each guess, also of those that nobody looked at', async () => {
    const arrivals = [];
    for (let each = 0; each < 4; each++) arrivals.push(await hall.arrive(anna));
    for (const arrival of arrivals) await guess(arrival, 5);
    // Who comes later finds no challenge to answer, and posts all the same.
    await guess(await hall.arrive(anna), 5);
    assert.equal(await count('answer-rejected'), 10);
    assert.equal(await count('answer-not-evaluated'), 15);
  });

  it('starts at nought once the password is another', async () => {
    await guess(await hall.arrive(anna), 5);
    await guess(await hall.arrive(anna), 4);
    await hall.stores.users.change(anna.id, { mustChangePassword: true });
    const owner = await hall.arrive(anna);
    await hall.signin.answer(owner.ref, owner.progress.attempt.challenge?.id ?? '', {
      code: hall.appCode(),
    });
    const { step } = await hall.signin.changePassword(owner.ref, 'a quite different one');
    assert.equal(step.kind, 'finish');
    assert.equal(await hall.stores.throttle.peek(`wrong-second-steps:${anna.id}`), undefined);
  });
});

describe('a step-up in a browser that somebody is signed in with', () => {
  let hall: Hall;
  let anna: User;
  beforeEach(async () => {
    hall = await startHall();
    anna = await hall.person();
    await hall.app(anna);
  });
  afterEach(() => hall.close());

  const sessions = () => hall.stores.sessions.list(anna.id, hall.clock.now());
  const signIn = async (): Promise<Session> => {
    const { ref, progress } = await hall.arrive(anna);
    const code = hall.appCode();
    await hall.signin.answer(ref, progress.attempt.challenge?.id ?? '', { code });
    return (await sessions())[0] ?? assert.fail('nobody is signed in');
  };
  const request = { ...asStranger.request, required: 'second-step', anew: 'second-step' } as const;
  const stepUp = (session: Session) => hall.signin.open({ ...asStranger, request, session });

  it('counts nothing the session proved, once its owner has signed out', async () => {
    const session = await signIn();
    const left = await stepUp(session);
    assert.equal((await hall.signin.look(left)).step.kind, 'challenge');
    await hall.stores.sessions.remove(session.id);
    assert.equal((await hall.signin.look(left)).step.kind, 'password');
    hall.clock.advanceSeconds(60);
    const { attempt } = await hall.signin.look(left);
    const late = await hall.signin.answer(left, attempt.challenge?.id ?? '', {
      code: hall.appCode(),
    });
    assert.equal(late.session, undefined);
    assert.deepEqual(await sessions(), []);
  });

  it('counts nothing of it either where its owner signs out while the answer is looked at', async () => {
    const session = await signIn();
    const remembered = await stepUp(session);
    hall.clock.advanceSeconds(60);
    const leaving: Hall['parts']['transact'] = async (work) => {
      await hall.stores.sessions.remove(session.id);
      return hall.parts.transact(work);
    };
    const { progress } = remembered;
    const late = await createSignin({ ...hall.parts, transact: leaving }).answer(
      remembered,
      progress.attempt.challenge?.id ?? '',
      { code: hall.appCode() },
    );
    assert.deepEqual([late.step.kind, late.session], ['password', undefined]);
    assert.deepEqual(late.attempt.proofs, []);
    assert.deepEqual(await sessions(), []);
  });

  it('opens no session in place of one that ended while another was opened', async () => {
    const session = await signIn();
    const ref = await stepUp(session);
    hall.clock.advanceSeconds(60);
    const leaving: Hall['parts']['transact'] = (work) =>
      hall.database.transact((stores) => {
        const { find, remove } = stores.sessions;
        const ending: typeof find = async (...asked) => {
          const found = await find(...asked);
          await remove(session.id);
          return found;
        };
        return work({ ...stores, sessions: { ...stores.sessions, find: ending } });
      });
    const signin = createSignin({ ...hall.parts, transact: leaving });
    const { attempt } = ref.progress;
    await assert.rejects(
      signin.answer(ref, attempt.challenge?.id ?? '', { code: hall.appCode() }),
      { code: 'STEP_NOT_ALLOWED' },
    );
    assert.equal((await sessions()).length, 1, 'none of it happened');
  });

  it('counts nothing that was proved before everything was revoked, in the same moment', async () => {
    const session = await signIn();
    // The thief's request found the session; then its owner ended everything.
    await hall.stores.sessions.removeAll(anna.id);
    const nothingNew = { ...request, anew: 'nothing' } as const;
    const ref = await hall.signin.open({ ...asStranger, request: nothingNew, session });
    const { step, session: opened } = await hall.signin.finish(ref);
    assert.deepEqual({ step: step.kind, opened }, { step: 'password', opened: undefined });
  });

  it('does not make the session last longer than its password', async () => {
    const first = await signIn();
    for (let hours = 0; hours < 3; hours++) {
      hall.clock.advanceSeconds(3_000);
      const [session = first] = await sessions();
      const ref = await stepUp(session);
      const { attempt } = await hall.signin.look(ref);
      const code = hall.appCode();
      const { session: opened } = await hall.signin.answer(ref, attempt.challenge?.id ?? '', {
        code,
      });
      assert.ok(opened);
    }
    const [last] = await sessions();
    assert.deepEqual(last?.expiresAt, first.expiresAt);
  });
});

describe('the first registration', () => {
  const mobile = { phoneType: 'mobile', country: 'NL', number: '06 12345612' };
  let hall: Hall;
  let anna: User;
  beforeEach(async () => {
    hall = await startHall();
    anna = await hall.person({ perUserMfaState: 'disabled' });
  });
  afterEach(() => hall.close());

  const proveAPhone = async (ref: AttemptRef): Promise<Progress> => {
    await hall.signin.setUpNow(ref);
    const proving = await hall.signin.contact(ref, { methodId: 'text-message', input: mobile });
    const code = codeIn(await hall.sent());
    return hall.signin.answer(ref, proving.attempt.challenge?.id ?? '', { code });
  };

  it('signs out whoever came with the password alone before it', async () => {
    await hall.arrive(anna);
    const [thief] = await hall.stores.sessions.list(anna.id, hall.clock.now());
    assert.ok(thief);
    const grant = { accountId: anna.id, grantId: 'offline' };
    await hall.stores.oidc.upsert('RefreshToken', 'token', grant, undefined);

    await hall.stores.users.change(anna.id, {
      perUserMfaState: 'enabled',
      mfaRequiredAt: hall.clock.now(),
    });
    const owner = await hall.arrive(anna);
    await proveAPhone(owner.ref);
    assert.deepEqual(await hall.stores.sessions.list(anna.id, hall.clock.now()), []);
    const now = hall.clock.now();
    assert.equal(await hall.stores.oidc.find('RefreshToken', 'token', now), undefined);
    assert.ok((await hall.signin.done(owner.ref, false)).session, 'its owner goes on');
  });

  it('goes on in the browser that was signed in with the password', async () => {
    await hall.arrive(anna);
    const [session] = await hall.stores.sessions.list(anna.id, hall.clock.now());
    await hall.stores.users.change(anna.id, {
      perUserMfaState: 'enabled',
      mfaRequiredAt: hall.clock.now(),
    });
    const request = { ...asStranger.request, required: 'second-step' } as const;
    const ref = await hall.signin.open({ ...asStranger, request, session });
    assert.equal((await proveAPhone(ref)).step.kind, 'register');
    assert.equal((await hall.signin.look(ref)).step.kind, 'register');
    assert.ok((await hall.signin.done(ref, false)).session);
    const open = await hall.stores.sessions.list(anna.id, hall.clock.now());
    assert.deepEqual(
      open.map(({ expiresAt }) => expiresAt),
      [session?.expiresAt],
    );
  });
});

describe('a change of policy', () => {
  let hall: Hall;
  let anna: User;
  beforeEach(async () => {
    hall = await startHall();
    anna = await hall.person();
  });
  afterEach(() => hall.close());

  /** An admin wants no more texts and calls; the node that is asked from now on knows it already. */
  const allowNoPhones = async (): Promise<Hall> => {
    await hall.stores.policies.write(0, {
      methods: { 'text-message': { enabled: false }, 'phone-call': { enabled: false } },
    });
    return startHall(hall.database);
  };

  it('opens no registration to whoever has the password, where a phone is registered', async () => {
    await hall.phone(anna);
    const { arrive, signin } = await allowNoPhones();
    const stranger = await arrive(anna);
    assert.deepEqual(stranger.progress.step, { kind: 'blocked', reason: 'no-method' });
    await signin.setUpNow(stranger.ref);
    const mine = { methodId: 'authenticator-code', input: {} };
    const { attempt } = await signin.contact(stranger.ref, mine);
    assert.equal(attempt.registration, undefined);
  });

  it('ends the challenges of what it forbids, and sends nothing more', async () => {
    await hall.app(anna);
    await hall.phone(anna);
    const { ref, progress } = await hall.arrive(anna);
    const code = codeIn(await hall.sent());
    const { signin, clock } = await allowNoPhones();
    const late = await signin.answer(ref, progress.attempt.challenge?.id ?? '', { code });
    assert.equal(late.session, undefined);
    clock.advanceSeconds(60);
    await signin.repeat(ref);
    assert.deepEqual(await hall.sent(), []);
    // What is still allowed is asked instead.
    const { attempt } = await signin.finish(ref);
    assert.equal(attempt.challenge?.methodId, 'authenticator-code');
  });

  it('sends nothing to a country that it closed', async () => {
    await hall.phone(anna, '+32470123456');
    await hall.stores.policies.write(0, { delivery: { countries: ['NL', 'BE'] } });
    const open = await startHall(hall.database);
    const { progress } = await open.arrive(anna);
    assert.equal(progress.step.kind, 'challenge');
    assert.equal((await hall.sent()).length, 1);
    await hall.stores.policies.write(1, { delivery: { countries: ['NL'] } });
    const closed = await startHall(hall.database);
    const later = await closed.arrive(anna);
    assert.deepEqual(later.progress.attempt.notice, { kind: 'country-closed' });
    assert.deepEqual(await hall.sent(), []);
  });

  it('sends nothing to a number that costs extra, however it came to be registered', async () => {
    await hall.stores.policies.write(0, { delivery: { countries: ['NL', 'GB', 'LV'] } });
    const open = await startHall(hall.database);
    for (const number of ['+31900123456', '+447012345678', '+37181123456']) {
      const user = await open.person({
        userPrincipalName: `p${number.slice(1)}@voorbeeld.example`,
      });
      await open.phone(user, number);
      const { progress } = await open.arrive(user);
      assert.deepEqual(progress.attempt.notice, { kind: 'country-closed' }, number);
    }
    assert.deepEqual(await hall.sent(), []);
  });

  it('ends a registration of what it forbids', async () => {
    const { ref } = await hall.arrive(anna);
    await hall.signin.setUpNow(ref);
    const proving = await hall.signin.contact(ref, {
      methodId: 'text-message',
      input: { phoneType: 'mobile', country: 'NL', number: '06 12345612' },
    });
    const code = codeIn(await hall.sent());
    const { signin } = await allowNoPhones();
    await signin.answer(ref, proving.attempt.challenge?.id ?? '', { code });
    assert.deepEqual(await hall.stores.registrations.list(anna.id), []);
  });
});

for (const server of everyServer()) {
  describe(`many at once, on ${server.engine}`, () => {
    let hall: Hall;
    before(async () => {
      hall = await startHall(await server.fresh());
      await hall.stores.policies.write(0, { delivery: { dayBudget: 3 } });
    });
    after(async () => {
      await hall.close();
      await server.close();
    });

    it('send no more texts than the organisation pays for in a day', async () => {
      const people = [];
      for (let each = 0; each < 12; each++) {
        const person = await hall.person({ userPrincipalName: `person${each}@voorbeeld.example` });
        await hall.phone(person, `+3161234560${each % 10}`);
        people.push(person);
      }
      await Promise.all(people.map((person) => hall.arrive(person)));
      assert.equal((await hall.sent()).length, 3);
    });
  });
}

describe('an owner whose phone rings without cause', () => {
  const notMe = { kind: 'keys', keys: '0#', promptSpoken: true } as const;
  let hall: Hall;
  let anna: User;
  beforeEach(async () => {
    hall = await startHall();
    anna = await hall.person();
    await hall.phone(anna);
    const [phone] = await hall.stores.registrations.list(anna.id);
    await hall.stores.users.setDefaultMethod(anna.id, {
      registrationId: phone?.id ?? '',
      methodId: 'phone-call',
    });
  });
  afterEach(() => hall.close());

  /** The stranger has the phone called, and does something while it rings. */
  const ring = async (meanwhile: (stranger: Arrival) => Promise<unknown>): Promise<void> => {
    const stranger = await hall.arrive(anna);
    const [call] = await hall.sent();
    assert.equal(call?.message.kind, 'call');
    await meanwhile(stranger);
    const { attemptId = '', challengeId = '', userId } = call;
    await hall.signin.hear({ attemptId, challengeId, userId, event: notMe });
    const user = await hall.stores.users.find(anna.id);
    assert.equal(user?.blocked?.reason, 'fraud-reported');
    const mails = (await hall.sent()).filter(({ message }) => message.kind === 'mail');
    assert.ok(mails.length > 0, 'the owner is told what came of it');
    const told = await hall.stores.audit.list({ kind: 'fraud-reported', limit: 50 });
    assert.deepEqual(
      told.map((event) => event.userId),
      [anna.id],
    );
  };

  it('is heard with 0# when the stranger has cancelled the call in time', async () => {
    await ring(({ ref }) => hall.signin.anotherWay(ref));
  });

  it('is heard when the stranger has begun anew, as somebody else', async () => {
    const other = await hall.person({ userPrincipalName: 'bram@voorbeeld.example' });
    await ring(async ({ ref }) => {
      await hall.signin.restart(ref);
      await hall.signin.identify(ref, other.userPrincipalName);
    });
    assert.equal((await hall.stores.users.find(other.id))?.blocked, undefined);
  });

  it('is heard when the time of the call is over', () =>
    ring(async () => hall.clock.advanceSeconds(65)));

  it('is heard while second steps are paused', () =>
    ring(async () => {
      await hall.app(anna);
      for (let tries = 0; tries < 10; tries++) {
        const { ref, progress } = await hall.arrive(anna);
        const challengeId = progress.attempt.challenge?.id ?? '';
        await hall.signin.answer(ref, challengeId, { code: '000000' });
      }
      assert.equal((await hall.arrive(anna)).progress.step.kind, 'paused');
    }));

  it('ends what the stranger has opened by another way', async () => {
    await ring(async () => {
      await hall.app(anna);
      const { ref, progress } = await hall.arrive(anna);
      const code = hall.appCode();
      const { session } = await hall.signin.answer(ref, progress.attempt.challenge?.id ?? '', {
        code,
      });
      assert.ok(session);
    });
    assert.deepEqual(await hall.stores.sessions.list(anna.id, hall.clock.now()), []);
  });

  it('blocks nobody with 0# before the call has said what it means', async () => {
    const { progress } = await hall.arrive(anna);
    const [call] = await hall.sent();
    const { attemptId = '', challengeId = '', userId } = call ?? {};
    hall.clock.advanceSeconds(65);
    const early = { ...notMe, promptSpoken: false };
    await hall.signin.hear({ attemptId, challengeId, userId, event: early });
    assert.equal((await hall.stores.users.find(anna.id))?.blocked, undefined);
    assert.ok(progress.attempt.challenge);
  });
});

describe('a thief with the password and a lost app, on the way in when it is taken off the list', () => {
  let hall: Hall;
  let anna: User;
  beforeEach(async () => {
    hall = await startHall();
    anna = await hall.person();
    await hall.phone(anna);
    await hall.app(anna);
    await hall.policies.change((policy) => ({
      ...policy,
      sessions: { ...policy.sessions, staySignedIn: { allowed: true, days: 30 } },
    }));
  });
  afterEach(() => hall.close());

  const removes = async (wanted: string): Promise<void> => {
    const has = await hall.stores.registrations.list(anna.id);
    const { id = '' } = has.find(({ kind }) => kind === wanted) ?? {};
    assert.ok(await hall.administration.removeMethod(anna.id, id, 'help-desk'));
  };
  /** Proves both steps, and waits at the last page. */
  const waits = async (): Promise<AttemptRef> => {
    hall.clock.advanceSeconds(31);
    const { ref, progress } = await hall.arrive(anna);
    const code = hall.appCode();
    const { step } = await hall.signin.answer(ref, progress.attempt.challenge?.id ?? '', { code });
    assert.equal(step.kind, 'stay-signed-in');
    return ref;
  };

  it('gets no further with what it proved', async () => {
    const ref = await waits();
    await removes('authenticator-app');
    await assert.rejects(hall.signin.staySignedIn(ref, true), { code: 'ATTEMPT_NOT_FOUND' });
    assert.deepEqual(await hall.stores.sessions.list(anna.id, hall.clock.now()), []);
  });

  it('nor by a Temporary Access Pass in whose place another was made', async () => {
    const issue = () =>
      hall.administration.issuePass(
        anna.id,
        { length: 8, minutes: 60, once: false, forgets: false },
        'help-desk',
      );
    const { plain } = await issue();
    const opened = await hall.signin.open(asStranger);
    const typed = await hall.signin.pass(opened, plain, undefined, anna.userPrincipalName);
    assert.equal(typed.step.kind, 'stay-signed-in');
    const ref = { id: opened.id, browser: typed.browser ?? opened.browser };
    await issue();
    await assert.rejects(hall.signin.staySignedIn(ref, true), { code: 'ATTEMPT_NOT_FOUND' });
  });

  it('while its owner goes on, who proved something else', async () => {
    const ref = await waits();
    await removes('phone');
    const { step } = await hall.signin.staySignedIn(ref, false);
    assert.equal(step.kind, 'finish');
  });
});

/** The stores, with every question that they are asked written down. */
function overheard(stores: Hall['stores'], asked: string[]): Hall['stores'] {
  const listen = <thing extends object>(thing: thing, path: string): thing =>
    new Proxy(thing, {
      get: (of, name, receiver) => {
        const value: unknown = Reflect.get(of, name, receiver);
        const called = `${path}.${String(name)}`;
        if (typeof value === 'object' && value !== null) return listen(value, called);
        if (typeof value !== 'function') return value;
        return (...given: readonly unknown[]): unknown => {
          asked.push(called);
          return Reflect.apply(value, of, given);
        };
      },
    });
  return listen(stores, 'stores');
}

/** All stores at once: those of a database are made one by one, when they are asked for. */
function allOf(stores: Hall['stores']): Hall['stores'] {
  return { ...stores };
}

import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import { pairedAppOf } from '../../../test/support/paired-app.ts';
import { until } from '../../../test/support/poll.ts';
import {
  accessRequest,
  exchange,
  textAttribute,
  unsigned,
  type Asked,
  type RadiusAnswer,
} from '../../../test/support/radius-client.ts';
import { codeIn, password, startHall, type Hall } from '../../../test/support/signin.ts';
import type { User } from '../../accounts/user.ts';
import type { RadiusMode } from '../../applications/radius-client.ts';
import { createRadiusClients } from '../../applications/radius-clients.ts';
import type { AppPasswordDoor } from '../../app-passwords/app-password.ts';
import { attributes, codes, readPacket, type Attribute } from '../../lib/radius/packet.ts';
import { writeRequest } from '../../lib/radius/writing.ts';
import { randomBelow, seededRandom, systemRandom } from '../../lib/random.ts';
import { createDoors, type Doors } from '../../signin/doors.ts';
import { createRadius, type Radius, type RadiusEvent } from './radius.ts';

/** A client of each mode; all of them ask from one address, and are told apart by their secrets. */
interface Client {
  readonly id: string;
  readonly secret: string;
}
const here = '192.0.2.10';

describe('the RADIUS door', () => {
  let hall: Hall;
  let doors: Doors;
  let radius: Radius;
  let events: RadiusEvent[] = [];
  let clients: Readonly<Record<RadiusMode | 'other', Client>>;
  let anna: User;
  let count = 0;

  before(async () => {
    hall = await startHall();
    doors = createDoors(hall.parts);
    radius = doorOf(hall, doors);
    await hall.policies.change((policy) => ({
      ...policy,
      organisation: { ...policy.organisation, domain: 'voorbeeld.example' },
      appPasswords: { allowed: true },
      trustedIps: ['192.0.2.0/24'],
    }));
    clients = {
      'app-password': await client('Mail', 'app-password'),
      'password-then-challenge': await client('VPN', 'password-then-challenge'),
      'password+code': await client('Old VPN', 'password+code'),
      other: await client('Other VPN', 'password-then-challenge'),
    };
  });
  after(async () => {
    await radius.stop();
    await doors.stop();
    await hall.close();
  });
  beforeEach(async () => {
    anna = await person();
    events = [];
    // Nothing of one test's limits is left for the next one.
    hall.clock.advanceSeconds(4_000);
  });

  const doorOf = (of: Hall, judge: Doors): Radius =>
    createRadius({
      clients: of.stores.radiusClients,
      doors: judge,
      signin: of.signin,
      signals: of.database.database.signals,
      methods: of.parts.methods,
      policies: of.policies,
      random: systemRandom,
      box: of.parts.box,
      clock: of.clock,
      origin: 'https://login.example',
      report: (event) => events.push(event),
    });
  const client = async (name: string, mode: RadiusMode): Promise<Client> => {
    const service = createRadiusClients({
      ...hall.parts,
      store: hall.stores.radiusClients,
      transact: hall.database.transact,
    });
    const added = await service.add({ name, addresses: ['192.0.2.0/28'], mode }, 'test');
    assert.ok(added.kind === 'added');
    return { id: added.client.id, secret: added.secret };
  };
  const person = (change: Partial<User> = {}): Promise<User> => {
    count += 1;
    return hall.person({ userPrincipalName: `radius${count}@voorbeeld.example`, ...change });
  };
  const ask = (
    mode: RadiusMode | 'other',
    asked: Partial<Asked> = {},
    through: Radius = radius,
  ): Promise<RadiusAnswer> => {
    const { secret } = clients[mode];
    const request = accessRequest(secret, { name: anna.userPrincipalName, password, ...asked });
    return exchange((datagram) => through.receive(datagram, here), secret, request);
  };
  const send = (mode: RadiusMode, request: Buffer, from = here): Promise<RadiusAnswer> =>
    exchange((datagram) => radius.receive(datagram, from), clients[mode].secret, request);
  const appPassword = async (user: User, door?: AppPasswordDoor): Promise<string> => {
    const wanted = { userId: user.id, name: 'Phone', expiryDays: 0, door };
    const made = await hall.parts.appPasswords.make(hall.stores, wanted);
    assert.ok(made.kind === 'made');
    return made.plain;
  };
  const call = async (user: User): Promise<void> => {
    await hall.phone(user);
    const [phone] = await hall.stores.registrations.list(user.id);
    assert.ok(phone !== undefined);
    const chosen = { registrationId: phone.id, methodId: 'phone-call' };
    await hall.stores.users.setDefaultMethod(user.id, chosen);
  };
  const ringing = (): Promise<{ attemptId: string; challengeId: string }> =>
    until('a call', async () => {
      const [queued] = (await hall.sent()).filter(({ message }) => message.kind === 'call');
      const { attemptId, challengeId } = queued ?? {};
      return attemptId === undefined || challengeId === undefined
        ? undefined
        : { attemptId, challengeId };
    });
  const kinds = async (limit = 6): Promise<readonly string[]> =>
    (await hall.stores.audit.list({ limit })).map(({ kind }) => kind);

  describe('with an app password', () => {
    it('lets its owner in, by the whole name or the part before the domain', async () => {
      const typed = await appPassword(anna);
      assert.equal((await ask('app-password', { password: typed }))?.code, 'access-accept');
      const name = anna.userPrincipalName.split('@')[0] ?? '';
      const spaced = typed.replaceAll(/(.{4})/g, '$1 ');
      const again = await ask('app-password', { name, password: spaced });
      assert.deepEqual(again, { code: 'access-accept', message: '', state: undefined });
      assert.equal((await kinds(1))[0], 'app-password-accepted');
    });

    it('lets nobody in with the own password, another’s, or one for another door', async () => {
      const typed = await appPassword(anna, 'ldap');
      const bram = await appPassword(await person());
      for (const wrong of [password, typed, bram, '']) {
        const answer = await ask('app-password', { password: wrong });
        assert.equal(answer?.code, 'access-reject', wrong);
        assert.match(answer.message, /do not belong together/);
        assert.ok(!answer.message.includes(clients['app-password'].secret));
      }
    });

    it('is dead on every node as soon as it is deleted', async () => {
      const other = await startHall(hall.database);
      const judge = createDoors(other.parts);
      const elsewhere = doorOf(other, judge);
      try {
        const typed = await appPassword(anna);
        for (const node of [radius, elsewhere]) {
          const answer = await ask('app-password', { password: typed }, node);
          assert.equal(answer?.code, 'access-accept');
        }
        await hall.administration.removeAppPasswords(anna.id, 'test');
        for (const node of [radius, elsewhere]) {
          const answer = await ask('app-password', { password: typed }, node);
          assert.equal(answer?.code, 'access-reject');
        }
      } finally {
        await elsewhere.stop();
        await judge.stop();
      }
    });

    it('is not locked by a stranger’s guesses, and neither is the web', async () => {
      await hall.app(anna);
      const typed = await appPassword(anna);
      for (let guess = 0; guess < 30; guess += 1) {
        assert.equal(
          (await ask('app-password', { password: `guess ${guess}` }))?.code,
          'access-reject',
        );
      }
      assert.equal((await ask('app-password', { password: typed }))?.code, 'access-accept');
      assert.equal((await hall.arrive(anna)).progress.step.kind, 'challenge');
    });

    it('stands beside the own password until its owner has registered, and the log says so', async () => {
      anna = await person({ perUserMfaState: 'enabled' });
      assert.equal((await ask('app-password'))?.code, 'access-accept');
      const [event] = await hall.stores.audit.list({ limit: 1 });
      assert.equal(event?.kind, 'own-password-accepted');
      assert.deepEqual(event.details, { door: 'radius', why: 'enabled' });
    });
  });

  describe('with a password and then a challenge', () => {
    it('asks for the code of the app, and lets its owner in with it', async () => {
      await hall.app(anna);
      const asked = await ask('password-then-challenge');
      assert.equal(asked?.code, 'access-challenge');
      assert.match(asked.message, /^Enter the verification code from the mobile app\./);
      const { state } = asked;
      const done = await ask('password-then-challenge', { password: hall.appCode(), state });
      assert.equal(done?.code, 'access-accept');
      assert.deepEqual((await kinds(4)).toReversed(), [
        'password-accepted',
        'challenge-started',
        'answer-accepted',
        'signed-in',
      ]);
      assert.deepEqual(await hall.stores.sessions.list(anna.id, hall.clock.now()), []);
      const [event] = await hall.stores.signInEvents.list({ userId: anna.id, limit: 1 });
      assert.equal(event?.result, 'success');
      assert.equal(event.applicationId, clients['password-then-challenge'].id);
    });

    it('asks for a text’s code; the number of another way calls instead', async () => {
      await hall.phone(anna);
      const asked = await ask('password-then-challenge');
      assert.match(
        asked?.message ?? '',
        /text message .*Sign in another way: type 1 for "Call \+31/,
      );
      const code = codeIn(await hall.sent());
      const wrong = await ask('password-then-challenge', {
        password: code === '111111' ? '222222' : '111111',
        state: asked?.state,
      });
      assert.equal(wrong?.code, 'access-challenge');
      assert.match(wrong.message, /^That is not the code/);
      const done = await ask('password-then-challenge', { password: code, state: wrong.state });
      assert.equal(done?.code, 'access-accept');

      hall.clock.advanceSeconds(60);
      const again = await ask('password-then-challenge');
      hall.clock.advanceSeconds(60);
      const called = ask('password-then-challenge', { password: '1', state: again?.state });
      const report = await ringing();
      await hall.signin.hear({ ...report, event: { kind: 'answered' } });
      await hall.signin.hear({ ...report, event: pressed('#') });
      assert.equal((await called)?.code, 'access-accept');
    });

    it('lets the client wait while the phone rings, and says why nobody was let in', async () => {
      await call(anna);
      const waiting = ask('password-then-challenge');
      const report = await ringing();
      await hall.signin.hear({ ...report, event: { kind: 'answered' } });
      await hall.signin.hear({ ...report, event: pressed('#') });
      assert.equal((await waiting)?.code, 'access-accept');

      hall.clock.advanceSeconds(60);
      const inVain = ask('password-then-challenge');
      const missed = await ringing();
      await hall.signin.hear({ ...missed, event: { kind: 'ended', reason: 'no-answer' } });
      const answer = await inVain;
      assert.equal(answer?.code, 'access-reject');
      assert.match(answer.message, /^Nobody answered the call/);
    });

    it('shows the digits that are to be pressed before it waits', async () => {
      anna = await person({ role: 'help-desk' });
      await call(anna);
      const asked = await ask('password-then-challenge');
      assert.equal(asked?.code, 'access-challenge');
      const [, digits = ''] = /The digits are (\d{2})\./.exec(asked.message) ?? [];
      const report = await ringing();
      await hall.signin.hear({ ...report, event: { kind: 'answered' } });
      await hall.signin.hear({ ...report, event: pressed(`${digits}#`) });
      const done = await ask('password-then-challenge', { password: '', state: asked.state });
      assert.equal(done?.code, 'access-accept');
    });

    it('shows the number that the app asks for, and goes on when it was approved', async () => {
      const app = await pairedAppOf(hall, anna);
      const asked = await ask('password-then-challenge');
      const [, number = ''] = /The digits are (\d{2})\./.exec(asked?.message ?? '') ?? [];
      const done = ask('password-then-challenge', { password: '', state: asked?.state });
      await app.approves(number);
      assert.equal((await done)?.code, 'access-accept');
    });

    it('takes a code of the app in place of an approval, once', async () => {
      await hall.app(anna);
      // Of two apps the older one is asked for its code.
      hall.clock.advanceSeconds(1);
      await pairedAppOf(hall, anna);
      const asked = await ask('password-then-challenge');
      assert.match(asked?.message ?? '', /^Approve the request in your app/);
      const typed = { password: hall.appCode(), state: asked?.state };
      assert.equal((await ask('password-then-challenge', typed))?.code, 'access-accept');
      hall.clock.advanceSeconds(5);
      const again = await ask('password-then-challenge');
      const repeated = { password: typed.password, state: again?.state };
      assert.notEqual((await ask('password-then-challenge', repeated))?.code, 'access-accept');
    });

    it('gets one answer however often it asks while the phone rings', async () => {
      await call(anna);
      const { secret } = clients['password-then-challenge'];
      const request = accessRequest(secret, { name: anna.userPrincipalName, password });
      const first = radius.receive(request, here);
      const report = await ringing();
      const again = radius.receive(request, here);
      await hall.signin.hear({ ...report, event: { kind: 'answered' } });
      await hall.signin.hear({ ...report, event: pressed('#') });
      const answer = await first;
      assert.ok(answer !== undefined);
      assert.deepEqual(await again, answer);
      assert.deepEqual(
        (await hall.sent()).filter(({ message }) => message.kind === 'call'),
        [],
      );
    });

    it('is not held up by a phone that rings when the service ends', async () => {
      await call(anna);
      const ending = doorOf(hall, doors);
      const waiting = ask('password-then-challenge', {}, ending);
      await ringing();
      await ending.stop();
      assert.equal(await waiting, undefined);
      assert.equal(await ask('password-then-challenge', {}, ending), undefined);
    });

    it('takes what it gave out once', async () => {
      await hall.app(anna);
      const { state } = (await ask('password-then-challenge')) ?? {};
      const code = hall.appCode();
      const both = await Promise.all([
        ask('password-then-challenge', { password: code, state }),
        ask('password-then-challenge', { password: code, state }),
      ]);
      const told = both.map((answer) => answer?.code);
      assert.ok(told.includes('access-accept') && told.includes('access-reject'));
      const replayed = await ask('password-then-challenge', { password: code, state });
      assert.equal(replayed?.code, 'access-reject');
      assert.match(replayed.message, /over/);
    });

    it('takes it from that client and for that person only', async () => {
      await hall.app(anna);
      const bram = await person();
      const { state } = (await ask('password-then-challenge')) ?? {};
      const answer = { password: hall.appCode(), state };
      assert.equal((await ask('other', answer))?.code, 'access-reject');
      const name = bram.userPrincipalName;
      const asBram = await ask('password-then-challenge', { ...answer, name });
      assert.equal(asBram?.code, 'access-reject');
      for (const made of ['', 'x', `${'a'.repeat(22)}.${'b'.repeat(43)}`]) {
        const guessed = await ask('password-then-challenge', { ...answer, state: made });
        assert.equal(guessed?.code, 'access-reject');
      }
      assert.equal((await ask('password-then-challenge', answer))?.code, 'access-accept');
    });

    it('is no way into the pages, whoever knows what was given out', async () => {
      await hall.app(anna);
      const { state = '' } = (await ask('password-then-challenge')) ?? {};
      const [id = '', token = ''] = state.split('.');
      for (const browser of [undefined, '', token]) {
        await assert.rejects(hall.signin.look({ id, browser }), { code: 'ATTEMPT_NOT_FOUND' });
      }
    });

    it('counts wrong codes with all others, and then looks at none', async () => {
      await hall.app(anna);
      const right = hall.appCode();
      const wrong = right === '000000' ? '111111' : '000000';
      let last: RadiusAnswer;
      for (let round = 0; round < 2; round += 1) {
        last = await ask('password-then-challenge');
        for (let guess = 0; guess < 5; guess += 1) {
          assert.equal(last?.code, 'access-challenge');
          last = await ask('password-then-challenge', { password: wrong, state: last.state });
        }
        assert.equal(last?.code, 'access-reject');
      }
      const paused = await ask('password-then-challenge');
      assert.equal(paused?.code, 'access-reject');
      assert.match(paused.message, /Try again in 15 minutes/);
      assert.equal((await hall.arrive(anna)).progress.step.kind, 'paused');
    });

    it('says of a wrong password what it says of a wrong name', async () => {
      const wrong = await ask('password-then-challenge', { password: 'wrong' });
      const nobody = await ask('password-then-challenge', { name: 'nobody' });
      assert.deepEqual(wrong, nobody);
      assert.equal(wrong?.code, 'access-reject');
    });

    it('spares nobody for the network that the client stands in', async () => {
      await hall.app(anna);
      const asked = await ask('password-then-challenge', { callingStation: '192.0.2.77' });
      assert.equal(asked?.code, 'access-challenge');
      const [event] = await hall.stores.audit.list({ kind: 'password-accepted', limit: 1 });
      assert.equal(event?.address, '192.0.2.77');
    });

    it('asks nothing of whom nothing is required, and sends others to a browser', async () => {
      anna = await person({ perUserMfaState: 'disabled' });
      assert.equal((await ask('password-then-challenge'))?.code, 'access-accept');
      anna = await person({ perUserMfaState: 'enabled' });
      assert.equal((await ask('password-then-challenge'))?.code, 'access-accept');
      assert.ok((await kinds(2)).includes('own-password-accepted'));
      anna = await person();
      const unregistered = await ask('password-then-challenge');
      assert.equal(unregistered?.code, 'access-reject');
      assert.match(unregistered.message, /https:\/\/login\.example\//);
      anna = await person({ accountEnabled: false });
      assert.match((await ask('password-then-challenge'))?.message ?? '', /disabled/);
    });

    it('speaks the language of the person', async () => {
      anna = await person({ preferredLanguage: 'nl' });
      await hall.app(anna);
      const asked = await ask('password-then-challenge');
      assert.match(asked?.message ?? '', /^Verificatiecode van mobiele app invoeren/);
    });
  });

  describe('with password and code in one field', () => {
    it('lets its owner in with the code of the app, once', async () => {
      await hall.app(anna);
      const typed = { password: `${password}${hall.appCode()}` };
      assert.equal((await ask('password+code', typed))?.code, 'access-accept');
      assert.equal((await ask('password+code', typed))?.code, 'access-reject');
    });

    it('lets nobody in without the code, and sends nothing', async () => {
      await hall.phone(anna);
      const { id } = anna;
      const phoneOnly = await ask('password+code', { password: `${password}123456` });
      assert.equal(phoneOnly?.code, 'access-reject');
      const messages = (await hall.sent()).filter(({ message }) => message.kind !== 'mail');
      assert.deepEqual(messages, []);
      anna = await person();
      assert.notEqual(anna.id, id);
      await hall.app(anna);
      const bare = await ask('password+code');
      assert.equal(bare?.code, 'access-reject');
      assert.match(bare.message, /right behind your password/);
      const wrong = await ask('password+code', { password: `wrong${hall.appCode()}` });
      assert.match(wrong?.message ?? '', /do not belong together/);
    });
  });

  describe('whoever sends a packet', () => {
    it('hears nothing without a signature, with a wrong one, or from elsewhere', async () => {
      const typed = await appPassword(anna);
      const { secret } = clients['app-password'];
      const request = (): Buffer =>
        accessRequest(secret, { name: anna.userPrincipalName, password: typed });
      const forged = request();
      forged.writeUInt8(forged.readUInt8(25) ^ 1, 25);
      assert.equal(await send('app-password', unsigned(request())), undefined);
      assert.equal(await send('app-password', forged), undefined);
      assert.equal(await send('app-password', request(), '198.51.100.7'), undefined);
      assert.equal(await send('app-password', Buffer.from('hello')), undefined);
      assert.deepEqual(
        events.map(({ reason }) => reason),
        ['unsigned', 'wrongly-signed', 'unknown-address', 'malformed'],
      );
      const mapped = await send('app-password', request(), `::ffff:${here}`);
      assert.equal(mapped?.code, 'access-accept');
    });

    it('gets the same answer to the same packet, which costs nothing', async () => {
      const typed = await appPassword(anna);
      const { secret } = clients['app-password'];
      const request = accessRequest(secret, { name: anna.userPrincipalName, password: typed });
      const before_ = (await kinds(1000)).length;
      const [first, second] = await Promise.all([
        radius.receive(request, here),
        radius.receive(request, here),
      ]);
      assert.deepEqual(first, second);
      await hall.administration.removeAppPasswords(anna.id, 'test');
      assert.deepEqual(await radius.receive(request, here), first);
      assert.equal((await kinds(1000)).length, before_ + 2);
      // After half a minute it is judged anew.
      hall.clock.advanceSeconds(31);
      assert.notDeepEqual(await radius.receive(request, here), first);
    });

    it('does not get another’s answer by drawing the same numbers', async () => {
      const typed = await appPassword(anna);
      const { secret } = clients['app-password'];
      const name = anna.userPrincipalName;
      const request = accessRequest(secret, { name, password: typed });
      assert.equal((await send('app-password', request))?.code, 'access-accept');
      const other = accessRequest(secret, { name, password: 'wrong' });
      request.copy(other, 1, 1, 2);
      assert.equal(await send('app-password', other), undefined);
    });

    it('is told that only passwords are spoken, and that we are there', async () => {
      const { secret } = clients['app-password'];
      const request = (code: 'access-request' | 'status-server', ...more: Attribute[]): Buffer =>
        writeRequest({
          code,
          identifier: 7,
          authenticator: systemRandom.bytes(16),
          secret: Buffer.from(secret),
          attributes: [textAttribute('user-name', anna.userPrincipalName), ...more],
        });
      for (const other of ['chap-password', 'eap-message'] as const) {
        const asked = request('access-request', textAttribute(other, 'a'.repeat(17)));
        const answer = await send('app-password', asked);
        assert.equal(answer?.code, 'access-reject');
        assert.match(answer.message, /PAP/);
      }
      const status = await send('app-password', request('status-server'));
      assert.equal(status?.code, 'access-accept');
    });

    it('is answered or not, whatever it is, and nothing fails', async () => {
      const random = seededRandom('radius door');
      const below = (limit: number): number => randomBelow(random, limit);
      const names = Object.values(attributes).filter((type) => type !== 80);
      const modes = ['app-password', 'password-then-challenge', 'password+code'] as const;
      let answered = 0;
      for (let round = 0; round < 600; round += 1) {
        const { secret } = clients[modes[round % 3] ?? 'app-password'];
        const request = writeRequest({
          code: 'access-request',
          identifier: below(256),
          authenticator: random.bytes(16),
          secret: Buffer.from(secret),
          attributes: Array.from({ length: below(9) }, () => ({
            type: names[below(names.length)] ?? 1,
            value: random.bytes(below(3) === 0 ? 16 * below(16) : below(200)),
          })),
        });
        // Half of them are changed after they were signed.
        if (round % 2 === 0) request.writeUInt8(below(256), 20 + below(request.length - 20));
        const answer = await radius.receive(request, here);
        if (answer === undefined) continue;
        answered += 1;
        assert.equal(readPacket(answer)?.code, codes['access-reject']);
      }
      assert.ok(answered > 200, `${answered} were answered`);
      assert.deepEqual(
        events.filter(({ kind }) => kind === 'failed'),
        [],
      );
    });

    it('is one of those that the clients’ list has now', async () => {
      const gone = await client('Gone', 'app-password');
      const typed = await appPassword(anna);
      const asked = { name: anna.userPrincipalName, password: typed };
      const carry = (datagram: Buffer): Promise<Buffer | undefined> =>
        radius.receive(datagram, here);
      const answered = (): Promise<RadiusAnswer> =>
        exchange(carry, gone.secret, accessRequest(gone.secret, asked));
      await until('the new client', async () => (await answered()) !== undefined);
      await hall.stores.radiusClients.remove(gone.id);
      await until('its end', async () => (await answered()) === undefined);
    });
  });

  it('believes a client that cannot sign from this machine, and with no Proxy-State', async () => {
    const service = createRadiusClients({
      ...hall.parts,
      store: hall.stores.radiusClients,
      transact: hall.database.transact,
    });
    const wanted = {
      name: 'PAM',
      addresses: ['127.0.0.1'],
      mode: 'app-password',
      signs: false,
    } as const;
    const added = await service.add(wanted, 'test');
    assert.ok(added.kind === 'added');
    const typed = await appPassword(anna);
    const asked = { name: anna.userPrincipalName, password: typed };
    const from = (request: Buffer, address: string): Promise<RadiusAnswer> =>
      exchange((datagram) => radius.receive(datagram, address), added.secret, request);
    const plain = await until('the new client', () =>
      from(unsigned(accessRequest(added.secret, asked)), '127.0.0.1'),
    );
    assert.equal(plain.code, 'access-accept');
    const relayed = { ...asked, more: [textAttribute('proxy-state', 'x')] };
    const forging = unsigned(accessRequest(added.secret, relayed));
    assert.equal(await from(forging, '127.0.0.1'), undefined);
    assert.equal(await from(unsigned(accessRequest(added.secret, asked)), here), undefined);
  });
});

function pressed(keys: string) {
  return { kind: 'keys', keys, promptSpoken: true } as const;
}

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import type { FastifyInstance } from 'fastify';

import { newAppDevice, type AppDevice } from '../../../test/support/app-device.ts';
import { httpServerForTests, testOrigin } from '../../../test/support/http-server.ts';
import { appKey, startHall, type Arrival, type Hall } from '../../../test/support/signin.ts';
import type { User } from '../../accounts/user.ts';
import { createEventStreams } from '../../http/event-stream.ts';
import { appSecret } from '../../methods/authenticator-app.ts';
import { apiPaths, type AnswerRequest } from '../../methods/notification/protocol.ts';
import { createDevices } from '../../signin/devices.ts';
import { createSignin, type Signin } from '../../signin/signin.ts';
import { authenticatorRoutes } from './authenticator.ts';

describe('what a paired app asks of us', () => {
  let hall: Hall;
  let app: FastifyInstance;
  let signin: Signin;
  let user: User;
  let device: AppDevice;
  let account: string;

  beforeEach(async () => {
    hall = await startHall();
    const parts = { ...hall.parts, origin: testOrigin };
    signin = createSignin(parts);
    app = httpServerForTests();
    await app.register(async (scope) =>
      authenticatorRoutes({
        devices: createDevices(parts),
        streams: createEventStreams({ signals: hall.database.database.signals }),
        applications: hall.stores.applications,
        heard: hall.stores.heard,
        box: parts.box,
        clock: hall.clock,
        origin: testOrigin,
        pushKey: 'the-key-that-browsers-subscribe-with',
      })(scope),
    );
    await app.ready();
    user = await hall.person();
    device = newAppDevice();
    account = await paired(user, device);
  });
  afterEach(async () => {
    await app.close();
    await hall.close();
  });

  const now = (): number => hall.clock.now().getTime();

  /** Registers an app that is paired; resolves to how it names itself. */
  async function paired(owner: User, { key }: AppDevice): Promise<string> {
    const id = 'a'.repeat(22);
    const registrationId = `registration-of-${owner.id}`;
    const { stores } = hall;
    await stores.registrations.add({
      id: registrationId,
      userId: owner.id,
      kind: 'authenticator-app',
      slot: '1',
      secret: {
        ...appSecret.parse({ key: appKey }),
        device: { id, key, name: 'Chrome on Android', version: '1.0.0', wrongPins: 0, denials: 0 },
      },
      version: 1,
      createdAt: hall.clock.now(),
      lastUsedAt: undefined,
    });
    const methodId = 'notification';
    await stores.users.setDefaultMethod(owner.id, { registrationId, methodId });
    return `${owner.id}.${id}`;
  }

  interface Answer {
    readonly status: number;
    readonly body: unknown;
    readonly headers: Readonly<Record<string, unknown>>;
  }

  async function call(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'OPTIONS',
    url: string,
    sent?: unknown,
    token?: string,
  ): Promise<Answer> {
    const answer = await app.inject({
      method,
      url,
      headers: {
        host: new URL(testOrigin).host,
        // An app that was loaded from another organisation's server.
        origin: 'https://login.elsewhere.example',
        'sec-fetch-site': 'cross-site',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(sent === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(sent === undefined ? {} : { payload: JSON.stringify(sent) }),
    });
    const body: unknown = answer.body === '' ? undefined : JSON.parse(answer.body);
    return { status: answer.statusCode, body, headers: answer.headers };
  }

  async function token(): Promise<string> {
    const asked = device.tokenRequest(testOrigin, { account, at: now() });
    const { body } = await call('POST', apiPaths.token, asked);
    return String(field(body, 'token'));
  }

  async function pending(): Promise<readonly unknown[]> {
    const { body } = await call('GET', apiPaths.requests, undefined, await token());
    const requests = field(body, 'requests');
    assert.ok(Array.isArray(requests));
    return requests;
  }

  async function decides(decision: Partial<AnswerRequest>, by = device): Promise<unknown> {
    const [request] = await pending();
    const asked = { account, request: String(field(request, 'id')), at: now(), ...decision };
    return field(
      (await call('POST', apiPaths.answer, by.answer(testOrigin, asked))).body,
      'result',
    );
  }

  const numberOn = ({ progress }: Arrival): string =>
    String(field(progress.attempt.challenge?.state, 'number'));

  it('shows what waits, without the number, and lets in whoever types it', async () => {
    assert.deepEqual(await pending(), []);
    const arrival = await hall.arrive(user, { applicationName: 'Sample application' });
    const [request, ...more] = await pending();
    assert.deepEqual(more, []);
    assert.equal(field(request, 'application'), 'Sample application');
    assert.equal(field(request, 'isTest'), false);
    assert.ok(!JSON.stringify(request).includes(`"${numberOn(arrival)}"`));
    assert.equal(await decides({ number: numberOn(arrival) }), 'approved');
    const { step } = await signin.finish(arrival.ref);
    assert.equal(step.kind, 'finish');
    assert.equal((await hall.stores.sessions.list(user.id, hall.clock.now())).length, 1);
    assert.deepEqual(await pending(), []);
  });

  it('says neither what is signed in to nor from where, where policy does not have it shown', async () => {
    const shown = async (settings: object): Promise<readonly unknown[]> => {
      await hall.policies.change((policy) => ({
        ...policy,
        methods: { notification: { settings } },
      }));
      const [request] = await pending();
      return ['application', 'address'].map((name) => field(request, name));
    };
    await hall.arrive(user, { applicationName: 'Sample application' });
    assert.deepEqual(await shown({}), ['Sample application', '127.0.0.1']);
    assert.deepEqual(await shown({ showApplication: false }), [undefined, '127.0.0.1']);
    assert.deepEqual(await shown({ showPlace: false }), ['Sample application', undefined]);
  });

  it('ends the request at a wrong number, and takes no second one', async () => {
    const arrival = await hall.arrive(user);
    const number = numberOn(arrival) === '10' ? '11' : '10';
    const [request] = await pending();
    const asked = { account, request: String(field(request, 'id')), at: now() };
    const wrong = await call(
      'POST',
      apiPaths.answer,
      device.answer(testOrigin, { ...asked, number }),
    );
    assert.equal(field(wrong.body, 'result'), 'wrong-number');
    const right = { ...asked, at: now() + 1, number: numberOn(arrival) };
    const late = await call('POST', apiPaths.answer, device.answer(testOrigin, right));
    assert.equal(field(late.body, 'result'), 'over');
    const { attempt } = await signin.look(arrival.ref);
    assert.equal(attempt.challenge?.outcome, 'incorrect-number');
  });

  it('refuses whatever the device did not sign just so (attack ATK-27)', async () => {
    const arrival = await hall.arrive(user);
    const number = numberOn(arrival);
    const [request] = await pending();
    const asked = { account, request: String(field(request, 'id')), at: now(), number };
    const good = device.answer(testOrigin, asked);
    const forgeries: readonly AnswerRequest[] = [
      newAppDevice().answer(testOrigin, asked),
      device.answer('https://login.elsewhere.example', asked),
      { ...device.answer(testOrigin, { ...asked, decision: 'deny' }), decision: 'approve' },
      { ...device.answer(testOrigin, { ...asked, number: '00' }), number },
      { ...device.answer(testOrigin, { ...asked, request: 'another' }), request: asked.request },
      { ...device.answer(testOrigin, { ...asked, pin: '1234' }), pin: '' },
      { ...good, at: good.at + 1 },
      { ...good, signature: 'A'.repeat(86) },
    ];
    for (const forged of forgeries) {
      const { body } = await call('POST', apiPaths.answer, forged);
      assert.equal(field(body, 'result'), 'refused');
    }
    const other = await hall.person({ userPrincipalName: 'ben@voorbeeld.example' });
    const ofBen = await paired(other, newAppDevice());
    const swapped = await call('POST', apiPaths.answer, { ...good, account: ofBen });
    assert.equal(field(swapped.body, 'result'), 'refused');
    const old = device.answer(testOrigin, { ...asked, at: now() - 61_000 });
    assert.equal((await call('POST', apiPaths.answer, old)).status, 422);
    // None of them ended it.
    assert.equal(field((await call('POST', apiPaths.answer, good)).body, 'result'), 'approved');
    assert.equal(field((await call('POST', apiPaths.answer, good)).body, 'result'), 'over');
  });

  it('gives no token for a signature that was used, is old, or is another’s', async () => {
    const asked = device.tokenRequest(testOrigin, { account, at: now() });
    assert.equal((await call('POST', apiPaths.token, asked)).status, 200);
    assert.equal((await call('POST', apiPaths.token, asked)).status, 401);
    const stranger = newAppDevice().tokenRequest(testOrigin, { account, at: now() });
    assert.equal((await call('POST', apiPaths.token, stranger)).status, 401);
    const old = device.tokenRequest(testOrigin, { account, at: now() - 61_000 });
    const { status, body } = await call('POST', apiPaths.token, old);
    assert.deepEqual([status, field(body, 'now')], [422, now()]);
  });

  it('shows nothing without a token of its own, and nothing once the token or the device is gone', async () => {
    const own = await token();
    const tokens = [
      undefined,
      'x',
      `${own}x`,
      own.replace(account, `${user.id}.${'b'.repeat(22)}`),
    ];
    for (const path of [apiPaths.requests, apiPaths.events, apiPaths.activity]) {
      for (const wrong of tokens) {
        assert.equal((await call('GET', path, undefined, wrong)).status, 401, path);
      }
    }
    hall.clock.advanceSeconds(601);
    assert.equal((await call('GET', apiPaths.requests, undefined, own)).status, 401);
    const newer = await token();
    await hall.stores.registrations.removeAll(user.id);
    const gone = await call('GET', apiPaths.requests, undefined, newer);
    assert.deepEqual([gone.status, field(gone.body, 'error')], [404, 'unknown-account']);
  });

  it('may be asked by an app of any origin, since no cookie counts here', async () => {
    const { status, headers } = await call('OPTIONS', apiPaths.answer);
    assert.equal(status, 204);
    assert.equal(headers['access-control-allow-origin'], '*');
    assert.equal(headers['access-control-allow-credentials'], undefined);
    assert.equal(headers['set-cookie'], undefined);
  });

  it('closes the app after three denials in a row, until its owner proves another way', async () => {
    for (const _time of [1, 2, 3]) {
      const arrival = await hall.arrive(user);
      assert.equal(arrival.progress.attempt.challenge?.methodId, 'notification');
      assert.equal(await decides({ decision: 'deny' }), 'denied');
    }
    const { ref, progress } = await hall.arrive(user);
    const { challenge } = progress.attempt;
    assert.equal(challenge?.methodId, 'authenticator-code');
    await signin.answer(ref, challenge.id, { code: hall.appCode() });
    hall.clock.advanceSeconds(600);
    const again = await hall.arrive(user);
    assert.equal(again.progress.attempt.challenge?.methodId, 'notification');
  });

  it('asks one thing at a time, and three in ten minutes', async () => {
    const first = await hall.arrive(user);
    const second = await hall.arrive(user);
    assert.equal(second.progress.attempt.notice?.kind, 'request-open');
    assert.equal((await pending()).length, 1);
    await signin.anotherWay(first.ref);
    const ask = async (): Promise<string | undefined> => {
      const { ref, progress } = await hall.arrive(user);
      await signin.anotherWay(ref);
      return progress.attempt.notice?.kind;
    };
    assert.deepEqual(
      [await ask(), await ask(), await ask()],
      [undefined, undefined, 'message-limit'],
    );
  });

  it('counts only requests that nobody approved', async () => {
    for (let time = 0; time < 5; time += 1) {
      const arrival = await hall.arrive(user);
      hall.clock.advanceSeconds(1);
      assert.equal(await decides({ number: numberOn(arrival) }), 'approved');
    }
  });

  it('hears that it was not its owner, though a stranger cancelled in time', async () => {
    const arrival = await hall.arrive(user);
    const [request] = await pending();
    await signin.anotherWay(arrival.ref);
    const report = device.answer(testOrigin, {
      account,
      request: String(field(request, 'id')),
      decision: 'report',
      at: now(),
    });
    const { body } = await call('POST', apiPaths.answer, report);
    assert.equal(field(body, 'result'), 'reported');
    const blocked = await hall.stores.users.find(user.id);
    assert.equal(blocked?.blocked?.reason, 'fraud-reported');
  });

  it('asks for the PIN where policy says so, and locks the app after five wrong ones', async () => {
    await hall.policies.change((policy) => ({
      ...policy,
      methods: { notification: { settings: { pin: true } } },
    }));
    await hall.arrive(user);
    const results: unknown[] = [];
    for (const pin of ['1', '22', '333', '4444', '55555']) {
      hall.clock.advanceSeconds(1);
      results.push(await decides({ pin, number: '10' }));
    }
    assert.deepEqual(results, ['wrong-pin', 'wrong-pin', 'wrong-pin', 'wrong-pin', 'locked']);
    const { progress } = await hall.arrive(user);
    assert.equal(progress.attempt.challenge?.methodId, 'authenticator-code');
  });

  it('keeps what changes of the app, and lets it leave', async () => {
    await hall.phone(user);
    const methodId = 'notification';
    const registrationId = `registration-of-${user.id}`;
    await hall.stores.users.setDefaultMethod(user.id, { registrationId, methodId });
    const own = await token();
    const push = {
      endpoint: 'https://push.example/abc',
      p256dh: 'B'.repeat(87),
      auth: 'a'.repeat(22),
    };
    const change = { name: 'Pixel', version: '1.1.0', push };
    assert.equal((await call('PUT', apiPaths.device, change, own)).status, 204);
    assert.equal((await call('PUT', apiPaths.device, { name: 'a\nb' }, own)).status, 400);
    const arrival = await hall.arrive(user);
    assert.equal(arrival.progress.attempt.challenge?.methodId, 'notification');
    const [sent] = await hall.sent();
    assert.ok(sent?.message.kind === 'push');
    assert.deepEqual(sent.message.subscription, push);
    assert.ok(!sent.message.body.includes(numberOn(arrival)));
    assert.equal((await call('DELETE', apiPaths.device, undefined, own)).status, 204);
    const left = await hall.stores.registrations.list(user.id);
    assert.deepEqual(
      left.map(({ kind }) => kind),
      ['phone'],
    );
  });

  it('is woken no more where its push service has forgotten it, until it brings another address', async () => {
    const devices = createDevices({ ...hall.parts, origin: testOrigin });
    const own = await token();
    const at = (path: string): Readonly<Record<string, string>> => ({
      endpoint: `https://push.example/${path}`,
      p256dh: 'B'.repeat(87),
      auth: 'a'.repeat(22),
    });
    const deviceId = account.slice(account.indexOf('.') + 1);
    const isWoken = async (): Promise<boolean> => {
      const found = await devices.find(account);
      return found?.device.push !== undefined;
    };
    await call('PUT', apiPaths.device, { push: at('old') }, own);
    await devices.forgetPush(user.id, deviceId, at('another')['endpoint'] ?? '');
    assert.ok(await isWoken(), 'it forgot an address that was not meant');
    await devices.forgetPush(user.id, deviceId, at('old')['endpoint'] ?? '');
    assert.ok(!(await isWoken()));
    await call('PUT', apiPaths.device, { push: at('new') }, own);
    await devices.forgetPush(user.id, deviceId, at('old')['endpoint'] ?? '');
    assert.ok(await isWoken(), 'what it brought since is gone as well');
    await devices.forgetPush('nobody', deviceId, at('old')['endpoint'] ?? '');
  });

  it('stays registered when it leaves and its owner has nothing else', async () => {
    assert.equal((await call('DELETE', apiPaths.device, undefined, await token())).status, 204);
    assert.equal((await hall.stores.registrations.list(user.id)).length, 1);
  });

  it('pairs by the code of the page, once, and not with a key that is not its own', async () => {
    const anna = await hall.person({ userPrincipalName: 'new@voorbeeld.example' });
    const { ref } = await hall.arrive(anna, { required: 'second-step' });
    await signin.setUpNow(ref);
    const { attempt } = await signin.contact(ref, { methodId: 'notification', input: {} });
    const code = appSecret.parse(attempt.registration?.draft?.secret).pairing?.code ?? '';
    const joining = newAppDevice();
    const pairing = joining.pairing(testOrigin, { code: code.toLowerCase(), at: now() });
    const stolen = { ...pairing, key: newAppDevice().key };
    assert.equal((await call('POST', apiPaths.pair, stolen)).status, 400);
    const unknown = joining.pairing(testOrigin, { code: 'AAAA-AAAA-AAAA', at: now() });
    assert.equal((await call('POST', apiPaths.pair, unknown)).status, 404);
    const { status, body } = await call('POST', apiPaths.pair, pairing);
    assert.equal(status, 200);
    assert.equal(field(body, 'userPrincipalName'), 'new@voorbeeld.example');
    assert.equal(field(body, 'organisation'), (await hall.policies.current()).organisation.name);
    const { registration } = (await signin.look(ref)).attempt;
    const { device: joined, pairing: awaited } = appSecret.parse(registration?.draft?.secret);
    assert.deepEqual([joined?.key, awaited], [joining.key, undefined]);
    const second = newAppDevice().pairing(testOrigin, { code, at: now() });
    assert.equal((await call('POST', apiPaths.pair, second)).status, 404);
    const own = { account: String(field(body, 'account')), at: now() };
    const asked = joining.tokenRequest(testOrigin, own);
    assert.equal((await call('POST', apiPaths.token, asked)).status, 200);
  });

  it('stops whoever guesses at codes to pair with', async () => {
    const guess = (): Promise<Answer> =>
      call(
        'POST',
        apiPaths.pair,
        device.pairing(testOrigin, { code: 'AAAA-AAAA-AAAA', at: now() }),
      );
    for (let time = 0; time < 20; time += 1) assert.equal((await guess()).status, 404);
    const { status, headers } = await guess();
    assert.equal(status, 429);
    assert.ok(Number(headers['retry-after']) > 0);
  });
});

function field(of: unknown, name: string): unknown {
  return typeof of === 'object' && of !== null ? Reflect.get(of, name) : undefined;
}

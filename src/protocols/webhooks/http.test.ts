/**
 * Texts by a gateway that the operator described, all the way from a challenge to a phone and back: the
 * outbox, the worker, the gateway, its reports and replies, and the sign-in's judgement.
 */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, it } from 'node:test';

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';

import { hearingOf, startDelivering } from '../../../test/support/delivering.ts';
import { startGateway, type Gateway } from '../../../test/support/http-gateway.ts';
import { httpServerForTests, testOrigin } from '../../../test/support/http-server.ts';
import { until } from '../../../test/support/poll.ts';
import { startHall, type Arrival, type Hall } from '../../../test/support/signin.ts';
import type { Delivery } from '../../delivery/delivery.ts';
import { httpProvider } from '../../delivery/providers/http/http.ts';
import { httpProviderSettings } from '../../delivery/providers/http/settings.ts';
import { webhookRoutes } from './webhooks.ts';

const name = 'our-gateway';
const mobile = '+31612345612';
const secret = 'what the gateway signs with';

type Input = z.input<typeof httpProviderSettings>;

let hall: Hall;
let app: FastifyInstance;
let gateway: Gateway;
let delivery: Delivery;

/** Everything that the gateway tells, signed over time and body. */
const replies = { id: 'id', from: 'sender', text: 'text' };
const reports: Input['reports'] = {
  secret,
  header: 'x-signature',
  value: '{signature}',
  signed: '{time}.{body}',
  timeHeader: 'x-time',
  status: {
    message: 'id',
    state: 'state',
    sent: ['delivered'],
    failed: ['failed'],
    optedOut: ['stopped'],
  },
  replies,
};

async function start(change: Partial<Input> = {}): Promise<void> {
  const { clock, stores } = hall;
  const settings = httpProviderSettings.parse({
    url: `${gateway.address}/send`,
    json: { to: '{to}', text: '{body}', key: '{id}' },
    reference: { json: 'messages.0.id' },
    reports,
    ...change,
  });
  const silent = httpProviderSettings.parse({
    url: `${gateway.address}/send`,
    form: { to: '{to}', text: '{body}' },
  });
  app = httpServerForTests();
  await app.register(
    webhookRoutes({
      hearing: hearingOf(hall, 300),
      outbox: stores.outbox,
      clock,
      http: { providers: { [name]: settings, silent }, origin: testOrigin },
    }),
  );
  delivery = startDelivering(hall, httpProvider(name, settings, 300));
}

beforeEach(async () => {
  hall = await startHall();
  gateway = await startGateway();
});
afterEach(async () => {
  await delivery.stop();
  await gateway.goDown();
  await app.close();
  await hall.close();
});

interface Told {
  readonly by?: string;
  readonly time?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly tampered?: string;
  readonly path?: string;
}

/** The gateway tells something; returns our status. */
async function tell(door: string, said: unknown, told: Told = {}): Promise<number> {
  const body = typeof said === 'string' ? said : JSON.stringify(said);
  const time = String(told.time ?? Math.floor(hall.clock.now().getTime() / 1_000));
  const signature = createHmac('sha256', told.by ?? secret)
    .update(`${time}.${body}`)
    .digest('hex');
  const response = await app.inject({
    method: 'POST',
    url: told.path ?? `/webhooks/http/${name}/${door}`,
    headers: {
      host: new URL(testOrigin).host,
      'content-type': 'application/json',
      'x-time': time,
      'x-signature': signature,
      ...told.headers,
    },
    payload: told.tampered ?? body,
  });
  return response.statusCode;
}

/** Signs in up to the text, and waits until the gateway has it. */
async function texted(
  number = mobile,
): Promise<{ readonly ref: Arrival['ref']; readonly id: string }> {
  const anna = await hall.person({
    userPrincipalName: `p${number.slice(-6)}@voorbeeld.example`,
  });
  await hall.phone(anna, number);
  const { ref } = await hall.arrive(anna);
  const { attempt } = await until('the text on its way', async () => {
    const progress = await hall.signin.look(ref);
    return progress.attempt.challenge?.delivery === 'sent' ? progress : undefined;
  });
  assert.ok(attempt.challenge);
  return { ref, id: `m${gateway.asked.length}` };
}

async function stepOf(ref: Arrival['ref']): Promise<string> {
  return (await hall.signin.look(ref)).step.kind;
}

async function outcomeOf(ref: Arrival['ref']): Promise<string | undefined> {
  return (await hall.signin.look(ref)).attempt.challenge?.outcome;
}

async function digitsOf(ref: Arrival['ref']): Promise<string> {
  const state = (await hall.signin.look(ref)).attempt.challenge?.state;
  return z.object({ replyDigits: z.string() }).parse(state).replyDigits;
}

describe('a gateway that was described', () => {
  it('brings replies: the digits on the page, from the phone that the text went to', async () => {
    await start();
    const { ref } = await texted();
    const digits = await digitsOf(ref);
    assert.equal(await tell('replies', { id: 'r1', sender: '+31687654321', text: digits }), 200);
    assert.equal(await tell('replies', { id: 'r2', sender: 'Voorbeeld', text: digits }), 200);
    assert.equal(await tell('replies', { id: 'r3', sender: '31612345612', text: 'yes' }), 200);
    assert.equal(await stepOf(ref), 'challenge');
    assert.equal(await tell('replies', { id: 'r4', sender: '31612345612', text: digits }), 200);
    assert.equal(await stepOf(ref), 'finish');
  });

  it('tells what became of a text, and the page says so', async () => {
    await start();
    for (const [index, [state, outcome]] of [
      ['failed', 'unable-to-reach'],
      ['stopped', 'opted-out'],
      ['delivered', undefined],
      ['on its way', undefined],
    ].entries()) {
      const { ref, id } = await texted(`+3161234561${index}`);
      assert.equal(await tell('status', { id, state }), 200);
      assert.equal(await outcomeOf(ref), outcome, state);
    }
  });

  it('is heard before it has answered, where it calls the text by our own id', async () => {
    await start({ reference: {} });
    gateway.answer = () => undefined;
    const anna = await hall.person();
    await hall.phone(anna, mobile);
    await hall.arrive(anna);
    const [asked] = await until('the text', () =>
      gateway.asked.length > 0 ? gateway.asked : undefined,
    );
    const { key } = z.object({ key: z.string() }).parse(JSON.parse(asked?.body ?? ''));
    assert.equal(await tell('status', { id: key, state: 'delivered' }), 200);
    const record = await hall.stores.outbox.find(key);
    assert.deepEqual([record?.state, record?.provider], ['sent', name]);
  });

  it('may tell it as a form, with its secret in a header', async () => {
    await start({
      reports: { secret, header: 'x-key', value: '{secret}', replies },
    });
    const { ref } = await texted();
    const form = new URLSearchParams({ id: 'r1', sender: mobile, text: await digitsOf(ref) });
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'x-key': secret };
    assert.equal(await tell('replies', form.toString(), { headers }), 200);
    assert.equal(await stepOf(ref), 'finish');
    // What is told elsewhere has no address.
    assert.equal(await tell('status', { id: 'm1', state: 'failed' }, { headers }), 404);
  });

  it('is not believed unless it proved exactly this', async () => {
    await start();
    const { ref, id } = await texted();
    const said = { id: 'r1', sender: mobile, text: await digitsOf(ref) };
    const seconds = Math.floor(hall.clock.now().getTime() / 1_000);
    const forged: readonly Told[] = [
      { headers: { 'x-signature': '' } },
      { headers: { 'x-signature': 'a'.repeat(64) } },
      { headers: { 'x-time': String(seconds + 1) } },
      { headers: { 'x-time': '' } },
      { by: 'somebody else’s secret, as long' },
      { by: '' },
      { time: seconds - 301 },
      { time: seconds + 301 },
      { tampered: JSON.stringify({ ...said, id: 'r2' }) },
      { tampered: `${JSON.stringify(said)} ` },
      { tampered: '' },
    ];
    for (const told of forged) {
      for (const [door, report] of [
        ['replies', said],
        ['status', { id, state: 'failed' }],
      ] as const) {
        const status = await tell(door, report, told);
        assert.ok(status === 401 || status === 403, `${status} for ${JSON.stringify(told)}`);
      }
    }
    assert.equal(await stepOf(ref), 'challenge');
    assert.equal(await outcomeOf(ref), undefined);
    assert.equal(await tell('replies', said), 200, 'the true one was spoilt');
    assert.equal(await stepOf(ref), 'finish');
  });

  it('is heard once, however often it brings the same, and later not at all', async () => {
    await start();
    const { ref } = await texted();
    const wrong = (await digitsOf(ref)) === '10' ? '11' : '10';
    const said = { id: 'r1', sender: mobile, text: wrong };
    for (let time = 0; time < 5; time += 1) assert.equal(await tell('replies', said), 200);
    assert.equal((await hall.signin.look(ref)).attempt.challenge?.wrongTries, 1);
    const right = { id: 'r2', sender: mobile, text: await digitsOf(ref) };
    const time = Math.floor(hall.clock.now().getTime() / 1_000);
    assert.equal(await tell('replies', right, { time }), 200);
    assert.equal(await stepOf(ref), 'finish');
    hall.clock.advanceSeconds(48 * 3_600);
    await hall.stores.heard.forget(hall.clock.now());
    assert.equal(await tell('replies', right, { time }), 403, 'it was good once more');
  });

  it('is told where it says nothing that can be read, and where nothing is to be told', async () => {
    await start();
    const { id } = await texted();
    for (const wrong of ['{', '[]', '"x"', '{"id":"m1"}', '{"state":"failed"}']) {
      assert.equal(await tell('status', wrong), 400, wrong);
    }
    assert.equal(await tell('status', { id: 'of-another-account', state: 'failed' }), 404);
    for (const nobody of ['silent', 'nobody', '__proto__', 'constructor', 'x'.repeat(60)]) {
      const path = `/webhooks/http/${nobody}/status`;
      assert.equal(await tell('status', { id, state: 'failed' }, { path }), 404, nobody);
    }
  });
});

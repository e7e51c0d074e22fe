import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';

import type { FastifyInstance } from 'fastify';

import { freshDatabase, type FreshDatabase } from '../../../test/support/database.ts';
import { httpServerForTests, testOrigin } from '../../../test/support/http-server.ts';
import type { DeliveryEvent, OutgoingMessage, QueuedMessage } from '../../delivery/message.ts';
import { signWebhook, webhookHeaders } from '../../delivery/webhook-signature.ts';
import { settableClock, type SettableClock } from '../../lib/clock.ts';
import { systemRandom } from '../../lib/random.ts';
import { createHearing, type Heard, type Hearing } from './hearing.ts';
import { webhookRoutes } from './webhooks.ts';

const start = new Date('2026-11-20T09:00:00Z');
const secret = Buffer.alloc(32, 5);
const oldSecret = Buffer.alloc(32, 6);
const phone = '+31612345678';

const call: OutgoingMessage = {
  kind: 'call',
  to: phone,
  language: 'en',
  greeting: 'This is Voorbeeld.',
  instruction: 'Press the hash key.',
  thanks: 'Thank you.',
  refused: 'That was not the hash key.',
};
const text: OutgoingMessage = { kind: 'text', to: phone, language: 'en', body: '123456' };

interface Report {
  readonly attemptId: string;
  readonly challengeId: string;
  readonly event: DeliveryEvent;
}

describe('what a provider reports', () => {
  let database: FreshDatabase;
  let clock: SettableClock;
  let app: FastifyInstance;
  let hearing: Hearing;
  let heard: Report[];
  let verdict: Heard | Error;

  before(async () => {
    database = await freshDatabase();
  });
  after(async () => {
    await database.close();
  });
  beforeEach(async () => {
    clock = settableClock(start);
    heard = [];
    verdict = 'pending';
    const { outbox } = database.stores;
    hearing = createHearing({
      outbox,
      heard: database.stores.heard,
      clock,
      hear: async (report) => {
        heard.push(report);
        if (verdict instanceof Error) throw verdict;
        return verdict;
      },
      patienceMilliseconds: 200,
    });
    app = httpServerForTests();
    await app.register(
      webhookRoutes({
        hearing,
        outbox,
        clock,
        simulator: { secrets: [secret, oldSecret] },
      }),
    );
  });
  afterEach(async () => {
    await app.close();
  });

  /** Queues and sends a message of a challenge; returns what the provider calls it. */
  async function sent(
    message: OutgoingMessage,
    options: Partial<QueuedMessage> & { readonly provider?: string } = {},
  ): Promise<string> {
    const { provider = 'simulator', ...rest } = options;
    const id = systemRandom.token(16);
    const reference = `ref-${id}`;
    await database.stores.outbox.add([
      {
        id,
        message,
        attemptId: `attempt-${id}`,
        challengeId: `challenge-${id}`,
        userId: 'anna',
        createdAt: clock.now(),
        deliverBefore: new Date(clock.now().getTime() + 60_000),
        tries: 0,
        ...rest,
      },
    ]);
    await database.stores.outbox.markSent(id, { provider, reference }, clock.now());
    return reference;
  }

  interface Posting {
    readonly path?: string;
    readonly secret?: Buffer;
    readonly timestamp?: string;
    /** Signed with what was meant, sent as this. */
    readonly tampered?: string;
    readonly headers?: Readonly<Record<string, string>>;
  }

  async function post(
    door: string,
    event: unknown,
    options: Posting = {},
  ): Promise<{ readonly status: number; readonly body: unknown }> {
    const path = options.path ?? `/webhooks/simulator/${door}`;
    const body = JSON.stringify(event);
    const timestamp = options.timestamp ?? String(clock.now().getTime() / 1_000);
    const signature = signWebhook(options.secret ?? secret, {
      timestamp,
      path: `/webhooks/simulator/${door}`,
      body,
    });
    const response = await app.inject({
      method: 'POST',
      url: path,
      headers: {
        host: 'localhost:8080',
        'content-type': 'application/json',
        [webhookHeaders.timestamp]: timestamp,
        [webhookHeaders.signature]: signature,
        ...options.headers,
      },
      payload: options.tampered ?? body,
    });
    return { status: response.statusCode, body: response.json() };
  }

  const newId = (): string => systemRandom.token(16);

  it('reaches the challenge that the call belongs to', async () => {
    const reference = await sent(call);
    verdict = 'verified';
    const { status, body } = await post('calls', {
      eventId: newId(),
      reference,
      event: 'keys',
      keys: '#',
      promptSpoken: true,
    });
    assert.equal(status, 200);
    assert.deepEqual(body, { say: 'thanks', hangUp: true });
    assert.deepEqual(heard, [
      {
        attemptId: reference.replace('ref', 'attempt'),
        challengeId: reference.replace('ref', 'challenge'),
        userId: 'anna',
        event: { kind: 'keys', keys: '#', promptSpoken: true },
      },
    ]);
  });

  it('is told what to say next, and when to hang up', async () => {
    const reference = await sent(call);
    const keys = (): unknown => ({
      eventId: newId(),
      reference,
      event: 'keys',
      keys: '1#',
      promptSpoken: true,
    });
    for (const [outcome, turn] of [
      ['rejected', { say: 'refused' }],
      ['pending', {}],
      ['over', { hangUp: true }],
      ['ignored', { hangUp: true }],
    ] as const) {
      verdict = outcome;
      assert.deepEqual((await post('calls', keys())).body, turn);
    }
    verdict = 'rejected';
    const ended = { eventId: newId(), reference, event: 'ended', reason: 'voicemail' };
    assert.deepEqual((await post('calls', ended)).body, {});
    assert.deepEqual(heard.at(-1)?.event, { kind: 'ended', reason: 'voicemail' });
  });

  it('brings a reply to the newest text only', async () => {
    await sent(text);
    clock.advanceSeconds(31);
    const newest = await sent(text);
    verdict = 'verified';
    const { status } = await post('texts', {
      eventId: newId(),
      from: phone,
      to: '+3197010240000',
      text: '42',
    });
    assert.equal(status, 200);
    assert.equal(heard[0]?.challengeId, newest.replace('ref', 'challenge'));
    assert.deepEqual(heard[0]?.event, { kind: 'reply', from: phone, text: '42' });
    assert.equal(heard.length, 1);
  });

  it('does nothing with a text from a number that nothing was sent to', async () => {
    const { status } = await post('texts', {
      eventId: newId(),
      from: '+31600000000',
      to: '+3197010240000',
      text: '42',
    });
    assert.equal(status, 200);
    assert.deepEqual(heard, []);
  });

  it('does nothing with a reply to a text that another provider carried', async () => {
    clock.advanceSeconds(60);
    await sent({ ...text, to: '+31655555555' }, { provider: 'another' });
    await post('texts', {
      eventId: newId(),
      from: '+31655555555',
      to: '+3197010240000',
      text: '42',
    });
    assert.deepEqual(heard, []);
  });

  it('says that a message did not arrive', async () => {
    const reference = await sent(text);
    await post('status', { eventId: newId(), reference, status: 'failed', reason: 'opted-out' });
    assert.deepEqual(heard[0]?.event, { kind: 'failed', reason: 'opted-out' });
  });

  it('is heard once, however often and from wherever it comes', async () => {
    const reference = await sent(call);
    const report = { eventId: newId(), reference, event: 'answered' };
    const answers = await Promise.all(Array.from({ length: 10 }, () => post('calls', report)));
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
    assert.equal(heard.length, 1);
    const node = await database.anotherNode();
    assert.equal(
      await node.stores.heard.firstTime('simulator', report.eventId, clock.now()),
      false,
    );
  });

  it('may be brought again when it could not be heard to its end', async () => {
    const reference = await sent(call);
    const report = { eventId: newId(), reference, event: 'answered' };
    verdict = new Error('the database went away');
    assert.equal((await post('calls', report)).status, 500);
    verdict = 'pending';
    assert.equal((await post('calls', report)).status, 200);
    assert.equal((await post('calls', report)).status, 200);
    assert.equal(heard.length, 2);
  });

  it('waits for a receipt that is still on its way to the outbox', async () => {
    const id = newId();
    const reference = `ref-${id}`;
    await database.stores.outbox.add([
      {
        id,
        message: call,
        attemptId: 'attempt',
        challengeId: 'challenge',
        userId: 'anna',
        createdAt: clock.now(),
        deliverBefore: new Date(clock.now().getTime() + 60_000),
        tries: 0,
      },
    ]);
    const posted = post('calls', { eventId: newId(), reference, event: 'answered' });
    await database.stores.outbox.markSent(id, { provider: 'simulator', reference }, clock.now());
    assert.equal((await posted).status, 200);
    assert.equal(heard.length, 1);
  });

  it('about a message that is none of ours is not found, and not remembered', async () => {
    const reference = 'nobodys-message';
    const report = { eventId: newId(), reference, event: 'answered' };
    assert.equal((await post('calls', report)).status, 404);
    assert.deepEqual(heard, []);
    assert.equal(
      await database.stores.heard.firstTime('simulator', report.eventId, clock.now()),
      true,
    );
  });

  it('about a mail of no challenge is taken and changes nothing', async () => {
    const reference = await sent(text, { attemptId: undefined, challengeId: undefined });
    const { status } = await post('status', { eventId: newId(), reference, status: 'sent' });
    assert.equal(status, 200);
    assert.deepEqual(heard, []);
  });

  it('is refused without a signature, with a wrong one, and with another secret', async () => {
    const reference = await sent(call);
    const report = { eventId: newId(), reference, event: 'answered' };
    const wrong: readonly (readonly [number, Posting])[] = [
      [401, { headers: { [webhookHeaders.signature]: '' } }],
      [403, { headers: { [webhookHeaders.signature]: 'ab'.repeat(32) } }],
      [403, { headers: { [webhookHeaders.signature]: 'not hexadecimal' } }],
      [403, { secret: Buffer.alloc(32, 9) }],
      [403, { secret: Buffer.alloc(0) }],
      [403, { tampered: JSON.stringify({ ...report, event: 'ended', reason: 'busy' }) }],
      [403, { tampered: `${JSON.stringify(report)} ` }],
      [403, { path: '/webhooks/simulator/calls?x=1' }],
      [403, { path: '/webhooks/simulator/status' }],
      [403, { headers: { [webhookHeaders.timestamp]: String(start.getTime() / 1_000 + 1) } }],
    ];
    for (const [expected, posting] of wrong) {
      const { status } = await post('calls', report, posting);
      // A header without a value is a header that nobody sent.
      const refused = expected === 401 ? [401, 403].includes(status) : status === expected;
      assert.ok(refused, `${status} instead of ${expected} for ${JSON.stringify(posting)}`);
    }
    const naked = await app.inject({
      method: 'POST',
      url: '/webhooks/simulator/calls',
      headers: { host: 'localhost:8080', 'content-type': 'application/json' },
      payload: JSON.stringify(report),
    });
    assert.equal(naked.statusCode, 401);
    assert.deepEqual(heard, []);
    assert.equal((await post('calls', report)).status, 200, 'the true report was spoilt');
  });

  it('is refused when it is older or newer than five minutes', async () => {
    const reference = await sent(call);
    for (const seconds of [-301, 301]) {
      const timestamp = String(start.getTime() / 1_000 + seconds);
      const report = { eventId: newId(), reference, event: 'answered' };
      assert.equal((await post('calls', report, { timestamp })).status, 403);
    }
    const nonsense = { eventId: newId(), reference, event: 'answered' };
    assert.equal((await post('calls', nonsense, { timestamp: 'now' })).status, 403);
    assert.deepEqual(heard, []);
  });

  it('may still be signed with the secret that is being replaced', async () => {
    const reference = await sent(call);
    const report = { eventId: newId(), reference, event: 'answered' };
    assert.equal((await post('calls', report, { secret: oldSecret })).status, 200);
  });

  it('is refused in any other shape, signed or not', async () => {
    const reference = await sent(call);
    const base = { eventId: newId(), reference };
    for (const report of [
      {},
      [],
      null,
      'answered',
      { ...base, event: 'verified' },
      { ...base, event: 'answered', challengeId: 'another' },
      { ...base, event: 'keys', keys: 'A', promptSpoken: true },
      { ...base, event: 'keys', keys: '#'.repeat(33), promptSpoken: true },
      { ...base, event: 'keys', keys: '#', promptSpoken: 'yes' },
      { ...base, event: 'ended', reason: 'verified' },
      { ...base, eventId: '', event: 'answered' },
    ]) {
      assert.equal((await post('calls', report)).status, 400, JSON.stringify(report));
    }
    const garbage = await post('calls', {}, { tampered: '' });
    assert.equal(garbage.status, 403);
    assert.deepEqual(heard, []);
  });

  it('is not looked at when a browser sends it from somewhere else, unless it is signed', async () => {
    const response = await app.inject({
      method: 'POST',
      url: '/webhooks/simulator/calls',
      headers: {
        host: 'localhost:8080',
        origin: 'https://evil.example',
        'content-type': 'application/x-www-form-urlencoded',
      },
      payload: 'event=answered',
    });
    assert.ok(response.statusCode >= 400 && response.statusCode < 500);
    assert.deepEqual(heard, []);
  });

  it('has no address where the simulator is off', async () => {
    const off = httpServerForTests();
    await off.register(webhookRoutes({ hearing, outbox: database.stores.outbox, clock }));
    const response = await off.inject({
      method: 'POST',
      url: '/webhooks/simulator/calls',
      headers: { host: 'localhost:8080', origin: testOrigin },
    });
    assert.equal(response.statusCode, 404);
    await off.close();
  });
});

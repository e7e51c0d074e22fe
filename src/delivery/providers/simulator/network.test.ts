import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';

import { settableClock, type SettableClock } from '../../../lib/clock.ts';
import { systemRandom } from '../../../lib/random.ts';
import type { OutgoingMessage } from '../../message.ts';
import { isSigned } from '../../webhook-signature.ts';
import { queued } from '../provider.contract.ts';
import {
  createSimulatorNetwork,
  type ArrivedCall,
  type ArrivedMessage,
  type SimulatorNetwork,
} from './network.ts';
import type { Webhook, WebhookAnswer } from './report.ts';

const secret = Buffer.alloc(32, 7);
const phone = '+31612345678';
const text: OutgoingMessage = {
  kind: 'text',
  to: phone,
  language: 'en',
  body: 'Your code is 123456',
};
const call: OutgoingMessage = {
  kind: 'call',
  to: phone,
  language: 'en',
  greeting: 'This is Voorbeeld.',
  instruction: 'Press the hash key.',
  thanks: 'Thank you.',
  refused: 'That was not the hash key.',
};

interface Stage {
  readonly network: SimulatorNetwork;
  readonly clock: SettableClock;
  /** What was reported so far, read as JSON. */
  readonly reported: () => readonly Record<string, unknown>[];
  readonly webhooks: Webhook[];
  readonly carry: (message: OutgoingMessage, number?: number) => Promise<string>;
}

const stages: SimulatorNetwork[] = [];

function stage(
  answer: (event: Record<string, unknown>) => Promise<WebhookAnswer> | WebhookAnswer = ok,
): Stage {
  const clock = settableClock(new Date('2026-11-20T09:00:00Z'));
  const webhooks: Webhook[] = [];
  const network = createSimulatorNetwork({
    clock,
    random: systemRandom,
    secret,
    deliver: async (webhook) => {
      webhooks.push(webhook);
      return answer(JSON.parse(webhook.body));
    },
    senders: { number: '+3197010240000', mail: 'no-reply@voorbeeld.example' },
  });
  stages.push(network);
  let number = 0;
  return {
    network,
    clock,
    webhooks,
    reported: () => webhooks.map(({ body }) => JSON.parse(body)),
    carry: (message, own) => {
      number += 1;
      return network.carry(queued(message, own ?? number), new AbortController().signal);
    },
  };
}

const ok = (): WebhookAnswer => ({ status: 200, body: '{}' });
const turn = (body: unknown): WebhookAnswer => ({ status: 200, body: JSON.stringify(body) });

function callIn(messages: readonly ArrivedMessage[]): ArrivedCall {
  const found = messages.find((message) => message.kind === 'call');
  assert.ok(found?.kind === 'call');
  return found;
}

describe('the simulated network', () => {
  afterEach(async () => {
    await Promise.all(stages.splice(0).map((network) => network.stop()));
  });

  it('shows messages in the order they came, by receiver, kind and after another', async () => {
    const { network, carry } = stage();
    await carry(text);
    await carry({ ...text, to: '+31687654321' });
    await carry(call);
    const [first, second, third] = network.messages();
    assert.ok(first !== undefined && second !== undefined && third !== undefined);
    assert.deepEqual(network.messages({ to: phone }), [first, third]);
    assert.deepEqual(network.messages({ kind: 'call' }), [third]);
    assert.deepEqual(network.messages({ after: first.id }), [second, third]);
    assert.deepEqual(network.messages({ after: 'of another run' }).length, 3);
  });

  it('takes a message once, however often it is sent', async () => {
    const { network, carry } = stage();
    const references = await Promise.all([carry(text, 1), carry(text, 1), carry(text, 1)]);
    assert.equal(new Set(references).size, 1);
    assert.equal(network.messages().length, 1);
  });

  it('keeps the last thousand messages', async () => {
    const { network, carry } = stage();
    for (let index = 0; index < 1_005; index += 1) await carry({ ...text, body: String(index) });
    const messages = network.messages();
    assert.equal(messages.length, 1_000);
    const [oldest] = messages;
    assert.ok(oldest?.kind === 'text');
    assert.equal(oldest.text, '5');
  });

  it('signs every report over time, path and body', async () => {
    const { network, carry, webhooks } = stage();
    await carry(call);
    await network.answer(callIn(network.messages()).id);
    const [webhook] = webhooks;
    assert.ok(webhook !== undefined);
    assert.equal(webhook.path, '/webhooks/simulator/calls');
    assert.ok(isSigned([secret], webhook, webhook.signature));
    for (const forged of [
      { ...webhook, body: webhook.body.replace('answered', 'ended') },
      { ...webhook, path: '/webhooks/simulator/texts' },
      { ...webhook, timestamp: String(Number(webhook.timestamp) + 1) },
    ]) {
      assert.ok(!isSigned([secret], forged, webhook.signature));
    }
    assert.ok(!isSigned([Buffer.alloc(32, 8)], webhook, webhook.signature));
    assert.ok(!isSigned([Buffer.alloc(0)], webhook, webhook.signature));
  });

  it('lets a call be answered and confirmed, and says thank you', async () => {
    const { network, carry, reported } = stage(({ event }) =>
      event === 'keys' ? turn({ say: 'thanks', hangUp: true }) : ok(),
    );
    const reference = await carry(call);
    const { id } = callIn(network.messages());
    assert.equal(await network.answer(id), 'done');
    assert.equal(await network.keys(id, '#'), 'done');
    const { call: ended } = callIn(network.messages());
    assert.deepEqual(ended.spoken, ['This is Voorbeeld.', 'Press the hash key.', 'Thank you.']);
    assert.equal(ended.phase, 'ended');
    assert.equal(ended.end, 'completed');
    assert.deepEqual(
      reported().map(({ eventId: _eventId, ...event }) => event),
      [
        { reference, event: 'answered' },
        { reference, event: 'keys', keys: '#', promptSpoken: true },
      ],
    );
  });

  it('says of a key that came before the instruction that it was early', async () => {
    let release = (): void => undefined;
    const { network, carry, reported } = stage(
      ({ event }) =>
        new Promise((resolve) => {
          if (event === 'answered') release = () => resolve(ok());
          else resolve(ok());
        }),
    );
    await carry(call);
    const { id } = callIn(network.messages());
    const answering = network.answer(id);
    const early = network.keys(id, '#');
    await new Promise((resolve) => setImmediate(resolve));
    release();
    await Promise.all([answering, early]);
    assert.equal(reported()[1]?.['promptSpoken'], false);
  });

  it('refuses keys for a call that rings, is over, or never was', async () => {
    const { network, carry } = stage();
    await carry(call);
    const { id } = callIn(network.messages());
    assert.equal(await network.keys(id, '#'), 'refused');
    assert.equal(await network.hangUp(id), 'done');
    assert.equal(await network.keys(id, '#'), 'refused');
    assert.equal(await network.answer(id), 'refused');
    assert.equal(await network.keys('nobody', '#'), 'unknown');
  });

  it('ends a call that nobody answers once the service’s clock says so', async () => {
    const { network, carry, clock, reported } = stage();
    await carry(call);
    clock.advanceSeconds(59);
    await network.tick();
    assert.equal(callIn(network.messages()).call.phase, 'ringing');
    clock.advanceSeconds(1);
    await network.tick();
    assert.equal(callIn(network.messages()).call.end, 'no-answer');
    assert.equal(reported()[0]?.['reason'], 'no-answer');
  });

  it('brings back what the owner of a phone replies', async () => {
    const { network, reported, webhooks } = stage();
    await network.reply(phone, '42');
    assert.equal(webhooks[0]?.path, '/webhooks/simulator/texts');
    const { from, text: said } = reported()[0] ?? {};
    assert.deepEqual([from, said], [phone, '42']);
    assert.deepEqual(
      network.replies().map((reply) => [reply.from, reply.text]),
      [[phone, '42']],
    );
  });

  it('delivers nothing more to whoever replied STOP, and says so', async () => {
    const { network, carry, reported } = stage();
    await network.reply(phone, 'Stop');
    const reference = await carry(text);
    await network.stop();
    const [message] = network.messages();
    assert.ok(message?.kind === 'text');
    assert.equal(message.status, 'undelivered');
    const { eventId: _eventId, ...status } = reported()[1] ?? {};
    assert.deepEqual(status, { reference, status: 'failed', reason: 'opted-out' });
    await network.reply(phone, 'START');
    await carry(text);
    const last = network.messages().at(-1);
    assert.ok(last?.kind === 'text');
    assert.equal(last.status, 'delivered');
  });

  it('delivers twice and reports twice, under one event id, when it duplicates', async () => {
    const { network, carry, reported } = stage();
    network.setFault('call', { fault: 'duplicate', milliseconds: 0 });
    await carry(call);
    const calls = network.messages();
    assert.equal(calls.length, 2);
    assert.equal(calls[0]?.reference, calls[1]?.reference);
    await network.answer(calls[0]?.id ?? '');
    const [first, second] = reported();
    assert.deepEqual(first, second);
  });

  it('keeps telling a service that does not answer at once', async () => {
    let failures = 2;
    const { network, carry } = stage(({ event }) => {
      if (event === 'keys') return turn({ say: 'thanks', hangUp: true });
      failures -= 1;
      return { status: failures >= 0 ? 503 : 200, body: '{}' };
    });
    await carry(call);
    const { id } = callIn(network.messages());
    await network.answer(id);
    await network.keys(id, '#');
    assert.equal(callIn(network.messages()).call.end, 'completed');
    assert.equal(failures, -1);
  });

  it('is slow for as long as it is told to be', async () => {
    const { network, carry } = stage();
    network.setFault('text', { fault: 'slow', milliseconds: 40 });
    const before = performance.now();
    await carry(text);
    assert.ok(performance.now() - before >= 35);
    assert.equal(network.messages().length, 1);
  });
});

/**
 * One slow provider of texts and everybody else (drill R18): how long a mail, a call and a push take from
 * the outbox to their provider while 1,000 texts wait for one that takes five seconds for each, against
 * an outbox without them. The worker, the breaker and a real SQLite database; rounds of both, in turn.
 *
 *   npx node bench/deliveries.ts [--rounds 5] [--messages 200]
 */
import { once as onceOf, EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import { freshDatabase } from '../test/support/database.ts';
import { createDelivery } from '../src/delivery/delivery.ts';
import type { MessageKind, OutgoingMessage } from '../src/delivery/message.ts';
import type { Provider } from '../src/delivery/provider.ts';
import { systemClock } from '../src/lib/clock.ts';
import { systemRandom } from '../src/lib/random.ts';
import { argument, report } from './figures.ts';
import type { Summary } from './harness.ts';

const rounds = argument('rounds', 5);
const messages = argument('messages', 200);
const waitingTexts = 1_000;
const slowMilliseconds = 5_000;

const text: OutgoingMessage = { kind: 'text', to: '+31612345678', language: 'en', body: 'a code' };
const others: readonly OutgoingMessage[] = [
  { kind: 'mail', to: 'a@b.example', language: 'en', subject: 's', text: 't', html: '<p>t</p>' },
  {
    kind: 'call',
    to: '+31612345678',
    language: 'en',
    greeting: 'g',
    instruction: 'i',
    thanks: 't',
    refused: 'r',
  },
  {
    kind: 'push',
    to: 'device',
    language: 'en',
    subscription: { endpoint: 'https://push.example/1', p256dh: 'p', auth: 'a' },
    body: '{}',
  },
];

function provider(name: string, kinds: readonly MessageKind[], milliseconds: number): Provider {
  return {
    name,
    kinds,
    send: async ({ id }, signal) => {
      await sleep(milliseconds, undefined, { signal });
      return { provider: name, reference: id };
    },
    check: async () => undefined,
  };
}

/** The p95 of everything but texts, in milliseconds, while so many texts wait. */
async function round(texts: number): Promise<number> {
  const { stores, close } = await freshDatabase();
  const settled = new EventEmitter();
  settled.setMaxListeners(0);
  const delivery = createDelivery({
    outbox: stores.outbox,
    providers: [
      provider('slow', ['text'], slowMilliseconds),
      provider('quick', ['mail', 'call', 'push'], 1),
    ],
    clock: systemClock,
    random: systemRandom,
    report: () => undefined,
    onSettled: ({ id }) => {
      settled.emit(id);
    },
  });
  const prepare = (message: OutgoingMessage) =>
    delivery.prepare(message, { deliverBefore: new Date(Date.now() + 3_600_000) });
  await stores.outbox.add(Array.from({ length: texts }, () => prepare(text)));
  delivery.start();
  const took: number[] = [];
  for (let sent = 0; sent < messages; sent += 1) {
    const message = others[sent % others.length];
    if (message === undefined) break;
    const queued = prepare(message);
    const done = onceOf(settled, queued.id);
    const startedAt = performance.now();
    await stores.outbox.add([queued]);
    delivery.wake();
    await done;
    took.push(performance.now() - startedAt);
  }
  await delivery.stop();
  await close();
  const sorted = took.toSorted((one, other) => one - other);
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0;
}

function summary(values: readonly number[]): Summary {
  const sorted = values.toSorted((one, other) => one - other);
  return {
    median: sorted[Math.floor(sorted.length / 2)] ?? 0,
    min: sorted[0] ?? 0,
    max: sorted.at(-1) ?? 0,
    n: sorted.length,
  };
}

const alone: number[] = [];
const beside: number[] = [];
await round(0);
for (let count = 0; count < rounds; count += 1) {
  // By turns who is first: the machine warms up, and has neighbours.
  const first = count % 2 === 0;
  const one = await round(first ? 0 : waitingTexts);
  const other = await round(first ? waitingTexts : 0);
  alone.push(first ? one : other);
  beside.push(first ? other : one);
  console.log(
    `round ${count + 1}: ${alone.at(-1)?.toFixed(2)} ms alone, ${beside.at(-1)?.toFixed(2)} ms beside ${waitingTexts} slow texts`,
  );
}
report('deliveries', [
  {
    claim: 'p95 of mail, calls and pushes beside 1,000 texts at a slow provider, against none',
    unit: '×',
    found: summary(beside.map((each, index) => each / (alone[index] ?? 1))),
    atMost: 1.1,
  },
  { claim: 'p95 alone', unit: 'ms', found: summary(alone) },
  { claim: 'p95 beside the slow texts', unit: 'ms', found: summary(beside) },
]);

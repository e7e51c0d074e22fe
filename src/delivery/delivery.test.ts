import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { memoryOutbox, type MemoryOutbox } from '../../test/support/memory-outbox.ts';
import { settableClock, type SettableClock } from '../lib/clock.ts';
import { seededRandom } from '../lib/random.ts';
import type { Settled } from './carrying.ts';
import {
  createDelivery,
  type Delivery,
  type DeliveryLimits,
  type DeliveryReport,
} from './delivery.ts';
import type { MessageKind, OutgoingMessage, QueuedMessage } from './message.ts';
import type { Provider } from './provider.ts';
import { deliveryRefused } from './refusal.ts';

const start = new Date('2026-11-20T09:00:00Z');

const text: OutgoingMessage = {
  kind: 'text',
  to: '+31612345678',
  language: 'en',
  body: 'Your code is 123456',
};
const mail: OutgoingMessage = {
  kind: 'mail',
  to: 'anna@voorbeeld.example',
  language: 'en',
  subject: 'Something changed',
  text: 'Something changed.',
  html: '<p>Something changed.</p>',
};

const push: OutgoingMessage = {
  kind: 'push',
  to: 'device-1',
  language: 'en',
  subscription: { endpoint: 'https://push.example/1', p256dh: 'public', auth: 'secret' },
  body: '{"kind":"changed"}',
};

interface Stage {
  readonly outbox: MemoryOutbox;
  readonly clock: SettableClock;
  readonly delivery: Delivery;
  readonly settled: { readonly id: string; readonly event: Settled }[];
  readonly reports: DeliveryReport[];
  /** Queues messages that are worth something for three minutes, and wakes the worker. */
  readonly send: (...messages: OutgoingMessage[]) => Promise<readonly string[]>;
}

const stages: Delivery[] = [];

function stage(
  providers: readonly Provider[],
  options: {
    limits?: Partial<DeliveryLimits>;
    outbox?: (outbox: MemoryOutbox) => MemoryOutbox;
  } = {},
): Stage {
  const whole = memoryOutbox();
  const outbox = options.outbox?.(whole) ?? whole;
  const clock = settableClock(start);
  const settled: Stage['settled'] = [];
  const reports: DeliveryReport[] = [];
  const delivery = createDelivery({
    outbox,
    providers,
    clock,
    random: seededRandom('delivery'),
    report: (report) => reports.push(report),
    onSettled: ({ id }, event) => {
      settled.push({ id, event });
    },
    limits: { pollMilliseconds: 20, ...options.limits },
  });
  stages.push(delivery);
  delivery.start();
  return {
    outbox,
    clock,
    delivery,
    settled,
    reports,
    send: async (...messages) => {
      const deliverBefore = new Date(clock.now().getTime() + 180_000);
      const prepared = messages.map((message) => delivery.prepare(message, { deliverBefore }));
      await outbox.add(prepared);
      delivery.wake();
      return prepared.map(({ id }) => id);
    },
  };
}

/** A provider that does what it is told, message by message. */
function scripted(
  kinds: readonly MessageKind[],
  send: (message: QueuedMessage, signal: AbortSignal) => Promise<void> = async () => undefined,
): Provider & { readonly seen: QueuedMessage[] } {
  const seen: QueuedMessage[] = [];
  return {
    name: 'scripted',
    kinds,
    seen,
    send: async (message, signal) => {
      seen.push(message);
      await send(message, signal);
      return { provider: 'scripted', reference: `ref-${message.id}` };
    },
    check: async () => undefined,
  };
}

/** So many turns of promises later. */
async function later(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
}

async function until(isSo: () => boolean): Promise<void> {
  const giveUpAt = Date.now() + 5_000;
  while (!isSo()) {
    assert.ok(Date.now() < giveUpAt, 'it did not happen within five seconds');
    await sleep(2);
  }
}

describe('delivery', () => {
  afterEach(async () => {
    await Promise.all(stages.splice(0).map((delivery) => delivery.stop()));
  });

  it('sends at once what is queued at whatever moment it ends looking', async () => {
    for (let turns = 0; turns < 16; turns += 1) {
      let isFirst = true;
      const { send, settled } = stage([scripted(['text'])], {
        limits: { pollMilliseconds: 3_600_000 },
        outbox: (whole) => ({
          ...whole,
          lease: async (...wanted) => {
            const due = await whole.lease(...wanted);
            if (isFirst) void later(turns).then(() => send(text));
            isFirst = false;
            return due;
          },
        }),
      });
      await until(() => settled.length === 1);
    }
  });

  it('sends what was queued, keeps the receipt and wipes the words', async () => {
    const provider = scripted(['text']);
    const { send, settled, outbox } = stage([provider]);
    const [id = ''] = await send(text);
    await until(() => settled.length === 1);
    assert.deepEqual(settled, [{ id, event: { kind: 'sent' } }]);
    const [record] = outbox.records();
    assert.equal(record?.state, 'sent');
    assert.equal(record?.provider, 'scripted');
    assert.equal(record?.reference, `ref-${id}`);
    assert.equal(outbox.hasWords(id), false);
  });

  it('gives each message an id of 128 random bits', async () => {
    const { delivery } = stage([]);
    const one = delivery.prepare(text, { deliverBefore: start });
    const other = delivery.prepare(text, { deliverBefore: start });
    assert.equal(Buffer.from(one.id, 'base64url').length, 16);
    assert.notEqual(one.id, other.id);
  });

  it('finds what another node queued, without being woken', async () => {
    const provider = scripted(['text']);
    const { delivery, outbox, settled } = stage([provider]);
    await outbox.add([
      delivery.prepare(text, { deliverBefore: new Date(start.getTime() + 60_000) }),
    ]);
    await until(() => settled.length === 1);
  });

  it('sends to the first provider that carries the kind', async () => {
    const first = scripted(['mail']);
    const second = scripted(['text', 'mail']);
    const { send, settled } = stage([first, second]);
    await send(mail, text);
    await until(() => settled.length === 2);
    assert.deepEqual(
      first.seen.map(({ message }) => message.kind),
      ['mail'],
    );
    assert.deepEqual(
      second.seen.map(({ message }) => message.kind),
      ['text'],
    );
  });

  it('says at once that a message cannot go anywhere when nobody carries its kind', async () => {
    const { send, settled, outbox } = stage([scripted(['mail'])]);
    const [id = ''] = await send(text);
    await until(() => settled.length === 1);
    assert.deepEqual(settled, [{ id, event: { kind: 'failed', reason: 'unreachable' } }]);
    assert.match(outbox.records()[0]?.fault ?? '', /no provider/);
    assert.equal(outbox.hasWords(id), false);
  });

  it('tries again after 1, 2, 4 … seconds, under the same id', async () => {
    let failures = 3;
    const provider = scripted(['text'], async () => {
      failures -= 1;
      if (failures >= 0) {
        throw deliveryRefused({ retry: true, reason: 'unreachable', fault: 'no line' });
      }
    });
    const { send, settled, clock, reports } = stage([provider]);
    const [id = ''] = await send(text);
    for (const [tries, seconds] of [
      [1, 1],
      [2, 2],
      [3, 4],
    ] as const) {
      await until(() => reports.length === tries);
      const report = reports[tries - 1];
      assert.ok(report?.kind === 'message-postponed');
      assert.equal((report.retryAt.getTime() - clock.now().getTime()) / 1_000, seconds);
      await sleep(60);
      assert.equal(provider.seen.length, tries, 'it was tried again too soon');
      clock.advanceSeconds(seconds);
    }
    await until(() => settled.length === 1);
    assert.deepEqual(new Set(provider.seen.map((message) => message.id)), new Set([id]));
    assert.deepEqual(
      provider.seen.map(({ tries }) => tries),
      [1, 2, 3, 4],
    );
  });

  it('waits as long as the provider asks, and not for less', async () => {
    const asked = [7, 0];
    const provider = scripted(['push'], async () => {
      const retryAfterSeconds = asked.shift();
      if (retryAfterSeconds === undefined) return;
      const fault = 'too many';
      throw deliveryRefused({ retry: true, reason: 'unreachable', fault, retryAfterSeconds });
    });
    const { send, settled, clock, reports } = stage([provider]);
    await send(push);
    for (const [tries, seconds] of [
      [1, 7],
      [2, 2],
    ] as const) {
      await until(() => reports.length === tries);
      const report = reports[tries - 1];
      assert.ok(report?.kind === 'message-postponed');
      assert.equal((report.retryAt.getTime() - clock.now().getTime()) / 1_000, seconds);
      clock.advanceSeconds(seconds);
    }
    await until(() => settled.length === 1);
    assert.equal(settled[0]?.event.kind, 'sent');
  });

  it('says of a receiver that is no more that it is gone', async () => {
    const provider = scripted(['push'], async () => {
      throw deliveryRefused({ retry: false, reason: 'gone', fault: 'answered 410' });
    });
    const { send, settled } = stage([provider]);
    const [id] = await send(push);
    await until(() => settled.length === 1);
    assert.deepEqual(settled, [{ id, event: { kind: 'failed', reason: 'gone' } }]);
  });

  it('gives up when the next try would come too late', async () => {
    const provider = scripted(['text'], async () => {
      throw deliveryRefused({ retry: true, reason: 'unreachable', fault: 'no line' });
    });
    const { send, settled, clock, outbox } = stage([provider]);
    const [id = ''] = await send(text);
    while (settled.length === 0) {
      clock.advanceSeconds(1);
      await sleep(5);
      assert.ok(clock.now().getTime() < start.getTime() + 200_000);
    }
    assert.deepEqual(settled, [{ id, event: { kind: 'failed', reason: 'unreachable' } }]);
    assert.equal(outbox.records()[0]?.state, 'failed');
    assert.equal(outbox.hasWords(id), false);
  });

  it('does not try again what was refused for good', async () => {
    const provider = scripted(['text'], async () => {
      throw deliveryRefused({ retry: false, reason: 'opted-out', fault: 'they said stop' });
    });
    const { send, settled, outbox } = stage([provider]);
    await send(text);
    await until(() => settled.length === 1);
    assert.deepEqual(settled[0]?.event, { kind: 'failed', reason: 'opted-out' });
    assert.equal(outbox.records()[0]?.fault, 'they said stop');
    assert.equal(provider.seen.length, 1);
  });

  it('does not send a code that nobody can use any more', async () => {
    const provider = scripted(['text']);
    const { delivery, outbox, settled } = stage([provider]);
    await outbox.add([delivery.prepare(text, { deliverBefore: start })]);
    delivery.wake();
    await until(() => settled.length === 1);
    assert.deepEqual(settled[0]?.event, { kind: 'failed', reason: 'too-late' });
    assert.deepEqual(provider.seen, []);
  });

  it('breaks off a provider that does not answer, and tries again', async () => {
    let hung = true;
    let aborted = false;
    const provider = scripted(['text'], (_message, signal) => {
      if (!hung) return Promise.resolve();
      signal.addEventListener('abort', () => {
        aborted = true;
      });
      return new Promise(() => undefined);
    });
    const { send, settled, reports, clock } = stage([provider], {
      limits: { sendMilliseconds: 30 },
    });
    await send(text);
    await until(() => reports.length === 1);
    const [report] = reports;
    assert.ok(report?.kind === 'message-postponed');
    assert.match(report.fault, /no answer within/);
    assert.equal(aborted, true);
    hung = false;
    clock.advanceSeconds(1);
    await until(() => settled.length === 1);
  });

  it('takes a report of the provider for the receipt that did not come', async () => {
    const provider = scripted(['text'], async ({ id }) => {
      await told.outbox.markSent(id, { provider: 'scripted', reference: 'reported' }, start);
      throw new Error('the line broke');
    });
    const told = stage([provider]);
    const [id] = await told.send(text);
    await until(() => told.settled.length === 1);
    assert.deepEqual(told.settled, [{ id, event: { kind: 'sent' } }]);
    assert.equal(told.outbox.records()[0]?.reference, 'reported');
    assert.deepEqual(
      told.reports.map(({ kind }) => kind),
      ['message-sent'],
    );
  });

  it('does not let a slow text provider delay the mail', async () => {
    const held: (() => void)[] = [];
    const texts = scripted(['text'], () => new Promise((resolve) => held.push(resolve)));
    const mails = scripted(['mail']);
    const { send, settled } = stage([texts, mails], { limits: { concurrency: 3 } });
    await send(text, text, text, text, text, text);
    await until(() => texts.seen.length === 3);
    const [id] = await send(mail);
    await until(() => settled.length === 1);
    assert.equal(settled[0]?.id, id);
    assert.equal(texts.seen.length, 3, 'more than three texts were under way');
    while (settled.length < 7) {
      held.splice(0).forEach((release) => release());
      await sleep(2);
    }
    assert.equal(texts.seen.length, 6);
  });

  it('sends a message once when its lease runs out while the provider is still at it', async () => {
    let release = (): void => undefined;
    const provider = scripted(['text'], () => new Promise((resolve) => (release = resolve)));
    const { send, settled, clock } = stage([provider]);
    await send(text);
    await until(() => provider.seen.length === 1);
    clock.advanceSeconds(31);
    await sleep(60);
    release();
    await until(() => settled.length === 1);
    assert.equal(provider.seen.length, 1);
  });

  it('records a receipt later when the outbox is away, instead of sending twice', async () => {
    let away = true;
    const provider = scripted(['text']);
    const { send, settled, clock, reports } = stage([provider], {
      outbox: (outbox) => ({
        ...outbox,
        markSent: async (...mark) => {
          if (away) throw new Error('no disk');
          return outbox.markSent(...mark);
        },
      }),
    });
    await send(text);
    await until(() => reports.some(({ kind }) => kind === 'outcome-not-recorded'));
    assert.deepEqual(settled, []);
    away = false;
    clock.advanceSeconds(31);
    await until(() => settled.length === 1);
    assert.equal(provider.seen.length, 1);
  });

  it('goes on when the outbox comes back', async () => {
    let away = true;
    const provider = scripted(['text']);
    const { send, settled, reports } = stage([provider], {
      outbox: (outbox) => ({
        ...outbox,
        lease: async (...lease) => {
          if (away) throw new Error('no database');
          return outbox.lease(...lease);
        },
      }),
    });
    await send(text);
    await until(() => reports.some(({ kind }) => kind === 'outbox-unavailable'));
    away = false;
    await until(() => settled.length === 1);
  });

  it('sends once what two workers of one outbox both look for', async () => {
    const provider = scripted(['text'], () => sleep(5));
    const { outbox, delivery, clock, settled } = stage([provider]);
    const other = createDelivery({
      outbox,
      providers: [provider],
      clock,
      random: seededRandom('other'),
      report: () => undefined,
      onSettled: ({ id }, event) => {
        settled.push({ id, event });
      },
    });
    stages.push(other);
    other.start();
    const deliverBefore = new Date(start.getTime() + 60_000);
    await outbox.add(Array.from({ length: 50 }, () => delivery.prepare(text, { deliverBefore })));
    delivery.wake();
    other.wake();
    await until(() => settled.length === 50);
    assert.equal(provider.seen.length, 50);
  });

  it('tells the log neither the words nor the number', async () => {
    const provider = scripted(['text'], async () => {
      throw deliveryRefused({ retry: false, reason: 'refused', fault: 'no such number' });
    });
    const { send, settled, reports } = stage([provider]);
    await send(text);
    await until(() => settled.length === 1);
    assert.doesNotMatch(JSON.stringify(reports), /123456|31612345678/);
  });

  it('finishes what is under way when it is stopped, and takes nothing new', async () => {
    const provider = scripted(['text'], () => sleep(50));
    const { send, settled, delivery, outbox } = stage([provider]);
    await send(text);
    await until(() => provider.seen.length === 1);
    const stopped = delivery.stop();
    await outbox.add([
      delivery.prepare(text, { deliverBefore: new Date(start.getTime() + 60_000) }),
    ]);
    delivery.wake();
    await stopped;
    assert.equal(settled.length, 1);
    assert.equal(provider.seen.length, 1);
  });

  it('does not wait for ever when it is stopped, and puts back what it broke off', async () => {
    const provider = scripted(['text'], () => new Promise(() => undefined));
    const { send, delivery, outbox, reports } = stage([provider], {
      limits: { stopMilliseconds: 50 },
    });
    await send(text);
    await until(() => provider.seen.length === 1);
    const before = performance.now();
    await delivery.stop();
    assert.ok(performance.now() - before < 1_000);
    assert.equal(outbox.records()[0]?.state, 'queued');
    assert.equal(reports.at(-1)?.kind, 'message-postponed');
  });

  it('puts back for whoever comes next what surely nobody had when it is stopped', async () => {
    const first = scripted(
      ['text'],
      (_queued, signal) =>
        new Promise((_resolve, reject) => {
          const fault = { retry: true, reason: 'unreachable', fault: 'never begun' } as const;
          signal.addEventListener('abort', () => reject(deliveryRefused(fault)));
        }),
    );
    const second = { ...scripted(['text']), name: 'second' };
    const { send, delivery, outbox } = stage([first, second], { limits: { stopMilliseconds: 20 } });
    await send(text);
    await until(() => first.seen.length === 1);
    await delivery.stop();
    const [record] = outbox.records();
    assert.deepEqual([record?.state, record?.provider], ['queued', undefined]);
    assert.equal(second.seen.length, 0);
  });

  it('names every provider whose configuration does not work', async () => {
    const broken: Provider = {
      ...scripted(['mail']),
      name: 'broken',
      check: async () => {
        throw new Error('wrong password');
      },
    };
    const { delivery } = stage([scripted(['text']), broken]);
    const faults = await delivery.checkAll();
    assert.deepEqual(
      faults.map(({ provider }) => provider),
      ['broken'],
    );
  });
});

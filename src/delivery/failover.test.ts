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
  type DeliveryReport,
  type DeliveryParts,
} from './delivery.ts';
import type { OutgoingMessage, QueuedMessage } from './message.ts';
import type { Provider } from './provider.ts';
import { deliveryRefused, type Refusal } from './refusal.ts';
import { restsInMemory } from './rest-store.ts';

const start = new Date('2026-11-20T09:00:00Z');
const text: OutgoingMessage = { kind: 'text', to: '+31612345678', language: 'en', body: 'a code' };
const belgian: OutgoingMessage = { ...text, to: '+32470123456' };

type Answer = Omit<Refusal, 'fault' | 'reason'> | 'takes' | 'hangs';

/** A provider that answers as it is told, for ever the last. */
interface Scripted extends Provider {
  answers: Answer;
  isWell: boolean;
  checks: number;
  readonly seen: QueuedMessage[];
}

function scripted(name: string, answers: Answer = 'takes'): Scripted {
  const provider: Scripted = {
    name,
    kinds: ['text'],
    answers,
    isWell: true,
    checks: 0,
    seen: [],
    send: async (queued) => {
      provider.seen.push(queued);
      const now = provider.answers;
      if (now === 'hangs') return new Promise(() => undefined);
      if (now !== 'takes')
        throw deliveryRefused({ ...now, reason: 'unreachable', fault: `${name} is ill` });
      return { provider: name, reference: `${name} ${queued.id}` };
    },
    check: async () => {
      provider.checks += 1;
      if (!provider.isWell) throw new Error('still ill');
    },
  };
  return provider;
}

const surelyNot = { retry: true } as const;
const perhaps = { retry: true, isUnsure: true } as const;

interface Stage {
  readonly outbox: MemoryOutbox;
  readonly clock: SettableClock;
  readonly delivery: Delivery;
  readonly settled: { readonly event: Settled; readonly provider: string | undefined }[];
  readonly reports: DeliveryReport[];
  readonly send: (message: OutgoingMessage, isAwaited?: boolean) => Promise<string>;
}

const running: Delivery[] = [];

function stage(
  providers: readonly Provider[],
  options: Partial<Pick<DeliveryParts, 'order' | 'rests' | 'outbox' | 'clock'>> & {
    readonly on?: Stage;
  } = {},
): Stage {
  const outbox = options.on?.outbox ?? memoryOutbox();
  const clock = options.on?.clock ?? settableClock(start);
  const settled: Stage['settled'] = [];
  const reports: DeliveryReport[] = [];
  const delivery = createDelivery({
    outbox,
    providers,
    clock,
    order: options.order,
    rests: options.rests,
    random: seededRandom(`delivery ${running.length}`),
    report: (report) => reports.push(report),
    onSettled: (_queued, event, provider) => {
      settled.push({ event, provider });
    },
    limits: { pollMilliseconds: 10, sendMilliseconds: 100 },
  });
  running.push(delivery);
  delivery.start();
  return {
    outbox,
    clock,
    delivery,
    settled,
    reports,
    send: async (message, isAwaited = true) => {
      const queued = delivery.prepare(message, {
        deliverBefore: new Date(clock.now().getTime() + 180_000),
        ...(isAwaited ? { attemptId: 'attempt', challengeId: 'challenge' } : {}),
      });
      await outbox.add([queued]);
      delivery.wake();
      return queued.id;
    },
  };
}

/** Waits for it, and then says what became of the message. */
function untilBrokenOff(
  signal: AbortSignal,
  answer: Omit<Refusal, 'fault' | 'reason'>,
): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () =>
      reject(deliveryRefused({ ...answer, reason: 'unreachable', fault: 'broken off' })),
    );
  });
}

async function until(
  isSo: () => boolean,
  why = 'it did not happen within ten seconds',
): Promise<void> {
  const giveUpAt = performance.now() + 10_000;
  while (!isSo()) {
    assert.ok(performance.now() < giveUpAt, why);
    await sleep(2);
  }
}

describe('a message that two providers carry', () => {
  afterEach(async () => {
    await Promise.all(running.splice(0).map((delivery) => delivery.stop()));
  });

  it('goes to the other one where the first says when its time is up that it never had it', async () => {
    const one: Scripted = {
      ...scripted('one'),
      send: (_queued, signal) => untilBrokenOff(signal, surelyNot),
    };
    const other = scripted('other');
    const { send, settled } = stage([one, other]);
    await send(text);
    await until(() => settled.length === 1);
    assert.equal(settled[0]?.provider, 'other');
  });

  it('goes to the first, and to the second at once where the first surely did not take it', async () => {
    const [first, second] = [scripted('first', surelyNot), scripted('second')];
    const { send, settled, outbox, reports } = stage([first, second]);
    await send(text);
    await until(() => settled.length === 1);
    assert.deepEqual(settled, [{ event: { kind: 'sent' }, provider: 'second' }]);
    assert.equal(outbox.records()[0]?.provider, 'second');
    assert.deepEqual(
      reports.map(({ kind }) => kind),
      ['message-passed-on', 'message-sent'],
    );
  });

  it('is refused for good by whoever says so of its receiver: nobody else is asked', async () => {
    const [first, second] = [scripted('first', { retry: false }), scripted('second')];
    const { send, settled } = stage([first, second]);
    await send(text);
    await until(() => settled.length === 1);
    assert.equal(settled[0]?.event.kind, 'failed');
    assert.deepEqual(second.seen, []);
  });

  it('stays with who may have it, whatever that one says later', async () => {
    for (const answers of [perhaps, 'hangs'] as const) {
      const [first, second] = [scripted('first', answers), scripted('second')];
      const { send, settled, outbox, reports, clock } = stage([first, second]);
      await send(text);
      await until(() => reports.some(({ kind }) => kind === 'message-postponed'));
      first.answers = surelyNot;
      clock.advanceSeconds(1);
      await until(() => first.seen.length === 2);
      await until(() => reports.filter(({ kind }) => kind === 'message-postponed').length === 2);
      assert.equal(outbox.records()[0]?.provider, 'first');
      first.answers = 'takes';
      clock.advanceSeconds(2);
      await until(() => settled.length === 1);
      assert.deepEqual(settled, [{ event: { kind: 'sent' }, provider: 'first' }]);
      assert.deepEqual(second.seen, []);
    }
  });

  it('stays with who was asked when the process that asked is gone', async () => {
    const shared = stage([scripted('first', 'hangs'), scripted('second')]);
    const id = await shared.send(text);
    await until(() => shared.outbox.records()[0]?.provider === 'first');
    // Nobody says what became of it: as if the machine had lost its power.
    const [first, second] = [scripted('first'), scripted('second')];
    shared.clock.advanceSeconds(31);
    const other = stage([second, first], { on: shared });
    await until(() => other.settled.length === 1);
    assert.deepEqual(
      first.seen.map((seen) => seen.id),
      [id],
    );
    assert.deepEqual(second.seen, []);
  });

  it('goes to whom the operator prefers, in a country of its own to another', async () => {
    const [first, second] = [scripted('first'), scripted('second')];
    const { send, settled } = stage([first, second], {
      order: { text: ['second'], countries: { BE: { text: ['first', 'second'] } } },
    });
    await send(text);
    await send(belgian);
    await until(() => settled.length === 2);
    assert.deepEqual(
      [first.seen, second.seen].map((seen) => seen.map(({ message }) => message.to)),
      [['+32470123456'], ['+31612345678']],
    );
  });
});

describe('a provider that fails', () => {
  afterEach(async () => {
    await Promise.all(running.splice(0).map((delivery) => delivery.stop()));
  });

  const isResting = ({ reports }: Stage): boolean =>
    reports.some(({ kind }) => kind === 'provider-rests');

  it('rests after five failures, is tried every 30 seconds, and is trusted once it is well', async () => {
    const [first, second] = [scripted('first', surelyNot), scripted('second')];
    first.isWell = false;
    const whole = stage([first, second]);
    const { send, settled, clock, reports, delivery } = whole;
    for (let sent = 1; sent <= 30; sent += 1) {
      await send(text);
      await until(() => settled.length === sent);
    }
    assert.equal(first.seen.length, 5);
    assert.equal(second.seen.length, 30);
    const [resting] = await delivery.health();
    assert.deepEqual(resting?.rest, {
      since: start,
      probeAt: new Date(start.getTime() + 30_000),
      fault: 'first is ill',
    });
    assert.equal(first.checks, 0);
    for (let probes = 1; probes <= 3; probes += 1) {
      clock.advanceSeconds(30);
      await until(() => first.checks === probes);
    }
    // Tried by asking for its configuration: nobody's message is risked.
    assert.equal(first.seen.length, 5);
    first.isWell = true;
    first.answers = 'takes';
    clock.advanceSeconds(30);
    await until(() => reports.some(({ kind }) => kind === 'provider-is-back'));
    await send(text);
    await until(() => settled.length === 31);
    assert.equal(first.seen.length, 6);
  });

  it('rests as well where it fails every other time', async () => {
    const [first, second] = [scripted('first'), scripted('second')];
    const whole = stage([first, second]);
    let sent = 0;
    while (!isResting(whole)) {
      first.answers = sent % 2 === 0 ? surelyNot : 'takes';
      await whole.send(text);
      sent += 1;
      await until(() => whole.settled.length === sent);
      assert.ok(sent <= 20, 'more than twenty were lost to it');
    }
  });

  it('rests again at once where it only seemed well', async () => {
    const [first, second] = [scripted('first', surelyNot), scripted('second')];
    const whole = stage([first, second]);
    const { send, settled, clock, reports } = whole;
    const sendOne = async (): Promise<void> => {
      const before = settled.length;
      await send(text);
      await until(() => settled.length === before + 1);
    };
    for (let sent = 0; sent < 5; sent += 1) await sendOne();
    clock.advanceSeconds(30);
    await until(() => reports.some(({ kind }) => kind === 'provider-is-back'));
    await sendOne();
    await sendOne();
    assert.equal(first.seen.length, 6);
  });

  it('is not blamed for what it says of a receiver', async () => {
    const first = scripted('first');
    const whole = stage([first]);
    for (let sent = 1; sent <= 12; sent += 1) {
      first.answers = sent % 2 === 0 ? { retry: false } : { retry: true, isAboutMessage: true };
      await whole.send(text);
      await until(() => first.seen.length >= sent);
    }
    assert.equal(isResting(whole), false);
  });

  it('rests on every node, when one has found it ill', async () => {
    const rests = restsInMemory();
    const [first, second] = [scripted('first', surelyNot), scripted('second')];
    const one = stage([first, second], { rests });
    for (let sent = 1; sent <= 5; sent += 1) {
      await one.send(text);
      await until(() => one.settled.length === sent);
    }
    await one.delivery.stop();
    const other = stage([first, second], { rests });
    await other.send(text);
    await until(() => other.settled.length === 1);
    assert.equal(first.seen.length, 5);
    assert.equal(second.seen.length, 6);
  });

  it('lets whoever waits for a text know at once, where there is nobody else', async () => {
    const only = scripted('only', surelyNot);
    const whole = stage([only]);
    only.isWell = false;
    // One that nobody waits for is kept: it goes out when the provider is back.
    await whole.send(text, false);
    const postponed = (): number =>
      whole.reports.filter(({ kind }) => kind === 'message-postponed').length;
    for (let tries = 1; tries <= 5; tries += 1) {
      await until(() => postponed() === tries);
      if (tries < 5) whole.clock.advanceSeconds(2 ** (tries - 1));
    }
    assert.ok(isResting(whole));
    const asked = only.seen.length;
    await whole.send(text);
    await until(() => whole.settled.length === 1);
    assert.deepEqual(whole.settled[0]?.event, { kind: 'failed', reason: 'unreachable' });
    assert.equal(only.seen.length, asked, 'it was asked although it rests');
    only.answers = 'takes';
    only.isWell = true;
    whole.clock.advanceSeconds(31);
    await until(() => whole.reports.some(({ kind }) => kind === 'provider-is-back'));
    whole.clock.advanceSeconds(10);
    await until(() => whole.settled.length === 2);
    assert.deepEqual(whole.settled[1], { event: { kind: 'sent' }, provider: 'only' });
  });

  it('does not keep whoever waits longer than five seconds, unless the text may be on its way', async () => {
    const only = scripted('only', surelyNot);
    const whole = stage([only]);
    await whole.send(text);
    for (const seconds of [1, 2]) {
      await until(() => whole.reports.at(-1)?.kind === 'message-postponed');
      assert.deepEqual(whole.settled, []);
      whole.reports.splice(0);
      whole.clock.advanceSeconds(seconds);
    }
    await until(() => whole.settled.length === 1);
    assert.equal(whole.settled[0]?.event.kind, 'failed');
    assert.equal(only.seen.length, 3);
  });
});

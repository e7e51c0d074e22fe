/**
 * The tests that every provider passes. A provider brings a stage: itself, a receiver it really
 * talks to, and the ways in which that receiver can let it down.
 */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import type { OutgoingMessage, QueuedMessage } from '../message.ts';
import type { Provider } from '../provider.ts';
import { refusalOf } from '../refusal.ts';

/** A provider and whoever stands at the other end. */
export interface ProviderStage {
  readonly provider: Provider;
  /** One for each kind it carries. */
  readonly samples: readonly OutgoingMessage[];
  /** What arrived at the other end so far: to whom, and all the words. */
  readonly arrived: () => Promise<readonly { readonly to: string; readonly words: string }[]>;
  /** Nobody listens any more. */
  readonly goDown: () => Promise<void>;
  readonly comeUp: () => Promise<void>;
  /** From now on every message is refused for good. */
  readonly refuse: () => void;
  /** From now on nobody answers. */
  readonly hang: () => void;
  readonly close: () => Promise<void>;
}

/** Runs the contract for one provider; `setUp` makes a new stage for each test. */
export function describeProvider(name: string, setUp: () => Promise<ProviderStage>): void {
  describe(`${name}, as a provider`, () => {
    let stage: ProviderStage;
    beforeEach(async () => {
      stage = await setUp();
    });
    afterEach(async () => {
      await stage.close();
    });

    it('carries each kind it says it carries, and no sample is missing', async () => {
      const { provider, samples } = stage;
      assert.deepEqual(samples.map(({ kind }) => kind).toSorted(), [...provider.kinds].toSorted());
      for (const [index, message] of samples.entries()) {
        const receipt = await provider.send(queued(message, index), patient());
        assert.equal(receipt.provider, provider.name);
        assert.notEqual(receipt.reference, '');
      }
      const arrived = await stage.arrived();
      assert.deepEqual(
        arrived.map(({ to }) => to),
        samples.map(({ to }) => to),
      );
      for (const [index, message] of samples.entries()) {
        for (const words of wordsOf(message)) {
          assert.ok(arrived[index]?.words.includes(words), `"${words}" did not arrive`);
        }
      }
    });

    it('gives two messages two references', async () => {
      const { provider, samples } = stage;
      const [message] = samples;
      assert.ok(message !== undefined);
      const first = await provider.send(queued(message, 1), patient());
      const second = await provider.send(queued(message, 2), patient());
      assert.notEqual(first.reference, second.reference);
    });

    it('gives the same message the same reference when it is sent again', async () => {
      const { provider, samples } = stage;
      const [message] = samples;
      assert.ok(message !== undefined);
      const first = await provider.send(queued(message, 1), patient());
      const again = await provider.send(queued(message, 1), patient());
      assert.equal(first.reference, again.reference);
    });

    it('says that it may be tried again when nobody listens, and works when somebody does', async () => {
      const { provider, samples } = stage;
      const [message] = samples;
      assert.ok(message !== undefined);
      await stage.goDown();
      const refusal = await refusalFrom(provider.send(queued(message, 1), patient()));
      assert.equal(refusal.retry, true);
      assert.equal(refusal.reason, 'unreachable');
      assert.deepEqual(await stage.arrived(), []);
      await stage.comeUp();
      await provider.send(queued(message, 1), patient());
      assert.equal((await stage.arrived()).length, 1);
    });

    it('says that it is of no use to try again when the message is refused', async () => {
      const { provider, samples } = stage;
      const [message] = samples;
      assert.ok(message !== undefined);
      stage.refuse();
      const refusal = await refusalFrom(provider.send(queued(message, 1), patient()));
      assert.equal(refusal.retry, false);
      assert.equal(refusal.reason, 'refused');
      assert.notEqual(refusal.fault, '');
      for (const words of wordsOf(message)) assert.ok(!refusal.fault.includes(words));
    });

    it('gives up when it is told to', async () => {
      const { provider, samples } = stage;
      const [message] = samples;
      assert.ok(message !== undefined);
      stage.hang();
      const controller = new AbortController();
      const sending = provider.send(queued(message, 1), controller.signal);
      setTimeout(() => controller.abort(new Error('enough')), 20);
      const refusal = await refusalFrom(sending);
      assert.equal(refusal.retry, true);
    });

    it('finds nothing wrong with a configuration that works', async () => {
      await stage.provider.check();
    });
  });
}

/** A message in the outbox, for tests; the same number gives the same id. */
export function queued(message: OutgoingMessage, number: number): QueuedMessage {
  const createdAt = new Date('2026-11-02T09:00:00Z');
  return {
    id: `message-${String(number).padStart(4, '0')}`,
    message,
    attemptId: 'attempt-1',
    challengeId: 'challenge-1',
    userId: 'anna',
    createdAt,
    deliverBefore: new Date(createdAt.getTime() + 180_000),
    tries: 1,
  };
}

function wordsOf(message: OutgoingMessage): readonly string[] {
  switch (message.kind) {
    case 'text':
    case 'push':
      return [message.body];
    case 'call':
      return [message.greeting, message.instruction];
    case 'mail':
      return [message.subject, message.text, message.html];
  }
}

function patient(): AbortSignal {
  return new AbortController().signal;
}

async function refusalFrom(sending: Promise<unknown>): Promise<ReturnType<typeof refusalOf>> {
  try {
    await sending;
  } catch (error) {
    return refusalOf(error);
  }
  assert.fail('it was sent');
}

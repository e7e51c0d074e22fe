/** What every keeper of messages on their way is held to. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { inParallel, onFreshStores, type MakeStores } from '../lib/stores.contract.ts';
import type { MessageKind, OutgoingMessage, QueuedMessage } from './message.ts';
import type { DeliveryFilter, OutboxStore } from './outbox-store.ts';

const every: readonly MessageKind[] = ['text', 'call', 'mail', 'push'];

const messages: Readonly<Record<MessageKind, OutgoingMessage>> = {
  text: { kind: 'text', to: '+31612345612', language: 'nl', body: 'Uw code is 123456' },
  call: {
    kind: 'call',
    to: '+31201234567',
    extension: '88',
    language: 'en',
    greeting: 'This is Tweestap.',
    instruction: 'Press #.',
    thanks: 'Thank you.',
    refused: 'No.',
  },
  mail: {
    kind: 'mail',
    to: 'anna@home.example',
    language: 'nl',
    subject: 'Notice',
    text: 'text',
    html: '<p>text</p>',
  },
  push: {
    kind: 'push',
    to: 'device-1',
    language: 'nl',
    subscription: { endpoint: 'https://push.example/1', p256dh: 'public', auth: 'secret' },
    body: '{"kind":"changed"}',
  },
};

/** A text that was queued at 1 s, unless the test says otherwise. */
export function sampleMessage(
  id: string,
  fields: Partial<QueuedMessage> & { readonly kind?: MessageKind } = {},
): QueuedMessage {
  const { kind = 'text', ...rest } = fields;
  return {
    id,
    message: messages[kind],
    attemptId: 'attempt-1',
    challengeId: 'challenge-1',
    userId: 'user-anna',
    createdAt: new Date(1000),
    deliverBefore: new Date(300_000),
    tries: 0,
    ...rest,
  };
}

/** Runs the contract; `make` gives fresh stores to each test. */
export function describeOutboxStore(make: MakeStores<{ readonly outbox: OutboxStore }>): void {
  describe('an outbox store', () => {
    it('leases what is due, oldest first, and counts the try', () =>
      onFreshStores(make, async ({ stores: { outbox } }) => {
        const young = sampleMessage('a', { kind: 'mail', createdAt: new Date(3000) });
        const old = sampleMessage('b', { kind: 'call', attemptId: undefined, userId: undefined });
        await outbox.add([young, old]);
        assert.deepEqual(await outbox.lease(new Date(2999), 30, 10, every), [{ ...old, tries: 1 }]);
        assert.deepEqual(await outbox.lease(new Date(3000), 30, 10, every), [
          { ...young, tries: 1 },
        ]);
        assert.deepEqual(await outbox.lease(new Date(3000), 30, 10, every), []);
      }));

    it('gives a message again when the lease is over and nothing was heard', () =>
      onFreshStores(make, async ({ stores: { outbox } }) => {
        await outbox.add([sampleMessage('a')]);
        await outbox.lease(new Date(2000), 30, 10, every);
        assert.deepEqual(await outbox.lease(new Date(31_999), 30, 10, every), []);
        const [again] = await outbox.lease(new Date(32_000), 30, 10, every);
        assert.equal(again?.tries, 2);
      }));

    it('leases the kinds that are asked for, and no more than the limit', () =>
      onFreshStores(make, async ({ stores: { outbox } }) => {
        await outbox.add([
          sampleMessage('t1'),
          sampleMessage('t2'),
          sampleMessage('m', { kind: 'mail' }),
          sampleMessage('c', { kind: 'call' }),
        ]);
        const ids = async (limit: number, kinds: readonly MessageKind[]): Promise<string[]> =>
          (await outbox.lease(new Date(2000), 30, limit, kinds)).map(({ id }) => id);
        assert.deepEqual(await ids(10, []), []);
        assert.deepEqual(await ids(10, ['mail']), ['m']);
        assert.deepEqual(await ids(1, ['mail', 'text']), ['t1']);
        assert.deepEqual(await ids(10, every), ['c', 't2']);
      }));

    it('never leases one message to two who ask at once', () =>
      onFreshStores(make, async (fresh) => {
        const ids = Array.from({ length: 60 }, (_, index) => `message-${100 + index}`);
        await fresh.stores.outbox.add(ids.map((id) => sampleMessage(id)));
        const leased = await inParallel(fresh, 20, ({ stores }) =>
          stores.outbox.lease(new Date(2000), 30, 5, every),
        );
        const taken = leased.flat().map(({ id }) => id);
        assert.equal(new Set(taken).size, taken.length, 'one message was leased twice');
        const rest = await fresh.stores.outbox.lease(new Date(2000), 30, 100, every);
        assert.deepEqual([...taken, ...rest.map(({ id }) => id)].toSorted(), ids);
      }));

    it('wipes the words of what was sent and keeps the receipt', () =>
      onFreshStores(make, async ({ stores: { outbox } }) => {
        await outbox.add([sampleMessage('a')]);
        await outbox.lease(new Date(2000), 30, 10, every);
        await outbox.markSent('a', { provider: 'simulator', reference: 'ref-1' }, new Date(2500));
        assert.deepEqual(await outbox.findByReference('simulator', 'ref-1'), {
          id: 'a',
          kind: 'text',
          state: 'sent',
          attemptId: 'attempt-1',
          challengeId: 'challenge-1',
          userId: 'user-anna',
          createdAt: new Date(1000),
          settledAt: new Date(2500),
          tries: 1,
          provider: 'simulator',
          reference: 'ref-1',
          fault: undefined,
          cost: undefined,
        });
        assert.equal(await outbox.findByReference('twilio', 'ref-1'), undefined);
        assert.deepEqual(await outbox.lease(new Date(1e9), 30, 10, every), []);
      }));

    it('keeps the words of a call until it is over', () =>
      onFreshStores(make, async ({ stores: { outbox } }) => {
        await outbox.add([sampleMessage('c', { kind: 'call' }), sampleMessage('t')]);
        await outbox.wipe('c');
        assert.deepEqual(await outbox.script('c'), messages.call);
        await outbox.markSent('c', { provider: 'p', reference: 'c' }, new Date(2000));
        await outbox.markSent('t', { provider: 'p', reference: 't' }, new Date(2000));
        assert.deepEqual(await outbox.script('c'), messages.call);
        assert.equal(await outbox.script('t'), undefined);
        await outbox.wipe('c');
        assert.equal(await outbox.script('c'), undefined);
        assert.equal((await outbox.find('c'))?.reference, 'c');
      }));

    it('finds a message by our own id, sent or not', () =>
      onFreshStores(make, async ({ stores: { outbox } }) => {
        await outbox.add([sampleMessage('a')]);
        assert.equal((await outbox.find('a'))?.state, 'queued');
        await outbox.markSent('a', { provider: 'p', reference: 'r' }, new Date(2000));
        assert.deepEqual(await outbox.find('a'), await outbox.findByReference('p', 'r'));
        assert.equal(await outbox.find('b'), undefined);
      }));

    it('puts a message back until it is worth a try', () =>
      onFreshStores(make, async ({ stores: { outbox } }) => {
        await outbox.add([sampleMessage('a')]);
        await outbox.lease(new Date(2000), 30, 10, every);
        await outbox.postpone('a', new Date(5000), 'unreachable');
        assert.deepEqual(await outbox.lease(new Date(4999), 30, 10, every), []);
        assert.equal((await outbox.lease(new Date(5000), 30, 10, every))[0]?.tries, 2);
      }));

    it('gives up for good, but never takes back what a provider took', () =>
      onFreshStores(make, async ({ stores: { outbox } }) => {
        await outbox.add([sampleMessage('a'), sampleMessage('b', { createdAt: new Date(1500) })]);
        await outbox.markFailed('a', 'too-late', new Date(2000));
        await outbox.postpone('a', new Date(2000), 'again');
        assert.deepEqual(
          (await outbox.lease(new Date(2000), 30, 10, every)).map(({ id }) => id),
          ['b'],
        );
        await outbox.markSent('b', { provider: 'p', reference: 'r' }, new Date(2000));
        await outbox.markFailed('b', 'too-late', new Date(3000));
        assert.equal((await outbox.findByReference('p', 'r'))?.state, 'sent');
      }));

    it('tells whoever takes it next who may have it, until nobody may', () =>
      onFreshStores(make, async ({ stores: { outbox } }) => {
        await outbox.add([sampleMessage('a')]);
        await outbox.entrust('a', 'twilio');
        const [found] = await outbox.lease(new Date(2000), 1, 10, every);
        assert.equal(found?.entrustedTo, 'twilio');
        assert.equal((await outbox.find('a'))?.provider, 'twilio');
        await outbox.postpone('a', new Date(3000), 'perhaps', 'twilio');
        const [again] = await outbox.lease(new Date(3000), 1, 10, every);
        assert.equal(again?.entrustedTo, 'twilio');
        await outbox.postpone('a', new Date(4000), 'surely not');
        const [free] = await outbox.lease(new Date(4000), 1, 10, every);
        assert.equal(free?.entrustedTo, undefined);
        await outbox.markFailed('a', 'refused', new Date(5000), 'vonage');
        await outbox.entrust('a', 'twilio');
        assert.equal((await outbox.find('a'))?.provider, 'vonage');
      }));

    it('keeps what a message cost, told at once or later, and sums up a day', () =>
      onFreshStores(make, async ({ stores: { outbox } }) => {
        await outbox.add([
          sampleMessage('early', { createdAt: new Date(999) }),
          sampleMessage('a'),
          sampleMessage('b'),
          sampleMessage('c', { kind: 'call' }),
          sampleMessage('d'),
        ]);
        const cost = { millionths: 33_300, currency: 'EUR' };
        await outbox.markSent('a', { provider: 'p', reference: 'a', cost }, new Date(2000));
        await outbox.markSent('b', { provider: 'p', reference: 'b' }, new Date(2000));
        await outbox.noteCost('b', cost);
        await outbox.markFailed('c', 'no', new Date(2000), 'p');
        assert.deepEqual((await outbox.find('b'))?.cost, cost);
        const none = { count: 1, cost: 0, currency: undefined };
        const tallies = (await outbox.tally(new Date(1000))).toSorted((one, other) =>
          one.state < other.state ? -1 : 1,
        );
        assert.deepEqual(tallies, [
          { provider: 'p', kind: 'call', state: 'failed', ...none },
          { provider: undefined, kind: 'text', state: 'queued', ...none },
          { provider: 'p', kind: 'text', state: 'sent', count: 2, cost: 66_600, currency: 'EUR' },
        ]);
      }));

    it('knows how many of the newest messages to a block of numbers were answered', () =>
      onFreshStores(make, async ({ stores: { outbox } }) => {
        await outbox.add([
          sampleMessage('a', { challengeId: 'c-a', createdAt: new Date(1000) }),
          sampleMessage('b', { challengeId: 'c-b', createdAt: new Date(2000) }),
          sampleMessage('c', { challengeId: 'c-c', createdAt: new Date(3000) }),
          sampleMessage('d', { challengeId: 'c-d', createdAt: new Date(4000) }),
          sampleMessage('told', { challengeId: undefined }),
          sampleMessage('call', { kind: 'call', challengeId: 'c-call' }),
        ]);
        await outbox.markAnswered('c-a', new Date(5000));
        await outbox.markAnswered('c-d', new Date(5000));
        const count = (since: number, before: number, most = 50): Promise<unknown> =>
          outbox.conversion('+316123', new Date(since), new Date(before), most);
        assert.deepEqual(await count(0, 9000), { sent: 4, answered: 2 });
        // One that is young and unanswered may still be.
        assert.deepEqual(await count(0, 2000), { sent: 3, answered: 2 });
        assert.deepEqual(await count(1000, 9000), { sent: 3, answered: 1 });
        assert.deepEqual(await count(0, 9000, 2), { sent: 2, answered: 1 });
        await outbox.markFailed('b', 'nobody took it', new Date(6000));
        assert.deepEqual(await count(0, 9000), { sent: 3, answered: 2 });
        assert.deepEqual(await outbox.conversion('+316124', new Date(0), new Date(9000), 50), {
          sent: 0,
          answered: 0,
        });
      }));

    it('lets mail that tells what happened wait for what happened before, and for nothing else', () =>
      onFreshStores(make, async ({ stores: { outbox } }) => {
        const told = { kind: 'mail', challengeId: undefined } as const;
        await outbox.add([
          sampleMessage('first', told),
          sampleMessage('second', { ...told, createdAt: new Date(2000) }),
          sampleMessage('code', { kind: 'mail', createdAt: new Date(2000) }),
          sampleMessage('text', { challengeId: undefined, createdAt: new Date(2000) }),
        ]);
        const lease = async (at: number): Promise<readonly string[]> =>
          (await outbox.lease(new Date(at), 1, 10, every)).map(({ id }) => id);
        assert.deepEqual(await lease(3000), ['first', 'code', 'text']);
        await outbox.markSent('code', { provider: 'p', reference: 'c' }, new Date(3000));
        await outbox.markSent('text', { provider: 'p', reference: 't' }, new Date(3000));
        await outbox.postpone('first', new Date(60_000), 'unreachable');
        assert.deepEqual(await lease(59_999), []);
        assert.deepEqual(await lease(60_000), ['first']);
        await outbox.markSent('first', { provider: 'p', reference: 'f' }, new Date(60_000));
        assert.deepEqual(await lease(60_000), ['second']);
      }));

    it('brings back what was given up where it is still worth something, once', () =>
      onFreshStores(make, async ({ stores: { outbox } }) => {
        const told = sampleMessage('told', { kind: 'mail', challengeId: undefined });
        await outbox.add([told, sampleMessage('code', { kind: 'mail' }), sampleMessage('text')]);
        for (const id of ['told', 'code', 'text']) {
          await outbox.markFailed(id, 'refused', new Date(2000), 'smtp');
        }
        const found = await outbox.search({ state: 'failed', limit: 10 });
        assert.deepEqual(
          found.map(({ id, canRetry }) => [id, canRetry]),
          [
            ['told', true],
            ['text', false],
            ['code', false],
          ],
        );
        const [at, until] = [new Date(9000), new Date(900_000)];
        assert.equal(await outbox.retry('code', at, until), false);
        assert.equal(await outbox.retry('nothing', at, until), false);
        assert.equal(await outbox.retry('told', at, until), true);
        assert.equal(await outbox.retry('told', at, until), false);
        assert.deepEqual(await outbox.lease(at, 30, 10, every), [
          { ...told, deliverBefore: until, tries: 1 },
        ]);
        await outbox.markSent('told', { provider: 'smtp', reference: 'r' }, at);
        assert.equal(await outbox.retry('told', at, until), false);
        assert.equal((await outbox.search({ id: 'told', limit: 1 }))[0]?.canRetry, false);
      }));

    it('finds what was sent by what narrows it down, newest first, a page at a time', () =>
      onFreshStores(make, async ({ stores: { outbox } }) => {
        const queuedAt = (seconds: number): Date => new Date(seconds * 1000);
        await outbox.add([
          sampleMessage('a', { createdAt: queuedAt(1) }),
          sampleMessage('b', { createdAt: queuedAt(2), kind: 'mail', userId: 'user-bo' }),
          sampleMessage('c', { createdAt: queuedAt(2), kind: 'call', userId: undefined }),
          sampleMessage('d', { createdAt: queuedAt(3) }),
        ]);
        await outbox.markSent('a', { provider: 'twilio', reference: 'r' }, queuedAt(4));
        await outbox.markFailed('d', 'refused', queuedAt(4), 'twilio');
        const ids = async (filter: Omit<DeliveryFilter, 'limit'>, limit = 10): Promise<string> =>
          (await outbox.search({ ...filter, limit })).map(({ id }) => id).join('');
        assert.equal(await ids({}), 'dcba');
        assert.equal(await ids({}, 2), 'dc');
        assert.equal(await ids({ behind: { createdAt: queuedAt(2), id: 'c' } }), 'ba');
        assert.equal(await ids({ id: 'b' }), 'b');
        assert.equal(await ids({ kind: 'text' }), 'da');
        assert.equal(await ids({ state: 'queued' }), 'cb');
        assert.equal(await ids({ state: 'failed' }), 'd');
        assert.equal(await ids({ provider: 'twilio' }), 'da');
        assert.equal(await ids({ userId: 'user-bo' }), 'b');
        assert.equal(await ids({ userId: 'user-bo', kind: 'text' }), '');
        assert.equal(await ids({ from: queuedAt(2), before: queuedAt(3) }), 'cb');
        const [first] = await outbox.search({ limit: 1 });
        assert.deepEqual(first, { ...(await outbox.find('d')), canRetry: false });
      }));

    it('finds the newest text to a number, for a reply', () =>
      onFreshStores(make, async ({ stores: { outbox } }) => {
        await outbox.add([
          sampleMessage('old', { createdAt: new Date(1000) }),
          sampleMessage('new', { createdAt: new Date(2000) }),
          sampleMessage('failed', { createdAt: new Date(3000) }),
          sampleMessage('mail', { kind: 'mail', createdAt: new Date(4000) }),
        ]);
        await outbox.markFailed('failed', 'refused', new Date(3000));
        const since = new Date(2000);
        assert.equal((await outbox.newestTextTo('+31612345612', since))?.id, 'new');
        assert.equal(await outbox.newestTextTo('+31612345612', new Date(2001)), undefined);
        assert.equal(await outbox.newestTextTo('+31612345613', since), undefined);
      }));

    it('counts what was queued since, for the day budget', () =>
      onFreshStores(make, async ({ stores: { outbox } }) => {
        await outbox.add([
          sampleMessage('a', { createdAt: new Date(999) }),
          sampleMessage('b'),
          sampleMessage('c', { kind: 'call' }),
          sampleMessage('d', { kind: 'mail' }),
        ]);
        await outbox.markFailed('b', 'refused', new Date(2000));
        assert.equal(await outbox.countSince(['text', 'call'], new Date(1000)), 2);
        assert.equal(await outbox.countSince([], new Date(0)), 0);
      }));

    it('forgets what was settled long ago, and nothing that still waits', () =>
      onFreshStores(make, async ({ stores: { outbox } }) => {
        await outbox.add(['a', 'b', 'waiting'].map((id) => sampleMessage(id)));
        await outbox.markSent('a', { provider: 'p', reference: 'a' }, new Date(2000));
        await outbox.markSent('b', { provider: 'p', reference: 'b' }, new Date(3000));
        assert.equal(await outbox.forget(new Date(3000)), 1);
        assert.equal(await outbox.findByReference('p', 'a'), undefined);
        assert.ok(await outbox.findByReference('p', 'b'));
        assert.equal((await outbox.lease(new Date(4000), 30, 10, every))[0]?.id, 'waiting');
      }));

    it('queues nothing when the change that caused it fails', () =>
      onFreshStores(make, async ({ stores: { outbox }, transact }) => {
        const failing = transact(async (within) => {
          await within.outbox.add([sampleMessage('a')]);
          throw new Error('no');
        });
        await assert.rejects(failing, /no/);
        assert.deepEqual(await outbox.lease(new Date(2000), 30, 10, every), []);
      }));
  });
}

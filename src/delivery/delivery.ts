/**
 * Owns getting messages out: takes what is due from the outbox, has each carried (`carrying.ts`), and looks again.
 *
 * A message is queued in the transaction that caused it and sent after the commit (`wake`); polling
 * finds what other nodes queued, what has to be tried again, and what a crash left behind. Each kind
 * has a lane of its own, so that a slow text provider does not delay the mail.
 */
import { setMaxListeners } from 'node:events';

import { atMost, within } from '../lib/deadline.ts';
import type { Random } from '../lib/random.ts';
import { createBreaker } from './breaker.ts';
import { carry, type CarryingLimits, type CarryingParts, type CarryingReport } from './carrying.ts';
import { healthOf, type ProviderHealth } from './health.ts';
import type { MessageKind, OutgoingMessage, QueuedMessage } from './message.ts';
import type { DeliveryOrder } from './order.ts';
import { restsInMemory, type RestStore } from './rest-store.ts';

export interface DeliveryParts extends Pick<
  CarryingParts,
  'outbox' | 'providers' | 'clock' | 'onSettled'
> {
  readonly order?: DeliveryOrder | undefined;
  /** Who rests, shared by all nodes; kept by this process alone unless told. */
  readonly rests?: RestStore | undefined;
  readonly random: Random;
  /** Told of every turn, for the log and the metrics. Must not throw. */
  readonly report: (report: DeliveryReport) => void;
  readonly limits?: Partial<DeliveryLimits> | undefined;
}

export interface DeliveryLimits extends CarryingLimits {
  /** Messages of one kind under way at once; 8. */
  readonly concurrency: number;
  /** How often the outbox is looked at when nobody wakes us; every second. */
  readonly pollMilliseconds: number;
  /** How long `stop` waits for what is under way before it breaks it off; 1.5 seconds. */
  readonly stopMilliseconds: number;
}

/** What the operator may want to know. Never holds the words of a message or where it went. */
export type DeliveryReport =
  | CarryingReport
  | { readonly kind: 'provider-is-back'; readonly message: MessageKind; readonly provider: string }
  | { readonly kind: 'outbox-unavailable'; readonly error: unknown };

/** What a message belongs to, and how long it is worth sending. */
export interface Belonging {
  readonly attemptId?: string | undefined;
  readonly challengeId?: string | undefined;
  readonly userId?: string | undefined;
  readonly deliverBefore: Date;
}

export interface Delivery {
  /** Makes the value that `OutboxStore.add` takes; its id is 128 random bits. Queues nothing itself. */
  prepare(message: OutgoingMessage, belonging: Belonging): QueuedMessage;
  /** Looks at the outbox at once. Called after the commit that queued something; returns immediately. */
  wake(): void;
  /** Begins to send, and to look by itself. */
  start(): void;
  /** Takes nothing new and finishes what is under way, or breaks it off: at most about 2 seconds. */
  stop(): Promise<void>;
  /** Asks every provider to prove its configuration; returns what is wrong with which. */
  checkAll(): Promise<readonly ProviderFault[]>;
  /** How each provider does, on all nodes together: who rests, and what became of the last 24 hours. */
  health(): Promise<readonly ProviderHealth[]>;
}

export interface ProviderFault {
  readonly provider: string;
  readonly error: unknown;
}

const defaults: DeliveryLimits = {
  concurrency: 8,
  sendMilliseconds: 10_000,
  leaseSeconds: 30,
  pollMilliseconds: 1_000,
  patienceSeconds: 5,
  stopMilliseconds: 1_500,
};

const kinds: readonly MessageKind[] = ['text', 'call', 'mail', 'push'];

/** Makes the worker; it does nothing before `start`. */
export function createDelivery(parts: DeliveryParts): Delivery {
  const { outbox, providers, clock, random, report, onSettled, order = {} } = parts;
  const limits: DeliveryLimits = { ...defaults, ...parts.limits };
  const rests = parts.rests ?? restsInMemory();
  const breaker = createBreaker({ rests, clock });

  // By id: a lease may run out (or the clock be moved) while a slow provider still works on it.
  const underWay = new Map<string, { readonly kind: MessageKind; readonly done: Promise<void> }>();
  const breakOff = new AbortController();
  setMaxListeners(0, breakOff.signal);
  const carrying: CarryingParts = {
    outbox,
    providers,
    order,
    breaker,
    clock,
    limits,
    stopping: breakOff.signal,
    taken: new Map(),
    report,
    onSettled,
  };
  let poll: NodeJS.Timeout | undefined;
  let running = false;
  let looking: Promise<void> | undefined;
  let lookAgain = false;

  const roomFor = (kind: MessageKind): number =>
    limits.concurrency - [...underWay.values()].filter((other) => other.kind === kind).length;

  function wake(): void {
    if (!running) return;
    lookAgain = true;
    looking ??= look();
  }

  let probing: Promise<void> | undefined;
  const tryWhoRests = (): void => {
    probing ??= probe().finally(() => {
      probing = undefined;
    });
  };

  async function probe(): Promise<void> {
    const back = await breaker.probe(
      providers.map((provider) => ({
        name: provider.name,
        check: () => within(limits.sendMilliseconds, breakOff.signal, () => provider.check()),
      })),
    );
    for (const { provider, kind: message } of back) {
      report({ kind: 'provider-is-back', message, provider });
    }
    if (back.length > 0) wake();
  }

  async function look(): Promise<void> {
    try {
      await breaker.look();
      while (running && lookAgain) {
        lookAgain = false;
        await takeWhatIsDue();
      }
    } catch (error) {
      // The next poll tries again; readiness is somebody else's to tell.
      report({ kind: 'outbox-unavailable', error });
    } finally {
      // In the same turn as the last question whether to look again: nobody's wake falls in between.
      looking = undefined;
    }
  }

  async function takeWhatIsDue(): Promise<void> {
    while (running) {
      const open = kinds.filter((kind) => roomFor(kind) > 0);
      if (open.length === 0) return;
      // No lane is ever given more than it has room for, whatever kinds turn up.
      const limit = Math.min(...open.map(roomFor));
      const due = await outbox.lease(clock.now(), limits.leaseSeconds, limit, open);
      for (const queued of due) begin(queued);
      if (due.length < limit) return;
    }
  }

  function begin(queued: QueuedMessage): void {
    if (underWay.has(queued.id)) return;
    const { kind } = queued.message;
    const done = carry(carrying, queued).finally(() => {
      const wasFull = roomFor(kind) <= 0;
      underWay.delete(queued.id);
      if (wasFull) wake();
    });
    underWay.set(queued.id, { kind, done });
  }

  return {
    prepare: (message, belonging) => ({
      id: random.token(16),
      message,
      attemptId: belonging.attemptId,
      challengeId: belonging.challengeId,
      userId: belonging.userId,
      createdAt: clock.now(),
      deliverBefore: belonging.deliverBefore,
      tries: 0,
    }),
    wake,
    start: () => {
      if (running || breakOff.signal.aborted) return;
      running = true;
      poll = setInterval(() => {
        wake();
        tryWhoRests();
      }, limits.pollMilliseconds);
      wake();
    },
    stop: async () => {
      running = false;
      clearInterval(poll);
      const finished = (async () => {
        await looking;
        await probing;
        await Promise.all([...underWay.values()].map(({ done }) => done));
      })();
      await atMost(limits.stopMilliseconds, finished);
      breakOff.abort(new Error('the service is stopping'));
      // What was broken off is put back into the outbox, if that is quick.
      await atMost(putBackMilliseconds, finished);
    },
    checkAll: async () => {
      const faults = await Promise.all(
        providers.map(async (provider): Promise<ProviderFault | undefined> => {
          try {
            await within(limits.sendMilliseconds, breakOff.signal, () => provider.check());
            return undefined;
          } catch (error) {
            return { provider: provider.name, error };
          }
        }),
      );
      return faults.filter((fault) => fault !== undefined);
    },
    health: async () => {
      const since = new Date(clock.now().getTime() - healthMilliseconds);
      const [resting, tallies] = await Promise.all([rests.list(), outbox.tally(since)]);
      return healthOf(providers, resting, tallies);
    },
  };
}

const putBackMilliseconds = 300;
const healthMilliseconds = 24 * 3_600_000;

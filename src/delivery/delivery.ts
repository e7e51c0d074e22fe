/**
 * Owns getting messages out: takes what is due from the outbox, gives it to the provider of its kind,
 * keeps the receipt, tries again while the message is still worth something, and gives up aloud.
 *
 * A message is queued in the transaction that caused it and sent after the commit (`wake`); polling
 * finds what other nodes queued, what has to be tried again, and what a crash left behind. Each kind
 * has a lane of its own, so that a slow text provider does not delay the mail.
 *
 * Sent once, with one exception: a process that dies between a provider's receipt and its entry in
 * the outbox leaves a message that is sent again when the lease ends. It goes out under the same id,
 * which is the provider's idempotency key.
 */
import { setMaxListeners } from 'node:events';

import type { Clock } from '../lib/clock.ts';
import type { Random } from '../lib/random.ts';
import { atMost, within } from './deadline.ts';
import type {
  DeliveryEvent,
  MessageKind,
  OutgoingMessage,
  QueuedMessage,
  Receipt,
} from './message.ts';
import type { OutboxStore } from './outbox-store.ts';
import type { Provider } from './provider.ts';
import { refusalOf, type Refusal } from './refusal.ts';

export interface DeliveryParts {
  readonly outbox: OutboxStore;
  /** In order of preference: a kind goes to the first one that carries it. */
  readonly providers: readonly Provider[];
  readonly clock: Clock;
  readonly random: Random;
  /** Told of every turn, for the log and the metrics. Must not throw. */
  readonly report: (report: DeliveryReport) => void;
  /** Told once what became of a message, after it is on record. A rejection is reported, not retried. */
  readonly onSettled: (queued: QueuedMessage, event: Settled) => void | Promise<void>;
  readonly limits?: Partial<DeliveryLimits> | undefined;
}

/** How a message ended here: a provider took it, or nobody will. */
export type Settled = Extract<DeliveryEvent, { readonly kind: 'sent' | 'failed' }>;

export interface DeliveryLimits {
  /** Messages of one kind under way at once; 8. */
  readonly concurrency: number;
  /** How long a provider may take; 10 seconds. Must be well below `leaseSeconds`. */
  readonly sendMilliseconds: number;
  /** How long a message stays ours before another node may take it; 30 seconds. */
  readonly leaseSeconds: number;
  /** How often the outbox is looked at when nobody wakes us; every second. */
  readonly pollMilliseconds: number;
  /** How long `stop` waits for what is under way before it breaks it off; 1.5 seconds. */
  readonly stopMilliseconds: number;
}

/** What the operator may want to know. Never holds the words of a message or where it went. */
export type DeliveryReport =
  | (About & { readonly kind: 'message-sent'; readonly provider: string; readonly tookMs: number })
  | (About & { readonly kind: 'message-postponed'; readonly fault: string; readonly retryAt: Date })
  | (About & { readonly kind: 'message-failed'; readonly fault: string; readonly reason: string })
  | (About & { readonly kind: 'outcome-not-recorded'; readonly error: unknown })
  | (About & { readonly kind: 'outcome-not-heard'; readonly error: unknown })
  | { readonly kind: 'outbox-unavailable'; readonly error: unknown };

interface About {
  readonly id: string;
  readonly message: MessageKind;
  readonly tries: number;
}

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
  stopMilliseconds: 1_500,
};

const kinds: readonly MessageKind[] = ['text', 'call', 'mail', 'push'];

/** Makes the worker; it does nothing before `start`. */
export function createDelivery(parts: DeliveryParts): Delivery {
  const { outbox, providers, clock, random, report, onSettled } = parts;
  const limits: DeliveryLimits = { ...defaults, ...parts.limits };

  // By id: a lease may run out (or the clock be moved) while a slow provider still works on it.
  const underWay = new Map<string, { readonly kind: MessageKind; readonly done: Promise<void> }>();
  // Sent, but the outbox could not be told: told again instead of sent again.
  const taken = new Map<string, Receipt>();
  const breakOff = new AbortController();
  setMaxListeners(0, breakOff.signal);
  let poll: NodeJS.Timeout | undefined;
  let running = false;
  let looking: Promise<void> | undefined;
  let lookAgain = false;

  const providerOf = (kind: MessageKind): Provider | undefined =>
    providers.find((provider) => provider.kinds.includes(kind));
  const roomFor = (kind: MessageKind): number =>
    limits.concurrency - [...underWay.values()].filter((other) => other.kind === kind).length;

  function wake(): void {
    if (!running) return;
    lookAgain = true;
    looking ??= look().finally(() => {
      looking = undefined;
    });
  }

  async function look(): Promise<void> {
    try {
      while (running && lookAgain) {
        lookAgain = false;
        await takeWhatIsDue();
      }
    } catch (error) {
      // The next poll tries again; readiness is somebody else's to tell.
      report({ kind: 'outbox-unavailable', error });
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
    const done = carry(queued).finally(() => {
      const wasFull = roomFor(kind) <= 0;
      underWay.delete(queued.id);
      if (wasFull) wake();
    });
    underWay.set(queued.id, { kind, done });
  }

  /** Never rejects: whatever happens is on record or reported. */
  async function carry(queued: QueuedMessage): Promise<void> {
    const receipt = taken.get(queued.id);
    if (receipt !== undefined) return settle(queued, { kind: 'sent', receipt });
    if (queued.deliverBefore <= clock.now()) {
      return settle(queued, { kind: 'failed', reason: 'too-late', fault: 'too late to be sent' });
    }
    const provider = providerOf(queued.message.kind);
    if (provider === undefined) {
      return settle(queued, {
        kind: 'failed',
        reason: 'unreachable',
        fault: `no provider carries ${queued.message.kind} messages`,
      });
    }
    const startedAt = performance.now();
    let result: Receipt | Refusal;
    try {
      result = await within(limits.sendMilliseconds, breakOff.signal, (signal) =>
        provider.send(queued, signal),
      );
    } catch (error) {
      const refusal = refusalOf(error);
      // Its report may have told us what its answer did not.
      const known = refusal.isUnsure === true ? await takenMeanwhile(queued.id) : undefined;
      result = known ?? refusal;
    }
    if ('reference' in result) {
      taken.set(queued.id, result);
      const tookMs = Math.round(performance.now() - startedAt);
      report({ kind: 'message-sent', ...about(queued), provider: result.provider, tookMs });
      return settle(queued, { kind: 'sent', receipt: result });
    }
    return tryLater(queued, result);
  }

  async function takenMeanwhile(id: string): Promise<Receipt | undefined> {
    const { state, provider, reference } = (await outbox.find(id).catch(() => undefined)) ?? {};
    const isKnown = state === 'sent' && provider !== undefined && reference !== undefined;
    return isKnown ? { provider, reference } : undefined;
  }

  async function tryLater(queued: QueuedMessage, refusal: Refusal): Promise<void> {
    const { retry, reason, fault, retryAfterSeconds = 0 } = refusal;
    const seconds = Math.max(backoffSeconds(queued.tries), retryAfterSeconds);
    const retryAt = new Date(clock.now().getTime() + seconds * 1_000);
    if (!retry || retryAt >= queued.deliverBefore) {
      return settle(queued, { kind: 'failed', reason, fault });
    }
    report({ kind: 'message-postponed', ...about(queued), fault, retryAt });
    await recorded(queued, () => outbox.postpone(queued.id, retryAt, fault));
  }

  async function settle(queued: QueuedMessage, ending: Ending): Promise<void> {
    const now = clock.now();
    let settled: Settled;
    if (ending.kind === 'sent') {
      if (!(await recorded(queued, () => outbox.markSent(queued.id, ending.receipt, now)))) return;
      taken.delete(queued.id);
      settled = { kind: 'sent' };
    } else {
      const { reason, fault } = ending;
      report({ kind: 'message-failed', ...about(queued), fault, reason });
      if (!(await recorded(queued, () => outbox.markFailed(queued.id, fault, now)))) return;
      settled = { kind: 'failed', reason };
    }
    try {
      await onSettled(queued, settled);
    } catch (error) {
      report({ kind: 'outcome-not-heard', ...about(queued), error });
    }
  }

  /** Whether the outbox was told. If not, the message comes back when its lease ends. */
  async function recorded(queued: QueuedMessage, tell: () => Promise<void>): Promise<boolean> {
    try {
      await tell();
      return true;
    } catch (error) {
      report({ kind: 'outcome-not-recorded', ...about(queued), error });
      return false;
    }
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
      poll = setInterval(wake, limits.pollMilliseconds);
      wake();
    },
    stop: async () => {
      running = false;
      clearInterval(poll);
      const finished = (async () => {
        await looking;
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
  };
}

const putBackMilliseconds = 300;
const longestBackoffSeconds = 15 * 60;

type Ending =
  | { readonly kind: 'sent'; readonly receipt: Receipt }
  | { readonly kind: 'failed'; readonly reason: Refusal['reason']; readonly fault: string };

/** 1, 2, 4, 8 … seconds after the first, second … try; never more than a quarter of an hour. */
function backoffSeconds(tries: number): number {
  return Math.min(2 ** Math.max(0, tries - 1), longestBackoffSeconds);
}

function about({ id, message, tries }: QueuedMessage): About {
  return { id, message: message.kind, tries };
}

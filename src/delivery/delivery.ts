/**
 * Owns getting messages out: takes what is due from the outbox, gives it to the provider of its kind,
 * keeps the receipt, tries again while the message is still worth something, and gives up aloud.
 *
 * A message is queued in the transaction that caused it and sent after the commit (`wake`); polling
 * finds what other nodes queued, what has to be tried again, and what a crash left behind. Each kind
 * has a lane of its own, so that a slow text provider does not delay the mail.
 *
 * Of several providers the next one is asked as soon as one surely did not take the message; one that
 * may have it is the only one to be asked again, whatever it says later and whichever node asks. So
 * there is one message, never two from two (`order.ts` says who comes first, `breaker.ts` who rests).
 *
 * Sent once, with one exception: a process that dies between a provider's receipt and its entry in
 * the outbox leaves a message that is sent again when the lease ends. It goes out under the same id,
 * which is the provider's idempotency key, and through the same provider.
 */
import { setMaxListeners } from 'node:events';

import type { Clock } from '../lib/clock.ts';
import { atMost, within } from '../lib/deadline.ts';
import type { Random } from '../lib/random.ts';
import { createBreaker } from './breaker.ts';
import { healthOf, type ProviderHealth } from './health.ts';
import type {
  DeliveryEvent,
  MessageKind,
  OutgoingMessage,
  QueuedMessage,
  Receipt,
} from './message.ts';
import { carriersOf, type DeliveryOrder } from './order.ts';
import type { OutboxStore } from './outbox-store.ts';
import type { Provider } from './provider.ts';
import { refusalOf, type Refusal } from './refusal.ts';
import { restsInMemory, type Rest, type RestStore } from './rest-store.ts';

export interface DeliveryParts {
  readonly outbox: OutboxStore;
  /** In order of preference, where `order` does not say otherwise. */
  readonly providers: readonly Provider[];
  readonly order?: DeliveryOrder | undefined;
  /** Who rests, shared by all nodes; kept by this process alone unless told. */
  readonly rests?: RestStore | undefined;
  readonly clock: Clock;
  readonly random: Random;
  /** Told of every turn, for the log and the metrics. Must not throw. */
  readonly report: (report: DeliveryReport) => void;
  /** Told once what became of a message, after it is on record. A rejection is reported, not retried. */
  readonly onSettled: (
    queued: QueuedMessage,
    event: Settled,
    /** Who took it, or was asked last; undefined where nobody was. */
    provider: string | undefined,
  ) => void | Promise<void>;
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
  /**
   * How long we go on with what somebody waits for, when nobody took it; 5 seconds. After that they
   * are offered other ways.
   */
  readonly patienceSeconds: number;
  /** How long `stop` waits for what is under way before it breaks it off; 1.5 seconds. */
  readonly stopMilliseconds: number;
}

/** What the operator may want to know. Never holds the words of a message or where it went. */
export type DeliveryReport =
  | (About & { readonly kind: 'message-sent'; readonly provider: string; readonly tookMs: number })
  /** A provider surely did not take it, and the next one is asked. */
  | (About & {
      readonly kind: 'message-passed-on';
      readonly provider: string;
      readonly fault: string;
    })
  | (About & { readonly kind: 'message-postponed'; readonly fault: string; readonly retryAt: Date })
  | (About & { readonly kind: 'message-failed'; readonly fault: string; readonly reason: string })
  | (About & { readonly kind: 'outcome-not-recorded'; readonly error: unknown })
  | (About & { readonly kind: 'outcome-not-heard'; readonly error: unknown })
  | (Pick<Rest, 'provider' | 'fault'> & {
      readonly kind: 'provider-rests';
      readonly message: MessageKind;
    })
  | { readonly kind: 'provider-is-back'; readonly message: MessageKind; readonly provider: string }
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
  // Sent, but the outbox could not be told: told again instead of sent again.
  const taken = new Map<string, Receipt>();
  const breakOff = new AbortController();
  setMaxListeners(0, breakOff.signal);
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
    const carriers = carriersOf(providers, order, queued.message);
    const { kind } = queued.message;
    if (carriers.length === 0) {
      const fault = `no provider carries ${kind} messages`;
      return settle(queued, { kind: 'failed', reason: 'unreachable', fault });
    }
    const { entrustedTo } = queued;
    // Who may have it is the only one who knows.
    const asked =
      entrustedTo === undefined ? carriers : carriers.filter(({ name }) => name === entrustedTo);
    if (asked.length === 0) {
      const fault = `${entrustedTo ?? ''} may have it, and is not there any more`;
      return settle(queued, { kind: 'failed', reason: 'unreachable', fault });
    }
    const awake = asked.filter(({ name }) => breaker.restOf(name, kind) === undefined);
    if (awake.length === 0) return holdBack(queued, asked);
    return ask(queued, awake, carriers.length > 1);
  }

  /** Asks one after another; the next one only where the one before surely did not take it. */
  async function ask(
    queued: QueuedMessage,
    [provider, ...others]: readonly Provider[],
    isOneOfMany: boolean,
    startedAt = performance.now(),
  ): Promise<void> {
    if (provider === undefined) return;
    const { name } = provider;
    const isEntrusted = queued.entrustedTo === name;
    // On record first: whoever finds it after a crash must not bring it to anybody else.
    if (isOneOfMany && !isEntrusted) {
      if (!(await recorded(queued, () => outbox.entrust(queued.id, name)))) return;
    }
    const result = await handOver(queued, provider);
    await judge(queued, name, result);
    if ('reference' in result) {
      taken.set(queued.id, result);
      const tookMs = Math.round(performance.now() - startedAt);
      report({ kind: 'message-sent', ...about(queued), provider: result.provider, tookMs });
      return settle(queued, { kind: 'sent', receipt: result });
    }
    const mayHaveIt = isEntrusted || result.isUnsure === true;
    // Our lease must not run out while another one is still at it.
    const spent = performance.now() - startedAt;
    const isTimeLeft = spent + limits.sendMilliseconds < (limits.leaseSeconds * 1_000) / 2;
    const isGoingOn = isTimeLeft && !breakOff.signal.aborted;
    if (result.retry && !mayHaveIt && others.length > 0 && isGoingOn) {
      report({ kind: 'message-passed-on', ...about(queued), provider: name, fault: result.fault });
      return ask(queued, others, isOneOfMany, startedAt);
    }
    return tryLater(queued, result, name, mayHaveIt);
  }

  async function handOver(queued: QueuedMessage, provider: Provider): Promise<Receipt | Refusal> {
    // Whoever was not asked does not have it.
    if (breakOff.signal.aborted) return notAsked;
    try {
      return await within(limits.sendMilliseconds, breakOff.signal, (signal) =>
        provider.send(queued, signal),
      );
    } catch (error) {
      const refusal = refusalOf(error);
      // Its report may have told us what its answer did not.
      const known = refusal.isUnsure === true ? await takenMeanwhile(queued.id) : undefined;
      return known ?? refusal;
    }
  }

  /** What the provider did counts for or against it; what it says of a receiver does neither. */
  async function judge(
    { message: { kind } }: QueuedMessage,
    provider: string,
    result: Receipt | Refusal,
  ): Promise<void> {
    const isWell = 'reference' in result || !result.retry;
    if (!isWell && (result.isAboutMessage === true || breakOff.signal.aborted)) return;
    const outcome = isWell ? { isWell } : { isWell, fault: result.fault };
    if (await breaker.note(provider, kind, outcome)) {
      const fault = isWell ? '' : result.fault;
      report({ kind: 'provider-rests', message: kind, provider, fault });
    }
  }

  /**
   * Nobody is there to ask. What somebody waits for fails at once, so that they are offered other ways;
   * whatever else there is waits for the next try.
   */
  async function holdBack(queued: QueuedMessage, asked: readonly Provider[]): Promise<void> {
    const found = asked
      .map(({ name }) => breaker.restOf(name, queued.message.kind))
      .filter((rest) => rest !== undefined)
      .toSorted((one, other) => one.probeAt.getTime() - other.probeAt.getTime());
    const [first] = found;
    const name = first?.provider;
    const fault = `${name ?? 'the provider'} rests: ${first?.fault ?? ''}`;
    const isAwaited = queued.challengeId !== undefined && queued.entrustedTo === undefined;
    const retryAt = new Date(clock.now().getTime() + heldBackSeconds * 1_000);
    if (isAwaited || retryAt >= queued.deliverBefore) {
      return settle(queued, { kind: 'failed', reason: 'unreachable', fault, provider: name });
    }
    return postpone(queued, retryAt, fault, queued.entrustedTo);
  }

  async function takenMeanwhile(id: string): Promise<Receipt | undefined> {
    const { state, provider, reference } = (await outbox.find(id).catch(() => undefined)) ?? {};
    const isKnown = state === 'sent' && provider !== undefined && reference !== undefined;
    return isKnown ? { provider, reference } : undefined;
  }

  async function tryLater(
    queued: QueuedMessage,
    refusal: Refusal,
    provider: string,
    mayHaveIt: boolean,
  ): Promise<void> {
    const { retry, reason, isUnsure, fault, retryAfterSeconds = 0 } = refusal;
    const seconds = Math.max(backoffSeconds(queued.tries), retryAfterSeconds);
    const retryAt = new Date(clock.now().getTime() + seconds * 1_000);
    const isSurelyNot = isUnsure !== true && queued.entrustedTo === undefined;
    // Whoever waits for it is offered another way instead, unless it may be on its way.
    const lastMoment =
      queued.challengeId !== undefined && isSurelyNot
        ? Math.min(
            queued.deliverBefore.getTime(),
            queued.createdAt.getTime() + limits.patienceSeconds * 1_000,
          )
        : queued.deliverBefore.getTime();
    if (!retry || retryAt.getTime() >= lastMoment) {
      return settle(queued, { kind: 'failed', reason, fault, provider });
    }
    return postpone(queued, retryAt, fault, mayHaveIt ? provider : undefined);
  }

  async function postpone(
    queued: QueuedMessage,
    retryAt: Date,
    fault: string,
    entrustedTo: string | undefined,
  ): Promise<void> {
    report({ kind: 'message-postponed', ...about(queued), fault, retryAt });
    await recorded(queued, () => outbox.postpone(queued.id, retryAt, fault, entrustedTo));
  }

  async function settle(queued: QueuedMessage, ending: Ending): Promise<void> {
    const now = clock.now();
    let settled: Settled;
    if (ending.kind === 'sent') {
      if (!(await recorded(queued, () => outbox.markSent(queued.id, ending.receipt, now)))) return;
      taken.delete(queued.id);
      settled = { kind: 'sent' };
    } else {
      const { reason, fault, provider } = ending;
      report({ kind: 'message-failed', ...about(queued), fault, reason });
      const mark = (): Promise<void> => outbox.markFailed(queued.id, fault, now, provider);
      if (!(await recorded(queued, mark))) return;
      settled = { kind: 'failed', reason };
    }
    try {
      const provider = ending.kind === 'sent' ? ending.receipt.provider : ending.provider;
      await onSettled(queued, settled, provider);
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

const notAsked: Refusal = { retry: true, reason: 'unreachable', fault: 'the service is stopping' };
const putBackMilliseconds = 300;
/** So soon after a provider is back the last message goes out that waited for it. */
const heldBackSeconds = 10;
const healthMilliseconds = 24 * 3_600_000;
const longestBackoffSeconds = 15 * 60;

type Ending =
  | { readonly kind: 'sent'; readonly receipt: Receipt }
  | {
      readonly kind: 'failed';
      readonly reason: Refusal['reason'];
      readonly fault: string;
      readonly provider?: string | undefined;
    };

/** 1, 2, 4, 8 … seconds after the first, second … try; never more than a quarter of an hour. */
function backoffSeconds(tries: number): number {
  return Math.min(2 ** Math.max(0, tries - 1), longestBackoffSeconds);
}

function about({ id, message, tries }: QueuedMessage): About {
  return { id, message: message.kind, tries };
}

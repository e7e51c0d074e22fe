/**
 * Owns carrying one message that is leased: gives it to the provider of its kind, keeps the receipt, tries again
 * while the message is still worth something, and gives up aloud.
 *
 * Of several providers the next one is asked as soon as one surely did not take the message; one that
 * may have it is the only one to be asked again, whatever it says later and whichever node asks. So
 * there is one message, never two from two (`order.ts` says who comes first, `breaker.ts` who rests).
 *
 * Sent once, with one exception: a process that dies between a provider's receipt and its entry in
 * the outbox leaves a message that is sent again when the lease ends. It goes out under the same id,
 * which is the provider's idempotency key, and through the same provider.
 */
import type { Clock } from '../lib/clock.ts';
import { within } from '../lib/deadline.ts';
import type { Breaker } from './breaker.ts';
import type { DeliveryEvent, MessageKind, QueuedMessage, Receipt } from './message.ts';
import { carriersOf, type DeliveryOrder } from './order.ts';
import type { OutboxStore } from './outbox-store.ts';
import type { Provider } from './provider.ts';
import { refusalOf, type Refusal } from './refusal.ts';
import type { Rest } from './rest-store.ts';

/** How a message ended here: a provider took it, or nobody will. */
export type Settled = Extract<DeliveryEvent, { readonly kind: 'sent' | 'failed' }>;

export interface CarryingLimits {
  /** How long a provider may take; 10 seconds. Must be well below `leaseSeconds`. */
  readonly sendMilliseconds: number;
  /** How long a message stays ours before another node may take it; 30 seconds. */
  readonly leaseSeconds: number;
  /**
   * How long we go on with what somebody waits for, when nobody took it; 5 seconds. After that they
   * are offered other ways.
   */
  readonly patienceSeconds: number;
}

/** What the operator may want to know of a message. Never holds its words or where it went. */
export type CarryingReport =
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
    });

interface About {
  readonly id: string;
  readonly message: MessageKind;
  readonly tries: number;
}

export interface CarryingParts {
  readonly outbox: OutboxStore;
  /** In order of preference, where `order` does not say otherwise. */
  readonly providers: readonly Provider[];
  readonly order: DeliveryOrder;
  readonly breaker: Pick<Breaker, 'restOf' | 'note'>;
  readonly clock: Clock;
  readonly limits: CarryingLimits;
  /** Breaks off whatever is under way. */
  readonly stopping: AbortSignal;
  /** Sent, but the outbox could not be told: told again instead of sent again. */
  readonly taken: Map<string, Receipt>;
  /** Must not throw. */
  readonly report: (report: CarryingReport) => void;
  /** Told once what became of a message, after it is on record. A rejection is reported, not retried. */
  readonly onSettled: (
    queued: QueuedMessage,
    event: Settled,
    /** Who took it, or was asked last; undefined where nobody was. */
    provider: string | undefined,
  ) => void | Promise<void>;
}

type Ending =
  | { readonly kind: 'sent'; readonly receipt: Receipt }
  | {
      readonly kind: 'failed';
      readonly reason: Refusal['reason'];
      readonly fault: string;
      readonly provider?: string | undefined;
    };

/** Never rejects: whatever happens is on record or reported. */
export async function carry(parts: CarryingParts, queued: QueuedMessage): Promise<void> {
  const { providers, order, breaker, clock, taken } = parts;
  const receipt = taken.get(queued.id);
  if (receipt !== undefined) return settle(parts, queued, { kind: 'sent', receipt });
  if (queued.deliverBefore <= clock.now()) {
    return settle(parts, queued, {
      kind: 'failed',
      reason: 'too-late',
      fault: 'too late to be sent',
    });
  }
  const carriers = carriersOf(providers, order, queued.message);
  const { kind } = queued.message;
  if (carriers.length === 0) {
    const fault = `no provider carries ${kind} messages`;
    return settle(parts, queued, { kind: 'failed', reason: 'unreachable', fault });
  }
  const { entrustedTo } = queued;
  // Who may have it is the only one who knows.
  const asked =
    entrustedTo === undefined ? carriers : carriers.filter(({ name }) => name === entrustedTo);
  if (asked.length === 0) {
    const fault = `${entrustedTo ?? ''} may have it, and is not there any more`;
    return settle(parts, queued, { kind: 'failed', reason: 'unreachable', fault });
  }
  const awake = asked.filter(({ name }) => breaker.restOf(name, kind) === undefined);
  if (awake.length === 0) return holdBack(parts, queued, asked);
  return ask(parts, queued, awake, carriers.length > 1);
}

/** Asks one after another; the next one only where the one before surely did not take it. */
async function ask(
  parts: CarryingParts,
  queued: QueuedMessage,
  [provider, ...others]: readonly Provider[],
  isOneOfMany: boolean,
  startedAt = performance.now(),
): Promise<void> {
  if (provider === undefined) return;
  const { outbox, limits, stopping, taken, report } = parts;
  const { name } = provider;
  const isEntrusted = queued.entrustedTo === name;
  // On record first: whoever finds it after a crash must not bring it to anybody else.
  if (isOneOfMany && !isEntrusted) {
    if (!(await recorded(parts, queued, () => outbox.entrust(queued.id, name)))) return;
  }
  const result = await handOver(parts, queued, provider);
  await judge(parts, queued, name, result);
  if ('reference' in result) {
    taken.set(queued.id, result);
    const tookMs = Math.round(performance.now() - startedAt);
    report({ kind: 'message-sent', ...about(queued), provider: result.provider, tookMs });
    return settle(parts, queued, { kind: 'sent', receipt: result });
  }
  const mayHaveIt = isEntrusted || result.isUnsure === true;
  // Our lease must not run out while another one is still at it.
  const spent = performance.now() - startedAt;
  const isTimeLeft = spent + limits.sendMilliseconds < (limits.leaseSeconds * 1_000) / 2;
  const isGoingOn = isTimeLeft && !stopping.aborted;
  if (result.retry && !mayHaveIt && others.length > 0 && isGoingOn) {
    report({ kind: 'message-passed-on', ...about(queued), provider: name, fault: result.fault });
    return ask(parts, queued, others, isOneOfMany, startedAt);
  }
  return tryLater(parts, queued, result, name, mayHaveIt);
}

const notAsked: Refusal = { retry: true, reason: 'unreachable', fault: 'the service is stopping' };

async function handOver(
  { outbox, limits, stopping }: CarryingParts,
  queued: QueuedMessage,
  provider: Provider,
): Promise<Receipt | Refusal> {
  // Whoever was not asked does not have it.
  if (stopping.aborted) return notAsked;
  try {
    return await within(limits.sendMilliseconds, stopping, (signal) =>
      provider.send(queued, signal),
    );
  } catch (error) {
    const refusal = refusalOf(error);
    // Its report may have told us what its answer did not.
    const known = refusal.isUnsure === true ? await takenMeanwhile(outbox, queued.id) : undefined;
    return known ?? refusal;
  }
}

async function takenMeanwhile(outbox: OutboxStore, id: string): Promise<Receipt | undefined> {
  const { state, provider, reference } = (await outbox.find(id).catch(() => undefined)) ?? {};
  const isKnown = state === 'sent' && provider !== undefined && reference !== undefined;
  return isKnown ? { provider, reference } : undefined;
}

/** What the provider did counts for or against it; what it says of a receiver does neither. */
async function judge(
  { breaker, stopping, report }: CarryingParts,
  { message: { kind } }: QueuedMessage,
  provider: string,
  result: Receipt | Refusal,
): Promise<void> {
  const isWell = 'reference' in result || !result.retry;
  if (!isWell && (result.isAboutMessage === true || stopping.aborted)) return;
  const outcome = isWell ? { isWell } : { isWell, fault: result.fault };
  if (await breaker.note(provider, kind, outcome)) {
    const fault = isWell ? '' : result.fault;
    report({ kind: 'provider-rests', message: kind, provider, fault });
  }
}

/** So soon after a provider is back the last message goes out that waited for it. */
const heldBackSeconds = 10;

/**
 * Nobody is there to ask. What somebody waits for fails at once, so that they are offered other ways;
 * whatever else there is waits for the next try.
 */
async function holdBack(
  parts: CarryingParts,
  queued: QueuedMessage,
  asked: readonly Provider[],
): Promise<void> {
  const { breaker, clock } = parts;
  const [first] = asked
    .map(({ name }) => breaker.restOf(name, queued.message.kind))
    .filter((rest) => rest !== undefined)
    .toSorted((one, other) => one.probeAt.getTime() - other.probeAt.getTime());
  const name = first?.provider;
  const fault = `${name ?? 'the provider'} rests: ${first?.fault ?? ''}`;
  const isAwaited = queued.challengeId !== undefined && queued.entrustedTo === undefined;
  const retryAt = new Date(clock.now().getTime() + heldBackSeconds * 1_000);
  if (isAwaited || retryAt >= queued.deliverBefore) {
    const reason = 'unreachable';
    return settle(parts, queued, { kind: 'failed', reason, fault, provider: name });
  }
  return postpone(parts, queued, retryAt, fault, queued.entrustedTo);
}

async function tryLater(
  parts: CarryingParts,
  queued: QueuedMessage,
  refusal: Refusal,
  provider: string,
  mayHaveIt: boolean,
): Promise<void> {
  const { retry, reason, isUnsure, fault, retryAfterSeconds = 0 } = refusal;
  const seconds = Math.max(backoffSeconds(queued.tries), retryAfterSeconds);
  const retryAt = new Date(parts.clock.now().getTime() + seconds * 1_000);
  const isSurelyNot = isUnsure !== true && queued.entrustedTo === undefined;
  // Whoever waits for it is offered another way instead, unless it may be on its way.
  const lastMoment =
    queued.challengeId !== undefined && isSurelyNot
      ? Math.min(
          queued.deliverBefore.getTime(),
          queued.createdAt.getTime() + parts.limits.patienceSeconds * 1_000,
        )
      : queued.deliverBefore.getTime();
  if (!retry || retryAt.getTime() >= lastMoment) {
    return settle(parts, queued, { kind: 'failed', reason, fault, provider });
  }
  return postpone(parts, queued, retryAt, fault, mayHaveIt ? provider : undefined);
}

const longestBackoffSeconds = 15 * 60;

/** 1, 2, 4, 8 … seconds after the first, second … try; never more than a quarter of an hour. */
function backoffSeconds(tries: number): number {
  return Math.min(2 ** Math.max(0, tries - 1), longestBackoffSeconds);
}

async function postpone(
  parts: CarryingParts,
  queued: QueuedMessage,
  retryAt: Date,
  fault: string,
  entrustedTo: string | undefined,
): Promise<void> {
  const { outbox, report } = parts;
  report({ kind: 'message-postponed', ...about(queued), fault, retryAt });
  await recorded(parts, queued, () => outbox.postpone(queued.id, retryAt, fault, entrustedTo));
}

async function settle(parts: CarryingParts, queued: QueuedMessage, ending: Ending): Promise<void> {
  const { outbox, clock, taken, report, onSettled } = parts;
  const now = clock.now();
  let settled: Settled;
  if (ending.kind === 'sent') {
    const mark = (): Promise<void> => outbox.markSent(queued.id, ending.receipt, now);
    if (!(await recorded(parts, queued, mark))) return;
    taken.delete(queued.id);
    settled = { kind: 'sent' };
  } else {
    const { reason, fault, provider } = ending;
    report({ kind: 'message-failed', ...about(queued), fault, reason });
    const mark = (): Promise<void> => outbox.markFailed(queued.id, fault, now, provider);
    if (!(await recorded(parts, queued, mark))) return;
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
async function recorded(
  { report }: CarryingParts,
  queued: QueuedMessage,
  tell: () => Promise<void>,
): Promise<boolean> {
  try {
    await tell();
    return true;
  } catch (error) {
    report({ kind: 'outcome-not-recorded', ...about(queued), error });
    return false;
  }
}

function about({ id, message, tries }: QueuedMessage): About {
  return { id, message: message.kind, tries };
}

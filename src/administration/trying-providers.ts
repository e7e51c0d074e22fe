/**
 * Owns trying providers from the command line: a message that says it is a test, from each that carries
 * its kind, to a receiver of the operator's choice, and what each of them answered.
 */
import { testMessageSent } from '../audit/delivery-events.ts';
import { atMost, within } from '../lib/deadline.ts';
import { longestCallSeconds, ringSeconds } from '../delivery/call-script.ts';
import type { DeliveryEvent, QueuedMessage } from '../delivery/message.ts';
import type { Provider, ProviderEar } from '../delivery/provider.ts';
import { refusalOf } from '../delivery/refusal.ts';
import type { Locale } from '../i18n/locale.ts';
import type { Clock } from '../lib/clock.ts';
import { parse as parseNumber } from '../lib/phone-number.ts';
import type { Random } from '../lib/random.ts';
import type { Transact } from '../lib/transact.ts';
import type { Policies } from '../policies/policies.ts';
import { deliveryCountries } from '../policies/policy.ts';
import { isBudgetSpent, isCountryOpen } from '../signin/sending-limits.ts';
import type { SigninStores } from '../signin/stores.ts';
import type { By } from './acting-admin.ts';
import { testMessageOf } from './test-messages.ts';

/** What is wanted: a number (E.164, or as one writes it with its country) or an address. */
export interface Wanted {
  readonly kind: 'text' | 'call' | 'mail';
  readonly to: string;
  readonly locale?: Locale | undefined;
}

/** What one provider answered. */
export interface Trial {
  readonly provider: string;
  readonly tookMs: number;
  /** What it calls the message that it took. */
  readonly reference?: string | undefined;
  /** Why it did not take it. */
  readonly fault?: string | undefined;
  /** How a call ended, where the provider holds it here. */
  readonly ended?: string | undefined;
}

/** Why nothing was sent at all. */
export type TrialRefusal =
  | 'nobody-carries'
  | 'not-a-number'
  | 'premium'
  | 'country'
  | 'day-budget'
  | 'not-an-address';

export interface TrialParts {
  readonly providers: readonly Provider[];
  readonly stores: SigninStores;
  readonly transact: Transact<SigninStores>;
  readonly policies: Policies;
  readonly clock: Clock;
  readonly random: Random;
  /** How long a provider may take; 10 seconds. */
  readonly sendMilliseconds?: number;
}

/** A test that did not arrive by then is one that does not arrive. */
const testSeconds = 5 * 60;

/**
 * Sends a test by each provider that carries its kind, one after another. Each is on record as every
 * other message is, and in the audit log as something that `by` did.
 */
export async function tryProviders(
  parts: TrialParts,
  wanted: Wanted,
  by: Extract<By, string>,
): Promise<{ readonly trials: readonly Trial[] } | { readonly refused: TrialRefusal }> {
  const { providers, stores, policies, clock } = parts;
  const carriers = providers.filter(({ kinds }) => kinds.includes(wanted.kind));
  if (carriers.length === 0) return { refused: 'nobody-carries' };
  const to = receiverOf(wanted);
  if ('refused' in to) return to;
  const policy = await policies.current(stores.policies);
  if (wanted.kind !== 'mail') {
    if (!isCountryOpen(to.to, deliveryCountries(policy))) return { refused: 'country' };
    if (await isBudgetSpent({ stores, now: clock.now() }, policy.delivery.dayBudget)) {
      return { refused: 'day-budget' };
    }
  }
  const trials: Trial[] = [];
  for (const provider of carriers) {
    const at = clock.now();
    const { name: organisation, defaultLanguage } = policy.organisation;
    const locale = wanted.locale ?? defaultLanguage;
    const message = testMessageOf(wanted.kind, { ...to, organisation, locale, at });
    trials.push(await tryOne(parts, provider, message, by));
  }
  return { trials };
}

function receiverOf({
  kind,
  to,
}: Wanted): { readonly to: string; readonly extension?: string } | { refused: TrialRefusal } {
  if (kind === 'mail') {
    return /^[^\s@]{1,64}@[^\s@]{1,255}$/.test(to) ? { to } : { refused: 'not-an-address' };
  }
  const number = parseNumber(null, to);
  if (typeof number === 'string') {
    return { refused: number === 'premium' ? 'premium' : 'not-a-number' };
  }
  const { e164, extension } = number;
  return { to: e164, ...(extension === undefined ? {} : { extension }) };
}

async function tryOne(
  parts: TrialParts,
  provider: Provider,
  message: QueuedMessage['message'],
  by: string,
): Promise<Trial> {
  const { transact, clock, random, sendMilliseconds = 10_000 } = parts;
  const createdAt = clock.now();
  const queued: QueuedMessage = {
    id: random.token(16),
    message,
    attemptId: undefined,
    challengeId: undefined,
    userId: undefined,
    createdAt,
    deliverBefore: new Date(createdAt.getTime() + testSeconds * 1_000),
    tries: 1,
  };
  const { id } = queued;
  const about = { at: createdAt, actor: by, address: undefined, userId: undefined };
  await transact((held) =>
    held.audit.append(testMessageSent({ ...about, id, kind: message.kind })),
  );
  const over = Promise.withResolvers<DeliveryEvent>();
  const stop = provider.listen?.(earOf(id, over.resolve));
  const began = performance.now();
  const tookMs = (): number => Math.round(performance.now() - began);
  try {
    const { signal } = new AbortController();
    const receipt = await within(sendMilliseconds, signal, (until) => provider.send(queued, until));
    const took = tookMs();
    // On record only now, so that no server takes it for one that is still to be sent. A call is found
    // there by whoever is asked what it says.
    await transact(async (held) => {
      await held.outbox.add([queued]);
      await held.outbox.markSent(id, receipt, clock.now());
    });
    const ended =
      message.kind === 'call' && stop !== undefined ? await endOf(over.promise) : undefined;
    return { provider: provider.name, tookMs: took, reference: receipt.reference, ended };
  } catch (error) {
    return { provider: provider.name, tookMs: tookMs(), fault: refusalOf(error).fault };
  } finally {
    await stop?.();
  }
}

/** Hears how our own call goes; whatever else is told here is another's, and is to be told again. */
function earOf(ownId: string, over: (event: DeliveryEvent) => void): ProviderEar {
  return {
    about: async ({ messageId, event }) => {
      if (messageId !== ownId) throw new Error('not heard here');
      if (event.kind === 'ended' || event.kind === 'failed') over(event);
      return event.kind === 'keys' ? { say: 'thanks', hangUp: true } : {};
    },
    reply: () => Promise.reject(new Error('not heard here')),
  };
}

async function endOf(over: Promise<DeliveryEvent>): Promise<string> {
  let event: DeliveryEvent | undefined;
  const heard = over.then((told) => {
    event = told;
  });
  await atMost((ringSeconds + longestCallSeconds) * 1_000, heard);
  return event !== undefined && 'reason' in event ? event.reason : 'nothing was heard of its end';
}

/**
 * Owns what a provider without an idempotency key needs to send a message once: what it took lately is
 * remembered, for an outbox that could not note the receipt, and what it may have is not sent again.
 */
import { createRecent } from '../lib/recent.ts';
import type { QueuedMessage, Receipt } from './message.ts';
import type { Provider } from './provider.ts';
import { deliveryRefused } from './refusal.ts';

const mostRemembered = 1_000;

/** Sends what was not taken yet; gives the same receipt for the same message. */
export function remembering(send: Provider['send']): Provider['send'] {
  const taken = createRecent<Receipt>(mostRemembered);
  return async (queued, signal) => {
    const known = taken.get(queued.id);
    if (known !== undefined) return known;
    const receipt = await send(queued, signal);
    taken.set(queued.id, receipt);
    return receipt;
  };
}

/**
 * Throws where this provider was asked before and may have the message: nobody can ask it whether it
 * has, so it is waited for a report or for its receiver. Whoever waits can ask for another one.
 */
export function refuseIfPerhapsTaken(
  provider: string,
  { entrustedTo, tries }: QueuedMessage,
): void {
  if (entrustedTo === undefined || tries < 2) return;
  const fault = `${provider} may have it: it is not sent again`;
  // It says nothing of how the provider does now.
  throw deliveryRefused({
    retry: true,
    reason: 'unreachable',
    isUnsure: true,
    isAboutMessage: true,
    fault,
  });
}

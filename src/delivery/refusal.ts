/**
 * Owns how a provider says no: one fault, `DELIVERY_REFUSED`, whose details tell the worker whether
 * trying again makes sense.
 */
import { TweestapError } from '../errors/errors.ts';
import type { DeliveryEvent } from './message.ts';

/** Why a message did not get out. */
export interface Refusal {
  /** Whether it surely was not taken now but may be later. */
  readonly retry: boolean;
  readonly reason: Extract<DeliveryEvent, { readonly kind: 'failed' }>['reason'];
  /**
   * Present where the provider may have taken it all the same: it had the request, and did not answer.
   * Only the same provider may be asked again, which knows the message's id; to bring it to another
   * could make two of one.
   */
  readonly isUnsure?: true;
  /**
   * Present where it is about this one message or its receiver, and says nothing of how the provider
   * does (a mailbox that is full).
   */
  readonly isAboutMessage?: true;
  /** How long the provider asks us to wait; unless told, as long as we think right. */
  readonly retryAfterSeconds?: number;
  /** For the operator, in the provider's own words: short, exact, without what was to be sent. */
  readonly fault: string;
}

/** What a provider throws when it could not hand a message over. */
export function deliveryRefused(refusal: Refusal, cause?: unknown): TweestapError {
  return new TweestapError('DELIVERY_REFUSED', {
    details: { ...refusal },
    ...(cause === undefined ? {} : { cause }),
  });
}

/**
 * Reads what a provider threw. Anything but a proper refusal (a time limit, a bug, a lost connection)
 * may be tried again, and leaves us unsure whether it was taken: the message's id keeps a second
 * hand-over from becoming a second message.
 */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof TweestapError && error.code === 'DELIVERY_REFUSED') {
    const { retry, reason, isUnsure, isAboutMessage, retryAfterSeconds, fault } = error.details;
    return {
      retry: retry === true,
      reason: reasons.find((known) => known === reason) ?? 'refused',
      ...(isUnsure === true ? { isUnsure } : {}),
      ...(isAboutMessage === true ? { isAboutMessage } : {}),
      ...(typeof retryAfterSeconds === 'number' ? { retryAfterSeconds } : {}),
      fault: shortened(typeof fault === 'string' ? fault : error.message),
    };
  }
  const fault = error instanceof Error ? error.message : 'something that is no error was thrown';
  return { retry: true, reason: 'unreachable', isUnsure: true, fault: shortened(fault) };
}

const reasons: readonly Refusal['reason'][] = [
  'refused',
  'unreachable',
  'opted-out',
  'too-late',
  'gone',
];
const longestFault = 200;

/** One line that fits a column of a table: what a foreign server wrote may hold anything. */
function shortened(text: string): string {
  return text
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, longestFault);
}

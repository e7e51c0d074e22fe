/** Owns the contract of a provider: whoever carries a message to its receiver. */
import type { CallTurn } from './call-script.ts';
import type { DeliveryEvent, MessageKind, QueuedMessage, Receipt } from './message.ts';

/**
 * Carries messages of some kinds. `send` resolves when the provider has taken the message, throws
 * `DELIVERY_REFUSED` when it surely has not and never will (`details.retry` false) or may later
 * (`details.retry` true). It uses `message.id` as its idempotency key and gives up when `signal` aborts.
 */
export interface Provider {
  readonly name: string;
  readonly kinds: readonly MessageKind[];
  readonly send: (message: QueuedMessage, signal: AbortSignal) => Promise<Receipt>;
  /** Proves the configuration without sending to a person; throws what is wrong. */
  readonly check: () => Promise<void>;
  /**
   * Of a provider that reports on a connection of its own instead of knocking at ours: tells the ear
   * from now on, until the function that it returns has resolved.
   */
  readonly listen?: (ear: ProviderEar) => () => Promise<void>;
}

/** Who hears what such a provider reports. A rejection means that it was not heard to its end. */
export interface ProviderEar {
  /**
   * Something about a message that the provider calls `reference`; of an unknown one nothing is made. A
   * provider that knows our id too may tell it before its receipt is on record: the report is then the
   * receipt. Resolves to what a call is to say next; of anything else nothing is said.
   */
  readonly about: (report: {
    readonly eventId: string;
    readonly reference: string;
    readonly messageId?: string;
    readonly event: DeliveryEvent;
  }) => Promise<CallTurn>;
  /** A text from a number (E.164). */
  readonly reply: (report: {
    readonly eventId: string;
    readonly from: string;
    readonly text: string;
  }) => Promise<void>;
}

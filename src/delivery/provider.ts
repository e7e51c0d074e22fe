/** Owns the contract of a provider: whoever carries a message to its receiver. */
import type { MessageKind, QueuedMessage, Receipt } from './message.ts';

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
}

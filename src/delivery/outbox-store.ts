/** Owns what the outbox promises: a message is queued with the change that caused it, and sent once. */
import type { CallMessage, MessageKind, QueuedMessage, Receipt } from './message.ts';

export type DeliveryState = 'queued' | 'sent' | 'failed';

/** What is kept of a message for the operator; never its words. */
export interface DeliveryRecord {
  readonly id: string;
  readonly kind: MessageKind;
  readonly state: DeliveryState;
  readonly attemptId: string | undefined;
  readonly challengeId: string | undefined;
  readonly userId: string | undefined;
  readonly createdAt: Date;
  readonly settledAt: Date | undefined;
  readonly tries: number;
  readonly provider: string | undefined;
  readonly reference: string | undefined;
  readonly fault: string | undefined;
}

export interface OutboxStore {
  /** Queues messages, sealed, in the caller's transaction. */
  add(messages: readonly QueuedMessage[]): Promise<void>;
  /**
   * Takes up to `limit` due messages of these kinds, oldest first, for `leaseSeconds`: atomic, so
   * that two nodes never hold the same one while the lease runs. Counts the try, and `tries` of what
   * it returns says so. Other kinds wait: a slow text provider must not delay the mail.
   */
  lease(
    now: Date,
    leaseSeconds: number,
    limit: number,
    kinds: readonly MessageKind[],
  ): Promise<readonly QueuedMessage[]>;
  /**
   * Taken by a provider: wipes the words, keeps the receipt. A call keeps its words until `wipe`,
   * since a provider that asks what to say next asks while the call lasts.
   */
  markSent(id: string, receipt: Receipt, now: Date): Promise<void>;
  /** Puts it back until `retryAt`. */
  postpone(id: string, retryAt: Date, fault: string): Promise<void>;
  /** Given up: wipes the words, keeps the fault. */
  markFailed(id: string, fault: string, now: Date): Promise<void>;
  /** The call is over: its words go. Does nothing to a message that still waits. */
  wipe(id: string): Promise<void>;
  /** Finds by our own id, which some providers bring back; undefined when unknown. */
  find(id: string): Promise<DeliveryRecord | undefined>;
  /** What a call says, until it is over; undefined for any other message. */
  script(id: string): Promise<CallMessage | undefined>;
  /** Finds by what the provider calls it; undefined when unknown. */
  findByReference(provider: string, reference: string): Promise<DeliveryRecord | undefined>;
  /** The newest text sent to this number, whose challenge a reply may answer. */
  newestTextTo(number: string, since: Date): Promise<DeliveryRecord | undefined>;
  /** Number of messages of a kind queued since; for the organisation's day budget. */
  countSince(kinds: readonly MessageKind[], since: Date): Promise<number>;
  /** Drops records settled before `before`. */
  forget(before: Date): Promise<number>;
}

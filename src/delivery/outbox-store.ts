/** Owns what the outbox promises: a message is queued with the change that caused it, and sent once. */
import type { CallMessage, Cost, MessageKind, QueuedMessage, Receipt } from './message.ts';

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
  /** Who took it; of one that is queued, who may have it; of one that failed, who was asked last. */
  readonly provider: string | undefined;
  readonly reference: string | undefined;
  readonly fault: string | undefined;
  readonly cost: Cost | undefined;
}

/** Which records are looked for; what is left out does not narrow it down. */
export interface DeliveryFilter {
  readonly id?: string | undefined;
  readonly kind?: MessageKind | undefined;
  readonly state?: DeliveryState | undefined;
  readonly provider?: string | undefined;
  readonly userId?: string | undefined;
  /** Queued at this moment or later, and before that one. */
  readonly from?: Date | undefined;
  readonly before?: Date | undefined;
  /** Only what comes after this one, on the next page. */
  readonly behind?: { readonly createdAt: Date; readonly id: string } | undefined;
  readonly limit: number;
}

export interface FoundDelivery extends DeliveryRecord {
  /** Whether it was given up and its words are still there, so that `retry` would send it. */
  readonly canRetry: boolean;
}

/** What became of the messages of one kind at one provider. */
export interface Tally {
  /** Undefined where nobody was asked. */
  readonly provider: string | undefined;
  readonly kind: MessageKind;
  readonly state: DeliveryState;
  readonly count: number;
  /** In millionths, of those whose cost is known, in one currency; 0 where none is. */
  readonly cost: number;
  /** Undefined where no cost is known. */
  readonly currency: string | undefined;
}

export interface OutboxStore {
  /** Queues messages, sealed, in the caller's transaction. */
  add(messages: readonly QueuedMessage[]): Promise<void>;
  /**
   * Takes up to `limit` due messages of these kinds, oldest first, for `leaseSeconds`: atomic, so
   * that two nodes never hold the same one while the lease runs. Counts the try, and `tries` of what
   * it returns says so. Other kinds wait: a slow text provider must not delay the mail. So does mail
   * that answers no challenge, while an older one to the same address does: what happened is read in
   * the order in which it happened.
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
  /**
   * Notes that this provider is about to be asked: until `postpone` says otherwise it may have the
   * message. Does nothing to one that is settled.
   */
  entrust(id: string, provider: string): Promise<void>;
  /** Puts it back until `retryAt`: for everybody, or for the one that may have it. */
  postpone(id: string, retryAt: Date, fault: string, entrustedTo?: string): Promise<void>;
  /**
   * Given up: keeps the fault and who was asked last, and wipes the words; those of mail that answers
   * no challenge stay until it is forgotten, so that it can be sent again.
   */
  markFailed(id: string, fault: string, now: Date, provider?: string): Promise<void>;
  /**
   * Puts back what was given up and still has its words, as if it were new; nobody has it. Returns
   * false where there is nothing like that.
   */
  retry(id: string, now: Date, deliverBefore: Date): Promise<boolean>;
  /** Newest first. */
  search(filter: DeliveryFilter): Promise<readonly FoundDelivery[]>;
  /** What it cost, as its provider told later. */
  noteCost(id: string, cost: Cost): Promise<void>;
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
  /** What became of everything that was queued since, by provider, kind, state and currency. */
  tally(since: Date): Promise<readonly Tally[]>;
  /**
   * Notes that somebody did what a challenge's text or call asked for: what was sent reached a person
   * who wanted it.
   */
  markAnswered(challengeId: string, now: Date): Promise<void>;
  /**
   * Of the newest `most` texts and calls to numbers that begin so, queued after `since` and not given
   * up: how many there are, and how many were answered. Unanswered ones after `before` do not count yet.
   */
  conversion(
    prefix: string,
    since: Date,
    before: Date,
    most: number,
  ): Promise<{ readonly sent: number; readonly answered: number }>;
  /** Drops records settled before `before`. */
  forget(before: Date): Promise<number>;
}

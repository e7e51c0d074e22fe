/** Owns what the audit log promises: append-only, chained, never half written. */
import type { AuditEvent, ChainedEvent } from './audit-event.ts';

/** Which events are meant; what is absent narrows nothing down. */
export interface AuditFilter {
  readonly userId?: string | undefined;
  readonly kind?: string | undefined;
  /** Who acted: the person, an administrator's id, `command-line`, `system`. */
  readonly actor?: string | undefined;
  readonly attemptId?: string | undefined;
  /** What its details give as reason: why an answer was refused. */
  readonly reason?: string | undefined;
  /** At this moment or later. Clocks of nodes may differ by ten minutes at most. */
  readonly from?: Date | undefined;
  /** Before this moment. */
  readonly to?: Date | undefined;
}

/** How many events there were of a kind, on a day, with these details. */
export interface AuditTally {
  readonly kind: string;
  /** Days are of 24 hours, counted from the beginning of the filter: 0 is the first. */
  readonly day: number;
  readonly details: AuditEvent['details'];
  readonly count: number;
}

/** How far a check of the chain came. */
export interface ChainCheck {
  /** Whole up to here. */
  readonly checked: number;
  /** The first that was changed, removed or moved; undefined as far as all is whole. */
  readonly brokenAt: number | undefined;
  /** Whether there is nothing more to check: the end is the true end, or it is broken. */
  readonly isDone: boolean;
  /** How many there are. */
  readonly length: number;
}

export interface AuditStore {
  /** Appends in the caller's transaction; becomes durable with it, in one unbroken chain over all nodes. */
  append(event: AuditEvent): Promise<void>;
  /** Newest first; `before`: sequence numbers below this one. */
  list(
    filter: AuditFilter & { readonly before?: number | undefined; readonly limit: number },
  ): Promise<readonly ChainedEvent[]>;
  /** One by its number. */
  find(sequence: number): Promise<ChainedEvent | undefined>;
  /**
   * Counts events of these kinds, in no order. For kinds that are rare beside the sign-ins that go well;
   * of a kind whose details are different each time, each is counted by itself.
   */
  tally(filter: {
    readonly kinds: readonly string[];
    readonly from: Date;
    readonly to: Date;
  }): Promise<readonly AuditTally[]>;
  /** Walks the chain: undefined when whole, else the first sequence that was changed, removed or moved. */
  verify(): Promise<{ readonly checked: number; readonly brokenAt: number | undefined }>;
  /**
   * Walks `most` events of the chain at most, behind number `after`, up to which it was found whole
   * before: whoever shows how far it is goes on from `checked`.
   */
  verifyPart(part: { readonly after: number; readonly most: number }): Promise<ChainCheck>;
}

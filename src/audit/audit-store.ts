/** Owns what the audit log promises: append-only, chained, never half written. */
import type { AuditEvent, ChainedEvent } from './audit-event.ts';

export interface AuditFilter {
  readonly userId?: string;
  readonly kind?: string;
  readonly attemptId?: string;
  /** Newest first; sequence numbers below this one. */
  readonly before?: number;
  readonly limit: number;
}

export interface AuditStore {
  /** Appends in the caller's transaction; becomes durable with it, in one unbroken chain over all nodes. */
  append(event: AuditEvent): Promise<void>;
  list(filter: AuditFilter): Promise<readonly ChainedEvent[]>;
  /** Walks the chain: undefined when whole, else the first sequence that was changed, removed or moved. */
  verify(): Promise<{ readonly checked: number; readonly brokenAt: number | undefined }>;
}

/**
 * Owns writing events that go with no change of their own: a door that is knocked on a thousand times
 * a second. Those that come while others are being written share the next transaction, so each is in
 * the log before its caller goes on, and none pays for one of its own (decision 0010).
 */
import { together } from '../lib/together.ts';
import type { Transact } from '../lib/transact.ts';
import type { AuditEvent } from './audit-event.ts';
import type { AuditStore } from './audit-store.ts';

export interface AuditQueue {
  /** Resolves when the event is in the log; rejects when it is not, and then nothing may be built on it. */
  write(event: AuditEvent): Promise<void>;
}

/** Makes a queue; one for a process. Its events are on the disk when they are told to be in the log. */
export function createAuditQueue(transact: Transact<{ readonly audit: AuditStore }>): AuditQueue {
  const write = together<AuditEvent, void>(
    (events) =>
      transact(async ({ audit }) => {
        for (const event of events) await audit.append(event);
        return events.map(() => undefined);
      }),
    // While one transaction is on its way to the disk, the next is put together.
    { most: 256, underWay: 2 },
  );
  return { write };
}

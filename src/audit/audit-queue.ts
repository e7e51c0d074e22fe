/**
 * Owns writing events that go with no change of their own: a door that is knocked on a thousand times
 * a second. Those that come while others are being written share the next transaction, so each is in
 * the log before its caller goes on, and none pays for one of its own (decision 0010).
 */
import type { Transact } from '../lib/transact.ts';
import type { AuditEvent } from './audit-event.ts';
import type { AuditStore } from './audit-store.ts';

export interface AuditQueue {
  /** Resolves when the event is in the log; rejects when it is not, and then nothing may be built on it. */
  write(event: AuditEvent): Promise<void>;
}

/** So many share one transaction at most: whoever came first waits for the last. */
const mostTogether = 256;

interface Waiting {
  readonly event: AuditEvent;
  readonly done: () => void;
  readonly failed: (reason: unknown) => void;
}

/** While one transaction is on its way to the disk, the next is put together. */
const mostUnderWay = 2;

/**
 * Makes a queue; one for a process. Its events are on the disk when they are told to be in the log;
 * `hasty`: committed, and on their way there.
 */
export function createAuditQueue(
  transact: Transact<{ readonly audit: AuditStore }>,
  options?: { readonly hasty?: boolean },
): AuditQueue {
  let waiting: Waiting[] = [];
  let underWay = 0;

  const writeAll = async (): Promise<void> => {
    underWay += 1;
    while (waiting.length > 0) {
      const these = waiting.slice(0, mostTogether);
      waiting = waiting.slice(mostTogether);
      try {
        await transact(async ({ audit }) => {
          for (const { event } of these) await audit.append(event);
        }, options);
        for (const { done } of these) done();
      } catch (reason) {
        for (const { failed } of these) failed(reason);
      }
    }
    underWay -= 1;
  };

  return {
    write: (event) =>
      new Promise((done, failed) => {
        waiting.push({ event, done, failed });
        // Whoever comes in the same turn of the event loop goes along.
        if (waiting.length === 1 && underWay < mostUnderWay) setImmediate(() => void writeAll());
      }),
  };
}

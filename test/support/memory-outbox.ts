/**
 * An outbox that keeps its promises in memory: for tests of those who use one. The stores' own
 * contract is tested on real databases.
 */
import type { QueuedMessage } from '../../src/delivery/message.ts';
import type { DeliveryRecord, OutboxStore } from '../../src/delivery/outbox-store.ts';

interface Row {
  record: DeliveryRecord;
  queued: QueuedMessage | undefined;
  dueAt: Date;
}

/** The store, and a look inside. */
export interface MemoryOutbox extends OutboxStore {
  readonly records: () => readonly DeliveryRecord[];
  /** Whether the words of a message are still kept. */
  readonly hasWords: (id: string) => boolean;
}

export function memoryOutbox(): MemoryOutbox {
  const rows = new Map<string, Row>();
  const change = (id: string, next: (row: Row) => Row): Promise<void> => {
    const row = rows.get(id);
    if (row !== undefined) rows.set(id, next(row));
    return Promise.resolve();
  };
  const records = (): readonly DeliveryRecord[] => [...rows.values()].map(({ record }) => record);

  return {
    records,
    hasWords: (id) => rows.get(id)?.queued !== undefined,
    add: async (messages) => {
      for (const queued of messages) {
        rows.set(queued.id, {
          queued,
          dueAt: queued.createdAt,
          record: {
            id: queued.id,
            kind: queued.message.kind,
            state: 'queued',
            attemptId: queued.attemptId,
            challengeId: queued.challengeId,
            userId: queued.userId,
            createdAt: queued.createdAt,
            settledAt: undefined,
            tries: 0,
            provider: undefined,
            reference: undefined,
            fault: undefined,
            cost: undefined,
          },
        });
      }
    },
    lease: async (now, leaseSeconds, limit, kinds) => {
      const leased: QueuedMessage[] = [];
      for (const row of rows.values()) {
        const { queued, record, dueAt } = row;
        if (queued === undefined || record.state !== 'queued' || dueAt > now) continue;
        if (!kinds.includes(record.kind) || leased.length >= limit) continue;
        if (isNotice(row) && [...rows.values()].some((other) => isBefore(other, row))) continue;
        const tries = record.tries + 1;
        row.dueAt = new Date(now.getTime() + leaseSeconds * 1_000);
        row.record = { ...record, tries };
        const { provider: entrustedTo } = record;
        leased.push({ ...queued, tries, ...(entrustedTo === undefined ? {} : { entrustedTo }) });
      }
      return leased;
    },
    markSent: (id, receipt, now) =>
      change(id, ({ record, dueAt, queued }) => ({
        queued: record.kind === 'call' ? queued : undefined,
        dueAt,
        record: {
          ...record,
          provider: receipt.provider,
          reference: receipt.reference,
          cost: receipt.cost,
          state: 'sent',
          settledAt: now,
        },
      })),
    entrust: (id, provider) =>
      change(id, (row) =>
        row.record.state === 'queued' ? { ...row, record: { ...row.record, provider } } : row,
      ),
    postpone: (id, retryAt, fault, provider) =>
      change(id, ({ record, queued }) => ({
        queued,
        dueAt: retryAt,
        record: { ...record, fault, provider },
      })),
    markFailed: (id, fault, now, provider) =>
      change(id, (row) => ({
        queued: isNotice(row) ? row.queued : undefined,
        dueAt: row.dueAt,
        record: { ...row.record, fault, provider, state: 'failed', settledAt: now },
      })),
    retry: async () => {
      throw new Error('what was given up is brought back by the real stores only');
    },
    search: async () => {
      throw new Error('what was sent is looked for in the real stores only');
    },
    noteCost: (id, cost) => change(id, (row) => ({ ...row, record: { ...row.record, cost } })),
    tally: async () => [],
    markAnswered: async () => undefined,
    conversion: async () => ({ sent: 0, answered: 0 }),
    wipe: (id) =>
      change(id, (row) => (row.record.state === 'queued' ? row : { ...row, queued: undefined })),
    find: async (id) => rows.get(id)?.record,
    script: async (id) => {
      const message = rows.get(id)?.queued?.message;
      return message?.kind === 'call' ? message : undefined;
    },
    findByReference: async (provider, reference) =>
      records().find((record) => record.provider === provider && record.reference === reference),
    newestTextTo: async () => {
      throw new Error('what numbers a text went to is kept by the real stores only');
    },
    countSince: async (kinds, since) =>
      records().filter(({ kind, createdAt }) => kinds.includes(kind) && createdAt >= since).length,
    forget: async (before) => {
      const old = records().filter(
        ({ settledAt }) => settledAt !== undefined && settledAt < before,
      );
      for (const { id } of old) rows.delete(id);
      return old.length;
    },
  };
}

/** Mail that answers no challenge: it is read in the order in which things happened. */
function isNotice({ record }: Row): boolean {
  return record.kind === 'mail' && record.challengeId === undefined;
}

function isBefore(one: Row, other: Row): boolean {
  return (
    isNotice(one) &&
    one.record.state === 'queued' &&
    one.queued?.message.to === other.queued?.message.to &&
    one.record.createdAt < other.record.createdAt
  );
}

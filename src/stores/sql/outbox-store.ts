/** Owns messages on their way in SQL. */
import type { Cost, OutgoingMessage, QueuedMessage } from '../../delivery/message.ts';
import type { DeliveryRecord, OutboxStore } from '../../delivery/outbox-store.ts';
import { prefixOf } from '../../delivery/prefix.ts';
import { prepareOutboxStatements, type RecordRow } from './outbox-statements.ts';
import type { OnConnection, StoreParts } from './parts.ts';
import { removeInBatches } from './remove-in-batches.ts';
import type { Row } from './schema.ts';
import { once } from './statement.ts';
import { fromDate, orNull, orUndefined, toDate } from './values.ts';

export function prepareOutboxStore({
  build,
  dialect,
  seals,
}: StoreParts): OnConnection<OutboxStore> {
  const sealedBody = seals.sealed<OutgoingMessage>('outbox', 'body');
  const prepared = prepareOutboxStatements({ build, dialect });

  const receiverOf = (number: string): Buffer => seals.hash('outbox-receiver', number);
  const prefixHash = (prefix: string): Buffer => seals.hash('outbox-prefix', prefix);
  // Of what nobody is asked to answer there is nothing to learn.
  const blockOf = ({ message, challengeId }: QueuedMessage): Buffer | null =>
    challengeId !== undefined && (message.kind === 'text' || message.kind === 'call')
      ? prefixHash(prefixOf(message.to))
      : null;

  return (connection) => {
    const fail = async (id: string, fault: string, now: Date, provider?: string): Promise<void> => {
      const change = { id, fault, now: fromDate(now), provider: orNull(provider) };
      await connection.change(prepared.markFailed(change));
    };

    return {
      add: async (messages) => {
        for (const queued of messages) {
          await connection.change(
            prepared.add({
              id: queued.id,
              kind: queued.message.kind,
              attempt_id: orNull(queued.attemptId),
              challenge_id: orNull(queued.challengeId),
              user_id: orNull(queued.userId),
              created_at: fromDate(queued.createdAt),
              deliver_before: fromDate(queued.deliverBefore),
              due_at: fromDate(queued.createdAt),
              tries: queued.tries,
              receiver: receiverOf(queued.message.to),
              body: sealedBody.seal(queued.message, queued.id),
              prefix: blockOf(queued),
            }),
          );
        }
      },
      lease: async (now, leaseSeconds, limit, kinds) => {
        const [kind] = kinds;
        if (kind === undefined) return [];
        // A statement that is prepared once has room for every kind; what is left of it repeats.
        const [, secondKind = kind, thirdKind = kind, fourthKind = kind] = kinds;
        const until = fromDate(now) + leaseSeconds * 1000;
        const rows = await connection.rows(
          prepared.lease({
            now: fromDate(now),
            until,
            limit,
            kind,
            secondKind,
            thirdKind,
            fourthKind,
          }),
        );
        const messages: QueuedMessage[] = [];
        for (const row of rows.toSorted(byAge)) {
          const message = row.body === null ? undefined : sealedBody.openOr(row.body, row.id);
          // Nobody can send it; left in the queue it would come again and again.
          if (message === undefined) await fail(row.id, 'unreadable', now);
          else messages.push({ ...toQueued(row), message });
        }
        return messages;
      },
      markSent: async (id, { provider, reference, cost }, now) => {
        const paid = { cost: cost?.millionths ?? null, currency: cost?.currency ?? null };
        await connection.change(
          prepared.markSent({ id, provider, reference, now: fromDate(now), ...paid }),
        );
      },
      entrust: async (id, provider) => {
        await connection.change(prepared.entrust({ id, provider }));
      },
      postpone: async (id, retryAt, fault, entrustedTo) => {
        const change = { id, retryAt: fromDate(retryAt), fault, provider: orNull(entrustedTo) };
        await connection.change(prepared.postpone(change));
      },
      noteCost: async (id, { millionths: cost, currency }) => {
        await connection.change(prepared.noteCost({ id, cost, currency }));
      },
      markFailed: fail,
      retry: async (id, now, deliverBefore) => {
        const change = { id, now: fromDate(now), before: fromDate(deliverBefore) };
        return (await connection.first(prepared.retry(change))) !== undefined;
      },
      search: async (filter) =>
        (await connection.rows(once(prepared.searched(filter)))).map((row) => ({
          ...toRecord(row),
          canRetry: row.state === 'failed' && Boolean(row.has_words),
        })),
      wipe: async (id) => {
        await connection.change(prepared.wipe({ id }));
      },
      find: async (id) => {
        const row = await connection.first(prepared.byId({ id }));
        return row === undefined ? undefined : toRecord(row);
      },
      script: async (id) => {
        const body = (await connection.first(prepared.callById({ id })))?.body ?? null;
        const message = body === null ? undefined : sealedBody.openOr(body, id);
        return message?.kind === 'call' ? message : undefined;
      },
      findByReference: async (provider, reference) => {
        const row = await connection.first(prepared.byReference({ provider, reference }));
        return row === undefined ? undefined : toRecord(row);
      },
      newestTextTo: async (number, since) => {
        const receiver = receiverOf(number);
        const row = await connection.first(
          prepared.newestTextTo({ receiver, since: fromDate(since) }),
        );
        return row === undefined ? undefined : toRecord(row);
      },
      countSince: async (kinds, since) => {
        if (kinds.length === 0) return 0;
        const query = build
          .selectFrom('outbox')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .where('created_at', '>=', fromDate(since))
          .where('kind', 'in', kinds);
        return (await connection.first(once(query)))?.count ?? 0;
      },
      tally: async (since) => {
        const query = build
          .selectFrom('outbox')
          .select(({ fn }) => [
            'provider',
            'kind',
            'state',
            'currency',
            fn.countAll<number>().as('count'),
            fn.sum<number | null>('cost').as('cost'),
          ])
          .where('created_at', '>=', fromDate(since))
          .groupBy(['provider', 'kind', 'state', 'currency'])
          .orderBy('provider')
          .orderBy('kind')
          .orderBy('state')
          .orderBy('currency');
        return (await connection.rows(once(query))).map((row) => ({
          provider: orUndefined(row.provider),
          kind: row.kind,
          state: row.state,
          count: Number(row.count),
          cost: Number(row.cost ?? 0),
          currency: orUndefined(row.currency),
        }));
      },
      markAnswered: async (challengeId, now) => {
        await connection.change(prepared.markAnswered({ challengeId, now: fromDate(now) }));
      },
      conversion: async (prefix, since, before, most) => {
        const block = prefixHash(prefix);
        const times = { since: fromDate(since), before: fromDate(before) };
        const row = await connection.first(prepared.conversion({ prefix: block, ...times, most }));
        return { sent: row?.sent ?? 0, answered: row?.answered ?? 0 };
      },
      forget: (before) =>
        removeInBatches(connection, (limit) =>
          prepared.forget({ before: fromDate(before), limit }),
        ),
    };
  };
}

function byAge(one: Row<'outbox'>, other: Row<'outbox'>): number {
  return one.created_at - other.created_at || (one.id < other.id ? -1 : 1);
}

function toQueued(row: Row<'outbox'>): Omit<QueuedMessage, 'message'> {
  return {
    id: row.id,
    attemptId: orUndefined(row.attempt_id),
    challengeId: orUndefined(row.challenge_id),
    userId: orUndefined(row.user_id),
    createdAt: toDate(row.created_at),
    deliverBefore: toDate(row.deliver_before),
    tries: row.tries,
    ...(row.provider === null ? {} : { entrustedTo: row.provider }),
  };
}

function toRecord(row: RecordRow): DeliveryRecord {
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    attemptId: orUndefined(row.attempt_id),
    challengeId: orUndefined(row.challenge_id),
    userId: orUndefined(row.user_id),
    createdAt: toDate(row.created_at),
    settledAt: toDate(row.settled_at),
    tries: row.tries,
    provider: orUndefined(row.provider),
    reference: orUndefined(row.reference),
    fault: orUndefined(row.fault),
    cost: toCost(row),
  };
}

function toCost({ cost, currency }: Pick<Row<'outbox'>, 'cost' | 'currency'>): Cost | undefined {
  return cost === null || currency === null ? undefined : { millionths: cost, currency };
}

/** Owns messages on their way in SQL. */
import { sql } from 'kysely';

import type { Cost, MessageKind, OutgoingMessage, QueuedMessage } from '../../delivery/message.ts';
import type { DeliveryFilter, DeliveryRecord, OutboxStore } from '../../delivery/outbox-store.ts';
import { prefixOf } from '../../delivery/prefix.ts';
import type { OnConnection, StoreParts } from './parts.ts';
import { removeInBatches } from './remove-in-batches.ts';
import type { Row } from './schema.ts';
import { once, statement, type Argument } from './statement.ts';
import { fromDate, orNull, orUndefined, toDate } from './values.ts';

const recordColumns = [
  'id',
  'kind',
  'state',
  'attempt_id',
  'challenge_id',
  'user_id',
  'created_at',
  'settled_at',
  'tries',
  'provider',
  'reference',
  'fault',
  'cost',
  'currency',
] as const;

export function prepareOutboxStore({
  build,
  dialect,
  seals,
}: StoreParts): OnConnection<OutboxStore> {
  const sealedBody = seals.sealed<OutgoingMessage>('outbox', 'body');
  // Written out, not a parameter: the partial index is used only where the words are the same.
  const isQueued = sql<boolean>`state = 'queued'`;

  const add = statement(
    (
      is: Argument<
        Omit<
          Row<'outbox'>,
          | 'state'
          | 'settled_at'
          | 'provider'
          | 'reference'
          | 'fault'
          | 'cost'
          | 'currency'
          | 'answered_at'
        >
      >,
    ) =>
      build.insertInto('outbox').values({
        id: is('id'),
        kind: is('kind'),
        state: 'queued',
        attempt_id: is('attempt_id'),
        challenge_id: is('challenge_id'),
        user_id: is('user_id'),
        created_at: is('created_at'),
        deliver_before: is('deliver_before'),
        due_at: is('due_at'),
        tries: is('tries'),
        receiver: is('receiver'),
        body: is('body'),
        prefix: is('prefix'),
      }),
  );
  const lease = statement(
    (
      is: Argument<{
        now: number;
        until: number;
        limit: number;
        kind: MessageKind;
        secondKind: MessageKind;
        thirdKind: MessageKind;
        fourthKind: MessageKind;
      }>,
    ) =>
      build
        // Beside the update and not inside it: PostgreSQL would look for more with every row.
        .with('due', (due) =>
          dialect.forUpdateSkippingLocked(
            due
              .selectFrom('outbox')
              .select('id')
              .where(isQueued)
              .where('due_at', '<=', is('now'))
              .where((row) =>
                row.or([
                  row('kind', '<>', 'mail'),
                  row('challenge_id', 'is not', null),
                  row.not(
                    row.exists(
                      row
                        .selectFrom('outbox as older')
                        .select('older.id')
                        .whereRef('older.receiver', '=', 'outbox.receiver')
                        .whereRef('older.created_at', '<', 'outbox.created_at')
                        .where('older.kind', '=', 'mail')
                        .where('older.state', '=', 'queued')
                        .where('older.challenge_id', 'is', null),
                    ),
                  ),
                ]),
              )
              .where('kind', 'in', [
                is('kind'),
                is('secondKind'),
                is('thirdKind'),
                is('fourthKind'),
              ])
              .orderBy('created_at')
              .orderBy('id')
              .limit(is('limit')),
          ),
        )
        .updateTable('outbox')
        .set((row) => ({ due_at: is('until'), tries: row('tries', '+', 1) }))
        .where('id', 'in', (due) => due.selectFrom('due').select('id'))
        .returningAll(),
  );
  const markSent = statement(
    (
      is: Argument<{
        id: string;
        provider: string;
        reference: string;
        now: number;
        cost: number | null;
        currency: string | null;
      }>,
    ) =>
      build
        .updateTable('outbox')
        .set((row) => ({
          state: 'sent',
          body: row.case().when('kind', '=', 'call').then(row.ref('body')).else(null).end(),
          fault: null,
          provider: is('provider'),
          reference: is('reference'),
          settled_at: is('now'),
          cost: is('cost'),
          currency: is('currency'),
        }))
        .where('id', '=', is('id'))
        .where('state', '<>', 'sent'),
  );
  const wipe = statement((is: Argument<{ id: string }>) =>
    build
      .updateTable('outbox')
      .set({ body: null })
      .where('id', '=', is('id'))
      .where('state', '<>', 'queued'),
  );
  const entrust = statement((is: Argument<{ id: string; provider: string }>) =>
    build
      .updateTable('outbox')
      .set({ provider: is('provider') })
      .where('id', '=', is('id'))
      .where(isQueued),
  );
  const postpone = statement(
    (is: Argument<{ id: string; retryAt: number; fault: string; provider: string | null }>) =>
      build
        .updateTable('outbox')
        .set({ due_at: is('retryAt'), fault: is('fault'), provider: is('provider') })
        .where('id', '=', is('id'))
        .where(isQueued),
  );
  const markFailed = statement(
    (is: Argument<{ id: string; fault: string; now: number; provider: string | null }>) =>
      build
        .updateTable('outbox')
        .set((row) => ({
          state: 'failed',
          body: row
            .case()
            .when(row.and([row('kind', '=', 'mail'), row('challenge_id', 'is', null)]))
            .then(row.ref('body'))
            .else(null)
            .end(),
          fault: is('fault'),
          settled_at: is('now'),
          provider: is('provider'),
        }))
        .where('id', '=', is('id'))
        .where(isQueued),
  );
  const retry = statement((is: Argument<{ id: string; now: number; before: number }>) =>
    build
      .updateTable('outbox')
      .set({
        state: 'queued',
        due_at: is('now'),
        deliver_before: is('before'),
        tries: 0,
        fault: null,
        provider: null,
        settled_at: null,
      })
      .where('id', '=', is('id'))
      .where('state', '=', 'failed')
      .where('body', 'is not', null)
      .returning('id'),
  );
  const noteCost = statement((is: Argument<{ id: string; cost: number; currency: string }>) =>
    build
      .updateTable('outbox')
      .set({ cost: is('cost'), currency: is('currency') })
      .where('id', '=', is('id')),
  );
  const markAnswered = statement((is: Argument<{ challengeId: string; now: number }>) =>
    build
      .updateTable('outbox')
      .set({ answered_at: is('now') })
      .where('challenge_id', '=', is('challengeId'))
      .where('prefix', 'is not', null),
  );
  const conversion = statement(
    (is: Argument<{ prefix: Buffer; since: number; before: number; most: number }>) =>
      build
        .selectFrom((from) =>
          from
            .selectFrom('outbox')
            .select('answered_at')
            .where('prefix', '=', is('prefix'))
            .where('created_at', '>', is('since'))
            .where('state', '<>', 'failed')
            .where((row) =>
              row.or([row('answered_at', 'is not', null), row('created_at', '<=', is('before'))]),
            )
            .orderBy('created_at', 'desc')
            .limit(is('most'))
            .as('newest'),
        )
        .select(({ fn }) => [
          fn.countAll<number>().as('sent'),
          fn.count<number>('answered_at').as('answered'),
        ]),
  );
  /** Narrows down; made anew for each question, since each has other words. */
  const searched = ({ limit, behind, ...filter }: DeliveryFilter) => {
    let query = build
      .selectFrom('outbox')
      .select([...recordColumns])
      .select((row) => row('body', 'is not', null).as('has_words'));
    if (filter.id !== undefined) query = query.where('id', '=', filter.id);
    if (filter.kind !== undefined) query = query.where('kind', '=', filter.kind);
    if (filter.state !== undefined) query = query.where('state', '=', filter.state);
    if (filter.provider !== undefined) query = query.where('provider', '=', filter.provider);
    if (filter.userId !== undefined) query = query.where('user_id', '=', filter.userId);
    if (filter.from !== undefined) query = query.where('created_at', '>=', fromDate(filter.from));
    if (filter.before !== undefined) {
      query = query.where('created_at', '<', fromDate(filter.before));
    }
    if (behind !== undefined) {
      const at = fromDate(behind.createdAt);
      query = query
        // What the index knows.
        .where('created_at', '<=', at)
        .where((row) => row.or([row('created_at', '<', at), row('id', '<', behind.id)]));
    }
    return query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit);
  };
  const byId = statement((is: Argument<{ id: string }>) =>
    build.selectFrom('outbox').select(recordColumns).where('id', '=', is('id')),
  );
  const callById = statement((is: Argument<{ id: string }>) =>
    build.selectFrom('outbox').select('body').where('id', '=', is('id')).where('kind', '=', 'call'),
  );
  const byReference = statement((is: Argument<{ provider: string; reference: string }>) =>
    build
      .selectFrom('outbox')
      .select(recordColumns)
      .where('reference', '=', is('reference'))
      .where('provider', '=', is('provider')),
  );
  const newestTextTo = statement((is: Argument<{ receiver: Buffer; since: number }>) =>
    build
      .selectFrom('outbox')
      .select(recordColumns)
      .where('receiver', '=', is('receiver'))
      .where('created_at', '>=', is('since'))
      .where('kind', '=', 'text')
      .where('state', '<>', 'failed')
      .orderBy('created_at', 'desc')
      .limit(1),
  );
  const forget = statement((is: Argument<{ before: number; limit: number }>) =>
    build.deleteFrom('outbox').where('id', 'in', (some) =>
      some
        .selectFrom('outbox')
        .select('id')
        .where('settled_at', '<', is('before'))
        // Nothing is settled before it was made: this is what the index knows.
        .where('created_at', '<', is('before'))
        .limit(is('limit')),
    ),
  );

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
      await connection.change(markFailed(change));
    };

    return {
      add: async (messages) => {
        for (const queued of messages) {
          await connection.change(
            add({
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
          lease({ now: fromDate(now), until, limit, kind, secondKind, thirdKind, fourthKind }),
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
        await connection.change(markSent({ id, provider, reference, now: fromDate(now), ...paid }));
      },
      entrust: async (id, provider) => {
        await connection.change(entrust({ id, provider }));
      },
      postpone: async (id, retryAt, fault, entrustedTo) => {
        const change = { id, retryAt: fromDate(retryAt), fault, provider: orNull(entrustedTo) };
        await connection.change(postpone(change));
      },
      noteCost: async (id, { millionths: cost, currency }) => {
        await connection.change(noteCost({ id, cost, currency }));
      },
      markFailed: fail,
      retry: async (id, now, deliverBefore) => {
        const change = { id, now: fromDate(now), before: fromDate(deliverBefore) };
        return (await connection.first(retry(change))) !== undefined;
      },
      search: async (filter) =>
        (await connection.rows(once(searched(filter)))).map((row) => ({
          ...toRecord(row),
          canRetry: row.state === 'failed' && Boolean(row.has_words),
        })),
      wipe: async (id) => {
        await connection.change(wipe({ id }));
      },
      find: async (id) => {
        const row = await connection.first(byId({ id }));
        return row === undefined ? undefined : toRecord(row);
      },
      script: async (id) => {
        const body = (await connection.first(callById({ id })))?.body ?? null;
        const message = body === null ? undefined : sealedBody.openOr(body, id);
        return message?.kind === 'call' ? message : undefined;
      },
      findByReference: async (provider, reference) => {
        const row = await connection.first(byReference({ provider, reference }));
        return row === undefined ? undefined : toRecord(row);
      },
      newestTextTo: async (number, since) => {
        const receiver = receiverOf(number);
        const row = await connection.first(newestTextTo({ receiver, since: fromDate(since) }));
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
        await connection.change(markAnswered({ challengeId, now: fromDate(now) }));
      },
      conversion: async (prefix, since, before, most) => {
        const block = prefixHash(prefix);
        const times = { since: fromDate(since), before: fromDate(before) };
        const row = await connection.first(conversion({ prefix: block, ...times, most }));
        return { sent: row?.sent ?? 0, answered: row?.answered ?? 0 };
      },
      forget: (before) =>
        removeInBatches(connection, (limit) => forget({ before: fromDate(before), limit })),
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

function toRecord(row: Pick<Row<'outbox'>, (typeof recordColumns)[number]>): DeliveryRecord {
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

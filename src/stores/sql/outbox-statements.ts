/** Owns the statements about messages on their way, prepared once for each database. */
import { sql } from 'kysely';

import type { MessageKind } from '../../delivery/message.ts';
import type { DeliveryFilter } from '../../delivery/outbox-store.ts';
import type { StoreParts } from './parts.ts';
import type { Row } from './schema.ts';
import { statement, type Argument } from './statement.ts';
import { fromDate } from './values.ts';

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

/** What a record of a message is read from: all but its words. */
export type RecordRow = Pick<Row<'outbox'>, (typeof recordColumns)[number]>;

/** Prepares them. */
export function prepareOutboxStatements({ build, dialect }: Pick<StoreParts, 'build' | 'dialect'>) {
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

  return {
    add,
    lease,
    markSent,
    wipe,
    entrust,
    postpone,
    markFailed,
    retry,
    noteCost,
    markAnswered,
    conversion,
    searched,
    byId,
    callById,
    byReference,
    newestTextTo,
    forget,
  };
}

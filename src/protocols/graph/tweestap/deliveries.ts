/** Owns `deliveries`: what became of each message, never what it said nor to whom it went. */
import * as z from 'zod';

import type { MessageKind } from '../../../delivery/message.ts';
import type {
  DeliveryFilter,
  DeliveryRecord,
  DeliveryState,
} from '../../../delivery/outbox-store.ts';
import type { Filter } from '../../../lib/filter/filter.ts';
import { queryOptions } from '../../../lib/odata/query.ts';
import { spanOf, textAt } from '../audit-logs/moments.ts';
import { notFound, refusal } from '../faults.ts';
import { list, one, type Listed } from '../listing.ts';
import { organisationOperation, sent, type Call, type Operation } from '../operation.ts';

const path = '/deliveries';
const context = path.slice(1);

const kinds: readonly MessageKind[] = ['text', 'call', 'mail', 'push'];
const states: readonly DeliveryState[] = ['queued', 'sent', 'failed'];

const schema = z.object({
  id: z.string(),
  kind: z.enum(kinds),
  status: z.enum(states),
  userId: z.string().nullable(),
  /** Of the sign-in that it belongs to. */
  correlationId: z.string().nullable(),
  createdDateTime: z.string(),
  settledDateTime: z.string().nullable(),
  tries: z.int(),
  /** Who took it; of one that waits, who may have it; of one that failed, who was asked last. */
  provider: z.string().nullable(),
  /** What the provider calls it. */
  reference: z.string().nullable(),
  failureReason: z.string().nullable(),
  /** What it cost, as its provider told. */
  cost: z.object({ millionths: z.int(), currency: z.string() }).nullable(),
});
const properties = Object.keys(schema.shape);

export const deliveryOperations: readonly Operation[] = [
  organisationOperation({
    method: 'GET',
    path,
    roots: ['tweestap'],
    act: 'see-deliveries',
    does: 'Lists the messages that were queued, newest first, and what became of them.',
    query: queryOptions,
    answers: { kind: 'collection', schema },
    run: (call) =>
      list(call, {
        context,
        properties,
        orders: ['createdDateTime desc'],
        read: (after, limit, { filter }) => read(call, after, limit, filter),
      }),
  }),
  organisationOperation({
    method: 'GET',
    path: `${path}/:delivery`,
    roots: ['tweestap'],
    act: 'see-deliveries',
    does: 'What became of one message.',
    answers: { kind: 'entity', schema },
    run: async (call) => {
      const found = await call.parts.stores.outbox.find(call.params['delivery'] ?? '');
      return one(call, found && entityOf(found), { context, properties });
    },
  }),
  organisationOperation({
    method: 'POST',
    path: `${path}/:delivery/retry`,
    roots: ['tweestap'],
    act: 'retry-delivery',
    does: 'Sends mail again that was given up; a code or a call is asked for anew instead.',
    body: sent({}),
    answers: { kind: 'nothing' },
    run: async ({ parts, params, by }) => {
      const { delivery = '' } = params;
      if ((await parts.stores.outbox.find(delivery)) === undefined) return notFound(delivery);
      const isBack = await parts.deliveries.retry(delivery, by);
      return isBack ? { status: 204 } : refusal('badRequest', 'There is nothing to send again.');
    },
  }),
];

async function read(
  call: Call,
  after: string | undefined,
  limit: number,
  filter: Filter | undefined,
): Promise<readonly Listed[]> {
  const found = await call.parts.stores.outbox.search({
    ...narrowing(filter),
    behind: after === undefined ? undefined : placeOf(after),
    limit,
  });
  return found.map((record) => ({
    entity: entityOf(record),
    cursor: `${record.createdAt.getTime()}.${record.id}`,
  }));
}

/** Finds everything that the filter fits, and perhaps more. */
function narrowing(filter: Filter | undefined): Omit<DeliveryFilter, 'limit'> {
  const kind = textAt(filter, 'kind')?.toLowerCase();
  const state = textAt(filter, 'status')?.toLowerCase();
  return {
    ...spanOf(filter, 'createdDateTime'),
    id: textAt(filter, 'id'),
    kind: kinds.find((each) => each === kind),
    state: states.find((each) => each === state),
    userId: textAt(filter, 'userId'),
  };
}

function entityOf(record: DeliveryRecord): z.infer<typeof schema> {
  return {
    id: record.id,
    kind: record.kind,
    status: record.state,
    userId: record.userId ?? null,
    correlationId: record.attemptId ?? null,
    createdDateTime: record.createdAt.toISOString(),
    settledDateTime: record.settledAt?.toISOString() ?? null,
    tries: record.tries,
    provider: record.provider ?? null,
    reference: record.reference ?? null,
    failureReason: record.fault ?? null,
    cost: record.cost === undefined ? null : { ...record.cost },
  };
}

function placeOf(cursor: string): NonNullable<DeliveryFilter['behind']> {
  const [moment = '', id = ''] = cursor.split('.', 2);
  return { createdAt: new Date(Number(moment)), id };
}

/** Owns `numberBlocks`: blocks of numbers that closed themselves, since hardly anybody there answered. */
import * as z from 'zod';

import type { ClosedPrefix } from '../../../delivery/closed-prefix-store.ts';
import { shortListQuery } from '../authentication/method-kind.ts';
import { notFound, refusal } from '../faults.ts';
import { list, wholeList } from '../listing.ts';
import { noParameters, organisationOperation, type Operation } from '../operation.ts';

const path = '/numberBlocks';

const schema = z.object({
  /** What its numbers begin with: `+37181`. */
  id: z.string(),
  status: z.enum(['closed', 'open']),
  closedDateTime: z.string(),
  /** What was sent there and what was answered, when it closed. */
  sent: z.int(),
  answered: z.int(),
  openedDateTime: z.string().nullable(),
  openedBy: z.string().nullable(),
});

export const numberBlockOperations: readonly Operation[] = [
  organisationOperation({
    method: 'GET',
    path,
    roots: ['tweestap'],
    act: 'see-deliveries',
    does: 'Lists the blocks of numbers that were ever closed by themselves, the newest first.',
    query: shortListQuery,
    answers: { kind: 'collection', schema },
    run: async (call) =>
      list(call, {
        context: path.slice(1),
        properties: Object.keys(schema.shape),
        ...wholeList((await call.parts.numberBlocks.list()).map(entityOf)),
      }),
  }),
  organisationOperation({
    method: 'POST',
    path: `${path}/:block/open`,
    roots: ['tweestap'],
    act: 'change-policy',
    does: 'Lets texts and calls go to a closed block of numbers again.',
    body: noParameters,
    answers: { kind: 'nothing' },
    run: async ({ parts, params, by }) => {
      const { block = '' } = params;
      const known = await parts.numberBlocks.list();
      if (!known.some(({ prefix }) => prefix === block)) return notFound(block);
      const isOpened = await parts.numberBlocks.open(by, block);
      return isOpened ? { status: 204 } : refusal('badRequest', 'The block is not closed.');
    },
  }),
];

function entityOf({ prefix, closedAt, sent, answered, opened }: ClosedPrefix) {
  return {
    id: prefix,
    status: opened === undefined ? 'closed' : 'open',
    closedDateTime: closedAt.toISOString(),
    sent,
    answered,
    openedDateTime: opened?.at.toISOString() ?? null,
    openedBy: opened?.by ?? null,
  } satisfies z.infer<typeof schema>;
}

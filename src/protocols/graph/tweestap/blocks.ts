/** Owns blocking people, which ends everything they have open, and unblocking them. */
import * as z from 'zod';

import { isBlocked } from '../../../accounts/user.ts';
import { refusal } from '../faults.ts';
import { one } from '../listing.ts';
import { sent, userOperation, type Operation } from '../operation.ts';

const path = '/users/:user';
const reason = z.string().trim().min(1).max(200);

const schema = z.object({
  isBlocked: z.boolean(),
  reason: z.string().nullable(),
  beginDateTime: z.string().nullable(),
  /** Null: until somebody unblocks. */
  endDateTime: z.string().nullable(),
});

export const blockOperations: readonly Operation[] = [
  userOperation({
    method: 'GET',
    path: `${path}/block`,
    roots: ['tweestap'],
    act: 'see',
    does: 'Whether somebody is blocked, why and until when.',
    answers: { kind: 'entity', schema },
    run: async (call) => {
      const { user, now } = call;
      const block = isBlocked(user, now) ? user.blocked : undefined;
      const entity: z.infer<typeof schema> = {
        isBlocked: block !== undefined,
        reason: block?.reason ?? null,
        beginDateTime: block?.at.toISOString() ?? null,
        endDateTime: block?.until?.toISOString() ?? null,
      };
      return one(call, entity, { context: `users('${user.id}')/block` });
    },
  }),
  userOperation({
    method: 'POST',
    path: `${path}/block`,
    roots: ['tweestap'],
    act: 'block',
    does: 'Blocks somebody until then, or until somebody unblocks, and ends everything they have open.',
    body: sent({ reason, endDateTime: z.iso.datetime({ offset: true }).exactOptional() }),
    answers: { kind: 'nothing' },
    run: async ({ parts, user, by, now }, { reason: why, endDateTime }) => {
      const until = endDateTime === undefined ? undefined : new Date(endDateTime);
      if (until !== undefined && until <= now) {
        return refusal('badRequest', "Invalid value specified for property 'endDateTime'.");
      }
      await parts.administration.block(user.id, { reason: why, by, until });
      return { status: 204 };
    },
  }),
  userOperation({
    method: 'POST',
    path: `${path}/unblock`,
    roots: ['tweestap'],
    act: 'unblock',
    does: 'Unblocks somebody.',
    body: sent({ reason }),
    answers: { kind: 'nothing' },
    run: async ({ parts, user, by }, { reason: why }) => {
      const isEnded = await parts.administration.unblock(user.id, why, by);
      return isEnded ? { status: 204 } : refusal('badRequest', 'The user is not blocked.');
    },
  }),
];

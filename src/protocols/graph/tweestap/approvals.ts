/**
 * Owns `approvals`: asking a second administrator, and agreeing. Two people do that, each signed in; a
 * program sees what waits and decides nothing.
 */
import * as z from 'zod';

import { roles } from '../../../accounts/user.ts';
import {
  approvalStandings,
  approvedActs,
  approvedText,
  approvedValues,
  standingOfApproval,
  type Approval,
} from '../../../accounts/approval.ts';
import { shortListQuery } from '../authentication/method-kind.ts';
import { signedIn } from '../caller.ts';
import { notFound, refusal, type Refusal } from '../faults.ts';
import { list, one, wholeList } from '../listing.ts';
import {
  noParameters,
  organisationOperation,
  sent,
  type Answer,
  type Call,
  type Operation,
} from '../operation.ts';

const path = '/approvals';
const context = path.slice(1);
const mostShown = 100;

const approvedRecord = z.partialRecord(z.enum(approvedValues), z.string().max(4_000));

const schema = z.object({
  id: z.string(),
  /** `agreed` is good once, for whoever asked, until it expires; `done` when that has happened. */
  status: z.enum(approvalStandings),
  act: z.enum(approvedActs),
  /** Whose account; null where it concerns nobody's. */
  userId: z.string().nullable(),
  /** The role that is to be given, where that is the act. */
  role: z.enum(roles).nullable(),
  /** Every other value that is agreed to: numbers as E.164, `yes` or `no`, '' for what is cleared. */
  values: approvedRecord,
  reason: z.string(),
  askedBy: z.string(),
  askedDateTime: z.string(),
  expirationDateTime: z.string(),
  decidedBy: z.string().nullable(),
  decidedDateTime: z.string().nullable(),
});
const properties = Object.keys(schema.shape);

export const approvalOperations: readonly Operation[] = [
  organisationOperation({
    method: 'GET',
    path,
    roots: ['tweestap'],
    act: 'see-approvals',
    does: `Lists what a second administrator was asked to agree to, the newest ${mostShown}.`,
    query: shortListQuery,
    answers: { kind: 'collection', schema },
    run: async (call) => {
      const found = await call.parts.stores.approvals.list(mostShown);
      return list(call, {
        context,
        properties,
        ...wholeList(found.map((each) => entityOf(each, call.now))),
      });
    },
  }),
  organisationOperation({
    method: 'POST',
    path,
    roots: ['tweestap'],
    act: 'approve',
    does: 'Asks a second administrator to agree to one act on one person; the others hear of it by mail.',
    body: sent({
      act: z.enum(approvedActs),
      /** The id; absent for `stop-asking` alone. */
      userId: z
        .string()
        .regex(/^[\w-]{1,64}$/)
        .exactOptional(),
      role: z.enum(roles).exactOptional(),
      /** As the act will have them: another value needs another agreement. */
      values: approvedRecord.default({}),
      reason: z.string().trim().min(1).max(200),
    }),
    status: 201,
    answers: { kind: 'entity', schema },
    run: async (call, { act, userId = '', role, values, reason }) => {
      const by = personOf(call);
      if ('refused' in by) return by;
      if ((act === 'stop-asking') !== (userId === '')) {
        return refusal('badRequest', "Every act but 'stop-asking' names whom it concerns: userId.");
      }
      if ((act === 'change-role') !== (role !== undefined)) {
        return refusal('badRequest', "The act 'change-role' names the role, and no other does.");
      }
      const isNew = await call.parts.approvals.ask(
        { act, targetId: userId, role, values, reason },
        by,
      );
      if (!isNew) {
        return refusal('Request_Conflict', 'The same was asked before, and is not over.');
      }
      const asked = (await call.parts.stores.approvals.list(mostShown)).find(
        (each) =>
          each.askedBy === by.current.user.id &&
          each.act === act &&
          each.targetId === userId &&
          each.role === role &&
          approvedText(each.values) === approvedText(values),
      );
      const headers = { location: `${call.base}${path}/${asked?.id ?? ''}` };
      return one(call, asked && entityOf(asked, call.now), { context, status: 201, headers });
    },
  }),
  organisationOperation({
    method: 'GET',
    path: `${path}/:approval`,
    roots: ['tweestap'],
    act: 'see-approvals',
    does: 'One of them, and where it stands.',
    answers: { kind: 'entity', schema },
    run: async (call) => {
      const found = await call.parts.stores.approvals.find(call.params['approval'] ?? '');
      return one(call, found && entityOf(found, call.now), { context, properties });
    },
  }),
  organisationOperation({
    method: 'POST',
    path: `${path}/:approval/agree`,
    roots: ['tweestap'],
    act: 'approve',
    does: 'Agrees: whoever asked may do it then, once, within a day of asking. Never one’s own.',
    body: noParameters,
    answers: { kind: 'nothing' },
    run: (call) => decide(call, true),
  }),
  organisationOperation({
    method: 'POST',
    path: `${path}/:approval/decline`,
    roots: ['tweestap'],
    act: 'approve',
    does: 'Declines.',
    body: noParameters,
    answers: { kind: 'nothing' },
    run: (call) => decide(call, false),
  }),
];

async function decide(call: Call, isAgreed: boolean): Promise<Answer | Refusal> {
  const { approval = '' } = call.params;
  const by = personOf(call);
  if ('refused' in by) return by;
  const { stores, approvals } = call.parts;
  if ((await stores.approvals.find(approval)) === undefined) return notFound(approval);
  const isDecided = await approvals.decide(approval, isAgreed, by);
  return isDecided
    ? { status: 204 }
    : refusal('badRequest', 'It was decided before, or nobody decided it in time.');
}

function personOf(call: Call) {
  return signedIn(
    call,
    'Two administrators agree with each other: somebody who is signed in asks, another one decides.',
  );
}

function entityOf(approval: Approval, now: Date): z.infer<typeof schema> {
  const { decision } = approval;
  return {
    id: approval.id,
    status: standingOfApproval(approval, now),
    act: approval.act,
    userId: approval.targetId === '' ? null : approval.targetId,
    role: approval.role ?? null,
    values: Object.fromEntries(
      Object.entries(approval.values).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value]],
      ),
    ),
    reason: approval.reason,
    askedBy: approval.askedBy,
    askedDateTime: approval.askedAt.toISOString(),
    expirationDateTime: approval.expiresAt.toISOString(),
    decidedBy: decision?.by ?? null,
    decidedDateTime: decision?.at.toISOString() ?? null,
  };
}

/** Owns `authentication/requirements`: whether a second step is asked of somebody (rows ). */
import * as z from 'zod';

import { sent, userOperation, type Operation, type UserCall } from '../operation.ts';
import { one } from '../listing.ts';
import { contextOf } from './method-kind.ts';

const perUserMfaState = z.enum(['disabled', 'enabled', 'enforced']);
const schema = z.object({ perUserMfaState });

export const requirementOperations: readonly Operation[] = [
  userOperation({
    method: 'GET',
    path: '/users/:user/authentication/requirements',
    roots: ['beta'],
    act: 'see',
    own: 'session',
    does: 'The multi-factor state of somebody.',
    answers: { kind: 'entity', schema },
    run: async (call) =>
      one(call, { perUserMfaState: call.user.perUserMfaState }, { context: contextFor(call) }),
  }),
  userOperation({
    method: 'PATCH',
    path: '/users/:user/authentication/requirements',
    roots: ['beta'],
    act: 'set-state',
    does: 'Moves the multi-factor state of somebody.',
    body: sent({ perUserMfaState }),
    answers: { kind: 'nothing' },
    run: async ({ parts, user, by }, { perUserMfaState: state }) => {
      await parts.administration.setState(user.id, state, by);
      return { status: 204 };
    },
  }),
];

function contextFor(call: UserCall): string {
  return contextOf(call, 'requirements');
}

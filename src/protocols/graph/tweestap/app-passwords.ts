/** Owns `appPasswords` of a person: that there are some, never what they are. */
import * as z from 'zod';

import type { AppPassword } from '../../../app-passwords/app-password.ts';
import { endOfAppPassword } from '../../../app-passwords/standing.ts';
import type { Policy } from '../../../policies/policy.ts';
import { shortListQuery } from '../authentication/method-kind.ts';
import { notFound } from '../faults.ts';
import { list, wholeList } from '../listing.ts';
import { userOperation, type Operation } from '../operation.ts';

const path = '/users/:user/appPasswords';

const schema = z.object({
  id: z.string(),
  displayName: z.string(),
  /** Null: any of them. */
  door: z.enum(['ldap', 'radius', 'http']).nullable(),
  createdDateTime: z.string(),
  expirationDateTime: z.string().nullable(),
  lastUsedDateTime: z.string().nullable(),
  lastUsedAddress: z.string().nullable(),
});

export const appPasswordOperations: readonly Operation[] = [
  userOperation({
    method: 'GET',
    path,
    roots: ['tweestap'],
    act: 'see',
    own: 'second-step',
    does: 'Lists the app passwords of somebody.',
    query: shortListQuery,
    answers: { kind: 'collection', schema },
    run: async (call) => {
      const { stores, policies } = call.parts;
      const policy = await policies.current();
      const made = await stores.appPasswords.list(call.user.id);
      return list(call, {
        context: `users('${call.user.id}')/appPasswords`,
        properties: Object.keys(schema.shape),
        ...wholeList(made.map((each) => entityOf(policy, each))),
      });
    },
  }),
  userOperation({
    method: 'DELETE',
    path: `${path}/:appPassword`,
    roots: ['tweestap'],
    act: 'delete-app-passwords',
    does: 'Deletes one app password of somebody.',
    answers: { kind: 'nothing' },
    run: async ({ parts, user, by, params }) => {
      const { appPassword = '' } = params;
      const isGone = await parts.administration.removeAppPassword(user.id, appPassword, by);
      return isGone ? { status: 204 } : notFound(appPassword);
    },
  }),
  userOperation({
    method: 'DELETE',
    path,
    roots: ['tweestap'],
    act: 'delete-app-passwords',
    does: 'Deletes all app passwords of somebody.',
    answers: { kind: 'nothing' },
    run: async ({ parts, user, by }) => {
      await parts.administration.removeAppPasswords(user.id, by);
      return { status: 204 };
    },
  }),
];

function entityOf(policy: Policy, made: AppPassword): z.infer<typeof schema> {
  return {
    id: made.id,
    displayName: made.name,
    door: made.door ?? null,
    createdDateTime: made.createdAt.toISOString(),
    expirationDateTime: endOfAppPassword(policy, made)?.toISOString() ?? null,
    lastUsedDateTime: made.lastUse?.at.toISOString() ?? null,
    lastUsedAddress: made.lastUse?.address ?? null,
  };
}

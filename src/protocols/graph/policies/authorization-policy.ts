/**
 * Owns `policies/authorizationPolicy`: of what Graph keeps there, whether people with a role may reset their
 * own password (row A-098).
 */
import * as z from 'zod';

import { one } from '../listing.ts';
import { organisationOperation, type Entity, type Operation } from '../operation.ts';
import { changePolicy, differing, unsettable } from './changing.ts';

const path = '/policies/authorizationPolicy';

const entity = z.object({
  id: z.literal('authorizationPolicy'),
  displayName: z.string(),
  description: z.string(),
  allowedToUseSSPR: z.boolean(),
});
const changedEntity = z.strictObject({
  ...entity.partial().shape,
  '@odata.type': z.string().max(100).exactOptional(),
  '@odata.context': z.string().max(500).exactOptional(),
});
const properties = Object.keys(entity.shape);
const about = {
  id: 'authorizationPolicy',
  displayName: 'Authorization Policy',
  description: 'What people may do by themselves.',
};

export const authorizationPolicyOperations: readonly Operation[] = [
  organisationOperation({
    method: 'GET',
    path,
    act: 'see-policy',
    does: 'Whether people with a role may reset their own password.',
    answers: { kind: 'entity', schema: entity },
    run: async (call) => {
      const { reset } = await call.parts.policies.current();
      const told: Entity = { ...about, allowedToUseSSPR: reset.forRoles };
      return one(call, told, { context: path.slice(1), properties });
    },
  }),
  organisationOperation({
    method: 'PATCH',
    path,
    act: 'change-policy',
    does: 'Says whether people with a role may reset their own password.',
    body: changedEntity,
    answers: { kind: 'nothing' },
    run: async (call, asked) => {
      const { '@odata.type': _type, '@odata.context': _context, ...rest } = asked;
      const { allowedToUseSSPR, ...others } = rest;
      await changePolicy(call, (policy) => {
        const fault = unsettable(Object.keys(differing(others, about)));
        if (fault !== undefined) return fault;
        const forRoles = allowedToUseSSPR ?? policy.reset.forRoles;
        return { ...policy, reset: { ...policy.reset, forRoles } };
      });
      return { status: 204 };
    },
  }),
];

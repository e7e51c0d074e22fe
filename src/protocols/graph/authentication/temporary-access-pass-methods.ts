/** Owns `temporaryAccessPassMethods`: one at most, whose value is told once, when it is made. */
import * as z from 'zod';

import { passMinutes } from '../../../methods/temporary-access-pass/code.ts';
import { temporaryAccessPass } from '../../../methods/temporary-access-pass/kind.ts';
import { passSecret } from '../../../methods/temporary-access-pass/secret.ts';
import { refusal } from '../faults.ts';
import { sent, userOperation, type Entity, type Operation } from '../operation.ts';
import {
  addressOf,
  contextOf,
  foundOf,
  methodShape,
  readingOperations,
  removingOperation,
  type MethodKind,
} from './method-kind.ts';

export const temporaryAccessPassMethods: MethodKind = {
  segment: 'temporaryAccessPassMethods',
  type: '#microsoft.graph.temporaryAccessPassAuthenticationMethod',
  called: 'Temporary Access Passes',
  schema: z.object({
    ...methodShape,
    temporaryAccessPass: z.string().nullable(),
    startDateTime: z.string(),
    lifetimeInMinutes: z.number(),
    isUsableOnce: z.boolean(),
    isUsable: z.boolean(),
    methodUsabilityReason: z.enum(['enabledByPolicy', 'oneTimeUsed']),
  }),
  entityOf: ({ id, kind, secret, createdAt }) => {
    if (kind !== temporaryAccessPass.id) return undefined;
    const { endsAt, once, usedAt } = passSecret.parse(secret);
    return {
      id,
      createdDateTime: createdAt.toISOString(),
      temporaryAccessPass: null,
      startDateTime: createdAt.toISOString(),
      lifetimeInMinutes: Math.round((endsAt - createdAt.getTime()) / 60_000),
      isUsableOnce: once,
      isUsable: usedAt === undefined,
      methodUsabilityReason: usedAt === undefined ? 'enabledByPolicy' : 'oneTimeUsed',
    };
  },
};

/** How far a client's clock may be ahead: a pass begins when it is made. */
const slackMs = 60_000;

export const temporaryAccessPassOperations: readonly Operation[] = [
  ...readingOperations(temporaryAccessPassMethods),
  userOperation({
    method: 'POST',
    path: '/users/:user/authentication/temporaryAccessPassMethods',
    act: 'issue-pass',
    does: 'Makes a Temporary Access Pass, which begins now; an earlier one ends.',
    body: sent({
      startDateTime: z.iso.datetime({ offset: true }).nullable().exactOptional(),
      lifetimeInMinutes: z
        .int()
        .min(passMinutes.shortest)
        .max(passMinutes.longest)
        .nullable()
        .exactOptional(),
      isUsableOnce: z.boolean().nullable().exactOptional(),
    }),
    status: 201,
    answers: { kind: 'entity', schema: temporaryAccessPassMethods.schema },
    run: async (call, { startDateTime, lifetimeInMinutes, isUsableOnce }) => {
      const { administration } = call.parts;
      if (typeof startDateTime === 'string') {
        const startsAt = Date.parse(startDateTime);
        if (startsAt > call.now.getTime() + slackMs) {
          return refusal('badRequest', 'startDateTime cannot be later: a pass begins now.');
        }
      }
      const rules = await administration.passRules(call.user);
      const minutes = lifetimeInMinutes ?? rules.minutes;
      if (!rules.isAllowed || minutes > rules.longestMinutes) {
        return refusal('badRequest', 'The policy does not allow this Temporary Access Pass.');
      }
      const { length } = rules;
      const once = isUsableOnce ?? rules.once;
      const asked = { length, minutes, once, forgets: false };
      const issued = await administration.issuePass(call.user.id, asked, call.by);
      const [found] = await foundOf(call, temporaryAccessPassMethods);
      const entity: Entity = { ...found?.entity, temporaryAccessPass: issued.plain };
      const { segment } = temporaryAccessPassMethods;
      return {
        status: 201,
        headers: { location: addressOf(call, segment, String(entity['id'])) },
        body: {
          '@odata.context': `${call.base}/$metadata#${contextOf(call, segment)}/$entity`,
          ...entity,
        },
      };
    },
  }),
  removingOperation(temporaryAccessPassMethods),
];

/** Owns `emailMethods`: the one address that somebody resets their password with. */
import * as z from 'zod';

import { emailSecret, maskAddress } from '../../../methods/email/address.ts';
import { email } from '../../../methods/email/kind.ts';
import { notFound } from '../faults.ts';
import { one } from '../listing.ts';
import { sent, userOperation, type Operation } from '../operation.ts';
import {
  addressOf,
  contextOf,
  methodShape,
  readingOperations,
  removingOperation,
  showsInFull,
  type MethodKind,
} from './method-kind.ts';
import { toldFault } from './provided.ts';

/** The same in every tenant of Graph. */
const fixedId = '3ddfcfc8-9383-446f-83cc-3ab9be4be18f';

export const emailMethods: MethodKind = {
  segment: 'emailMethods',
  type: '#microsoft.graph.emailAuthenticationMethod',
  called: 'e-mail addresses for resets',
  schema: z.object({ ...methodShape, emailAddress: z.string() }),
  entityOf: ({ kind, secret, createdAt }, call) => {
    if (kind !== email.id) return undefined;
    const parsed = emailSecret.parse(secret);
    return {
      id: fixedId,
      createdDateTime: createdAt.toISOString(),
      emailAddress: showsInFull(call) ? parsed.address : maskAddress(parsed),
    };
  },
};

const body = sent({ emailAddress: z.string().min(1).max(300) });

export const emailMethodOperations: readonly Operation[] = [
  ...readingOperations(emailMethods),
  userOperation({
    method: 'POST',
    path: '/users/:user/authentication/emailMethods',
    act: 'set-phone',
    does: 'Registers an address for resets, where there is none yet.',
    body,
    status: 201,
    answers: { kind: 'entity', schema: emailMethods.schema },
    run: async (call, { emailAddress }) => {
      const { providing } = call.parts;
      const added = await providing.addEmail(call.user.id, emailAddress, call.by);
      if (added.kind === 'refused') return toldFault(call, added.reason);
      return one(call, emailMethods.entityOf(added.registration, call), {
        context: contextOf(call, 'emailMethods'),
        status: 201,
        headers: { location: addressOf(call, 'emailMethods', fixedId) },
      });
    },
  }),
  userOperation({
    method: 'PATCH',
    path: '/users/:user/authentication/emailMethods/:method',
    act: 'set-phone',
    does: 'Changes the address for resets.',
    body,
    answers: { kind: 'nothing' },
    run: async (call, { emailAddress }) => {
      const { method = '' } = call.params;
      if (method !== fixedId) return notFound(method);
      const { providing } = call.parts;
      const changed = await providing.changeEmail(call.user.id, emailAddress, call.by);
      return changed.kind === 'registered' ? { status: 204 } : toldFault(call, changed.reason);
    },
  }),
  removingOperation(emailMethods),
];

/**
 * Owns `passwordMethods` and the setting of somebody's password. It is done at once; the operation that
 * Graph answers with has succeeded by then, and says so for an hour to whoever has its address.
 */
import * as z from 'zod';

import { notFound, refusal, type Refusal } from '../faults.ts';
import { list, one, wholeList } from '../listing.ts';
import {
  ownOperation,
  sent,
  userOperation,
  type Answer,
  type Entity,
  type Operation,
  type OwnCall,
  type UserCall,
} from '../operation.ts';
import { addressOf, contextOf, methodShape, shortListQuery } from './method-kind.ts';

/** The same in every tenant of Graph. */
const fixedId = '28c10230-6103-485e-b985-444c60001490';
const segment = 'passwordMethods';

export const passwordType = '#microsoft.graph.passwordAuthenticationMethod';

const schema = z.object({ ...methodShape, password: z.null() });

/** The password as a method: that there is one, and nothing else. */
export function passwordsOf({ user }: UserCall): readonly Entity[] {
  if (user.passwordHash === undefined && user.upstream === undefined) return [];
  return [{ id: fixedId, createdDateTime: user.createdAt.toISOString(), password: null }];
}

const anyPassword = z.string().max(2_000);
const newPassword = sent({ newPassword: anyPassword.exactOptional() });
const resetAnswer = z.object({ newPassword: z.string().optional() });

const operationEntity = z.object({
  id: z.string(),
  status: z.literal('succeeded'),
  statusDetail: z.string().nullable(),
  createdDateTime: z.string(),
  lastActionDateTime: z.string(),
  resourceLocation: z.string(),
});

export const passwordMethodOperations: readonly Operation[] = [
  userOperation({
    method: 'GET',
    path: '/users/:user/authentication/passwordMethods',
    act: 'see',
    own: 'second-step',
    does: 'Tells whether somebody has a password.',
    query: shortListQuery,
    answers: { kind: 'collection', schema },
    run: async (call) =>
      list(call, {
        context: contextOf(call, segment),
        properties: Object.keys(schema.shape),
        ...wholeList(passwordsOf(call)),
      }),
  }),
  userOperation({
    method: 'GET',
    path: '/users/:user/authentication/passwordMethods/:method',
    act: 'see',
    own: 'second-step',
    does: 'The password of somebody: that there is one.',
    answers: { kind: 'entity', schema },
    run: async (call) =>
      one(
        call,
        passwordsOf(call).find(({ id }) => id === call.params['method']),
        { context: contextOf(call, segment), properties: Object.keys(schema.shape) },
      ),
  }),
  ...['methods', segment].map((place) =>
    userOperation({
      method: 'POST',
      path: `/users/:user/authentication/${place}/:method/resetPassword`,
      act: 'set-password',
      does: 'Sets a password that its owner changes at the next sign-in; one is made where none is given.',
      body: newPassword,
      status: 202,
      answers: { kind: 'value', schema: resetAnswer },
      run: resetPassword,
    }),
  ),
  userOperation({
    method: 'GET',
    path: '/users/:user/authentication/operations/:operation',
    act: 'set-password',
    does: 'What came of setting a password.',
    answers: { kind: 'entity', schema: operationEntity },
    run: async (call) => one(call, operationOf(call), { context: contextOf(call, 'operations') }),
  }),
  ownOperation({
    method: 'POST',
    path: '/me/changePassword',
    own: 'second-step',
    does: 'Changes one’s own password. Everything that is open ends with it, also the session of this token.',
    body: sent({ currentPassword: anyPassword, newPassword: anyPassword }),
    answers: { kind: 'nothing' },
    run: changeOwn,
  }),
];

const directoryDown = 'The directory that keeps the password does not answer. Try again later.';

async function changeOwn(
  { by, parts }: OwnCall,
  {
    currentPassword,
    newPassword: wanted,
  }: Readonly<Record<'currentPassword' | 'newPassword', string>>,
): Promise<Answer | Refusal> {
  const { organisation } = await parts.policies.current();
  const { current, address } = by;
  const visitor = {
    address,
    locale: current.user.preferredLanguage ?? organisation.defaultLanguage,
  };
  const typed = { current: currentPassword, wanted };
  const changed = await parts.ownPassword.changeThrough(current, typed, visitor);
  switch (changed.kind) {
    case 'changed':
      return { status: 204 };
    case 'wrong-current':
      return refusal('badRequest', 'The current password is not the right one.');
    case 'unavailable':
      return refusal('ServiceUnavailable', directoryDown);
    case 'refused':
      if (changed.reason === 'directory-unavailable')
        return refusal('ServiceUnavailable', directoryDown);
      if (changed.reason === 'directory-keeps')
        return refusal('badRequest', 'The directory of the organisation keeps this password.');
      return refusal(
        'badRequest',
        `The new password does not meet what is asked of one: ${changed.reason}.`,
      );
    case 'paused': {
      const seconds = Math.ceil((changed.until.getTime() - parts.clock.now().getTime()) / 1000);
      return refusal('TooManyRequests', 'Too many wrong passwords were sent.', {
        'retry-after': String(Math.max(1, seconds)),
      });
    }
  }
}

async function resetPassword(
  call: UserCall,
  asked: z.infer<typeof newPassword>,
): Promise<Answer | Refusal> {
  const { method = '' } = call.params;
  if (method !== fixedId) return notFound(method);
  const { administration } = call.parts;
  const password = asked.newPassword ?? administration.generatePassword();
  const fault = await administration.setPassword(call.user.id, password, {
    temporary: true,
    by: call.by,
  });
  if (fault !== undefined) {
    return refusal('badRequest', `The new password does not meet what is asked of one: ${fault}.`);
  }
  const location = addressOf(call, 'operations', operationId(call));
  const headers = { location };
  if (asked.newPassword !== undefined) return { status: 202, headers };
  return {
    status: 202,
    headers,
    body: {
      '@odata.context': `${call.base}/$metadata#microsoft.graph.passwordResetResponse`,
      newPassword: password,
    },
  };
}

const operationLivesMs = 60 * 60_000;

/** Sealed for the account it is about, so that nothing has to be kept. */
function operationId({ parts, user, now }: UserCall): string {
  return parts.box.seal(now.toISOString(), sealContext(user.id)).toString('base64url');
}

function operationOf(call: UserCall): Entity | undefined {
  const { operation = '' } = call.params;
  if (!/^[\w-]{20,300}$/.test(operation)) return undefined;
  try {
    const sealed = Buffer.from(operation, 'base64url');
    const at = call.parts.box.open(sealed, sealContext(call.user.id)).toString();
    if (Date.parse(at) + operationLivesMs < call.now.getTime()) return undefined;
    return {
      id: operation,
      status: 'succeeded',
      statusDetail: null,
      createdDateTime: at,
      lastActionDateTime: at,
      resourceLocation: addressOf(call, segment, fixedId),
    };
  } catch {
    return undefined;
  }
}

function sealContext(userId: string): readonly string[] {
  return ['graph', 'operation', 'resetPassword', userId];
}

/** Owns `authentication/methods`: everything that somebody has, of all kinds together. */
import * as z from 'zod';

import { list, one, wholeList } from '../listing.ts';
import { userOperation, type Entity, type Operation, type UserCall } from '../operation.ts';
import { microsoftAuthenticatorMethods, softwareOathMethods } from './authenticator-methods.ts';
import { hardwareOathMethods } from './hardware-oath-methods.ts';
import { emailMethods } from './email-methods.ts';
import { fido2Methods } from './fido2-methods.ts';
import {
  contextOf,
  foundAmong,
  methodShape,
  shortListQuery,
  type MethodKind,
} from './method-kind.ts';
import { passwordsOf, passwordType } from './password-methods.ts';
import { phoneMethods } from './phone-methods.ts';
import { temporaryAccessPassMethods } from './temporary-access-pass-methods.ts';

/** Every kind that is drawn from registrations. */
const kinds: readonly MethodKind[] = [
  phoneMethods,
  emailMethods,
  fido2Methods,
  microsoftAuthenticatorMethods,
  softwareOathMethods,
  hardwareOathMethods,
  temporaryAccessPassMethods,
];

/** Each with its type, and the properties of that. */
const schema = z.looseObject({ '@odata.type': z.string(), ...methodShape });
const properties = [
  ...new Set([
    'id',
    'createdDateTime',
    'password',
    ...kinds.flatMap((kind) => Object.keys(kind.schema.shape)),
  ]),
];

export const methodOperations: readonly Operation[] = [
  userOperation({
    method: 'GET',
    path: '/users/:user/authentication/methods',
    act: 'see',
    own: 'second-step',
    does: 'Lists everything that somebody has to prove themselves with.',
    query: shortListQuery,
    answers: { kind: 'collection', schema },
    run: async (call) =>
      list(call, {
        context: contextOf(call, 'methods'),
        properties,
        ...wholeList(await methodsOf(call)),
      }),
  }),
  userOperation({
    method: 'GET',
    path: '/users/:user/authentication/methods/:method',
    act: 'see',
    own: 'second-step',
    does: 'One thing that somebody has to prove themselves with.',
    answers: { kind: 'entity', schema },
    run: async (call) =>
      one(
        call,
        (await methodsOf(call)).find(({ id }) => id === call.params['method']),
        { context: contextOf(call, 'methods'), properties },
      ),
  }),
];

/**
 * Kinds that Graph has and nobody here can have: a client that looks at each of them learns that there is
 * nothing, as it would of anybody who has none.
 */
const strangers = [
  'windowsHelloForBusinessMethods',
  'platformCredentialMethods',
  'externalAuthenticationMethods',
] as const;

export const strangeMethodOperations: readonly Operation[] = strangers.map((segment) =>
  userOperation({
    method: 'GET',
    path: `/users/:user/authentication/${segment}`,
    act: 'see',
    own: 'second-step',
    does: 'Lists nothing: nobody has these here.',
    query: shortListQuery,
    answers: { kind: 'collection', schema: z.object(methodShape) },
    run: async (call) =>
      list(call, {
        context: contextOf(call, segment),
        properties: Object.keys(methodShape),
        ...wholeList([]),
      }),
  }),
);

async function methodsOf(call: UserCall): Promise<readonly Entity[]> {
  const registrations = await call.parts.stores.registrations.list(call.user.id);
  return [
    ...passwordsOf(call).map((entity) => ({ '@odata.type': passwordType, ...entity })),
    ...kinds.flatMap((kind) =>
      foundAmong(call, kind, registrations).map(({ entity }) => ({
        '@odata.type': kind.type,
        ...entity,
      })),
    ),
  ];
}

/**
 * Owns `fido2Methods`: security keys and passkeys. Those in charge can prepare one for somebody: they ask
 * for creation options, let the key answer, and bring what it said.
 */
import * as z from 'zod';

import { securityKeyKind } from '../../../methods/security-key/kind.ts';
import { created } from '../../../methods/security-key/response.ts';
import { keySecret } from '../../../methods/security-key/secret.ts';
import { one } from '../listing.ts';
import { sent, userOperation, type Operation } from '../operation.ts';
import {
  addressOf,
  contextOf,
  methodShape,
  readingOperations,
  removingOperation,
  type MethodKind,
} from './method-kind.ts';
import { toldFault } from './provided.ts';

export const fido2Methods: MethodKind = {
  segment: 'fido2Methods',
  type: '#microsoft.graph.fido2AuthenticationMethod',
  called: 'security keys and passkeys',
  schema: z.object({
    ...methodShape,
    displayName: z.string(),
    aaGuid: z.string(),
    model: z.string().nullable(),
    attestationCertificates: z.array(z.string()),
    attestationLevel: z.literal('notAttested'),
    passkeyType: z.enum(['deviceBound', 'synced']),
  }),
  entityOf: ({ id, kind, secret, createdAt }) => {
    if (kind !== securityKeyKind.id) return undefined;
    const { name, credential } = keySecret.parse(secret);
    if (credential === undefined) return undefined;
    return {
      id,
      createdDateTime: createdAt.toISOString(),
      displayName: name,
      aaGuid: credential.aaguid,
      // What a key says of its own model is not attested, so nobody is told it as if it were known.
      model: null,
      attestationCertificates: [],
      attestationLevel: 'notAttested',
      passkeyType: credential.isBackupEligible ? 'synced' : 'deviceBound',
    };
  },
};

const bytes = z.string().max(20_000);

const newKey = sent({
  displayName: z.string().min(1).max(40),
  publicKeyCredential: z.strictObject({
    id: z.string().max(2_000),
    response: z.strictObject({
      clientDataJSON: bytes,
      attestationObject: bytes,
      transports: z.array(z.string().max(32)).max(10).exactOptional(),
    }),
    clientExtensionResults: z.record(z.string(), z.unknown()).exactOptional(),
  }),
});

const optionsEntity = z.object({
  challengeTimeoutDateTime: z.string(),
  publicKey: z.looseObject({ challenge: z.string() }),
});

export const fido2MethodOperations: readonly Operation[] = [
  userOperation({
    method: 'GET',
    path: '/users/:user/authentication/fido2Methods/creationOptions',
    act: 'set-phone',
    does: 'What a security key is asked on behalf of somebody; good for five minutes, for whoever asked.',
    query: [],
    answers: { kind: 'entity', schema: optionsEntity },
    run: async (call) => {
      const question = await call.parts.providing.askKey(call.user.id, call.by);
      if (question === undefined) return toldFault(call, 'not-allowed');
      return {
        status: 200,
        body: {
          '@odata.context': `${call.base}/$metadata#microsoft.graph.webauthnCredentialCreationOptions`,
          challengeTimeoutDateTime: question.endsAt.toISOString(),
          publicKey: { ...question.options, extensions: {} },
        },
      };
    },
  }),
  userOperation({
    method: 'POST',
    path: '/users/:user/authentication/fido2Methods',
    act: 'set-phone',
    does: 'Registers the security key that answered the creation options.',
    body: newKey,
    status: 201,
    answers: { kind: 'entity', schema: fido2Methods.schema },
    run: async (call, { displayName: name, publicKeyCredential }) => {
      const { id, response } = publicKeyCredential;
      const credential = created.safeParse({ id, rawId: id, type: 'public-key', response });
      if (!credential.success) return toldFault(call, 'not-accepted');
      const answered = { name, credential: credential.data };
      const added = await call.parts.providing.addKey(call.user.id, answered, call.by);
      if (added.kind === 'refused') return toldFault(call, added.reason);
      return one(call, fido2Methods.entityOf(added.registration, call), {
        context: contextOf(call, 'fido2Methods'),
        status: 201,
        headers: { location: addressOf(call, 'fido2Methods', added.registration.id) },
      });
    },
  }),
  ...readingOperations(fido2Methods),
  removingOperation(fido2Methods),
];

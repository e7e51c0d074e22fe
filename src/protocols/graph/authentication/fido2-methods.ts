/** Owns `fido2Methods`: security keys and passkeys. */
import * as z from 'zod';

import { securityKeyKind } from '../../../methods/security-key/kind.ts';
import { keySecret } from '../../../methods/security-key/secret.ts';
import type { Operation } from '../operation.ts';
import {
  methodShape,
  readingOperations,
  removingOperation,
  type MethodKind,
} from './method-kind.ts';

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

export const fido2MethodOperations: readonly Operation[] = [
  ...readingOperations(fido2Methods),
  removingOperation(fido2Methods),
];

/** Owns what one challenge remembers: what the browser was asked, word for word. */
import { z } from 'zod';

import { base64url, credentialId } from './secret.ts';

const descriptor = z.strictObject({
  type: z.literal('public-key'),
  id: credentialId,
  transports: z.array(z.string()).exactOptional(),
});

/** `PublicKeyCredentialCreationOptionsJSON` (WebAuthn §5.1.8). */
export const creationOptions = z.strictObject({
  challenge: base64url(86),
  rp: z.strictObject({ id: z.string(), name: z.string() }),
  user: z.strictObject({ id: base64url(86), name: z.string(), displayName: z.string() }),
  pubKeyCredParams: z.array(z.strictObject({ type: z.literal('public-key'), alg: z.int() })),
  excludeCredentials: z.array(descriptor),
  authenticatorSelection: z.strictObject({
    residentKey: z.literal('preferred'),
    userVerification: z.literal('required'),
  }),
  attestation: z.literal('none'),
  timeout: z.int(),
});
export type CreationOptions = z.infer<typeof creationOptions>;

/** `PublicKeyCredentialRequestOptionsJSON` (WebAuthn §5.1.8). */
export const requestOptions = z.strictObject({
  challenge: base64url(86),
  rpId: z.string(),
  allowCredentials: z.array(descriptor),
  userVerification: z.literal('required'),
  timeout: z.int(),
});
export type RequestOptions = z.infer<typeof requestOptions>;

/** What is remembered; the challenge's bytes are never shown again after an answer. */
export const state = z.discriminatedUnion('ceremony', [
  z.strictObject({
    ceremony: z.literal('create'),
    options: creationOptions,
    /** Milliseconds since 1970. */
    expiresAt: z.int(),
  }),
  z.strictObject({
    ceremony: z.literal('get'),
    options: requestOptions,
    expiresAt: z.int(),
  }),
]);
export type State = z.infer<typeof state>;

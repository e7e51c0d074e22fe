/** Owns reading what a browser sends: the JSON of a credential, and the client data within it. */
import { z } from 'zod';

import { base64url, credentialId } from './secret.ts';

/** Longer than any honest answer without attestation, and short enough to parse at leisure. */
const longest = 16_384;
const bytes = base64url(longest);

/** `AuthenticationResponseJSON` (WebAuthn §5.1.8), as far as it is looked at. */
const signed = z.object({
  id: credentialId,
  rawId: credentialId,
  type: z.literal('public-key'),
  response: z.object({
    clientDataJSON: bytes,
    authenticatorData: bytes,
    signature: bytes,
    // Safari before 17.4 says "" where there is none (WebKit bug 239737).
    userHandle: z
      .literal('')
      .transform(() => null)
      .or(base64url(86))
      .nullish(),
  }),
});
export type Signed = z.infer<typeof signed>;

/** `RegistrationResponseJSON` (WebAuthn §5.1.8), as far as it is looked at. */
export const created = z.object({
  id: credentialId,
  rawId: credentialId,
  type: z.literal('public-key'),
  response: z.object({
    clientDataJSON: bytes,
    attestationObject: bytes,
    transports: z.array(z.string()).catch([]).default([]),
  }),
});
export type Created = z.infer<typeof created>;

export type Response =
  | { readonly ceremony: 'get'; readonly credential: Signed }
  | { readonly ceremony: 'create'; readonly credential: Created };

/** The hidden field: JSON of the one or the other. */
export const answer = z
  .string()
  .max(longest)
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: 'custom', message: 'no JSON' });
      return z.NEVER;
    }
  })
  .pipe(
    z.union([
      signed.transform((credential): Response => ({ ceremony: 'get', credential })),
      created.transform((credential): Response => ({ ceremony: 'create', credential })),
    ]),
  );

const clientData = z.object({
  type: z.string(),
  challenge: z.string(),
  origin: z.string(),
  crossOrigin: z.boolean().optional(),
  topOrigin: z.string().optional(),
});

/**
 * Whether the browser answered this very question, on a page of ours that stands in no frame of
 * anybody else (WebAuthn §7.1 steps 7–11, §7.2 steps 10–14). The library lets a frame pass.
 */
export function isAnswerTo(
  { ceremony, credential }: Response,
  question: { readonly challenge: string; readonly origin: string },
): boolean {
  const read = clientData.safeParse(parsed(credential.response.clientDataJSON));
  return (
    read.success &&
    read.data.type === `webauthn.${ceremony}` &&
    read.data.challenge === question.challenge &&
    read.data.origin === question.origin &&
    read.data.crossOrigin !== true &&
    read.data.topOrigin === undefined
  );
}

function parsed(base64: string): unknown {
  try {
    return JSON.parse(Buffer.from(base64, 'base64url').toString());
  } catch {
    return undefined;
  }
}

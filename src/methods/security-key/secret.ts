/** Owns what is kept of a security key. None of it is secret to its owner's browser. */
import { z } from 'zod';

/** Bytes in base64url, at most so many characters of it. */
export function base64url(longest: number): z.ZodString {
  return z
    .string()
    .regex(/^[\w-]+$/)
    .max(longest);
}

/** A credential id has at most 1,023 bytes (WebAuthn §4). */
export const credentialId = base64url(1364);

/** One credential record (WebAuthn §4, "credential record"). */
export const credential = z.strictObject({
  id: credentialId,
  /** COSE_Key, base64url. */
  publicKey: base64url(4096),
  /** The newest signature counter; 0 for keys that do not count. */
  counter: z.int().min(0),
  /** How the browser may reach it: a hint, nothing more. */
  transports: z.array(z.string().max(32)).max(10),
  /** The model, as it names itself: unattested, so it decides nothing. */
  aaguid: z.string().max(36),
  /** Synced passkeys may leave the device; this never changes for one credential. */
  isBackupEligible: z.boolean(),
  isBackedUp: z.boolean(),
});
export type Credential = z.infer<typeof credential>;

/** What is kept of a security key; a draft has no credential yet. */
export const keySecret = z.strictObject({
  /** As its owner calls it. */
  name: z.string().min(1).max(40),
  credential: credential.exactOptional(),
});
export type KeySecret = z.infer<typeof keySecret>;

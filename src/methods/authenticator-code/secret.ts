import { z } from 'zod';

/** No code was accepted yet. */
export const noStep = -1;

/** A clock further off than this many steps is not followed: such a token is set anew. */
export const furthestDrift = 2;

/** What is kept of an authenticator app or a token. What is absent is what every app does. */
export const appSecret = z.strictObject({
  /** The shared key, base32 (RFC 4648) without padding. */
  key: z.string().regex(/^[A-Z2-7]{16,128}$/),
  digits: z.literal([6, 8]).default(6),
  /** Seconds. */
  period: z.literal([30, 60]).default(30),
  algorithm: z.enum(['sha1', 'sha256', 'sha512']).default('sha1'),
  /** The newest time step whose code was accepted. Only later ones are (RFC 6238 §5.2). */
  acceptedStep: z.int().min(noStep).default(noStep),
  /** How many steps its clock is ahead of ours, as good codes showed (RFC 6238 §6). */
  drift: z.int().min(-furthestDrift).max(furthestDrift).default(0),
});
export type AppSecret = z.infer<typeof appSecret>;

import { z } from 'zod';

/** What one challenge by text remembers. */
export const state = z.strictObject({
  /** Keyed hash of the code, base64url. */
  codeHash: z.string().min(1),
  /** The two digits on the page; absent where replies are switched off. */
  replyDigits: z
    .string()
    .regex(/^\d{2}$/)
    .exactOptional(),
  /** Milliseconds since 1970. */
  expiresAt: z.int(),
});
export type State = z.infer<typeof state>;

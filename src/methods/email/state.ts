import { z } from 'zod';

/** What one challenge by e-mail remembers. */
export const state = z.strictObject({
  /** Keyed hash of the code, base64url. */
  codeHash: z.string().min(1),
  /** Milliseconds since 1970. */
  expiresAt: z.int(),
});
export type State = z.infer<typeof state>;

import { z } from 'zod';

/** What one challenge remembers: which questions it asks. */
export const state = z.strictObject({
  asked: z.array(z.string().min(1)).max(5),
  /** Milliseconds since 1970. */
  expiresAt: z.int(),
});
export type State = z.infer<typeof state>;

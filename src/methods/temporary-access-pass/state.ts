import { z } from 'zod';

/** What one challenge remembers: nothing but its end, for the pass was told by somebody in charge. */
export const state = z.strictObject({
  /** Milliseconds since 1970. */
  expiresAt: z.int(),
});
export type State = z.infer<typeof state>;

import { z } from 'zod';

/** What one challenge remembers: its end, for the code stands on paper. */
export const state = z.strictObject({
  /** Milliseconds since 1970. */
  expiresAt: z.int(),
  /** New codes were sent on without the box that says they are kept. */
  unticked: z.literal(true).exactOptional(),
});
export type State = z.infer<typeof state>;

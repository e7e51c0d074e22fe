import { z } from 'zod';

/** What one challenge by notification remembers. */
export const state = z.strictObject({
  /** The two digits on the page. They never travel to the phone (attack ATK-27). */
  number: z.string().regex(/^\d{2}$/),
  /** Milliseconds since 1970. */
  startedAt: z.int(),
  /** Milliseconds since 1970. */
  expiresAt: z.int(),
});
export type State = z.infer<typeof state>;

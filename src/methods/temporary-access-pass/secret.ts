import { z } from 'zod';

/** What is kept of a pass: argon2id of it, until when it is good, and whether it was used. */
export const passSecret = z.strictObject({
  hash: z.string().min(1),
  /** Milliseconds since 1970. */
  endsAt: z.int(),
  once: z.boolean(),
  /** Present once it was used, where it is good once. */
  usedAt: z.int().optional(),
});
export type PassSecret = z.infer<typeof passSecret>;

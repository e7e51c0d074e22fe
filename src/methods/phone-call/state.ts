import { z } from 'zod';

/** What one challenge by call remembers. */
export const state = z.strictObject({
  /** The two digits on the page; absent where # alone confirms. */
  digits: z
    .string()
    .regex(/^\d{2}$/)
    .exactOptional(),
  /** Whether somebody, or something, has picked up. */
  answered: z.boolean(),
  /** Keys that came before the instruction had been spoken: a person's slip, or a machine's tones. */
  earlyKeys: z.int().min(0),
  /** Milliseconds since 1970. */
  startedAt: z.int(),
  /** Milliseconds since 1970. */
  expiresAt: z.int(),
});
export type State = z.infer<typeof state>;

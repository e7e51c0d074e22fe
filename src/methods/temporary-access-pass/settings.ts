import { z } from 'zod';

import { passLengths, passMinutes } from './code.ts';

/** What the organisation decides of passes. */
export const settings = z.strictObject({
  minutes: z
    .int()
    .min(passMinutes.shortest)
    .max(passMinutes.longest)
    .default(60)
    .describe('How long a pass is good unless told, in minutes.'),
  longestMinutes: z
    .int()
    .min(passMinutes.shortest)
    .max(passMinutes.longest)
    .default(passMinutes.longest)
    .describe('The longest that one may be made for, in minutes.'),
  length: z
    .int()
    .min(passLengths.shortest)
    .max(passLengths.longest)
    .default(passLengths.shortest)
    .describe('How many characters it has unless told.'),
  once: z.boolean().default(true).describe('Whether it is good for one sign-in unless told.'),
});
export type Settings = z.infer<typeof settings>;

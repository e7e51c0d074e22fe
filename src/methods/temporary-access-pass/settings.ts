import { z } from 'zod';

import { passLengths } from './code.ts';

const shortestMinutes = 10;
const thirtyDays = 30 * 24 * 60;

/** What the organisation decides of passes. */
export const settings = z.strictObject({
  minutes: z
    .int()
    .min(shortestMinutes)
    .max(thirtyDays)
    .default(60)
    .describe('How long a pass is good unless told, in minutes.'),
  longestMinutes: z
    .int()
    .min(shortestMinutes)
    .max(thirtyDays)
    .default(thirtyDays)
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

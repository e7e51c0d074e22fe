import { z } from 'zod';

/** Nothing to set: ten codes, as long as they have to be. */
export const settings = z.strictObject({});
export type Settings = z.infer<typeof settings>;

/** Owns what the list may say of what was just done: a fixed choice, so that no address brings its own words. */
import { z } from 'zod';

export const doneKinds = [
  'added',
  'changed',
  'deleted',
  'deleted-default',
  'default',
  'last',
  'gone',
  'full',
] as const;

/** What was just done, or could not be. */
export type Done = (typeof doneKinds)[number];

/** Anything else behind the question mark says nothing. */
export const doneQuery = z.object({ done: z.enum(doneKinds).optional().catch(undefined) });

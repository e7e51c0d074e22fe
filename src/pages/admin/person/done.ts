/** Owns what the page of a person may say of what was just done: a fixed choice, so that no address brings its own words. */
import { z } from 'zod';

const doneKinds = [
  'contact',
  'rename',
  'nothing',
  'state',
  'role',
  'phone',
  'groups',
  'block',
  'unblock',
  're-register',
  'revoke-sessions',
  'delete-app-passwords',
  'switch-off',
  'switch-on',
  'method',
] as const;

/** What was just done. */
export type Done = (typeof doneKinds)[number];

/** Anything else behind the question mark says nothing. */
export const doneQuery = z.object({ done: z.enum(doneKinds).optional().catch(undefined) });

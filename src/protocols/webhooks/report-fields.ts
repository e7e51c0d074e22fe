/** Owns how the fields of a report, and of the address that it comes to, are read. */
import { z } from 'zod';

import { TweestapError } from '../../errors/errors.ts';

/** The id of the message that an address of ours is about. */
export const itsMessage = z.object({ id: z.string().regex(/^[\w-]{8,100}$/) });

/**
 * Providers add fields as they like: those that we know must be right. Like `form` of `http/`, for what had
 * to be proved first; `part` is where it stands.
 *
 * @throws `REQUEST_MALFORMED` with the names of the fields that are wrong, and none of their values
 */
export function readPart<parsed>(schema: z.ZodType<parsed>, value: unknown, part: string): parsed {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const fields = result.error.issues.map((issue) => issue.path.join('.')).join(' ');
  throw new TweestapError('REQUEST_MALFORMED', { details: { part, fields } });
}

/** Owns parsing at the door: what came in becomes a type, or the request is malformed. */
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';

import { TweestapError } from '../errors/errors.ts';

/**
 * The fields of a posted form (or the body of a system's request). Throws `REQUEST_MALFORMED` where
 * they do not fit: that is for requests which no page of ours sends. What a person can get wrong is
 * a `z.string()` here and is judged by the page. The CSRF token is gone from the fields already.
 */
export function form<parsed>(request: FastifyRequest, schema: z.ZodType<parsed>): parsed {
  return parse('body', schema, request.body ?? {});
}

/** The names of a language behind the question mark: ours, and those of Entra (row E-112). */
const languageFields: ReadonlySet<string> = new Set(['lang', 'lng', 'mkt']);

/** The fields behind the question mark; the language is taken out, every page has it. */
export function query<parsed>(request: FastifyRequest, schema: z.ZodType<parsed>): parsed {
  const { query: fields } = request;
  const own =
    typeof fields === 'object' && fields !== null
      ? Object.fromEntries(Object.entries(fields).filter(([name]) => !languageFields.has(name)))
      : {};
  return parse('query', schema, own);
}

/** The variable parts of the path. Throws `NOT_FOUND` where they do not fit. */
export function params<parsed>(request: FastifyRequest, schema: z.ZodType<parsed>): parsed {
  const result = schema.safeParse(request.params);
  if (result.success) return result.data;
  throw new TweestapError('NOT_FOUND');
}

function parse<parsed>(part: string, schema: z.ZodType<parsed>, value: unknown): parsed {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  // The names of the fields that do not fit; never what they held.
  const fields = result.error.issues.map((issue) => issue.path.join('.')).join(' ');
  throw new TweestapError('REQUEST_MALFORMED', { details: { part, fields } });
}

/**
 * Owns the bytes of a report as they were sent: whoever signs, signs those. Nobody reads anything in them
 * before they are proved.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';

import { TweestapError } from '../../errors/errors.ts';
import { systemDoor } from '../../http/door.ts';

/** What reports may be written in. */
export const reportTypes = {
  json: /^application\/json\b/,
  form: 'application/x-www-form-urlencoded',
} as const;

/** Reports are small, and the longest text is a part of one; more is not read. */
const longestReport = 32 * 1024;

/**
 * Makes a scope whose bodies of these types arrive as the bytes that were sent. Call it first in a plugin
 * of its own. Foreign origins are no matter here: the report proves itself, and no cookie is looked at.
 */
export function rawDoor(app: FastifyInstance, types: readonly (keyof typeof reportTypes)[]): void {
  systemDoor(app, { body: 'json', origins: 'any' });
  app.removeAllContentTypeParsers();
  for (const type of types) {
    app.addContentTypeParser(
      reportTypes[type],
      { parseAs: 'buffer', bodyLimit: longestReport },
      (_request, body, done) => {
        done(null, body);
      },
    );
  }
}

/** The bytes; none where there was no body. */
export function bytesOf({ body }: FastifyRequest): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}

/** Bytes that are proved, as JSON. Throws `REQUEST_MALFORMED` where they are none. */
export function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw new TweestapError('REQUEST_MALFORMED', { cause, details: { part: 'body' } });
  }
}

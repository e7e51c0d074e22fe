/**
 * Owns the judgement whether a report comes from Vonage (attack ATK-45): a token signed with our
 * account's secret, recent, over exactly this body. Where it comes from on the network proves nothing.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';

import { reportFault, type ReportTrust } from '../../delivery/providers/vonage/jwt.ts';
import { TweestapError } from '../../errors/errors.ts';
import { systemDoor } from '../../http/door.ts';

/** Reports are small; more is not read. */
const longestReport = 32 * 1024;

/**
 * Makes a scope whose bodies arrive as the bytes that were sent. Call it first in a plugin of its own.
 * Foreign origins are no matter here: the signature is the proof, and no cookie is looked at.
 */
export function vonageDoor(app: FastifyInstance): void {
  systemDoor(app, { body: 'json', origins: 'any' });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    /^application\/json\b/,
    { parseAs: 'buffer', bodyLimit: longestReport },
    (_request, body, done) => {
      done(null, body);
    },
  );
}

/**
 * The report's JSON, once its token holds. Throws `NOT_SIGNED_IN` (401) where it carries none,
 * `NOT_ALLOWED` (403) where it is wrong, too old or of another body, `REQUEST_MALFORMED` where a
 * signed body is no JSON.
 */
export function readVonage({ body, headers }: FastifyRequest, trust: ReportTrust): unknown {
  const [, token = ''] = /^Bearer (\S+)$/.exec(headers.authorization ?? '') ?? [];
  if (token === '') throw new TweestapError('NOT_SIGNED_IN', { details: { part: 'signature' } });
  const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
  const fault = reportFault(token, bytes, trust);
  if (fault !== undefined) throw new TweestapError('NOT_ALLOWED', { details: { part: fault } });
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw new TweestapError('REQUEST_MALFORMED', { cause, details: { part: 'body' } });
  }
}

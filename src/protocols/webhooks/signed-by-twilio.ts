/**
 * Owns the judgement whether a report comes from Twilio (attack ATK-45): signed over our exact public
 * address and every field. Where it comes from on the network proves nothing.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';

import { isSignedByTwilio, signatureHeader } from '../../delivery/providers/twilio/signature.ts';
import { TweestapError } from '../../errors/errors.ts';
import { systemDoor } from '../../http/door.ts';
import { parseFields, type Fields } from '../../http/form-encoding.ts';

/** Reports are small; a text is at most 1,600 letters. More is not read. */
const longestReport = 32 * 1024;

/** Who is believed, and where Twilio was told we are. */
export interface TwilioTrust {
  readonly authTokens: readonly string[];
  /** Our public origin. */
  readonly origin: string;
}

/**
 * Makes a scope whose bodies arrive as the bytes that were sent. Call it first in a plugin of its own.
 * Foreign origins are no matter here: the signature is the proof, and no cookie is looked at.
 */
export function twilioDoor(app: FastifyInstance): void {
  systemDoor(app, { body: 'form', origins: 'any' });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    ['application/x-www-form-urlencoded', 'application/json'],
    { parseAs: 'buffer', bodyLimit: longestReport },
    (_request, body, done) => {
      done(null, body);
    },
  );
}

/**
 * The report's fields, once its signature holds. Throws `NOT_SIGNED_IN` (401) where it carries no
 * proof, `NOT_ALLOWED` (403) where the proof is wrong, also of what cannot be read in one way only.
 */
export function readTwilio(
  { body, headers, url }: FastifyRequest,
  { authTokens, origin }: TwilioTrust,
): Fields {
  const signature = headers[signatureHeader];
  if (typeof signature !== 'string' || signature === '') {
    throw new TweestapError('NOT_SIGNED_IN', { details: { part: 'signature' } });
  }
  const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
  const isForm = headers['content-type']?.startsWith('application/json') !== true;
  const fields = isForm ? parseFields(bytes.toString('utf8')) : undefined;
  const request = {
    url: `${origin}${url}`,
    body: bytes,
    ...(fields === undefined ? {} : { fields }),
  };
  if ((isForm && fields === undefined) || !isSignedByTwilio(authTokens, request, signature)) {
    throw new TweestapError('NOT_ALLOWED', { details: { part: 'signature' } });
  }
  return fields ?? fieldsInJson(bytes);
}

const flat = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

function fieldsInJson(bytes: Buffer): Fields {
  let said: unknown;
  try {
    said = JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw new TweestapError('REQUEST_MALFORMED', { cause, details: { part: 'body' } });
  }
  const parsed = flat.safeParse(said);
  if (!parsed.success) throw new TweestapError('REQUEST_MALFORMED', { details: { part: 'body' } });
  return Object.fromEntries(
    Object.entries(parsed.data).map(([name, value]) => [name, String(value ?? '')]),
  );
}

/**
 * Owns the judgement whether a report comes from Twilio (attack ATK-45): signed over our exact public
 * address and every field. Where it comes from on the network proves nothing.
 */
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';

import { isSignedByTwilio, signatureHeader } from '../../delivery/providers/twilio/signature.ts';
import { TweestapError } from '../../errors/errors.ts';
import { parseFields, type Fields } from '../../http/form-encoding.ts';
import { bytesOf, jsonOf } from './raw-body.ts';

/** Who is believed, and where Twilio was told we are. */
export interface TwilioTrust {
  readonly authTokens: readonly string[];
  /** Our public origin. */
  readonly origin: string;
}

/**
 * The report's fields, once its signature holds. Throws `NOT_SIGNED_IN` (401) where it carries no
 * proof, `NOT_ALLOWED` (403) where the proof is wrong, also of what cannot be read in one way only.
 */
export function readTwilio(request: FastifyRequest, { authTokens, origin }: TwilioTrust): Fields {
  const { headers, url } = request;
  const signature = headers[signatureHeader];
  if (typeof signature !== 'string' || signature === '') {
    throw new TweestapError('NOT_SIGNED_IN', { details: { part: 'signature' } });
  }
  const bytes = bytesOf(request);
  const isForm = headers['content-type']?.startsWith('application/json') !== true;
  const fields = isForm ? parseFields(bytes.toString('utf8')) : undefined;
  const given = {
    url: `${origin}${url}`,
    body: bytes,
    ...(fields === undefined ? {} : { fields }),
  };
  if ((isForm && fields === undefined) || !isSignedByTwilio(authTokens, given, signature)) {
    throw new TweestapError('NOT_ALLOWED', { details: { part: 'signature' } });
  }
  return fields ?? fieldsInJson(bytes);
}

const flat = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

function fieldsInJson(bytes: Buffer): Fields {
  const parsed = flat.safeParse(jsonOf(bytes));
  if (!parsed.success) throw new TweestapError('REQUEST_MALFORMED', { details: { part: 'body' } });
  return Object.fromEntries(
    Object.entries(parsed.data).map(([name, value]) => [name, String(value ?? '')]),
  );
}

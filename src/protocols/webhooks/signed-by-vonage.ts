/**
 * Owns the judgement whether a report comes from Vonage (attack ATK-45): a token signed with our
 * account's secret, recent, over exactly this body. Where it comes from on the network proves nothing.
 */
import type { FastifyRequest } from 'fastify';

import { reportFault, type ReportTrust } from '../../delivery/providers/vonage/jwt.ts';
import { TweestapError } from '../../errors/errors.ts';
import { bytesOf, jsonOf } from './raw-body.ts';

/**
 * The report's JSON, once its token holds. Throws `NOT_SIGNED_IN` (401) where it carries none,
 * `NOT_ALLOWED` (403) where it is wrong, too old or of another body, `REQUEST_MALFORMED` where a
 * signed body is no JSON.
 */
export function readVonage(request: FastifyRequest, trust: ReportTrust): unknown {
  const [, token = ''] = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '') ?? [];
  if (token === '') throw new TweestapError('NOT_SIGNED_IN', { details: { part: 'signature' } });
  const bytes = bytesOf(request);
  const fault = reportFault(token, bytes, trust);
  if (fault !== undefined) throw new TweestapError('NOT_ALLOWED', { details: { part: fault } });
  return jsonOf(bytes);
}

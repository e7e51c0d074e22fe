/**
 * Owns the judgement whether a report comes from the provider it names: signed over time, exact path
 * and raw bytes with a secret that is that provider's alone, and recent (attack ATK-45). Where it
 * comes from on the network proves nothing.
 */
import type { FastifyRequest } from 'fastify';

import {
  isSigned,
  webhookHeaders,
  webhookToleranceSeconds,
} from '../../delivery/webhook-signature.ts';
import { TweestapError } from '../../errors/errors.ts';
import { bytesOf, jsonOf } from './raw-body.ts';

/**
 * The report's JSON, once its signature holds. Throws `NOT_SIGNED_IN` (401) where it carries no
 * proof, `NOT_ALLOWED` (403) where the proof is wrong, too old or too new, `REQUEST_MALFORMED` where
 * a signed body is no JSON.
 */
export function readSigned(
  request: FastifyRequest,
  { secrets, now }: { readonly secrets: readonly Buffer[]; readonly now: Date },
): unknown {
  const timestamp = request.headers[webhookHeaders.timestamp];
  const signature = request.headers[webhookHeaders.signature];
  if (typeof timestamp !== 'string' || typeof signature !== 'string') {
    throw new TweestapError('NOT_SIGNED_IN', { details: { part: 'signature' } });
  }
  const body = bytesOf(request);
  if (!isSigned(secrets, { timestamp, path: request.url, body }, signature)) {
    throw new TweestapError('NOT_ALLOWED', { details: { part: 'signature' } });
  }
  const age = now.getTime() / 1_000 - Number(timestamp);
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(age) > webhookToleranceSeconds) {
    throw new TweestapError('NOT_ALLOWED', { details: { part: 'timestamp' } });
  }
  return jsonOf(body);
}

/**
 * Owns the two kinds of JSON Web Token (RFC 7519) between Vonage and us: ours say which application
 * asks, signed with its private key (RS256); theirs say that a report is theirs, signed with a secret
 * that both have (HS256), over the SHA-256 of the body.
 */
import { createHash, createHmac, createPrivateKey, sign, timingSafeEqual } from 'node:crypto';

import { z } from 'zod';

/** A token of ours lives this long: it is made anew for each request. */
const lifeSeconds = 60;
/** A report older or younger than this is refused, however well it is signed (attack ATK-45). */
export const reportToleranceSeconds = 300;

/** Proof that a request comes from this application. `privateKey` is a PEM. */
export function applicationToken(
  application: { readonly applicationId: string; readonly privateKey: string },
  options: { readonly now: Date; readonly id: string },
): string {
  const iat = Math.floor(options.now.getTime() / 1_000);
  const signed = `${encoded({ alg: 'RS256', typ: 'JWT' })}.${encoded({
    application_id: application.applicationId,
    iat,
    nbf: iat,
    exp: iat + lifeSeconds,
    jti: options.id,
  })}`;
  const key = createPrivateKey(application.privateKey);
  return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
}

const claims = z.object({
  iat: z.number(),
  jti: z.string().min(1).max(200),
  api_key: z.string().optional(),
  application_id: z.string().optional(),
  payload_hash: z.string().optional(),
});

export interface ReportTrust {
  /** The secrets of the account: the one in use, and one that takes over. */
  readonly secrets: readonly string[];
  readonly apiKey: string;
  readonly applicationId: string;
  readonly now: Date;
}

/** What is wrong with the token of a report, for the log; undefined where it proves the body. */
export type ReportFault = 'signature' | 'timestamp' | 'account' | 'payload';

/**
 * Judges the token that came with a report. Takes the same time whatever is wrong with the signature;
 * nothing in the token is believed before that holds.
 */
export function reportFault(
  token: string,
  body: Buffer,
  trust: ReportTrust,
): ReportFault | undefined {
  const [header = '', payload = '', signature = '', ...more] = token.split('.');
  const algorithm = z.object({ alg: z.literal('HS256') }).safeParse(decoded(header));
  const given = /^[\w-]{43}$/.test(signature)
    ? Buffer.from(signature, 'base64url')
    : Buffer.alloc(32);
  let isSigned = false;
  for (const secret of trust.secrets) {
    const right = createHmac('sha256', secret).update(`${header}.${payload}`).digest();
    const isEqual = timingSafeEqual(right, given);
    if (isEqual && secret.length >= shortestSecret) isSigned = true;
  }
  if (!isSigned || !algorithm.success || more.length > 0) return 'signature';
  const said = claims.safeParse(decoded(payload));
  if (!said.success) return 'signature';
  const { iat, api_key: apiKey, application_id: applicationId, payload_hash: hash } = said.data;
  if (Math.abs(trust.now.getTime() / 1_000 - iat) > reportToleranceSeconds) return 'timestamp';
  const isOurs =
    (apiKey ?? trust.apiKey) === trust.apiKey &&
    (applicationId ?? trust.applicationId) === trust.applicationId;
  if (!isOurs) return 'account';
  return hash !== undefined && isHashOf(hash, body) ? undefined : 'payload';
}

const shortestSecret = 16;

/** Vonage hashes the JSON without blanks; what is sent is that, or should it ever not be, reads the same. */
function isHashOf(hash: string, body: Buffer): boolean {
  const given = /^[0-9a-fA-F]{64}$/.test(hash) ? Buffer.from(hash, 'hex') : Buffer.alloc(32);
  const compact = compacted(body);
  const isAsSent = timingSafeEqual(createHash('sha256').update(body).digest(), given);
  const isCompact = timingSafeEqual(createHash('sha256').update(compact).digest(), given);
  return isAsSent || isCompact;
}

function compacted(body: Buffer): string {
  try {
    return JSON.stringify(JSON.parse(body.toString('utf8')));
  } catch {
    return '';
  }
}

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decoded(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

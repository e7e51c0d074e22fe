/**
 * Owns how reports of our own kind are signed (the simulator's; a real provider brings its own
 * scheme): HMAC-SHA256 under a secret that only that provider and we know, over the time, the exact
 * path and the raw bytes of the body, so that none of them can be exchanged (attack ATK-45).
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** A report on its way, before it becomes a request. */
export interface SignedReport {
  /** Seconds since 1970, as text. */
  readonly timestamp: string;
  /** Path and query, exactly as requested. */
  readonly path: string;
  /** The body's bytes, exactly as sent. */
  readonly body: string | Buffer;
}

/** The names of the headers that carry time and signature. */
export const webhookHeaders = {
  timestamp: 'x-webhook-timestamp',
  signature: 'x-webhook-signature',
} as const;

/** A report older or newer than this many seconds is refused, however well it is signed. */
export const webhookToleranceSeconds = 300;

/** The signature of a report: 64 hexadecimal digits. */
export function signWebhook(secret: Buffer, report: SignedReport): string {
  return digest(secret, report).toString('hex');
}

/**
 * Whether a report was signed with one of these secrets (two while one takes over from the other).
 * Takes the same time whatever is wrong. An empty secret signs nothing.
 */
export function isSigned(
  secrets: readonly Buffer[],
  report: SignedReport,
  signature: string,
): boolean {
  const given = /^[0-9a-f]{64}$/.test(signature) ? Buffer.from(signature, 'hex') : Buffer.alloc(32);
  let signed = false;
  for (const secret of secrets) {
    const equal = timingSafeEqual(digest(secret, report), given);
    if (equal && secret.length >= shortestSecret) signed = true;
  }
  return signed;
}

const shortestSecret = 16;

function digest(secret: Buffer, { timestamp, path, body }: SignedReport): Buffer {
  // Neither a timestamp nor a path can hold a line break, so no two reports read the same.
  return createHmac('sha256', secret).update(`${timestamp}\n${path}\n`).update(body).digest();
}

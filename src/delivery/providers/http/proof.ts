/**
 * Owns the judgement whether a report comes from a provider of which we know nothing but what the
 * operator wrote down (attack ATK-45): it carries a secret that only that provider and we know, or a
 * signature that is made with it. Where it comes from on the network proves nothing.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

import type { HttpReportSettings } from './report-settings.ts';

/** A report as it came. */
export interface GivenReport {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The whole address as the provider was told it. */
  readonly url: string;
  readonly body: Buffer;
}

/** Why a report is not believed. */
export type ProofFault = 'missing' | 'wrong' | 'time';

/** A report that is further off than this many seconds is refused, however well it is signed. */
export const reportToleranceSeconds = 300;

/** In characters. Shorter secrets could be guessed: they prove nothing. */
export const shortestSecret = 16;

/**
 * What is wrong with the proof of a report; undefined where it is right. Takes the same time however
 * much of it is right.
 */
export function proofFault(
  settings: HttpReportSettings,
  secrets: readonly string[],
  report: GivenReport,
  now: Date,
): ProofFault | undefined {
  const given = report.headers[settings.header.toLowerCase()];
  if (typeof given !== 'string' || given === '') return 'missing';
  const time = timeOf(settings, report);
  if (time === undefined) return 'time';
  let isRight = false;
  for (const secret of secrets) {
    const expected = settings.value.replace(/\{(\w+)\}/, (_whole, name: string) =>
      filled(name, settings, secret, { ...report, time }),
    );
    const isEqual = areEqual(expected, given);
    if (isEqual && secret.length >= shortestSecret) isRight = true;
  }
  if (!isRight) return 'wrong';
  return time === '' || isRecent(time, now) ? undefined : 'time';
}

/** The time that is signed; empty where none is, undefined where it is missing or none. */
function timeOf({ timeHeader }: HttpReportSettings, { headers }: GivenReport): string | undefined {
  if (timeHeader === undefined) return '';
  const given = headers[timeHeader.toLowerCase()];
  return typeof given === 'string' && /^\d{9,14}$/.test(given) ? given : undefined;
}

function isRecent(time: string, now: Date): boolean {
  // No second of this century has more than eleven digits, and no millisecond of it fewer than twelve.
  const seconds = time.length > 11 ? Number(time) / 1_000 : Number(time);
  return Math.abs(now.getTime() / 1_000 - seconds) <= reportToleranceSeconds;
}

function filled(
  name: string,
  settings: HttpReportSettings,
  secret: string,
  report: GivenReport & { readonly time: string },
): string {
  switch (name) {
    case 'secret':
      return secret;
    case 'secretBase64':
      return Buffer.from(secret).toString('base64');
    default:
      return signatureOf(settings, secret, report);
  }
}

function signatureOf(
  { algorithm, encoding, signed }: HttpReportSettings,
  secret: string,
  { time, url, body }: GivenReport & { readonly time: string },
): string {
  const hmac = createHmac(algorithm, secret);
  // The body as it came: what is no text is not made one.
  for (const part of signed.split(/(\{\w+\})/)) {
    if (part === '{body}') hmac.update(body);
    else if (part === '{time}') hmac.update(time);
    else hmac.update(part === '{url}' ? url : part);
  }
  return hmac.digest(encoding);
}

function areEqual(one: string, other: string): boolean {
  // Hashed first, so that they are of one length and the comparison tells nothing of theirs.
  const key = 'compared';
  const hashed = (text: string): Buffer => createHmac('sha256', key).update(text).digest();
  return timingSafeEqual(hashed(one), hashed(other));
}

/**
 * The `otpauth:` address that a QR code carries into an authenticator app: the Key Uri Format of
 * Google Authenticator, which every app reads. Runs in a browser as well.
 */
import { decodeBase32, encodeBase32 } from './base32.ts';
import type { OtpAlgorithm } from './one-time-password.ts';

export interface OtpauthAccount {
  /** Who asks for the codes; shown above the account. */
  readonly issuer: string;
  /** Whose codes they are: the user name. */
  readonly account: string;
  readonly key: Uint8Array;
  /** Default sha1. */
  readonly algorithm?: OtpAlgorithm;
  /** Default 6. */
  readonly digits?: number;
  /** Seconds. Default 30. */
  readonly period?: number;
}

/**
 * The address of a time-based account. What equals its default is left out: some apps stumble over
 * parameters they do not expect, and a shorter address makes a calmer QR code.
 */
export function otpauthUri(of: OtpauthAccount): string {
  const { issuer, account, key, algorithm = 'sha1', digits = 6, period = 30 } = of;
  // A colon parts issuer and account, so neither may bring its own.
  const label = [issuer, account].map((part) => encodeURIComponent(part.replaceAll(':', ' ')));
  const parameters = [`secret=${encodeBase32(key)}`, `issuer=${label[0]}`];
  if (algorithm !== 'sha1') parameters.push(`algorithm=${algorithm.toUpperCase()}`);
  if (digits !== 6) parameters.push(`digits=${digits}`);
  if (period !== 30) parameters.push(`period=${period}`);
  return `otpauth://totp/${label.join(':')}?${parameters.join('&')}`;
}

const algorithms = new Map<string, OtpAlgorithm>([
  ['SHA1', 'sha1'],
  ['SHA256', 'sha256'],
  ['SHA512', 'sha512'],
]);

/** What a time-based `otpauth:` address says, or `null` where it is not a sound one. */
export function parseOtpauthUri(text: string): Required<OtpauthAccount> | null {
  // Read as an address of the web: browsers before 2024 find no host in one of another kind.
  const web = text.replace(/^\s*otpauth:/i, 'https:');
  if (web === text || !URL.canParse(web)) return null;
  const url = new URL(web);
  if (url.host !== 'totp') return null;
  const label = decode(url.pathname.slice(1));
  const key = decodeBase32(url.searchParams.get('secret') ?? '');
  const algorithm = algorithms.get((url.searchParams.get('algorithm') ?? 'SHA1').toUpperCase());
  const digits = Number(url.searchParams.get('digits') ?? 6);
  const period = Number(url.searchParams.get('period') ?? 30);
  if (label === null || key === null || key.length === 0 || algorithm === undefined) return null;
  if (!Number.isInteger(digits) || digits < 6 || digits > 10) return null;
  if (!Number.isInteger(period) || period < 1 || period > 3600) return null;
  const colon = label.indexOf(':');
  return {
    issuer: url.searchParams.get('issuer') ?? label.slice(0, Math.max(colon, 0)),
    account: label.slice(colon + 1).trim(),
    key,
    algorithm,
    digits,
    period,
  };
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

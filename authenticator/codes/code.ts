/**
 * Owns the codes of a moment, made with the phone's own cryptography and no network. The steps of
 * RFC 4226 and 6238 are those that the server takes (`src/lib/otp`).
 */
import { decodeBase32 } from '../../src/lib/otp/base32.ts';
import {
  counterMessage,
  timeStep,
  truncate,
  type OtpAlgorithm,
} from '../../src/lib/otp/one-time-password.ts';
import type { CodeKey } from '../vault/account.ts';

const hashes: Readonly<Record<OtpAlgorithm, string>> = {
  sha1: 'SHA-1',
  sha256: 'SHA-256',
  sha512: 'SHA-512',
};

/** The code of a moment, in milliseconds since 1970. Throws a `RangeError` where the key is no key. */
export async function codeAt(otp: CodeKey, at: number): Promise<string> {
  const bytes = decodeBase32(otp.key);
  if (bytes === null || bytes.length === 0) throw new RangeError('This is no key.');
  const key = await crypto.subtle.importKey(
    'raw',
    Uint8Array.from(bytes),
    { name: 'HMAC', hash: hashes[otp.algorithm] },
    false,
    ['sign'],
  );
  const message = Uint8Array.from(counterMessage(timeStep(at / 1000, otp.period)));
  const mac = await crypto.subtle.sign('HMAC', key, message);
  return truncate(new Uint8Array(mac), otp.digits);
}

/** How much of a code's time is left, in milliseconds: more than 0, at most the whole period. */
export function leftOf(otp: Pick<CodeKey, 'period'>, at: number): number {
  const whole = otp.period * 1000;
  return whole - (at % whole);
}

/** As it is read out: 123 456, 1234 5678. */
export function grouped(code: string): string {
  const half = code.length % 4 === 0 ? 4 : 3;
  return code.replaceAll(new RegExp(`(\\d{${half}})(?=\\d)`, 'g'), '$1\u00a0');
}

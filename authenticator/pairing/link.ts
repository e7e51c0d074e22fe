/**
 * Owns what people scan, open and type to add an account: a link of Tweestap, a code with its URL, an
 * `otpauth:` address or the key of another service.
 */
import { decodeBase32 } from '../../src/lib/otp/base32.ts';
import { parseOtpauthUri } from '../../src/lib/otp/otpauth-uri.ts';
import { canonicalCode } from '../../src/methods/notification/protocol.ts';
import type { CodeKey } from '../vault/account.ts';

/** What an account is added with. */
export type Invitation =
  | { readonly kind: 'tweestap'; readonly origin: string; readonly code: string }
  | {
      readonly kind: 'other';
      readonly issuer: string;
      readonly account: string;
      readonly otp: CodeKey;
    };

/** What a QR code says; null where it is not one of those that add an account. */
export function readScanned(text: string): Invitation | null {
  if (/^otpauth:/i.test(text)) {
    const found = parseOtpauthUri(text);
    if (found === null) return null;
    const { issuer, account, algorithm, digits, period } = found;
    const key = new URL(text.replace(/^otpauth:/i, 'https:')).searchParams.get('secret') ?? '';
    return {
      kind: 'other',
      issuer,
      account,
      otp: { key: tidyKey(key), algorithm, digits, period },
    };
  }
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const code = codeInFragment(url.hash);
  const origin = originOf(text);
  return code === null || origin === null ? null : { kind: 'tweestap', origin, code };
}

/** The activation code in `#pair=ABCD-EFGH-JKLM`; null where there is none. */
export function codeInFragment(hash: string): string | null {
  const code = new URLSearchParams(hash.replace(/^#/, '')).get('pair');
  return code === null ? null : readCode(code);
}

/** An activation code as typed; null where it cannot be one. */
export function readCode(typed: string): string | null {
  const code = canonicalCode(typed);
  return /^[A-Z0-9]{6,32}$/.test(code) ? code : null;
}

/**
 * The origin of an address as people type it: with or without https://, with whatever path. null
 * where it is none, or one that is not safe: plain http is for this machine alone.
 */
export function originOf(typed: string): string | null {
  const text = typed.trim();
  const isLocal = /^(?:localhost|127\.0\.0\.1)(?::|\/|$)/i.test(text);
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(text)
    ? text
    : `${isLocal ? 'http' : 'https'}://${text}`;
  if (text === '' || !URL.canParse(full)) return null;
  const { protocol, hostname, origin } = new URL(full);
  const isThisMachine = hostname === 'localhost' || hostname === '127.0.0.1';
  if (protocol !== 'https:' && !(protocol === 'http:' && isThisMachine)) return null;
  return isThisMachine || hostname.includes('.') || hostname.includes(':') ? origin : null;
}

/** A key of another service as typed; null where it is not base32. */
export function readKey(typed: string): string | null {
  const key = tidyKey(typed);
  return (decodeBase32(key)?.length ?? 0) >= 5 ? key : null;
}

function tidyKey(typed: string): string {
  return typed.replaceAll(/[\s=-]/g, '').toUpperCase();
}

/** Owns how a recovery code looks: how it is made, written and read. */
import type { Random } from '../../lib/random.ts';
import { halfWidth } from '../code.ts';

/**
 * Crockford's base32: no I, L and O that look like digits, and no U. 16 of them are 80 bits; a code
 * that is kept for later has at least 64 (NIST SP 800-63B-4 §4.2.1).
 */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const codeLength = 16;

/** A whole code, as it is kept while it is shown and as it is hashed. */
export const codePattern = /^[0-9A-HJKMNP-TV-Z]{16}$/;

/** A new code, each equally likely. */
export function newCode(random: Random): string {
  return [...random.bytes(codeLength)].map((byte) => alphabet.charAt(byte % 32)).join('');
}

/** As it stands on paper: `7Q4M-K2XR-0VBH-19DE`. */
export function writeCode(code: string): string {
  return code.replaceAll(/(.{4})(?!$)/g, '$1-');
}

/**
 * A code as it is typed or pasted: in small letters, with blanks, hyphens or dots, full-width, with
 * an O for a 0 and an I or L for a 1. Undefined for what is no whole code.
 */
export function readCode(typed: string): string | undefined {
  const code = halfWidth(typed)
    .replaceAll(/[\s\p{Dash}.]/gu, '')
    .toUpperCase()
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
  return codePattern.test(code) ? code : undefined;
}

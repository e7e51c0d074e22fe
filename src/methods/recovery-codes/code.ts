/** Owns how a recovery code looks: how it is made, written and read. */
import type { Random } from '../../lib/random.ts';
import { halfWidth } from '../code.ts';

/**
 * Crockford's base32: no I, L and O that look like digits, and no U. 15 of them are 75 bits; a code
 * that is kept for later has at least 64 (NIST SP 800-63B-4 §4.2.1).
 */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const drawnLength = 15;

/**
 * A whole code, as it is kept while it is shown and as it is hashed. The digit it begins with is its
 * place among the ten: so a guess is compared with one of them, and costs one slow hash.
 */
export const codePattern = /^[0-9][0-9A-HJKMNP-TV-Z]{15}$/;

/** A new code for this place, 0 to 9, each equally likely. */
export function newCode(random: Random, place: number): string {
  const drawn = [...random.bytes(drawnLength)].map((byte) => alphabet.charAt(byte % 32));
  return `${place}${drawn.join('')}`;
}

/** Which of the ten it claims to be. */
export function placeOf(code: string): string {
  return code.slice(0, 1);
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

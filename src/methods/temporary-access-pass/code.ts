/** Owns how a pass looks: how it is made, written and read. */
import type { Random } from '../../lib/random.ts';
import { halfWidth } from '../code.ts';

/** Crockford's base32: no I, L and O that look like digits, and no U. Each character is five bits. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** How long a pass may be, in characters (`product.md`, "Numbers"). */
export const passLengths = { shortest: 8, longest: 48 } as const;

/**
 * How long one may be good, in minutes, whatever policy says (`product.md`, "Numbers"): one that ends before it
 * could be told is none.
 */
export const passMinutes = { shortest: 10, longest: 30 * 24 * 60 } as const;

const pattern = /^[0-9A-HJKMNP-TV-Z]{8,48}$/;

/** A new pass, each equally likely. */
export function newPass(random: Random, length: number): string {
  return [...random.bytes(length)].map((byte) => alphabet.charAt(byte % 32)).join('');
}

/**
 * A pass as it is typed or pasted: in small letters, with blanks, hyphens or dots, full-width, with an
 * O for a 0 and an I or L for a 1. Undefined for what can be none.
 */
export function readPass(typed: string): string | undefined {
  const pass = halfWidth(typed)
    .replaceAll(/[\s\p{Dash}.]/gu, '')
    .toUpperCase()
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
  return pattern.test(pass) ? pass : undefined;
}

/** Owns the passwords that we make for people: long enough for nobody to guess, short enough to type once. */
import type { Random } from '../lib/random.ts';

/** Sixteen letters and digits in groups of four: 80 bits. The hyphens are part of it. */
export function generatePassword(random: Random): string {
  const symbols = random.base32(16).toLowerCase();
  return (symbols.match(/.{4}/g) ?? []).join('-');
}

/**
 * Owns the judgement of a passphrase for a backup: whoever finds the file can guess as often as they
 * like, so only length and variety count. A rough measure, said in words, never as a number.
 */

/** Shorter is refused. */
export const shortestPassphrase = 12;

export type Strength = 'too-short' | 'weak' | 'fair' | 'strong';

/**
 * `weak` is one character again and again, a row of the keyboard, or little variety; `strong` is four
 * words or sixteen mixed characters and more.
 */
export function strengthOf(passphrase: string): Strength {
  const characters = [...passphrase.normalize('NFC')];
  if (characters.length < shortestPassphrase) return 'too-short';
  const different = new Set(characters.map((each) => each.toLowerCase())).size;
  if (different < 6 || isRow(characters)) return 'weak';
  const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\p{N}/u, /[^\p{L}\p{N}\s]/u].filter((kind) =>
    kind.test(passphrase),
  ).length;
  const words = passphrase
    .trim()
    .split(/[\s-]+/)
    .filter((word) => word.length > 2);
  const isVaried = different >= 10;
  if (new Set(words).size >= 4 && isVaried) return 'strong';
  if (characters.length >= 20 && isVaried) return 'strong';
  return characters.length >= 16 && kinds >= 3 && isVaried ? 'strong' : 'fair';
}

const rows = ['abcdefghijklmnopqrstuvwxyz', '01234567890', 'qwertyuiopasdfghjklzxcvbnm'];

/** Most of it follows a row, there or back. */
function isRow(characters: readonly string[]): boolean {
  const text = characters.join('').toLowerCase();
  let steps = 0;
  for (let at = 1; at < text.length; at += 1) {
    const pair = text.slice(at - 1, at + 1);
    const turned = pair.charAt(1) + pair.charAt(0);
    if (rows.some((row) => row.includes(pair) || row.includes(turned))) steps += 1;
  }
  return steps > text.length * 0.6;
}

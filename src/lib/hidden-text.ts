/**
 * Owns what cannot be seen in a text: controls, marks that turn its direction, what has no character. A name
 * with such a thing in it looks like another one, and on a terminal it acts.
 */

/**
 * Whether something in it is invisible, but for the joiners (U+200C, U+200D) that Persian, Sinhala and emoji
 * are written with.
 */
export function hidesSomething(text: string): boolean {
  return /\p{C}/u.test(text.replaceAll(joiner, ''));
}

/** The text without it: without controls, marks of direction and ends of lines; joiners that join stay. */
export function withoutHidden(text: string): string {
  const hidden = new RegExp(`(${joiner.source})|[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]`, 'gu');
  return text.replaceAll(hidden, '$1');
}

/**
 * The text as a terminal may be given it: whatever would move its cursor, colour it, name its window or turn
 * the direction of writing is U+FFFD (CWE-150). Tabs and ends of lines stay.
 */
export function forTerminal(text: string): string {
  return text.replaceAll(
    /(?![\n\t])[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu,
    '\uFFFD',
  );
}

/** One joiner between what it joins; in Latin it joins nothing, and would only make two names look the same. */
const joiner =
  /(?<=[\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}]|(?!\p{Script=Latin})\p{L})[\u200c\u200d](?=\p{Extended_Pictographic}|(?!\p{Script=Latin})\p{L})/gu;

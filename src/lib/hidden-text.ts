/**
 * Owns what cannot be seen in a text: controls, marks that turn its direction, what has no character. A name
 * with such a thing in it looks like another one.
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

/** One joiner between what it joins; in Latin it joins nothing, and would only make two names look the same. */
const joiner =
  /(?<=[\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}]|(?!\p{Script=Latin})\p{L})[\u200c\u200d](?=\p{Extended_Pictographic}|(?!\p{Script=Latin})\p{L})/gu;

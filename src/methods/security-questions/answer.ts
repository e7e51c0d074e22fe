/** Owns when two answers are the same: whatever their letters' case, width and blanks. */

export const shortestAnswer = 3;
export const longestAnswer = 40;

/**
 * An answer in the one form in which it is counted, compared and hashed: NFKC, case folded, blanks at
 * its ends left out and those within made one.
 */
export function foldAnswer(typed: string): string {
  // A megabyte is not worth the work: nothing as long becomes an answer.
  if (typed.length > longestAnswer * 20) return typed.slice(0, longestAnswer * 20);
  // Up and down again: ß and SS become one, as do the two small sigmas.
  const folded = typed.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');
  return folded.replaceAll(/\s+/g, ' ').trim();
}

/** Its length in characters of the folded form. */
export function lengthOf(folded: string): number {
  return [...folded].length;
}

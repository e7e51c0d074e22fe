/** Owns what somebody probably meant who mistyped a name. */

/** The candidate that is nearest to what was typed, unless none is near. */
export function nearest(typed: string, candidates: readonly string[]): string | undefined {
  const [best] = candidates
    .map((candidate) => ({ candidate, away: distance(typed, candidate) }))
    .filter(({ candidate, away }) => away <= Math.max(2, Math.floor(candidate.length / 3)))
    .toSorted((one, other) => one.away - other.away);
  return best?.candidate;
}

/**
 * The same as a sentence to put behind another; '' where none is near, or just this
 * name is known in another place.
 */
export function didYouMean(typed: string, candidates: readonly string[]): string {
  const meant = nearest(typed, candidates);
  return meant === undefined || meant === typed ? '' : ` Did you mean ${meant}?`;
}

/** How many letters have to be added, removed or changed (Levenshtein). */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...one].entries()) {
    const next = [index + 1];
    for (const [column, against] of [...other].entries()) {
      next.push(
        Math.min(
          (row[column + 1] ?? 0) + 1,
          (next[column] ?? 0) + 1,
          (row[column] ?? 0) + (letter === against ? 0 : 1),
        ),
      );
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

/**
 * Owns the judgement whether texts and calls to a block of numbers reach people who asked for them
 * (attack ATK-40). Whoever earns with messages lets them be sent to numbers that lie side by side and
 * answers none of them; so a block of which fewer than 30 % of 50 are answered is closed.
 */

/** How much is looked at, and how little of it may be answered. */
export const conversionRule = {
  messages: 50,
  leastAnswered: 0.3,
  /** Older messages say nothing of today. */
  days: 7,
  /** So long somebody may take to answer before it counts against the block. */
  graceSeconds: 60,
} as const;

const digitsOfPrefix = 6;

/** The block that a number (E.164) lies in: its first six digits, so 100,000 numbers in most countries. */
export function prefixOf(number: string): string {
  return number.slice(0, digitsOfPrefix + 1);
}

/** Whether so few were answered that nobody can have wanted them. */
export function isPumped({
  sent,
  answered,
}: {
  readonly sent: number;
  readonly answered: number;
}): boolean {
  return sent >= conversionRule.messages && answered / sent < conversionRule.leastAnswered;
}

/** The first of these beginnings (`+88213`) that a number has; undefined where it has none. */
export function blockOf(number: string, blocked: readonly string[]): string | undefined {
  return blocked.find((start) => number.startsWith(start));
}

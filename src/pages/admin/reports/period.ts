/** Owns the periods that a report can show, and the columns that their days are drawn in. */
import { addDays, dayOf, midnightBefore } from '../../../lib/days.ts';
import { dayMs } from './daily.ts';

/** In days, the last of which is today. */
export const periodLengths = [7, 30, 90, 365] as const;
export type PeriodLength = (typeof periodLengths)[number];

export interface Period {
  readonly days: PeriodLength;
  readonly begin: Date;
  /** The midnight that ends today. */
  readonly end: Date;
  readonly columns: readonly Span[];
}

/** Some days of a period, the first and the one behind the last counted from its beginning. */
export interface Span {
  readonly first: number;
  readonly behind: number;
  /** As the log is asked for them: `2026-11-21`. */
  readonly from: string;
  readonly to: string;
}

/** The period of so many days that ends with today. A week and a month are drawn by days, others by weeks. */
export function periodOf(days: PeriodLength, now: Date): Period {
  const end = addDays(midnightBefore(now), 1);
  // Days of 24 hours back from midnight: where clocks are changed they begin an hour beside it.
  const begin = new Date(end.getTime() - days * dayMs);
  const width = days <= 31 ? 1 : 7;
  const columns: Span[] = [];
  let behind: number = days;
  while (behind > 0) {
    // A day or two that are left over are no week: the first column takes them.
    const first = behind < width * 1.5 ? 0 : behind - width;
    columns.push(spanOf(begin, first, behind));
    behind = first;
  }
  return { days, begin, end, columns: columns.toReversed() };
}

/** All of a period as one. */
export function wholeOf({ begin, days }: Period): Span {
  return spanOf(begin, 0, days);
}

function spanOf(begin: Date, first: number, behind: number): Span {
  // Noon is in the day, whatever was done to the clocks.
  const noonOf = (day: number): Date => new Date(begin.getTime() + (day + 0.5) * dayMs);
  return { first, behind, from: dayOf(noonOf(first)), to: dayOf(noonOf(behind - 1)) };
}

/**
 * Owns counts by day. A day that is over does not change any more, so it is counted once and kept: a year of a
 * large organisation is then as quick to show as a week, and no sign-in pays for a table of sums.
 */
import { setImmediate } from 'node:timers/promises';

import type { Clock } from '../../../lib/clock.ts';
import { createGate } from '../../../lib/fifo.ts';

export const dayMs = 86_400_000;

/** What is counted, on one day. */
export type OnDay<row> = row & {
  /** 0 is the first day that was asked for. */
  readonly day: number;
};

/** The counts of so many days of 24 hours, from a moment on. */
export type Daily<row> = (begin: Date, days: number) => Promise<readonly OnDay<row>[]>;

/** So many are counted at once; whoever signs in comes in between. */
const daysTogether = 7;
/** An attempt that is under way at midnight still changes its row, and its day, so long afterwards. */
const unsettledMs = 2 * 3_600_000;
const mostKept = 1_000;

/** Makes such counts of `count`, whose rows name days from its first moment. */
export function createDaily<row extends { readonly day?: number }>(
  count: (from: Date, to: Date) => Promise<readonly row[]>,
  clock: Clock,
): Daily<row> {
  const kept = new Map<number, readonly row[]>();
  // Two who ask for the same at once would count it twice.
  const gate = createGate();

  const load = async (firstDay: number, days: number): Promise<ReadonlyMap<number, row[]>> => {
    const byDay = new Map<number, row[]>();
    for (let day = 0; day < days; day += 1) byDay.set(firstDay + day * dayMs, []);
    const rows = await count(new Date(firstDay), new Date(firstDay + days * dayMs));
    for (const row of rows) byDay.get(firstDay + (row.day ?? 0) * dayMs)?.push(row);
    const over = clock.now().getTime() - unsettledMs;
    for (const [day, ofDay] of byDay) if (day + dayMs <= over) kept.set(day, ofDay);
    return byDay;
  };

  return (begin, days) =>
    gate.run(async () => {
      if (kept.size > mostKept) kept.clear();
      const all: OnDay<row>[] = [];
      const take = (day: number, rows: readonly row[]): void => {
        const place = Math.round((day - begin.getTime()) / dayMs);
        for (const row of rows) all.push({ ...row, day: place });
      };
      const dayAt = (index: number): number => begin.getTime() + index * dayMs;
      for (let index = 0; index < days;) {
        const known = kept.get(dayAt(index));
        if (known !== undefined) {
          take(dayAt(index), known);
          index += 1;
          continue;
        }
        let missing = 1;
        while (
          missing < daysTogether &&
          index + missing < days &&
          !kept.has(dayAt(index + missing))
        ) {
          missing += 1;
        }
        for (const [day, rows] of await load(dayAt(index), missing)) take(day, rows);
        await setImmediate();
        index += missing;
      }
      return all;
    });
}

/** Owns days as people name them: from midnight to midnight, in the time zone of the server. */

/** Midnight at which a day begins; undefined for what is no day. `2026-11-21`. */
export function beginOfDay(day: string): Date | undefined {
  const [, year, month, date] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day) ?? [];
  if (year === undefined || month === undefined || date === undefined) return undefined;
  const begin = new Date(Number(year), Number(month) - 1, Number(date));
  // 31 February is in March.
  return begin.getDate() === Number(date) && begin.getMonth() === Number(month) - 1
    ? begin
    : undefined;
}

/** Midnight so many days later; days have 23 to 25 hours. */
export function addDays(begin: Date, days: number): Date {
  return new Date(begin.getFullYear(), begin.getMonth(), begin.getDate() + days);
}

/** The day of a moment: `2026-11-21`. */
export function dayOf(moment: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${String(moment.getFullYear()).padStart(4, '0')}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
}

/** The midnight before a moment. */
export function midnightBefore(moment: Date): Date {
  return new Date(moment.getFullYear(), moment.getMonth(), moment.getDate());
}

/** Owns how a value becomes a column and a column a value again. */

/** A day of 24 hours. */
export const dayMilliseconds = 86_400_000;

/** Milliseconds since 1970; null for undefined. */
export function fromDate(date: Date): number;
export function fromDate(date: Date | undefined): number | null;
export function fromDate(date: Date | undefined): number | null {
  return date === undefined ? null : date.getTime();
}

export function toDate(milliseconds: number): Date;
export function toDate(milliseconds: number | null): Date | undefined;
export function toDate(milliseconds: number | null): Date | undefined {
  return milliseconds === null ? undefined : new Date(milliseconds);
}

/** 1 for yes. */
export function fromBoolean(value: boolean): number {
  return value ? 1 : 0;
}

/** Absent is null there. */
export function orNull<value>(value: value | undefined): value | null {
  return value ?? null;
}

/** Absent is undefined here. */
export function orUndefined<value>(value: value | null): value | undefined {
  return value ?? undefined;
}

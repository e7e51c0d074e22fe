/** Owns telling whether this machine's clock agrees with the database's. */

/**
 * What is wrong with our clock, where the database has another; undefined where the two agree, or the
 * database has none of its own. Times are compared across nodes, so a machine whose clock is off must not
 * answer (attack ATK-95).
 */
export function clockFault(now: Date, databaseTime: Date | undefined): string | undefined {
  const aheadMs = databaseTime === undefined ? 0 : now.getTime() - databaseTime.getTime();
  if (Math.abs(aheadMs) <= mostSkewMs) return undefined;
  const where = aheadMs > 0 ? 'ahead of' : 'behind';
  return `the clock of this machine is ${Math.abs(aheadMs)} ms ${where} that of the database`;
}

const mostSkewMs = 2_000;

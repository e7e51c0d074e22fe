// SQLITE_CONSTRAINT_UNIQUE, _PRIMARYKEY and _ROWID (https://sqlite.org/rescode.html).
const sqliteCodes = new Set<unknown>([2067, 1555, 2579]);

// unique_violation (PostgreSQL, appendix A).
const postgresCode = '23505';

/**
 * Whether the error says that a row with the same key exists already, on SQLite (`node:sqlite`) or
 * PostgreSQL (`pg`); also where it is the cause of another error.
 */
export function isUniqueViolation(error: unknown): boolean {
  for (let at = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth += 1) {
    if ('errcode' in at && sqliteCodes.has(at.errcode)) return true;
    if ('code' in at && at.code === postgresCode) return true;
  }
  return false;
}

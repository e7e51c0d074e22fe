/** Owns the addresses of the logs. */

export const signInLogPath = '/admin/sign-ins';
export const auditLogPath = '/admin/audit';

/** One sign-in with every step. */
export function signInPath(id: string): string {
  return `${signInLogPath}/${encodeURIComponent(id)}`;
}

/** One event of the audit log. */
export function auditEventPath(sequence: number): string {
  return `${auditLogPath}/${sequence}`;
}

/** A log with what narrows it down; what is empty is left out. */
export function withFields(
  path: string,
  fields: Readonly<Record<string, string | number | undefined>>,
): string {
  const given = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, String(value)]],
  );
  const typed = new URLSearchParams(Object.fromEntries(given)).toString();
  return typed === '' ? path : `${path}?${typed}`;
}

/** Owns the event that tells how the organisation's policy was changed. */
import type { AuditEvent } from './audit-event.ts';
import { installationEvent, type InstallationAct } from './installation-event.ts';

/**
 * The organisation's policy was changed: `paths` names the changed settings, `changes` is JSON of
 * `{ path, from, to }`, cut where it is very long. A policy holds no secrets.
 */
export const policyChanged = (
  changed: InstallationAct & {
    readonly changes: readonly {
      readonly path: string;
      readonly from: unknown;
      readonly to: unknown;
    }[];
  },
): AuditEvent =>
  installationEvent('policy-changed', changed, {
    paths: changed.changes.map(({ path }) => path).join(' '),
    changes: changesWithin(changed.changes),
  });

/** As many whole changes as stay readable in one line of the log. */
function changesWithin(changes: readonly unknown[]): string {
  const kept = changes.map((each) => JSON.stringify(each, (_key, value: unknown) => short(value)));
  while (kept.join().length > 8_000) kept.pop();
  return `[${kept.join()}]`;
}

/** A picture is told by how it begins and how long it is. */
function short(value: unknown): unknown {
  if (typeof value !== 'string' || value.length <= 1_000) return value;
  return `${value.slice(0, 60)}… (${value.length} characters)`;
}

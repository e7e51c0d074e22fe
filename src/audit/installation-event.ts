/** Owns the shape of events of the installation itself: its keys, the whole of its database. */
import type { AuditEvent } from './audit-event.ts';

/** What somebody at the command line did with the installation: it concerns nobody's account. */
export function installationEvent(
  kind: string,
  { at, actor }: Pick<AuditEvent, 'at' | 'actor'>,
  details: AuditEvent['details'],
): AuditEvent {
  return { kind, at, userId: undefined, actor, attemptId: undefined, address: undefined, details };
}

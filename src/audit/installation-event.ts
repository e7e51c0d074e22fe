/** Owns the shape of events that concern nobody's account: of the installation, its directory, its groups. */
import type { AuditEvent } from './audit-event.ts';

/** By whom something was done that concerns nobody's account, and when. */
export interface InstallationAct {
  readonly at: Date;
  readonly actor: string;
  /** From where, when it was done on a page or by a program. */
  readonly address?: string | undefined;
}

/** What was done with the installation, or something of it that is nobody's. */
export function installationEvent(
  kind: string,
  { at, actor, address }: InstallationAct,
  details: AuditEvent['details'] = {},
): AuditEvent {
  return { kind, at, userId: undefined, actor, attemptId: undefined, address, details };
}

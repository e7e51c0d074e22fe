/** Owns the events of hardware tokens. */
import type { AuditEvent } from './audit-event.ts';

export interface TokenAct {
  readonly at: Date;
  readonly actor: string;
  readonly address?: string | undefined;
  /** Whose it is, where it is somebody's. */
  readonly userId?: string | undefined;
  readonly serialNumber: string;
}

function event(kind: string, act: TokenAct): AuditEvent {
  const { at, actor, address, userId, serialNumber } = act;
  return { kind, at, userId, actor, attemptId: undefined, address, details: { serialNumber } };
}

/** It was put on the shelf. */
export const tokenAdded = (act: TokenAct): AuditEvent => event('token-added', act);
/** It was taken off the shelf for good. */
export const tokenRemoved = (act: TokenAct): AuditEvent => event('token-removed', act);
/** It was given to somebody. */
export const tokenAssigned = (act: TokenAct): AuditEvent => event('token-assigned', act);
/** It came back to the shelf. */
export const tokenUnassigned = (act: TokenAct): AuditEvent => event('token-unassigned', act);
/** A code of it was shown: from now on it proves its owner. */
export const tokenActivated = (act: TokenAct): AuditEvent => event('token-activated', act);
/** A wrong code was typed while it was to be activated. */
export const tokenActivationFailed = (act: TokenAct): AuditEvent =>
  event('token-activation-failed', act);
/** Two codes in a row showed how far its clock is off. */
export const tokenResynchronised = (act: TokenAct): AuditEvent =>
  event('token-resynchronised', act);

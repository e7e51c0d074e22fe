/** Owns the events of approvals. */
import type { AuditEvent } from './audit-event.ts';

export interface ApprovalAct {
  readonly at: Date;
  readonly actor: string;
  readonly address: string | undefined;
  /** Whose account it concerns; empty where it is nobody's. */
  readonly targetId: string;
  readonly act: string;
}

function event(
  kind: string,
  { at, actor, address, targetId, act }: ApprovalAct,
  details: AuditEvent['details'] = {},
): AuditEvent {
  const userId = targetId === '' ? undefined : targetId;
  return { kind, at, userId, actor, attemptId: undefined, address, details: { act, ...details } };
}

/** An administrator asked a second one to agree to an act. */
export const approvalAsked = (asked: ApprovalAct & { readonly reason: string }): AuditEvent =>
  event('approval-asked', asked, { reason: asked.reason });
/** A second administrator agreed. */
export const approvalGiven = (given: ApprovalAct & { readonly askedBy: string }): AuditEvent =>
  event('approval-given', given, { askedBy: given.askedBy });
/** A second administrator did not agree. */
export const approvalDeclined = (
  declined: ApprovalAct & { readonly askedBy: string },
): AuditEvent => event('approval-declined', declined, { askedBy: declined.askedBy });

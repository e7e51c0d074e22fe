/** Owns the events of groups that a directory provisions, as `audit.ts` owns all others: who belongs to them is told of people. */
import type { AuditEvent } from './audit-event.ts';

interface GroupAct {
  readonly at: Date;
  readonly actor: string;
  readonly address: string | undefined;
}

function event(
  kind: string,
  { at, actor, address }: GroupAct,
  details: AuditEvent['details'],
): AuditEvent {
  return { kind, at, userId: undefined, actor, attemptId: undefined, address, details };
}

/** A group was made, to which nobody need belong. */
export const groupMade = (made: GroupAct & { readonly group: string }): AuditEvent =>
  event('group-made', made, { group: made.group });

/** A group got another name. */
export const groupRenamed = (
  renamed: GroupAct & { readonly from: string; readonly to: string },
): AuditEvent => event('group-renamed', renamed, { from: renamed.from, to: renamed.to });

/** A group is there no more once nobody belongs to it. */
export const groupRemoved = (removed: GroupAct & { readonly group: string }): AuditEvent =>
  event('group-removed', removed, { group: removed.group });

/** A directory calls a group something else than before, or nothing any more. */
export const groupCalled = (called: GroupAct & { readonly group: string }): AuditEvent =>
  event('group-external-id-changed', called, { group: called.group });

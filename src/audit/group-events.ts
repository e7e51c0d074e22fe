/** Owns the events of groups that a directory provisions: who belongs to them is told of people. */
import type { AuditEvent } from './audit-event.ts';
import { installationEvent, type InstallationAct } from './installation-event.ts';

/** A group was made, to which nobody need belong. */
export const groupMade = (made: InstallationAct & { readonly group: string }): AuditEvent =>
  installationEvent('group-made', made, { group: made.group });

/** A group got another name. */
export const groupRenamed = (
  renamed: InstallationAct & { readonly from: string; readonly to: string },
): AuditEvent =>
  installationEvent('group-renamed', renamed, { from: renamed.from, to: renamed.to });

/** A group is there no more once nobody belongs to it. */
export const groupRemoved = (removed: InstallationAct & { readonly group: string }): AuditEvent =>
  installationEvent('group-removed', removed, { group: removed.group });

/** A directory calls a group something else than before, or nothing any more. */
export const groupCalled = (called: InstallationAct & { readonly group: string }): AuditEvent =>
  installationEvent('group-external-id-changed', called, { group: called.group });

/** Owns the events of the organisation's directory: that it was synchronised, and which accounts are its own. */
import type { Act } from './audit.ts';
import type { AuditEvent } from './audit-event.ts';

/** What was done with the directory as a whole, and by whom. */
interface SyncAct {
  readonly at: Date;
  readonly actor: string;
  readonly address?: string | undefined;
}

function event(
  kind: string,
  { at, actor, address }: SyncAct,
  details: AuditEvent['details'] = {},
): AuditEvent {
  return { kind, at, userId: undefined, actor, attemptId: undefined, address, details };
}

/** The directory was read to its end, and the accounts are as it says. */
export const directorySynchronised = (
  synchronised: SyncAct & {
    readonly read: number;
    readonly added: number;
    readonly linked: number;
    readonly changed: number;
    readonly enabled: number;
    readonly disabled: number;
  },
): AuditEvent => {
  const { read, added, linked, changed, enabled, disabled } = synchronised;
  const counts = { read, added, linked, changed, enabled, disabled };
  return event('directory-synchronised', synchronised, counts);
};

/** So many accounts would have been switched off at once that none was. */
export const directorySyncHeld = (
  held: SyncAct & { readonly disabling: number; readonly of: number },
): AuditEvent => event('directory-sync-held', held, { disabling: held.disabling, of: held.of });

/** The directory could not be read; `reason` is what it, or the way to it, said. */
export const directorySyncFailed = (failed: SyncAct & { readonly reason: string }): AuditEvent =>
  event('directory-sync-failed', failed, { reason: failed.reason });

/** Somebody in charge asked for a synchronisation, and agreed to so many being switched off, or to none. */
export const directorySyncAsked = (
  asked: SyncAct & { readonly confirms: number | undefined },
): AuditEvent =>
  event(
    'directory-sync-asked',
    asked,
    asked.confirms === undefined ? {} : { confirms: asked.confirms },
  );

/** A group of the directory lets people into a group that was here before. */
export const directoryGroupLinked = (linked: SyncAct & { readonly group: string }): AuditEvent =>
  event('directory-group-linked', linked, { group: linked.group });

/** An account that was made here is an entry of the directory from now on, which keeps its password. */
export const accountLinked = ({ at, userId, actor, address, dn }: Act & { readonly dn: string }) =>
  ({
    kind: 'account-linked',
    at,
    userId,
    actor,
    attemptId: undefined,
    address,
    details: { dn },
  }) satisfies AuditEvent;

/** An account is no entry of the directory any more. */
export const accountUnlinked = ({ at, userId, actor, address }: Act) =>
  ({
    kind: 'account-unlinked',
    at,
    userId,
    actor,
    attemptId: undefined,
    address,
    details: {},
  }) satisfies AuditEvent;

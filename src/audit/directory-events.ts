/** Owns the events of the organisation's directory: that it was synchronised, and which accounts are its own. */
import { act, type Act } from './audit.ts';
import type { AuditEvent } from './audit-event.ts';
import { installationEvent, type InstallationAct } from './installation-event.ts';

/** The directory was read to its end, and the accounts are as it says. */
export const directorySynchronised = (
  synchronised: InstallationAct & {
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
  return installationEvent('directory-synchronised', synchronised, counts);
};

/** So many accounts would have been switched off at once that none was. */
export const directorySyncHeld = (
  held: InstallationAct & { readonly disabling: number; readonly of: number },
): AuditEvent =>
  installationEvent('directory-sync-held', held, { disabling: held.disabling, of: held.of });

/** The directory could not be read; `reason` is what it, or the way to it, said. */
export const directorySyncFailed = (
  failed: InstallationAct & { readonly reason: string },
): AuditEvent => installationEvent('directory-sync-failed', failed, { reason: failed.reason });

/** Somebody in charge asked for a synchronisation, and agreed to so many being switched off, or to none. */
export const directorySyncAsked = (
  asked: InstallationAct & { readonly confirms: number | undefined },
): AuditEvent =>
  installationEvent(
    'directory-sync-asked',
    asked,
    asked.confirms === undefined ? {} : { confirms: asked.confirms },
  );

/** A group of the directory lets people into a group that was here before. */
export const directoryGroupLinked = (
  linked: InstallationAct & { readonly group: string },
): AuditEvent => installationEvent('directory-group-linked', linked, { group: linked.group });

/** An account that was made here is an entry of the directory from now on, which keeps its password. */
export const accountLinked = (linked: Act & { readonly dn: string }): AuditEvent =>
  act('account-linked', linked, { dn: linked.dn });

/** An account is no entry of the directory any more. */
export const accountUnlinked = (unlinked: Act): AuditEvent => act('account-unlinked', unlinked);

/** Owns the events of the systems that ask us: applications, and clients of LDAP and RADIUS. */
import type { AuditEvent } from './audit-event.ts';
import { installationEvent, type InstallationAct } from './installation-event.ts';

/** An application was added, changed or removed, or got another secret. */
export const applicationChanged = (
  changed: InstallationAct & {
    readonly change: 'added' | 'changed' | 'secret-renewed' | 'removed';
    readonly clientId: string;
  },
): AuditEvent =>
  installationEvent(`application-${changed.change}`, changed, { clientId: changed.clientId });

/** An LDAP client was added or removed. */
export const ldapClientChanged = (
  changed: InstallationAct & { readonly change: 'added' | 'removed'; readonly name: string },
): AuditEvent =>
  installationEvent(`ldap-client-${changed.change}`, changed, { name: changed.name });

/** An LDAP client came in, or did not; `name` is one there is, else empty. */
export const ldapClientKnocked = ({
  at,
  address,
  result,
  name,
}: {
  readonly at: Date;
  readonly address: string;
  readonly result: 'accepted' | 'refused';
  readonly name: string;
}): AuditEvent => {
  const actor = result === 'accepted' ? name : 'stranger';
  return installationEvent(`ldap-client-${result}`, { at, actor, address }, { name });
};

/** A RADIUS client was added or removed. */
export const radiusClientChanged = (
  changed: InstallationAct & {
    readonly change: 'added' | 'removed';
    readonly id: string;
    readonly name: string;
  },
): AuditEvent =>
  installationEvent(`radius-client-${changed.change}`, changed, {
    id: changed.id,
    name: changed.name,
  });

/** Owns the addresses of the applications and of the clients of other doors. */

export const applicationsPath = '/admin/applications';

/** What can be connected. A program is an application that acts by itself. */
export const kindsOfSystem = ['app', 'program', 'radius', 'ldap'] as const;
export type KindOfSystem = (typeof kindsOfSystem)[number];

/** The form that adds one. */
export function newSystemPath(kind: KindOfSystem): string {
  return `${applicationsPath}/new/${kind}`;
}

/** The page of an application or program. */
export function applicationPath(clientId: string): string {
  return `${applicationsPath}/app/${clientId}`;
}

/** The page of a RADIUS client. */
export function radiusClientPath(id: string): string {
  return `${applicationsPath}/radius/${id}`;
}

/** The page of an LDAP client. */
export function ldapClientPath(name: string): string {
  return `${applicationsPath}/ldap/${name}`;
}

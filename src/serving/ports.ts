/** Owns the ports beside that of HTTP: the doors for RADIUS and for LDAP. */
import type { FastifyBaseLogger } from 'fastify';

import { createAuditQueue } from '../audit/audit-queue.ts';
import type { Settings } from '../config.ts';
import type { Installation } from '../installation/installation.ts';
import { openLdapDoor, type LdapDoor } from '../protocols/ldap/ldap.ts';
import { listenForRadius, type RadiusListener } from '../protocols/radius/listener.ts';
import type { Doors } from '../signin/doors.ts';

/**
 * Opens the door for RADIUS, where it is wanted. The sample organisation goes without it where the
 * port is taken: nobody asked for it by name, and two of them may run on one machine.
 */
export async function openRadius(
  { isSample, radius: { hosts, port } }: Settings,
  logger: FastifyBaseLogger,
): Promise<RadiusListener | undefined> {
  if (port === undefined) return undefined;
  try {
    return await listenForRadius({ hosts, port });
  } catch (error) {
    const isTaken = error instanceof Error && Reflect.get(error, 'code') === 'EADDRINUSE';
    if (!isSample || !isTaken) throw error;
    logger.warn({ port }, 'the port for RADIUS is taken: this goes without');
    return undefined;
  }
}

/**
 * Opens the door for LDAP, where it is wanted. As that of RADIUS, it stays shut where the port is taken
 * and nobody asked for it by name.
 */
export async function openLdap(
  { settings, database, clock, ldapClients, policies }: Installation,
  doors: Doors,
  origin: string,
  logger: FastifyBaseLogger,
): Promise<LdapDoor | undefined> {
  try {
    return await openLdapDoor({
      settings: settings.ldap,
      dataFolder: settings.dataFolder,
      host: new URL(origin).hostname,
      doors,
      clients: ldapClients,
      users: database.stores.users,
      policies,
      audit: createAuditQueue(database.transact),
      clock,
      report: (error) => logger.error({ err: error }, 'an LDAP request failed'),
    });
  } catch (error) {
    const isTaken = error instanceof Error && Reflect.get(error, 'code') === 'EADDRINUSE';
    if (!settings.isSample || !isTaken) throw error;
    const { port, tlsPort } = settings.ldap;
    logger.warn({ port, tlsPort }, 'a port for LDAP is taken: this goes without');
    return undefined;
  }
}

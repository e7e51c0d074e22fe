/**
 * Owns the LDAP door: its sockets, TLS on them, and an end in which nobody is cut off in the middle of
 * an answer. What happens on a connection is in `connection.ts`, who finds what in `search.ts`.
 */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createSecureContext, createServer as createTlsServer } from 'node:tls';

import type { UserStore } from '../../accounts/user-store.ts';
import type { LdapClients } from '../../applications/ldap-clients.ts';
import type { AuditQueue } from '../../audit/audit-queue.ts';
import { isLoopback } from '../../http/hosts.ts';
import type { Clock } from '../../lib/clock.ts';
import { normaliseAddress } from '../../lib/ip.ts';
import type { Policies } from '../../policies/policies.ts';
import type { Doors } from '../../signin/doors.ts';
import { identityOf, type Identity } from './certificate.ts';
import { connectionLimits, serve, type Connection, type ConnectionParts } from './connection.ts';
import type { LdapSettings } from './settings.ts';
import { treeOf, type Tree } from './tree.ts';

export interface LdapParts {
  readonly settings: LdapSettings;
  /** Where a certificate is kept that is made here. */
  readonly dataFolder: string;
  /** The host that people see: what such a certificate is for. */
  readonly host: string;
  readonly doors: Doors;
  readonly clients: LdapClients;
  readonly users: UserStore;
  readonly policies: Policies;
  readonly audit: AuditQueue;
  readonly clock: Clock;
  readonly report: (error: unknown) => void;
}

export interface LdapDoor {
  /** Undefined where it was not asked for. */
  readonly port: number | undefined;
  readonly tlsPort: number | undefined;
  /** Takes no new connections, lets what is being answered finish for `graceMs`, then cuts. */
  close(graceMs: number): Promise<void>;
}

/** Opens the door; rejects with Node's own error (`EADDRINUSE`) where it cannot. */
export async function openLdapDoor(parts: LdapParts): Promise<LdapDoor> {
  const { settings, policies, users } = parts;
  const { host } = settings;
  const asked = [settings.port, settings.tlsPort].filter((port) => port !== undefined);
  if (asked.length === 0)
    return { port: undefined, tlsPort: undefined, close: () => Promise.resolve() };

  const now = parts.clock.now();
  const { dataFolder } = parts;
  const identity = identityOf(settings, { dataFolder, host: parts.host, now });
  let known: { readonly domain: string; readonly tree: Tree } | undefined;
  const connectionParts: ConnectionParts = {
    doors: parts.doors,
    clients: parts.clients,
    audit: parts.audit,
    clock: parts.clock,
    tls: createSecureContext({ ...identity, minVersion }),
    allowPlain: settings.allowPlain,
    report: parts.report,
    directory: async () => {
      const { domain, name } = (await policies.current()).organisation;
      if (known?.domain !== domain) known = { domain, tree: treeOf(domain) };
      return { users, tree: known.tree, organisation: name };
    },
  };

  const connections = new Set<Connection>();
  const sockets = new Set<Socket>();
  const accept = (socket: Socket): void => {
    const address = normaliseAddress(socket.remoteAddress ?? '') ?? '';
    const peer = { address, isThisMachine: isLoopback(address) };
    const connection = serve(connectionParts, socket, peer);
    // They come in the order in which they opened. Beyond the limit nobody is heard at all, so it begins before.
    if (connections.size >= Math.floor(settings.maxConnections * crowded)) {
      for (const other of connections) {
        if (!other.isStranger()) continue;
        connections.delete(other);
        other.drop();
        break;
      }
    }
    connections.add(connection);
    void connection.ended.then(() => connections.delete(connection));
  };
  const track = (socket: Socket): void => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  };

  const servers: Server[] = [];
  const open = async (server: Server, port: number): Promise<number> => {
    server.maxConnections = settings.maxConnections;
    server.on('connection', track);
    await listen(server, host, port);
    servers.push(server);
    return portOf(server) ?? port;
  };
  const close = async (graceMs: number): Promise<void> => {
    const closed = servers.map(
      (server) => new Promise<void>((resolve) => server.close(() => resolve())),
    );
    for (const connection of connections) connection.leave();
    const cut = setTimeout(() => sockets.forEach((socket) => socket.destroy()), graceMs);
    await Promise.all(closed);
    clearTimeout(cut);
  };

  try {
    const port =
      settings.port === undefined ? undefined : await open(createServer(accept), settings.port);
    const tlsPort =
      settings.tlsPort === undefined
        ? undefined
        : await open(tlsServer(identity, accept), settings.tlsPort);
    return { port, tlsPort, close };
  } catch (error) {
    await close(0);
    throw error;
  }
}

/**
 * How much of the limit may be taken before the stranger who has been there longest makes room: many who connect
 * and say nothing keep nobody out (attack ATK-70).
 */
const crowded = 0.75;

const minVersion = 'TLSv1.2';

function tlsServer(identity: Identity, accept: (socket: Socket) => void): Server {
  const handshakeTimeout = connectionLimits.handshakeSeconds * 1000;
  const server = createTlsServer({ ...identity, minVersion, handshakeTimeout });
  server.on('secureConnection', accept);
  // No TLS, or none that we speak: there is nobody to tell.
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  return server;
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}

function portOf(server: Server): number | undefined {
  const address: AddressInfo | string | null = server.address();
  return typeof address === 'object' ? address?.port : undefined;
}

/**
 * Owns the way to one exchange and back: UDP, TCP or TLS (RFC 3261 §18). All goes to that exchange, and
 * only what comes from its address and port is heard: over UDP the system itself drops everything else.
 */
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';

import { SipFault } from './fault.ts';
import { createFramer } from './framing.ts';
import { readMessage, type SipMessage } from './message.ts';

export interface Route {
  readonly transport: 'udp' | 'tcp' | 'tls';
  readonly host: string;
  readonly port: number;
  /** PEM; undefined: the authorities that this machine trusts. */
  readonly ca: string | undefined;
}

export interface Transport {
  /** Whether what is written arrives, as long as the connection holds. */
  readonly isReliable: boolean;
  /** Our side's address and port, of the newest connection. */
  localHost(): string;
  localPort(): number;
  /** Connects again where the connection is gone. Rejects with a `SipFault` that is not sent. */
  ready(): Promise<void>;
  /** When anything last came from there, by the clock of `performance`; 0: never. */
  heardAt(): number;
  /** Trusts the connection no longer: the next `ready` finds the exchange anew, by its name too. */
  renew(): void;
  /** Writes a message; drops it where there is no connection. */
  write(message: Buffer): void;
  /** For good. */
  close(): Promise<void>;
}

export interface TransportEvents {
  onMessage(message: SipMessage): void;
  /** Over UDP: nobody listens there. Over TCP and TLS: the connection is gone. */
  onBroken(cause: unknown): void;
}

/** How long a connection may take to come about, in milliseconds. */
const connectMs = 8_000;
/** How long a quiet connection is trusted before the system asks, in milliseconds. */
const quietMs = 15_000;

/** Opens it; an aborted signal ends every wait for a connection. Rejects with a `SipFault`. */
export async function openTransport(
  route: Route,
  events: TransportEvents,
  signal: AbortSignal = new AbortController().signal,
): Promise<Transport> {
  return route.transport === 'udp'
    ? openDatagrams(route, events)
    : openStream(route, events, signal);
}

async function openDatagrams({ host, port }: Route, events: TransportEvents): Promise<Transport> {
  const first = await lookup(host, { order: 'ipv4first' }).catch(notReached);
  const socket = createSocket(first.family === 6 ? 'udp6' : 'udp4');
  let isOpen = true;
  let isConnected = false;
  let peer = first.address;
  let heardAt = 0;
  let renewing: Promise<void> | undefined;

  /** From then on the system lets nobody else's datagrams in, and tells when nobody listens there. */
  const connectTo = async (address: string): Promise<void> => {
    if (isConnected) socket.disconnect();
    isConnected = false;
    const connecting = once(socket, 'connect');
    socket.connect(port, address);
    await connecting;
    peer = address;
    isConnected = true;
  };
  const renew = async (): Promise<void> => {
    const { address } = await lookup(host, { family: first.family }).catch(notReached);
    // Anew even where that is where it was: our own address may have changed.
    if (isOpen) await connectTo(address).catch(notReached);
  };
  const broken = (error: unknown): void => {
    if (isOpen && isConnected) events.onBroken(error);
  };

  try {
    socket.bind(0);
    await once(socket, 'listening');
    await connectTo(peer);
  } catch (error) {
    socket.close();
    return notReached(error);
  }
  socket.on('message', (datagram, from) => {
    if (!isOpen || from.address !== peer || from.port !== port) return;
    heardAt = performance.now();
    const message = readMessage(datagram);
    if (message !== undefined) events.onMessage(message);
  });
  socket.on('error', broken);
  let isDoubtful = false;
  return {
    isReliable: false,
    localHost: () => (isConnected ? socket.address().address : ''),
    localPort: () => (isConnected ? socket.address().port : 0),
    ready: async () => {
      // A way that was not found is looked for again: what is written to none is lost in silence.
      if (isOpen && (isDoubtful || !isConnected)) {
        isDoubtful = false;
        renewing ??= renew().finally(() => {
          renewing = undefined;
        });
      }
      await renewing;
      if (!isOpen) throw new SipFault('it was closed', { isSent: false });
    },
    heardAt: () => heardAt,
    renew: () => {
      isDoubtful = true;
    },
    write: (message) => {
      if (isOpen && isConnected) socket.send(message, (error) => error && broken(error));
    },
    close: async () => {
      if (!isOpen) return;
      isOpen = false;
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.close();
      await closed;
    },
  };
}

async function openStream(
  route: Route,
  events: TransportEvents,
  signal: AbortSignal,
): Promise<Transport> {
  let socket: Socket | undefined;
  let opening: Promise<void> | undefined;
  let isClosed = false;
  let localHost = '';
  let localPort = 0;
  let heardAt = 0;

  const open = async (): Promise<void> => {
    const opened = await connected(route, signal);
    if (isClosed) {
      opened.destroy();
      throw new SipFault('it was closed', { isSent: false });
    }
    localHost = opened.localAddress ?? '';
    localPort = opened.localPort ?? 0;
    socket = opened;
    const framer = createFramer();
    let why: unknown;
    opened.on('data', (chunk: Buffer) => {
      heardAt = performance.now();
      try {
        for (const message of framer.push(chunk)) events.onMessage(message);
      } catch (error) {
        why = error;
        opened.destroy();
      }
    });
    opened.on('error', (error) => {
      why = error;
    });
    opened.on('close', () => gone(opened, why));
  };
  /** Told once, and before there is another: what went over it is not what goes over the next one. */
  const gone = (which: Socket, why: unknown): void => {
    if (socket !== which) return;
    socket = undefined;
    which.destroy();
    if (!isClosed) events.onBroken(why);
  };
  const ready = async (): Promise<void> => {
    if (isClosed) throw new SipFault('it was closed', { isSent: false });
    if (socket?.writable === true) return;
    if (socket !== undefined) gone(socket, undefined);
    opening ??= open().finally(() => {
      opening = undefined;
    });
    await opening;
  };
  await ready();
  return {
    isReliable: true,
    localHost: () => localHost,
    localPort: () => localPort,
    ready,
    heardAt: () => heardAt,
    renew: () => {
      if (socket !== undefined) gone(socket, undefined);
    },
    write: (message) => {
      if (socket?.writable === true) socket.write(message);
    },
    close: async () => {
      isClosed = true;
      const ending = socket;
      if (ending === undefined) return;
      const closed = new Promise((resolve) => ending.once('close', resolve));
      ending.destroySoon();
      // Whoever does not take its end from us loses it.
      const late = setTimeout(() => ending.destroy(), 500);
      await closed;
      clearTimeout(late);
    },
  };
}

function connected({ transport, host, port, ca }: Route, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const isSecure = transport === 'tls';
    const socket = isSecure
      ? connectSecurely({
          host,
          port,
          minVersion: 'TLSv1.2',
          ...(isIP(host) === 0 ? { servername: host } : {}),
          ...(ca === undefined ? {} : { ca }),
        })
      : connect({ host, port });
    socket.setNoDelay(true).setKeepAlive(true, quietMs);
    const late = setTimeout(() => failed(new Error('ETIMEDOUT')), connectMs);
    const failed = (error: unknown): void => {
      clearTimeout(late);
      signal.removeEventListener('abort', stop);
      socket.destroy();
      reject(unreached(error));
    };
    const stop = (): void => failed(new Error('broken off'));
    const broken = (): void => failed(new Error('ECONNRESET'));
    socket.once('error', failed).once('close', broken);
    socket.once(isSecure ? 'secureConnect' : 'connect', () => {
      clearTimeout(late);
      signal.removeEventListener('abort', stop);
      socket.off('error', failed).off('close', broken);
      resolve(socket);
    });
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
}

/** The fault of an exchange that was not reached; says why by the system's own code. */
export function unreached(cause: unknown): SipFault {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  const why = cause instanceof Error ? cause.message : 'failed';
  const told = typeof code === 'string' ? code : why;
  return new SipFault(`the exchange was not reached: ${told}`, { isSent: false, cause });
}

function notReached(error: unknown): never {
  throw unreached(error);
}

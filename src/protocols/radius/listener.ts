/**
 * Owns the sockets of the RADIUS door: opened before anything else, so that a taken port is told
 * before the database is touched. What comes before there is anybody to answer is dropped.
 */
import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';

export interface RadiusListener {
  /** Where it listens, which matters when any free port was asked for. */
  readonly port: number;
  /** From now on packets go there; what it resolves to is sent back. */
  attach(receive: (datagram: Buffer, from: string) => Promise<Buffer | undefined>): void;
  close(): Promise<void>;
}

/** As many packets as come in one busy moment; the system gives what it allows. */
const bufferBytes = 4 * 1024 * 1024;

/**
 * Opens the sockets; rejects with Node's own error (`EADDRINUSE`) when it cannot. A machine without
 * IPv6 has no ::1: that alone is passed over, where something else is listened on.
 */
export async function listenForRadius(options: {
  readonly hosts: readonly string[];
  /** 0 = any free one, the same on every host. */
  readonly port: number;
}): Promise<RadiusListener> {
  let receive: ((datagram: Buffer, from: string) => Promise<Buffer | undefined>) | undefined;
  const sockets: Socket[] = [];
  const close = async (): Promise<void> => {
    const open = sockets.splice(0);
    await Promise.all(
      open.map((socket) => new Promise<void>((resolve) => socket.close(() => resolve()))),
    );
  };
  let { port } = options;
  try {
    for (const host of options.hosts) {
      const socket = await bind(host, port).catch((error: unknown) => {
        if (host === '::1' && sockets.length > 0 && isWithoutIpv6(error)) return undefined;
        throw error;
      });
      if (socket === undefined) continue;
      sockets.push(socket);
      port = socket.address().port;
      socket.on('message', (datagram, { address, port: theirs }) => {
        void receive?.(datagram, address).then((answer) => {
          // Nobody waits for what could not be sent: they ask again.
          if (answer !== undefined && sockets.includes(socket)) {
            socket.send(answer, theirs, address, () => {});
          }
        });
      });
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    port,
    attach: (next) => {
      receive = next;
    },
    close,
  };
}

async function bind(host: string, port: number): Promise<Socket> {
  const isV6 = isIPv6(host);
  const socket = createSocket(isV6 ? { type: 'udp6', ipv6Only: true } : { type: 'udp4' });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind({ address: host, port, exclusive: true }, () => {
        socket.removeListener('error', reject);
        resolve();
      });
    });
  } catch (error) {
    socket.close();
    throw error;
  }
  // What comes of one packet (nobody listens there any more) is no reason to end.
  socket.on('error', () => {});
  try {
    socket.setRecvBufferSize(bufferBytes);
  } catch {
    // A system that gives less refuses more: then its own measure holds.
  }
  return socket;
}

function isWithoutIpv6(error: unknown): boolean {
  const code = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT' || code === 'EINVAL';
}

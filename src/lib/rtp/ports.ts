/**
 * Owns the ports at which the sound of a call is heard: an even one, and the next for its reports
 * (RFC 3550 §11).
 */
import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';

import { randomBelow, type Random } from '../random.ts';

/** The ports that a firewall lets through, both ends among them. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

export interface MediaPorts {
  readonly rtp: Socket;
  /** Undefined where somebody else has that port. */
  readonly rtcp: Socket | undefined;
  readonly port: number;
}

/** How many ports are tried before there is none. */
const mostTries = 40;

/** Opens a pair, of the range or any; throws where there is none. */
export async function openPorts(
  host: string,
  range: PortRange | undefined,
  random: Random,
): Promise<MediaPorts> {
  let fault: unknown;
  for (let tried = 0; tried < mostTries; tried += 1) {
    const rtp = await bound(host, range === undefined ? 0 : evenPortOf(range, random)).catch(
      (error: unknown) => {
        fault = error;
      },
    );
    const port = rtp?.address().port ?? 1;
    if (rtp !== undefined && port % 2 === 0) {
      const rtcp = await bound(host, port + 1).catch(() => undefined);
      return { rtp, rtcp, port };
    }
    rtp?.close();
  }
  throw new Error(`no port for the sound of a call on ${host}`, { cause: fault });
}

/** Of the even ports whose next is within the range as well; throws where there is none. */
function evenPortOf({ from, to }: PortRange, random: Random): number {
  const first = Math.ceil(from / 2);
  const last = Math.floor((to - 1) / 2);
  return 2 * (first + randomBelow(random, last - first + 1));
}

function bound(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket({
      type: isIPv6(host) ? 'udp6' : 'udp4',
      // Every address is one already: nothing is looked up.
      lookup: (address, _options, found) => found(null, address, isIPv6(address) ? 6 : 4),
    });
    socket.once('error', (error) => {
      socket.close();
      reject(error);
    });
    socket.bind(port, host, () => {
      socket.removeAllListeners('error');
      // What nobody took in comes back as an error of the socket; silence says the same.
      socket.on('error', () => undefined);
      resolve(socket);
    });
  });
}

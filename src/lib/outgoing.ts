/**
 * Calls from our server to somebody else's, without lending them our place in the network (server
 * side request forgery, security.md ATK-66): the name is resolved once, every address it has must
 * be allowed, the connection goes to exactly that address, redirects are not followed, and neither
 * time nor size is open-ended.
 */
import { lookup as lookupByDns } from 'node:dns';
import type { IncomingHttpHeaders } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';

import { addressRanges } from './ip.ts';
import { request as requestHttp } from './node-http.ts';

export interface OutgoingRequest {
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface OutgoingAnswer {
  readonly status: number;
  /** As the other side wrote them: names in lower case, values believed by nobody. */
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface OutgoingLimits {
  /** Whether we may connect to this address for this host. Default: public addresses only. */
  readonly allows?: (address: string, host: string) => boolean;
  /** For the whole call, from the look-up to the last byte. Default 5,000. */
  readonly timeoutMs?: number;
  /** Default 262,144 (256 KB). */
  readonly maximumBytes?: number;
  /** How names become addresses. Default: the system's resolver. */
  readonly lookup?: LookupFunction;
  /** Breaks the call off. Default: nobody does. */
  readonly signal?: AbortSignal;
  /** Certificates (PEM) that vouch for the other side. Default: the usual authorities. */
  readonly authorities?: string;
}

/** Why a call was not made, or was ended: never anything the other side said. */
export class OutgoingError extends Error {
  override readonly name = 'OutgoingError';
  readonly reason: 'address-refused' | 'too-slow' | 'too-large' | 'broken-off' | 'failed';
  /** Whether there was a connection, so that the other side may have had the request and acted on it. */
  readonly mayHaveArrived: boolean;

  constructor(reason: OutgoingError['reason'], cause?: unknown, mayHaveArrived = false) {
    super(`The call was not completed: ${reason}.`, cause === undefined ? undefined : { cause });
    this.reason = reason;
    this.mayHaveArrived = mayHaveArrived;
  }
}

// RFC 6890 and what followed it: loopback, private, link-local (with the clouds' metadata), shared,
// documentation, benchmark, multicast, reserved, and every way of writing IPv4 inside IPv6.
const special = addressRanges([
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
  '::/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
  '5f00::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
]);

/** Whether an address is on the open internet: not this machine, not a private or special network. */
export function isPublicAddress(address: string): boolean {
  return isIP(address.replace(/%.*$/, '')) !== 0 && !special.has(address);
}

/** Makes the call and reads the answer whole; throws an `OutgoingError` when it does not come to that. */
export async function callOutside(
  url: URL,
  request: OutgoingRequest,
  limits: OutgoingLimits = {},
): Promise<OutgoingAnswer> {
  const { timeoutMs = 5000, maximumBytes = 262_144 } = limits;
  const allows = limits.allows ?? isPublicAddress;
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  // An address in the URL itself is connected to without a look-up.
  if (isIP(host) !== 0 && !allows(host, host)) throw new OutgoingError('address-refused');
  const tooSlow = AbortSignal.timeout(timeoutMs);
  const brokenOff = limits.signal;
  const signal = brokenOff === undefined ? tooSlow : AbortSignal.any([tooSlow, brokenOff]);

  return new Promise((resolve, reject) => {
    let isConnected = false;
    const fail = (cause: unknown): void => {
      if (cause instanceof OutgoingError) reject(cause);
      else if (brokenOff?.aborted === true)
        reject(new OutgoingError('broken-off', cause, isConnected));
      else reject(new OutgoingError(tooSlow.aborted ? 'too-slow' : 'failed', cause, isConnected));
    };
    const isSecure = url.protocol === 'https:';
    const call = isSecure ? requestHttps : requestHttp;
    const outgoing = call(url, {
      method: request.method,
      headers: {
        ...request.headers,
        ...(request.body === undefined
          ? {}
          : { 'content-length': String(Buffer.byteLength(request.body)) }),
      },
      // A connection of its own: one that is kept would outlive what was checked.
      agent: false,
      lookup: guarded(limits.lookup ?? lookupByDns, allows),
      signal,
      ...(limits.authorities === undefined ? {} : { ca: limits.authorities }),
    });
    outgoing.on('socket', (socket) => {
      // Nothing is written before: not to somebody whose certificate is wrong, say.
      socket.once(isSecure ? 'secureConnect' : 'connect', () => {
        isConnected = true;
      });
    });
    outgoing.on('error', fail);
    outgoing.on('response', (answer) => {
      const chunks: Buffer[] = [];
      let received = 0;
      answer.on('error', fail);
      answer.on('data', (chunk: Buffer) => {
        received += chunk.length;
        if (received <= maximumBytes) {
          chunks.push(chunk);
        } else {
          fail(new OutgoingError('too-large', undefined, true));
          answer.destroy();
        }
      });
      answer.on('end', () => {
        const { statusCode = 0, headers } = answer;
        resolve({ status: statusCode, headers, body: Buffer.concat(chunks) });
      });
    });
    outgoing.end(request.body);
  });
}

/** One refused address refuses the name: whoever owns it chose the others too. */
function guarded(
  lookup: LookupFunction,
  allows: (address: string, host: string) => boolean,
): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      // Where there is no such name there are no addresses either, not even none.
      const addresses = error !== null || typeof found === 'string' ? [] : found;
      const [first] = addresses;
      if (error !== null || first === undefined) {
        callback(error ?? new OutgoingError('failed'), []);
      } else if (!addresses.every(({ address }) => allows(address, hostname))) {
        callback(new OutgoingError('address-refused'), []);
      } else if (options.all === true) {
        callback(null, addresses);
      } else {
        callback(null, first.address, first.family);
      }
    });
  };
}

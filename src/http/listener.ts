/**
 * Owns the socket: opened before anything else, so that a taken port is told before the database is
 * touched and a port of 0 is known before links are made; limits on how slowly and how much anybody
 * may send (attack ATK-90); and an end in which nobody is cut off while there is time.
 */
import type { RequestListener, Server } from 'node:http';
import type { Socket } from 'node:net';

import { createServer } from '../lib/node-http.ts';
import { securityHeaders } from './headers.ts';

export interface ListenOptions {
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
  /** Connections at once; further ones are closed unheard. Default 4096. */
  readonly maxConnections?: number;
}

export interface Listener {
  readonly server: Server;
  readonly port: number;
  /** From now on requests go there; until then they are told to come back in a second. */
  attach(handler: RequestListener): void;
  /** Takes no new connections, lets requests in flight finish for `graceMs`, then cuts. */
  close(graceMs: number): Promise<void>;
}

/** What Node must be told of our limits; also for servers made by others (tests). */
export const serverLimits = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  // Longer than proxies keep an idle connection (nginx: 60 s): they must be the ones to let go.
  keepAliveTimeout: 65_000,
  // How often the timeouts above are looked after.
  connectionsCheckingInterval: 2000,
} as const;

const ownHeaders = Object.fromEntries(securityHeaders(false));

/** Opens the socket; rejects with Node's own error (`EADDRINUSE`) when it cannot. */
export async function listen(options: ListenOptions): Promise<Listener> {
  let handler: RequestListener = (_request, response) => {
    const headers = { 'retry-after': '1', 'content-type': 'text/plain' };
    response.writeHead(503, { ...ownHeaders, ...headers }).end('Tweestap is starting.\n');
  };
  // Who names no host is refused with all headers, as whoever names another (`http.ts`), not by Node.
  const limits = { ...serverLimits, requireHostHeader: false };
  const server = createServer(limits, (request, response) => {
    handler(request, response);
  });
  server.on('checkExpectation', (_request, response) => {
    response.writeHead(417, { ...ownHeaders, connection: 'close' }).end();
  });
  server.maxConnections = options.maxConnections ?? 4096;
  server.maxRequestsPerSocket = 1000;
  server.on('clientError', answerClientError);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: options.host, port: options.port }, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
  const address = server.address();
  return {
    server,
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    attach: (next) => {
      handler = next;
    },
    close: (graceMs) => closeGently(server, graceMs),
  };
}

async function closeGently(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  // A connection that was busy when the server closed becomes idle later, and would be kept open.
  const idle = setInterval(() => server.closeIdleConnections(), 25);
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  server.closeIdleConnections();
  await closed;
  clearInterval(idle);
  clearTimeout(cut);
}

/** Answers what is no HTTP, is too long, or came too slowly, in as few words as possible. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? '431 Request Header Fields Too Large'
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? '408 Request Timeout'
        : '400 Bad Request';
  const headers = securityHeaders(false).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(
    `HTTP/1.1 ${status}\r\n${headers.join('')}content-length: 0\r\nconnection: close\r\n\r\n`,
  );
}

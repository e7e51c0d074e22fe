/**
 * A front that ends TLS on this machine, as a reverse proxy does: for clients that speak to nothing else.
 * Its certificate is trusted by this whole process.
 */
import { createServer, type Server } from 'node:https';
import { request } from 'node:http';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';

import { makeCertificate } from '../../src/lib/self-signed-certificate.ts';

export interface TlsFront {
  /** What people see: `https://localhost:12345`. */
  readonly origin: string;
  /** Passes on to this port of 127.0.0.1 from now on. */
  leadTo(port: number): void;
  close(): Promise<void>;
}

/** Listens on a free port. */
export async function startTlsFront(): Promise<TlsFront> {
  const { key, certificate, authority } = makeCertificate({
    hosts: ['localhost'],
    now: new Date(),
    days: 2,
  });
  setDefaultCACertificates([...getCACertificates('default'), authority]);
  let behind = 0;
  const server: Server = createServer({ cert: certificate, key }, (asked, answer) => {
    const passed = request(
      {
        host: '127.0.0.1',
        port: behind,
        method: asked.method,
        path: asked.url,
        headers: asked.headers,
      },
      (answered) => {
        answer.writeHead(answered.statusCode ?? 502, answered.headers);
        answered.pipe(answer);
      },
    );
    passed.on('error', () => answer.writeHead(502).end());
    asked.pipe(passed);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  return {
    origin: `https://localhost:${port}`,
    leadTo: (to) => {
      behind = to;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

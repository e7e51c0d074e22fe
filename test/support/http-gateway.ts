/** A gateway for texts that takes an HTTP request, and answers as it is told. */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text as textOf } from 'node:stream/consumers';

/** What a gateway was asked. */
export interface GatewayRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface GatewayAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A gateway that answers as it is told; undefined: not at all. */
export interface Gateway {
  readonly address: string;
  readonly asked: GatewayRequest[];
  answer: (asked: GatewayRequest, count: number) => GatewayAnswer | undefined;
  goDown: () => Promise<void>;
  comeUp: () => Promise<void>;
}

/** Starts it; it answers 202 and what it calls the message until told otherwise. */
export async function startGateway(certificate?: {
  readonly key: string;
  readonly certificate: string;
}): Promise<Gateway> {
  const asked: GatewayRequest[] = [];
  let server: Server | undefined;
  let port = 0;
  const comeUp = async (): Promise<void> => {
    const handle: Parameters<typeof createServer>[1] = (request, response) => {
      void textOf(request).then((body) => {
        const { method = '', url = '', headers } = request;
        const seen = { method, path: url, headers, body };
        asked.push(seen);
        const answered = gateway.answer(seen, asked.length);
        if (answered === undefined) return;
        response.writeHead(answered.status, answered.headers).end(answered.body ?? '');
      });
    };
    const opened =
      certificate === undefined
        ? createServer(handle)
        : createSecureServer({ key: certificate.key, cert: certificate.certificate }, handle);
    await new Promise<void>((resolve) => {
      opened.listen(port, '127.0.0.1', resolve);
    });
    const found = opened.address();
    assert.ok(typeof found === 'object' && found !== null);
    ({ port } = found satisfies AddressInfo);
    server = opened;
  };
  const gateway: Gateway = {
    get address() {
      return `${certificate === undefined ? 'http' : 'https'}://localhost:${port}`;
    },
    asked,
    answer: (_asked, count) => ({
      status: 202,
      body: JSON.stringify({ messages: [{ id: `m${count}` }] }),
    }),
    goDown: async () => {
      const closing = server;
      server = undefined;
      closing?.closeAllConnections();
      await new Promise<void>((resolve) => {
        if (closing === undefined) resolve();
        else closing.close(() => resolve());
      });
    },
    comeUp,
  };
  await comeUp();
  return gateway;
}

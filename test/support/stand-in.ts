/**
 * What the stand-ins for networks of texts and calls have in common: a server on a port of this machine
 * that goes down and comes up again, how it lets one down, and webhooks that are brought and kept.
 */
import assert from 'node:assert/strict';
import { createServer, request as requestHttp, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Socket } from 'node:net';
import { text as textOf } from 'node:stream/consumers';

/** A webhook, as it is to be brought. */
export interface Webhook {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface WebhookAnswer {
  readonly status: number;
  readonly body: string;
}

/** How an API lets one down. */
export type ApiFault =
  /** An error of its own, with its code where it has such. */
  | {
      readonly kind: 'error';
      readonly status: number;
      readonly code?: number;
      readonly retryAfter?: string;
    }
  /** Nobody answers; what was asked is done all the same, or not. */
  | { readonly kind: 'hang'; readonly isTaken: boolean }
  /** 500 to every second request; what was asked is done all the same, or not. */
  | { readonly kind: 'half'; readonly isTaken: boolean }
  /** A yes, and something that is not its protocol. */
  | { readonly kind: 'garbage'; readonly body: string };

/** What a stand-in was asked. */
export interface Asked {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** What it answers: text as it stands, anything else as JSON. */
export interface Answered {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** A key and its certificate, in PEM. */
export interface Identity {
  readonly key: string;
  readonly certificate: string;
}

export interface StandIn {
  readonly address: string;
  readonly goDown: () => Promise<void>;
  readonly comeUp: () => Promise<void>;
}

/** Listens on a port of its own until it goes down. Whoever is answered undefined is not answered at all. */
export async function startStandIn(
  answer: (asked: Asked) => Answered | undefined | Promise<Answered | undefined>,
  certificate?: Identity,
): Promise<StandIn> {
  const sockets = new Set<Socket>();
  const handle: Parameters<typeof createServer>[1] = (request, response) => {
    const { url: path = '/', method = 'GET', headers } = request;
    const answering = textOf(request).then(async (body) => {
      const answered = await answer({ method, path, headers, body });
      if (answered === undefined) return;
      const isText = typeof answered.body === 'string';
      response.writeHead(answered.status, {
        'content-type': 'application/json',
        ...answered.headers,
      });
      response.end(isText ? answered.body : JSON.stringify(answered.body));
    });
    // Whoever asked may be gone.
    answering.catch(() => undefined);
  };
  let server: Server | undefined;
  let port = 0;
  const comeUp = async (): Promise<void> => {
    const opened =
      certificate === undefined
        ? createServer(handle)
        : createSecureServer({ key: certificate.key, cert: certificate.certificate }, handle);
    opened.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    });
    await new Promise<void>((resolve) => {
      opened.listen(port, '127.0.0.1', resolve);
    });
    const listening = opened.address();
    assert.ok(typeof listening === 'object' && listening !== null);
    ({ port } = listening);
    server = opened;
  };
  const goDown = async (): Promise<void> => {
    const closing = server;
    server = undefined;
    if (closing === undefined) return;
    const closed = new Promise<void>((resolve) => {
      closing.close(() => resolve());
    });
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  await comeUp();
  const protocol = certificate === undefined ? 'http' : 'https';
  return { address: `${protocol}://localhost:${port}`, goDown, comeUp };
}

/** Brings webhooks, and keeps each so that it can be brought again. */
export interface Bringer {
  readonly bring: (webhook: Webhook) => Promise<WebhookAnswer>;
  readonly brought: () => readonly Webhook[];
  /** From now on every webhook is brought this many times. */
  repeats: (times: number) => void;
  /** Does something whose end nobody waits for but `settled`. */
  readonly inBackground: (work: Promise<unknown>) => void;
  readonly settled: () => Promise<void>;
}

/** Makes one; `deliver` is how webhooks reach us: over HTTP, to the address they name, unless told. */
export function createBringer(
  deliver: (webhook: Webhook) => Promise<WebhookAnswer> = bringByHttp,
): Bringer {
  const brought: Webhook[] = [];
  const working = new Set<Promise<unknown>>();
  let times = 1;
  return {
    bring: async (webhook) => {
      brought.push(webhook);
      const answer = await deliver(webhook);
      for (let again = 1; again < times; again += 1) await deliver(webhook);
      return answer;
    },
    brought: () => brought,
    repeats: (count) => {
      times = count;
    },
    inBackground: (work) => {
      const settled = work.catch(() => undefined).finally(() => working.delete(settled));
      working.add(settled);
    },
    settled: async () => {
      await Promise.all(working);
    },
  };
}

/** The newest of those that went to a number; waits for it. */
export async function newestTo<taken extends { readonly to: string }>(
  list: readonly taken[],
  number: string,
): Promise<taken> {
  const giveUpAt = performance.now() + 10_000;
  for (;;) {
    const found = list.findLast(({ to }) => to === number);
    if (found !== undefined) return found;
    assert.ok(performance.now() < giveUpAt, `nothing was sent to ${number}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
  }
}

function bringByHttp({ url, headers, body }: Webhook): Promise<WebhookAnswer> {
  return new Promise((resolve, reject) => {
    const sent = requestHttp(url, { method: 'POST', headers }, (response) => {
      void textOf(response).then((told) =>
        resolve({ status: response.statusCode ?? 0, body: told }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

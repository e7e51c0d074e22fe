/**
 * Somebody who speaks SIP as a test tells them to, on a port of this machine: written from RFC 3261 with
 * its own reading and writing of messages. It does nothing by itself: it repeats nothing, checks nothing,
 * and says whatever it is told to say, right or wrong.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createServer as createSecureServer } from 'node:tls';

import { until } from './poll.ts';

/** A message as it came. */
export interface Heard {
  readonly text: string;
  /** `INVITE`, or `200` of an answer to us. */
  readonly what: string;
  readonly uri: string;
  readonly body: string;
  /** `''` where there is no such header; names as we write them. */
  header(name: string): string;
  headers(name: string): readonly string[];
}

export interface Said {
  /** Of To in an answer, where the request has none. Default `peer`. */
  readonly tag?: string;
  readonly headers?: readonly string[];
  readonly body?: string;
  /** What is added to the Via of an answer: `;received=203.0.113.7`. */
  readonly via?: string;
}

export interface SipPeer {
  readonly port: number;
  /** Everything that came, in order; repetitions too. */
  heard(what?: string): readonly Heard[];
  /** Waits for the next message of this kind that was not asked for before; repetitions are skipped. */
  next(what: string): Promise<Heard>;
  /** The same, and takes a repetition too. */
  again(what: string): Promise<Heard>;
  /** Answers: `486 Busy Here`. */
  answer(request: Heard, status: string, said?: Said): void;
  /** Asks within the call of this INVITE, which it answered with this tag. */
  ask(invite: Heard, method: string, said?: Said & { readonly number?: number }): void;
  /** Says exactly this to whoever spoke last. */
  say(text: string): void;
  /** Ends the connections (TCP and TLS). */
  hangUp(): void;
  close(): Promise<void>;
}

/** Starts it. With a certificate it speaks TLS. */
export async function startSipPeer(
  transport: 'udp' | 'tcp' | 'tls' = 'udp',
  certificate?: { readonly key: string; readonly certificate: string },
): Promise<SipPeer> {
  const all: Heard[] = [];
  const taken = new Set<Heard>();
  let say: (text: string) => void = () => {};
  const hear = (text: string): void => {
    if (text.trim() !== '') all.push(readHeard(text));
  };
  const wire =
    transport === 'udp'
      ? await datagrams(hear, (back) => (say = back))
      : await stream(transport, certificate, hear, (back) => (say = back));
  const name = `<sip:peer@127.0.0.1:${wire.port};transport=${transport}>`;
  let sequence = 100;

  const write = (lines: readonly string[], body = ''): void =>
    say([...lines, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join('\r\n'));
  const take = async (what: string, isMeant: (each: Heard) => boolean): Promise<Heard> => {
    const found = await until(`${what} at the peer`, () =>
      all.find((each) => each.what === what && !taken.has(each) && isMeant(each)),
    );
    taken.add(found);
    return found;
  };
  return {
    port: wire.port,
    heard: (what) => all.filter((each) => what === undefined || each.what === what),
    next: (what) => take(what, (each) => ![...taken].some(({ text }) => text === each.text)),
    again: (what) => take(what, () => true),
    answer: (request, status, { tag = 'peer', headers = [], body, via: seen = '' } = {}) => {
      const to = request.header('To');
      write(
        [
          `SIP/2.0 ${status}`,
          ...request.headers('Via').map((via) => `Via: ${via}${seen}`),
          `From: ${request.header('From')}`,
          `To: ${to}${/;tag=/.test(to) || tag === '' ? '' : `;tag=${tag}`}`,
          `Call-ID: ${request.header('Call-ID')}`,
          `CSeq: ${request.header('CSeq')}`,
          ...(headers.some((each) => each.startsWith('Contact:')) ? [] : [`Contact: ${name}`]),
          ...(body === undefined ? [] : ['Content-Type: application/sdp']),
          ...headers,
        ],
        body,
      );
    },
    ask: (invite, method, { tag = 'peer', headers = [], body, number = (sequence += 1) } = {}) => {
      const theirs = /<([^>]+)>/.exec(invite.header('Contact'))?.[1] ?? '';
      write(
        [
          `${method} ${theirs} SIP/2.0`,
          `Via: SIP/2.0/${transport.toUpperCase()} 127.0.0.1:${wire.port};branch=z9hG4bK${method}${number}`,
          'Max-Forwards: 70',
          `From: ${invite.header('To')};tag=${tag}`,
          `To: ${invite.header('From')}`,
          `Call-ID: ${invite.header('Call-ID')}`,
          `CSeq: ${number} ${method}`,
          `Contact: ${name}`,
          ...headers,
        ],
        body,
      );
    },
    say: (text) => say(text),
    hangUp: wire.hangUp,
    close: wire.close,
  };
}

interface Wire {
  readonly port: number;
  hangUp(): void;
  close(): Promise<void>;
}

async function datagrams(
  hear: (text: string) => void,
  answerBy: (back: (text: string) => void) => void,
): Promise<Wire> {
  const socket = createSocket('udp4');
  let isOpen = true;
  socket.on('message', (datagram, from) => {
    answerBy((text) => {
      if (isOpen) socket.send(text, from.port, from.address);
    });
    hear(datagram.toString('utf8'));
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    port: socket.address().port,
    hangUp: () => {},
    close: async () => {
      if (!isOpen) return;
      isOpen = false;
      const closed = once(socket, 'close');
      socket.close();
      await closed;
    },
  };
}

async function stream(
  transport: 'tcp' | 'tls',
  certificate: { readonly key: string; readonly certificate: string } | undefined,
  hear: (text: string) => void,
  answerBy: (back: (text: string) => void) => void,
): Promise<Wire> {
  const sockets = new Set<Socket>();
  const connected = (socket: Socket): void => {
    let received = Buffer.alloc(0);
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    answerBy((text) => {
      if (socket.writable) socket.write(text);
    });
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      for (;;) {
        const end = received.indexOf('\r\n\r\n');
        if (end === -1) return;
        const length = Number(
          /^Content-Length: (\d+)$/m.exec(received.toString('utf8', 0, end))?.[1],
        );
        const whole = end + 4 + (Number.isNaN(length) ? 0 : length);
        if (received.length < whole) return;
        hear(received.toString('utf8', 0, whole));
        received = received.subarray(whole);
      }
    });
  };
  const server =
    transport === 'tls'
      ? createSecureServer({ key: certificate?.key, cert: certificate?.certificate }, connected)
      : createServer(connected);
  // Who does not trust it ends the connection.
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const hangUp = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: address.port,
    hangUp,
    close: async () => {
      hangUp();
      await new Promise((closed) => server.close(closed));
    },
  };
}

function readHeard(text: string): Heard {
  const [head = '', ...body] = text.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const [one = '', two = ''] = first.split(' ');
  const headers = (name: string): readonly string[] =>
    lines
      .filter((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`))
      .map((line) => line.slice(name.length + 1).trim());
  return {
    text,
    what: one.startsWith('SIP/') ? two : one,
    uri: two,
    body: body.join('\r\n\r\n'),
    header: (name) => headers(name)[0] ?? '',
    headers,
  };
}

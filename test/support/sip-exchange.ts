/**
 * A telephone exchange for tests, with the telephones behind it, on a port of this machine: written from RFC
 * 3261, 2617, 3264, 3550 and 4733, with its own reading and writing of all of them. Telephones do what the
 * test says; what is said to them they note byte for byte.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createSocket, type Socket as Datagrams } from 'node:dgram';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createSecureServer } from 'node:tls';

import { until } from './poll.ts';

/** What a telephone, or the exchange, does with the next calls. */
export type Meets =
  | { readonly kind: 'answer' }
  /** It rings until it is told otherwise. */
  | { readonly kind: 'ring' }
  /** `trying` first says that it tries; `ringing` rings before. */
  | {
      readonly kind: 'refuse';
      readonly status: number;
      readonly after?: 'trying' | 'ringing';
      readonly retryAfter?: number;
    }
  | { readonly kind: 'hang' }
  | { readonly kind: 'garbage' }
  /** Answers with a description of a sound that nobody has. */
  | { readonly kind: 'no-sound' };

export interface ExchangeCall {
  /** The user part of who is called, and of who calls. */
  readonly to: string;
  readonly from: string;
  readonly callId: string;
  /** What was said so far: each byte of A-law is one of the words. */
  words(): string;
  /** How many packets of silence it has heard since the last word. */
  silence(): number;
  /** Keys that we were sent, as events. */
  dialled(): string;
  pickUp(): void;
  press(keys: string): void;
  /** 20 ms of sound each, as fast as they would be spoken. */
  speak(frames: readonly Int16Array[]): Promise<void>;
  /** Declines it, while it rings. */
  decline(status: number): void;
  hangUp(): void;
  /** How it ended, once it has. */
  end(): 'caller' | 'telephone' | 'cancelled' | 'refused' | undefined;
}

export interface Exchange {
  readonly port: number;
  calls(): readonly ExchangeCall[];
  /** The call at this place, 0 unless told; waits for it. */
  call(index?: number): Promise<ExchangeCall>;
  /** How often somebody was to be called, whatever came of it. */
  invites(): number;
  meets(what: Meets): void;
  /** One after another, then the last one. */
  meetsInTurn(what: readonly Meets[]): void;
  goDown(): Promise<void>;
  comeUp(): Promise<void>;
}

export interface ExchangeOptions {
  readonly transport?: 'udp' | 'tcp';
  /** Over TLS. */
  readonly certificate?: { readonly key: string; readonly certificate: string };
  /** Asks for a password. */
  readonly account?: { readonly user: string; readonly password: string };
}

type Send = (text: string) => void;

interface Message {
  readonly first: string;
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: string;
}

/** Starts it; end it with `goDown`. */
export async function startExchange(options: ExchangeOptions = {}): Promise<Exchange> {
  const { transport = 'udp', certificate, account } = options;
  const calls: (ExchangeCall & { receive: (message: Message, send: Send) => void })[] = [];
  const nonce = randomBytes(12).toString('hex');
  const answered = new Set<string>();
  let turns: readonly Meets[] = [{ kind: 'answer' }];
  let port = 0;
  let close: () => Promise<void> = async () => undefined;

  const receive = (text: string, send: Send): void => {
    const message = read(text);
    if (message === undefined) return;
    const [method = ''] = message.first.split(' ');
    if (method === 'SIP/2.0') return;
    const callId = one(message, 'call-id');
    const known = calls.findLast((call) => call.callId === callId);
    if (known !== undefined && (method !== 'INVITE' || known.end() === undefined)) {
      known.receive(message, send);
      return;
    }
    if (method === 'ACK') return;
    if (turns[0]?.kind === 'hang') return;
    if (account !== undefined && !isProved(message, account, nonce)) {
      const challenge = `Digest realm="exchange", nonce="${nonce}", algorithm=MD5, qop="auth"`;
      send(response(message, 407, [`Proxy-Authenticate: ${challenge}`]));
      return;
    }
    if (method === 'OPTIONS') {
      send(response(message, 200));
      return;
    }
    if (method !== 'INVITE') return send(response(message, 481));
    // The same branch is the same request, sent again.
    const branch = one(message, 'via');
    if (answered.has(branch)) return;
    answered.add(branch);
    const [now = { kind: 'answer' }, ...later] = turns;
    if (later.length > 0) turns = later;
    if (now.kind === 'garbage') return send('SIP/2.0 \u0000\u0001 what\r\nVia nothing\r\n\r\n');
    if (now.kind === 'refuse' && now.after === undefined) {
      const retry = now.retryAfter === undefined ? [] : [`Retry-After: ${now.retryAfter}`];
      return send(response(message, now.status, retry));
    }
    void ring(message, send, now).then((call) => calls.push(call));
  };

  const comeUp = async (): Promise<void> => {
    const opened =
      transport === 'udp' && certificate === undefined
        ? await openDatagrams(port, receive)
        : await openStreams(port, certificate, receive);
    ({ port, close } = opened);
  };
  await comeUp();
  return {
    get port() {
      return port;
    },
    calls: () => calls,
    call: (index = 0) => until(`call ${index}`, () => calls[index]),
    invites: () => answered.size,
    meets: (what) => {
      turns = [what];
    },
    meetsInTurn: (what) => {
      turns = what;
    },
    goDown: async () => {
      for (const call of calls) call.hangUp();
      await close();
    },
    comeUp,
  };
}

/** A telephone is called. */
async function ring(
  invite: Message,
  send: Send,
  meets: Meets,
): Promise<ExchangeCall & { receive: (message: Message, send: Send) => void }> {
  const tag = randomBytes(6).toString('hex');
  const tagged = (status: number, headers: readonly string[] = [], body = ''): string =>
    response(invite, status, headers, body, tag);
  const sound = createSocket('udp4');
  await new Promise<void>((bound) => sound.bind(0, '127.0.0.1', bound));
  const offer = {
    host: /^c=IN IP4 (\S+)/m.exec(invite.body)?.[1] ?? '',
    port: Number(/^m=audio (\d+)/m.exec(invite.body)?.[1]),
  };
  const heard: Buffer[] = [];
  let dialled = '';
  let lastEvent = -1;
  let sequence = 1;
  let timestamp = 8_000;
  let end: ReturnType<ExchangeCall['end']>;
  let isAnswered = false;
  let last = send;

  sound.on('message', (packet) => {
    const type = (packet[1] ?? 0) & 0x7f;
    if (type === 8) heard.push(Buffer.from(packet.subarray(12)));
    const stamp = packet.readUInt32BE(4);
    if (type === 101 && ((packet[13] ?? 0) & 0x80) !== 0 && stamp !== lastEvent) {
      lastEvent = stamp;
      dialled += '0123456789*#'[packet[12] ?? 0] ?? '';
    }
  });
  const over = (how: typeof end): void => {
    if (end !== undefined) return;
    end = how;
    sound.close();
  };
  const rtp = (type: number, marker: boolean, stamp: number, payload: Buffer): void => {
    const head = Buffer.alloc(12);
    head[0] = 0x80;
    head[1] = type | (marker ? 0x80 : 0);
    head.writeUInt16BE((sequence += 1) & 0xffff, 2);
    head.writeUInt32BE(stamp, 4);
    head.writeUInt32BE(0x5eed, 8);
    if (end === undefined) sound.send(Buffer.concat([head, payload]), offer.port, offer.host);
  };

  const pickUp = (): void => {
    if (end !== undefined || isAnswered) return;
    isAnswered = true;
    const media =
      meets.kind === 'no-sound'
        ? ['m=audio 4000 RTP/AVP 18', 'a=rtpmap:18 G729/8000']
        : [
            `m=audio ${sound.address().port} RTP/AVP 8 101`,
            'a=rtpmap:8 PCMA/8000',
            'a=rtpmap:101 telephone-event/8000',
          ];
    const lines = [
      'v=0',
      'o=- 1 1 IN IP4 127.0.0.1',
      's=-',
      'c=IN IP4 127.0.0.1',
      't=0 0',
      ...media,
    ];
    const contact = [`Contact: ${contactUri}`, 'Content-Type: application/sdp'];
    last(tagged(200, contact, `${lines.join('\r\n')}\r\n`));
  };
  const contactUri = `<sip:telephone@127.0.0.1>`;

  send(tagged(100));
  const after = meets.kind === 'refuse' ? meets.after : 'ringing';
  if (after === 'ringing') send(tagged(180, [`Contact: ${contactUri}`]));
  const call: ExchangeCall & { receive: (message: Message, send: Send) => void } = {
    to: /^INVITE sips?:([^@;>]+)/.exec(invite.first)?.[1] ?? '',
    from: /sips?:([^@;>]+)/.exec(one(invite, 'from'))?.[1] ?? '',
    callId: one(invite, 'call-id'),
    words: () =>
      Buffer.from(Buffer.concat(heard).filter((byte) => byte !== silence)).toString('utf8'),
    silence: () => {
      const last = heard.findLastIndex((packet) => packet.some((byte) => byte !== silence));
      return heard.length - 1 - last;
    },
    dialled: () => dialled,
    pickUp,
    press: (keys) => {
      for (const key of keys) {
        const event = '0123456789*#'.indexOf(key);
        timestamp += 1_600;
        for (const [index, isEnd] of [false, false, true, true, true].entries()) {
          const duration = Math.min(index + 1, 3) * 160;
          const payload = Buffer.from([event, isEnd ? 0x8a : 0x0a, duration >> 8, duration & 0xff]);
          rtp(101, index === 0, timestamp, payload);
        }
      }
    },
    speak: async (frames) => {
      const beganAt = performance.now();
      for (const [index, frame] of frames.entries()) {
        timestamp += 160;
        rtp(8, index === 0, timestamp, Buffer.from(Array.from(frame, aLaw)));
        const dueAt = beganAt + (index + 1) * 20;
        await new Promise((next) => setTimeout(next, Math.max(0, dueAt - performance.now())));
        if (end !== undefined) return;
      }
    },
    decline: (status) => {
      if (end !== undefined || isAnswered) return;
      last(tagged(status));
      over('refused');
    },
    hangUp: () => {
      if (end !== undefined || !isAnswered) return;
      const uri = /<([^>]+)>/.exec(one(invite, 'contact'))?.[1] ?? 'sip:nobody@127.0.0.1';
      last(
        [
          `BYE ${uri} SIP/2.0`,
          `Via: SIP/2.0/${viaOf(invite)} 127.0.0.1;branch=z9hG4bK${randomBytes(8).toString('hex')}`,
          `From: ${one(invite, 'to')};tag=${tag}`,
          `To: ${one(invite, 'from')}`,
          `Call-ID: ${one(invite, 'call-id')}`,
          'CSeq: 1 BYE',
          'Max-Forwards: 70',
          'Content-Length: 0',
          '\r\n',
        ].join('\r\n'),
      );
      over('telephone');
    },
    end: () => end,
    receive: (message, answer) => {
      last = answer;
      const [method] = message.first.split(' ');
      if (method === 'CANCEL') {
        answer(response(message, 200, [], '', tag));
        if (isAnswered || end !== undefined) return;
        answer(tagged(487));
        over('cancelled');
      } else if (method === 'BYE') {
        answer(response(message, 200));
        over('caller');
      }
    },
  };
  if (meets.kind === 'answer' || meets.kind === 'no-sound') pickUp();
  if (meets.kind === 'refuse') call.decline(meets.status);
  return call;
}

function viaOf(message: Message): string {
  return /^SIP\/2\.0\/(\w+)/.exec(one(message, 'via'))?.[1] ?? 'UDP';
}

const reasons: Readonly<Record<number, string>> = { 100: 'Trying', 180: 'Ringing', 200: 'OK' };

function response(
  request: Message,
  status: number,
  headers: readonly string[] = [],
  body = '',
  tag = 'exchange',
): string {
  const to = one(request, 'to');
  return [
    `SIP/2.0 ${status} ${reasons[status] ?? 'No'}`,
    ...(request.headers.get('via') ?? []).map((via) => `Via: ${via}`),
    `From: ${one(request, 'from')}`,
    `To: ${status === 100 || to.includes(';tag=') ? to : `${to};tag=${tag}`}`,
    `Call-ID: ${one(request, 'call-id')}`,
    `CSeq: ${one(request, 'cseq')}`,
    ...headers,
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

function read(text: string): Message | undefined {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [first = '', ...lines] = head.trimStart().split('\r\n');
  if (first === '') return undefined;
  const headers = new Map<string, string[]>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trim()]);
  }
  return { first, headers, body: rest.join('\r\n\r\n') };
}

function one(message: Message, name: string): string {
  return message.headers.get(name)?.[0] ?? '';
}

/** RFC 2617 with qop. */
function isProved(
  message: Message,
  { user, password }: NonNullable<ExchangeOptions['account']>,
  nonce: string,
): boolean {
  const given = one(message, 'proxy-authorization');
  const field = (name: string): string =>
    new RegExp(`\\b${name}="?([^",]*)"?`).exec(given.replace(/^Digest /, ' '))?.[1] ?? '';
  const [method = ''] = message.first.split(' ');
  const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
  const secret = md5(`${user}:exchange:${password}`);
  const what = md5(`${method}:${field('uri')}`);
  const right = md5(`${secret}:${nonce}:${field('nc')}:${field('cnonce')}:auth:${what}`);
  return field('nonce') === nonce && field('username') === user && field('response') === right;
}

interface Opened {
  readonly port: number;
  readonly close: () => Promise<void>;
}

async function openDatagrams(
  port: number,
  receive: (text: string, send: Send) => void,
): Promise<Opened> {
  const socket: Datagrams = createSocket('udp4');
  socket.on('message', (data, from) => {
    receive(data.toString('utf8'), (text) => {
      try {
        socket.send(text, from.port, from.address);
      } catch {
        // It has gone down meanwhile.
      }
    });
  });
  await new Promise<void>((bound) => socket.bind(port, '127.0.0.1', bound));
  return {
    port: socket.address().port,
    close: () => new Promise<void>((closed) => socket.close(() => closed())),
  };
}

async function openStreams(
  port: number,
  certificate: ExchangeOptions['certificate'],
  receive: (text: string, send: Send) => void,
): Promise<Opened> {
  const sockets = new Set<Socket>();
  const accept = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      for (;;) {
        text = text.replace(/^(?:\r\n)+/, '');
        const end = text.indexOf('\r\n\r\n');
        if (end === -1) return;
        const length = Number(/^content-length: *(\d+)/im.exec(text.slice(0, end))?.[1] ?? 0);
        if (text.length < end + 4 + length) return;
        receive(text.slice(0, end + 4 + length), (answer) => socket.write(answer));
        text = text.slice(end + 4 + length);
      }
    });
  };
  const server: Server =
    certificate === undefined
      ? createServer(accept)
      : createSecureServer({ key: certificate.key, cert: certificate.certificate }, accept);
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
  const address = server.address();
  return {
    port: typeof address === 'object' ? (address?.port ?? 0) : 0,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** What A-law sends of nothing. */
const silence = 0xd5;

/** G.711 A-law, by its definition: sign, segment, four bits of what is left. */
function aLaw(sample: number): number {
  const isPositive = sample >= 0;
  const size = Math.min(isPositive ? sample : -sample - 1, 32_635) >> 3;
  const segment = size < 32 ? 0 : Math.floor(Math.log2(size)) - 4;
  const step = segment < 2 ? (size >> 1) & 0xf : (size >> segment) & 0xf;
  return ((segment << 4) | step) ^ 0x55 ^ (isPositive ? 0x80 : 0);
}

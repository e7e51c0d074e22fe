/**
 * A push service with its browsers, as RFC 8030 describes both: it takes what is pushed, looks at who
 * pushes (RFC 8292), and shows what the browser reads in it (RFC 8291). On this machine, without TLS.
 * Reads by WebCrypto what `src/lib/web-push` wrote by node:crypto, so that one checks the other.
 */
import type { webcrypto } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';

import type { PushSubscription } from '../../src/delivery/message.ts';
import { systemClock, type Clock } from '../../src/lib/clock.ts';

/** One push that was accepted. */
export interface ReceivedPush {
  readonly endpoint: string;
  /** What the browser reads. */
  readonly text: string;
  /** Seconds. */
  readonly ttl: number;
  readonly urgency: string | undefined;
  readonly topic: string | undefined;
  /** Whom we may write to. */
  readonly contact: string | undefined;
  /** Of the body, as whoever carries it sees it. */
  readonly bytes: number;
}

/**
 * `well`; `gone`: every subscription has ended; `busy`: 429, come back in a second; `broken`: 500;
 * `unwilling`: 400; `silent`: no answer at all; `elsewhere`: sends everybody to another address;
 * `talkative`: an answer without end.
 */
export type Behaviour =
  | 'well'
  | 'gone'
  | 'busy'
  | 'broken'
  | 'unwilling'
  | 'silent'
  | 'elsewhere'
  | 'talkative';

export interface PushService {
  readonly origin: string;
  /** As it stands in `delivery.webPush.services`. */
  readonly host: string;
  /** A browser subscribes; with a key, it lets only the owner of that key push to it. */
  subscribe(applicationServerKey?: string): Promise<PushSubscription>;
  /** The browser has had enough. */
  unsubscribe(subscription: PushSubscription): void;
  /** All that was accepted, oldest first. */
  received(): readonly ReceivedPush[];
  /** What a device that slept till now would get: of each topic the newest. */
  waiting(subscription: PushSubscription): readonly ReceivedPush[];
  /** Why pushes were refused, oldest first. */
  refusals(): readonly string[];
  behave(behaviour: Behaviour): void;
  /** How long it thinks about each push, in milliseconds; 0 at first. */
  hesitate(milliseconds: number): void;
  goDown(): Promise<void>;
  comeUp(): Promise<void>;
  close(): Promise<void>;
}

interface Browser {
  readonly privateKey: webcrypto.CryptoKey;
  readonly publicKey: Uint8Array<ArrayBuffer>;
  readonly auth: Uint8Array<ArrayBuffer>;
  readonly applicationServerKey: string | undefined;
  isSubscribed: boolean;
}

/** Starts one on a free port; `clock` judges how long a word of VAPID is good. */
export async function startPushService(clock: Clock = systemClock): Promise<PushService> {
  const browsers = new Map<string, Browser>();
  let received: readonly ReceivedPush[] = [];
  let refusals: readonly string[] = [];
  let behaviour: Behaviour = 'well';
  let hesitation = 0;
  let port = 0;

  const server = createServer((request, response) => {
    void take(request, response).catch((error: unknown) => {
      const refusal = error instanceof Refusal ? error : new Refusal(500, String(error));
      refusals = [...refusals, refusal.message];
      response.writeHead(refusal.status).end(refusal.message);
    });
  });
  const origin = (): string => `http://127.0.0.1:${port}`;

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    if (request.method === 'HEAD') return void response.writeHead(404).end();
    if (hesitation > 0) await new Promise((resolve) => setTimeout(resolve, hesitation));
    switch (behaviour) {
      case 'well':
        break;
      case 'gone':
        throw new Refusal(410, 'the subscription has ended');
      case 'busy':
        response.setHeader('retry-after', '1');
        throw new Refusal(429, 'too many');
      case 'broken':
        throw new Refusal(500, 'out of order');
      case 'unwilling':
        throw new Refusal(400, 'no reason is given');
      case 'silent':
        return;
      case 'elsewhere':
        return void response.writeHead(307, { location: `${origin()}/elsewhere` }).end();
      case 'talkative':
        response.writeHead(201);
        for (let said = 0; said < 64 && !response.destroyed; said += 1) {
          response.write(Buffer.alloc(65_536));
        }
        return void response.end();
    }
    if (request.method !== 'POST') throw new Refusal(405, 'a push is a POST');
    const endpoint = `${origin()}${request.url ?? ''}`;
    const browser = browsers.get(endpoint);
    if (browser === undefined) throw new Refusal(404, 'no such subscription');
    if (!browser.isSubscribed) throw new Refusal(410, 'the subscription has ended');
    const contact = await requireVapid(request, browser);
    const push = { endpoint, contact, bytes: body.length, ...headersOf(request) };
    if (body.length > 4_096) throw new Refusal(413, 'too long');
    received = [...received, { ...push, text: await read(browser, body) }];
    response.writeHead(201, { location: `${origin()}/messages/${received.length}` }).end();
  }

  /** RFC 8292 §2 and §4.2; resolves to the contact it names. */
  async function requireVapid(
    { headers }: IncomingMessage,
    { applicationServerKey }: Browser,
  ): Promise<string | undefined> {
    const [, token = '', key = ''] =
      /^vapid t=([\w.-]+), ?k=([\w-]+)$/.exec(headers.authorization ?? '') ?? [];
    if (token === '') throw new Refusal(401, 'nobody says who pushes');
    if (applicationServerKey !== undefined && key !== applicationServerKey) {
      throw new Refusal(403, 'the browser subscribed with another key');
    }
    const [head = '', claims = '', signature = ''] = token.split('.');
    const parsed: Record<string, unknown> = JSON.parse(fromBase64url(head).toString());
    if (parsed['alg'] !== 'ES256') throw new Refusal(403, 'not signed with ES256');
    const publicKey = await crypto.subtle.importKey(
      'raw',
      fromBase64url(key),
      { name: 'ECDSA', namedCurve: 'P-256' },
      false,
      ['verify'],
    );
    const isSigned = await crypto.subtle.verify(
      { name: 'ECDSA', hash: 'SHA-256' },
      publicKey,
      fromBase64url(signature),
      new TextEncoder().encode(`${head}.${claims}`),
    );
    if (!isSigned) throw new Refusal(403, 'the signature is not of that key');
    const { aud, exp, sub }: Record<string, unknown> = JSON.parse(fromBase64url(claims).toString());
    const now = clock.now().getTime() / 1_000;
    if (aud !== origin()) throw new Refusal(403, 'said to another push service');
    if (typeof exp !== 'number' || exp <= now) throw new Refusal(403, 'no longer good');
    if (exp > now + 86_400) throw new Refusal(403, 'good for more than a day');
    return typeof sub === 'string' ? sub : undefined;
  }

  /** RFC 8188 §2 and RFC 8291 §3, from the receiver's side. */
  async function read(browser: Browser, body: Buffer): Promise<string> {
    const salt = body.subarray(0, 16);
    const recordSize = body.readUInt32BE(16);
    const senderKey = body.subarray(21, 21 + body.readUInt8(20));
    const record = body.subarray(21 + senderKey.length);
    if (record.length > recordSize) throw new Refusal(400, 'more than one record');
    const sender = await crypto.subtle.importKey(
      'raw',
      copyOf(senderKey),
      { name: 'ECDH', namedCurve: 'P-256' },
      false,
      [],
    );
    const shared = await crypto.subtle.deriveBits(
      { name: 'ECDH', public: sender },
      browser.privateKey,
      256,
    );
    const info = Buffer.concat([Buffer.from('WebPush: info\0'), browser.publicKey, senderKey]);
    const material = await derived(shared, browser.auth, copyOf(info), 256);
    const name = (purpose: string): Uint8Array<ArrayBuffer> =>
      new TextEncoder().encode(`Content-Encoding: ${purpose}\0`);
    const bits = await derived(material, copyOf(salt), name('aes128gcm'), 128);
    const iv = await derived(material, copyOf(salt), name('nonce'), 96);
    const key = await crypto.subtle.importKey('raw', bits, 'AES-GCM', false, ['decrypt']);
    const filled = Buffer.from(
      await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, copyOf(record)),
    );
    const end = filled.findLastIndex((byte) => byte !== 0);
    if (filled[end] !== 2) throw new Refusal(400, 'the last record does not say so');
    return filled.subarray(0, end).toString('utf8');
  }

  const listen = (wanted: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(wanted, '127.0.0.1', () => {
        server.off('error', reject);
        const address = server.address();
        if (address === null || typeof address === 'string') throw new Error('no port');
        ({ port } = address);
        resolve();
      });
    });
  const hangUp = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  await listen(0);

  return {
    get origin() {
      return origin();
    },
    get host() {
      return `127.0.0.1:${port}`;
    },
    subscribe: async (applicationServerKey) => {
      const keys = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, [
        'deriveBits',
      ]);
      const publicKey = new Uint8Array(await crypto.subtle.exportKey('raw', keys.publicKey));
      const auth = crypto.getRandomValues(new Uint8Array(16));
      const endpoint = `${origin()}/send/${crypto.randomUUID()}`;
      browsers.set(endpoint, {
        privateKey: keys.privateKey,
        publicKey,
        auth,
        applicationServerKey,
        isSubscribed: true,
      });
      return { endpoint, p256dh: toBase64url(publicKey), auth: toBase64url(auth) };
    },
    unsubscribe: ({ endpoint }) => {
      const browser = browsers.get(endpoint);
      if (browser !== undefined) browser.isSubscribed = false;
    },
    received: () => received,
    waiting: ({ endpoint }) => {
      const own = received.filter((push) => push.endpoint === endpoint);
      return own.filter(
        ({ topic }, index) =>
          topic === undefined || own.findLastIndex((other) => other.topic === topic) === index,
      );
    },
    refusals: () => refusals,
    behave: (next) => {
      behaviour = next;
    },
    hesitate: (milliseconds) => {
      hesitation = milliseconds;
    },
    goDown: hangUp,
    comeUp: () => listen(port),
    close: hangUp,
  };
}

class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** RFC 8030 §5.2 to §5.4, RFC 8188 §3.1. */
function headersOf({ headers }: IncomingMessage): Pick<ReceivedPush, 'ttl' | 'urgency' | 'topic'> {
  const { ttl, urgency, topic } = headers;
  if (typeof ttl !== 'string' || !/^\d+$/.test(ttl)) throw new Refusal(400, 'no TTL');
  if (headers['content-encoding'] !== 'aes128gcm') throw new Refusal(415, 'not encrypted');
  if (urgency !== undefined && !/^(?:very-low|low|normal|high)$/.test(String(urgency))) {
    throw new Refusal(400, 'no such urgency');
  }
  if (topic !== undefined && !/^[\w-]{1,32}$/.test(String(topic))) {
    throw new Refusal(400, 'no such topic');
  }
  return {
    ttl: Number(ttl),
    urgency: urgency === undefined ? undefined : String(urgency),
    topic: topic === undefined ? undefined : String(topic),
  };
}

async function derived(
  secret: ArrayBuffer,
  salt: Uint8Array<ArrayBuffer>,
  info: Uint8Array<ArrayBuffer>,
  bits: number,
): Promise<ArrayBuffer> {
  const key = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits']);
  return crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info }, key, bits);
}

// WebCrypto wants bytes of their own; a Buffer may be a piece of a shared pool.
function copyOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}

function fromBase64url(text: string): Buffer<ArrayBuffer> {
  return Buffer.from(text, 'base64url');
}

function toBase64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}

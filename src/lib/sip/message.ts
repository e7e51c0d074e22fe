/**
 * Owns how a SIP message is read and written (RFC 3261 §7). What stands in it is anybody's guess, so what
 * is not exactly a message is none, and nobody is told why; what we write is checked too, so that no
 * value ever becomes a second header.
 */
import {
  readAddress,
  readList,
  readSequence,
  readVia,
  token,
  type Address,
  type Sequence,
  type Via,
} from './fields.ts';

/** One header field: its long name in lower case, its value unfolded and trimmed. */
export interface Header {
  readonly name: string;
  readonly value: string;
}

/** A request as it is written. Content-Length is added by itself. */
export interface OutgoingRequest {
  readonly kind: 'request';
  readonly method: string;
  readonly uri: string;
  readonly headers: readonly Header[];
  readonly body: string;
}

/** A response as it is written. Content-Length is added by itself. */
export interface OutgoingResponse {
  readonly kind: 'response';
  /** 100 to 699. */
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly Header[];
  readonly body: string;
}

/** What every message must say (§8.1.1), read. */
interface Envelope {
  readonly callId: string;
  readonly sequence: Sequence;
  readonly from: Address;
  readonly to: Address;
  /** The newest step of its way. */
  readonly via: Via;
}

export type SipRequest = OutgoingRequest & Envelope;
export type SipResponse = OutgoingResponse & Envelope;
export type SipMessage = SipRequest | SipResponse;

/** No message is longer, with its body (bytes). */
export const longestMessage = 65_536;
/** No message has more header fields. */
const mostHeaders = 200;

// RFC 3261 §7.3.3, and what later ones added to it.
const compactNames: Readonly<Record<string, string>> = {
  a: 'accept-contact',
  b: 'referred-by',
  c: 'content-type',
  d: 'request-disposition',
  e: 'content-encoding',
  f: 'from',
  i: 'call-id',
  j: 'reject-contact',
  k: 'supported',
  l: 'content-length',
  m: 'contact',
  o: 'event',
  r: 'refer-to',
  s: 'subject',
  t: 'to',
  u: 'allow-events',
  v: 'via',
  x: 'session-expires',
  y: 'identity',
};

/** Reads a datagram. What stands behind the body's own length is ignored (§18.3). */
export function readMessage(datagram: Buffer): SipMessage | undefined {
  const end = datagram.indexOf('\r\n\r\n');
  if (end === -1 || datagram.length > longestMessage) return undefined;
  const head = readHead(datagram.subarray(0, end));
  if (head === undefined) return undefined;
  const body = datagram.subarray(end + 4);
  if (head.length !== undefined && head.length > body.length) return undefined;
  return messageOf(head, body.subarray(0, head.length ?? body.length));
}

/** Start line and header fields of a message whose body is not here yet. */
export interface Head {
  readonly start: string;
  readonly headers: readonly Header[];
  /** What Content-Length says; undefined where it is silent. */
  readonly length: number | undefined;
}

/** Reads everything up to the empty line, which is not in `bytes`. */
export function readHead(bytes: Buffer): Head | undefined {
  const text = bytes.toString('utf8').replaceAll(/\r\n[ \t]+/g, ' ');
  const [start = '', ...lines] = text.split('\r\n');
  if (/[\r\n]/.test(text.replaceAll('\r\n', '')) || lines.length > mostHeaders) return undefined;
  const headers: Header[] = [];
  const lengths = new Set<string>();
  for (const line of lines) {
    const at = line.indexOf(':');
    const written = line.slice(0, Math.max(at, 0)).trimEnd().toLowerCase();
    if (!token.test(written)) return undefined;
    const name = longName(written);
    const value = line.slice(at + 1).trim();
    if (name === 'content-length') lengths.add(value);
    else headers.push({ name, value });
  }
  const [length, other] = lengths;
  if (other !== undefined || (length !== undefined && !/^\d{1,9}$/.test(length))) return undefined;
  return { start, headers, length: length === undefined ? undefined : Number(length) };
}

/** A message of its head and its whole body. */
export function messageOf({ start, headers }: Head, bytes: Buffer): SipMessage | undefined {
  const envelope = readEnvelope(headers);
  if (envelope === undefined) return undefined;
  const body = bytes.toString('utf8');
  const [, status, reason] = /^SIP\/2\.0 ([1-6]\d\d)(?: (.*))?$/i.exec(start) ?? [];
  if (status !== undefined) {
    const more = { status: Number(status), reason: reason ?? '', headers, body };
    return { kind: 'response', ...more, ...envelope };
  }
  const [, method, uri] = /^(\S+) (\S+) SIP\/2\.0$/i.exec(start) ?? [];
  if (method === undefined || uri === undefined || !token.test(method)) return undefined;
  // A request that says two things is none (RFC 4475 §3.1.2.17).
  if (method !== envelope.sequence.method || readAddress(`<${uri}>`)?.uri !== uri) return undefined;
  return { kind: 'request', method, uri, headers, body, ...envelope };
}

/**
 * A message, ready for the wire.
 *
 * @throws an `Error` where a value would not stay in its place: with a line's end, or a name that is none
 */
export function writeMessage(message: OutgoingRequest | OutgoingResponse): Buffer {
  const start =
    message.kind === 'request'
      ? `${message.method} ${message.uri} SIP/2.0`
      : `SIP/2.0 ${message.status} ${message.reason}`;
  const body = Buffer.from(message.body);
  const lines = [
    start,
    ...message.headers.map(({ name, value }) => `${writtenName(name)}: ${value}`),
    `Content-Length: ${body.length}`,
  ];
  if (message.kind === 'request' && (!token.test(message.method) || !/^\S+$/.test(message.uri))) {
    throw new Error('no SIP: a request line is wrong');
  }
  if (lines.some((line) => /[\r\n]/.test(line))) throw new Error('no SIP: a line has two ends');
  if (!message.headers.every(({ name }) => token.test(name))) {
    throw new Error('no SIP: a header has no name');
  }
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body]);
}

/** The first field of this name (long, lower case). */
export function headerOf(
  message: { readonly headers: readonly Header[] },
  name: string,
): string | undefined {
  return message.headers.find((header) => header.name === name)?.value;
}

/** Every field of this name, in order, as it stands there. */
export function headersOf(
  message: { readonly headers: readonly Header[] },
  name: string,
): readonly string[] {
  return message.headers.filter((header) => header.name === name).map(({ value }) => value);
}

/** Every value of a field that may be a list, over all fields of this name (§7.3.1). */
export function valuesOf(
  message: { readonly headers: readonly Header[] },
  name: string,
): readonly string[] {
  return headersOf(message, name).flatMap(readList);
}

function readEnvelope(headers: readonly Header[]): Envelope | undefined {
  const one = (name: string): string | undefined => {
    const [value, other] = headersOf({ headers }, name);
    return other === undefined ? value : undefined;
  };
  const callId = one('call-id');
  const sequence = readSequence(one('cseq') ?? '');
  const from = readAddress(one('from') ?? '');
  const to = readAddress(one('to') ?? '');
  const [step] = valuesOf({ headers }, 'via');
  const via = readVia(step ?? '');
  if (callId === undefined || !/^\S+$/.test(callId)) return undefined;
  if (!sequence || !from || !to || !via) return undefined;
  return { callId, sequence, from, to, via };
}

function longName(written: string): string {
  return Object.hasOwn(compactNames, written) ? (compactNames[written] ?? written) : written;
}

const unusualNames: Readonly<Record<string, string>> = {
  'call-id': 'Call-ID',
  cseq: 'CSeq',
  'www-authenticate': 'WWW-Authenticate',
  'mime-version': 'MIME-Version',
};

function writtenName(name: string): string {
  if (Object.hasOwn(unusualNames, name)) return unusualNames[name] ?? name;
  return name.replaceAll(/(^|-)([a-z])/g, (_, before: string, letter: string) => {
    return before + letter.toUpperCase();
  });
}

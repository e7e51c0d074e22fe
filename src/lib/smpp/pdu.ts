/**
 * Owns the packets of SMPP 3.4 that a sender of texts needs (Short Message Peer-to-Peer Protocol
 * Specification v3.4, 12-Oct-1999): how they are written, and how what came is read. Knows no socket.
 */

/** The commands (§5.1.2.1); a response has the highest bit set as well. */
export const commands = {
  genericNack: 0x8000_0000,
  bindTransceiver: 0x0000_0009,
  submitSm: 0x0000_0004,
  deliverSm: 0x0000_0005,
  unbind: 0x0000_0006,
  enquireLink: 0x0000_0015,
} as const;

/** The bit that makes a command its response. */
export const response = 0x8000_0000;

/** What became of a request (§5.1.3), as far as it makes a difference to us. */
export const statuses = {
  ok: 0x00,
  systemError: 0x08,
  invalidDestination: 0x0b,
  bindFailed: 0x0d,
  invalidPassword: 0x0e,
  invalidSystemId: 0x0f,
  queueFull: 0x14,
  throttled: 0x58,
  temporaryAppError: 0x64,
  permanentAppError: 0x65,
} as const;

export interface Pdu {
  readonly command: number;
  readonly status: number;
  readonly sequence: number;
  readonly body: Buffer;
}

const headerBytes = 16;
/** Nothing that we ask for or are told is longer. */
const longestPdu = 65_536;

/** A packet, ready for the wire. */
export function encodePdu({ command, status, sequence, body }: Pdu): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.writeUInt32BE(headerBytes + body.length, 0);
  header.writeUInt32BE(command, 4);
  header.writeUInt32BE(status, 8);
  header.writeUInt32BE(sequence, 12);
  return Buffer.concat([header, body]);
}

/**
 * The packets at the beginning of what came, and what is left of it. Throws where a length is none: of
 * such a stream nothing more can be read.
 */
export function decodePdus(received: Buffer): {
  readonly pdus: readonly Pdu[];
  readonly rest: Buffer;
} {
  const pdus: Pdu[] = [];
  let rest = received;
  while (rest.length >= 4) {
    const length = rest.readUInt32BE(0);
    if (length < headerBytes || length > longestPdu) throw new Error('no SMPP: a length is wrong');
    if (rest.length < length) break;
    pdus.push({
      command: rest.readUInt32BE(4),
      status: rest.readUInt32BE(8),
      sequence: rest.readUInt32BE(12),
      body: rest.subarray(headerBytes, length),
    });
    rest = rest.subarray(length);
  }
  return { pdus, rest };
}

/** Who binds (§4.1.5). */
export function bindBody(who: {
  readonly systemId: string;
  readonly password: string;
  readonly systemType: string;
}): Buffer {
  return Buffer.concat([
    cString(who.systemId),
    cString(who.password),
    cString(who.systemType),
    // Version 3.4; any type of number, any plan, every address.
    Buffer.from([0x34, 0, 0]),
    cString(''),
  ]);
}

/** An address with its type of number and its plan (§5.2.5, §5.2.6). */
export interface Address {
  readonly ton: number;
  readonly npi: number;
  readonly address: string;
}

/** International numbers without their plus, names as they are, short codes as the network's own. */
export function addressOf(text: string): Address {
  if (/^\+\d+$/.test(text)) return { ton: 1, npi: 1, address: text.slice(1) };
  return /^\d+$/.test(text) ? { ton: 3, npi: 0, address: text } : { ton: 5, npi: 0, address: text };
}

/** One part of a text on its way (§4.4.1). */
export interface Submit {
  readonly from: Address;
  readonly to: Address;
  /** 0x40 where the message begins with a header of its own. */
  readonly esmClass: number;
  readonly dataCoding: number;
  /** How long it is worth delivering. */
  readonly validitySeconds: number;
  readonly message: Buffer;
}

export function submitBody(submit: Submit): Buffer {
  return Buffer.concat([
    cString(''),
    encodedAddress(submit.from),
    encodedAddress(submit.to),
    Buffer.from([submit.esmClass, 0, 0]),
    cString(''),
    cString(relativeTime(submit.validitySeconds)),
    // A receipt whatever becomes of it; replaces nothing; no message of the network's own.
    Buffer.from([1, 0, submit.dataCoding, 0, submit.message.length]),
    submit.message,
  ]);
}

/** A text that came, or a receipt of one of ours (§4.6.1). */
export interface Delivered {
  readonly from: string;
  readonly to: string;
  readonly esmClass: number;
  readonly dataCoding: number;
  readonly message: Buffer;
  /** Of a receipt: the optional parameters that name the message and its state (§5.3.2). */
  readonly receiptedId: string | undefined;
  readonly state: number | undefined;
}

const tags = { receiptedMessageId: 0x001e, messageState: 0x0427, messagePayload: 0x0424 } as const;

/** Reads a `deliver_sm`; throws where it is none. */
export function readDelivered(body: Buffer): Delivered {
  const reader = readerOf(body);
  reader.cString();
  reader.skip(2);
  const from = reader.cString();
  reader.skip(2);
  const to = reader.cString();
  const esmClass = reader.byte();
  reader.skip(2);
  reader.cString();
  reader.cString();
  reader.skip(2);
  const dataCoding = reader.byte();
  reader.skip(1);
  const short = reader.bytes(reader.byte());
  const optional = new Map<number, Buffer>();
  while (reader.left() >= 4) {
    const tag = reader.byte() * 256 + reader.byte();
    optional.set(tag, reader.bytes(reader.byte() * 256 + reader.byte()));
  }
  const id = optional.get(tags.receiptedMessageId);
  return {
    from,
    to,
    esmClass,
    dataCoding,
    message: short.length > 0 ? short : (optional.get(tags.messagePayload) ?? short),
    receiptedId: id === undefined ? undefined : readerOf(id).cString(),
    state: optional.get(tags.messageState)?.[0],
  };
}

/** The id that a `submit_sm_resp` gives a message; throws where it gives none. */
export function readMessageId(body: Buffer): string {
  return readerOf(body).cString();
}

function readerOf(body: Buffer) {
  let at = 0;
  const bytes = (count: number): Buffer => {
    if (at + count > body.length) throw new Error('no SMPP: a packet ends too soon');
    at += count;
    return body.subarray(at - count, at);
  };
  return {
    left: (): number => body.length - at,
    bytes,
    skip: (count: number): void => {
      bytes(count);
    },
    byte: (): number => bytes(1)[0] ?? 0,
    cString: (): string => {
      const end = body.indexOf(0, at);
      if (end === -1) throw new Error('no SMPP: a text has no end');
      const text = body.toString('latin1', at, end);
      at = end + 1;
      return text;
    },
  };
}

function encodedAddress({ ton, npi, address }: Address): Buffer {
  return Buffer.concat([Buffer.from([ton, npi]), cString(address)]);
}

function cString(text: string): Buffer {
  return Buffer.concat([Buffer.from(text.replaceAll('\0', ''), 'latin1'), Buffer.from([0])]);
}

/** From now on (§7.1.1): `YYMMDDhhmmsstnnR`; at most a day here. */
function relativeTime(seconds: number): string {
  const within = Math.min(Math.max(Math.floor(seconds), 1), 86_399);
  const parts = [Math.floor(within / 3_600), Math.floor(within / 60) % 60, within % 60];
  return `000000${parts.map((part) => String(part).padStart(2, '0')).join('')}000R`;
}

/**
 * Owns how a RADIUS packet is read (RFC 2865 §3, §5). Whoever can reach the port can send anything,
 * so what is not exactly a packet is none, and nobody is told why.
 */

/** The kinds of packets that are spoken here (RFC 2865 §4, RFC 5997 for `status-server`). */
export const codes = {
  'access-request': 1,
  'access-accept': 2,
  'access-reject': 3,
  'access-challenge': 11,
  'status-server': 12,
} as const;
export type Code = keyof typeof codes;

/** The attributes that are spoken here (RFC 2865 §5, RFC 2869 §5). */
export const attributes = {
  'user-name': 1,
  'user-password': 2,
  'chap-password': 3,
  'nas-ip-address': 4,
  'reply-message': 18,
  state: 24,
  'calling-station-id': 31,
  'nas-identifier': 32,
  'proxy-state': 33,
  'eap-message': 79,
  'message-authenticator': 80,
} as const;

/** One attribute as it came; its value may be empty, which RFC 2865 §5 forbids and some clients send. */
export interface Attribute {
  /** 1 to 255; see `attributes`. */
  readonly type: number;
  /** 0 to 253 bytes. */
  readonly value: Buffer;
}

export interface Packet {
  readonly code: number;
  readonly identifier: number;
  /** 16 bytes: the Request Authenticator, or the Response Authenticator in an answer. */
  readonly authenticator: Buffer;
  /** In the order of the packet. */
  readonly attributes: readonly Attribute[];
  /** The packet without what stood behind its end. */
  readonly bytes: Buffer;
}

/** Header: code, identifier, length, authenticator. */
export const headerLength = 20;
/** RFC 2865 §3. */
export const longestPacket = 4096;
export const authenticatorOffset = 4;

/**
 * Reads a datagram. What stands behind the packet's own length is padding (RFC 2865 §3); a packet
 * shorter than it says, or whose attributes do not end where it ends, is undefined.
 */
export function readPacket(datagram: Buffer): Packet | undefined {
  if (datagram.length < headerLength) return undefined;
  const length = datagram.readUInt16BE(2);
  if (length < headerLength || length > longestPacket || length > datagram.length) return undefined;
  const bytes = datagram.subarray(0, length);
  const read: Attribute[] = [];
  let at = headerLength;
  while (at < length) {
    const type = bytes[at];
    const size = bytes[at + 1];
    if (type === undefined || type === 0 || size === undefined) return undefined;
    if (size < 2 || at + size > length) return undefined;
    read.push({ type, value: bytes.subarray(at + 2, at + size) });
    at += size;
  }
  return {
    code: bytes.readUInt8(0),
    identifier: bytes.readUInt8(1),
    authenticator: bytes.subarray(authenticatorOffset, headerLength),
    attributes: read,
    bytes,
  };
}

/** The values of every attribute of this kind, in the order of the packet. */
export function valuesOf(packet: Packet, name: keyof typeof attributes): readonly Buffer[] {
  const type = attributes[name];
  return packet.attributes.filter((one) => one.type === type).map(({ value }) => value);
}

/**
 * The value of an attribute that may stand in a packet once: undefined where it is absent, and where
 * it stands there twice, since nobody knows which one another reader would take.
 */
export function valueOf(packet: Packet, name: keyof typeof attributes): Buffer | undefined {
  const values = valuesOf(packet, name);
  return values.length === 1 ? values[0] : undefined;
}

/** The same as text (UTF-8, RFC 2865 §5); undefined also for what is no text, or holds a NUL. */
export function textOf(packet: Packet, name: keyof typeof attributes): string | undefined {
  const value = valueOf(packet, name);
  return value === undefined ? undefined : decodeText(value);
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes as text; undefined where they are not UTF-8 or hold a NUL. */
export function decodeText(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return undefined;
  }
}

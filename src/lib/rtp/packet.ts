/**
 * Owns the packets of RTP (RFC 3550 §5.1): how they are written, and how what came is read. Whoever can reach
 * the port can send anything, so what is not exactly a packet is none.
 */

export interface RtpPacket {
  /** The first of a stretch: of sound after silence, of a pressed key. */
  readonly marker: boolean;
  /** 0 to 127: what the payload is, as SDP agreed. */
  readonly payloadType: number;
  /** 0 to 65,535, and around. */
  readonly sequence: number;
  /** In samples, 32 bits, and around. */
  readonly timestamp: number;
  /** Which stream it belongs to, 32 bits. */
  readonly ssrc: number;
  readonly payload: Uint8Array;
}

const shortestHeader = 12;

/** A packet, ready for the wire. */
export function writeRtp(packet: RtpPacket): Buffer {
  const bytes = Buffer.allocUnsafe(shortestHeader + packet.payload.length);
  bytes[0] = 0x80;
  bytes[1] = (packet.marker ? 0x80 : 0) | packet.payloadType;
  bytes.writeUInt16BE(packet.sequence, 2);
  bytes.writeUInt32BE(packet.timestamp, 4);
  bytes.writeUInt32BE(packet.ssrc, 8);
  bytes.set(packet.payload, shortestHeader);
  return bytes;
}

/** Reads a datagram; undefined where it is no packet. Sources that were mixed and extensions are passed over. */
export function readRtp(datagram: Buffer): RtpPacket | undefined {
  const begin = headerLength(datagram);
  if (begin === undefined) return undefined;
  const padding = (datagram.readUInt8(0) & 0x20) === 0 ? 0 : (datagram.at(-1) ?? 0);
  const isPadded = (datagram.readUInt8(0) & 0x20) !== 0;
  const end = datagram.length - padding;
  if ((isPadded && padding === 0) || end < begin) return undefined;
  return {
    marker: (datagram.readUInt8(1) & 0x80) !== 0,
    payloadType: datagram.readUInt8(1) & 0x7f,
    sequence: datagram.readUInt16BE(2),
    timestamp: datagram.readUInt32BE(4),
    ssrc: datagram.readUInt32BE(8),
    payload: datagram.subarray(begin, end),
  };
}

/** How many bytes stand before the payload; undefined where this is no packet. */
export function headerLength(datagram: Buffer): number | undefined {
  if (datagram.length < shortestHeader) return undefined;
  const first = datagram.readUInt8(0);
  if (first >> 6 !== 2) return undefined;
  const length = shortestHeader + (first & 0x0f) * 4;
  if ((first & 0x10) === 0) return length <= datagram.length ? length : undefined;
  if (length + 4 > datagram.length) return undefined;
  const whole = length + 4 + datagram.readUInt16BE(length + 2) * 4;
  return whole <= datagram.length ? whole : undefined;
}

/** How far `a` lies behind `b` on a ring of 16 bits: −32,768 to 32,767. */
export function sequenceDistance(a: number, b: number): number {
  return ((a - b) << 16) >> 16;
}

/** How far `a` lies behind `b` on a ring of 32 bits. */
export function timestampDistance(a: number, b: number): number {
  return (a - b) | 0;
}

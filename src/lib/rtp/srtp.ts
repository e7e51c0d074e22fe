/**
 * Owns how the packets of a call are encrypted and signed (SRTP, RFC 3711): AES in counter mode and ten bytes
 * of HMAC-SHA1, under one master key for each direction. Pressed keys are secrets; nobody on the way reads
 * them, adds to them or says them twice.
 */
import { createCipheriv, timingSafeEqual } from 'node:crypto';

import { hmacUnder, type Hmac } from '../hmac.ts';
import { headerLength, sequenceDistance } from './packet.ts';

/** Master key and salt: 16 and 14 bytes, as SDP carries them (RFC 4568 §6.2.1). */
export const keyAndSaltLength = 30;

const keyLength = 16;
const saltLength = 14;
const authenticationKeyLength = 20;
const tagLength = 10;
/** What a key is made for (§4.3.1). */
const labels = { encryption: 0, authentication: 1, salt: 2 } as const;

/** The keys of one direction. */
export interface SessionKeys {
  readonly encryption: Buffer;
  readonly authentication: Buffer;
  readonly salt: Buffer;
}

/** The keys that a master key and salt stand for, which are made once (§4.3; appendix B.3). */
export function sessionKeysOf(keyAndSalt: Buffer): SessionKeys {
  const master = keyAndSalt.subarray(0, keyLength);
  const derive = (label: number, length: number): Buffer => {
    const counter = Buffer.alloc(16);
    counter.set(keyAndSalt.subarray(keyLength, keyAndSaltLength));
    counter.writeUInt8(counter.readUInt8(7) ^ label, 7);
    return counted(master, counter, Buffer.alloc(length));
  };
  return {
    encryption: derive(labels.encryption, keyLength),
    authentication: derive(labels.authentication, authenticationKeyLength),
    salt: derive(labels.salt, saltLength),
  };
}

/** Makes of each packet what goes on the wire. To be given one stream, in its order. */
export function srtpSender(keyAndSalt: Buffer): (packet: Buffer) => Buffer {
  const keys = sessionKeysOf(keyAndSalt);
  const sign = hmacUnder('sha1', keys.authentication);
  let last: number | undefined;
  return (packet) => {
    const begin = headerLength(packet);
    if (begin === undefined) throw new TypeError('Only packets of RTP can be encrypted.');
    const sequence = packet.readUInt16BE(2);
    const index: number = last === undefined ? sequence : last + sequenceDistance(sequence, last);
    last = index;
    const encrypted = Buffer.concat([
      packet.subarray(0, begin),
      crypted(keys, packet, begin, packet.length, index),
    ]);
    return Buffer.concat([encrypted, tagOf(sign, encrypted, index)]);
  };
}

/** What was heard of one stream. */
interface Stream {
  /** The highest index: sequence number, and above it how often that went around. */
  readonly highest: number;
  /** Bit n: whether the packet n before it came. */
  readonly seen: bigint;
}

/** Packets that come later than this many others are no longer told from those that came already. */
const window = 64;
/** No other side has more streams under one key. They are never forgotten: what is, could be said again. */
const mostStreams = 16;

/**
 * Makes of what came on the wire the packet again. Undefined where it is none, was changed or made up on the
 * way, or came before.
 */
export function srtpReceiver(keyAndSalt: Buffer): (datagram: Buffer) => Buffer | undefined {
  const keys = sessionKeysOf(keyAndSalt);
  const sign = hmacUnder('sha1', keys.authentication);
  const streams = new Map<number, Stream>();
  return (datagram) => {
    const end = datagram.length - tagLength;
    const begin = end < 0 ? undefined : headerLength(datagram.subarray(0, end));
    if (begin === undefined) return undefined;
    const ssrc = datagram.readUInt32BE(8);
    const stream = streams.get(ssrc);
    if (stream === undefined && streams.size >= mostStreams) return undefined;
    const sequence = datagram.readUInt16BE(2);
    const index =
      stream === undefined ? sequence : stream.highest + sequenceDistance(sequence, stream.highest);
    if (index < 0 || (stream !== undefined && wasSeen(stream, index))) return undefined;
    const tag = tagOf(sign, datagram.subarray(0, end), index);
    if (!timingSafeEqual(tag, datagram.subarray(end))) return undefined;
    streams.set(ssrc, withSeen(stream, index));
    return Buffer.concat([datagram.subarray(0, begin), crypted(keys, datagram, begin, end, index)]);
  };
}

function wasSeen({ highest, seen }: Stream, index: number): boolean {
  const behind = highest - index;
  if (behind < 0) return false;
  return behind >= window || ((seen >> BigInt(behind)) & 1n) === 1n;
}

function withSeen(stream: Stream | undefined, index: number): Stream {
  if (stream === undefined) return { highest: index, seen: 1n };
  const { highest, seen } = stream;
  if (index <= highest) return { highest, seen: seen | (1n << BigInt(highest - index)) };
  const moved = index - highest >= window ? 0n : seen << BigInt(index - highest);
  return { highest: index, seen: BigInt.asUintN(window, moved) | 1n };
}

/** The payload, encrypted or decrypted: the same either way (§4.1.1). */
function crypted(
  keys: SessionKeys,
  packet: Buffer,
  begin: number,
  end: number,
  index: number,
): Buffer {
  const counter = Buffer.alloc(16);
  // Source and index, each at its place, over the salt.
  packet.copy(counter, 4, 8, 12);
  counter.writeUIntBE(index, 8, 6);
  for (let at = 0; at < saltLength; at += 1) {
    counter[at] = (counter[at] ?? 0) ^ (keys.salt[at] ?? 0);
  }
  return counted(keys.encryption, counter, packet.subarray(begin, end));
}

function counted(key: Buffer, counter: Buffer, bytes: Buffer): Buffer {
  return createCipheriv('aes-128-ctr', key, counter).update(bytes);
}

/** The tag covers how often the sequence number went around as well, which no packet says (§4.2). */
function tagOf(sign: Hmac, encrypted: Buffer, index: number): Buffer {
  const signed = Buffer.allocUnsafe(encrypted.length + 4);
  signed.set(encrypted);
  signed.writeUInt32BE(Math.floor(index / 65_536) >>> 0, encrypted.length);
  return sign(signed).subarray(0, tagLength);
}

/**
 * Owns HMAC (RFC 2104) where it is made thousands of times a second. Node makes an object for each, which
 * takes longer than the hashing itself and has to be swept up afterwards; its hash of one call makes none.
 */
import { hash } from 'node:crypto';

/** What is hashed with, and the length in bytes of its block (RFC 2104 §2) and of what comes out. */
const algorithms = {
  md5: { block: 64, length: 16 },
  sha1: { block: 64, length: 20 },
  sha256: { block: 64, length: 32 },
  sha512: { block: 128, length: 64 },
} as const;

/** The HMAC of a message; text is UTF-8. */
export type Hmac = (message: Uint8Array | string) => Buffer;

/** HMAC under one key, of any length. Worth keeping: making it costs as much as using it. */
export function hmacUnder(algorithm: keyof typeof algorithms, key: Uint8Array): Hmac {
  const { block, length } = algorithms[algorithm];
  const short = key.length > block ? hash(algorithm, key, 'buffer') : key;
  const pad = (byte: number, more: number): Buffer => {
    const bytes = Buffer.alloc(block + more);
    bytes.set(short);
    for (let at = 0; at < block; at += 1) bytes[at] = (bytes[at] ?? 0) ^ byte;
    return bytes;
  };
  const inner = pad(0x36, 0);
  const outer = pad(0x5c, length);

  return (message) => {
    const size = typeof message === 'string' ? Buffer.byteLength(message) : message.length;
    const whole = Buffer.allocUnsafe(block + size);
    whole.set(inner);
    if (typeof message === 'string') whole.write(message, block);
    else whole.set(message, block);
    // As characters of one byte each: a third of the time that a buffer of the hash's own takes.
    outer.write(hash(algorithm, whole, 'binary'), block, 'latin1');
    return Buffer.from(hash(algorithm, outer, 'binary'), 'latin1');
  };
}

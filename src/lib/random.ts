import { createHash, randomBytes } from 'node:crypto';

import { encodeBase32 } from './otp/base32.ts';

/** Chance. Handed in wherever it matters, so that a test can foresee it. */
export interface Random {
  /** `count` bytes, each value equally likely. */
  bytes(count: number): Buffer;
  /** `count` decimal digits, each code equally likely (leading zeros included). */
  digits(count: number): string;
  /** `bytes` (default 32) random bytes in base64url: 43 characters for 32 bytes. */
  token(bytes?: number): string;
  /** `characters` symbols of A–Z and 2–7 (RFC 4648 base32), 5 bits each. */
  base32(characters: number): string;
}

/** The operating system's generator. The only one fit for secrets. */
export const systemRandom: Random = fromBytes(inAdvance(randomBytes));

/**
 * The same sequence for the same seed, on every machine: SHA-256 in counter mode. For tests; it
 * protects nothing.
 */
export function seededRandom(seed: string | number): Random {
  let block = 0;
  let left = Buffer.alloc(0);
  return fromBytes((count) => {
    while (left.length < count) {
      const next = createHash('sha256').update(`${seed}:${block}`).digest();
      left = Buffer.concat([left, next]);
      block += 1;
    }
    const taken = left.subarray(0, count);
    left = left.subarray(count);
    return Buffer.from(taken);
  });
}

/** A whole number from 0 up to but not including `limit` (at most 2^32), each equally likely. */
export function randomBelow(random: Random, limit: number): number {
  if (!Number.isInteger(limit) || limit < 1 || limit > 2 ** 32) {
    throw new RangeError('The limit must be a whole number from 1 to 2^32.');
  }
  // Draws from the incomplete last stretch would favour small numbers, so they are thrown away.
  const fair = 2 ** 32 - (2 ** 32 % limit);
  for (;;) {
    const drawn = random.bytes(4).readUInt32BE();
    if (drawn < fair) return drawn % limit;
  }
}

/** The items in random order (Fisher–Yates); the list given stays as it is. */
export function shuffle<item>(random: Random, items: readonly item[]): item[] {
  const left = [...items];
  const shuffled: item[] = [];
  while (left.length > 0) shuffled.push(...left.splice(randomBelow(random, left.length), 1));
  return shuffled;
}

/**
 * Asks for many bytes at once, since asking takes longer than most of what they are used for. Each is
 * handed out once, and not kept.
 */
function inAdvance(draw: (count: number) => Buffer): (count: number) => Buffer {
  let drawn: Buffer = Buffer.alloc(0);
  return (count) => {
    if (count > 256) return draw(count);
    if (drawn.length < count) drawn = draw(4096);
    const taken = Buffer.from(drawn.subarray(0, count));
    drawn.fill(0, 0, count);
    drawn = drawn.subarray(count);
    return taken;
  };
}

function fromBytes(bytes: (count: number) => Buffer): Random {
  return {
    bytes,
    digits: (count) => {
      let digits = '';
      while (digits.length < count) {
        for (const byte of bytes(count)) {
          // 250 is the largest multiple of ten in a byte: above it, 0–5 would come up more often.
          if (byte < 250 && digits.length < count) digits += String(byte % 10);
        }
      }
      return digits;
    },
    token: (count = 32) => bytes(count).toString('base64url'),
    base32: (characters) =>
      encodeBase32(bytes(Math.ceil((characters * 5) / 8))).slice(0, characters),
  };
}

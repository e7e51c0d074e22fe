/** Owns how a password is hidden on its way (RFC 2865 §5.2): MD5 of the secret, block by block. */
import { hash } from 'node:crypto';

const block = 16;
/** RFC 2865 §5.2. */
export const longestPassword = 128;

/**
 * The password as it was typed, without the NULs it was filled up with; undefined where the value is
 * not 16 to 128 bytes in whole blocks. With the wrong secret, or changed on its way, it is noise.
 */
export function revealPassword(
  hidden: Buffer,
  secret: Buffer,
  authenticator: Buffer,
): Buffer | undefined {
  const { length } = hidden;
  if (length < block || length > longestPassword || length % block !== 0) return undefined;
  const plain = mask(hidden, secret, authenticator, 'reveal');
  let end = length;
  while (end > 0 && plain[end - 1] === 0) end -= 1;
  return plain.subarray(0, end);
}

/** Hides a password of up to 128 bytes; throws a `RangeError` beyond. */
export function hidePassword(password: Buffer, secret: Buffer, authenticator: Buffer): Buffer {
  if (password.length > longestPassword) throw new RangeError('The password is too long.');
  const filled = Buffer.alloc(Math.max(block, Math.ceil(password.length / block) * block));
  password.copy(filled);
  return mask(filled, secret, authenticator, 'hide');
}

/** Each block is masked with a hash of the hidden block before it. */
function mask(
  from: Buffer,
  secret: Buffer,
  authenticator: Buffer,
  direction: 'hide' | 'reveal',
): Buffer {
  const to = Buffer.alloc(from.length);
  let before = authenticator;
  for (let start = 0; start < from.length; start += block) {
    const key = hash('md5', Buffer.concat([secret, before]), 'buffer');
    for (let index = 0; index < block; index += 1) {
      to[start + index] = (from[start + index] ?? 0) ^ (key[index] ?? 0);
    }
    before = (direction === 'hide' ? to : from).subarray(start, start + block);
  }
  return to;
}

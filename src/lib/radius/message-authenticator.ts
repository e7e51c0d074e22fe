/**
 * Owns who a packet comes from: the Message-Authenticator (RFC 2869 §5.14), an HMAC over all of it.
 * Without one an answer can be forged by whoever stands between (BlastRADIUS, CVE-2024-3596): the
 * plain authenticator of an answer is a bare MD5, for which collisions are made in minutes.
 */
import { timingSafeEqual } from 'node:crypto';

import { hmacUnder, type Hmac } from '../hmac.ts';
import { attributes, headerLength, valuesOf, type Packet } from './packet.ts';

/** 16 bytes: HMAC-MD5. */
export const messageAuthenticatorLength = 16;

/**
 * `valid`: it is there, once, and right. `absent`: it is not there. `wrong`: everything else. The
 * comparison takes as long for every value. For an answer, `authenticator` is that of its request.
 */
export function judgeMessageAuthenticator(
  packet: Packet,
  secret: Buffer,
  authenticator: Buffer = packet.authenticator,
): 'valid' | 'absent' | 'wrong' {
  const values = valuesOf(packet, 'message-authenticator');
  const [given] = values;
  if (given === undefined) return 'absent';
  if (values.length > 1 || given.length !== messageAuthenticatorLength) return 'wrong';
  const blank = Buffer.from(packet.bytes);
  authenticator.copy(blank, 4);
  const offset = given.byteOffset - packet.bytes.byteOffset;
  blank.fill(0, offset, offset + messageAuthenticatorLength);
  const expected = signatureOf(blank, secret);
  return timingSafeEqual(expected, given) ? 'valid' : 'wrong';
}

/** The HMAC of a packet whose Message-Authenticator is still all zeros. */
export function signatureOf(bytes: Uint8Array, secret: Buffer): Buffer {
  let hmac = hmacs.get(secret);
  if (hmac === undefined) {
    hmac = hmacUnder('md5', secret);
    hmacs.set(secret, hmac);
  }
  return hmac(bytes);
}

// A server has few secrets, for long.
const hmacs = new WeakMap<Buffer, Hmac>();

/** Whether it is the first attribute of a packet: then no collision can be prepared before it. */
export function beginsWithMessageAuthenticator({ bytes }: Packet): boolean {
  return bytes[headerLength] === attributes['message-authenticator'];
}

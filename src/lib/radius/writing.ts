/**
 * Owns how packets are written. Every one begins with a Message-Authenticator, as the first of its
 * attributes: nothing that somebody else chose stands before it (RFC 2869 §5.14, CVE-2024-3596).
 */
import { hash, timingSafeEqual } from 'node:crypto';

import {
  judgeMessageAuthenticator,
  beginsWithMessageAuthenticator,
  messageAuthenticatorLength,
  signatureOf,
} from './message-authenticator.ts';
import {
  attributes,
  authenticatorOffset,
  codes,
  headerLength,
  longestPacket,
  readPacket,
  valuesOf,
  type Attribute,
  type Code,
  type Packet,
} from './packet.ts';

/** The longest value that fits into one attribute. */
export const longestValue = 253;

export interface Answer {
  readonly code: Exclude<Code, 'access-request' | 'status-server'>;
  readonly attributes: readonly Attribute[];
}

/**
 * The answer to a request: Message-Authenticator, attributes, then every Proxy-State of the request
 * as it came (RFC 2865 §5.33). Throws a `RangeError` where all of that is longer than 4096 bytes, or
 * one attribute longer than 253.
 */
export function writeAnswer(request: Packet, secret: Buffer, answer: Answer): Buffer {
  const type = attributes['proxy-state'];
  const proxyStates = valuesOf(request, 'proxy-state').map((value) => ({ type, value }));
  const packet = assemble(
    codes[answer.code],
    request.identifier,
    request.authenticator,
    [...answer.attributes, ...proxyStates],
    secret,
  );
  // The Response Authenticator covers the request's, and so the answer fits no other request.
  hash('md5', Buffer.concat([packet, secret]), 'buffer').copy(packet, authenticatorOffset);
  return packet;
}

/** A request with a Message-Authenticator, as a client that is well made sends it. */
export function writeRequest(request: {
  readonly code: 'access-request' | 'status-server';
  /** 0 to 255. */
  readonly identifier: number;
  /** 16 random bytes. */
  readonly authenticator: Buffer;
  readonly secret: Buffer;
  readonly attributes: readonly Attribute[];
}): Buffer {
  const { code, identifier, authenticator, secret } = request;
  return assemble(codes[code], identifier, authenticator, request.attributes, secret);
}

/**
 * An answer as its client must judge it: undefined where it is none to this request, or was not
 * written by whoever has the secret, or does not begin with its Message-Authenticator.
 */
export function readAnswer(datagram: Buffer, request: Packet, secret: Buffer): Packet | undefined {
  const answer = readPacket(datagram);
  if (answer === undefined || answer.identifier !== request.identifier) return undefined;
  if (!timingSafeEqual(responseAuthenticator(answer, request, secret), answer.authenticator)) {
    return undefined;
  }
  const isSigned =
    beginsWithMessageAuthenticator(answer) &&
    judgeMessageAuthenticator(answer, secret, request.authenticator) === 'valid';
  return isSigned ? answer : undefined;
}

/** MD5 over an answer, with the authenticator of its request in place of its own (RFC 2865 §3). */
export function responseAuthenticator(answer: Packet, request: Packet, secret: Buffer): Buffer {
  const bytes = Buffer.from(answer.bytes);
  request.authenticator.copy(bytes, authenticatorOffset);
  return hash('md5', Buffer.concat([bytes, secret]), 'buffer');
}

/** A text as attributes of one kind: cut between characters, since each is text of its own. */
export function textAttributes(name: keyof typeof attributes, text: string): readonly Attribute[] {
  const type = attributes[name];
  const pieces: string[] = [''];
  for (const character of text) {
    const last = pieces.at(-1) ?? '';
    if (Buffer.byteLength(last + character) > longestValue) pieces.push(character);
    else pieces[pieces.length - 1] = last + character;
  }
  return pieces
    .filter((piece) => piece !== '')
    .map((piece) => ({ type, value: Buffer.from(piece) }));
}

function assemble(
  code: number,
  identifier: number,
  authenticator: Buffer,
  parts: readonly Attribute[],
  secret: Buffer,
): Buffer {
  const signed: readonly Attribute[] = [
    {
      type: attributes['message-authenticator'],
      value: Buffer.alloc(messageAuthenticatorLength),
    },
    ...parts,
  ];
  const length = signed.reduce((sum, { value }) => sum + 2 + value.length, headerLength);
  if (length > longestPacket) throw new RangeError('The packet is too long.');
  const packet = Buffer.alloc(length);
  packet.writeUInt8(code, 0);
  packet.writeUInt8(identifier, 1);
  packet.writeUInt16BE(length, 2);
  authenticator.copy(packet, authenticatorOffset);
  let at = headerLength;
  for (const { type, value } of signed) {
    if (value.length > longestValue) throw new RangeError('The attribute is too long.');
    packet.writeUInt8(type, at);
    packet.writeUInt8(value.length + 2, at + 1);
    value.copy(packet, at + 2);
    at += 2 + value.length;
  }
  signatureOf(packet, secret).copy(packet, headerLength + 2);
  return packet;
}

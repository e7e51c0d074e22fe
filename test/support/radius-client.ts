/** A RADIUS client that is well made: it signs its requests, and believes signed answers only. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';

import { beginsWithMessageAuthenticator } from '../../src/lib/radius/message-authenticator.ts';
import {
  attributes,
  codes,
  readPacket,
  textOf,
  valuesOf,
  type Attribute,
  type Code,
} from '../../src/lib/radius/packet.ts';
import { hidePassword } from '../../src/lib/radius/user-password.ts';
import { readAnswer, writeRequest } from '../../src/lib/radius/writing.ts';

/** What a client understood of an answer; undefined where there was none. */
export type RadiusAnswer =
  | { readonly code: Code; readonly message: string; readonly state: string | undefined }
  | undefined;

/** Carries a datagram to the server and back; undefined where nothing comes back. */
export type Carry = (datagram: Buffer) => Promise<Buffer | undefined>;

export interface Asked {
  readonly name: string;
  readonly password: string;
  readonly state?: string | undefined;
  /** Where the person sits. */
  readonly callingStation?: string;
  readonly more?: readonly Attribute[];
}

/** A request as it goes over the wire. */
export function accessRequest(secret: string, asked: Asked): Buffer {
  const authenticator = randomBytes(16);
  const key = Buffer.from(secret);
  const { name, password, state, callingStation, more = [] } = asked;
  return writeRequest({
    code: 'access-request',
    identifier: randomBytes(1).readUInt8(),
    authenticator,
    secret: key,
    attributes: [
      textAttribute('user-name', name),
      {
        type: attributes['user-password'],
        value: hidePassword(Buffer.from(password), key, authenticator),
      },
      ...(state === undefined ? [] : [textAttribute('state', state)]),
      ...(callingStation === undefined
        ? []
        : [textAttribute('calling-station-id', callingStation)]),
      ...more,
    ],
  });
}

/** An attribute with a text. */
export function textAttribute(name: keyof typeof attributes, text: string): Attribute {
  return { type: attributes[name], value: Buffer.from(text) };
}

/** The same request without its Message-Authenticator, as old clients send it. */
export function unsigned(request: Buffer): Buffer {
  const bytes = Buffer.concat([request.subarray(0, 20), request.subarray(38)]);
  bytes.writeUInt16BE(bytes.length, 2);
  return bytes;
}

/** Sends a request and reads the answer; fails on one that must not be believed. */
export async function exchange(
  carry: Carry,
  secret: string,
  request: Buffer,
): Promise<RadiusAnswer> {
  const datagram = await carry(request);
  if (datagram === undefined) return undefined;
  const asked = readPacket(request) ?? assert.fail('that was no request');
  const answer =
    readAnswer(datagram, asked, Buffer.from(secret)) ?? assert.fail('a forged answer, or none');
  assert.ok(beginsWithMessageAuthenticator(answer));
  const names: readonly Code[] = ['access-accept', 'access-reject', 'access-challenge'];
  return {
    code: names.find((name) => codes[name] === answer.code) ?? assert.fail(String(answer.code)),
    message: valuesOf(answer, 'reply-message').map(String).join(''),
    state: textOf(answer, 'state'),
  };
}

/** Carries datagrams over a socket of its own to a port of this machine; close it at the end. */
export function overUdp(port: number, waitMs = 5_000): { readonly carry: Carry; close(): void } {
  const socket = createSocket('udp4');
  socket.on('error', () => {});
  const carry: Carry = (datagram) =>
    new Promise((resolve) => {
      const end = (answer: Buffer | undefined): void => {
        clearTimeout(timer);
        socket.removeListener('message', hear);
        resolve(answer);
      };
      const hear = (answer: Buffer): void => {
        if (answer[1] === datagram[1]) end(answer);
      };
      const timer = setTimeout(() => end(undefined), waitMs);
      socket.on('message', hear);
      socket.send(datagram, port, '127.0.0.1');
    });
  return { carry, close: () => socket.close() };
}

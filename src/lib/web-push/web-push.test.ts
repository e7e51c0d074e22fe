import assert from 'node:assert/strict';
import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { describe, it } from 'node:test';

import { z } from 'zod';

import { readVectors } from '../../../test/vectors/read-vectors.ts';
import { encryptPush, longestPushBytes, type PushReceiver } from './encryption.ts';
import {
  createVapidKey,
  readVapidKey,
  vapidAuthorization,
  vapidKeyBytes,
  type VapidClaims,
} from './vapid.ts';

const rfc8291 = readVectors(
  'rfc8291.json',
  z.object({
    text: z.string(),
    receiver: z.object({ p256dh: z.string(), auth: z.string() }),
    sender: z.object({ privateKey: z.string(), publicKey: z.string() }),
    salt: z.string(),
    body: z.string(),
  }),
);
const rfc8292 = readVectors(
  'rfc8292.json',
  z.object({
    audience: z.string(),
    subject: z.string(),
    expiresAt: z.number(),
    token: z.string(),
    publicKey: z.string(),
  }),
);

describe('an encrypted push', () => {
  const { receiver } = rfc8291;

  it('is what the RFC says, byte for byte', () => {
    const body = encryptPush(rfc8291.text, receiver, {
      chance: {
        senderKey: Buffer.from(rfc8291.sender.privateKey, 'base64url'),
        salt: Buffer.from(rfc8291.salt, 'base64url'),
      },
    });
    assert.equal(body.toString('base64url'), rfc8291.body);
    assert.equal(body.subarray(21, 86).toString('base64url'), rfc8291.sender.publicKey);
  });

  it('is another each time, and has nothing of the text in it', () => {
    const bodies = [1, 2, 3].map(() => encryptPush('the same words', receiver));
    assert.equal(new Set(bodies.map((body) => body.toString('base64url'))).size, 3);
    assert.equal(new Set(bodies.map((body) => body.toString('base64url', 0, 16))).size, 3);
    for (const body of bodies) assert.ok(!body.includes('words'));
  });

  it('is as long for one text as for another', () => {
    const lengthOf = (text: string): number => encryptPush(text, receiver, { padTo: 128 }).length;
    assert.equal(lengthOf('a'), lengthOf('b'.repeat(128)));
    assert.equal(lengthOf('b'.repeat(129)), lengthOf('a') + 128);
  });

  it('fits what every push service takes, and says so of a text that does not', () => {
    const longest = 'x'.repeat(longestPushBytes);
    assert.equal(encryptPush(longest, receiver, { padTo: 512 }).length, 4_096);
    assert.throws(() => encryptPush(`${longest}x`, receiver), RangeError);
    assert.throws(() => encryptPush('é'.repeat(longestPushBytes / 2 + 1), receiver), RangeError);
  });

  it('is refused for keys that are none: too short, too long, beside the curve, no base64', () => {
    const point = Buffer.from(receiver.p256dh, 'base64url');
    const beside = Buffer.from(point);
    beside.writeUInt8((beside.at(-1) ?? 0) ^ 1, 64);
    const faulty: PushReceiver[] = [
      { ...receiver, p256dh: '' },
      { ...receiver, p256dh: point.subarray(0, 64).toString('base64url') },
      { ...receiver, p256dh: Buffer.concat([point, point]).toString('base64url') },
      { ...receiver, p256dh: beside.toString('base64url') },
      { ...receiver, p256dh: Buffer.alloc(65).toString('base64url') },
      { ...receiver, p256dh: ` ${receiver.p256dh}` },
      { ...receiver, auth: '' },
      { ...receiver, auth: `${receiver.auth}AAAA` },
      { ...receiver, auth: `${receiver.auth}\n` },
    ];
    for (const one of faulty) assert.throws(() => encryptPush('x', one), RangeError);
  });

  it('takes keys as base64 with its filling, as some browsers write them', () => {
    const filled = (text: string): string => Buffer.from(text, 'base64url').toString('base64');
    const other = { p256dh: filled(receiver.p256dh), auth: filled(receiver.auth) };
    assert.equal(encryptPush('x', other).length, encryptPush('x', receiver).length);
  });
});

describe('who pushes', () => {
  const claims: VapidClaims = {
    audience: 'https://push.example.net',
    subject: 'mailto:push@example.com',
    expiresAt: new Date(1_453_523_768_900),
  };

  it('signs so that the RFC’s own example is told from another', () => {
    const key = publicKeyOf(rfc8292.publicKey);
    assert.ok(isSigned(rfc8292.token, key));
    assert.ok(!isSigned(rfc8292.token, publicKeyOf(createVapidKey().publicKey)));
    const own = createVapidKey();
    const { token, publicKey } = partsOf(vapidAuthorization(own, claims));
    assert.equal(publicKey, own.publicKey);
    assert.ok(isSigned(token, publicKeyOf(publicKey)));
    assert.ok(!isSigned(token, key));
  });

  it('claims what the RFC’s example claims, word for word', () => {
    const { token } = partsOf(vapidAuthorization(createVapidKey(), claims));
    assert.equal(rfc8292.expiresAt, Math.floor(claims.expiresAt.getTime() / 1_000));
    assert.deepEqual(token.split('.').slice(0, 2), rfc8292.token.split('.').slice(0, 2));
  });

  it('names nobody to write to where there is nobody', () => {
    const { audience, expiresAt } = claims;
    const { token } = partsOf(vapidAuthorization(createVapidKey(), { audience, expiresAt }));
    const said: unknown = JSON.parse(
      Buffer.from(token.split('.')[1] ?? '', 'base64url').toString(),
    );
    assert.deepEqual(said, { aud: audience, exp: rfc8292.expiresAt });
  });

  it('is the same after the key was kept and read again', () => {
    const key = createVapidKey();
    const again = readVapidKey(vapidKeyBytes(key));
    assert.equal(again.publicKey, key.publicKey);
    const { token } = partsOf(vapidAuthorization(again, claims));
    assert.ok(isSigned(token, publicKeyOf(key.publicKey)));
    assert.throws(() => readVapidKey(Buffer.from('no key')));
  });
});

function partsOf(authorization: string): { readonly token: string; readonly publicKey: string } {
  const [, token = '', publicKey = ''] = /^vapid t=(.+), k=(.+)$/.exec(authorization) ?? [];
  return { token, publicKey };
}

function publicKeyOf(text: string): KeyObject {
  const point = Buffer.from(text, 'base64url');
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) =>
    part.toString('base64url'),
  );
  return createPublicKey({
    format: 'jwk',
    key: { kty: 'EC', crv: 'P-256', x: x ?? '', y: y ?? '' },
  });
}

function isSigned(token: string, key: KeyObject): boolean {
  const [head, claims, signature = ''] = token.split('.');
  return verify(
    'sha256',
    Buffer.from(`${head}.${claims}`),
    { key, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
}

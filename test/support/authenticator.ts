/**
 * Owns a security key of the tests: it makes real credentials and real signatures, and says whatever
 * a test wants it to say, which no browser would (attack ATK-50).
 */
import {
  createHash,
  generateKeyPairSync,
  randomBytes,
  sign,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';

import type { KeySecret } from '../../src/methods/security-key/secret.ts';

/** What is said other than an honest key in an honest browser would. */
export interface Crafted {
  readonly type?: string;
  readonly challenge?: string;
  readonly origin?: string;
  readonly crossOrigin?: boolean;
  readonly topOrigin?: string;
  readonly rpId?: string;
  /** The flags byte whole: 1 UP, 4 UV, 8 BE, 16 BS, 64 AT, 128 ED. */
  readonly flags?: number;
  readonly counter?: number;
  readonly id?: string;
  readonly rawId?: string;
  readonly credentialType?: string;
  readonly userHandle?: string | null;
  readonly signature?: string;
  /** Signed with another key. */
  readonly signedBy?: KeyObject;
  /** Bytes behind the authenticator data. */
  readonly trailing?: Buffer;
  readonly clientData?: string;
  readonly fmt?: string;
  readonly attStmt?: ReadonlyMap<CborKey, Cbor>;
  /** The public key as a COSE map. */
  readonly cose?: ReadonlyMap<CborKey, Cbor>;
  readonly transports?: readonly unknown[];
  readonly attestationObject?: string;
}

/** What is kept of a key that was registered, without going through its registration. */
export function registeredSecret(key: SoftKey, name = 'Blue key'): KeySecret {
  return {
    name,
    credential: {
      id: key.id,
      publicKey: encodeCbor(key.publicKey).toString('base64url'),
      counter: 0,
      transports: ['internal'],
      aaguid: '00000000-0000-0000-0000-000000000000',
      isBackupEligible: false,
      isBackedUp: false,
    },
  };
}

/** What is asked: as far as a key looks at it. */
export interface Question {
  readonly challenge: string;
  readonly origin: string;
  /** The host of the origin unless told. */
  readonly rpId?: string;
}

export interface SoftKey {
  readonly id: string;
  readonly publicKey: ReadonlyMap<CborKey, Cbor>;
  /** The JSON that a browser sends after a creation. */
  create(question: Question, crafted?: Crafted): string;
  /** The JSON that a browser sends after an assertion. Counts one up each time, where it counts. */
  get(question: Question, crafted?: Crafted): string;
}

export type Algorithm = 'ES256' | 'EdDSA' | 'RS256';

/** A new key. `counts`: false for passkeys, whose counter is always 0. `flags`: UP and UV unless told. */
export function softKey(
  options: {
    readonly algorithm?: Algorithm;
    readonly counts?: boolean;
    readonly flags?: number;
    readonly userHandle?: string;
  } = {},
): SoftKey {
  const { algorithm = 'ES256', counts = true, flags = 5, userHandle = null } = options;
  const { privateKey, publicKey } = keyPair(algorithm);
  const id = randomBytes(32).toString('base64url');
  const cose = coseOf(algorithm, publicKey.export({ format: 'jwk' }));
  let counter = 0;

  const clientDataOf = (type: string, question: Question, crafted: Crafted): Buffer =>
    Buffer.from(
      crafted.clientData ??
        JSON.stringify({
          type: crafted.type ?? type,
          challenge: crafted.challenge ?? question.challenge,
          origin: crafted.origin ?? question.origin,
          crossOrigin: crafted.crossOrigin ?? false,
          ...(crafted.topOrigin === undefined ? {} : { topOrigin: crafted.topOrigin }),
        }),
    );
  const authenticatorData = (question: Question, crafted: Crafted, extra: number): Buffer => {
    if (counts) counter += 1;
    const rpId = crafted.rpId ?? question.rpId ?? new URL(question.origin).hostname;
    const head = Buffer.alloc(5);
    head.writeUInt8(crafted.flags ?? flags + extra, 0);
    head.writeUInt32BE(crafted.counter ?? counter, 1);
    return Buffer.concat([createHash('sha256').update(rpId).digest(), head]);
  };
  const identity = (crafted: Crafted): Readonly<Record<string, unknown>> => ({
    id: crafted.id ?? id,
    rawId: crafted.rawId ?? crafted.id ?? id,
    type: crafted.credentialType ?? 'public-key',
    clientExtensionResults: {},
  });

  return {
    id,
    publicKey: cose,
    create: (question, crafted = {}) => {
      const clientData = clientDataOf('webauthn.create', question, crafted);
      const idBytes = Buffer.from(id, 'base64url');
      const length = Buffer.alloc(2);
      length.writeUInt16BE(idBytes.length);
      const authData = Buffer.concat([
        authenticatorData(question, crafted, 64),
        Buffer.alloc(16),
        length,
        idBytes,
        encodeCbor(crafted.cose ?? cose),
        crafted.trailing ?? Buffer.alloc(0),
      ]);
      const attestation = encodeCbor(
        new Map<CborKey, Cbor>([
          ['fmt', crafted.fmt ?? 'none'],
          ['attStmt', crafted.attStmt ?? new Map()],
          ['authData', authData],
        ]),
      );
      return JSON.stringify({
        ...identity(crafted),
        response: {
          clientDataJSON: clientData.toString('base64url'),
          attestationObject: crafted.attestationObject ?? attestation.toString('base64url'),
          transports: crafted.transports ?? ['usb'],
        },
      });
    },
    get: (question, crafted = {}) => {
      const clientData = clientDataOf('webauthn.get', question, crafted);
      const authData = Buffer.concat([
        authenticatorData(question, crafted, 0),
        crafted.trailing ?? Buffer.alloc(0),
      ]);
      const hash = createHash('sha256').update(clientData).digest();
      const signature = sign(
        algorithm === 'EdDSA' ? null : 'sha256',
        Buffer.concat([authData, hash]),
        crafted.signedBy ?? privateKey,
      );
      return JSON.stringify({
        ...identity(crafted),
        response: {
          clientDataJSON: clientData.toString('base64url'),
          authenticatorData: authData.toString('base64url'),
          signature: crafted.signature ?? signature.toString('base64url'),
          userHandle: crafted.userHandle === undefined ? userHandle : crafted.userHandle,
        },
      });
    },
  };
}

function keyPair(algorithm: Algorithm): {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
} {
  switch (algorithm) {
    case 'ES256':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' });
    case 'EdDSA':
      return generateKeyPairSync('ed25519');
    case 'RS256':
      return generateKeyPairSync('rsa', { modulusLength: 2048 });
  }
}

/** A public key as a COSE_Key (RFC 9052 §7, RFC 8230). */
export function coseOf(
  algorithm: Algorithm,
  { x = '', y = '', n = '', e = '' }: JsonWebKey,
): ReadonlyMap<CborKey, Cbor> {
  const bytes = (base64: string): Buffer => Buffer.from(base64, 'base64url');
  switch (algorithm) {
    case 'ES256':
      return new Map<CborKey, Cbor>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, bytes(x)],
        [-3, bytes(y)],
      ]);
    case 'EdDSA':
      return new Map<CborKey, Cbor>([
        [1, 1],
        [3, -8],
        [-1, 6],
        [-2, bytes(x)],
      ]);
    case 'RS256':
      return new Map<CborKey, Cbor>([
        [1, 3],
        [3, -257],
        [-1, bytes(n)],
        [-2, bytes(e)],
      ]);
  }
}

export type CborKey = string | number;
export type Cbor = string | number | Buffer | readonly Cbor[] | ReadonlyMap<CborKey, Cbor>;

/** CBOR (RFC 8949), as much of it as authenticators speak. */
export function encodeCbor(value: Cbor): Buffer {
  if (typeof value === 'number') {
    return value < 0 ? head(1, -1 - value) : head(0, value);
  }
  if (typeof value === 'string') {
    const text = Buffer.from(value);
    return Buffer.concat([head(3, text.length), text]);
  }
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  if (value instanceof Map) {
    const pairs: Buffer[] = [];
    for (const [key, one] of value) pairs.push(encodeCbor(key), encodeCbor(one));
    return Buffer.concat([head(5, value.size), ...pairs]);
  }
  const items = [...value.values()].map((one) => encodeCbor(one));
  return Buffer.concat([head(4, items.length), ...items]);
}

function head(major: number, count: number): Buffer {
  if (count < 24) return Buffer.from([major * 32 + count]);
  if (count < 256) return Buffer.from([major * 32 + 24, count]);
  return Buffer.from([major * 32 + 25, count >> 8, count & 255]);
}

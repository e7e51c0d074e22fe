/**
 * Secrets at rest. What is sealed can be read only with the key and only in its own place: the
 * context (table, column, row) is authenticated with it, so that a sealed value copied to another
 * row, another column or another table does not open there.
 */
import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto';

import { framed } from './framed.ts';
import { hmacUnder, type Hmac } from './hmac.ts';

export interface SecretBoxKey {
  /** Names the key inside the envelope: 1 to 64 characters of a–z, 0–9, `.`, `_`, `-`. */
  readonly id: string;
  /** 32 random bytes. */
  readonly key: Uint8Array;
}

export interface SecretBoxKeys {
  /** Seals. */
  readonly current: SecretBoxKey;
  /** Open what was sealed before a rotation. */
  readonly previous: readonly SecretBoxKey[];
  /**
   * 32 random bytes for `keyedHash`. Lives as long as the data: hashes are looked up, so they cannot
   * be computed anew when the sealing key rotates.
   */
  readonly hashKey: Uint8Array;
}

export interface SecretBox {
  /**
   * Seals with the current key: AES-256-GCM, a random 96-bit nonce. `context` says where the result
   * will stand, for instance `['registrations', 'secret', id]`; it is not stored.
   */
  seal(plain: Uint8Array | string, context: readonly string[]): Buffer;
  /** What was sealed, or a `SecretBoxError`: another context, an unknown key, a changed bit. */
  open(sealed: Uint8Array, context: readonly string[]): Buffer;
  /** Whether the current key sealed this; what it did not is to be sealed anew after a rotation. */
  isCurrent(sealed: Uint8Array): boolean;
  /**
   * HMAC-SHA-256 of a value under a key of its own for each purpose: 32 bytes. For what must be
   * found again or compared, not read: tokens, app passwords. `purpose` is a constant of the caller.
   */
  keyedHash(purpose: string, value: Uint8Array | string): Buffer;
}

/** Why something sealed does not open. `unreadable` says no more, on purpose. */
export type SecretBoxFault = 'unknown-key' | 'unreadable';

/** Thrown by `open`. Carries no part of the secret. */
export class SecretBoxError extends Error {
  override readonly name = 'SecretBoxError';
  readonly reason: SecretBoxFault;
  /** The key that sealed it, where the envelope could be read. */
  readonly keyId: string | undefined;

  constructor(reason: SecretBoxFault, keyId?: string, options?: ErrorOptions) {
    super(
      reason === 'unknown-key'
        ? `Sealed with the key '${keyId}', which is not among the keys given.`
        : 'It is damaged, or it belongs elsewhere.',
      options,
    );
    this.reason = reason;
    this.keyId = keyId;
  }
}

/**
 * A box with these keys. Faulty keys (wrong length, an id twice) throw at once. One key should seal
 * at most 2^32 values (NIST SP 800-38D §8.3): rotate long before.
 */
export function createSecretBox(keys: SecretBoxKeys): SecretBox {
  const sealing = sealingKeys(keys);
  const currentHeader = header(keys.current.id);
  const currentKey = derive(keys.current.key, 'secret-box seal 1');
  const hashes = new Map<string, Hmac>();
  const drawNonce = createNonces();
  requireKey(keys.hashKey, 'hashKey');

  return {
    seal: (plain, context) => {
      // The nonce is the one thing never taken from a chance handed in: a second use of it under
      // the same key would give both secrets away.
      const nonce = drawNonce();
      const cipher = createCipheriv('aes-256-gcm', currentKey, nonce);
      cipher.setAAD(associatedData(currentHeader, context));
      const bytes = typeof plain === 'string' ? Buffer.from(plain, 'utf8') : plain;
      const body = [cipher.update(bytes), cipher.final()];
      return Buffer.concat([currentHeader, nonce, ...body, cipher.getAuthTag()]);
    },

    open: (sealed, context) => {
      const envelope = readEnvelope(sealed);
      if (envelope === null) throw new SecretBoxError('unreadable');
      const key = sealing.get(envelope.keyId);
      if (key === undefined) throw new SecretBoxError('unknown-key', envelope.keyId);
      const decipher = createDecipheriv('aes-256-gcm', key, envelope.nonce, {
        authTagLength: tagLength,
      });
      decipher.setAAD(associatedData(envelope.header, context));
      decipher.setAuthTag(envelope.tag);
      const plain = decipher.update(envelope.body);
      try {
        return Buffer.concat([plain, decipher.final()]);
      } catch (cause) {
        plain.fill(0);
        throw new SecretBoxError('unreadable', envelope.keyId, { cause });
      }
    },

    isCurrent: (sealed) => readEnvelope(sealed)?.keyId === keys.current.id,

    keyedHash: (purpose, value) => {
      let hmac = hashes.get(purpose);
      if (hmac === undefined) {
        hmac = hmacUnder('sha256', derived(keys.hashKey, `secret-box hash 1 ${purpose}`));
        hashes.set(purpose, hmac);
      }
      return hmac(value);
    },
  };
}

// The envelope: format (1) · length of key id (1) · key id · nonce (12) · sealed · tag (16)
const format = 1;
const nonceLength = 12;
const tagLength = 16;
const keyLength = 32;
const keyId = /^[a-z0-9._-]{1,64}$/;

function header(id: string): Buffer {
  return Buffer.concat([Buffer.from([format, id.length]), Buffer.from(id, 'latin1')]);
}

// Asking the operating system for twelve bytes takes longer than sealing with them, so it is asked
// for many at once. Each is handed out once.
function createNonces(): () => Buffer {
  let drawn = Buffer.alloc(0);
  return () => {
    if (drawn.length === 0) drawn = randomBytes(nonceLength * 128);
    const nonce = drawn.subarray(0, nonceLength);
    drawn = drawn.subarray(nonceLength);
    return nonce;
  };
}

interface Envelope {
  readonly header: Buffer;
  readonly keyId: string;
  readonly nonce: Buffer;
  readonly body: Buffer;
  readonly tag: Buffer;
}

function readEnvelope(sealed: Uint8Array): Envelope | null {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  const headerLength = 2 + (bytes[1] ?? 0);
  if (bytes[0] !== format || bytes.length < headerLength + nonceLength + tagLength) return null;
  const id = bytes.toString('latin1', 2, headerLength);
  if (!keyId.test(id)) return null;
  return {
    header: bytes.subarray(0, headerLength),
    keyId: id,
    nonce: bytes.subarray(headerLength, headerLength + nonceLength),
    body: bytes.subarray(headerLength + nonceLength, -tagLength),
    tag: bytes.subarray(-tagLength),
  };
}

// Each part carries its length, so ['ab', 'c'] and ['a', 'bc'] are different places.
function associatedData(head: Buffer, context: readonly string[]): Buffer {
  if (context.length === 0) throw new TypeError('A context says where the secret stands.');
  for (const part of context) {
    // A lone surrogate becomes U+FFFD in UTF-8, so two contexts would look alike.
    if (!part.isWellFormed()) throw new TypeError('A context is well-formed text.');
  }
  const count = Buffer.alloc(4);
  count.writeUInt32BE(context.length);
  return framed(context, Buffer.concat([head, count]));
}

function sealingKeys(keys: SecretBoxKeys): ReadonlyMap<string, KeyObject> {
  const byId = new Map<string, KeyObject>();
  for (const { id, key } of [keys.current, ...keys.previous]) {
    if (!keyId.test(id)) throw new TypeError(`A key id has 1 to 64 of a-z, 0-9, '.', '_', '-'.`);
    if (byId.has(id)) throw new TypeError(`Two keys have the id '${id}'.`);
    requireKey(key, id);
    byId.set(id, derive(key, 'secret-box seal 1'));
  }
  return byId;
}

function requireKey(key: Uint8Array, name: string): void {
  if (key.length !== keyLength) {
    throw new TypeError(`The key '${name}' has ${key.length} bytes instead of ${keyLength}.`);
  }
}

// A key of its own for each use (RFC 5869): one key given twice by mistake still does not serve two.
function derived(key: Uint8Array, use: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), use, keyLength));
}

// A key object, because Node takes five times as long over a key that it is given as bytes.
function derive(key: Uint8Array, use: string): KeyObject {
  return createSecretKey(derived(key, use));
}

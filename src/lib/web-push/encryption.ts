/**
 * Owns the encryption of a push message (RFC 8291 over RFC 8188, `aes128gcm`): whoever carries it
 * sees how long it is, and nothing of what it says.
 */
import { createCipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto';

/** For whom: what a browser hands out with its subscription (W3C Push API §10). */
export interface PushReceiver {
  /** The receiver's public key: a point of P-256, uncompressed (65 bytes), base64url. */
  readonly p256dh: string;
  /** The secret that only receiver and sender know: 16 bytes, base64url. */
  readonly auth: string;
}

/** What is drawn anew for each message; given by tests that must foresee the outcome. */
export interface PushChance {
  /** A private key of P-256: 32 bytes. */
  readonly senderKey: Uint8Array;
  /** 16 bytes. */
  readonly salt: Uint8Array;
}

/** Plain texts longer than this do not fit the 4,096 bytes that every push service takes (RFC 8030 §7.2). */
export const longestPushBytes = 3_993;

/**
 * Encrypts one message; the result is the body of a request with `Content-Encoding: aes128gcm`.
 * Texts are filled up to a multiple of `padTo` bytes (1: as they are), so that lengths tell nothing.
 * Throws a RangeError for a text that is too long or a receiver whose keys are none.
 */
export function encryptPush(
  text: string,
  receiver: PushReceiver,
  options: { readonly padTo?: number; readonly chance?: PushChance } = {},
): Buffer {
  const { padTo = 1, chance } = options;
  const plain = Buffer.from(text, 'utf8');
  if (plain.length > longestPushBytes) throw new RangeError('The text is too long for a push.');
  const receiverKey = bytesOf(receiver.p256dh, 65);
  const auth = bytesOf(receiver.auth, 16);
  const salt = chance?.salt ?? randomBytes(16);

  const sender = createECDH('prime256v1');
  if (chance === undefined) sender.generateKeys();
  else sender.setPrivateKey(chance.senderKey);
  const senderKey = sender.getPublicKey();
  const shared = sharedSecret(sender, receiverKey);

  // RFC 8291 §3.4: both public keys go into the key, so that neither can be exchanged.
  const keyInfo = Buffer.concat([Buffer.from('WebPush: info\0'), receiverKey, senderKey]);
  const material = hkdf(shared, auth, keyInfo, 32);
  const key = hkdf(material, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16);
  const nonce = hkdf(material, salt, Buffer.from('Content-Encoding: nonce\0'), 12);

  // One record, the last one: its text ends with a 2, and zeros may follow (RFC 8188 §2).
  const wanted = Math.ceil(plain.length / padTo) * padTo;
  const filling = Math.min(wanted, longestPushBytes) - plain.length;
  const cipher = createCipheriv('aes-128-gcm', key, nonce);
  const record = [
    cipher.update(plain),
    cipher.update(Buffer.from([2])),
    cipher.update(Buffer.alloc(filling)),
  ];
  const head = Buffer.alloc(5);
  head.writeUInt32BE(recordSize, 0);
  head.writeUInt8(senderKey.length, 4);
  return Buffer.concat([salt, head, senderKey, ...record, cipher.final(), cipher.getAuthTag()]);
}

const recordSize = 4_096;

function sharedSecret(sender: ReturnType<typeof createECDH>, receiverKey: Buffer): Buffer {
  try {
    return sender.computeSecret(receiverKey);
  } catch (cause) {
    // A point beside the curve would give the key away, bit by bit, to whoever chose it.
    throw new RangeError('The receiver has no key of P-256.', { cause });
  }
}

function hkdf(secret: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, info, length));
}

function bytesOf(text: string, length: number): Buffer {
  // Browsers write base64url; some libraries fill it up with `=`, or write base64.
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length !== length || !/^[\w+/-]+=*$/.test(text)) {
    throw new RangeError(`A key of the receiver is not ${length} bytes in base64url.`);
  }
  return bytes;
}

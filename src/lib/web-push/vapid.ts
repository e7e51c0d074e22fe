/**
 * Owns how an application server names itself to push services (VAPID, RFC 8292): by a key of its
 * own, which a subscription may be bound to, and a short-lived word signed with it.
 */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  type KeyObject,
} from 'node:crypto';

/** The key of an application server. */
export interface VapidKey {
  readonly privateKey: KeyObject;
  /** What browsers subscribe with (`applicationServerKey`): an uncompressed point, base64url. */
  readonly publicKey: string;
}

/** Makes a new key on P-256. */
export function createVapidKey(): VapidKey {
  return vapidKeyOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
}

/** The key of these bytes (PKCS #8, DER), as `vapidKeyBytes` wrote them; throws where they are none. */
export function readVapidKey(bytes: Buffer): VapidKey {
  return vapidKeyOf(createPrivateKey({ key: bytes, format: 'der', type: 'pkcs8' }));
}

/** A key as bytes (PKCS #8, DER). Whoever has them is this application server. */
export function vapidKeyBytes({ privateKey }: VapidKey): Buffer {
  return privateKey.export({ format: 'der', type: 'pkcs8' });
}

function vapidKeyOf(privateKey: KeyObject): VapidKey {
  const { crv, x, y } = createPublicKey(privateKey).export({ format: 'jwk' });
  if (crv !== 'P-256' || x === undefined || y === undefined) {
    throw new TypeError('A key for VAPID is on P-256.');
  }
  const point = [Buffer.from([4]), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')];
  return { privateKey, publicKey: Buffer.concat(point).toString('base64url') };
}

/** What is claimed towards a push service. */
export interface VapidClaims {
  /** The origin of the push service; the word is good there only. */
  readonly audience: string;
  /** Whom to write to when something is wrong: `mailto:` or `https:`. Nobody unless told. */
  readonly subject?: string;
  /** At most a day away (RFC 8292 §2). */
  readonly expiresAt: Date;
}

/** The value of the header `Authorization`: `vapid t=…, k=…` (RFC 8292 §3). */
export function vapidAuthorization(
  { privateKey, publicKey }: VapidKey,
  { audience, subject, expiresAt }: VapidClaims,
): string {
  const exp = Math.floor(expiresAt.getTime() / 1_000);
  const claims = { aud: audience, exp, ...(subject === undefined ? {} : { sub: subject }) };
  const signed = `${encoded({ typ: 'JWT', alg: 'ES256' })}.${encoded(claims)}`;
  // RFC 7518 §3.4: the two numbers side by side, not in DER.
  const signature = sign('sha256', Buffer.from(signed), {
    key: privateKey,
    dsaEncoding: 'ieee-p1363',
  });
  return `vapid t=${signed}.${signature.toString('base64url')}, k=${publicKey}`;
}

function encoded(part: Readonly<Record<string, string | number>>): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

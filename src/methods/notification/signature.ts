/** Owns the check of what a device signs: ECDSA on P-256 with SHA-256, as WebCrypto makes it. */
import { createPublicKey, verify, type KeyObject } from 'node:crypto';

/** How far a device's clock may be off from ours. */
export const clockSlackMs = 60_000;

/** How a device names itself: whose it is, and which. */
export function accountOf(userId: string, { id }: { readonly id: string }): string {
  return `${userId}.${id}`;
}

/** Whether the key with this SubjectPublicKeyInfo is one that we take: on P-256, and nothing else. */
export function isDeviceKey(key: string): boolean {
  return readKey(key) !== undefined;
}

/** Whether this is that key's signature of the text (IEEE P1363, base64url). Never throws. */
export function isSignedBy(key: string, text: string, signature: string): boolean {
  const publicKey = readKey(key);
  const bytes = Buffer.from(signature, 'base64url');
  if (publicKey === undefined || bytes.length !== 64) return false;
  try {
    return verify(
      'sha256',
      Buffer.from(text),
      { key: publicKey, dsaEncoding: 'ieee-p1363' },
      bytes,
    );
  } catch {
    return false;
  }
}

function readKey(key: string): KeyObject | undefined {
  try {
    const read = createPublicKey({
      key: Buffer.from(key, 'base64url'),
      format: 'der',
      type: 'spki',
    });
    const isOurs =
      read.asymmetricKeyType === 'ec' && read.asymmetricKeyDetails?.namedCurve === 'prime256v1';
    return isOurs ? read : undefined;
  } catch {
    return undefined;
  }
}

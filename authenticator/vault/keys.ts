/**
 * Owns the key with which a phone approves: made here, never to be read, not even by this app. What
 * it signs is said in `methods/notification/protocol.ts`.
 */
import { encodeBase64url } from './base64url.ts';

/** A key that stays in the browser. Named after what makes it: Node and browsers spell the type apart. */
export type CipherKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

export interface NewKey {
  readonly signingKey: CipherKey;
  /** SubjectPublicKeyInfo, base64url. */
  readonly publicKey: string;
}

/** A new P-256 key. Its private half cannot be taken out. */
export async function makeSigningKey(): Promise<NewKey> {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(
    { name: 'ECDSA', namedCurve: 'P-256' },
    false,
    ['sign', 'verify'],
  );
  // Public keys may always be taken out (Web Cryptography §27.4).
  const spki = await crypto.subtle.exportKey('spki', publicKey);
  return { signingKey: privateKey, publicKey: encodeBase64url(spki) };
}

/** ECDSA with SHA-256 over the text in UTF-8: r and s, 64 bytes (IEEE P1363), base64url. */
export async function sign(signingKey: CipherKey, text: string): Promise<string> {
  const signature = await crypto.subtle.sign(
    { name: 'ECDSA', hash: 'SHA-256' },
    signingKey,
    new TextEncoder().encode(text),
  );
  return encodeBase64url(signature);
}

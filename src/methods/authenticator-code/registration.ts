/** Owns how an authenticator app is registered: a key that the app and we share, and its QR code. */
import { decodeBase32, encodeBase32 } from '../../lib/otp/base32.ts';
import { otpauthUri } from '../../lib/otp/otpauth-uri.ts';
import type { Begun, Setup } from '../method.ts';
import { noStep, type AppSecret } from './secret.ts';

/** 160 bits: as long as SHA-1 itself (RFC 4226 §4, R6). */
const keyBytes = 20;

/** A new key. It takes any free place: one app is as good as another. */
export function begin(setup: Pick<Setup, 'random'>): Begun<AppSecret> {
  return {
    kind: 'begun',
    slot: '',
    secret: {
      key: encodeBase32(setup.random.bytes(keyBytes)),
      digits: 6,
      period: 30,
      algorithm: 'sha1',
      acceptedStep: noStep,
      drift: 0,
    },
  };
}

/** The bytes of the shared key. */
export function keyOf({ key }: Pick<AppSecret, 'key'>): Uint8Array {
  const bytes = decodeBase32(key);
  if (bytes === null) throw new Error('The key of an authenticator app is no base32.');
  return bytes;
}

/** What the QR code carries into the app. */
export function appAddress(
  { digits, period, algorithm, ...secret }: AppSecret,
  whose: { readonly organisation: string; readonly userPrincipalName: string },
): string {
  return otpauthUri({
    issuer: whose.organisation,
    account: whose.userPrincipalName,
    key: keyOf(secret),
    digits,
    period,
    algorithm,
  });
}

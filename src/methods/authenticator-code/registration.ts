/** Owns how an authenticator app is registered: a key that the app and we share, and its QR code. */
import { otpauthUri } from '../../lib/otp/otpauth-uri.ts';
import { keyOf, newApp, type AppSecret } from '../authenticator-app.ts';
import type { Begun, Setup } from '../method.ts';

/** A new key. It takes any free place: one app is as good as another. */
export function begin(setup: Pick<Setup, 'random'>): Begun<AppSecret> {
  return { kind: 'begun', slot: '', secret: newApp(setup.random) };
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

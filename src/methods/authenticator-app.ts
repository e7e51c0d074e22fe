/**
 * Owns the registration kind `authenticator-app`: an app or a token that shares a key with us, and
 * shows codes. Where it is the Tweestap Authenticator, it may be paired as well: then it has a key of
 * its own, with which it signs what its owner decides. The methods that ask for a code and that send
 * a notification draw on it.
 */
import { z } from 'zod';

import { decodeBase32, encodeBase32 } from '../lib/otp/base32.ts';
import { timeStep } from '../lib/otp/one-time-password.ts';
import type { Random } from '../lib/random.ts';
import { defineKind } from './kind.ts';
import { sharedWordsIn } from './words.ts';

/** No code was accepted yet. */
export const noStep = -1;

/** A clock further off than this many steps is not followed by itself: such a token is set anew. */
export const furthestDrift = 2;
/** How far two codes in a row may show a token's clock to be off, in steps (RFC 6238 §6). */
export const furthestResync = 40;

/** 160 bits: as long as SHA-1 itself (RFC 4226 §4, R6). */
const keyBytes = 20;

/** A place to push to, and the keys to encrypt for it (RFC 8030, RFC 8291). */
export const pushSubscription = z.strictObject({
  endpoint: z.url().max(1000),
  p256dh: z.string().regex(/^[\w-]{80,100}$/),
  auth: z.string().regex(/^[\w-]{16,40}$/),
});

/** A paired Tweestap Authenticator. */
export const appDevice = z.strictObject({
  /** How it names itself, together with whose it is. */
  id: z.string(),
  /** Its public key: P-256, SubjectPublicKeyInfo, base64url. The other half never leaves it. */
  key: z.string(),
  name: z.string(),
  version: z.string(),
  /** Absent where its owner wants no notifications, or the browser has none. */
  push: pushSubscription.exactOptional(),
  /** Keyed hash of the PIN, base64url; absent where none was asked for when it was paired. */
  pin: z.string().exactOptional(),
  /** Wrong PINs since the last right one. */
  wrongPins: z.int().min(0),
  /** Denials since the last approval. */
  denials: z.int().min(0),
});
export type AppDevice = z.infer<typeof appDevice>;

/** A hardware token: what its owner and the help desk tell it apart by. */
export const appToken = z.strictObject({
  serialNumber: z.string(),
  manufacturer: z.string(),
  model: z.string(),
});

/** What is kept of an authenticator app or a token. What is absent is what every app does. */
export const appSecret = z.strictObject({
  /** The shared key, base32 (RFC 4648) without padding. */
  key: z.string().regex(/^[A-Z2-7]{16,128}$/),
  digits: z.literal([6, 8]).default(6),
  /** Seconds. */
  period: z.literal([30, 60]).default(30),
  algorithm: z.enum(['sha1', 'sha256', 'sha512']).default('sha1'),
  /** The newest time step whose code was accepted. Only later ones are (RFC 6238 §5.2). */
  acceptedStep: z.int().min(noStep).default(noStep),
  /** How many steps its clock is ahead of ours, as good codes showed (RFC 6238 §6). */
  drift: z.int().min(-furthestResync).max(furthestResync).default(0),
  /** While a draft waits for the Tweestap Authenticator: what is typed or scanned there. */
  pairing: z.strictObject({ code: z.string(), origin: z.string() }).exactOptional(),
  device: appDevice.exactOptional(),
  /** Present where those in charge handed it out (`administration/hardware-tokens/hardware-tokens.ts`). */
  token: appToken.exactOptional(),
});
export type AppSecret = z.infer<typeof appSecret>;

/** An app or a token. One that is paired says which device it is on. */
export const authenticatorApp = defineKind({
  id: 'authenticator-app',
  slots: ['1', '2', '3', '4', '5'],
  icon: 'authenticator-code',
  secret: appSecret,
  name: ({ device, token }, locale) => {
    const words = sharedWordsIn(locale).app;
    if (token !== undefined) return words.token;
    return device === undefined ? words.name : words.ours;
  },
  detail: ({ device, token }, locale) => {
    const words = sharedWordsIn(locale).app;
    if (token !== undefined) return words.tokenDetail(token);
    return device === undefined ? words.detail : words.device(device.name, device.version);
  },
  places: (locale) => [{ slot: '', label: sharedWordsIn(locale).app.name }],
  change: 'none',
  // Its clock may have been found further ahead since than the older database knows.
  afterRestore: (secret, now) => {
    const furthest = Math.max(furthestDrift, secret.drift + 1);
    const step = timeStep(now.getTime() / 1000, secret.period) + furthest;
    return { ...secret, acceptedStep: Math.max(secret.acceptedStep, step) };
  },
});

/** A new app, which shares a new key with us. */
export function newApp(random: Random): AppSecret {
  return {
    key: encodeBase32(random.bytes(keyBytes)),
    digits: 6,
    period: 30,
    algorithm: 'sha1',
    acceptedStep: noStep,
    drift: 0,
  };
}

/** The bytes of the shared key. */
export function keyOf({ key }: Pick<AppSecret, 'key'>): Uint8Array {
  const bytes = decodeBase32(key);
  if (bytes === null) throw new Error('The key of an authenticator app is no base32.');
  return bytes;
}

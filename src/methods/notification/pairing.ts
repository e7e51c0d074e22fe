/**
 * Owns how the Tweestap Authenticator joins a registration: a code finds the draft, and the device
 * brings a key that it made. It proves nothing yet: the test that follows does.
 */
import { z } from 'zod';

import { hidesSomething } from '../../lib/hidden-text.ts';
import { encodeBase32 } from '../../lib/otp/base32.ts';
import { appDevice, newApp, pushSubscription, type AppSecret } from '../authenticator-app.ts';
import type {
  Begun,
  DeviceUpdate,
  Pairing,
  PairingDefinition,
  PairingResult,
  Setup,
} from '../method.ts';
import { canonicalCode, pairText } from './protocol.ts';
import type { Settings } from './settings.ts';
import { clockSlackMs, isDeviceKey, isSignedBy } from './signature.ts';

/** 60 bits, good for one draft and as long as its page is open. */
const codeLength = 12;

const deviceName = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .refine((name) => !hidesSomething(name));
const version = z.string().regex(/^[\w.+-]{1,20}$/);
/** A PIN as it is chosen (`protocol.ts`). */
const pinDigits = z.string().regex(/^\d{4,8}$/);

/** What the device sends: `PairRequest`. */
const input = z.strictObject({
  code: z.string().max(40),
  key: z.string().max(200).refine(isDeviceKey),
  name: deviceName,
  version,
  pin: pinDigits.exactOptional(),
  push: pushSubscription.exactOptional(),
  at: z.int(),
  signature: z.string().max(100),
});
type Input = z.infer<typeof input>;

/** A draft that waits for its device. */
export function begin({ random, origin }: Pick<Setup, 'random' | 'origin'>): Begun<AppSecret> {
  const letters = encodeBase32(random.bytes(8)).slice(0, codeLength);
  const code = letters.match(/.{4}/g)?.join('-') ?? letters;
  return { kind: 'begun', slot: '', secret: { ...newApp(random), pairing: { code, origin } } };
}

export const pairing: Omit<PairingDefinition<Settings, AppSecret, Input>, 'isFrom'> = {
  input,
  code: ({ pairing: awaited }) => (awaited === undefined ? undefined : canonicalCode(awaited.code)),
  pair,
  device: ({ device }) => device,
  update,
};

function pair(
  { settings, random, now, origin, lastingHash }: Pairing<Settings>,
  secret: AppSecret,
  request: Input,
): PairingResult<AppSecret> {
  const { key, name, pin, push, at, signature } = request;
  if (Math.abs(at - now.getTime()) > clockSlackMs) return { kind: 'refused', reason: 'clock' };
  const text = pairText(origin, {
    code: request.code,
    key,
    at,
    ...(pin === undefined ? {} : { pin }),
  });
  if (!isSignedBy(key, text, signature)) return { kind: 'refused', reason: 'unreadable' };
  if (settings.pin && pin === undefined) return { kind: 'refused', reason: 'pin-needed' };
  const { pairing: _used, ...kept } = secret;
  const id = random.token(16);
  return {
    kind: 'paired',
    secret: {
      ...kept,
      device: {
        id,
        key,
        name,
        version: request.version,
        ...(push === undefined ? {} : { push }),
        ...(pin === undefined ? {} : { pin: pinHash(lastingHash, id, pin) }),
        wrongPins: 0,
        denials: 0,
      },
    },
  };
}

/** How a PIN is kept: it fits this device and no other. */
export function pinHash(
  lastingHash: Pairing['lastingHash'],
  deviceId: string,
  pin: string,
): string {
  return lastingHash(`pin ${deviceId} ${pin}`).toString('base64url');
}

function update(secret: AppSecret, { push, ...names }: DeviceUpdate): AppSecret | undefined {
  const { device } = secret;
  if (device === undefined) return undefined;
  const { push: before, ...others } = device;
  const pushed = push === undefined ? before : (push ?? undefined);
  const parsed = appDevice.extend({ name: deviceName, version }).safeParse({
    ...others,
    ...(names.name === undefined ? {} : { name: names.name }),
    ...(names.version === undefined ? {} : { version: names.version }),
    ...(pushed === undefined ? {} : { push: pushed }),
  });
  return parsed.success ? { ...secret, device: parsed.data } : undefined;
}

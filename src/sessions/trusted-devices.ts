/**
 * Owns trusting a device: it is trusted after a second step was proved there, known again by its
 * cookie, and ended. The cookie holds two times 128 random bits, one that stays and one that every
 * use changes; the store holds keyed hashes of both, each bound to the person. Whoever sends a value
 * that was changed since has a copy: then nobody is trusted on it any more (attack ATK-35).
 */
import type { Clock } from '../lib/clock.ts';
import type { Random } from '../lib/random.ts';
import type { SecretBox } from '../lib/secret-box.ts';
import type { TrustedDeviceStore } from './trusted-device-store.ts';
import type { TrustedDevice } from './trusted-device.ts';

export interface DeviceParts {
  readonly box: SecretBox;
  readonly clock: Clock;
  readonly random: Random;
}

/** What trust depends on, as it is now. */
export interface Terms {
  /** The ids of all that the person has registered. */
  readonly registrations: readonly string[];
  /** How many days policy lets a device be trusted. */
  readonly days: number;
}

export interface Trust extends Terms {
  readonly userId: string;
  readonly address: string;
  readonly userAgent: string;
  /** The cookie that the browser has of an earlier trust, which this one replaces. */
  readonly replaces: string | undefined;
}

/** What came of a cookie. */
export type Use =
  /** No device of this person's, or one whose trust has ended. */
  | { readonly kind: 'unknown' }
  /** `cookie` is the new value for the browser; undefined where it has that already. */
  | {
      readonly kind: 'trusted';
      readonly device: TrustedDevice;
      readonly cookie: string | undefined;
    }
  /** Somebody has a copy of an earlier value: the device is trusted no longer. */
  | { readonly kind: 'reused'; readonly device: TrustedDevice };

/**
 * How long the value before the last is taken from the same browser: a restored window sends it from
 * several tabs at once, and an answer may be lost on its way.
 */
export const graceSeconds = 60;

/** Of one person; who trusts one more loses the one that was not used for longest. */
export const mostDevices = 50;

const dayMs = 86_400_000;

/** Trusts the device from now on, and returns the value for its cookie, once. */
export async function trustDevice(
  parts: DeviceParts,
  store: TrustedDeviceStore,
  trust: Trust,
): Promise<{ readonly device: TrustedDevice; readonly cookie: string }> {
  const { random, clock } = parts;
  const { userId } = trust;
  const now = clock.now();
  const replaced = deviceIdOf(parts, trust.replaces, userId);
  if (replaced !== undefined) await store.remove(replaced, userId);
  const others = await store.list(userId, now);
  for (const { id } of others.slice(mostDevices - 1)) await store.remove(id, userId);

  const fixed = random.token(16);
  const changing = random.token(16);
  const id = idOf(parts, fixed, userId);
  const device: TrustedDevice = {
    id,
    userId,
    version: 1,
    token: tokenOf(parts, changing, id),
    earlier: undefined,
    registrations: markOf(parts, trust.registrations),
    userAgent: trust.userAgent.slice(0, 400),
    address: trust.address,
    createdAt: now,
    lastUsedAt: now,
    expiresAt: new Date(now.getTime() + trust.days * dayMs),
  };
  await store.add(device);
  return { device, cookie: `${fixed}.${changing}` };
}

/** Takes a cookie for this person's sign-in, which changes its value. */
export async function useDevice(
  parts: DeviceParts,
  store: TrustedDeviceStore,
  cookie: string | undefined,
  visit: Terms & Pick<Trust, 'userId' | 'address' | 'userAgent'>,
): Promise<Use> {
  const { userId, address } = visit;
  const read = readCookie(cookie);
  if (read === undefined) return { kind: 'unknown' };
  const now = parts.clock.now();
  const device = await store.find(idOf(parts, read.fixed, userId), userId, now);
  if (device === undefined || !isTrusted(parts, device, visit)) return { kind: 'unknown' };

  const token = tokenOf(parts, read.changing, device.id);
  if (token !== device.token) {
    if (isAnotherTab(device, token, visit.userAgent, now)) {
      return { kind: 'trusted', device, cookie: undefined };
    }
    await store.remove(device.id, userId);
    return { kind: 'reused', device };
  }
  const changing = parts.random.token(16);
  const used: TrustedDevice = {
    ...device,
    token: tokenOf(parts, changing, device.id),
    earlier: { token, at: now },
    address,
    lastUsedAt: now,
  };
  // Used by somebody else in this very moment: then the second step is asked, which is never wrong.
  if (!(await store.use(used))) return { kind: 'unknown' };
  return { kind: 'trusted', device: used, cookie: `${read.fixed}.${changing}` };
}

/** Whether the trust of a device that was found still holds: nothing else registered, not too old. */
export function isTrusted(
  parts: Pick<DeviceParts, 'box' | 'clock'>,
  device: TrustedDevice,
  { registrations, days }: Terms,
): boolean {
  const isOver = trustEndsAt(device, { days }) <= parts.clock.now();
  return !isOver && device.registrations === markOf(parts, registrations);
}

/** When the trust ends by itself: sooner than was said where policy has become stricter. */
export function trustEndsAt(device: TrustedDevice, { days }: Pick<Terms, 'days'>): Date {
  const byPolicy = device.createdAt.getTime() + days * dayMs;
  return new Date(Math.min(device.expiresAt.getTime(), byPolicy));
}

/** Under which id this person's device is kept that a cookie names; undefined for what is no cookie of ours. */
export function deviceIdOf(
  parts: Pick<DeviceParts, 'box'>,
  cookie: string | undefined,
  userId: string,
): string | undefined {
  const read = readCookie(cookie);
  return read === undefined ? undefined : idOf(parts, read.fixed, userId);
}

function isAnotherTab(
  { earlier, userAgent }: TrustedDevice,
  token: string,
  agent: string,
  now: Date,
): boolean {
  if (earlier === undefined || earlier.token !== token) return false;
  return (
    now.getTime() - earlier.at.getTime() <= graceSeconds * 1000 && agent.slice(0, 400) === userAgent
  );
}

function readCookie(
  cookie: string | undefined,
): { readonly fixed: string; readonly changing: string } | undefined {
  const [, fixed, changing] = /^([\w-]{22})\.([\w-]{22})$/.exec(cookie ?? '') ?? [];
  return fixed === undefined || changing === undefined ? undefined : { fixed, changing };
}

function idOf({ box }: Pick<DeviceParts, 'box'>, fixed: string, userId: string): string {
  return box.keyedHash('trusted-device', `${fixed} ${userId}`).toString('base64url');
}

function tokenOf({ box }: Pick<DeviceParts, 'box'>, changing: string, id: string): string {
  return box.keyedHash('trusted-device-token', `${changing} ${id}`).toString('base64url');
}

function markOf({ box }: Pick<DeviceParts, 'box'>, registrations: readonly string[]): string {
  return box.keyedHash('registrations', registrations.toSorted().join(' ')).toString('base64url');
}

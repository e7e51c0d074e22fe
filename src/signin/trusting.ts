/**
 * Owns trusted devices inside a sign-in: one is known again after the password, and becomes trusted
 * at the end where its owner asked for that and proved a second step in this very attempt.
 */
import type { User } from '../accounts/user.ts';
import { deviceTrusted, trustedDeviceReused, trustedDeviceUsed } from '../audit/audit.ts';
import { isAtLeast } from '../lib/strength.ts';
import { trustDevice, useDevice } from '../sessions/trusted-devices.ts';
import type { Attempt } from './attempt.ts';
import { deviceName } from './device-name.ts';
import { requiredOf } from './next-step.ts';
import { origin, withStep } from './origin.ts';
import type { SigninParts, Work } from './parts.ts';
import { gather, type Known } from './situation.ts';
import { tell } from './telling.ts';
import { mayTrust, termsOf } from './trust.ts';

/** What the browser's cookie of a trusted device becomes. */
export type DeviceCookie = { readonly value: string; readonly days: number } | 'ended';

/** The attempt after a device was looked for; `cookie` where the browser's changes. */
export interface Recognised {
  readonly attempt: Attempt;
  readonly cookie: DeviceCookie | undefined;
}

/** How the sign-in log calls it, beside the methods (row A-110). */
export const trustedDeviceStep = 'trusted-device';
/** And why it was refused, where somebody has a copy of it. */
export const reusedDevice = 'reused';

/** Knows a trusted device again by its cookie, right after the password; using it changes the cookie. */
export async function recogniseDevice(
  parts: SigninParts,
  work: Work,
  attempt: Attempt,
  user: User,
  cookie: string,
): Promise<Recognised> {
  const known = await gather(parts, work.stores, attempt, user);
  const { policy, registrations } = known;
  if (!isOfUse(attempt, known) || !mayTrust(policy, user)) return { attempt, cookie: undefined };
  const { now } = work;
  const use = await useDevice(parts, work.stores.trustedDevices, cookie, {
    ...termsOf(policy, registrations),
    userId: user.id,
    address: attempt.address,
    userAgent: attempt.userAgent,
  });
  switch (use.kind) {
    case 'unknown':
      return { attempt, cookie: undefined };
    case 'trusted': {
      await work.stores.audit.append(trustedDeviceUsed(origin(attempt, now), use.device.id));
      const days = policy.trustedDevices.days;
      return {
        attempt: withStep(
          { ...attempt, trustedDevice: use.device.id },
          { at: now, method: trustedDeviceStep, result: 'success', reason: 'ok' },
        ),
        cookie: use.cookie === undefined ? undefined : { value: use.cookie, days },
      };
    }
    case 'reused': {
      // One of the two who sent it has a copy, and it is not known which: both begin anew.
      await endSessionsOn(work, user.id, use.device.id);
      await work.stores.audit.append(trustedDeviceReused(origin(attempt, now), use.device.id));
      const name = deviceName(use.device.userAgent, attempt.locale);
      await tell(parts, work, attempt, known, user, 'trustedDeviceReused', name);
      return {
        attempt: withStep(attempt, {
          at: now,
          method: trustedDeviceStep,
          result: 'failure',
          reason: reusedDevice,
        }),
        cookie: 'ended',
      };
    }
  }
}

/** Whether a trusted device would spare this person the second step that is asked now. */
function isOfUse(attempt: Attempt, known: Known): boolean {
  const { standing } = known;
  if (standing === undefined || !standing.accountEnabled || standing.blocked) return false;
  const required = (trustedDevice: boolean): string =>
    requiredOf(attempt, { ...known, trustedDevice }, standing);
  return required(false) !== 'password' && required(true) === 'password';
}

/** Whether "Don't ask again on this device" is offered at this second step. */
export function isTrustOffered(
  { request }: Attempt,
  { policy, user }: Pick<Known, 'policy' | 'user'>,
): boolean {
  // Who steps up for a change came to be asked.
  return user !== undefined && request.required !== 'strongest' && mayTrust(policy, user);
}

/** Notes whether the person wants the device trusted; `undefined`: nothing was said of it. */
export function wishing(attempt: Attempt, known: Known, trusts: boolean | undefined): Attempt {
  return trusts === undefined || !isTrustOffered(attempt, known) ? attempt : { ...attempt, trusts };
}

/**
 * Trusts the device at the end of a sign-in, where that was asked for and a second step was proved in
 * it: what a session brought along, or another trusted device, is not enough.
 */
export async function trustIfWished(
  parts: SigninParts,
  work: Work,
  attempt: Attempt,
  known: Known,
  user: User,
  replaces: string | undefined,
): Promise<{ readonly id: string; readonly cookie: DeviceCookie } | undefined> {
  const { policy, registrations } = known;
  if (attempt.trusts !== true || !isTrustOffered(attempt, known) || !isProvedHere(attempt)) {
    return undefined;
  }
  const { device, cookie } = await trustDevice(parts, work.stores.trustedDevices, {
    ...termsOf(policy, registrations),
    userId: user.id,
    address: attempt.address,
    userAgent: attempt.userAgent,
    replaces,
  });
  await work.stores.audit.append(deviceTrusted(origin(attempt, work.now), device.id));
  const name = deviceName(device.userAgent, attempt.locale);
  await tell(parts, work, attempt, known, user, 'deviceTrusted', name);
  return { id: device.id, cookie: { value: cookie, days: policy.trustedDevices.days } };
}

function isProvedHere({ proofs, createdAt }: Attempt): boolean {
  return proofs.some(({ strength, at }) => isAtLeast(strength, 'possession') && at >= createdAt);
}

/** Ends the sessions of a device; `except` is the one that ends it. */
export async function endSessionsOn(
  { stores, now }: Work,
  userId: string,
  deviceId: string | undefined,
  except?: Buffer,
): Promise<void> {
  for (const { id, trustedDevice } of await stores.sessions.list(userId, now)) {
    if (trustedDevice === undefined || except?.equals(id) === true) continue;
    if (deviceId === undefined || trustedDevice === deviceId) await stores.sessions.remove(id);
  }
}

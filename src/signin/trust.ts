/**
 * Owns whether a device is trusted now: policy lets it, the person is somebody who may, and nothing
 * was added to what they registered, or taken from it, since.
 */
import { isPrivileged, type User } from '../accounts/user.ts';
import type { Clock } from '../lib/clock.ts';
import type { SecretBox } from '../lib/secret-box.ts';
import type { Policies } from '../policies/policies.ts';
import type { Policy } from '../policies/policy.ts';
import type { Registration } from '../registrations/registration.ts';
import { isTrusted, type Terms } from '../sessions/trusted-devices.ts';
import type { CurrentSession } from './current-session.ts';
import type { SigninStores } from './stores.ts';

/** Whether this person may have devices trusted: policy allows it, and they have no role (ATK-35). */
export function mayTrust(policy: Policy, user: User): boolean {
  return (
    policy.trustedDevices.allowed && !isPrivileged(user) && user.perUserMfaState !== 'disabled'
  );
}

/** What trust depends on, for this person now. */
export function termsOf(policy: Policy, registrations: readonly Registration[]): Terms {
  return { registrations: registrations.map(({ id }) => id), days: policy.trustedDevices.days };
}

/**
 * Whether the device with this id stands in for the second step now. Only for *enforced*: whoever has
 * yet to finish registering is asked to.
 */
export async function isDeviceTrusted(
  parts: { readonly box: SecretBox; readonly clock: Clock },
  stores: Pick<SigninStores, 'trustedDevices'>,
  deviceId: string | undefined,
  {
    policy,
    user,
    registrations,
  }: {
    readonly policy: Policy;
    readonly user: User;
    readonly registrations: readonly Registration[];
  },
): Promise<boolean> {
  if (deviceId === undefined || user.perUserMfaState !== 'enforced') return false;
  if (!mayTrust(policy, user)) return false;
  const device = await stores.trustedDevices.find(deviceId, user.id, parts.clock.now());
  return device !== undefined && isTrusted(parts, device, termsOf(policy, registrations));
}

/** Says of a session whether a trusted device still stands in for its second step. */
export type RestsOnTrust = (current: CurrentSession) => Promise<boolean>;

/** Makes the look-up, for doors that ask at every request. */
export function createRestsOnTrust(parts: {
  readonly stores: Pick<SigninStores, 'trustedDevices' | 'registrations'>;
  readonly policies: Pick<Policies, 'current'>;
  readonly box: SecretBox;
  readonly clock: Clock;
}): RestsOnTrust {
  const { stores, policies } = parts;
  return async ({ session, user }) => {
    if (session.trustedDevice === undefined) return false;
    const registrations = await stores.registrations.list(user.id);
    const policy = await policies.current();
    return isDeviceTrusted(parts, stores, session.trustedDevice, { policy, user, registrations });
  };
}

/**
 * Owns what a person sees of the devices they trust, and how they end that. It makes things safer, so
 * it asks for no fresh second step.
 */
import type { User } from '../accounts/user.ts';
import { trustedDeviceRemoved, trustedDevicesRemoved } from '../audit/audit.ts';
import type { TrustedDevice } from '../sessions/trusted-device.ts';
import { deviceIdOf, isTrusted, trustEndsAt } from '../sessions/trusted-devices.ts';
import type { CurrentSession } from '../signin/current-session.ts';
import { deviceName } from '../signin/device-name.ts';
import { createOwnActs, originOf } from '../signin/own-act.ts';
import type { SigninParts } from '../signin/parts.ts';
import { tell, type Visitor } from '../signin/telling.ts';
import { mayTrust, termsOf } from '../signin/trust.ts';
import { endSessionsOn } from '../signin/trusting.ts';

export interface OwnDevices {
  /** Whether this person may have devices trusted now; if not, those listed count for nothing. */
  readonly mayTrust: boolean;
  readonly days: number;
  readonly devices: readonly OwnDevice[];
}

export interface OwnDevice extends TrustedDevice {
  /** Whether it is the browser that asks. */
  readonly isThisOne: boolean;
}

export interface TrustedDevices {
  /** The devices this person trusts, the one that was used last first; `cookie` is the browser's. */
  list(user: User, cookie: string | undefined): Promise<OwnDevices>;
  /** Ends one, and the sessions on it but the current one; false where it is gone already. */
  remove(current: CurrentSession, id: string, visitor: Visitor): Promise<boolean>;
  /** Ends all (row E-019); resolves to how many there were. */
  removeAll(current: CurrentSession, visitor: Visitor): Promise<number>;
}

/** Makes the service. */
export function createTrustedDevices(parts: SigninParts): TrustedDevices {
  const { stores, clock } = parts;
  const acts = createOwnActs(parts);

  return {
    list: async (user, cookie) => {
      const policy = await parts.policies.current();
      const terms = termsOf(policy, await stores.registrations.list(user.id));
      const all = await stores.trustedDevices.list(user.id, clock.now());
      const own = deviceIdOf(parts, cookie, user.id);
      return {
        mayTrust: mayTrust(policy, user),
        days: terms.days,
        devices: all
          .filter((device) => isTrusted(parts, device, terms))
          .map((device) => ({
            ...device,
            expiresAt: trustEndsAt(device, terms),
            isThisOne: device.id === own,
          })),
      };
    },

    remove: (current, id, visitor) =>
      acts.act(current, 'session', async (work, user, session) => {
        const device = await work.stores.trustedDevices.find(id, user.id, work.now);
        if (device === undefined) return false;
        await work.stores.trustedDevices.remove(id, user.id);
        await endSessionsOn(work, user.id, id, session.id);
        await work.stores.audit.append(trustedDeviceRemoved(originOf(current, visitor, work), id));
        const policy = await parts.policies.current(work.stores.policies);
        const name = deviceName(device.userAgent, visitor.locale);
        await tell(parts, work, visitor, { policy }, user, 'trustedDeviceRemoved', name);
        return true;
      }),

    removeAll: (current, visitor) =>
      acts.act(current, 'session', async (work, user, session) => {
        const count = await work.stores.trustedDevices.removeAll(user.id);
        if (count === 0) return count;
        await endSessionsOn(work, user.id, undefined, session.id);
        await work.stores.audit.append(
          trustedDevicesRemoved(originOf(current, visitor, work), count),
        );
        const policy = await parts.policies.current(work.stores.policies);
        await tell(parts, work, visitor, { policy }, user, 'trustedDevicesRemoved');
        return count;
      }),
  };
}

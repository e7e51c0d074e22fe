/** Owns what the keeper of trusted devices promises. */
import type { TrustedDevice } from './trusted-device.ts';

export interface TrustedDeviceStore {
  add(device: TrustedDevice): Promise<void>;
  /** Undefined when unknown, somebody else's, or past its end. */
  find(id: string, userId: string, now: Date): Promise<TrustedDevice | undefined>;
  /** Saves a use as the next version; false where the device is gone, or was used meanwhile. */
  use(device: TrustedDevice): Promise<boolean>;
  /** The living ones of a person, the one that was used last first. */
  list(userId: string, now: Date): Promise<readonly TrustedDevice[]>;
  /** Ends one of this person's; true when it existed. */
  remove(id: string, userId: string): Promise<boolean>;
  /** Ends all of a person's; effective at once on every node. Returns how many there were. */
  removeAll(userId: string): Promise<number>;
  removeExpired(now: Date): Promise<number>;
}

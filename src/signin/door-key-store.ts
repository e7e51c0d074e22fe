/** Owns what is asked of the keeper of app passwords a thousand times a second, at the doors of systems. */
import type { Account } from '../accounts/user.ts';
import type { AppPassword } from '../app-passwords/app-password.ts';

/** An app password and whose it is. */
export interface DoorKey {
  readonly appPassword: Pick<AppPassword, 'id' | 'userId' | 'door' | 'createdAt' | 'expiresAt'>;
  readonly user: Account;
}

export interface DoorKeyStore {
  /**
   * The app password with this keyed hash, of the person with this canonical name; both as they are at
   * this moment, whoever changed them and on whichever node. Throws `RECORD_DAMAGED` for a person whose
   * record somebody else changed; an app password of which that is so is none.
   */
  find(hash: Buffer, name: string): Promise<DoorKey | undefined>;
}

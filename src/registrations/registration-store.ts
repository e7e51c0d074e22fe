/** Owns what the keeper of registrations promises. */
import type { Registration } from './registration.ts';

export interface RegistrationStore {
  /** Adds; false when the slot is taken (also under parallel requests). */
  add(registration: Registration): Promise<boolean>;
  /** All of a person's, oldest first, secrets opened. */
  list(userId: string): Promise<readonly Registration[]>;
  find(id: string): Promise<Registration | undefined>;
  /** Keeps a new secret and the time of use, only from `version`: false when somebody was first. */
  use(id: string, version: number, secret: unknown, now: Date): Promise<boolean>;
  /** Notes a use that changes nothing. */
  touch(id: string, now: Date): Promise<void>;
  remove(id: string, userId: string): Promise<boolean>;
  removeAll(userId: string): Promise<number>;
}

/** Owns what the keeper of app passwords promises. */
import type { AppPassword, AppPasswordUse } from './app-password.ts';

export interface AppPasswordStore {
  /** Adds; false when the slot is taken. `plain` is kept, sealed, to be shown once. */
  add(appPassword: AppPassword, plain?: string): Promise<boolean>;
  /**
   * Gives the password itself, once, of what was made after `since`: of any number who ask, on any
   * node, one gets it.
   */
  takePlain(id: string, userId: string, since: Date): Promise<string | undefined>;
  /** Forgets those that nobody came to see, of what was made before; resolves to how many. */
  forgetPlains(before: Date): Promise<number>;
  list(userId: string): Promise<readonly AppPassword[]>;
  /** By keyed hash: one indexed look-up. */
  findByHash(hash: Buffer): Promise<AppPassword | undefined>;
  /** Notes a use, never backwards. */
  noteUse(id: string, use: AppPasswordUse): Promise<void>;
  remove(id: string, userId: string): Promise<boolean>;
  removeAll(userId: string): Promise<number>;
}

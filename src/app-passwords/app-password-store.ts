/** Owns what the keeper of app passwords promises. */
import type { AppPassword } from './app-password.ts';

export interface AppPasswordStore {
  /** Adds; false when the slot is taken. */
  add(appPassword: AppPassword): Promise<boolean>;
  list(userId: string): Promise<readonly AppPassword[]>;
  /** By keyed hash: one indexed look-up. */
  findByHash(hash: Buffer): Promise<AppPassword | undefined>;
  remove(id: string, userId: string): Promise<boolean>;
  removeAll(userId: string): Promise<number>;
}

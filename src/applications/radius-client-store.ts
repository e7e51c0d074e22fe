/** Owns what the keeper of RADIUS clients promises. */
import type { RadiusClient } from './radius-client.ts';

export interface RadiusClientStore {
  /** False when there is one of this id already, which stays. */
  add(client: RadiusClient): Promise<boolean>;
  /** Oldest first. What somebody else changed is left out: nobody asks by it. */
  list(): Promise<readonly RadiusClient[]>;
  /** False when there is none. */
  remove(id: string): Promise<boolean>;
}

/** Owns what the keeper of LDAP clients promises. */
import type { LdapClient } from './ldap-client.ts';

export interface LdapClientStore {
  /** False when there is one of this name already, which stays. */
  add(client: LdapClient): Promise<boolean>;
  /** One indexed look-up. What somebody else changed is not found: nobody comes in by it. */
  find(name: string): Promise<LdapClient | undefined>;
  /** By name. */
  list(): Promise<readonly LdapClient[]>;
  /** False when there is none. */
  remove(name: string): Promise<boolean>;
}

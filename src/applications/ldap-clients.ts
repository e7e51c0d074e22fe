/**
 * Owns adding, removing and recognising LDAP clients. Their passwords are made here and nowhere else,
 * and shown once.
 */
import { ldapClientChanged } from '../audit/client-events.ts';
import type { AuditStore } from '../audit/audit-store.ts';
import type { Clock } from '../lib/clock.ts';
import type { Random } from '../lib/random.ts';
import type { SecretBox } from '../lib/secret-box.ts';
import type { Transact } from '../lib/transact.ts';
import type { LdapClient } from './ldap-client.ts';
import type { LdapClientStore } from './ldap-client-store.ts';

/** A client without its password. */
export type ShownLdapClient = Omit<LdapClient, 'hash'>;

export type AddedLdapClient =
  | {
      readonly kind: 'added';
      readonly client: ShownLdapClient;
      /** Exists nowhere else from now on. */
      readonly password: string;
    }
  | { readonly kind: 'refused'; readonly reason: 'taken' | 'not-a-name' };

export interface LdapClients {
  /** Adds one; `actor` is audited. */
  add(name: string, actor: string): Promise<AddedLdapClient>;
  list(): Promise<readonly ShownLdapClient[]>;
  /** It comes in nowhere afterwards, on any node; false when there is none. */
  remove(name: string, actor: string): Promise<boolean>;
  /** The client whose name and password these are: one look-up, as for an app password. */
  recognise(name: string, password: string): Promise<ShownLdapClient | undefined>;
  /** Whether there is one of this name still: asked by connections that stay open. */
  has(client: ShownLdapClient): Promise<boolean>;
}

/** The stores that a change needs together. */
export interface LdapClientStores {
  readonly ldapClients: LdapClientStore;
  readonly audit: AuditStore;
}

const namePattern = /^[a-z0-9][a-z0-9._-]{0,39}$/;
/** 120 bits, as an app password has. */
const passwordLength = 24;

/** Makes the service. `store` is read outside transactions. */
export function createLdapClients(parts: {
  readonly store: LdapClientStore;
  readonly transact: Transact<LdapClientStores>;
  readonly box: SecretBox;
  readonly clock: Clock;
  readonly random: Random;
}): LdapClients {
  const { store, transact, box, clock, random } = parts;
  const hashOf = (password: string): Buffer => box.keyedHash('ldap-client', password);
  return {
    add: async (typed, actor) => {
      const name = typed.trim().toLowerCase();
      if (!namePattern.test(name)) return { kind: 'refused', reason: 'not-a-name' };
      const password = random.base32(passwordLength);
      const at = clock.now();
      return transact(async (stores) => {
        const added = await stores.ldapClients.add({ name, hash: hashOf(password), createdAt: at });
        if (!added) return { kind: 'refused', reason: 'taken' };
        await stores.audit.append(ldapClientChanged({ at, actor, change: 'added', name }));
        return { kind: 'added', client: { name, createdAt: at }, password };
      });
    },
    list: async () => (await store.list()).map(shown),
    remove: (name, actor) =>
      transact(async (stores) => {
        if (!(await stores.ldapClients.remove(name))) return false;
        const at = clock.now();
        await stores.audit.append(ldapClientChanged({ at, actor, change: 'removed', name }));
        return true;
      }),
    recognise: async (name, password) => {
      const client = await store.find(name.toLowerCase());
      // Both are keyed hashes, so comparing them byte by byte tells nothing of what was typed.
      return client?.hash.equals(hashOf(password)) === true ? shown(client) : undefined;
    },
    has: async ({ name, createdAt }) =>
      (await store.find(name))?.createdAt.getTime() === createdAt.getTime(),
  };
}

function shown({ name, createdAt }: LdapClient): ShownLdapClient {
  return { name, createdAt };
}

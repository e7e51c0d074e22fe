/** What every keeper of LDAP clients is held to. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { onFreshStores, type MakeStores } from '../lib/stores.contract.ts';
import type { LdapClientStore } from './ldap-client-store.ts';
import type { LdapClient } from './ldap-client.ts';

const dovecot: LdapClient = {
  name: 'dovecot',
  hash: Buffer.alloc(32, 1),
  createdAt: new Date(1000),
};

/** Runs the contract; `make` gives fresh stores to each test. */
export function describeLdapClientStore(
  make: MakeStores<{ readonly ldapClients: LdapClientStore }>,
): void {
  describe('a store of LDAP clients', () => {
    it('gives back clients as they were added, by name, on every node', () =>
      onFreshStores(make, async (fresh) => {
        const apache: LdapClient = { ...dovecot, name: 'apache', createdAt: new Date(2000) };
        assert.equal(await fresh.stores.ldapClients.add(dovecot), true);
        assert.equal(await fresh.stores.ldapClients.add(apache), true);
        const { stores } = await fresh.anotherNode();
        assert.deepEqual(await stores.ldapClients.list(), [apache, dovecot]);
        assert.deepEqual(await stores.ldapClients.find('dovecot'), dovecot);
        assert.equal(await stores.ldapClients.find('nginx'), undefined);
      }));

    it('keeps the first when a name is given twice', () =>
      onFreshStores(make, async ({ stores: { ldapClients } }) => {
        await ldapClients.add(dovecot);
        assert.equal(await ldapClients.add({ ...dovecot, hash: Buffer.alloc(32, 2) }), false);
        assert.deepEqual(await ldapClients.list(), [dovecot]);
      }));

    it('removes once', () =>
      onFreshStores(make, async ({ stores: { ldapClients } }) => {
        await ldapClients.add(dovecot);
        assert.equal(await ldapClients.remove('dovecot'), true);
        assert.equal(await ldapClients.remove('dovecot'), false);
        assert.equal(await ldapClients.find('dovecot'), undefined);
      }));
  });
}

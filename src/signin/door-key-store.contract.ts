/** What every finder of app passwords is held to. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { UserStore } from '../accounts/user-store.ts';
import { sampleUser } from '../accounts/user-store.contract.ts';
import type { AppPasswordStore } from '../app-passwords/app-password-store.ts';
import { sampleAppPassword } from '../app-passwords/app-password-store.contract.ts';
import { onFreshStores, type MakeStores } from '../lib/stores.contract.ts';
import type { DoorKeyStore } from './door-key-store.ts';

interface Stores {
  readonly doorKeys: DoorKeyStore;
  readonly users: UserStore;
  readonly appPasswords: AppPasswordStore;
}

/** Runs the contract; `make` gives fresh stores to each test. */
export function describeDoorKeyStore(make: MakeStores<Stores>): void {
  describe('a finder of app passwords', () => {
    const name = 'anna@tweestap.example';
    const { hash } = sampleAppPassword();
    const withAnna = (test: (stores: Stores) => Promise<void>): Promise<void> =>
      onFreshStores(make, async ({ stores }) => {
        await stores.users.add(sampleUser());
        await stores.users.add(sampleUser({ id: 'user-ben', userPrincipalName: 'ben@x.example' }));
        await stores.appPasswords.add(sampleAppPassword());
        await test(stores);
      });

    it('finds one with whose it is, by its hash and their name together', () =>
      withAnna(async ({ doorKeys }) => {
        const found = await doorKeys.find(hash, name);
        assert.equal(found?.appPassword.id, 'app-password-1');
        assert.equal(found?.appPassword.door, 'ldap');
        assert.deepEqual(found?.appPassword.expiresAt, new Date(9000));
        assert.equal(found?.user.displayName, 'Anna Vermeer');
        assert.equal(await doorKeys.find(hash, 'ben@x.example'), undefined);
        assert.equal(await doorKeys.find(hash, 'nobody@x.example'), undefined);
        assert.equal(await doorKeys.find(Buffer.alloc(32), name), undefined);
      }));

    it('knows each change of the person at once, however often it was asked before', () =>
      withAnna(async ({ doorKeys, users }) => {
        for (const accountEnabled of [false, true, false, true, false]) {
          await users.change('user-anna', { accountEnabled });
          for (const time of [1, 2]) {
            const found = await doorKeys.find(hash, name);
            assert.equal(found?.user.accountEnabled, accountEnabled, `time ${time}`);
          }
        }
        await users.change('user-anna', { userPrincipalName: 'anna.v@tweestap.example' });
        assert.equal(await doorKeys.find(hash, name), undefined);
        const renamed = await doorKeys.find(hash, 'anna.v@tweestap.example');
        assert.equal(renamed?.user.userPrincipalName, 'anna.v@tweestap.example');
      }));

    it('finds none that was removed, and the next in its place', () =>
      withAnna(async ({ doorKeys, appPasswords }) => {
        assert.ok(await doorKeys.find(hash, name));
        await appPasswords.removeAll('user-anna');
        assert.equal(await doorKeys.find(hash, name), undefined);
        const other = { door: 'radius', expiresAt: undefined } as const;
        await appPasswords.add(sampleAppPassword(other));
        const found = await doorKeys.find(hash, name);
        assert.deepEqual(
          [found?.appPassword.door, found?.appPassword.expiresAt],
          ['radius', undefined],
        );
        await appPasswords.removeAll('user-anna');
        await appPasswords.add(sampleAppPassword({ userId: 'user-ben' }));
        assert.equal(await doorKeys.find(hash, name), undefined);
        assert.equal((await doorKeys.find(hash, 'ben@x.example'))?.user.id, 'user-ben');
      }));
  });
}

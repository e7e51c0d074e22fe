/** What every keeper of app passwords is held to. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';

import { inParallel, onFreshStores, type MakeStores } from '../lib/stores.contract.ts';
import type { AppPasswordStore } from './app-password-store.ts';
import type { AppPassword } from './app-password.ts';

/** Anna's first app password, unless the test says otherwise. */
export function sampleAppPassword(fields: Partial<AppPassword> = {}): AppPassword {
  const { id = 'app-password-1' } = fields;
  return {
    id,
    userId: 'user-anna',
    name: 'Outlook 2010',
    hash: createHash('sha256').update(id).digest(),
    slot: 1,
    door: 'ldap',
    createdAt: new Date(1000),
    expiresAt: new Date(9000),
    lastUse: undefined,
    ...fields,
  };
}

/** Runs the contract; `make` gives fresh stores to each test. */
export function describeAppPasswordStore(
  make: MakeStores<{ readonly appPasswords: AppPasswordStore }>,
): void {
  describe('an app password store', () => {
    it('gives back what was added, by person and by hash', () =>
      onFreshStores(make, async ({ stores: { appPasswords } }) => {
        const first = sampleAppPassword();
        const second = sampleAppPassword({
          id: 'app-password-2',
          slot: 2,
          door: undefined,
          expiresAt: undefined,
          lastUse: { at: new Date(5000), door: 'radius', address: '192.0.2.7' },
        });
        await appPasswords.add(second);
        await appPasswords.add(first);
        await appPasswords.add(sampleAppPassword({ id: 'app-password-3', userId: 'user-ben' }));
        assert.deepEqual(await appPasswords.list('user-anna'), [first, second]);
        assert.deepEqual(await appPasswords.findByHash(second.hash), second);
        assert.equal(await appPasswords.findByHash(Buffer.alloc(32)), undefined);
      }));

    it('refuses a slot that is taken, without spoiling the transaction', () =>
      onFreshStores(make, async ({ stores: { appPasswords }, transact }) => {
        await appPasswords.add(sampleAppPassword());
        const added = await transact(async (within) => [
          await within.appPasswords.add(sampleAppPassword({ id: 'second' })),
          await within.appPasswords.add(sampleAppPassword({ id: 'third', slot: 2 })),
        ]);
        assert.deepEqual(added, [false, true]);
      }));

    it('holds the maximum when many are made at once', () =>
      onFreshStores(make, async (fresh) => {
        const added = await inParallel(fresh, 50, ({ stores }, index) =>
          stores.appPasswords.add(sampleAppPassword({ id: `a-${index}`, slot: 1 + (index % 10) })),
        );
        assert.equal(added.filter(Boolean).length, 10);
        assert.equal((await fresh.stores.appPasswords.list('user-anna')).length, 10);
      }));

    it('gives the password itself once, however many ask, and to its owner alone', () =>
      onFreshStores(make, async (fresh) => {
        const { appPasswords } = fresh.stores;
        const since = new Date(0);
        await appPasswords.add(sampleAppPassword(), 'KF3A7QHW2MXRT5BZJC6DNE4P');
        await appPasswords.add(sampleAppPassword({ id: 'without', slot: 2 }));
        assert.equal(await appPasswords.takePlain('app-password-1', 'user-ben', since), undefined);
        assert.equal(await appPasswords.takePlain('without', 'user-anna', since), undefined);
        const taken = await inParallel(fresh, 20, ({ stores }) =>
          stores.appPasswords.takePlain('app-password-1', 'user-anna', since),
        );
        assert.deepEqual(
          taken.filter((plain) => plain !== undefined),
          ['KF3A7QHW2MXRT5BZJC6DNE4P'],
        );
      }));

    it('keeps the password itself for a while only', () =>
      onFreshStores(make, async ({ stores: { appPasswords } }) => {
        await appPasswords.add(sampleAppPassword(), 'KF3A7QHW2MXRT5BZJC6DNE4P');
        const made = new Date(1000);
        assert.equal(await appPasswords.takePlain('app-password-1', 'user-anna', made), undefined);
        assert.equal(await appPasswords.forgetPlains(made), 0);
        assert.equal(await appPasswords.forgetPlains(new Date(1001)), 1);
        assert.equal(
          await appPasswords.takePlain('app-password-1', 'user-anna', new Date(0)),
          undefined,
        );
      }));

    it('notes by which door and from where it was used, never backwards', () =>
      onFreshStores(make, async ({ stores: { appPasswords } }) => {
        await appPasswords.add(sampleAppPassword());
        const use = { at: new Date(5000), door: 'ldap', address: '192.0.2.7' } as const;
        await appPasswords.noteUse('app-password-1', use);
        await appPasswords.noteUse('app-password-1', { ...use, at: new Date(4000), door: 'http' });
        assert.deepEqual(await appPasswords.list('user-anna'), [
          sampleAppPassword({ lastUse: use }),
        ]);
      }));

    it("removes only what is the person's own, and frees its slot", () =>
      onFreshStores(make, async ({ stores: { appPasswords } }) => {
        const first = sampleAppPassword();
        await appPasswords.add(first);
        assert.equal(await appPasswords.remove(first.id, 'user-ben'), false);
        assert.equal(await appPasswords.remove(first.id, 'user-anna'), true);
        assert.equal(await appPasswords.findByHash(first.hash), undefined);
        assert.equal(await appPasswords.add(sampleAppPassword({ id: 'next' })), true);
        assert.equal(await appPasswords.removeAll('user-anna'), 1);
        assert.deepEqual(await appPasswords.list('user-anna'), []);
      }));
  });
}

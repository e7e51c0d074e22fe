/** What every keeper of accounts and of known browsers is held to. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { canonicalUserPrincipalName } from '../lib/names.ts';
import { inParallel, onFreshStores, type MakeStores } from '../lib/stores.contract.ts';
import {
  EntryTakenError,
  knownBrowserMs,
  NameTakenError,
  type KnownBrowserStore,
  type UserSearch,
  type UserStore,
} from './user-store.ts';
import type { User } from './user.ts';

/** Anna, with every field filled in, unless the test says otherwise. */
export function sampleUser(fields: Partial<User> = {}): User {
  return {
    id: 'user-anna',
    userPrincipalName: 'Anna@tweestap.example',
    displayName: 'Anna Vermeer',
    mail: 'anna@tweestap.example',
    otherMail: 'anna@home.example',
    mobilePhone: '+31612345612',
    businessPhone: '+31201234567',
    businessPhoneExtension: '88',
    preferredLanguage: 'nl',
    role: 'user',
    groups: ['staff', 'delft'],
    accountEnabled: true,
    blocked: { at: new Date(1000), until: new Date(2000), reason: 'lost phone' },
    passwordHash: '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA',
    mustChangePassword: false,
    perUserMfaState: 'enabled',
    mfaRequiredAt: new Date(3000),
    defaultMethod: { registrationId: 'registration-1', methodId: 'text-message' },
    upstream: undefined,
    createdAt: new Date(4000),
    ...fields,
  };
}

const nothing = {
  mail: undefined,
  otherMail: undefined,
  mobilePhone: undefined,
  businessPhone: undefined,
  businessPhoneExtension: undefined,
  preferredLanguage: undefined,
  blocked: undefined,
  passwordHash: undefined,
  mfaRequiredAt: undefined,
  defaultMethod: undefined,
} as const;

/** Runs the contract; `make` gives fresh stores to each test. */
export function describeUserStore(make: MakeStores<{ readonly users: UserStore }>): void {
  describe('a user store', () => {
    describe('when somebody is looked for', () => {
      const people = [
        sampleUser({
          id: 'a',
          userPrincipalName: 'a.vries@x.example',
          displayName: 'Érica de Vries',
        }),
        sampleUser({
          id: 'b',
          userPrincipalName: 'erik@x.example',
          displayName: 'Bram',
          ...nothing,
        }),
        sampleUser({
          id: 'c',
          userPrincipalName: 'zed@x.example',
          displayName: 'eric  Zed',
          ...nothing,
          perUserMfaState: 'enforced',
          accountEnabled: false,
        }),
      ];
      const found = async (
        search: Partial<UserSearch>,
        prepare?: (users: UserStore) => Promise<unknown>,
      ): Promise<readonly string[]> => {
        let ids: readonly string[] = [];
        await onFreshStores(make, async ({ stores: { users } }) => {
          for (const person of people) await users.add(person);
          await prepare?.(users);
          ids = (await users.search({ text: '', limit: 10, ...search })).map(({ id }) => id);
        });
        return ids;
      };

      it('finds them by how their name or user name begins, whatever accents and capitals', async () => {
        assert.deepEqual(await found({ text: 'eri' }), ['a', 'b', 'c']);
        assert.deepEqual(await found({ text: ' ÉRICA  d' }), ['a']);
        assert.deepEqual(await found({ text: 'A.VRIES@' }), ['a']);
        assert.deepEqual(await found({ text: 'ries' }), []);
        assert.deepEqual(await found({ text: '%' }), []);
      });

      it('finds them by how any word of their name begins', async () => {
        assert.deepEqual(await found({ text: 'vries' }), ['a']);
        assert.deepEqual(await found({ text: 'De Vr' }), ['a']);
        assert.deepEqual(await found({ text: 'z' }), ['c'], 'once, by two names');
        assert.deepEqual(await found({ text: 'vries', after: 'a.vries@x.example' }), []);
        assert.deepEqual(await found({ text: 'zed', state: 'enabled' }), []);
        const hyphen = (users: UserStore) => users.change('b', { displayName: "Bo Smit-D'Ancona" });
        assert.deepEqual(await found({ text: 'd’' }, hyphen), []);
        assert.deepEqual(await found({ text: "d'anc" }, hyphen), ['b']);
        assert.deepEqual(await found({ text: 'ancona' }, hyphen), ['b']);
      });

      it('goes on after the last of a page, with nobody twice', async () => {
        assert.deepEqual(await found({ limit: 2 }), ['a', 'b']);
        assert.deepEqual(await found({ limit: 2, after: 'erik@x.example' }), ['c']);
        assert.deepEqual(await found({ text: 'eri', limit: 2 }), ['a', 'b']);
        assert.deepEqual(await found({ text: 'eri', after: 'a.vries@x.example' }), ['b', 'c']);
      });

      it('narrows them down by state and standing', async () => {
        assert.deepEqual(await found({ state: 'enforced' }), ['c']);
        assert.deepEqual(await found({ switchedOff: true }), ['c']);
        assert.deepEqual(await found({ blockedAt: new Date(1999) }), ['a']);
        assert.deepEqual(await found({ blockedAt: new Date(2000) }), []);
        assert.deepEqual(await found({ text: 'eri', state: 'enabled' }), ['a', 'b']);
      });

      it('narrows them down by group and role, also after they moved', async () => {
        assert.deepEqual(await found({ group: 'staff' }), ['a', 'b', 'c']);
        assert.deepEqual(await found({ group: 'Staff' }), [], 'written as it is');
        const move = async (users: UserStore) => {
          await users.change('a', { groups: ['night shift'] });
          await users.change('b', { groups: ['night shift', 'staff'], role: 'help-desk' });
          await users.change('b', { userPrincipalName: 'bo@x.example' });
        };
        assert.deepEqual(await found({ group: 'night shift' }, move), ['a', 'b']);
        assert.deepEqual(await found({ group: 'staff' }, move), ['b', 'c']);
        assert.deepEqual(await found({ group: 'staff', text: 'bram' }, move), ['b']);
        assert.deepEqual(await found({ group: 'staff', after: 'bo@x.example' }, move), ['c']);
        assert.deepEqual(await found({ roles: ['help-desk', 'global-admin'] }, move), ['b']);
      });

      it('finds the same with less of each, and whose names these are', () =>
        onFreshStores(make, async ({ stores: { users } }) => {
          for (const person of people) await users.add(person);
          assert.deepEqual(await users.searchNames({ text: 'eri', limit: 1, state: 'enforced' }), [
            {
              id: 'c',
              canonicalName: 'zed@x.example',
              userPrincipalName: 'zed@x.example',
              displayName: 'eric  Zed',
              role: 'user',
              perUserMfaState: 'enforced',
            },
          ]);
          assert.deepEqual(
            await users.idsOfNames(['erik@x.example', 'nobody@x.example', 'Erik@x.example']),
            new Map([['erik@x.example', 'b']]),
          );
          assert.deepEqual(await users.idsOfNames([]), new Map());
        }));

      it('counts the people of each group', () =>
        onFreshStores(make, async ({ stores: { users } }) => {
          for (const person of people) await users.add(person);
          await users.change('a', { groups: ['night shift', 'staff', 'staff'] });
          assert.deepEqual(await users.groups(['phone']), [
            { name: 'delft', people: 2, registered: 0 },
            { name: 'night shift', people: 1, registered: 0 },
            { name: 'staff', people: 3, registered: 0 },
          ]);
        }));

      it('finds them by their new name once it was changed', async () => {
        const rename = (users: UserStore) => users.change('b', { displayName: 'Wim' });
        assert.deepEqual(await found({ text: 'wi' }, rename), ['b']);
        assert.deepEqual(await found({ text: 'bram' }, rename), []);
        const marry = async (users: UserStore) => {
          await users.change('a', { displayName: 'Erica Jansen' });
          await users.change('a', { userPrincipalName: 'm.jansen@x.example' });
        };
        assert.deepEqual(await found({ text: 'vries' }, marry), []);
        assert.deepEqual(await found({ text: 'jansen' }, marry), ['a']);
      });
    });

    it('gives back an account as it was added', () =>
      onFreshStores(make, async ({ stores: { users } }) => {
        const anna = sampleUser();
        const ben = sampleUser({ id: 'user-ben', userPrincipalName: 'ben@x.example', ...nothing });
        await users.add(anna);
        await users.add(ben);
        assert.deepEqual(await users.find(anna.id), anna);
        assert.deepEqual(await users.find(ben.id), ben);
        assert.equal(await users.find('user-nobody'), undefined);
        assert.equal(await users.count(), 2);
        const names = [await users.nameAt(0), await users.nameAt(1), await users.nameAt(2)];
        assert.deepEqual(names, ['anna@tweestap.example', 'ben@x.example', undefined]);
      }));

    it('finds by the canonical name, however it was written when it was added', () =>
      onFreshStores(make, async ({ stores: { users } }) => {
        await users.add(sampleUser({ userPrincipalName: ' ANNA@Tweestap.Example ' }));
        assert.equal((await users.findByName('anna@tweestap.example'))?.id, 'user-anna');
        assert.equal(await users.findByName('Anna@tweestap.example'), undefined);
      }));

    it('finds an account without its password hash', () =>
      onFreshStores(make, async ({ stores: { users } }) => {
        const { passwordHash, ...account } = sampleUser({ passwordHash: '$argon2id$…' });
        await users.add({ ...account, passwordHash });
        const name = canonicalUserPrincipalName(account.userPrincipalName) ?? '';
        assert.deepEqual(await users.findAccount(name), account);
        assert.equal(await users.findAccount('nobody@voorbeeld.example'), undefined);
      }));

    it('finds nobody by a name no database can hold', () =>
      onFreshStores(make, async ({ stores: { users } }) => {
        await users.add(sampleUser());
        for (const name of ['anna@tweestap.example\0', '\0', '\ud800', "' or 1=1 --", '%']) {
          assert.equal(await users.findByName(name), undefined);
          assert.equal(await users.find(name), undefined);
        }
      }));

    it('finds an account whole again, whatever text no database can hold was written into it', () =>
      onFreshStores(make, async ({ stores: { users } }) => {
        await users.add(sampleUser({ displayName: 'Anna \ud800' }));
        await users.setBlock('user-anna', { at: new Date(1000), until: undefined, reason: 'a\0b' });
        const found = await users.find('user-anna');
        assert.equal(found?.displayName, 'Anna \uFFFD');
        assert.equal(found?.blocked?.reason, 'a\u2400b');
        assert.equal((await users.list({ limit: 10 })).length, 1);
      }));

    it('refuses a second account of the same name and leaves the first', () =>
      onFreshStores(make, async ({ stores: { users }, transact }) => {
        await users.add(sampleUser());
        const namesake = sampleUser({
          id: 'user-other',
          userPrincipalName: 'anna@TWEESTAP.example',
        });
        await assert.rejects(users.add(namesake), NameTakenError);
        // A refusal must not spoil the transaction it happens in.
        const found = await transact(async (within) => {
          await assert.rejects(within.users.add(namesake), NameTakenError);
          return await within.users.find('user-anna');
        });
        assert.equal(found?.id, 'user-anna');
        assert.equal(await users.find('user-other'), undefined);
      }));

    it('lets one win when a name is taken on two nodes at once', () =>
      onFreshStores(make, async (fresh) => {
        const added = await inParallel(fresh, 20, async ({ stores }, index) => {
          try {
            await stores.users.add(sampleUser({ id: `user-${index}` }));
            return true;
          } catch (error) {
            assert.ok(error instanceof NameTakenError);
            return false;
          }
        });
        assert.equal(added.filter(Boolean).length, 1);
        assert.equal(await fresh.stores.users.count(), 1);
      }));

    it('knows which entry of the directory owns an account, and which account an entry is', () =>
      onFreshStores(make, async ({ stores: { users } }) => {
        const upstream = { id: 'entry-1', dn: 'uid=anna,ou=people,dc=x,dc=nl' };
        const { passwordHash, ...account } = sampleUser({ upstream, passwordHash: undefined });
        const anna: User = { ...account, passwordHash };
        await users.add(anna);
        await users.add(sampleUser({ id: 'user-ben', userPrincipalName: 'ben@x.nl' }));
        assert.deepEqual(await users.find(anna.id), anna);
        assert.deepEqual(await users.findAccount('anna@tweestap.example'), account);
        const moved = { id: 'entry-1', dn: 'uid=anna,ou=left,dc=x,dc=nl' };
        assert.equal(await users.change(anna.id, { upstream: moved }), true);
        assert.deepEqual(await users.lock(anna.id), { ...anna, upstream: moved });
        const asked = ['entry-1', 'entry-2', '\0', '\ud800'];
        assert.deepEqual(await users.idsOfEntries(asked), new Map([['entry-1', anna.id]]));
        assert.deepEqual(await users.idsOfEntries([]), new Map());
        await users.change(anna.id, { upstream: undefined });
        assert.deepEqual(await users.find(anna.id), { ...anna, upstream: undefined });
        assert.deepEqual(await users.idsOfEntries(asked), new Map());
      }));

    it('refuses a second account of the same entry, and says so', () =>
      onFreshStores(make, async ({ stores: { users }, transact }) => {
        const upstream = { id: 'entry-1', dn: 'uid=anna,dc=x,dc=nl' };
        await users.add(sampleUser({ upstream }));
        const other = sampleUser({ id: 'user-ben', userPrincipalName: 'ben@x.nl' });
        // A refusal must not spoil the transaction it happens in.
        const found = await transact(async (within) => {
          await assert.rejects(within.users.add({ ...other, upstream }), EntryTakenError);
          await within.users.add(other);
          await assert.rejects(within.users.change(other.id, { upstream }), EntryTakenError);
          return await within.users.find(other.id);
        });
        assert.deepEqual(found, other);
        await assert.rejects(users.add(sampleUser({ id: 'user-x', upstream })), EntryTakenError);
      }));

    it('lists the accounts that the directory owns, page after page', () =>
      onFreshStores(make, async ({ stores: { users } }) => {
        await users.add(sampleUser());
        for (const id of ['c', 'a', 'b']) {
          const upstream = { id: `entry-${id}`, dn: `uid=${id},dc=x,dc=nl` };
          await users.add(sampleUser({ id, userPrincipalName: `${id}@x.nl`, upstream }));
        }
        assert.deepEqual(await users.upstreamAccounts(undefined, 2), [
          { id: 'a', entryId: 'entry-a' },
          { id: 'b', entryId: 'entry-b' },
        ]);
        assert.deepEqual(await users.upstreamAccounts('entry-b', 2), [
          { id: 'c', entryId: 'entry-c' },
        ]);
      }));

    it('lists page after page in the order of names', () =>
      onFreshStores(make, async ({ stores: { users } }) => {
        const names = ['zoë@x.nl', 'ab@x.nl', 'a_b@x.nl', 'a.b@x.nl', 'álvaro@x.nl', 'b@x.nl'];
        for (const [index, userPrincipalName] of names.entries()) {
          const perUserMfaState = index % 2 === 0 ? 'disabled' : 'enforced';
          await users.add(sampleUser({ id: `user-${index}`, userPrincipalName, perUserMfaState }));
        }
        const seen: string[] = [];
        for (let after: string | undefined; ;) {
          const page = await users.list({ limit: 4, ...(after === undefined ? {} : { after }) });
          seen.push(...page.map((user) => user.userPrincipalName));
          after = page.at(-1)?.userPrincipalName;
          if (page.length < 4) break;
        }
        const bytes = (text: string): Buffer => Buffer.from(text, 'utf8');
        assert.deepEqual(
          seen,
          names.toSorted((one, other) => Buffer.compare(bytes(one), bytes(other))),
        );
        const enforced = await users.list({ limit: 10, state: 'enforced' });
        assert.equal(enforced.length, 3);
        await users.change('user-2', { role: 'global-admin' });
        await users.change('user-3', { role: 'help-desk' });
        const roles = ['global-admin', 'authentication-admin'] as const;
        const admins = await users.list({ limit: 10, roles });
        assert.deepEqual(
          admins.map(({ id }) => id),
          ['user-2'],
        );
      }));

    it('finds whose mail address it is, whatever the case', () =>
      onFreshStores(make, async ({ stores: { users } }) => {
        const anna = sampleUser({ mail: 'Anna@Voorbeeld.example' });
        await users.add(anna);
        const found = await users.list({ mail: 'anna@voorbeeld.EXAMPLE', limit: 10 });
        assert.deepEqual(found, [anna]);
        assert.deepEqual(await users.list({ mail: 'bram@voorbeeld.example', limit: 10 }), []);
        const bram = sampleUser({
          id: 'user-2',
          userPrincipalName: 'bram@voorbeeld.example',
          mail: undefined,
          otherMail: 'ANNA@voorbeeld.example',
        });
        await users.add(bram);
        const either = await users.list({ anyMail: 'anna@voorbeeld.example', limit: 10 });
        assert.deepEqual(either, [anna, bram]);
        assert.deepEqual(await users.list({ mail: 'anna@voorbeeld.example', limit: 10 }), [anna]);
      }));

    it('changes only what a change names, and clears what it names as undefined', () =>
      onFreshStores(make, async ({ stores: { users } }) => {
        const anna = sampleUser();
        await users.add(anna);
        assert.equal(
          await users.change(anna.id, { displayName: 'Anna V.', mail: undefined }),
          true,
        );
        assert.deepEqual(await users.find(anna.id), {
          ...anna,
          displayName: 'Anna V.',
          mail: undefined,
        });
        await users.change(anna.id, {
          ...nothing,
          role: 'help-desk',
          groups: [],
          accountEnabled: false,
        });
        assert.deepEqual(await users.find(anna.id), {
          ...anna,
          ...nothing,
          displayName: 'Anna V.',
          role: 'help-desk',
          groups: [],
          accountEnabled: false,
        });
        assert.equal(await users.change(anna.id, {}), true);
        assert.equal(await users.change('user-nobody', { displayName: 'x' }), false);
        assert.equal(await users.change('user-nobody', {}), false);
      }));

    it('finds a renamed account by its new name only, and refuses a taken one', () =>
      onFreshStores(make, async ({ stores: { users } }) => {
        await users.add(sampleUser());
        await users.add(sampleUser({ id: 'user-ben', userPrincipalName: 'ben@x.nl' }));
        await users.change('user-anna', { userPrincipalName: 'Annet@x.nl' });
        assert.equal((await users.findByName('annet@x.nl'))?.userPrincipalName, 'Annet@x.nl');
        assert.equal(await users.findByName('anna@tweestap.example'), undefined);
        await assert.rejects(
          users.change('user-ben', { userPrincipalName: 'ANNET@x.nl' }),
          NameTakenError,
        );
      }));

    it('moves the state only from the one expected, once', () =>
      onFreshStores(make, async (fresh) => {
        const { users } = fresh.stores;
        await users.add(sampleUser({ perUserMfaState: 'enabled' }));
        assert.equal(await users.moveState('user-anna', 'disabled', 'enforced'), false);
        const moved = await inParallel(fresh, 20, ({ stores }) =>
          stores.users.moveState('user-anna', 'enabled', 'enforced'),
        );
        assert.equal(moved.filter(Boolean).length, 1);
        assert.equal((await users.find('user-anna'))?.perUserMfaState, 'enforced');
      }));

    it('sets and clears the default method and a block', () =>
      onFreshStores(make, async ({ stores: { users } }) => {
        await users.add(sampleUser(nothing));
        const method = { registrationId: 'r', methodId: 'phone-call' };
        const block = { at: new Date(5), until: undefined, reason: 'fraud' };
        await users.setDefaultMethod('user-anna', method);
        await users.setBlock('user-anna', block);
        const changed = await users.find('user-anna');
        assert.deepEqual(changed?.defaultMethod, method);
        assert.deepEqual(changed?.blocked, block);
        await users.setDefaultMethod('user-anna', undefined);
        await users.setBlock('user-anna', undefined);
        assert.deepEqual(await users.find('user-anna'), sampleUser(nothing));
      }));

    it('removes an account with its name and its groups', () =>
      onFreshStores(make, async ({ stores: { users } }) => {
        const anna = sampleUser({ groups: ['staff'] });
        await users.add(anna);
        assert.equal(await users.remove(anna.id), true);
        assert.equal(await users.remove(anna.id), false, 'it is gone');
        assert.equal(await users.find(anna.id), undefined);
        assert.deepEqual(await users.search({ text: anna.displayName, limit: 9 }), []);
        assert.deepEqual(await users.groups([]), []);
        await users.add({ ...anna, id: 'user-next' });
        assert.equal((await users.search({ text: '', group: 'staff', limit: 9 })).length, 1);
      }));

    it('lets the steps of one person come one after another', () =>
      onFreshStores(make, async (fresh) => {
        await fresh.stores.users.add(sampleUser({ displayName: '0' }));
        await inParallel(fresh, 12, ({ transact }) =>
          transact(async ({ users }) => {
            const user = await users.lock('user-anna');
            await users.change('user-anna', { displayName: String(Number(user?.displayName) + 1) });
          }),
        );
        assert.equal((await fresh.stores.users.find('user-anna'))?.displayName, '12');
        assert.equal(await fresh.transact(({ users }) => users.lock('user-nobody')), undefined);
      }));

    it('tells a transaction what it changed of somebody whom it locked', () =>
      onFreshStores(make, async ({ stores: { users }, transact }) => {
        const anna = sampleUser();
        await users.add(anna);
        await transact(async (within) => {
          await within.users.lock(anna.id);
          assert.deepEqual(await within.users.find(anna.id), anna);
          await within.users.change(anna.id, { displayName: 'Anna Later' });
          assert.equal((await within.users.find(anna.id))?.displayName, 'Anna Later');
          await within.users.lock(anna.id);
          await within.users.remove(anna.id);
          assert.equal(await within.users.find(anna.id), undefined);
        });
      }));
  });
}

/** Runs the contract; `make` gives fresh stores to each test. */
export function describeKnownBrowserStore(
  make: MakeStores<{ readonly knownBrowsers: KnownBrowserStore }>,
): void {
  describe('a known browser store', () => {
    const browser = Buffer.alloc(32, 7);

    it('knows a browser for the person who signed in with it, and for nobody else', () =>
      onFreshStores(make, async ({ stores: { knownBrowsers } }) => {
        await knownBrowsers.remember(browser, 'user-anna', new Date(1));
        await knownBrowsers.remember(browser, 'user-anna', new Date(2));
        assert.equal(await knownBrowsers.isKnown(browser, 'user-anna', new Date(3)), true);
        assert.equal(await knownBrowsers.isKnown(browser, 'user-ben', new Date(3)), false);
        assert.equal(
          await knownBrowsers.isKnown(Buffer.alloc(32, 8), 'user-anna', new Date(3)),
          false,
        );
      }));

    it('knows a browser for a year, whatever its cookie says', () =>
      onFreshStores(make, async ({ stores: { knownBrowsers } }) => {
        const then = new Date('2026-01-01T00:00:00Z');
        const after = (milliseconds: number): Date => new Date(then.getTime() + milliseconds);
        await knownBrowsers.remember(browser, 'user-anna', then);
        const isKnownAfter = (milliseconds: number): Promise<boolean> =>
          knownBrowsers.isKnown(browser, 'user-anna', after(milliseconds));
        assert.equal(await isKnownAfter(knownBrowserMs - 1), true);
        assert.equal(await isKnownAfter(knownBrowserMs), false);
        const another = Buffer.alloc(32, 9);
        await knownBrowsers.remember(another, 'user-anna', after(knownBrowserMs));
        assert.equal(await isKnownAfter(1), false, 'it is gone, not only too old');
      }));

    it('is shared by those who share a browser', () =>
      onFreshStores(make, async ({ stores: { knownBrowsers } }) => {
        await knownBrowsers.remember(browser, 'user-anna', new Date(1));
        await knownBrowsers.remember(browser, 'user-ben', new Date(1));
        await knownBrowsers.forgetAll('user-anna');
        assert.equal(await knownBrowsers.isKnown(browser, 'user-anna', new Date(3)), false);
        assert.equal(await knownBrowsers.isKnown(browser, 'user-ben', new Date(3)), true);
      }));
  });
}

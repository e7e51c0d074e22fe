/** What every keeper of registrations is held to. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { sampleUser } from '../accounts/user-store.contract.ts';
import type { UserStore } from '../accounts/user-store.ts';
import type { User } from '../accounts/user.ts';
import { inParallel, onFreshStores, type MakeStores } from '../lib/stores.contract.ts';
import type { RegistrationStore } from './registration-store.ts';
import type { Registration } from './registration.ts';

/** An authenticator app of Anna's, unless the test says otherwise. */
export function sampleRegistration(fields: Partial<Registration> = {}): Registration {
  return {
    id: 'registration-1',
    userId: 'user-anna',
    kind: 'authenticator-app',
    slot: '1',
    secret: { key: 'c2VjcmV0', lastStep: 57, createdAt: '2024-01-01T00:00:00.000Z' },
    version: 0,
    createdAt: new Date(1000),
    lastUsedAt: undefined,
    ...fields,
  };
}

/** Runs the contract; `make` gives fresh stores to each test. */
export function describeRegistrationStore(
  make: MakeStores<{ readonly registrations: RegistrationStore; readonly users: UserStore }>,
): void {
  describe('a registration store', () => {
    it('counts everybody by their groups, their role and what they have registered', () =>
      onFreshStores(make, async ({ stores: { registrations, users } }) => {
        const add = async (name: string, fields: Partial<User>, kinds: string[]): Promise<void> => {
          await users.add(
            sampleUser({ id: name, userPrincipalName: `${name}@voorbeeld.example`, ...fields }),
          );
          for (const [index, kind] of kinds.entries()) {
            const slot = String(index);
            const id = `${name}-${slot}`;
            await registrations.add(sampleRegistration({ id, userId: name, kind, slot }));
          }
        };
        const sales = { groups: ['Sales', 'Ams, NL'] };
        await add('anna', sales, ['phone', 'phone', 'authenticator-app']);
        await add('ben', sales, ['authenticator-app', 'phone']);
        await add('cas', sales, ['recovery-codes']);
        await add('dirk', { groups: [] }, []);
        await add('eva', { groups: [], role: 'help-desk' }, ['security-key']);
        await add('fay', { groups: [], accountEnabled: false }, ['phone']);
        const kinds = ['phone', 'authenticator-app', 'security-key'];
        assert.deepEqual(
          new Set(await registrations.coverage(kinds)),
          new Set([
            { ...sales, role: 'user', kinds: ['phone', 'authenticator-app'], people: 2 },
            { ...sales, role: 'user', kinds: [], people: 1 },
            { groups: [], role: 'user', kinds: [], people: 1 },
            { groups: [], role: 'help-desk', kinds: ['security-key'], people: 1 },
          ]),
        );
        assert.equal((await registrations.coverage([])).length, 3);
      }));

    it('goes through everybody’s of one kind, some at a time', () =>
      onFreshStores(make, async ({ stores: { registrations } }) => {
        for (const id of ['c', 'a', 'B', 'd']) {
          await registrations.add(sampleRegistration({ id, userId: `user-${id}` }));
        }
        await registrations.add(sampleRegistration({ id: 'b', kind: 'phone' }));
        assert.deepEqual(await registrations.idsOf('authenticator-app', '', 3), ['B', 'a', 'c']);
        assert.deepEqual(await registrations.idsOf('authenticator-app', 'c', 3), ['d']);
        assert.deepEqual(await registrations.idsOf('authenticator-app', 'd', 3), []);
      }));

    it('tells which kinds people have, without opening anything', () =>
      onFreshStores(make, async ({ stores: { registrations } }) => {
        const phone = { kind: 'phone', secret: '+31612345612' };
        await registrations.add(sampleRegistration());
        await registrations.add(sampleRegistration({ id: 'r2', ...phone, slot: 'mobile' }));
        await registrations.add(sampleRegistration({ id: 'r3', ...phone, slot: 'office' }));
        await registrations.add(sampleRegistration({ id: 'r4', ...phone, userId: 'user-ben' }));
        const kinds = await registrations.kindsOf(['user-anna', 'user-ben', 'user-cas']);
        assert.deepEqual(Object.fromEntries(kinds), {
          'user-anna': ['authenticator-app', 'phone'],
          'user-ben': ['phone'],
        });
        assert.equal((await registrations.kindsOf([])).size, 0);
      }));

    it('counts who has something, and who of them has nothing else', () =>
      onFreshStores(make, async ({ stores: { registrations } }) => {
        const phone = { kind: 'phone', secret: '+31612345612' };
        const ben = { ...phone, userId: 'user-ben' };
        await registrations.add(sampleRegistration());
        await registrations.add(sampleRegistration({ id: 'r2', ...phone, slot: 'mobile' }));
        await registrations.add(sampleRegistration({ id: 'r3', ...ben, slot: 'mobile' }));
        await registrations.add(sampleRegistration({ id: 'r4', ...ben, slot: 'office' }));
        const mobile = { kind: 'phone', slots: ['mobile', 'alternateMobile'] };
        const office = { kind: 'phone', slots: ['office'] };
        const app = { kind: 'authenticator-app', slots: ['1', '2'] };
        assert.equal(await registrations.countPeople([mobile, office]), 2);
        assert.equal(await registrations.countPeople([office]), 1);
        assert.equal(await registrations.countPeople([mobile], [app]), 1);
        assert.equal(await registrations.countPeople([mobile], [app, office]), 0);
        assert.equal(await registrations.countPeople([]), 0);
      }));

    it('removes what has ended by itself, and nothing else', () =>
      onFreshStores(make, async ({ stores: { registrations } }) => {
        const pass = sampleRegistration({ id: 'pass', slot: '2', endsAt: new Date(5000) });
        await registrations.add(sampleRegistration());
        await registrations.add(pass);
        assert.deepEqual(await registrations.find('pass'), pass);
        assert.equal(await registrations.removeEnded(new Date(4999)), 0);
        assert.equal(await registrations.removeEnded(new Date(5000)), 1);
        assert.deepEqual(await registrations.list('user-anna'), [sampleRegistration()]);
      }));

    it('gives back what was registered, oldest first', () =>
      onFreshStores(make, async ({ stores: { registrations } }) => {
        const phone = sampleRegistration({
          id: 'registration-2',
          kind: 'phone',
          slot: 'mobile',
          secret: '+31612345612',
          createdAt: new Date(500),
          lastUsedAt: new Date(800),
        });
        const others = sampleRegistration({ id: 'registration-3', userId: 'user-ben' });
        for (const registration of [sampleRegistration(), phone, others]) {
          assert.equal(await registrations.add(registration), true);
        }
        assert.deepEqual(await registrations.list('user-anna'), [phone, sampleRegistration()]);
        assert.deepEqual(await registrations.find('registration-3'), others);
        assert.equal(await registrations.find('registration-4'), undefined);
        assert.deepEqual(await registrations.list('user-nobody'), []);
      }));

    it('refuses a slot that is taken, without spoiling the transaction', () =>
      onFreshStores(make, async ({ stores: { registrations }, transact }) => {
        await registrations.add(sampleRegistration());
        const added = await transact(async (within) => [
          await within.registrations.add(sampleRegistration({ id: 'second' })),
          await within.registrations.add(sampleRegistration({ id: 'third', slot: '2' })),
        ]);
        assert.deepEqual(added, [false, true]);
        assert.equal((await registrations.list('user-anna')).length, 2);
      }));

    it('never gives more than there are slots, however many ask at once', () =>
      onFreshStores(make, async (fresh) => {
        const added = await inParallel(fresh, 50, ({ stores }, index) =>
          stores.registrations.add(
            sampleRegistration({ id: `registration-${index}`, slot: String(index % 5) }),
          ),
        );
        assert.equal(added.filter(Boolean).length, 5);
        assert.equal((await fresh.stores.registrations.list('user-anna')).length, 5);
      }));

    it('keeps a changed secret only from the version that was read', () =>
      onFreshStores(make, async ({ stores: { registrations } }) => {
        await registrations.add(sampleRegistration());
        const now = new Date(2000);
        assert.equal(await registrations.use('registration-1', 0, { lastStep: 58 }, now), true);
        assert.equal(await registrations.use('registration-1', 0, { lastStep: 59 }, now), false);
        assert.deepEqual(
          await registrations.find('registration-1'),
          sampleRegistration({ secret: { lastStep: 58 }, version: 1, lastUsedAt: now }),
        );
        assert.equal(await registrations.use('nothing', 0, {}, now), false);
      }));

    it('lets one code be used once when fifty come at once', () =>
      onFreshStores(make, async (fresh) => {
        await fresh.stores.registrations.add(sampleRegistration());
        const used = await inParallel(fresh, 50, ({ stores, transact }, index) =>
          index % 4 < 2
            ? stores.registrations.use('registration-1', 0, { lastStep: 58 }, new Date(index))
            : transact(({ registrations }) =>
                registrations.use('registration-1', 0, { lastStep: 58 }, new Date(index)),
              ),
        );
        assert.equal(used.filter(Boolean).length, 1);
        assert.equal((await fresh.stores.registrations.find('registration-1'))?.version, 1);
      }));

    it('notes a use that changes nothing else', () =>
      onFreshStores(make, async ({ stores: { registrations } }) => {
        await registrations.add(sampleRegistration());
        await registrations.touch('registration-1', new Date(9000));
        assert.deepEqual(
          await registrations.find('registration-1'),
          sampleRegistration({ lastUsedAt: new Date(9000) }),
        );
      }));

    it("suspends all of a person's, and ends it again", () =>
      onFreshStores(make, async ({ stores: { registrations } }) => {
        const anna = sampleRegistration();
        await registrations.add(anna);
        await registrations.add(sampleRegistration({ id: 'ben', userId: 'user-ben' }));
        const suspended = { ...anna, suspendedAt: new Date(5000) };
        assert.equal(await registrations.suspendAll('user-anna', new Date(5000)), 1);
        assert.equal(await registrations.suspendAll('user-anna', new Date(6000)), 0);
        assert.deepEqual(await registrations.list('user-anna'), [suspended]);
        assert.equal((await registrations.find('ben'))?.suspendedAt, undefined);
        assert.equal(await registrations.resumeAll('user-anna'), 1);
        assert.deepEqual(await registrations.list('user-anna'), [anna]);
        await registrations.remove(anna.id, anna.userId);
        await registrations.add(suspended);
        assert.deepEqual(await registrations.find(anna.id), suspended);
      }));

    it('replaces a secret without a use, only from the version that was read', () =>
      onFreshStores(make, async ({ stores: { registrations } }) => {
        const app = sampleRegistration();
        await registrations.add(app);
        const secret = { key: 'another' };
        assert.equal(await registrations.replace(app.id, app.version, secret), true);
        assert.equal(await registrations.replace(app.id, app.version, {}), false);
        assert.deepEqual(await registrations.find(app.id), {
          ...app,
          secret,
          version: app.version + 1,
        });
      }));

    it('suspends one alone', () =>
      onFreshStores(make, async ({ stores: { registrations } }) => {
        const app = sampleRegistration();
        await registrations.add(app);
        await registrations.add(sampleRegistration({ id: 'other', slot: 'other' }));
        await registrations.suspend(app.id, new Date(5000));
        await registrations.suspend(app.id, new Date(6000));
        assert.deepEqual(await registrations.find(app.id), {
          ...app,
          suspendedAt: new Date(5000),
        });
        assert.equal((await registrations.find('other'))?.suspendedAt, undefined);
        assert.equal(await registrations.resumeAll('user-anna'), 1);
      }));

    it("removes only what is the person's own", () =>
      onFreshStores(make, async ({ stores: { registrations } }) => {
        await registrations.add(sampleRegistration());
        await registrations.add(sampleRegistration({ id: 'second', slot: '2' }));
        await registrations.add(sampleRegistration({ id: 'ben', userId: 'user-ben' }));
        assert.equal(await registrations.remove('registration-1', 'user-ben'), false);
        assert.equal(await registrations.remove('registration-1', 'user-anna'), true);
        assert.equal(await registrations.remove('registration-1', 'user-anna'), false);
        assert.equal(await registrations.removeAll('user-anna'), 1);
        assert.equal((await registrations.list('user-ben')).length, 1);
      }));
  });
}

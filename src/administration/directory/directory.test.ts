import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { startHall, type Hall } from '../../../test/support/signin.ts';
import {
  newDirectory,
  toldGroup as group,
  toldPerson as person,
  type ToldDirectory,
} from '../../../test/support/told-directory.ts';
import type { UpstreamPerson } from '../../accounts/upstream/upstream.ts';
import type { User } from '../../accounts/user.ts';
import { TweestapError } from '../../errors/errors.ts';
import { ApprovalNeededError } from '../acting-admin.ts';
import { createDirectorySync, type DirectorySync } from './directory.ts';
import type { SyncRules } from './sync-parts.ts';
import type { SyncEnd } from './sync-store.ts';

const many = (count: number): UpstreamPerson[] =>
  Array.from({ length: count }, (_, index) => person(`p${String(index).padStart(3, '0')}`));

interface World {
  readonly hall: Hall;
  readonly directory: ToldDirectory;
  readonly sync: DirectorySync;
  /** Another node beside it, over the same data. */
  readonly other: DirectorySync;
  /** Synchronises once, after the time for it has come. */
  run(): Promise<SyncEnd | undefined>;
  find(name: string): Promise<User | undefined>;
  kinds(): Promise<readonly string[]>;
}

type Stores = Hall['database']['stores'];

async function inWorld(
  test: (world: World) => Promise<void>,
  rules: Partial<SyncRules> = {},
  /** What a transaction sees in place of its stores. */
  seen: (held: Stores) => Stores = (held) => held,
): Promise<void> {
  const hall = await startHall();
  const { directory, source } = newDirectory();
  const make = (): DirectorySync =>
    createDirectorySync({
      ...hall.parts,
      stores: hall.stores,
      transact: (work, options) => hall.database.transact((held) => work(seen(held)), options),
      source,
      rules: {
        minutes: 15,
        safetyCatch: { share: 0.2, atLeast: 5 },
        links: false,
        newState: 'disabled',
        ...rules,
      },
      report: () => {},
    });
  const sync = make();
  try {
    await test({
      hall,
      directory,
      sync,
      other: make(),
      run: async () => {
        hall.clock.advanceSeconds(900);
        assert.equal(await sync.work(), true);
        return (await sync.look()).state?.last?.end;
      },
      find: (name) => hall.stores.users.findByName(`${name}@voorbeeld.example`),
      kinds: async () => {
        const events = await hall.stores.audit.list({ limit: 500 });
        return events.map(({ kind }) => kind);
      },
    });
  } finally {
    await hall.close();
  }
}

describe('the synchronisation with a directory', () => {
  it('adds whom it finds, without a password, and leaves them alone from then on', () =>
    inWorld(async ({ directory, run, find, kinds, sync }) => {
      const anna = person('anna', { telephoneNumber: '020 123 4500 x12', mobile: '06 12345612' });
      directory.people = [anna, person('ben', { enabled: false })];
      directory.groups = [group('Sales', anna)];
      assert.deepEqual(await run(), { kind: 'done' });
      const added = await find('anna');
      assert.deepEqual(
        [added?.businessPhone, added?.businessPhoneExtension, added?.mobilePhone, added?.groups],
        ['+31201234500', '12', '+31612345612', ['Sales']],
      );
      assert.deepEqual([added?.passwordHash, added?.role], [undefined, 'user']);
      assert.deepEqual(added?.upstream, { id: anna.id, dn: anna.dn });
      assert.equal(await find('ben'), undefined, 'whoever is disabled there never comes here');
      const before = await kinds();
      assert.deepEqual(await run(), { kind: 'done' });
      assert.deepEqual(
        await kinds(),
        before,
        'the second time nothing is told, since nothing is done',
      );
      const { state, accounts } = await sync.look();
      assert.deepEqual([state?.last?.counts.read, state?.last?.counts.added, accounts], [2, 0, 1]);
    }));

  it('registers no mobile phone of somebody: it only knows the number', () =>
    inWorld(async ({ directory, run, find, hall }) => {
      directory.people = [person('anna', { mobile: '06 12345612' })];
      await run();
      const anna = await find('anna');
      assert.deepEqual(await hall.stores.registrations.list(anna?.id ?? ''), []);
    }));

  it('renames, changes, and moves from group to group, and tells only of what reaches people', () =>
    inWorld(async ({ directory, run, find, hall }) => {
      const anna = person('anna');
      directory.people = [anna];
      directory.groups = [group('Sales', anna), group('Board')];
      await run();
      await hall.sent();
      const { id } = (await find('anna')) ?? {};
      await hall.stores.users.change(id ?? '', { groups: ['Sales', 'Pilot'] });
      directory.people = [
        { ...anna, userPrincipalName: 'anna.bakker@voorbeeld.example', displayName: 'Anna Bakker' },
      ];
      directory.groups = [group('Sales'), group('Board', anna)];
      await run();
      const renamed = await find('anna.bakker');
      assert.deepEqual(
        [renamed?.id, renamed?.displayName, renamed?.groups],
        [id, 'Anna Bakker', ['Pilot', 'Board']],
        'and stays in the group that somebody here let them into',
      );
      assert.equal((await hall.sent()).length, 1, 'one mail, of the name');
    }));

  it('switches off who is disabled there, ends their sessions, and switches them on again', () =>
    inWorld(async ({ directory, run, find, hall }) => {
      const anna = person('anna');
      directory.people = [anna];
      await run();
      const { id = '' } = (await find('anna')) ?? {};
      directory.people = [{ ...anna, enabled: false }];
      assert.deepEqual(await run(), { kind: 'done' });
      assert.equal((await find('anna'))?.accountEnabled, false);
      const events = await hall.stores.audit.list({ userId: id, limit: 20 });
      const revoked = events.find(({ kind }) => kind === 'everything-revoked');
      assert.deepEqual(
        [revoked?.actor, revoked?.details['reason']],
        ['directory', 'disabled-in-directory'],
      );
      directory.people = [anna];
      await run();
      assert.equal((await find('anna'))?.accountEnabled, true);
    }));

  it('tells the old mailbox and the new one of a switch that comes with another mailbox', () =>
    inWorld(async ({ directory, run, hall }) => {
      const told = async (kind: RegExp): Promise<readonly string[]> => {
        const mails = (await hall.sent()).map(({ message }) => message);
        return mails
          .filter((mail) => mail.kind === 'mail' && kind.test(mail.subject))
          .map(({ to }) => to)
          .toSorted();
      };
      const anna = person('anna');
      const at = (name: string) => ({ ...anna, mail: `${name}@voorbeeld.example` });
      directory.people = [anna];
      await run();
      await hall.sent();
      directory.people = [{ ...at('thief'), enabled: false }];
      await run();
      const both = ['anna@voorbeeld.example', 'thief@voorbeeld.example'];
      assert.deepEqual(await told(/switched off/), both);
      directory.people = [at('else')];
      await run();
      const after = ['else@voorbeeld.example', 'thief@voorbeeld.example'];
      assert.deepEqual(await told(/switched on/), after);
      // The mailbox of before is told of that switch alone.
      directory.people = [{ ...at('else'), enabled: false }];
      await run();
      assert.deepEqual(await told(/switched off/), ['else@voorbeeld.example']);
    }));

  it('tells the old mailbox also where the switch waited for somebody to confirm it', () =>
    inWorld(
      async ({ directory, run, hall, sync }) => {
        directory.people = many(3);
        await run();
        const gone = directory.people.map((one) => ({ ...one, enabled: false }));
        const [first = assert.fail(), ...others] = gone;
        directory.people = [{ ...first, mail: 'thief@voorbeeld.example' }, ...others];
        assert.equal((await run())?.kind, 'held');
        assert.equal((await run())?.kind, 'held');
        await hall.sent();
        await sync.ask('command-line', { confirms: 3 });
        await run();
        const mails = (await hall.sent()).map(({ message }) => message.to);
        assert.ok(mails.includes('p000@voorbeeld.example'), mails.join(', '));
        assert.ok(mails.includes('thief@voorbeeld.example'));
      },
      { safetyCatch: { share: 0.2, atLeast: 1 } },
    ));

  it('lets nobody here change what the directory owns, and everybody what it does not', () =>
    inWorld(async ({ directory, run, find, hall }) => {
      const anna = person('anna');
      directory.people = [anna];
      directory.groups = [group('Sales', anna)];
      await run();
      const { id = '' } = (await find('anna')) ?? {};
      const { administration } = hall;
      const by = 'command-line';
      const owned = { code: 'OWNED_BY_DIRECTORY' };
      await assert.rejects(administration.switchAccount(id, false, by), owned);
      await assert.rejects(
        administration.changeContact(id, { mobilePhone: undefined, displayName: 'A' }, by),
        owned,
      );
      await assert.rejects(administration.rename(id, { mail: 'a@b.example' }, by), owned);
      await assert.rejects(
        administration.changeGroups(id, { join: [], leave: ['Sales'] }, by),
        owned,
      );
      await administration.changeContact(
        id,
        { displayName: anna.displayName ?? '', preferredLanguage: 'nl' },
        by,
      );
      await administration.changeGroups(id, { join: ['Pilot'], leave: [] }, by);
      await administration.block(id, { reason: 'lost phone', by });
      await run();
      const now = await find('anna');
      assert.deepEqual([now?.groups, now?.preferredLanguage], [['Sales', 'Pilot'], 'nl']);
      assert.ok(now?.blocked !== undefined, 'and a block is not the directory’s to end');
    }));

  it('switches off who is gone there, removes nobody, and lets them in when they are back', () =>
    inWorld(async ({ directory, run, find, hall }) => {
      const [anna, ben] = [person('anna'), person('ben')];
      directory.people = [anna, ben];
      await run();
      directory.people = [ben];
      await run();
      const gone = await find('anna');
      assert.equal(gone?.accountEnabled, false);
      const events = await hall.stores.audit.list({ userId: gone?.id, limit: 20 });
      assert.ok(events.some(({ details }) => details['reason'] === 'gone-from-directory'));
      directory.people = [anna, ben];
      await run();
      assert.equal((await find('anna'))?.accountEnabled, true);
    }));

  it('looks once more for whom it missed: they may have been moved while it was read', () =>
    inWorld(async ({ directory, run, find, sync }) => {
      const everybody = [person('anna'), person('ben')];
      directory.people = everybody;
      await run();
      directory.people = [person('ben')];
      directory.before = () => {
        directory.people = everybody;
      };
      assert.deepEqual(await run(), { kind: 'done' });
      assert.equal((await find('anna'))?.accountEnabled, true);
      assert.equal((await sync.look()).state?.last?.counts.read, 2);
    }));

  it('counts nobody as gone where the directory was not read to its end', () =>
    inWorld(async ({ directory, run, find, sync }) => {
      directory.people = [person('anna'), person('ben')];
      await run();
      directory.before = (index) => {
        const cause = new Error('No connection: it was refused.');
        if (index === 1) throw new TweestapError('UPSTREAM_UNAVAILABLE', { cause });
      };
      directory.people = [person('ben'), person('chris'), person('anna')];
      assert.deepEqual(await run(), {
        kind: 'failed',
        reason: 'No connection: it was refused.',
      });
      assert.equal((await find('anna'))?.accountEnabled, true);
      const { state } = await sync.look();
      assert.ok(state !== undefined && state.succeededAt !== undefined);
      assert.ok(state.dueAt.getTime() - (state.last?.finishedAt.getTime() ?? 0) <= 300_000);
      directory.before = () => {};
      assert.equal((await run())?.kind, 'done');
    }));

  it('switches nobody off where that would be too many at once, says so, and does once somebody confirms', () =>
    inWorld(async ({ directory, run, hall, sync, kinds }) => {
      const admin = await hall.person({
        userPrincipalName: 'admin@voorbeeld.example',
        mail: 'admin@voorbeeld.example',
        role: 'global-admin',
      });
      const people = many(20);
      directory.people = people;
      await run();
      await hall.sent();
      directory.people = people.slice(8);
      assert.deepEqual(await run(), { kind: 'held', disabling: 8, of: 20 });
      assert.deepEqual(await run(), { kind: 'held', disabling: 8, of: 20 });
      const off = async (): Promise<number> =>
        (await hall.stores.users.search({ text: '', switchedOff: true, limit: 50 })).length;
      assert.equal(await off(), 0);
      const told = (await hall.sent()).map(({ userId }) => userId);
      assert.deepEqual(told, [admin.id], 'once, and not each time');
      assert.equal((await kinds()).filter((kind) => kind === 'directory-sync-held').length, 1);
      directory.people = people.slice(9);
      assert.equal(await sync.ask('command-line', { confirms: 8 }), true);
      assert.equal((await run())?.kind, 'held', 'eight were confirmed, and these are nine');
      assert.equal(await sync.ask('command-line', { confirms: 9 }), true);
      assert.deepEqual(await run(), { kind: 'done' });
      assert.equal(await off(), 9);
    }));

  it('believes no directory that names nobody at all', () =>
    inWorld(async ({ directory, run, find }) => {
      directory.people = [person('anna')];
      await run();
      directory.people = [];
      assert.deepEqual(await run(), { kind: 'held', disabling: 1, of: 1 });
      assert.equal((await find('anna'))?.accountEnabled, true);
    }));

  it('takes over no account that was made here, until somebody says so', () =>
    inWorld(async ({ directory, run, find, sync, hall }) => {
      const local = await hall.person();
      directory.people = [person('anna')];
      await run();
      assert.deepEqual(await find('anna'), local);
      const [conflict] = await sync.troubled({ limit: 5 });
      assert.deepEqual([conflict?.name, conflict?.conflict], ['anna@voorbeeld.example', 'local']);
      assert.equal(await sync.link(local.id, 'entry-anna', 'command-line'), true);
      assert.equal(await sync.link(local.id, 'entry-anna', 'command-line'), false);
      await run();
      const linked = await find('anna');
      assert.deepEqual(
        [linked?.id, linked?.passwordHash, linked?.displayName, linked?.upstream?.id],
        [local.id, undefined, 'anna of the directory', 'entry-anna'],
      );
      assert.equal((await sync.look()).troubled, 0);
      assert.equal(await sync.unlink(local.id, 'command-line'), true);
      assert.equal(await sync.unlink(local.id, 'command-line'), false);
      await run();
      assert.equal((await find('anna'))?.upstream, undefined);
      assert.equal((await sync.look()).troubled, 1, 'and it is in conflict again');
      assert.equal(await sync.link(local.id, 'entry-anna', 'command-line'), true);
      directory.people = [person('zoe')];
      await run();
      assert.equal((await find('anna'))?.accountEnabled, false, 'it leaves as the others do');
    }));

  it('takes them over by their name where the operator says so, but nobody with a role', () =>
    inWorld(
      async ({ directory, run, find, hall }) => {
        const local = await hall.person();
        await hall.person({ userPrincipalName: 'ben@voorbeeld.example', role: 'help-desk' });
        directory.people = [person('anna'), person('ben')];
        await run();
        assert.deepEqual((await find('anna'))?.id, local.id);
        assert.equal((await find('anna'))?.upstream?.id, 'entry-anna');
        assert.equal((await find('ben'))?.upstream, undefined);
      },
      { links: true },
    ));

  it('takes nobody over who gets a role or another name while they are looked at', async () => {
    const meanwhile: readonly Partial<User>[] = [
      { role: 'help-desk' },
      { userPrincipalName: 'anna.later@voorbeeld.example' },
    ];
    for (const change of meanwhile) {
      await inWorld(
        async ({ directory, run, hall }) => {
          const local = await hall.person();
          directory.people = [person('anna')];
          await run();
          const now = await hall.stores.users.find(local.id);
          assert.deepEqual([now?.upstream, now?.passwordHash], [undefined, local.passwordHash]);
        },
        { links: true },
        (held) => ({
          ...held,
          users: {
            ...held.users,
            findByName: async (name) => {
              const found = await held.users.findByName(name);
              if (found !== undefined) await held.users.change(found.id, change);
              return found;
            },
          },
        }),
      );
    }
  });

  it('gives no account to one of two entries that go by its name', () =>
    inWorld(async ({ directory, run, find, hall, sync }) => {
      const owner = await hall.person();
      // Where people may write their own mail address, anybody goes by any name.
      const stranger = { userPrincipalName: owner.userPrincipalName };
      directory.people = [person('anna'), person('mallory', stranger)];
      await run();
      assert.equal(await sync.inConflict(owner.userPrincipalName), undefined);
      assert.equal(await sync.link(owner.id, 'entry-anna', 'command-line'), false);
      assert.equal((await find('anna'))?.upstream, undefined);
      directory.people = [person('anna')];
      await run();
      assert.equal(await sync.link(owner.id, 'entry-mallory', 'command-line'), false);
      assert.equal(await sync.link(owner.id, 'entry-anna', 'command-line'), true);
    }));

  it('has a second administrator agree to the entry that it is, and to taking it back apart from that', () =>
    inWorld(async ({ directory, run, hall, sync }) => {
      await hall.policies.change((policy) => ({
        ...policy,
        administration: { ...policy.administration, secondApproval: true },
      }));
      const boss = await hall.person({ role: 'help-desk' });
      const anna = person('anna');
      directory.people = [anna];
      await run();
      const by = { application: { clientId: 'hr', role: 'global-admin' }, address: '' } as const;
      const asked = async (act: Promise<boolean>): Promise<unknown> => {
        const error = await act.then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
        return error instanceof ApprovalNeededError ? error.waiting[0].values['entry'] : error;
      };
      assert.equal(await asked(sync.link(boss.id, anna.id, by)), anna.dn);
      assert.equal(await sync.link(boss.id, anna.id, 'command-line'), true);
      assert.equal(await asked(sync.unlink(boss.id, by)), '');
    }));

  it('lets nobody into a group that was here before, or that something is decided for', () =>
    inWorld(async ({ directory, run, find, sync, hall }) => {
      await hall.person({ userPrincipalName: 'ben@voorbeeld.example', groups: ['Pilot'] });
      const anna = person('anna');
      directory.people = [anna];
      directory.groups = [group('Pilot', anna)];
      await run();
      assert.deepEqual((await find('anna'))?.groups, []);
      const { groupConflicts } = await sync.look();
      assert.deepEqual(
        groupConflicts.map(({ told, conflict }) => [told, conflict]),
        [['Pilot', 'local']],
      );
      assert.equal(await sync.linkGroup('Pilot', 'command-line'), true);
      await run();
      assert.deepEqual((await find('anna'))?.groups, ['Pilot']);
      assert.equal(await sync.linkGroup('Pilot', 'command-line'), false);
    }));

  it('takes nobody out of their groups where the directory names no group any more', () =>
    inWorld(async ({ directory, run, find }) => {
      const anna = person('anna');
      directory.people = [anna];
      directory.groups = [group('Sales', anna)];
      await run();
      directory.groups = [];
      await run();
      assert.deepEqual((await find('anna'))?.groups, ['Sales']);
    }));

  it('is done by one node at a time, however many want to', () =>
    inWorld(async ({ directory, sync, other, hall }) => {
      directory.people = many(30);
      const done = await Promise.all([sync.work(), other.work(), sync.work(), other.work()]);
      assert.equal(done.filter(Boolean).length, 1);
      const events = await hall.stores.audit.list({ limit: 500 });
      assert.equal(events.filter(({ kind }) => kind === 'user-added').length, 30);
      assert.equal((await sync.look()).accounts, 30);
    }));

  it('goes on where a node was killed, and what it did after its time does not hold', () =>
    inWorld(async ({ directory, sync, other, hall, find }) => {
      directory.people = many(450);
      let killed: (() => void) | undefined;
      const reached = new Promise<void>((resolve) => {
        directory.before = (index) => {
          if (index !== 300 || killed !== undefined) return undefined;
          resolve();
          return new Promise((goOn) => {
            killed = goOn;
          });
        };
      });
      const first = sync.work();
      await reached;
      assert.ok((await find('p100')) !== undefined, 'the first portion is there');
      assert.equal(await other.work(), false, 'its time is not over');
      hall.clock.advanceSeconds(121);
      assert.equal(await other.work(), true);
      assert.equal((await other.look()).accounts, 450);
      killed?.();
      assert.equal(await first, false, 'whoever comes back late does nothing more');
      const { state } = await other.look();
      assert.deepEqual([state?.last?.end, state?.last?.counts.read], [{ kind: 'done' }, 450]);
      const events = await hall.stores.audit.list({ limit: 1_000 });
      assert.equal(events.filter(({ kind }) => kind === 'user-added').length, 450);
    }));

  it('leaves in between, and another node goes on at once', () =>
    inWorld(async ({ directory, sync, other }) => {
      directory.people = many(250);
      let portions = 0;
      const isLeaving = (): boolean => {
        portions += 1;
        return portions > 1;
      };
      assert.equal(await sync.work({ isLeaving }), true);
      assert.equal((await sync.look()).isRunning, false);
      assert.equal(await other.work(), true);
      assert.equal((await other.look()).accounts, 250);
    }));

  it('comes by the clock, or when somebody asks, and not in between', () =>
    inWorld(async ({ directory, sync, hall }) => {
      directory.people = [person('anna')];
      assert.equal(await sync.work(), true);
      assert.equal(await sync.work(), false);
      assert.equal(await sync.ask('command-line'), true);
      assert.equal(await sync.work(), true);
      assert.equal((await sync.look()).state?.last?.by, 'command-line');
      hall.clock.advanceSeconds(899);
      assert.equal(await sync.work(), false);
      hall.clock.advanceSeconds(1);
      assert.equal(await sync.work(), true);
    }));

  it('tells what it would do, and does nothing of it', () =>
    inWorld(async ({ directory, run, sync, find, hall }) => {
      directory.people = [person('anna'), person('ben')];
      await run();
      await hall.person({ userPrincipalName: 'chris@voorbeeld.example' });
      directory.people = [person('ben', { displayName: 'B' }), person('chris'), person('dewi')];
      const told: string[] = [];
      for await (const { name, changes } of sync.plan()) {
        told.push(`${name.split('@')[0]} ${changes.map(({ kind }) => kind).join(' ')}`);
      }
      assert.deepEqual(told, ['ben change', 'chris conflict', 'dewi add', 'anna disable']);
      assert.equal(await find('dewi'), undefined);
      assert.equal((await find('anna'))?.accountEnabled, true);
    }));

  describe('of people who take one another’s names', () => {
    const named = (one: UpstreamPerson, name: string): UpstreamPerson => ({
      ...one,
      userPrincipalName: `${name}@voorbeeld.example`,
      mail: `${name}@voorbeeld.example`,
    });
    const [anna, ben, chris, dewi] = [
      person('anna'),
      person('ben'),
      person('chris'),
      person('dewi'),
    ];

    it('gives each of two the name, and the mailbox, of the other in one reading', () =>
      inWorld(async ({ directory, run, find, sync, hall }) => {
        directory.people = [anna, ben];
        directory.groups = [group('Sales', anna), group('Board', ben)];
        await run();
        directory.people = [named(anna, 'ben'), named(ben, 'Anna')];
        directory.groups = [group('Sales', ben), group('Board', anna)];
        await run();
        const [one, other] = [await find('ben'), await find('anna')];
        assert.deepEqual(
          [one?.upstream?.id, one?.mail, other?.upstream?.id, other?.userPrincipalName],
          [anna.id, 'ben@voorbeeld.example', ben.id, 'Anna@voorbeeld.example'],
        );
        assert.deepEqual([one?.groups, other?.groups], [['Board'], ['Sales']]);
        const { state, troubled } = await sync.look();
        assert.equal(troubled, 0);
        assert.deepEqual([state?.last?.counts.read, state?.last?.counts.changed], [2, 2]);
        // Told as what it was for each of them, and as nothing in between.
        const events = await hall.stores.audit.list({ limit: 500 });
        const renamed = JSON.stringify(events.filter(({ kind }) => kind === 'contact-changed'));
        assert.match(renamed, /anna@voorbeeld.example.*ben@voorbeeld.example/);
        assert.doesNotMatch(renamed, /invalid/);
      }));

    it('follows a ring, a row, and whoever is new under a name that was let go', () =>
      inWorld(async ({ directory, run, find, sync }) => {
        directory.people = [anna, ben, chris, dewi];
        await run();
        directory.people = [
          named(person('emma'), 'dewi'),
          named(anna, 'ben'),
          named(ben, 'chris'),
          named(chris, 'anna'),
          named(dewi, 'dewi2'),
        ];
        await run();
        const whose = async (name: string) => (await find(name))?.upstream?.id;
        assert.deepEqual(
          [await whose('ben'), await whose('chris'), await whose('anna'), await whose('dewi')],
          [anna.id, ben.id, chris.id, 'entry-emma'],
        );
        assert.equal(await whose('dewi2'), dewi.id);
        assert.equal((await sync.look()).troubled, 0);
      }));

    it('says so before, as it will be', () =>
      inWorld(async ({ directory, run, sync, find }) => {
        directory.people = [anna, ben, chris, dewi];
        await run();
        directory.people = [
          named(anna, 'ben'),
          named(ben, 'anna'),
          named(chris, 'dewi'),
          named(dewi, 'dewi2'),
          named(person('emma'), 'dewi'),
        ];
        const told: string[] = [];
        for await (const { name, changes } of sync.plan()) {
          told.push(`${name.split('@')[0]} ${changes.map(({ kind }) => kind).join(' ')}`);
        }
        assert.deepEqual(told.toSorted(), [
          'anna rename change',
          'ben rename change',
          'dewi conflict',
          'dewi rename change',
          'dewi2 rename change',
        ]);
        assert.equal((await find('anna'))?.upstream?.id, anna.id);
      }));

    it('takes no name from whoever keeps it, nor from an account that was made here', () =>
      inWorld(async ({ directory, run, find, sync, hall }) => {
        directory.people = [anna, ben, chris];
        await run();
        await hall.person({ userPrincipalName: 'local@voorbeeld.example' });
        directory.people = [named(anna, 'ben'), named(chris, 'anna'), named(ben, 'local')];
        await run();
        const whose = async (name: string) => (await find(name))?.upstream?.id;
        assert.deepEqual(
          [await whose('anna'), await whose('ben'), await whose('chris'), await whose('local')],
          [anna.id, ben.id, chris.id, undefined],
        );
        assert.equal((await sync.look()).troubled, 3);
        // Gone from the directory is not gone from here: nobody inherits the name.
        directory.people = [named(anna, 'ben'), chris];
        await run();
        assert.deepEqual([await whose('ben'), await whose('anna')], [ben.id, anna.id]);
      }));

    it('stays with the first of two who want the name that a third lets go', () =>
      inWorld(async ({ directory, run, find, sync }) => {
        directory.people = [anna, ben, chris];
        await run();
        directory.people = [named(anna, 'chris'), named(ben, 'chris'), named(chris, 'chris2')];
        await run();
        assert.equal((await find('chris'))?.upstream?.id, anna.id);
        assert.equal((await find('ben'))?.upstream?.id, ben.id);
        assert.equal((await sync.look()).troubled, 1);
      }));

    it('leaves a ring as it is that somebody stepped out of meanwhile', async () => {
      let meanwhile: ((held: Stores) => Promise<void>) | undefined;
      await inWorld(
        async ({ directory, run, find }) => {
          directory.people = [anna, ben];
          await run();
          const id = (await find('ben'))?.id ?? assert.fail();
          directory.people = [named(anna, 'ben'), named(ben, 'anna')];
          meanwhile = async ({ users }) => {
            meanwhile = undefined;
            await users.change(id, { upstream: undefined });
          };
          await run();
          assert.equal((await find('ben'))?.id, id, 'who was taken back keeps the name');
          assert.equal((await find('anna'))?.upstream?.id, anna.id);
        },
        {},
        (held) => ({
          ...held,
          users: {
            ...held.users,
            lock: async (userId) => {
              await meanwhile?.(held);
              return held.users.lock(userId);
            },
          },
        }),
      );
    });
  });
});

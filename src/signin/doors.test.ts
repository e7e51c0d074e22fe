import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import type { User } from '../accounts/user.ts';
import type { AppPasswordDoor } from '../app-passwords/app-password.ts';
import type { ChainedEvent } from '../audit/audit-event.ts';
import { password, startHall, type Hall, opening } from '../../test/support/signin.ts';
import { createDoors, type Doors, type DoorVerdict } from './doors.ts';

const address = '192.0.2.25';

describe('the doors of systems', () => {
  let hall: Hall;
  let doors: Doors;
  let anna: User;
  let count = 0;

  /** Somebody new, so that no test meets another's counters. */
  const person = (change: Partial<User> = {}): Promise<User> => {
    count += 1;
    return hall.person({ userPrincipalName: `person${count}@voorbeeld.example`, ...change });
  };
  const make = async (user: User, door?: AppPasswordDoor, expiryDays = 0): Promise<string> => {
    const made = await hall.parts.appPasswords.make(hall.stores, {
      userId: user.id,
      name: 'Mail',
      door,
      expiryDays,
    });
    assert.equal(made.kind, 'made');
    return made.plain;
  };
  const knock = (
    user: Pick<User, 'userPrincipalName'>,
    typed: string,
    door: AppPasswordDoor = 'ldap',
  ): Promise<DoorVerdict> =>
    doors.judge({ door, name: user.userPrincipalName, password: typed, address });
  const reasonOf = (verdict: DoorVerdict): string =>
    verdict.kind === 'refused' ? verdict.reason : verdict.kind;
  const lastEvent = async (): Promise<ChainedEvent> => {
    const [event] = await hall.stores.audit.list({ limit: 1 });
    assert.ok(event);
    return event;
  };

  before(async () => {
    hall = await startHall();
    doors = createDoors(hall.parts);
    await hall.policies.change((policy) => ({
      ...policy,
      organisation: { ...policy.organisation, domain: 'voorbeeld.example' },
      appPasswords: { allowed: true },
    }));
  });
  after(async () => {
    await doors.stop();
    await hall.close();
  });
  beforeEach(async () => {
    anna = await person();
  });

  describe('open with an app password', () => {
    it('however it is typed, without hashing anything, and the log says which', async () => {
      const plain = await make(anna);
      const before = hall.hashings();
      const spaced = (plain.toLowerCase().match(/.{4}/g) ?? []).join(' ');
      const verdict = await knock(anna, spaced);
      assert.equal(reasonOf(verdict), 'opened');
      assert.equal(hall.hashings(), before);
      const event = await lastEvent();
      assert.equal(event.kind, 'app-password-accepted');
      assert.equal(event.userId, anna.id);
      assert.equal(event.address, address);
      const [kept] = await hall.stores.appPasswords.list(anna.id);
      assert.deepEqual(event.details, { door: 'ldap', id: kept?.id });
    });

    it("to whoever leaves out the organisation's own domain", async () => {
      const plain = await make(anna);
      const [name = ''] = anna.userPrincipalName.split('@');
      const verdict = await doors.judge({ door: 'radius', name, password: plain, address });
      assert.equal(reasonOf(verdict), 'opened');
    });

    it('of this person only', async () => {
      const plain = await make(anna);
      assert.equal(reasonOf(await knock(await person(), plain)), 'wrong');
    });

    it('at its own door only, where it has one', async () => {
      const plain = await make(anna, 'radius');
      assert.equal(reasonOf(await knock(anna, plain)), 'other-door');
      assert.equal(reasonOf(await knock(anna, plain, 'http')), 'other-door');
      assert.equal(reasonOf(await knock(anna, plain, 'radius')), 'opened');
    });

    it('until it expires', async () => {
      const plain = await make(anna, undefined, 30);
      assert.equal(reasonOf(await knock(anna, plain)), 'opened');
      hall.clock.advanceSeconds(30 * 86_400);
      assert.equal(reasonOf(await knock(anna, plain)), 'expired');
    });

    it('for no longer than policy lets it by now, also for a connection that stays open', async () => {
      const endless = await make(anna);
      const year = await make(anna, undefined, 365);
      const decides = (expiryDays: number) =>
        hall.policies.change((policy) => ({
          ...policy,
          appPasswords: { ...policy.appPasswords, expiryDays },
        }));
      hall.clock.advanceSeconds(29 * 86_400);
      const opened = await knock(anna, endless);
      assert.equal(opened.kind, 'opened');
      try {
        await decides(30);
        assert.equal(reasonOf(await knock(anna, year)), 'opened');
        hall.clock.advanceSeconds(86_400);
        assert.equal(reasonOf(await knock(anna, endless)), 'expired');
        assert.equal(reasonOf(await knock(anna, year)), 'expired');
        assert.equal(await doors.stillOpen(opened), undefined);
      } finally {
        await decides(0);
      }
    });

    it('until it is deleted, also for a connection that stays open', async () => {
      const plain = await make(anna);
      const opened = await knock(anna, plain);
      assert.equal(opened.kind, 'opened');
      assert.equal((await doors.stillOpen(opened))?.id, anna.id);
      await hall.administration.removeAppPasswords(anna.id, 'admin');
      assert.equal(reasonOf(await knock(anna, plain)), 'wrong');
      assert.equal(await doors.stillOpen(opened), undefined);
    });

    it('of nobody whose account is blocked, disabled, or needs none', async () => {
      const plain = await make(anna);
      const opened = await knock(anna, plain);
      assert.equal(opened.kind, 'opened');
      for (const [change, reason] of [
        [{ blocked: { at: hall.clock.now(), until: undefined, reason: 'fraud' } }, 'blocked'],
        [{ blocked: undefined, accountEnabled: false }, 'account-disabled'],
        [{ accountEnabled: true, perUserMfaState: 'enabled' }, 'not-enforced'],
        [{ perUserMfaState: 'enforced' }, 'opened'],
      ] as const) {
        await hall.stores.users.change(anna.id, change);
        assert.equal(reasonOf(await knock(anna, plain)), reason);
        const still = await doors.stillOpen(opened);
        assert.equal(still !== undefined, reason === 'opened', reason);
      }
    });

    it('on every node, and on none once it is gone', async () => {
      const other = await startHall(hall.database);
      other.clock.set(hall.clock.now());
      const elsewhere = createDoors(other.parts);
      const plain = await make(anna);
      const request = {
        door: 'ldap',
        name: anna.userPrincipalName,
        password: plain,
        address,
      } as const;
      assert.equal(reasonOf(await elsewhere.judge(request)), 'opened');
      await hall.administration.removeAppPasswords(anna.id, 'admin');
      assert.equal(reasonOf(await elsewhere.judge(request)), 'wrong');
      await elsewhere.stop();
    });

    it('and each of a thousand times is in the log, in one unbroken chain', async () => {
      const plain = await make(anna);
      const verdicts = await Promise.all(Array.from({ length: 1000 }, () => knock(anna, plain)));
      assert.ok(verdicts.every(({ kind }) => kind === 'opened'));
      const events = await hall.stores.audit.list({
        userId: anna.id,
        kind: 'app-password-accepted',
        limit: 2000,
      });
      assert.equal(events.length, 1000);
      assert.equal((await hall.stores.audit.verify()).brokenAt, undefined);
    });

    it('also beside somebody whose record was damaged', async () => {
      const ben = await person();
      const [annas, bens] = [await make(anna), await make(ben)];
      await hall.database.intrude(`update "user" set role = 'global' where id = '${ben.id}'`);
      const [first, damaged, last] = await Promise.allSettled([
        knock(anna, annas),
        knock(ben, bens),
        knock(anna, annas),
      ]);
      assert.equal(first.status === 'fulfilled' ? reasonOf(first.value) : '', 'opened');
      assert.equal(last.status === 'fulfilled' ? reasonOf(last.value) : '', 'opened');
      assert.equal(damaged.status === 'rejected' ? damaged.reason.code : '', 'RECORD_DAMAGED');
    });

    it('and note when, where and from where, all together a little later', async () => {
      const plain = await make(anna);
      await knock(anna, plain);
      hall.clock.advanceSeconds(5);
      await knock(anna, plain, 'http');
      await doors.flush();
      const [kept] = await hall.stores.appPasswords.list(anna.id);
      assert.deepEqual(kept?.lastUse, { at: hall.clock.now(), door: 'http', address });
    });
  });

  describe('stay shut for a guess', () => {
    it('and keep neither the mail program nor the web from the owner', async () => {
      await hall.app(anna);
      const plain = await make(anna);
      for (let guess = 0; guess < 30; guess++) await knock(anna, `guess ${guess}`);
      assert.equal(reasonOf(await knock(anna, 'one more guess')), 'paused');
      assert.equal(reasonOf(await knock(anna, plain)), 'opened');
      const { progress } = await hall.arrive(anna);
      assert.equal(progress.step.kind, 'challenge');
    });

    it('with the same work for somebody, for somebody else, and for nobody', async () => {
      const els = await person({ perUserMfaState: 'disabled' });
      const roads: unknown[] = [];
      for (const userPrincipalName of [
        anna.userPrincipalName,
        els.userPrincipalName,
        `nobody${count}@voorbeeld.example`,
      ]) {
        const before = hall.hashings();
        const reasons: string[] = [];
        for (let guess = 0; guess < 12; guess++) {
          reasons.push(reasonOf(await knock({ userPrincipalName }, `guess ${guess}`)));
        }
        roads.push({ reasons, hashings: hall.hashings() - before });
      }
      assert.deepEqual(roads[0], roads[1]);
      assert.deepEqual(roads[0], roads[2]);
    });

    it('and tell by no pause of the web whether there is such an account', async () => {
      const names = [anna.userPrincipalName, `nobody${count}@voorbeeld.example`];
      for (const userPrincipalName of names) {
        for (let guess = 0; guess < 10; guess++) {
          const opened = await hall.signin.open(opening({}, { address }));
          await hall.signin.password(opened, `guess ${guess}`, undefined, userPrincipalName);
        }
        const before = hall.hashings();
        assert.equal(reasonOf(await knock({ userPrincipalName }, 'a guess')), 'paused');
        assert.equal(hall.hashings(), before);
      }
    });

    it("also for the account's own password, once a second step is required", async () => {
      const before = await hall.stores.throttle.peek(`wrong-passwords:${anna.id}`);
      assert.equal(reasonOf(await knock(anna, password)), 'wrong');
      assert.equal(await hall.stores.throttle.peek(`wrong-passwords:${anna.id}`), before);
    });

    it('and write down nothing that may be a password in place of a name', async () => {
      await doors.judge({ door: 'ldap', name: 'hunter2hunter2', password: 'x', address });
      const { kind, details } = await lastEvent();
      assert.equal(kind, 'door-refused');
      assert.deepEqual(details, { door: 'ldap', reason: 'wrong', typed: '' });
    });
  });

  describe("with the account's own password", () => {
    it('open until a second step is required, and the log says why', async () => {
      const bram = await person({ perUserMfaState: 'enabled' });
      const opened = await knock(bram, password);
      assert.equal(opened.kind, 'opened');
      const { kind, details } = await lastEvent();
      assert.equal(kind, 'own-password-accepted');
      assert.deepEqual(details, { door: 'ldap', why: 'enabled' });
      await hall.administration.setState(bram.id, 'enforced', 'admin');
      assert.equal(reasonOf(await knock(bram, password)), 'wrong');
      assert.equal(await doors.stillOpen(opened), undefined);
    });

    it('stay shut once something is registered, whatever the state was set to afterwards', async () => {
      const chris = await person({ perUserMfaState: 'enforced' });
      await hall.phone(chris);
      await hall.administration.setState(chris.id, 'enabled', 'admin');
      assert.equal(reasonOf(await knock(chris, password)), 'wrong');
    });

    it('count a wrong one where the web does', async () => {
      const els = await person({ perUserMfaState: 'disabled' });
      for (let guess = 0; guess < 10; guess++) await knock(els, `guess ${guess}`);
      assert.equal(reasonOf(await knock(els, password)), 'paused');
      const { progress } = await hall.arrive(els);
      assert.equal(progress.attempt.notice?.kind, 'passwords-paused');
      hall.clock.advanceSeconds(61);
      assert.equal(reasonOf(await knock(els, password)), 'opened');
    });

    it('stay shut while it must be changed, and after it was', async () => {
      const els = await person({ perUserMfaState: 'disabled' });
      const opened = await knock(els, password);
      assert.equal(opened.kind, 'opened');
      await hall.stores.users.change(els.id, { mustChangePassword: true });
      assert.equal(reasonOf(await knock(els, password)), 'must-change-password');
      assert.equal(await doors.stillOpen(opened), undefined);
      const passwordHash = await hall.parts.hasher.hash('a new and different one');
      await hall.stores.users.change(els.id, { mustChangePassword: false, passwordHash });
      assert.equal(reasonOf(await knock(els, password)), 'wrong');
      assert.equal(await doors.stillOpen(opened), undefined);
    });

    it('stay shut for whoever is blocked', async () => {
      const els = await person({ perUserMfaState: 'disabled' });
      await hall.administration.block(els.id, { reason: 'left', by: 'admin' });
      assert.equal(reasonOf(await knock(els, password)), 'blocked');
    });

    it('open on a trusted network until an app password is made (row E-087)', async () => {
      await hall.policies.change((policy) => ({ ...policy, trustedIps: ['192.0.2.0/24'] }));
      assert.equal(reasonOf(await knock(anna, password)), 'opened');
      assert.equal((await lastEvent()).details['why'], 'trusted-network');
      await make(anna);
      assert.equal(reasonOf(await knock(anna, password)), 'wrong');
      await hall.policies.change((policy) => ({ ...policy, trustedIps: [] }));
    });

    it('open never where policy says so, and then nothing is hashed', async () => {
      const own = (ownPassword: boolean) =>
        hall.policies.change((policy) => ({
          ...policy,
          appPasswords: { ...policy.appPasswords, ownPassword },
        }));
      await own(false);
      const els = await person({ perUserMfaState: 'disabled' });
      const before = hall.hashings();
      assert.equal(reasonOf(await knock(els, password)), 'wrong');
      assert.equal(hall.hashings(), before);
      await own(true);
    });
  });
});

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import { startHall, type Hall } from '../../test/support/signin.ts';
import type { User } from '../accounts/user.ts';
import { ApprovalNeededError, type AtPages } from './acting-admin.ts';
import { createApprovals, type Approvals, type Wanted } from './approvals.ts';
import { createProviding } from './providing.ts';

describe('what a second administrator has to agree to', () => {
  let hall: Hall;
  let approvals: Approvals;
  let anna: User;
  let bram: User;
  let cas: User;
  beforeEach(async () => {
    hall = await startHall();
    approvals = createApprovals(hall.parts);
    const admin = async (name: string): Promise<User> => {
      const user = await hall.person({
        userPrincipalName: `${name}@voorbeeld.example`,
        displayName: name,
        mail: `${name}@voorbeeld.example`,
        role: 'global-admin',
      });
      await hall.app(user);
      return user;
    };
    anna = await admin('Anna');
    bram = await admin('Bram');
    cas = await admin('Cas');
    await hall.governing.changePolicy('command-line', (policy) => ({
      ...policy,
      administration: { secondApproval: true },
    }));
  });
  afterEach(() => hall.close());

  const at = async (user: User): Promise<AtPages> => ({
    current: await hall.enter(user),
    address: '192.0.2.7',
  });
  const wanted = (user = bram) =>
    ({ act: 'block', targetId: user.id, reason: 'left yesterday' }) as const;
  const block = (user: User, by: AtPages): Promise<void> =>
    hall.administration.block(user.id, { reason: 'left', by });
  const needsApproval = { code: 'NOT_ALLOWED', details: { reason: 'approval' } };
  const isRefused = async (act: Promise<unknown>): Promise<void> => {
    await assert.rejects(
      act,
      ({ code, details }: { code: string; details: { reason: string } }) => {
        assert.deepEqual({ code, details: { reason: details.reason } }, needsApproval);
        return true;
      },
    );
  };
  const newest = async (): Promise<string> => (await hall.stores.approvals.list(1))[0]?.id ?? '';

  it('adds nobody with a role: an account begins without one', async () => {
    const by = await at(anna);
    const add = (role: 'user' | 'global-admin') =>
      hall.administration.add(
        {
          userPrincipalName: `${role}@voorbeeld.example`,
          password: 'a password of some length',
          mustChangePassword: true,
          role,
        },
        { country: 'NL', by },
      );
    await isRefused(add('global-admin'));
    assert.equal(await hall.administration.find('global-admin@voorbeeld.example'), undefined);
    assert.equal((await add('user')).kind, 'added');
  });

  it('is left out of what is done to many, and said to be', async () => {
    const everybody = { text: '', isBlocked: false };
    const task = { kind: 'step', step: 'revoke-sessions' } as const;
    const preview = await hall.jobs.preview(everybody, task, anna);
    assert.deepEqual([preview.affected, preview.leftOut.get('approval')], [0, 2]);
    const id = await hall.jobs.begin(everybody, task, await at(anna));
    for (let slices = 0; await hall.jobs.work({ link: '' }); slices += 1) assert.ok(slices < 9);
    assert.equal((await hall.jobs.look(id))?.tally.results.get('approval'), 2);
  });

  it('waits until that one agreed, and is done once', async () => {
    const byAnna = await at(anna);
    await isRefused(block(bram, byAnna));
    await hall.sent();
    assert.equal(await approvals.ask(wanted(), byAnna), true);
    assert.equal(await approvals.ask(wanted(), byAnna), false, 'it was asked already');
    const told = (await hall.sent()).flatMap(({ message }) =>
      message.kind === 'mail' ? [message.to] : [],
    );
    assert.deepEqual(told, ['Cas@voorbeeld.example'], 'neither who asks nor whom it concerns');
    await isRefused(block(bram, byAnna));
    assert.equal(await approvals.decide(await newest(), true, await at(cas)), true);
    await block(bram, byAnna);
    await hall.administration.unblock(bram.id, 'x', 'command-line');
    await isRefused(block(bram, byAnna));
    const kinds = (await hall.stores.audit.list({ limit: 99 })).map(({ kind }) => kind);
    assert.ok(kinds.includes('approval-asked') && kinds.includes('approval-given'));
  });

  it('is agreed to by nobody who asked, and by nobody whom it concerns', async () => {
    await approvals.ask(wanted(), await at(anna));
    const id = await newest();
    hall.clock.advanceSeconds(30);
    for (const user of [anna, bram]) {
      await assert.rejects(approvals.decide(id, true, await at(user)), { code: 'NOT_ALLOWED' });
    }
    await hall.stores.users.change(cas.id, { role: 'help-desk' });
    await assert.rejects(approvals.decide(id, true, await at(cas)), { code: 'NOT_ALLOWED' });
  });

  it('is agreed to no more once whoever did could not do so now, and may be asked for anew', async () => {
    const ask = async (): Promise<boolean> => approvals.ask(wanted(), await at(anna));
    const agree = async (): Promise<boolean> =>
      approvals.decide(await newest(), true, await at(cas));
    await ask();
    await agree();
    hall.clock.advanceSeconds(30);
    await hall.administration.block(cas.id, { reason: 'found out', by: 'command-line' });
    await isRefused(block(bram, await at(anna)));
    hall.clock.advanceSeconds(30);
    assert.equal(await ask(), true, 'nobody agrees to what he agreed to');
    await hall.administration.unblock(cas.id, 'it was not him', 'command-line');
    hall.clock.advanceSeconds(30);
    await hall.administration.changeRole(cas.id, 'authentication-admin', 'command-line');
    hall.clock.advanceSeconds(30);
    await isRefused(block(bram, await at(anna)));
    await hall.administration.changeRole(cas.id, 'global-admin', 'command-line');
    hall.clock.advanceSeconds(30);
    await block(bram, await at(anna));
  });

  it('ends where it was declined, or after a day', async () => {
    const byAnna = await at(anna);
    await approvals.ask(wanted(), byAnna);
    assert.equal(await approvals.decide(await newest(), false, await at(cas)), true);
    await isRefused(block(bram, byAnna));
    assert.equal(await approvals.decide(await newest(), true, await at(cas)), false);
    hall.clock.advanceSeconds(30);
    await approvals.ask(wanted(), await at(anna));
    hall.clock.advanceSeconds(24 * 3600);
    assert.equal(await approvals.decide(await newest(), true, await at(cas)), false);
  });

  it('is taken back by whoever asked, who is told nothing of it, and agreed to by nobody then', async () => {
    const byAnna = await at(anna);
    await approvals.ask(wanted(), byAnna);
    const id = await newest();
    await assert.rejects(approvals.decide(id, false, await at(bram)), { code: 'NOT_ALLOWED' });
    assert.equal(await approvals.decide(id, false, byAnna), true);
    assert.equal(await approvals.decide(id, true, await at(cas)), false);
    await isRefused(block(bram, byAnna));
    assert.equal(await approvals.ask(wanted(), byAnna), true, 'may ask anew');
  });

  it('is asked for where somebody is given a role, and not for people without one', async () => {
    const els = await hall.person({
      userPrincipalName: 'els@voorbeeld.example',
      displayName: 'Els',
    });
    const byAnna = await at(anna);
    await isRefused(hall.administration.changeRole(els.id, 'global-admin', byAnna));
    await block(els, byAnna);
    assert.ok((await hall.stores.users.find(els.id))?.blocked);
  });

  it('agrees to one role, and to none that is given instead', async () => {
    const els = await hall.person({ userPrincipalName: 'els@voorbeeld.example' });
    const byAnna = await at(anna);
    const wants = { act: 'change-role', targetId: els.id, reason: 'she counts' } as const;
    await assert.rejects(approvals.ask(wants, byAnna), { code: 'NOT_FOUND' });
    await approvals.ask({ ...wants, role: 'reports-reader' }, byAnna);
    await approvals.decide(await newest(), true, await at(cas));
    await isRefused(hall.administration.changeRole(els.id, 'global-admin', byAnna));
    assert.equal((await hall.stores.users.find(els.id))?.role, 'user');
    assert.equal(await hall.administration.changeRole(els.id, 'reports-reader', byAnna), true);
    await isRefused(hall.administration.changeRole(els.id, 'global-admin', byAnna));
  });

  it('agrees to one number, and to none that is registered in its place', async () => {
    const providing = createProviding(hall.parts);
    const byAnna = await at(anna);
    const register = (number: string) =>
      providing.addPhone(bram.id, { phoneType: 'mobile', number }, byAnna);
    const wants = { act: 'set-phone', targetId: bram.id, reason: 'a new phone' } as const;
    await approvals.ask({ ...wants, values: { place: 'mobile', number: '+31612345678' } }, byAnna);
    await approvals.decide(await newest(), true, await at(cas));
    await isRefused(register('06 12 34 56 99'));
    await isRefused(
      providing.addPhone(bram.id, { phoneType: 'office', number: '06 12 34 56 78' }, byAnna),
    );
    const kinds = (await hall.stores.registrations.list(bram.id)).map(({ kind }) => kind);
    assert.ok(!kinds.includes('phone'));
    assert.equal((await register('06 12 34 56 78')).kind, 'registered', 'however it is written');
  });

  it('agrees to one address, state, end, group and pass, and to no other', async () => {
    const byAnna = await at(anna);
    const { administration } = hall;
    const agreeTo = async (asked: Omit<Wanted, 'targetId' | 'reason'>): Promise<void> => {
      await approvals.ask({ ...asked, targetId: bram.id, reason: 'x' }, byAnna);
      hall.clock.advanceSeconds(31);
      await approvals.decide(await newest(), true, await at(cas));
    };
    await agreeTo({ act: 'change-contact', values: { mobilePhone: '+31612345678' } });
    const contact = (mobilePhone: string) =>
      administration.changeContact(bram.id, { mobilePhone }, byAnna);
    await isRefused(contact('+31612345699'));
    assert.deepEqual(await contact('+31612345678'), ['mobilePhone']);

    await agreeTo({ act: 'set-state', values: { state: 'enabled' } });
    await isRefused(administration.setState(bram.id, 'disabled', byAnna));

    await agreeTo({ act: 'switch-account', values: { enabled: 'yes' } });
    await isRefused(administration.switchAccount(bram.id, false, byAnna));

    const until = new Date(hall.clock.now().getTime() + 3_600_000);
    await agreeTo({ act: 'block', values: { until: until.toISOString() } });
    await isRefused(block(bram, byAnna));

    await agreeTo({ act: 'change-groups', values: { joins: 'staff', leaves: '' } });
    const groups = (join: readonly string[]) =>
      administration.changeGroups(bram.id, { join, leave: [] }, byAnna);
    await isRefused(groups(['staff', 'finance']));
    assert.equal(await groups(['staff']), true);

    const pass = { length: 12, minutes: 60, once: true, forgets: false };
    const values = { passMinutes: '60', passLength: '12', once: 'yes', forgets: 'no' };
    await agreeTo({ act: 'issue-pass', values });
    await isRefused(administration.issuePass(bram.id, { ...pass, forgets: true }, byAnna));
    assert.equal((await administration.issuePass(bram.id, pass, byAnna)).once, true);
  });

  it('is all of a change of several fields, or nothing of it', async () => {
    const byAnna = await at(anna);
    const { administration } = hall;
    const asked = {
      names: { mail: 'bram@elsewhere.example' },
      contact: { displayName: 'Bram de Wit', mobilePhone: '+31612345678' },
      password: { plain: 'a password of some length', temporary: false },
      enabled: false,
    };
    const waiting = async (): Promise<readonly string[]> => {
      try {
        await administration.change(bram.id, asked, byAnna);
        return [];
      } catch (error) {
        assert.ok(error instanceof ApprovalNeededError);
        return error.waiting.map(({ act }) => act);
      }
    };
    const agreeTo = async (wants: Omit<Wanted, 'targetId' | 'reason'>): Promise<void> => {
      await approvals.ask({ ...wants, targetId: bram.id, reason: 'x' }, byAnna);
      await approvals.decide(await newest(), true, await at(cas));
      hall.clock.advanceSeconds(31);
    };
    const all = ['rename', 'set-password', 'change-contact', 'switch-account'];
    const before = await hall.stores.users.find(bram.id);
    assert.deepEqual(await waiting(), all);
    await agreeTo({ act: 'rename', values: asked.names });
    await agreeTo({ act: 'set-password', values: { temporary: 'no' } });
    assert.deepEqual(await waiting(), all.slice(2));
    assert.deepEqual(await hall.stores.users.find(bram.id), before, 'nothing was done by halves');
    await agreeTo({ act: 'change-contact', values: asked.contact });
    assert.deepEqual(
      await waiting(),
      all.slice(3),
      'what was agreed to is not used up by a refusal',
    );
    await agreeTo({ act: 'switch-account', values: { enabled: 'no' } });
    assert.deepEqual(await waiting(), []);
    const now = await hall.stores.users.find(bram.id);
    assert.deepEqual(
      [now?.mail, now?.displayName, now?.mobilePhone, now?.accountEnabled],
      ['bram@elsewhere.example', 'Bram de Wit', '+31612345678', false],
    );
    assert.deepEqual(await waiting(), ['set-password'], 'the rest is as it is asked for');
  });

  it('is asked for to stop asking, but not of whoever has the machine', async () => {
    const stop = (policy: object) => ({ ...policy, administration: { secondApproval: false } });
    const byAnna = await at(anna);
    await isRefused(hall.governing.changePolicy(byAnna, stop));
    assert.equal((await hall.policies.current()).administration.secondApproval, true);
    await approvals.ask({ act: 'stop-asking', targetId: '', reason: 'too slow' }, byAnna);
    await approvals.decide(await newest(), true, await at(bram));
    await hall.governing.changePolicy(byAnna, stop);
    await block(cas, byAnna);
    const program = {
      application: { clientId: 'roll-out', role: 'global-admin' },
      address: '192.0.2.9',
    } as const;
    await hall.governing.changePolicy('command-line', (policy) => ({
      ...policy,
      administration: { secondApproval: true },
    }));
    await isRefused(hall.administration.unblock(cas.id, 'x', program));
    assert.equal(await hall.administration.unblock(cas.id, 'x', 'command-line'), true);
  });
});

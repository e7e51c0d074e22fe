import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import { startHall, type Hall } from '../../test/support/signin.ts';
import type { Role, User } from '../accounts/user.ts';
import type { AtPages } from './acting-admin.ts';

describe('an administrator at their pages', () => {
  let hall: Hall;
  let anna: User;
  let bram: User;
  beforeEach(async () => {
    hall = await startHall();
    anna = await hall.person({ role: 'authentication-admin' });
    bram = await hall.person({
      userPrincipalName: 'bram@voorbeeld.example',
      mail: 'bram@voorbeeld.example',
      otherMail: 'bram@home.example',
      displayName: 'Bram',
    });
    await hall.app(anna);
    await hall.phone(bram);
  });
  afterEach(() => hall.close());

  const atPages = async (): Promise<AtPages> => ({
    current: await hall.enter(anna),
    address: '192.0.2.7',
  });
  const refused = (code: string) => ({ code });
  const becomes = async (role: Role): Promise<void> => {
    await hall.stores.users.change(anna.id, { role });
  };

  it('acts, and the log says who did it and from where', async () => {
    const by = await atPages();
    await hall.administration.block(bram.id, { reason: 'lost his phone', by });
    const [revoked, blocked] = await hall.stores.audit.list({ userId: bram.id, limit: 2 });
    assert.equal(blocked?.kind, 'user-blocked');
    for (const event of [revoked, blocked]) {
      assert.equal(event?.actor, anna.id);
      assert.equal(event?.address, '192.0.2.7');
    }
  });

  it('needs a second step that is fresh, whatever page was left open', async () => {
    const by = await atPages();
    hall.clock.advanceSeconds(301);
    const act = hall.administration.requireReRegistration(bram.id, by);
    await assert.rejects(act, refused('STEP_UP_REQUIRED'));
    assert.equal((await hall.stores.registrations.list(bram.id)).length, 1);
  });

  it('needs one even where nothing is left to ask them with', async () => {
    const by = await atPages();
    await hall.stores.registrations.removeAll(anna.id);
    const proofs = by.current.session.proofs.filter(({ method }) => method === 'password');
    const { id } = by.current.session;
    await hall.stores.sessions.remove(id);
    await hall.stores.sessions.add({ ...by.current.session, proofs });
    await assert.rejects(
      hall.administration.revokeSessions(bram.id, by),
      refused('STEP_UP_REQUIRED'),
    );
  });

  it('is nobody any more once the role, the session or the account is gone', async () => {
    const by = await atPages();
    const act = (): Promise<unknown> => hall.administration.revokeSessions(bram.id, by);
    await becomes('user');
    await assert.rejects(act(), refused('NOT_SIGNED_IN'));
    await becomes('authentication-admin');
    await hall.stores.users.change(anna.id, { accountEnabled: false });
    await assert.rejects(act(), refused('NOT_SIGNED_IN'));
    await hall.stores.users.change(anna.id, { accountEnabled: true });
    await hall.stores.sessions.removeAll(anna.id);
    await assert.rejects(act(), refused('NOT_SIGNED_IN'));
  });

  it('makes no pass at the help desk any more once the organisation has changed its mind', async () => {
    const allowing = (helpDeskIssuesPasses: boolean) =>
      hall.policies.change((policy) => ({ ...policy, administration: { helpDeskIssuesPasses } }));
    await becomes('help-desk');
    const by = await atPages();
    const asked = { length: 8, minutes: 60, once: true, forgets: false };
    const make = () => hall.administration.issuePass(bram.id, asked, by);
    await assert.rejects(make(), refused('NOT_ALLOWED'));
    await allowing(true);
    assert.equal((await make()).plain.length, 8);
    await hall.stores.users.change(bram.id, { role: 'reports-reader' });
    await assert.rejects(make(), refused('NOT_ALLOWED'));
    await hall.stores.users.change(bram.id, { role: 'user' });
    await allowing(false);
    await assert.rejects(make(), refused('NOT_ALLOWED'));
  });

  it('does nothing to themselves, to those above them, and nothing that their role does not do', async () => {
    const by = await atPages();
    const { administration, stores } = hall;
    await assert.rejects(administration.setState(anna.id, 'disabled', by), refused('NOT_ALLOWED'));
    await stores.users.change(bram.id, { role: 'global-admin' });
    await assert.rejects(administration.revokeSessions(bram.id, by), refused('NOT_ALLOWED'));
    await stores.users.change(bram.id, { role: 'user' });
    await becomes('help-desk');
    const password = { temporary: true, by };
    for (const act of [
      () => administration.setPassword(bram.id, 'a new long password', password),
      () => administration.setState(bram.id, 'disabled', by),
      () => administration.switchAccount(bram.id, false, by),
      () => administration.changeContact(bram.id, { otherMail: 'mine@evil.example' }, by),
    ]) {
      await assert.rejects(act(), refused('NOT_ALLOWED'));
    }
    await administration.changeContact(bram.id, { mobilePhone: '+31612345699' }, by);
    assert.equal((await stores.users.find(bram.id))?.mobilePhone, '+31612345699');
    await becomes('reports-reader');
    await assert.rejects(administration.revokeSessions(bram.id, by), refused('NOT_ALLOWED'));
  });

  it('tells the old addresses and the new one that an address was changed', async () => {
    const by = await atPages();
    await hall.sent();
    await hall.administration.changeContact(bram.id, { otherMail: 'new@home.example' }, by);
    const told = (await hall.sent()).flatMap(({ message }) =>
      message.kind === 'mail' ? [message.to] : [],
    );
    assert.deepEqual(told.toSorted(), [
      'bram@home.example',
      'bram@voorbeeld.example',
      'new@home.example',
    ]);
    assert.deepEqual(
      await hall.administration.changeContact(bram.id, { otherMail: 'new@home.example' }, by),
      [],
    );
    assert.deepEqual(await hall.sent(), []);
  });

  it('deletes one method, ends what it opened, and moves the default', async () => {
    await hall.app(bram);
    await hall.enter(bram);
    const by = await atPages();
    const registrations = await hall.stores.registrations.list(bram.id);
    const app = registrations.find(({ kind }) => kind === 'authenticator-app');
    assert.equal(await hall.administration.removeMethod(bram.id, app?.id ?? '', by), true);
    assert.equal(await hall.administration.removeMethod(bram.id, app?.id ?? '', by), false);
    const now = await hall.stores.users.find(bram.id);
    assert.equal(now?.defaultMethod?.methodId, 'text-message');
    assert.deepEqual(await hall.stores.sessions.list(bram.id, hall.clock.now()), []);
  });

  it('switches an account off and on, and ends what was open', async () => {
    await hall.app(bram);
    await hall.enter(bram);
    const by = await atPages();
    assert.equal(await hall.administration.switchAccount(bram.id, false, by), true);
    assert.equal(await hall.administration.switchAccount(bram.id, false, by), false);
    assert.deepEqual(await hall.stores.sessions.list(bram.id, hall.clock.now()), []);
    const { progress } = await hall.arrive(bram);
    assert.deepEqual(progress.step, { kind: 'blocked', reason: 'account-disabled' });
    assert.equal(await hall.administration.switchAccount(bram.id, true, by), true);
  });

  it('gives no role above their own, nor any without being a global administrator', async () => {
    const by = await atPages();
    const give = (role: Role): Promise<unknown> =>
      hall.administration.changeRole(bram.id, role, by);
    const add = (role: Role | undefined): Promise<unknown> =>
      hall.administration.add(
        {
          userPrincipalName: `${role}@voorbeeld.example`,
          password: 'a password of some length',
          mustChangePassword: true,
          role,
        },
        { country: 'NL', by },
      );
    await assert.rejects(give('help-desk'), refused('NOT_ALLOWED'));
    await assert.rejects(add('help-desk'), refused('NOT_ALLOWED'));
    assert.equal(await hall.stores.users.findByName('help-desk@voorbeeld.example'), undefined);
    await add(undefined);
    await becomes('global-admin');
    await give('global-admin');
    await add('global-admin');
    await becomes('help-desk');
    await assert.rejects(add(undefined), refused('NOT_ALLOWED'));
  });

  const putsOut: Readonly<Record<string, (user: User, by: AtPages) => Promise<unknown>>> = {
    'take the role from': (user, by) => hall.administration.changeRole(user.id, 'user', by),
    remove: (user, by) => hall.administration.remove(user.id, by),
    'switch off': (user, by) => hall.administration.switchAccount(user.id, false, by),
    block: (user, by) => hall.administration.block(user.id, { reason: 'x', by }),
  };
  for (const [what, putOut] of Object.entries(putsOut)) {
    it(`cannot ${what} one another at once`, async () => {
      const by = await atPages();
      await becomes('global-admin');
      await hall.stores.users.change(bram.id, { role: 'global-admin' });
      await hall.app(bram);
      hall.clock.advanceSeconds(31);
      const other = { current: await hall.enter(bram), address: '192.0.2.8' };
      const ended = await Promise.allSettled([putOut(bram, by), putOut(anna, other)]);
      assert.deepEqual(ended.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
    });
  }
});

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import { startHall, type Hall } from '../../test/support/signin.ts';
import type { User } from '../accounts/user.ts';

describe('what those in charge do to an account', () => {
  let hall: Hall;
  let anna: User;
  beforeEach(async () => {
    hall = await startHall();
    anna = await hall.person({ perUserMfaState: 'disabled' });
  });
  afterEach(() => hall.close());

  const subjects = async (): Promise<readonly string[]> =>
    (await hall.sent()).map(({ message }) => (message.kind === 'mail' ? message.subject : ''));

  it('signs out whoever came in by the password alone, once a second step is required', async () => {
    await hall.arrive(anna);
    assert.equal((await hall.stores.sessions.list(anna.id, hall.clock.now())).length, 1);
    await hall.administration.setState(anna.id, 'enforced', 'admin');
    assert.deepEqual(await hall.stores.sessions.list(anna.id, hall.clock.now()), []);
    // From enforced to enabled nothing opens that was closed, so nobody is signed out.
    await hall.app(anna);
    await hall.enter(anna);
    await hall.administration.setState(anna.id, 'enabled', 'admin');
    assert.equal((await hall.stores.sessions.list(anna.id, hall.clock.now())).length, 1);
  });

  it('tells the person of each act, at every address', async () => {
    await hall.stores.users.change(anna.id, { otherMail: 'anna@elsewhere.example' });
    const { administration } = hall;
    const acts: readonly (readonly [RegExp, () => Promise<unknown>])[] = [
      [
        /new password/,
        () =>
          administration.setPassword(anna.id, 'a new long password', {
            temporary: true,
            by: 'admin',
          }),
      ],
      [/was blocked/, () => administration.block(anna.id, { reason: 'lost', by: 'admin' })],
      [/can be used again/, () => administration.unblock(anna.id, 'found', 'admin')],
      [/Set up the verification/, () => administration.requireReRegistration(anna.id, 'admin')],
      [/signed out/, () => administration.revokeSessions(anna.id, 'admin')],
      [/second step now/, () => administration.setState(anna.id, 'enabled', 'admin')],
      [/at every sign-in/, () => administration.setState(anna.id, 'enforced', 'admin')],
      [/no longer asks/, () => administration.setState(anna.id, 'disabled', 'admin')],
      [/switched off/, () => administration.switchAccount(anna.id, false, 'admin')],
      [/switched on/, () => administration.switchAccount(anna.id, true, 'admin')],
    ];
    for (const [subject, act] of acts) {
      await act();
      const told = await subjects();
      assert.equal(told.length, 2, String(subject));
      for (const each of told) assert.match(each, subject);
    }
  });

  it('tells the mailbox before of all that is done while it is exchanged, and the new one too', async () => {
    await hall.stores.users.change(anna.id, { otherMail: 'anna@elsewhere.example' });
    const before = anna.mail ?? assert.fail('she has a mailbox');
    const asked = {
      names: { mail: 'taken@over.example' },
      contact: { otherMail: 'taken@too.example' },
      password: { plain: 'a new long password', temporary: false },
      enabled: false,
    };
    const changed = await hall.administration.change(anna.id, asked, 'admin');
    assert.equal(changed.kind, 'changed');
    const mails = (await hall.sent()).map(({ message }) => message);
    const told = (about: RegExp): readonly string[] =>
      mails
        .flatMap((mail) => (mail.kind === 'mail' && about.test(mail.subject) ? [mail.to] : []))
        .toSorted();
    const old = ['anna@elsewhere.example', before];
    assert.deepEqual(told(/new password/), [...old, 'taken@over.example'].toSorted());
    const all = [...old, 'taken@over.example', 'taken@too.example'];
    assert.deepEqual(told(/switched off/), all.toSorted());
    assert.deepEqual([...new Set(told(/details/))], all.toSorted());
  });

  it('keeps what somebody was called with what they are called now', async () => {
    const { userPrincipalName, displayName } = anna;
    const asked = {
      names: { userPrincipalName: 'an@elsewhere.example' },
      contact: { displayName: 'An' },
    };
    await hall.administration.change(anna.id, asked, 'admin');
    const events = await hall.stores.audit.list({ kind: 'contact-changed', limit: 2 });
    assert.deepEqual(
      events.map(({ details }) => JSON.parse(String(details['changes']))),
      [
        [{ path: 'displayName', from: displayName, to: 'An' }],
        [{ path: 'userPrincipalName', from: userPrincipalName, to: 'an@elsewhere.example' }],
      ],
    );
  });

  it('removes nobody whom the caller finds changed once they are held', async () => {
    const { displayName } = anna;
    await hall.stores.users.change(anna.id, { displayName: 'Changed meanwhile' });
    const asRead = (user: User): void => {
      if (user.displayName !== displayName) throw new Error('stale');
    };
    await assert.rejects(hall.administration.remove(anna.id, 'admin', asRead), /stale/);
    assert.ok(await hall.stores.users.find(anna.id));
    assert.deepEqual(await subjects(), []);
  });

  it('tells nobody of what did not happen', async () => {
    await hall.administration.unblock(anna.id, 'never blocked', 'admin');
    await hall.administration.removeAppPassword(anna.id, 'none', 'admin');
    await hall.administration.removeAppPasswords(anna.id, 'admin');
    await hall.administration.setState(anna.id, 'disabled', 'admin');
    await hall.administration.switchAccount(anna.id, true, 'admin');
    assert.deepEqual(await subjects(), []);
  });
});

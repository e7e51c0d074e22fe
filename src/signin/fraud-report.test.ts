import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';

import { pairedAppOf } from '../../test/support/paired-app.ts';
import { startHall, type Hall } from '../../test/support/signin.ts';
import type { User } from '../accounts/user.ts';

let hall: Hall;
let count = 0;
before(async () => {
  hall = await startHall();
});
after(() => hall.close());
afterEach(() => fraud({}));

const fraud = (change: object) =>
  hall.policies.change((policy) => ({
    ...policy,
    fraud: { blockOnReport: true, blockDays: 90, notify: [], ...change },
  }));
const person = async (change: Partial<User> = {}): Promise<User> => {
  count += 1;
  const name = `reports-${count}@voorbeeld.example`;
  return hall.person({ userPrincipalName: name, mail: name, ...change });
};
/** Somebody says in the app that it was not them; the mails that go out, by whom they go to. */
const report = async (user: User): Promise<ReadonlyMap<string, string>> => {
  hall.clock.advanceSeconds(3600);
  const app = await pairedAppOf(hall, user);
  await hall.arrive(user);
  await hall.sent();
  await app.reports();
  const sent = await hall.sent();
  return new Map(
    sent.flatMap(({ message }) => (message.kind === 'mail' ? [[message.to, message.text]] : [])),
  );
};

describe('a report of fraud (row A-054)', () => {
  it('is told to those in charge, with where to look', async () => {
    const admin = await person({ role: 'global-admin' });
    const authentication = await person({ role: 'authentication-admin' });
    const reader = await person({ role: 'reports-reader' });
    const off = await person({ role: 'global-admin', accountEnabled: false });
    const anna = await person();
    const mails = await report(anna);
    assert.deepEqual(new Set(mails.keys()), new Set([admin.mail, anna.mail, authentication.mail]));
    const text = mails.get(admin.mail ?? '') ?? '';
    assert.match(text, new RegExp(`Account: ${anna.userPrincipalName}`));
    assert.match(text, /Blocked until:/);
    assert.match(text, new RegExp(`/admin/users/${anna.id}`));
    assert.ok(!mails.has(reader.mail ?? '') && !mails.has(off.mail ?? ''));
  });

  it('is told to the addresses that the organisation names instead', async () => {
    await person({ role: 'global-admin' });
    await fraud({ notify: ['security@voorbeeld.example', 'soc@elders.example'] });
    const anna = await person();
    const mails = await report(anna);
    assert.deepEqual(
      new Set(mails.keys()),
      new Set([anna.mail, 'security@voorbeeld.example', 'soc@elders.example']),
    );
  });

  it('makes the password count as known to a stranger: it is changed at the next sign-in (row A-052)', async () => {
    const anna = await person();
    await report(anna);
    const reported = await hall.stores.users.find(anna.id);
    assert.deepEqual(
      [reported?.mustChangePassword, reported?.blocked?.reason],
      [true, 'fraud-reported'],
    );
  });

  it('says that nobody was blocked where policy blocks nobody', async () => {
    await fraud({ blockOnReport: false, notify: ['security@voorbeeld.example'] });
    const anna = await person();
    const text = (await report(anna)).get('security@voorbeeld.example') ?? '';
    assert.match(text, /not blocked/);
    assert.doesNotMatch(text, /Blocked until:/);
    const [event] = await hall.stores.audit.list({ kind: 'fraud-reported', limit: 1 });
    assert.equal(event?.details['blocks'], false);
  });
});

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import type { User } from '../../../accounts/user.ts';
import { startPages, type Pages } from '../../../../test/support/pages.ts';
import { password } from '../../../../test/support/signin.ts';
import { newVisitor, type Visitor } from '../../../../test/support/visitor.ts';

const link = 'http://localhost/my-profile/security-info';

describe('what is done to many people', () => {
  let pages: Pages;
  let anna: User;
  let visitor: Visitor;
  beforeEach(async () => {
    pages = await startPages();
    anna = await pages.person({ role: 'authentication-admin' });
    await pages.app(anna);
    visitor = newVisitor(pages.server);
    await visitor.open('/sign-in');
    await visitor.press('Next', { name: anna.userPrincipalName });
    await visitor.press('Sign in', { password });
    await visitor.press('Verify', { code: pages.appCode() });
  });
  afterEach(() => pages.close());

  const people = async (count: number, fields: Partial<User> = {}): Promise<readonly User[]> => {
    const added: User[] = [];
    for (let i = 0; i < count; i += 1) {
      const number = String(i).padStart(3, '0');
      added.push(
        await pages.person({
          userPrincipalName: `p${number}@voorbeeld.example`,
          displayName: `Person ${number}`,
          mail: `p${number}@voorbeeld.example`,
          perUserMfaState: 'disabled',
          mfaRequiredAt: undefined,
          ...fields,
        }),
      );
    }
    return added;
  };
  const work = async (): Promise<void> => {
    for (let slices = 0; await pages.jobs.work({ link }); slices += 1) assert.ok(slices < 100);
  };
  const stateOf = async (user: User | undefined): Promise<string | undefined> =>
    (await pages.stores.users.find(user?.id ?? ''))?.perUserMfaState;

  it('is done for everybody who is found, on every page, after saying how many that are', async () => {
    const added = await people(60);
    await pages.person({
      userPrincipalName: 'boss@x.example',
      displayName: 'Boss',
      role: 'global-admin',
      perUserMfaState: 'disabled',
    });
    await visitor.open('/admin/users?state=disabled');
    assert.match(visitor.page.text, /For everybody who is found, on every page/);
    await visitor.open('/admin/users/quick/enable?state=disabled&everybody=1');
    assert.equal(visitor.page.heading, 'Enable multi-factor for 60 people?');
    assert.match(visitor.page.text, /Left out: This account is above your role 1/);
    assert.match(visitor.page.text, /Boss This account is above your role/);
    assert.equal(await stateOf(added[0]), 'disabled', 'nothing happened yet');
    await visitor.press('Enable');
    assert.equal(visitor.page.heading, 'Enable multi-factor');
    assert.match(visitor.page.text, /Under way Anna de Vries .* Finding out who is meant/);
    await work();
    await visitor.open(visitor.page.path);
    assert.match(visitor.page.text, /Done for 60 of 61/);
    assert.match(visitor.page.text, /The account is above the role of whoever began it 1/);
    assert.equal(await stateOf(added[59]), 'enabled');
    const csv = await visitor.ask(`${visitor.page.path}/result.csv`);
    assert.match(csv.body, /^\uFEFFLine,User name,Result\r\n/);
    assert.match(csv.body, /\r\n1,boss@x\.example,The account is above/);
    await visitor.open('/admin/jobs');
    assert.match(visitor.page.text, /Enable multi-factor Done Anna de Vries/);
  });

  it('shows how far it is, and can be stopped', async () => {
    await people(60);
    await visitor.open('/admin/users/quick/enforce?everybody=1');
    await visitor.press('Enforce');
    await pages.jobs.work({ link });
    await pages.jobs.work({ link });
    await visitor.open(visitor.page.path);
    assert.match(visitor.page.text, /20 of 61/);
    assert.match(visitor.page.html, /<progress[^>]* value="20" max="61"/);
    const { path: url } = visitor.page;
    assert.match((await visitor.ask(`${url}/status`)).body, /"message":"20 of 61"/);
    await visitor.press('Stop it');
    assert.match(visitor.page.text, /Done for 19 of 61 Somebody stopped it/);
    await work();
    await visitor.open(url);
    assert.match(visitor.page.text, /Left 41/);
  });

  it('lets selected people join a group and leave another', async () => {
    const [first, second] = await people(2, { groups: ['staff'] });
    const selected = `p-${first?.id}=1&p-${second?.id}=1&p-${anna.id}=1`;
    await visitor.open(`/admin/users/quick/groups?${selected}`);
    assert.equal(visitor.page.heading, 'Change the groups of 2 people?');
    await visitor.press('Change groups');
    assert.match(visitor.page.text, /Type a group to join or to leave/);
    await visitor.press('Change groups', { join: 'night shift', leave: 'staff' });
    await work();
    await visitor.open(visitor.page.path);
    assert.match(visitor.page.text, /Joining: night shift Leaving: staff .*Done for 2 of 2/);
    await visitor.open('/admin/groups');
    assert.match(visitor.page.text, /night shift 2 0 0%/);
    await visitor.follow('night shift');
    assert.match(visitor.page.text, /2 people found/);
    await visitor.open('/admin/users?group=staff');
    assert.match(visitor.page.text, /Nobody is found/);
  });

  it('announces now what it enables on a later day', async () => {
    const [first] = await people(1);
    await visitor.open(`/admin/users/quick/enable?p-${first?.id}=1`);
    await visitor.press('Enable', { announce: '1', from: '2026-11-19' });
    assert.match(visitor.page.text, /Choose a day that is not over yet/);
    await visitor.press('Enable', { announce: '1', from: '2026-11-25' });
    assert.equal(visitor.page.heading, 'Tell people what to set up');
    await work();
    const mails = (await pages.sent()).flatMap(({ message }) =>
      message.kind === 'mail' ? [message.text] : [],
    );
    assert.equal(mails.length, 1);
    assert.match(mails[0] ?? '', /Required from: 25 Nov 2026/);
    assert.ok(mails[0]?.includes(link));
    assert.equal(await stateOf(first), 'disabled');
    pages.clock.advanceSeconds(5 * 86_400);
    await work();
    assert.equal(await stateOf(first), 'enabled');
  });

  it('tells a few at once as well, within the request', async () => {
    const [first] = await people(1, { preferredLanguage: 'nl' });
    await visitor.open(`/admin/users/quick/enable?p-${first?.id}=1`);
    await visitor.press('Enable', { announce: '1' });
    assert.match(visitor.page.text, /Done for 1 of 1/);
    const [sent] = await pages.sent();
    assert.ok(sent?.message.kind === 'mail');
    assert.match(sent.message.subject, /^Stel de verificatie/);
  });

  it('reminds whoever has registered nothing', async () => {
    const [first, second] = await people(2, { perUserMfaState: 'enabled' });
    assert.ok(second !== undefined);
    await pages.phone(second);
    await visitor.open(`/admin/users/quick/remind?p-${first?.id}=1&p-${second.id}=1`);
    assert.equal(visitor.page.heading, 'Send a reminder to 1 person?');
    await visitor.press('Remind');
    await work();
    await visitor.open(visitor.page.path);
    assert.match(visitor.page.text, /Done for 1 of 1/);
  });
});

import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';

import { startPages, type Pages } from '../../../../test/support/pages.ts';
import { password } from '../../../../test/support/signin.ts';
import { startDirectory, type TestDirectory } from '../../../../test/support/upstream.ts';
import { newVisitor, type Visitor } from '../../../../test/support/visitor.ts';

describe('the page of somebody whose password the directory keeps', () => {
  let pages: Pages;
  let directory: TestDirectory;
  afterEach(async () => {
    await pages.close();
    directory.stop();
  });

  /** What the help desk sees of them. */
  const looks = async (settings: Parameters<typeof startDirectory>[0]): Promise<Visitor> => {
    directory = await startDirectory(settings);
    pages = await startPages({}, undefined, directory.passwords);
    const desk = await pages.person({
      userPrincipalName: 'desk@voorbeeld.example',
      role: 'help-desk',
      preferredLanguage: 'en',
    });
    await pages.app(desk);
    const visitor = newVisitor(pages.server);
    await visitor.open('/sign-in');
    await visitor.press('Next', { name: desk.userPrincipalName });
    await visitor.press('Sign in', { password });
    await visitor.press('Verify', { code: pages.appCode() });
    const user = await pages.person({
      userPrincipalName: 'els@voorbeeld.example',
      upstream: { id: 'els', dn: 'uid=els,ou=people,dc=x' },
    });
    await visitor.open(`/admin/users/${user.id}`);
    return visitor;
  };

  it('says that it is changed there', async () => {
    const { page } = await looks({});
    assert.match(page.text, /Kept by the directory/);
    assert.match(page.text, /changed there, and not here: at a computer of your organisation/);
    assert.doesNotMatch(page.text, /Set a temporary password/);
  });

  it('leads to where people change it, where the operator told', async () => {
    const { page } = await looks({ url: 'https://wachtwoord.voorbeeld.example/' });
    assert.match(page.text, /changed there, and not here/);
    assert.match(page.html, /<a[^>]* href="https:\/\/wachtwoord\.voorbeeld\.example\/"/);
  });

  it('says that its owner changes it here, where new ones are written to the directory', async () => {
    const { page } = await looks({ writes: true });
    assert.match(page.text, /The person changes it under My Profile/);
  });
});

describe('the page of somebody who is blocked', () => {
  it('offers to unblock them first', async () => {
    const pages = await startPages();
    const admin = await pages.person({
      userPrincipalName: 'admin@voorbeeld.example',
      role: 'global-admin',
      preferredLanguage: 'en',
    });
    await pages.app(admin);
    const visitor = newVisitor(pages.server);
    await visitor.open('/sign-in');
    await visitor.press('Next', { name: admin.userPrincipalName });
    await visitor.press('Sign in', { password });
    await visitor.press('Verify', { code: pages.appCode() });
    const user = await pages.person({ userPrincipalName: 'els@voorbeeld.example' });
    await pages.administration.block(user.id, { reason: 'left', by: 'command-line' });
    await visitor.open(`/admin/users/${user.id}`);
    assert.match(visitor.page.text, /a mail of each\. Unblock Temporary Access Pass/);
    await pages.close();
  });
});

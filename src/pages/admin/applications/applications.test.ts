import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import type { User } from '../../../accounts/user.ts';
import { startPages, type Pages } from '../../../../test/support/pages.ts';
import { password } from '../../../../test/support/signin.ts';
import { newVisitor, type Visitor } from '../../../../test/support/visitor.ts';

describe('the pages of applications', () => {
  let pages: Pages;
  let anna: User;
  let visitor: Visitor;
  beforeEach(async () => {
    pages = await startPages();
    anna = await pages.person({ role: 'global-admin' });
    await pages.app(anna);
    visitor = newVisitor(pages.server);
    await visitor.open('/sign-in');
    await visitor.press('Next', { name: anna.userPrincipalName });
    await visitor.press('Sign in', { password });
    await visitor.press('Verify', { code: pages.appCode() });
    await visitor.open('/admin/applications');
  });
  afterEach(() => pages.close());

  it('add one that people open, and tell its secret once', async () => {
    assert.match(visitor.page.text, /No application yet.*wiki\.example/);
    await visitor.follow('Add application');
    await visitor.press('Add', { name: ' ', redirectUris: 'http://app.example/cb' });
    assert.equal(visitor.page.status, 422);
    assert.match(visitor.page.text, /http:\/\/app\.example\/cb: Only https: is safe/);
    await visitor.press('Add', {
      name: 'Intranet',
      redirectUris: 'https://app.example/cb\r\n https://app.example/other',
      required: 'second-step',
    });
    assert.match(visitor.page.text, /Intranet was added/);
    assert.match(String(visitor.page.headers['cache-control']), /no-store/);
    const [application] = await pages.stores.applications.list();
    assert.ok(application?.clientSecret);
    const { clientSecret: secret } = application;
    assert.ok(visitor.page.html.includes(secret));
    assert.equal(application.redirectUris.length, 2);
    await visitor.follow('Done');
    assert.ok(!visitor.page.html.includes(secret));
    assert.match(visitor.page.text, /Issuer .*openid-configuration.*Requires Two steps/);
    assert.match(visitor.page.html, /\/admin\/sign-ins\?application=[a-z0-9]+&amp;follow=1/);
  });

  it('change one, give it another secret, and remove it', async () => {
    await visitor.open('/admin/applications/new/app');
    await visitor.press('Add', { name: 'Intranet', redirectUris: 'https://app.example/cb' });
    await visitor.follow('Done');
    await visitor.follow('Change');
    await visitor.press('Save', { name: '' });
    assert.match(visitor.page.text, /Name: this is missing\./);
    await visitor.press('Save', { name: 'Extranet', required: 'phishing-resistant' });
    assert.match(visitor.page.text, /The changes were saved\..*Requires Phishing-resistant/);
    const before = (await pages.stores.applications.list())[0]?.clientSecret;
    await visitor.follow('New secret');
    await visitor.press('Make another secret');
    assert.match(visitor.page.text, /Extranet has another secret/);
    const after = (await pages.stores.applications.list())[0]?.clientSecret ?? assert.fail();
    assert.notEqual(after, before);
    assert.ok(visitor.page.html.includes(after));
    await visitor.follow('Done');
    await visitor.follow('Remove');
    await visitor.press('Remove');
    assert.match(visitor.page.text, /It was removed\./);
    assert.deepEqual(await pages.stores.applications.list(), []);
  });

  it('add a program, a RADIUS client and an LDAP client', async () => {
    await visitor.follow('Add program');
    await visitor.press('Add', { name: 'Roll-out' });
    assert.match(visitor.page.text, /Choose a role\./);
    await visitor.press('Add', { role: 'reports-reader' });
    await visitor.follow('Done');
    assert.match(visitor.page.text, /client_credentials.*Role Reports reader/);

    await visitor.open('/admin/applications/new/radius');
    await visitor.press('Add', { name: 'Gateway', addresses: '10.0.0.0/1', unsigned: '1' });
    assert.match(
      visitor.page.text,
      /10\.0\.0\.0\/1: This range is so wide|0\.0\.0\.0\/1: This range/,
    );
    await visitor.press('Add', { addresses: '10.1.0.0/16' }, ['unsigned']);
    assert.match(visitor.page.text, /Gateway was added.*Shared secret/);
    await visitor.open(visitor.page.path);
    assert.doesNotMatch(visitor.page.text, /Shared secret/);
    assert.match(visitor.page.text, /remove this one and add it anew/);
    await visitor.follow('Done');
    assert.match(visitor.page.text, /Port 18120.*User name and app password.*10\.1\.0\.0\/16/);

    await visitor.open('/admin/applications/new/ldap');
    await visitor.press('Add', { name: 'no name' });
    assert.match(visitor.page.text, /A name is up to 40 small letters/);
    await visitor.press('Add', { name: 'mail' });
    assert.match(visitor.page.text, /Signs in as \(bind DN\).*cn=mail,ou=services/);
    await visitor.follow('Done');
    assert.match(visitor.page.text, /LDAPS port 3636/);
    await visitor.open('/admin/applications');
    assert.match(visitor.page.text, /Roll-out Reports reader.*Gateway.*mail/);
  });

  it('can be read by others who are in charge, and changed by none of them', async () => {
    await pages.stores.users.change(anna.id, { role: 'authentication-admin' });
    await visitor.open('/admin/applications');
    assert.doesNotMatch(visitor.page.text, /Add application/);
    assert.equal((await visitor.open('/admin/applications/new/app')).status, 403);
  });
});

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import type { User } from '../../../accounts/user.ts';
import { sampleApplication } from '../../../applications/application-store.contract.ts';
import { startPages, type Pages } from '../../../../test/support/pages.ts';
import { password } from '../../../../test/support/signin.ts';
import { newVisitor, type Visitor } from '../../../../test/support/visitor.ts';

describe('the page “What if”', () => {
  let pages: Pages;
  let bram: User;
  let visitor: Visitor;
  beforeEach(async () => {
    pages = await startPages({ trustedIps: ['10.0.0.0/8'] });
    const anna = await pages.person({ role: 'help-desk' });
    bram = await pages.person({
      userPrincipalName: 'bram@voorbeeld.example',
      displayName: 'Bram Bakker',
    });
    await pages.app(anna);
    await pages.phone(bram);
    await pages.stores.applications.add(sampleApplication({ required: 'phishing-resistant' }));
    visitor = newVisitor(pages.server);
    await visitor.open('/sign-in');
    await visitor.press('Next', { name: anna.userPrincipalName });
    await visitor.press('Sign in', { password });
    await visitor.press('Verify', { code: pages.appCode() });
  });
  afterEach(() => pages.close());

  const ask = (query: Readonly<Record<string, string>>): Promise<unknown> =>
    visitor.open(`/admin/what-if?${new URLSearchParams(query).toString()}`);
  const person = 'bram@voorbeeld.example';

  it('says step by step what would come, why, and which methods there are', async () => {
    await ask({ person, address: '203.0.113.7' });
    const { text } = visitor.page;
    assert.match(text, /If Bram Bakker signed in They type their user name and password\./);
    assert.match(
      text,
      /This is asked at once: Phone - .*They can choose another way: .*They are in\./,
    );
    assert.match(text, /Their multi-factor state is enforced/);
    assert.match(text, /Security key Allowed No/);
  });

  it('names the trusted range, and what an application asks for', async () => {
    await ask({ person, address: '10.1.1.1' });
    assert.match(visitor.page.text, /The address is in 10\.0\.0\.0\/8, which is trusted/);
    assert.doesNotMatch(visitor.page.text, /This is asked at once/);
    await ask({ person, address: '10.1.1.1', application: 'sample' });
    assert.match(visitor.page.text, /The application asks for more: Phishing-resistant/);
    assert.match(visitor.page.text, /They must register another method first/);
  });

  it('says what was typed wrongly, and keeps the rest', async () => {
    await visitor.open('/admin/what-if');
    assert.doesNotMatch(visitor.page.text, /Why/);
    await ask({ person: ' ', address: '10.1.1.1' });
    assert.match(visitor.page.title, /^Error: /);
    assert.match(visitor.page.text, /Type whose sign-in it is/);
    await ask({ person: 'nobody', address: '10.1.1.1' });
    assert.equal(visitor.page.status, 422);
    assert.match(visitor.page.text, /There is nobody with this user name/);
    assert.match(visitor.page.html, /value="10\.1\.1\.1"/);
    await ask({ person, address: 'here' });
    assert.match(visitor.page.text, /This is no IP address/);
  });
});

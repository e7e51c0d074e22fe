import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import type { User } from '../../../accounts/user.ts';
import { decodeBase32 } from '../../../lib/otp/base32.ts';
import { totp } from '../../../lib/otp/otp.ts';
import { startPages, type Pages } from '../../../../test/support/pages.ts';
import { password } from '../../../../test/support/signin.ts';
import { newVisitor, type Visitor } from '../../../../test/support/visitor.ts';

const heading = 'upn,serial number,secret key,time interval,manufacturer,model';
const key = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

describe('the pages of hardware tokens', () => {
  let pages: Pages;
  let anna: User;
  let bram: User;
  let visitor: Visitor;
  beforeEach(async () => {
    pages = await startPages();
    anna = await pages.person({ role: 'authentication-admin' });
    bram = await pages.person({
      userPrincipalName: 'bram@voorbeeld.example',
      displayName: 'Bram Bakker',
    });
    await pages.app(anna);
    visitor = newVisitor(pages.server);
    await visitor.open('/sign-in');
    await visitor.press('Next', { name: anna.userPrincipalName });
    await visitor.press('Sign in', { password });
    await visitor.press('Verify', { code: pages.appCode() });
  });
  afterEach(() => pages.close());

  const shows = (stepsAhead = 0): string =>
    totp(decodeBase32(key) ?? assert.fail(), pages.clock.now().getTime() / 1000 + stepsAhead * 30);
  const sends = (text: string, what = 'Import'): Promise<unknown> =>
    visitor.press(what, { file: { name: 'from the maker.csv', text } });

  it('take a file: checked first, then imported, each fault with its line', async () => {
    const file = `${heading}\n,A-1,${key},30,Acme,One\nnobody@x.example,A-2,${key},30,Acme,One\n`;
    await visitor.open('/admin/tokens');
    assert.match(visitor.page.text, /No token is found/);
    await visitor.follow('Import tokens');
    await visitor.press('Import');
    assert.match(visitor.page.text, /Choose a file\./);
    await sends(file, 'Check only');
    assert.match(visitor.page.text, /Checked: 1 of 2 would be imported\. Nothing was changed\./);
    await sends(file);
    assert.match(
      visitor.page.text,
      /1 of 2 were imported\..*3 A-2 There is nobody with this user name/,
    );
    assert.match(visitor.page.html, /download="Failures_from_the_maker\.csv"/);
    assert.ok(!visitor.page.html.includes(key), 'no key is ever shown again');
    await sends('serial number,secret key\n1,a');
    assert.equal(visitor.page.status, 422);
    assert.match(visitor.page.text, /There is no column “time interval”/);
    await visitor.open('/admin/tokens?text=a-1');
    assert.match(visitor.page.text, /A-1 Acme One On the shelf Nobody Never/);
    await visitor.open('/admin/tokens?status=activated');
    assert.match(visitor.page.text, /No token is found/);
  });

  it('lead a token from the shelf to its owner and back', async () => {
    await visitor.open('/admin/tokens/import');
    await sends(`${heading}\n,A-1,${key},30,Acme,One\n`);
    await visitor.open('/admin/tokens');
    await visitor.follow('A-1');
    await visitor.follow('Assign');
    await visitor.press('Assign', { person: 'bram' });
    assert.match(visitor.page.text, /There is nobody with this user name/);
    await visitor.press('Assign', { person: anna.userPrincipalName });
    assert.match(visitor.page.text, /This is your own account/);
    await visitor.press('Assign', { person: bram.userPrincipalName });
    assert.match(visitor.page.text, /The token was assigned.*Assigned.*bram@voorbeeld\.example/);
    await visitor.follow('Activate');
    await visitor.press('Activate', { code: '000000' });
    assert.match(visitor.page.text, /That is not what the token shows now/);
    await visitor.press('Activate', { code: shows() });
    assert.match(visitor.page.text, /The token is activated.*Runs with ours/);
    await visitor.follow('Set right');
    await visitor.press('Set right', { first: shows(3), second: shows(4) });
    assert.match(visitor.page.text, /was set right.*4 codes ahead of ours/);
    await visitor.open(`/admin/users/${bram.id}`);
    assert.match(visitor.page.text, /Acme One, serial number A-1/);
    await visitor.open('/admin/tokens');
    await visitor.follow('A-1');
    await visitor.follow('Take back');
    await visitor.press('Take back');
    assert.match(visitor.page.text, /on the shelf again/);
    assert.deepEqual(await pages.stores.registrations.list(bram.id), []);
    await visitor.follow('Remove');
    await visitor.press('Remove');
    assert.match(visitor.page.text, /The token was removed.*No token is found/);
  });

  it('are taken into use by their owners on Security info', async () => {
    await visitor.open('/admin/tokens/import');
    await sends(`${heading}\n,A-1,${key},30,Acme,One\n`);
    const token = await pages.stores.hardwareTokens.findBySerialNumber('A-1');
    assert.ok(token);
    await pages.stores.hardwareTokens.save({ ...token, assignedTo: anna.id });
    await visitor.open('/my-profile/security-info');
    assert.match(visitor.page.text, /A hardware token for you/);
    await visitor.open(`/my-profile/security-info/token/${token.id}`);
    await visitor.press('Start using it', { code: '000000' });
    assert.match(visitor.page.text, /That is not what the token shows now/);
    pages.clock.advanceSeconds(1);
    await visitor.press('Start using it', { code: shows() });
    assert.match(visitor.page.text, /Added: Hardware token.*Acme One, serial number A-1/);
    assert.doesNotMatch(visitor.page.text, /A hardware token for you/);
  });

  it('let the help desk look, and do nothing', async () => {
    await visitor.open('/admin/tokens/import');
    await sends(`${heading}\n,A-1,${key},30,Acme,One\n`);
    await pages.stores.users.change(anna.id, { role: 'help-desk' });
    await visitor.open('/admin/tokens');
    assert.doesNotMatch(visitor.page.text, /Import/);
    await visitor.follow('A-1');
    assert.doesNotMatch(visitor.page.text, /Assign |Remove/);
  });
});

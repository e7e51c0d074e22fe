import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import type { User } from '../../../accounts/user.ts';
import { startPages, type Pages } from '../../../../test/support/pages.ts';
import { password } from '../../../../test/support/signin.ts';
import { newVisitor, type Visitor } from '../../../../test/support/visitor.ts';

describe('the pages of approvals', () => {
  let pages: Pages;
  let bram: User;
  beforeEach(async () => {
    pages = await startPages({ administration: { secondApproval: true } });
    bram = await admin('Bram');
  });
  afterEach(() => pages.close());

  const admin = async (name: string): Promise<User> => {
    const user = await pages.person({
      userPrincipalName: `${name.toLowerCase()}@voorbeeld.example`,
      displayName: name,
      role: 'global-admin',
    });
    await pages.app(user);
    return user;
  };
  const signIn = async (user: User): Promise<Visitor> => {
    const visitor = newVisitor(pages.server);
    await visitor.open('/sign-in');
    await visitor.press('Next', { name: user.userPrincipalName });
    await visitor.press('Sign in', { password });
    await visitor.press('Verify', { code: pages.appCode() });
    return visitor;
  };

  it('lead from an act that waits to a second administrator, and back to the act', async () => {
    const anna = await signIn(await admin('Anna'));
    const cas = await signIn(await admin('Cas'));
    await anna.open(`/admin/users/${bram.id}/block`);
    await anna.press('Block', { reason: 'left' });
    assert.equal(anna.page.heading, 'A second administrator has to agree');
    await anna.press('Ask');
    assert.match(anna.page.text, /Type why\./);
    await anna.press('Ask', { reason: 'he left yesterday' });
    assert.match(anna.page.text, /The other administrators were told.*Block Bram Anna .*Waits/);
    await anna.follow('Block');
    assert.match(anna.page.text, /You asked for this, so somebody else has to decide/);
    await cas.open('/admin/approvals');
    await cas.follow('Block');
    assert.match(cas.page.text, /Why he left yesterday.*Speak to whoever asks/);
    assert.match(cas.page.text, /Concerns Bram \(bram@voorbeeld.example\)/);
    await cas.press('Agree');
    assert.match(cas.page.text, /You agreed\..*Agreed/);
    await anna.open('/admin/approvals');
    await anna.follow('Block');
    assert.match(anna.page.text, /Now do the same once more: nothing has happened yet/);
    assert.equal((await pages.stores.users.find(bram.id))?.blocked, undefined);
    await anna.open(`/admin/users/${bram.id}/block`);
    await anna.press('Block', { reason: 'left' });
    assert.match(anna.page.text, /The account is blocked/);
    await anna.open('/admin/approvals');
    assert.match(anna.page.text, /Block Bram Anna .*Done/);
  });

  it('take back what was asked for by mistake', async () => {
    const anna = await signIn(await admin('Anna'));
    const cas = await signIn(await admin('Cas'));
    await anna.open(`/admin/users/${bram.id}/block`);
    await anna.press('Block', { reason: 'left' });
    await anna.press('Ask', { reason: 'the wrong Bram' });
    await cas.open('/admin/approvals');
    await cas.follow('Block');
    await anna.follow('Block');
    await anna.press('Take back');
    assert.match(anna.page.text, /You took back what you asked for/);
    assert.match(anna.page.text, /Block Bram Anna .*Taken back/);
    await cas.press('Agree');
    assert.match(cas.page.text, /Meanwhile it was decided by somebody else, or is over/);
  });

  it('say which role is to be given', async () => {
    const els = await pages.person({
      userPrincipalName: 'els@voorbeeld.example',
      displayName: 'Els',
    });
    const anna = await signIn(await admin('Anna'));
    const cas = await signIn(await admin('Cas'));
    await anna.open(`/admin/users/${els.id}/role`);
    await anna.press('Save', { role: 'reports-reader' });
    assert.match(anna.page.text, /“Change the role: Reports reader” for Els/);
    await anna.press('Ask');
    await anna.press('Ask', { reason: 'she counts' });
    await cas.open('/admin/approvals');
    await cas.follow('Change the role: Reports reader');
    await cas.press('Agree');
    await anna.open(`/admin/users/${els.id}/role`);
    await anna.press('Save', { role: 'global-admin' });
    assert.equal(anna.page.heading, 'A second administrator has to agree');
    await anna.open(`/admin/users/${els.id}/role`);
    await anna.press('Save', { role: 'reports-reader' });
    assert.equal((await pages.stores.users.find(els.id))?.role, 'reports-reader');
  });

  it('say which number it is about, and do not let another one through', async () => {
    const anna = await signIn(await admin('Anna'));
    const cas = await signIn(await admin('Cas'));
    const edit = `/admin/users/${bram.id}/edit`;
    await anna.open(edit);
    await anna.press('Save', { mobilePhone: '06 12 34 56 78' });
    assert.match(anna.page.text, /Mobile phone \+31 6 12345678/);
    await anna.press('Ask');
    assert.match(anna.page.text, /Type why\..*Mobile phone \+31 6 12345678/);
    await anna.press('Ask', { reason: 'a new phone' });
    await cas.open('/admin/approvals');
    await cas.follow('Change the details');
    assert.match(cas.page.text, /Mobile phone \+31 6 12345678/);
    await cas.press('Agree');
    await anna.open(edit);
    await anna.press('Save', { mobilePhone: '06 12 34 56 99' });
    assert.equal(anna.page.heading, 'A second administrator has to agree');
    assert.equal((await pages.stores.users.find(bram.id))?.mobilePhone, undefined);
    await anna.open(edit);
    await anna.press('Save', { mobilePhone: '+31 6 1234 5678' });
    assert.equal((await pages.stores.users.find(bram.id))?.mobilePhone, '+31612345678');
  });

  it('say which user name it is about, and nothing of what stays', async () => {
    const anna = await signIn(await admin('Anna'));
    const cas = await signIn(await admin('Cas'));
    const rename = `/admin/users/${bram.id}/rename`;
    const names = { userPrincipalName: 'b.visser@voorbeeld.example' };
    await anna.open(rename);
    await anna.press('Save', names);
    assert.match(anna.page.text, /“Change the user name or the mailbox” for Bram/);
    assert.match(anna.page.text, /User name b\.visser@voorbeeld\.example/);
    assert.doesNotMatch(anna.page.text, /Mailbox/);
    await anna.press('Ask', { reason: 'he married' });
    await cas.open('/admin/approvals');
    await cas.follow('Change the user name or the mailbox');
    assert.match(cas.page.text, /User name b\.visser@voorbeeld\.example/);
    await cas.press('Agree');
    await anna.open(rename);
    await anna.press('Save', names);
    assert.match(anna.page.text, /The user name or the mailbox was changed/);
    const now = await pages.stores.users.find(bram.id);
    assert.equal(now?.userPrincipalName, names.userPrincipalName);
  });

  it('say that no longer asking concerns the whole organisation', async () => {
    const anna = await signIn(await admin('Anna'));
    const cas = await signIn(await admin('Cas'));
    await anna.open('/admin/settings/administration');
    await anna.press('Save', {}, ['administration.secondApproval']);
    await anna.press('Ask', { reason: 'we are only two' });
    await cas.open('/admin/approvals');
    const asked = /No longer ask a second administrator The whole organisation Anna .*Waits/;
    assert.match(cas.page.text, asked);
    await cas.follow('No longer ask a second administrator');
    assert.match(cas.page.text, /Concerns The whole organisation/);
  });

  it('say what is declined, and what came too late', async () => {
    const anna = await signIn(await admin('Anna'));
    const cas = await signIn(await admin('Cas'));
    await anna.open(`/admin/users/${bram.id}/revoke-sessions`);
    await anna.press('Revoke sessions');
    await anna.press('Ask', { reason: 'x' });
    await cas.open('/admin/approvals');
    await cas.follow('Revoke sessions');
    const second = cas.newTab();
    await second.open(`/admin/approvals/${(await pages.stores.approvals.list(1))[0]?.id}`);
    await cas.press('Decline');
    assert.match(cas.page.text, /You declined\./);
    await second.press('Agree');
    assert.match(second.page.text, /Meanwhile it was decided by somebody else/);
    await anna.open('/admin/approvals');
    assert.match(anna.page.text, /Revoke sessions Bram Anna .*Declined/);
  });
});

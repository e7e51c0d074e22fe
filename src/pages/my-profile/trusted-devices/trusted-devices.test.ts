import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import type { User } from '../../../accounts/user.ts';
import { startPages, type Pages } from '../../../../test/support/pages.ts';
import { password } from '../../../../test/support/signin.ts';
import { newVisitor, type Visitor } from '../../../../test/support/visitor.ts';

const firefox = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:150.0) Gecko/20100101 Firefox/150.0';
const box = "Don't ask again for 30 days";
const page = '/my-profile/trusted-devices';

describe('trusted devices', () => {
  let pages: Pages;
  let heidi: User;
  let visitor: Visitor;
  beforeEach(async () => {
    pages = await startPages({ trustedDevices: { allowed: true } });
    heidi = await pages.person({
      userPrincipalName: 'heidi@voorbeeld.example',
      displayName: 'Heidi',
    });
    await pages.phone(heidi);
    await pages.app(heidi);
    visitor = newVisitor(pages.server, { userAgent: firefox });
  });
  afterEach(() => pages.close());

  const typesPassword = async (who = visitor, name = heidi.userPrincipalName): Promise<void> => {
    pages.clock.advanceSeconds(31);
    await who.open('/sign-in');
    await who.press('Next', { name });
    await who.press('Sign in', { password });
  };
  const trusts = async (who = visitor): Promise<void> => {
    await typesPassword(who);
    await who.press('Verify', { code: pages.appCode(), trust: 'yes' });
    assert.equal(who.page.heading, 'My Profile');
  };
  const signsOut = async (who = visitor): Promise<void> => {
    await who.press('Sign out');
  };
  /** Opens the list, with the second step where it is asked. */
  const opens = async (): Promise<void> => {
    await visitor.open(page);
    if (visitor.page.heading === 'Trusted devices') return;
    pages.clock.advanceSeconds(31);
    await visitor.press('Verify', { code: pages.appCode() });
  };
  const cookieName = (): string =>
    [...visitor.cookies.keys()].find((name) => name.endsWith('trusted-device')) ?? 'none';

  it('offer the box only where policy allows it, and never to people with a role', async () => {
    await typesPassword();
    assert.match(visitor.page.text, new RegExp(box));
    const dave = await pages.person({
      userPrincipalName: 'dave@voorbeeld.example',
      role: 'global-admin',
    });
    await pages.app(dave);
    const admin = newVisitor(pages.server);
    await typesPassword(admin, dave.userPrincipalName);
    assert.doesNotMatch(admin.page.text, new RegExp(box));

    const strict = await startPages();
    try {
      const anna = await strict.person();
      await strict.app(anna);
      const other = newVisitor(strict.server);
      await other.open('/sign-in');
      await other.press('Next', { name: anna.userPrincipalName });
      await other.press('Sign in', { password });
      assert.doesNotMatch(other.page.text, new RegExp(box));
    } finally {
      await strict.close();
    }
  });

  it('are not asked again, and each use gives another cookie', async () => {
    await trusts();
    const first = visitor.cookies.get(cookieName());
    assert.match(first ?? '', /^[\w-]{22}\.[\w-]{22}$/);
    await signsOut();
    await typesPassword();
    assert.equal(visitor.page.heading, 'My Profile');
    assert.notEqual(visitor.cookies.get(cookieName()), first);
    assert.match(visitor.page.text, /How you signed in .* Password now/);
    assert.doesNotMatch(visitor.page.text, /Authenticator app or hardware token - code now/);
  });

  it('keep the box ticked when the code was wrong', async () => {
    await typesPassword();
    await visitor.press('Verify', { code: '000000', trust: 'yes' });
    assert.match(visitor.page.html, /name="trust"[^>]* checked/);
    await visitor.press('Verify', { code: pages.appCode() });
    assert.equal(visitor.page.heading, 'My Profile');
    assert.notEqual(cookieName(), 'none');
  });

  it('are trusted while one waits for a call, without any script, and can be taken back', async () => {
    await typesPassword();
    await visitor.press('Sign in another way');
    const [call] = visitor.buttons().filter((label) => label.startsWith('Call'));
    await visitor.press(call ?? 'Call');
    await visitor.press(box);
    assert.match(visitor.page.text, /not asked again on this device for 30 days/);
    await visitor.press('Ask again after all');
    assert.doesNotMatch(visitor.page.text, /After this you are not asked/);
    await visitor.press(box);
    await pages.pressesKeys('#');
    await visitor.open(visitor.page.path);
    assert.equal(visitor.page.heading, 'My Profile');
    await signsOut();
    await typesPassword();
    assert.equal(visitor.page.heading, 'My Profile');
  });

  it('are named in the log of sign-ins, as what stood in for the second step', async () => {
    await trusts();
    await signsOut();
    await typesPassword();
    await visitor.open('/my-profile/recent-sign-ins');
    pages.clock.advanceSeconds(31);
    await visitor.press('Verify', { code: pages.appCode() });
    assert.equal(visitor.page.heading, 'Recent sign-ins');
    assert.match(visitor.page.text, /Password, Trusted device/);
  });

  it('do not open this page: it asks for the second step', async () => {
    await trusts();
    await signsOut();
    await typesPassword();
    await visitor.open(page);
    assert.notEqual(visitor.page.heading, 'Trusted devices');
    assert.doesNotMatch(visitor.page.text, new RegExp(box), 'who steps up came to be asked');
    pages.clock.advanceSeconds(31);
    await visitor.press('Verify', { code: pages.appCode() });
    assert.equal(visitor.page.heading, 'Trusted devices');
  });

  it('are listed with browser, address and times, this one marked', async () => {
    await trusts();
    await opens();
    assert.match(visitor.page.text, /Firefox on Windows This device/);
    assert.match(visitor.page.text, /Trusted now · ends 20 Dec 2026/);
    assert.match(visitor.page.text, /Last used now from 127\.0\.0\.1/);
    const cookie = visitor.cookies.get(cookieName()) ?? '';
    for (const half of cookie.split('.')) assert.ok(!visitor.page.html.includes(half));
  });

  it('are ended one by one, with a mail', async () => {
    await trusts();
    await opens();
    await pages.sent();
    await visitor.press('Stop trusting Firefox on Windows');
    assert.match(visitor.page.text, /trusted no longer/);
    assert.match(visitor.page.text, /You trust no device/);
    assert.equal(cookieName(), 'none');
    const [mail] = (await pages.sent()).map(({ message }) => message);
    assert.ok(mail?.kind === 'mail');
    assert.match(mail.subject, /no longer trusted/);
    assert.match(mail.text, /Firefox on Windows/);
    await signsOut();
    await typesPassword();
    assert.notEqual(visitor.page.heading, 'My Profile');
  });

  it('are ended all at once, after a question, and signed out elsewhere', async () => {
    const other = newVisitor(pages.server);
    await trusts(other);
    await trusts();
    await opens();
    await visitor.follow('Restore multi-factor authentication on previously trusted devices');
    assert.match(visitor.page.text, /The 2 devices you trust/);
    await visitor.press('Restore on all devices');
    assert.match(visitor.page.text, /No device is trusted any more/);
    await other.open('/my-profile');
    assert.equal(other.page.heading, 'Sign in');
    await typesPassword(other);
    assert.notEqual(other.page.heading, 'My Profile');
  });

  it('can be ended without a second step: it makes things safer', async () => {
    await trusts();
    await opens();
    const list = visitor.newTab();
    await list.open(page);
    pages.clock.advanceSeconds(301);
    await list.press('Stop trusting Firefox on Windows');
    assert.match(list.page.text, /trusted no longer/);
  });

  it('say where there is none whether policy allows it', async () => {
    await typesPassword();
    await visitor.press('Verify', { code: pages.appCode() });
    await opens();
    assert.match(visitor.page.text, /tick “Don't ask again for 30 days”/);
    await visitor.follow('Nederlands');
    assert.equal(visitor.page.heading, 'Vertrouwde apparaten');
    assert.match(visitor.page.text, /30 dagen niet opnieuw vragen/);
  });

  it('end where somebody else uses the cookie, who gets nothing of it', async () => {
    await trusts();
    const name = cookieName();
    const stolen = visitor.cookies.get(name) ?? '';
    await signsOut();
    await typesPassword();
    pages.clock.advanceSeconds(61);
    await pages.sent();
    const thief = newVisitor(pages.server, { userAgent: 'curl/8' });
    thief.cookies.set(name, stolen);
    await typesPassword(thief);
    assert.notEqual(thief.page.heading, 'My Profile');
    assert.equal(thief.cookies.has(name), false);
    const told = (await pages.sent()).flatMap(({ message }) =>
      message.kind === 'mail' ? [message.subject] : [],
    );
    assert.match(told.join(), /may have copied a trusted device/);
    await visitor.open('/my-profile');
    assert.equal(visitor.page.heading, 'Sign in', 'the session on it has ended');
  });
});

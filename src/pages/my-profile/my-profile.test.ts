import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import type { User } from '../../accounts/user.ts';
import { testOrigin } from '../../../test/support/http-server.ts';
import { startPages, type Pages } from '../../../test/support/pages.ts';
import { password } from '../../../test/support/signin.ts';
import { newVisitor, type Visitor } from '../../../test/support/visitor.ts';

describe('My Profile', () => {
  let pages: Pages;
  let chris: User;
  let visitor: Visitor;
  beforeEach(async () => {
    pages = await startPages();
    chris = await pages.person({
      userPrincipalName: 'chris@voorbeeld.example',
      displayName: 'Chris Bakker',
    });
    await pages.phone(chris);
    await pages.app(chris);
    visitor = newVisitor(pages.server);
    await visitor.open('/');
    await visitor.press('Next', { name: 'chris@voorbeeld.example' });
    await visitor.press('Sign in', { password });
    await visitor.press('Verify', { code: pages.appCode() });
  });
  afterEach(() => pages.close());

  it('says who is signed in, and what they proved', () => {
    const { page } = visitor;
    assert.equal(page.heading, 'My Profile');
    assert.match(page.text, /Chris Bakker/);
    assert.match(page.text, /chris@voorbeeld\.example/);
    assert.match(
      page.text,
      /How you signed in .* Password now .*Authenticator app or hardware token - code now/,
    );
  });

  it('lists the methods with the default, and shows no number whole', () => {
    const { page } = visitor;
    assert.match(page.text, /Authenticator app or hardware token - code Default/);
    assert.match(page.text, /Phone - text \(\+31 ·· ·· ·· 12\)/);
    assert.match(page.text, /Phone - call \(\+31 ·· ·· ·· 12\)/);
    assert.doesNotMatch(page.html, /31612345612/);
  });

  it('says of a phone that it was used, not that it was called when it got a text', async () => {
    assert.match(visitor.page.text, /Phone - call \(\+31 ·· ·· ·· 12\) Not used yet/);
    const els = await pages.person({ userPrincipalName: 'els@voorbeeld.example' });
    await pages.phone(els);
    const other = newVisitor(pages.server);
    await other.open('/sign-in');
    await other.press('Next', { name: 'els@voorbeeld.example' });
    await other.press('Sign in', { password });
    await other.press('Sign in another way');
    pages.clock.advanceSeconds(31);
    await other.press('Call +31 ·· ·· ·· 12 Authentication phone');
    await pages.pressesKeys('#');
    await other.open(other.page.path);
    assert.match(other.page.text, /Phone - text \(\+31 ·· ·· ·· 12\).* This device last used: now/);
    assert.doesNotMatch(other.page.text, /·· 12\)[^·]* Last used/);
  });

  it('does not list what policy no longer allows', async () => {
    const strict = await startPages({ methods: { 'phone-call': { enabled: false } } });
    try {
      const bram = await strict.person({ userPrincipalName: 'bram@voorbeeld.example' });
      await strict.phone(bram);
      await strict.app(bram);
      const other = newVisitor(strict.server);
      await other.open('/sign-in');
      await other.press('Next', { name: 'bram@voorbeeld.example' });
      await other.press('Sign in', { password });
      await other.press('Verify', { code: strict.appCode() });
      assert.match(other.page.text, /Phone - text/);
      assert.doesNotMatch(other.page.text, /Phone - call/);
    } finally {
      await strict.close();
    }
  });

  it('leads nowhere that does not exist', async () => {
    const paths = [...visitor.page.html.matchAll(/<a\b[^>]* href="(\/[^"]*)"/g)].map(
      ([, path = '']) => path.replaceAll('&amp;', '&'),
    );
    for (const path of paths) assert.equal((await visitor.ask(path)).status, 200, path);
  });

  it('speaks another language when asked', async () => {
    await visitor.follow('Nederlands');
    assert.equal(visitor.page.heading, 'Mijn profiel');
    assert.match(visitor.page.text, /Standaard/);
  });

  it('keeps the language that is chosen, for every browser and for mails', async () => {
    await visitor.press('Nederlands');
    assert.equal(visitor.page.heading, 'Mijn profiel');
    assert.equal((await pages.stores.users.find(chris.id))?.preferredLanguage, 'nl');
    const other = newVisitor(pages.server);
    pages.clock.advanceSeconds(30);
    await other.open('/sign-in');
    await other.press('Next', { name: 'chris@voorbeeld.example' });
    await other.press('Sign in', { password });
    await other.press('Verifiëren', { code: pages.appCode() });
    assert.equal(other.page.heading, 'Mijn profiel');
    await other.press('English');
    assert.equal(other.page.heading, 'My Profile');
  });

  it('sends whoever is not signed in to sign in', async () => {
    const stranger = newVisitor(pages.server);
    await stranger.open('/my-profile');
    assert.equal(stranger.page.heading, 'Sign in');
    // Whoever asks for the head only sends no form either (RFC 9110 §9.3.2).
    const { host } = new URL(testOrigin);
    const whereTo = async (method: 'GET' | 'HEAD'): Promise<unknown> =>
      (await pages.server.inject({ method, url: '/my-profile', headers: { host } })).headers
        .location;
    assert.equal(await whereTo('GET'), '/sign-in?to=%2Fmy-profile');
    assert.equal(await whereTo('HEAD'), await whereTo('GET'));
  });

  it('says that nothing was changed to whoever was signed out before they sent it', async () => {
    const tab = visitor.newTab();
    await tab.open('/my-profile');
    await visitor.press('Sign out');
    await tab.press('Nederlands');
    assert.equal(tab.page.heading, 'Sign in');
    assert.match(tab.page.text, /You were no longer signed in, so nothing was changed/);
    await tab.open('/sign-in');
    assert.doesNotMatch(tab.page.text, /nothing was changed/);
  });

  it('leads back to the page of a form that was sent too late, and sends it no more', async () => {
    const tab = visitor.newTab();
    const form = '/my-profile/change-password';
    await tab.open(form);
    assert.equal(tab.page.path, form);
    await visitor.press('Sign out');
    pages.clock.advanceSeconds(31);
    await tab.press('Change password', { password: 'another long password' });
    assert.match(tab.page.text, /nothing was changed/);
    await tab.press('Next', { name: 'chris@voorbeeld.example' });
    await tab.press('Sign in', { password });
    await tab.press('Verify', { code: pages.appCode() });
    assert.equal(tab.page.path, form);
    const now = await pages.stores.users.find(chris.id);
    assert.equal(now?.passwordHash, chris.passwordHash);
  });

  it('signs out, here and everywhere that was told', async () => {
    const cookies = new Map(visitor.cookies);
    await visitor.press('Sign out');
    assert.equal(visitor.page.heading, 'You are signed out');
    assert.deepEqual(
      pages.signedOut.map(({ userId }) => userId),
      [chris.id],
    );
    await visitor.open('/');
    assert.equal(visitor.page.heading, 'Sign in');

    const thief = newVisitor(pages.server);
    for (const [name, value] of cookies) thief.cookies.set(name, value);
    await thief.open('/my-profile');
    assert.equal(thief.page.heading, 'Sign in', 'the old cookie opens nothing');
  });

  it('closes at once for somebody who was blocked or switched off', async () => {
    await pages.stores.users.setBlock(chris.id, {
      at: pages.clock.now(),
      until: undefined,
      reason: 'by-admin',
    });
    await visitor.open('/my-profile');
    assert.equal(visitor.page.heading, 'Sign in');
    await pages.stores.users.setBlock(chris.id, undefined);
    await pages.stores.users.change(chris.id, { accountEnabled: false });
    await visitor.open('/my-profile');
    assert.equal(visitor.page.heading, 'Sign in');
  });
});

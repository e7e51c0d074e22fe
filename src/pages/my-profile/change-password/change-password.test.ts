import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import type { User } from '../../../accounts/user.ts';
import { startPages, type Pages } from '../../../../test/support/pages.ts';
import { password } from '../../../../test/support/signin.ts';
import { newVisitor, type Visitor } from '../../../../test/support/visitor.ts';

const path = '/my-profile/change-password';
const wanted = 'rustige vogel in mei';

describe('changing one’s own password', () => {
  let pages: Pages;
  let anna: User;
  let visitor: Visitor;
  const begin = async (change: Partial<User> = {}, hasApp = true): Promise<void> => {
    pages = await startPages();
    anna = await pages.person(change);
    if (hasApp) await pages.app(anna);
    visitor = await enters();
    await pages.sent();
  };
  beforeEach(() => begin());
  afterEach(() => pages.close());

  const arrives = async (typed = password): Promise<Visitor> => {
    const browser = newVisitor(pages.server);
    await browser.open('/sign-in');
    await browser.press('Next', { name: anna.userPrincipalName });
    await browser.press('Sign in', { password: typed });
    return browser;
  };
  const enters = async (): Promise<Visitor> => {
    const browser = await arrives();
    if (browser.buttons().includes('Verify')) {
      await browser.press('Verify', { code: pages.appCode() });
    }
    return browser;
  };
  const isPasswordNow = async (text: string): Promise<boolean> => {
    const user = await pages.stores.users.find(anna.id);
    return pages.parts.hasher.verify(user?.passwordHash ?? null, text);
  };
  const hasField = (name: string): boolean => visitor.page.html.includes(`name="${name}"`);

  it('does not ask for the current one right after the sign-in', async () => {
    await visitor.open('/my-profile');
    await visitor.follow('Change password');
    assert.equal(visitor.page.heading, 'Change password');
    assert.equal(hasField('current'), false);
    await visitor.press('Change password', { password: wanted });
    assert.equal(visitor.page.heading, 'Your password was changed');
    assert.ok(await isPasswordNow(wanted));
    await visitor.open('/my-profile');
    assert.equal(visitor.page.heading, 'My Profile', 'this browser stays signed in');
  });

  it('is found by a password manager', async () => {
    await visitor.open('/.well-known/change-password');
    assert.equal(visitor.page.heading, 'Change password');
  });

  it('asks for the current one after five minutes', async () => {
    pages.clock.advanceSeconds(301);
    await visitor.open(path);
    assert.ok(hasField('current'));
    await visitor.press('Change password', { password: wanted });
    assert.equal(visitor.page.status, 422);
    assert.match(visitor.page.text, /Type your current password/);
    await visitor.press('Change password', { current: 'not the right one', password: wanted });
    assert.match(visitor.page.title, /^Error:/);
    assert.match(visitor.page.text, /That is not your current password/);
    assert.ok(await isPasswordNow(password));
    await visitor.press('Change password', { current: password, password: wanted });
    assert.equal(visitor.page.heading, 'Your password was changed');
  });

  it('asks for it although a form of five minutes ago did not', async () => {
    await visitor.open(path);
    pages.clock.advanceSeconds(301);
    await visitor.press('Change password', { password: wanted });
    assert.match(visitor.page.text, /Type your current password/);
    assert.ok(await isPasswordNow(password));
  });

  it('counts wrong ones together with those of the sign-in', async () => {
    pages.clock.advanceSeconds(301);
    await visitor.open(path);
    for (let wrong = 1; wrong <= 10; wrong += 1) {
      await visitor.press('Change password', { current: `wrong ${wrong}`, password: wanted });
    }
    await visitor.press('Change password', { current: password, password: wanted });
    assert.match(visitor.page.text, /Wait before you try again/);
    assert.ok(await isPasswordNow(password));
    pages.clock.advanceSeconds(61);
    await visitor.press('Change password', { current: password, password: wanted });
    assert.equal(visitor.page.heading, 'Your password was changed');
  });

  it('refuses a new one that will not do, and says why at its field', async () => {
    for (const [typed, words] of [
      ['', /Type a new password/],
      ['kort', /too short/],
      ['Welkom2026!', /guessed first/],
      ['annadevries1', /has your name in it/],
      [password, /Choose another/],
    ] as const) {
      await visitor.open(path);
      await visitor.press('Change password', { password: typed });
      assert.equal(visitor.page.status, 422);
      assert.match(visitor.page.text, words);
      assert.match(visitor.page.html, /href="#password"/);
      assert.ok(!visitor.page.html.includes(`value="${typed}"`) || typed === '');
    }
    assert.ok(await isPasswordNow(password));
  });

  it('says nothing of the new one to whoever does not know the current one', async () => {
    pages.clock.advanceSeconds(301);
    await visitor.open(path);
    await visitor.press('Change password', { current: 'not the right one', password });
    assert.doesNotMatch(visitor.page.text, /Choose another/);
  });

  it('signs out everywhere else, and gives this browser a new session', async () => {
    pages.clock.advanceSeconds(30);
    const other = await enters();
    const stolen = new Map(visitor.cookies);
    await visitor.open(path);
    await visitor.press('Change password', { password: wanted });
    await other.open('/my-profile');
    assert.equal(other.page.heading, 'Sign in');
    const thief = newVisitor(pages.server);
    for (const [name, value] of stolen) thief.cookies.set(name, value);
    await thief.open('/my-profile');
    assert.equal(thief.page.heading, 'Sign in', 'the old cookie opens nothing');
    assert.equal((await pages.stores.sessions.list(anna.id, pages.clock.now())).length, 1);
  });

  it('never makes a session longer than it was', async () => {
    const [before] = await pages.stores.sessions.list(anna.id, pages.clock.now());
    pages.clock.advanceSeconds(120);
    await visitor.open(path);
    await visitor.press('Change password', { password: wanted });
    const [after] = await pages.stores.sessions.list(anna.id, pages.clock.now());
    assert.deepEqual(after?.expiresAt, before?.expiresAt);
  });

  it('tells the person at every address, leaves a trace, and keeps the app passwords', async () => {
    await pages.stores.users.change(anna.id, { otherMail: 'anna@elsewhere.example' });
    await pages.parts.transact((stores) =>
      pages.parts.appPasswords.make(stores, { userId: anna.id, name: 'Mail', expiryDays: 0 }),
    );
    await visitor.open(path);
    await visitor.press('Change password', { password: wanted });
    const told = (await pages.sent()).flatMap(({ message }) =>
      message.kind === 'mail' ? [message.to] : [],
    );
    assert.deepEqual(told.toSorted(), ['anna@elsewhere.example', anna.mail]);
    const [event] = await pages.stores.audit.list({ limit: 1, kind: 'password-changed' });
    assert.equal(event?.userId, anna.id);
    assert.equal((await pages.stores.appPasswords.list(anna.id)).length, 1);
  });

  it('is done by one of two who do it at once', async () => {
    await visitor.open(path);
    const tabs = [visitor.newTab(), visitor.newTab(), visitor.newTab()];
    for (const tab of tabs) await tab.open(path);
    const wishes = ['rustige vogel in mei', 'snelle trein in juni', 'trage boot in juli'];
    await Promise.all(
      tabs.map((tab, index) =>
        tab.press('Change password', { password: wishes[index] ?? assert.fail() }),
      ),
    );
    const events = await pages.stores.audit.list({ limit: 9, kind: 'password-changed' });
    assert.equal(events.length, 1);
  });

  it('asks for a second step first where the session has none and there is one', async () => {
    await pages.close();
    await begin({ perUserMfaState: 'disabled' });
    await visitor.open(path);
    assert.match(visitor.page.heading, /verification code/);
    await visitor.press('Verify', { code: pages.appCode() });
    assert.equal(visitor.page.heading, 'Change password');
    assert.equal(hasField('current'), false);
  });

  it('always asks whoever has no second step for the current one', async () => {
    await pages.close();
    await begin({ perUserMfaState: 'disabled' }, false);
    await visitor.open(path);
    assert.ok(hasField('current'));
    await visitor.press('Change password', { current: password, password: wanted });
    assert.ok(await isPasswordNow(wanted));
  });
});

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import type { User } from '../../../accounts/user.ts';
import { startPages, type Pages } from '../../../../test/support/pages.ts';
import { codeIn, password } from '../../../../test/support/signin.ts';
import { newVisitor, type Visitor } from '../../../../test/support/visitor.ts';

const path = '/my-profile/recent-sign-ins';
const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';
const edge = 'Mozilla/5.0 (Windows NT 10.0) Chrome/126.0.0.0 Safari/537.36 Edg/126.0';

describe('Recent sign-ins', () => {
  let pages: Pages;
  let anna: User;
  let visitor: Visitor;
  beforeEach(async () => {
    pages = await startPages();
    anna = await pages.person();
    await pages.phone(anna);
    await pages.app(anna);
    visitor = await arrives(firefox);
    await visitor.press('Verify', { code: pages.appCode() });
    pages.clock.advanceSeconds(60);
  });
  afterEach(() => pages.close());

  const arrives = async (userAgent: string, typed = password): Promise<Visitor> => {
    const browser = newVisitor(pages.server, { userAgent });
    await browser.open('/sign-in');
    await browser.press('Next', { name: anna.userPrincipalName });
    await browser.press('Sign in', { password: typed });
    return browser;
  };
  const mails = async (): Promise<readonly { readonly to: string; readonly subject: string }[]> =>
    (await pages.sent()).flatMap(({ message }) => (message.kind === 'mail' ? [message] : []));
  const eventOf = async (result: string): Promise<string> => {
    const events = await pages.stores.signInEvents.list({ userId: anna.id, limit: 50 });
    return events.find((event) => event.result === result)?.id ?? assert.fail(result);
  };
  const denies = async (id: string): Promise<void> => {
    await visitor.open(`${path}/${id}/not-me`);
    await visitor.press("Yes, this wasn't me");
  };

  it('say when, to what, how, with what result, from where and with which browser', async () => {
    await visitor.open('/my-profile');
    await visitor.follow('Recent sign-ins');
    assert.equal(visitor.page.heading, 'Recent sign-ins');
    assert.match(
      visitor.page.text,
      /1 minute ago Tweestap Signed in Password, Verification code from an app 127\.0\.0\.1 Firefox on Linux/,
    );
  });

  it('say in plain words what went wrong', async () => {
    await arrives(edge, 'not the right one');
    const second = await arrives(edge);
    await second.press('Verify', { code: '000000' });
    await arrives(edge);
    await visitor.open(path);
    const { text } = visitor.page;
    assert.match(text, /Refused Wrong password .* Edge on Windows/);
    assert.match(text, /Refused Additional verification failed: wrong code/);
    assert.match(text, /Not finished The password was right, the rest was not finished/);
  });

  it('are narrowed down by result and by what is typed', async () => {
    await arrives(edge, 'not the right one');
    await visitor.open(`${path}?result=failure`);
    assert.match(visitor.page.text, /Wrong password/);
    assert.doesNotMatch(visitor.page.text, /Firefox on Linux/);
    await visitor.open(`${path}?search=firefox+linux`);
    assert.doesNotMatch(visitor.page.text, /Wrong password/);
    assert.match(visitor.page.text, /Firefox on Linux/);
    await visitor.open(`${path}?search=nothing+like+it&result=nonsense&before=nonsense`);
    assert.match(visitor.page.text, /There are no sign-ins to show/);
  });

  it('come fifty at a time, the older ones behind a link', async () => {
    const [first] = await pages.stores.signInEvents.list({ userId: anna.id, limit: 1 });
    assert.ok(first);
    for (let count = 0; count < 60; count += 1) {
      const at = new Date(first.at.getTime() + 1 + count);
      await pages.stores.signInEvents.put({ ...first, id: `event-${count}`, at });
    }
    await visitor.open(path);
    const rows = (html: string): number => html.split('role="rowheader"').length - 1;
    assert.equal(rows(visitor.page.html), 50);
    await visitor.follow('Older sign-ins');
    assert.equal(rows(visitor.page.html), 11);
    assert.doesNotMatch(visitor.page.text, /Older sign-ins/);
    await visitor.follow('Newest sign-ins');
    assert.equal(rows(visitor.page.html), 50);
  });

  it('show nothing that a browser says of itself as markup', async () => {
    await arrives('<script>alert(1)</script>', 'not the right one');
    await visitor.open(path);
    assert.doesNotMatch(visitor.page.html, /<script>alert/);
    assert.match(visitor.page.text, /A browser we do not know/);
  });

  it("show nobody else's", async () => {
    const bram = await pages.person({ userPrincipalName: 'bram@voorbeeld.example' });
    await pages.arrive(bram);
    const [event] = await pages.stores.signInEvents.list({ userId: bram.id, limit: 1 });
    assert.ok(event);
    await visitor.open(`${path}/${event.id}/not-me`);
    assert.equal(visitor.page.heading, 'Recent sign-ins');
  });

  describe('“This wasn’t me”', () => {
    it('ends every session at once, and asks for a new password', async () => {
      const stranger = await arrives(edge);
      pages.clock.advanceSeconds(30);
      await stranger.press('Verify', { code: pages.appCode() });
      assert.equal(stranger.page.heading, 'My Profile');
      await visitor.open(path);
      await visitor.follow("This wasn't me Tweestap");
      assert.match(visitor.page.text, /This is what we do at once/);
      assert.match(visitor.page.text, /Edge on Windows/);
      await visitor.press("Yes, this wasn't me");
      assert.equal(visitor.page.heading, 'Your account is closed to everybody else');
      for (const browser of [visitor, stranger]) {
        await browser.open('/my-profile');
        assert.equal(browser.page.heading, 'Sign in');
      }
      pages.clock.advanceSeconds(30);
      const again = await arrives(firefox);
      await again.press('Verify', { code: pages.appCode() });
      assert.equal(again.page.heading, 'Choose a new password');
    });

    it('sends the phone nothing until something else was proved', async () => {
      const [phone] = await pages.stores.registrations.list(anna.id);
      await pages.stores.users.setDefaultMethod(anna.id, {
        registrationId: phone?.id ?? assert.fail(),
        methodId: 'text-message',
      });
      await denies(await eventOf('success'));
      await pages.sent();
      const again = await arrives(edge);
      assert.match(again.page.heading, /from the mobile app/);
      assert.doesNotMatch(again.page.html, /another way/);
      assert.deepEqual(await pages.sent(), []);
      pages.clock.advanceSeconds(30);
      await again.press('Verify', { code: pages.appCode() });
      await again.press('Change password', { password: 'rustige vogel in mei' });
      assert.equal(again.page.heading, 'My Profile');
      assert.match(again.page.text, /Phone - text/);
    });

    it('asks the phone all the same where there is nothing else', async () => {
      for (const { id, kind } of await pages.stores.registrations.list(anna.id)) {
        if (kind !== 'phone') await pages.stores.registrations.remove(id, anna.id);
      }
      await denies(await eventOf('success'));
      await pages.sent();
      const again = await arrives(firefox);
      await again.press('Verify', { code: codeIn(await pages.sent()) });
      assert.equal(again.page.heading, 'Choose a new password');
    });

    it('tells the person and those in charge, and leaves a trace', async () => {
      const admin = await pages.person({
        userPrincipalName: 'admin@voorbeeld.example',
        mail: 'admin@voorbeeld.example',
        role: 'authentication-admin',
      });
      await pages.person({
        userPrincipalName: 'desk@voorbeeld.example',
        mail: 'desk@voorbeeld.example',
        role: 'help-desk',
      });
      await pages.person({
        userPrincipalName: 'old@voorbeeld.example',
        mail: 'old@voorbeeld.example',
        role: 'global-admin',
        accountEnabled: false,
      });
      await pages.sent();
      const id = await eventOf('success');
      await denies(id);
      const told = new Map((await mails()).map(({ to, subject }) => [to, subject]));
      assert.deepEqual([...told.keys()].toSorted(), [admin.mail, anna.mail]);
      assert.match(told.get('admin@voorbeeld.example') ?? '', /Anna de Vries reports a sign-in/);
      const [event] = await pages.stores.audit.list({ limit: 1, kind: 'sign-in-denied' });
      assert.equal(event?.details['denied'], id);
    });

    it('is done once, however often it is pressed', async () => {
      const id = await eventOf('success');
      await visitor.open(`${path}/${id}/not-me`);
      const tabs = Array.from({ length: 4 }, () => visitor.newTab());
      for (const tab of tabs) await tab.open(`${path}/${id}/not-me`);
      await Promise.all(tabs.map((tab) => tab.press("Yes, this wasn't me")));
      assert.equal((await pages.stores.audit.list({ limit: 9, kind: 'sign-in-denied' })).length, 1);
    });

    it('takes the app passwords away that a stranger may have made', async () => {
      await pages.parts.transact((stores) =>
        pages.parts.appPasswords.make(stores, { userId: anna.id, name: 'Mail', expiryDays: 0 }),
      );
      await denies(await eventOf('success'));
      assert.deepEqual(await pages.stores.appPasswords.list(anna.id), []);
    });

    it('has nothing to do where somebody only guessed, and says so', async () => {
      await arrives(edge, 'not the right one');
      await visitor.open(`${path}/${await eventOf('failure')}/not-me`);
      assert.equal(visitor.page.heading, 'Nobody got in');
      assert.deepEqual(
        visitor.buttons().filter((label) => label !== 'Sign out'),
        [],
      );
      assert.match(visitor.page.text, /Change password/);
    });

    it('holds for somebody who knew the password and got no further', async () => {
      const stranger = await arrives(edge);
      await stranger.press('Verify', { code: '000000' });
      await denies(await eventOf('failure'));
      assert.equal((await pages.stores.users.find(anna.id))?.mustChangePassword, true);
    });

    it('needs no fresh second step: it makes things safer', async () => {
      const id = await eventOf('success');
      pages.clock.advanceSeconds(1800);
      await denies(id);
      assert.equal(visitor.page.heading, 'Your account is closed to everybody else');
    });
  });
});

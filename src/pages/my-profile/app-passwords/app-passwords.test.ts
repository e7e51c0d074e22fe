import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import type { User } from '../../../accounts/user.ts';
import { startPages, type Pages } from '../../../../test/support/pages.ts';
import { password } from '../../../../test/support/signin.ts';
import { newVisitor, type Visitor } from '../../../../test/support/visitor.ts';

const path = '/my-profile/app-passwords';
/** As it stands on the page: six groups of four letters. */
const shown = /\b[A-Z2-7]{4}(?: [A-Z2-7]{4}){5}\b/;

describe('app passwords', () => {
  let pages: Pages;
  let anna: User;
  let visitor: Visitor;

  const enters = async (person: User): Promise<Visitor> => {
    const browser = newVisitor(pages.server);
    await browser.open('/sign-in');
    await browser.press('Next', { name: person.userPrincipalName });
    await browser.press('Sign in', { password });
    await browser.press('Verify', { code: pages.appCode() });
    return browser;
  };
  const begin = async (policy: unknown, change: Partial<User> = {}): Promise<void> => {
    pages = await startPages(policy);
    anna = await pages.person(change);
    await pages.app(anna);
    visitor = await enters(anna);
    await pages.sent();
  };
  beforeEach(() => begin({ appPasswords: { allowed: true } }));
  afterEach(() => pages.close());

  const creates = async (name: string, more: Record<string, string> = {}): Promise<string> => {
    await visitor.open(`${path}/add`);
    await visitor.press('Create', { name, ...more });
    return shown.exec(visitor.page.text)?.[0] ?? assert.fail(visitor.page.text);
  };
  const list = () => pages.stores.appPasswords.list(anna.id);
  const subjects = async (): Promise<readonly string[]> =>
    (await pages.sent()).map(({ message }) => (message.kind === 'mail' ? message.subject : ''));

  it('are reached from My Profile, and say what they are for', async () => {
    await visitor.open('/my-profile');
    await visitor.follow('App passwords');
    assert.equal(visitor.page.heading, 'App passwords');
    assert.match(visitor.page.text, /in place of your normal password/);
    assert.match(visitor.page.text, /You have no app passwords/);
  });

  it('are made with a name, a door and an end, and opened by what the page showed', async () => {
    const plain = await creates('Mail on my phone', { door: 'ldap', days: '30' });
    assert.equal(visitor.page.heading, 'Your new app password');
    assert.match(visitor.page.text, /Nobody will ever ask you for this password/);
    assert.match(visitor.page.text, /LDAP only: mail servers and address books · Expires \d/);
    assert.equal(visitor.page.headers['cache-control'], 'no-store');
    const [made] = await list();
    assert.equal(made?.door, 'ldap');
    assert.equal(made.expiresAt?.getTime(), pages.clock.now().getTime() + 30 * 86_400_000);
    assert.deepEqual(made.hash, pages.parts.appPasswords.hashOf(plain));
    await visitor.follow('Done');
    assert.match(visitor.page.text, /Mail on my phone LDAP only: .* Made .* Expires .* Never used/);
    assert.doesNotMatch(visitor.page.text, shown);
    assert.deepEqual(await subjects(), ['An app password was made for your Tweestap account']);
    const [event] = await pages.stores.audit.list({ limit: 1, kind: 'app-password-made' });
    assert.equal(event?.details['name'], 'Mail on my phone');
    assert.doesNotMatch(JSON.stringify(event), new RegExp(plain.replaceAll(' ', '')));
  });

  it('are shown once: not by a reload, not by going back, not to another browser', async () => {
    await creates('Mail');
    const { path: made } = visitor.page;
    await visitor.open(made);
    assert.equal(visitor.page.heading, 'This app password was shown before');
    assert.doesNotMatch(visitor.page.text, shown);
    await visitor.open(`${path}/add`);
    assert.doesNotMatch(visitor.page.text, shown);
    pages.clock.advanceSeconds(30);
    const other = await enters(anna);
    await other.open(made);
    assert.equal(other.page.heading, 'This app password was shown before');
    assert.equal((await list()).length, 1);
  });

  it('are not shown at all to whoever comes later than ten minutes', async () => {
    await visitor.open(`${path}/add`);
    const { id } = await pages.parts
      .transact((stores) =>
        pages.parts.appPasswords.make(stores, {
          userId: anna.id,
          name: 'Mail',
          expiryDays: 0,
          isShownLater: true,
        }),
      )
      .then((made) => (made.kind === 'made' ? made.appPassword : assert.fail()));
    pages.clock.advanceSeconds(601);
    await visitor.open(`${path}/${id}`);
    assert.equal(visitor.page.heading, 'This app password was shown before');
  });

  it('are never shown to anybody else', async () => {
    await visitor.open(`${path}/add`);
    const form = await visitor.ask(`${path}/add`);
    assert.equal(form.status, 200);
    const bram = await pages.person({ userPrincipalName: 'bram@voorbeeld.example' });
    await pages.app(bram);
    const made = await pages.parts.transact((stores) =>
      pages.parts.appPasswords.make(stores, {
        userId: bram.id,
        name: 'Of Bram',
        expiryDays: 0,
        isShownLater: true,
      }),
    );
    const { id } = made.kind === 'made' ? made.appPassword : assert.fail();
    await visitor.open(`${path}/${id}`);
    assert.equal(visitor.page.heading, 'App passwords');
    assert.doesNotMatch(visitor.page.text, /Of Bram/);
    await visitor.open(`${path}/${id}/delete`);
    assert.match(visitor.page.text, /was gone already/);
    assert.equal((await pages.stores.appPasswords.list(bram.id)).length, 1);
  });

  it('are one, however often the form is sent', async () => {
    await visitor.open(`${path}/add`);
    const tabs = Array.from({ length: 5 }, () => visitor.newTab());
    for (const tab of tabs) await tab.open(`${path}/add`);
    const same = /name="form" value="([\w-]+)"/.exec(visitor.page.html)?.[1] ?? assert.fail();
    const pagesShown = await Promise.all(
      tabs.map((tab) => tab.press('Create', { name: 'Mail', form: same })),
    );
    assert.equal((await list()).length, 1);
    assert.equal(pagesShown.filter(({ text }) => shown.test(text)).length, 1);
    assert.deepEqual(pagesShown.map(({ heading }) => heading).toSorted(), [
      ...Array.from({ length: 4 }, () => 'This app password was shown before'),
      'Your new app password',
    ]);
    assert.equal((await subjects()).length, 1);
  });

  it('are forty at the most, however many are asked for at once', async () => {
    const tabs = Array.from({ length: 45 }, () => visitor.newTab());
    for (const tab of tabs) await tab.open(`${path}/add`);
    const made = await Promise.all(tabs.map((tab) => tab.press('Create', { name: 'Mail' })));
    assert.equal((await list()).length, 40);
    assert.equal(made.filter(({ text }) => shown.test(text)).length, 40);
    assert.equal(made.filter(({ text }) => /No app password was created/.test(text)).length, 5);
    assert.equal(new Set((await list()).map(({ name }) => name)).size, 40, 'numbered');
    await visitor.open(path);
    assert.match(visitor.page.text, /40 of 40 in use\. You have as many as there can be/);
    await visitor.open(`${path}/add`);
    assert.equal(visitor.page.path, `${path}?done=full`);
  });

  it('ask for a second step of the last five minutes, and keep what was typed', async () => {
    await visitor.open(`${path}/add`);
    pages.clock.advanceSeconds(301);
    await visitor.press('Create', { name: 'Mail & more', door: 'radius', days: '180' });
    assert.match(visitor.page.heading, /verification code/);
    assert.equal((await list()).length, 0);
    await visitor.press('Verify', { code: pages.appCode() });
    assert.equal(visitor.page.heading, 'Create an app password');
    await visitor.press('Create');
    assert.match(visitor.page.text, shown);
    const [made] = await list();
    assert.deepEqual([made?.name, made?.door], ['Mail & more', 'radius']);
    assert.equal(made?.expiresAt?.getTime(), pages.clock.now().getTime() + 180 * 86_400_000);
  });

  it('refuse a name that says nothing, and say so at the field', async () => {
    for (const [name, words] of [
      ['  ', /Type a name/],
      ['x'.repeat(41), /too long/],
      ['a\u0007b', /nobody can see/],
    ] as const) {
      await visitor.open(`${path}/add`);
      await visitor.press('Create', { name });
      assert.equal(visitor.page.status, 422);
      assert.match(visitor.page.title, /^Error:/);
      assert.match(visitor.page.text, words);
    }
    assert.equal((await list()).length, 0);
  });

  it('say when, through which door and from where they were last used', async () => {
    await creates('Mail');
    const [made] = await list();
    assert.ok(made);
    const use = { at: pages.clock.now(), door: 'ldap', address: '192.0.2.7' } as const;
    await pages.stores.appPasswords.noteUse(made.id, use);
    pages.clock.advanceSeconds(120);
    await visitor.open(path);
    assert.match(visitor.page.text, /Last used 2 minutes ago through LDAP, from 192\.0\.2\.7/);
  });

  it('are deleted after a question, which frees a place', async () => {
    await creates('Mail');
    await creates('Calendar');
    await pages.sent();
    await visitor.open(path);
    await visitor.follow('Delete Mail');
    assert.match(visitor.page.text, /This cannot be undone/);
    assert.equal((await list()).length, 2);
    await visitor.press('Delete');
    assert.match(visitor.page.text, /The app password was deleted/);
    assert.deepEqual(
      (await list()).map(({ name }) => name),
      ['Calendar'],
    );
    assert.deepEqual(await subjects(), ['An app password of your Tweestap account was deleted']);
    await visitor.follow('Delete all');
    await visitor.press('Delete all');
    assert.match(visitor.page.text, /All app passwords were deleted/);
    assert.deepEqual(await list(), []);
    assert.deepEqual(await subjects(), ['All app passwords of your Tweestap account were deleted']);
  });

  it('say why there can be none, and let those that are left be deleted', async () => {
    await creates('Mail');
    await pages.stores.users.change(anna.id, { perUserMfaState: 'enabled' });
    await visitor.open(path);
    assert.match(visitor.page.text, /You need no app passwords .* open nothing at the moment/);
    assert.doesNotMatch(visitor.page.text, /Create app password/);
    await visitor.open(`${path}/add`);
    assert.equal(visitor.page.heading, 'App passwords');
    await visitor.follow('Delete Mail');
    await visitor.press('Delete');
    assert.deepEqual(await list(), []);
  });

  it('say so where the organisation uses none', async () => {
    await pages.close();
    await begin({});
    await visitor.open(path);
    assert.match(visitor.page.text, /Your organisation does not use app passwords/);
    const opened = await visitor.ask(`${path}/add`);
    assert.equal(opened.status, 303);
  });

  it('live as long as policy lets them', async () => {
    await pages.close();
    await begin({ appPasswords: { allowed: true, expiryDays: 60 } });
    await visitor.open(`${path}/add`);
    assert.match(visitor.page.text, /30 days 60 days Create/);
    await creates('Mail', { days: '0' });
    const [made] = await list();
    assert.equal(made?.expiresAt?.getTime(), pages.clock.now().getTime() + 60 * 86_400_000);
  });

  it('are shut to whoever is not signed in', async () => {
    const stranger = newVisitor(pages.server);
    for (const below of ['', '/add', '/delete-all', `/${'A'.repeat(22)}`]) {
      await stranger.open(`${path}${below}`);
      assert.equal(stranger.page.heading, 'Sign in');
    }
  });
});

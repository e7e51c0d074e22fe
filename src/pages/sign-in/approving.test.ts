import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import type { User } from '../../accounts/user.ts';
import { totp } from '../../lib/otp/otp.ts';
import { appSecret, keyOf } from '../../methods/authenticator-app.ts';
import { pairedAppOf, type PairedApp } from '../../../test/support/paired-app.ts';
import { startPages, type Pages } from '../../../test/support/pages.ts';
import { password } from '../../../test/support/signin.ts';
import { newVisitor, type Visitor } from '../../../test/support/visitor.ts';

describe('a sign-in that waits for the app', () => {
  let pages: Pages;
  let anna: User;
  let visitor: Visitor;
  let app: PairedApp;

  const begins = async (
    policy: Readonly<Record<string, unknown>> = {},
    options: Parameters<typeof pairedAppOf>[2] = {},
  ): Promise<void> => {
    await pages?.close();
    pages = await startPages({ organisation: { name: 'Voorbeeld' }, ...policy });
    anna = await pages.person();
    app = await pairedAppOf(pages, anna, options);
    visitor = newVisitor(pages.server);
  };
  const arrives = async (who: Visitor = visitor): Promise<void> => {
    await who.open('/sign-in');
    await who.press('Next', { name: anna.userPrincipalName });
    await who.press('Sign in', { password });
  };
  const number = (): string =>
    /class="number-match">.*?<strong>(\d{2})<\/strong>/.exec(visitor.page.html)?.[1] ??
    assert.fail('no number on the page');
  const other = (): string => (number() === '42' ? '43' : '42');
  const goesOn = async (): Promise<void> => {
    const [, url = '', step = ''] =
      /<await-change url="([^"]+)" step="([^"]+)"/.exec(visitor.page.html) ?? [];
    const told: { readonly step: string; readonly href: string } = JSON.parse(
      (await visitor.ask(url)).body,
    );
    assert.notEqual(told.step, step, 'the page stays');
    await visitor.open(told.href);
  };
  const codeOfApp = async (): Promise<string> => {
    const [registration] = await pages.stores.registrations.list(anna.id);
    const key = keyOf(appSecret.parse(registration?.secret));
    return totp(key, pages.clock.now().getTime() / 1000);
  };

  beforeEach(() => begins());
  afterEach(() => pages.close());

  it('shows a number and what to do with it, and moves on by itself', async () => {
    await arrives();
    assert.equal(visitor.page.heading, 'Approve the request in your app');
    assert.match(visitor.page.text, /notification to your Tweestap Authenticator \(Pixel 8\)/);
    assert.match(visitor.page.text, /Number to type in the app/);
    assert.match(visitor.page.html, /<noscript><meta http-equiv="refresh" content="5">/);
    assert.deepEqual(
      visitor.buttons().filter((label) => /approve/i.test(label)),
      [],
    );
    await app.approves(number());
    await goesOn();
    assert.equal(visitor.page.heading, 'My Profile');
  });

  it('takes a code of the same app, one click away', async () => {
    await arrives();
    await visitor.press('Use a code from the app instead');
    assert.equal(visitor.page.heading, 'Enter the verification code from the mobile app');
    assert.deepEqual(await app.pending(), []);
    await visitor.press('Verify', { code: await codeOfApp() });
    assert.equal(visitor.page.heading, 'My Profile');
  });

  it('offers no code where policy takes none', async () => {
    await begins({ methods: { 'authenticator-code': { enabled: false } } });
    await arrives();
    assert.ok(!visitor.buttons().includes('Use a code from the app instead'));
  });

  it('says after a denial, a wrong number and too long a wait what to do, and asks again', async () => {
    await arrives();
    await app.denies();
    await goesOn();
    assert.match(visitor.page.title, /^Error: /);
    assert.match(visitor.page.text, /The request was denied in the app/);
    assert.match(visitor.page.html, /href="\/help#not-me"/);
    assert.ok(visitor.buttons().includes('Use a code from the app instead'));

    await visitor.press('Send another notification');
    await app.approves(other());
    await goesOn();
    assert.match(visitor.page.text, /is not the one on this page, so the request was closed/);

    await visitor.press('Send another notification');
    pages.clock.advanceSeconds(60);
    await goesOn();
    assert.match(visitor.page.text, /We didn't hear from you in time/);
    assert.match(visitor.page.html, /href="\/help#no-notification"/);

    await visitor.press('Send another notification');
    assert.match(visitor.page.text, /The next one is possible in 9 minutes/);
    assert.ok(visitor.buttons().includes('Use a code from the app instead'));
  });

  it('tells a second sign-in that one waits already, and for how long', async () => {
    await arrives();
    const second = newVisitor(pages.server);
    await arrives(second);
    assert.equal(second.page.heading, 'Verify your identity');
    assert.match(second.page.text, /Another sign-in waits in your app/);
    assert.match(second.page.text, /The next request is possible in 1 minute/);
    assert.match(
      second.page.text,
      /Approve a request in the app Your Tweestap Authenticator \(Pixel 8\)/,
    );
    await app.denies();
    await second.press('Approve a request in the app Your Tweestap Authenticator (Pixel 8)');
    assert.equal(second.page.heading, 'Approve the request in your app');
  });

  it('asks for the code by itself once the app is closed, and says why', async () => {
    await arrives();
    for (let times = 1; times <= 3; times += 1) {
      if (times > 1) await visitor.press('Send another notification');
      await app.denies();
      await goesOn();
    }
    assert.equal(visitor.page.heading, 'Enter the verification code from the mobile app');
    assert.match(visitor.page.text, /The request was denied in the app/);
    await visitor.press('Verify', { code: await codeOfApp() });
    assert.equal(visitor.page.heading, 'My Profile');
  });

  it('tells of a wrong PIN while the request is open, and of the lock after five', async () => {
    const pin = { methods: { notification: { settings: { pin: true } } } };
    await begins(pin, { pin: '2468' });
    await arrives();
    const right = number();
    await app.approves(right, '1357');
    await goesOn();
    assert.match(visitor.page.text, /The PIN that was typed in the app is not right/);
    assert.equal(number(), right);
    for (let wrong = 1; wrong < 5; wrong += 1) await app.approves(right, '1357');
    await goesOn();
    assert.match(visitor.page.text, /The PIN was five times wrong, so that app is locked/);
    assert.equal(visitor.page.heading, 'Enter the verification code from the mobile app');
  });

  it('ends where it was reported: the account is blocked, and says what to do', async () => {
    await arrives();
    await app.reports();
    await goesOn();
    assert.match(visitor.page.text, /blocked/i);
    assert.match(visitor.page.text, /admin/);
  });

  it('speaks Dutch', async () => {
    visitor = newVisitor(pages.server, { language: 'nl' });
    await visitor.open('/sign-in');
    await visitor.press('Volgende', { name: anna.userPrincipalName });
    await visitor.press('Aanmelden', { password });
    assert.equal(visitor.page.heading, 'Verzoek in uw app goedkeuren');
    assert.ok(visitor.buttons().includes('Een code uit de app gebruiken'));
    await app.denies();
    await goesOn();
    assert.match(visitor.page.text, /Het verzoek is in de app geweigerd/);
  });
});

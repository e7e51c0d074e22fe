import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import type { User } from '../../accounts/user.ts';
import { newPairedApp, pushPlace, type PairedApp } from '../../../test/support/paired-app.ts';
import { startPages, type Pages } from '../../../test/support/pages.ts';
import { codeIn, password } from '../../../test/support/signin.ts';
import { newVisitor, type Visitor } from '../../../test/support/visitor.ts';

describe('setting up the app for notifications', () => {
  let pages: Pages;
  let anna: User;
  let visitor: Visitor;
  let app: PairedApp;

  const begins = async (
    policy: Readonly<Record<string, unknown>> = {},
    language = 'en',
  ): Promise<void> => {
    await pages?.close();
    pages = await startPages({ organisation: { name: 'Voorbeeld' }, ...policy });
    anna = await pages.person({ perUserMfaState: 'enabled' });
    visitor = newVisitor(pages.server, { language });
    app = newPairedApp(pages);
  };
  const arrives = async (): Promise<void> => {
    await visitor.open('/sign-in');
    await visitor.press('Next', { name: anna.userPrincipalName });
    await visitor.press('Sign in', { password });
    await visitor.press('Set it up now');
  };
  const setsUp = (appUse = 'notification') => visitor.press('Set up', { way: 'app', appUse });
  /** Beside the QR code. */
  const shown = (): readonly string[] =>
    [...visitor.page.html.matchAll(/<copy-text[^>]* text="([^"]+)"/g)].map(([, text = '']) => text);
  const joins = async (): Promise<void> => {
    const [code = ''] = shown();
    assert.equal((await app.joins(code, { push: pushPlace })).kind, 'paired');
  };
  const number = (): string =>
    /class="number-match">.*?<strong>(\d{2})<\/strong>/.exec(visitor.page.html)?.[1] ??
    assert.fail('no number on the page');
  /** Where the page goes by itself; undefined while it stays. */
  const movesTo = async (): Promise<string | undefined> => {
    const [, url = '', step = ''] =
      /<await-change url="([^"]+)" step="([^"]+)"/.exec(visitor.page.html) ?? [];
    assert.notEqual(url, '', 'the page does not wait');
    const told: { readonly step: string; readonly href: string } = JSON.parse(
      (await visitor.ask(url)).body,
    );
    return told.step === step ? undefined : told.href;
  };
  const goesOn = async (): Promise<void> => {
    await visitor.open((await movesTo()) ?? assert.fail('the page stays'));
  };

  beforeEach(() => begins());
  afterEach(() => pages.close());

  it('waits for the app, tests it with a number, and goes on to the backup phone', async () => {
    await begins({ appPasswords: { allowed: true } });
    await arrives();
    await setsUp();
    assert.equal(visitor.page.heading, 'Step 2: Configure mobile app');
    assert.match(visitor.page.text, /Step 2 of 4/);
    assert.match(visitor.page.html, /<svg role="img" aria-label="QR code/);
    const [code = '', url = ''] = shown();
    assert.match(code, /^([A-Z2-7]{4}-){2}[A-Z2-7]{4}$/);
    assert.equal(url, 'http://localhost/authenticator/');
    assert.match(
      visitor.page.html,
      new RegExp(`href="http://localhost/authenticator/#pair=${code}"`),
    );
    assert.match(visitor.page.html, /<noscript><meta http-equiv="refresh" content="10">/);
    assert.equal(await movesTo(), undefined);

    await joins();
    await goesOn();
    assert.equal(visitor.page.heading, 'Step 2: Test the mobile app');
    assert.match(visitor.page.text, /The app has joined: Chrome on Android/);
    assert.deepEqual(shown(), [], 'the code is over');
    assert.deepEqual(await pages.sent(), [], 'nothing is sent before Contact me');

    await visitor.press('Contact me');
    assert.equal(visitor.page.heading, 'Step 2: Approve the request in the mobile app');
    assert.deepEqual(
      (await pages.sent()).map(({ message }) => message.kind),
      ['push'],
    );
    assert.equal(await movesTo(), undefined);
    assert.deepEqual(await app.approves(number()), { kind: 'approved' });
    await goesOn();
    assert.equal(visitor.page.heading, 'Step 3: In case you lose access to the mobile app');
    await visitor.press('Next', { by: 'text', number: '0612345612' });
    await visitor.press('Verify', { code: codeIn(await pages.sent()) });
    assert.equal(visitor.page.heading, 'Step 4: Keep using your existing applications');
    await visitor.press('Done');
    assert.match(
      visitor.page.text,
      /Authenticator app - notification \(Chrome on Android\) Default/,
    );
  });

  it('greys out what policy closes, with the reason, and begins with what is left', async () => {
    await begins({ methods: { notification: { enabled: false } } });
    await arrives();
    assert.match(visitor.page.html, /<input[^>]*value="notification"[^>]* disabled/);
    assert.match(
      visitor.page.text,
      /Receive notifications for verification Your organisation does not allow this method/,
    );
    assert.match(visitor.page.html, /<input[^>]*value="code" checked/);
    await setsUp();
    assert.equal(visitor.page.status, 422);
    assert.match(visitor.page.title, /^Error: /);
    assert.match(visitor.page.html, /<a href="#appUse">Your organisation does not allow/);
    await setsUp('code');
    assert.equal(visitor.page.heading, 'Step 2: Enter the verification code from the mobile app');

    await begins({ methods: { 'authenticator-code': { enabled: false } } });
    await arrives();
    assert.match(visitor.page.html, /<input[^>]*value="code"[^>]* disabled/);
    await setsUp();
    assert.equal(visitor.page.heading, 'Step 2: Configure mobile app');
  });

  it('asks which use where none was said', async () => {
    await arrives();
    await setsUp('');
    assert.equal(visitor.page.status, 422);
    assert.match(visitor.page.html, /<a href="#appUse">Choose how you want to use/);
  });

  it('goes back to the choice, which still stands, and the code of before is over', async () => {
    await arrives();
    await setsUp();
    const [old = ''] = shown();
    await visitor.press('Back');
    assert.equal(visitor.page.heading, 'Step 1: How should we contact you?');
    assert.match(visitor.page.html, /<input[^>]*value="notification" checked/);
    assert.equal((await app.joins(old)).kind, 'refused');
    await setsUp();
    assert.notEqual(shown()[0], old);
  });

  it('shows one code to whoever presses Set up twice, and keeps the app that has joined', async () => {
    await arrives();
    const again = visitor.newTab();
    await again.open(visitor.page.path);
    const late = visitor.newTab();
    await late.open(visitor.page.path);
    await setsUp();
    await again.press('Set up', { way: 'app', appUse: 'notification' });
    assert.ok(again.page.html.includes(shown()[0] ?? 'none'));
    await joins();
    await late.press('Set up', { way: 'app', appUse: 'notification' });
    assert.equal(late.page.heading, 'Step 2: Test the mobile app');
  });

  it('says what to do after a denial and a wrong number, and counts down once three were sent', async () => {
    await arrives();
    await setsUp();
    await joins();
    await goesOn();
    await visitor.press('Contact me');
    await app.denies();
    await goesOn();
    assert.equal(visitor.page.heading, 'Step 2: Verify your mobile app');
    assert.match(visitor.page.text, /The request was denied in the app/);
    await visitor.press('Contact me');
    await app.approves(number() === '42' ? '43' : '42');
    await goesOn();
    assert.match(visitor.page.text, /is not the one on this page/);
    await visitor.press('Contact me');
    pages.clock.advanceSeconds(60);
    await goesOn();
    assert.match(visitor.page.text, /We didn't hear from you in time/);
    await visitor.press('Contact me');
    assert.match(visitor.page.text, /Wait a moment before you ask again/);
    assert.match(visitor.page.text, /The next one is possible in 9 minutes/);
    pages.clock.advanceSeconds(540);
    await visitor.press('Contact me');
    await app.approves(number());
    await goesOn();
    assert.equal(visitor.page.heading, 'Step 3: In case you lose access to the mobile app');
  });

  it('says what to do after five wrong PINs', async () => {
    await begins({ methods: { notification: { settings: { pin: true } } } });
    await arrives();
    await setsUp();
    const [code = ''] = shown();
    assert.equal((await app.joins(code, { pin: '2468' })).kind, 'paired');
    await goesOn();
    await visitor.press('Contact me');
    for (let wrong = 0; wrong < 5; wrong += 1) await app.approves(number(), '1357');
    await goesOn();
    assert.match(visitor.page.text, /The PIN was five times wrong/);
    assert.match(visitor.page.text, /If you forgot the PIN, set up the app once more/);
    assert.doesNotMatch(visitor.page.text, /code is closed/);
    await visitor.press('Contact me');
    assert.deepEqual(await app.approves(number(), '2468'), { kind: 'approved' });
  });

  it('waits with the test while another sign-in waits in an app of theirs', async () => {
    await arrives();
    await setsUp();
    await joins();
    await goesOn();
    await visitor.press('Contact me');
    await app.approves(number());
    await goesOn();
    await visitor.press('Go on without a backup phone');
    await visitor.press('Done');
    pages.clock.advanceSeconds(60);
    // From here the person is signed in, and adds a second app, while somebody else signs in as them.
    await visitor.open('/my-profile/security-info/add');
    await visitor.press('Add', { place: 'authenticator-app.' });
    await visitor.press('Set up', { appUse: 'notification' });
    const second = newPairedApp(pages);
    await second.joins(shown()[0] ?? '');
    await goesOn();
    const stranger = await pages.arrive(anna);
    assert.equal(stranger.progress.attempt.challenge?.methodId, 'notification');
    await visitor.press('Contact me');
    assert.match(visitor.page.text, /Another sign-in waits in your app/);
    assert.match(visitor.page.text, /The next request is possible in 1 minute/);
    await app.denies();
    await visitor.press('Contact me');
    await second.approves(number());
    await goesOn();
    assert.match(visitor.page.text, /Added: Tweestap Authenticator\./);
  });

  it('shows where things stand to whoever asks again just when the app has answered', async () => {
    await arrives();
    await setsUp();
    await joins();
    await goesOn();
    await visitor.press('Contact me');
    await app.approves(number());
    await visitor.press('Send another notification');
    assert.equal(visitor.page.heading, 'Step 3: In case you lose access to the mobile app');
  });

  it('begins at once on Security info where policy leaves one use', async () => {
    await begins({ methods: { 'authenticator-code': { enabled: false } } });
    await pages.phone(anna);
    pages.clock.advanceSeconds(1);
    await visitor.open('/sign-in');
    await visitor.press('Next', { name: anna.userPrincipalName });
    await visitor.press('Sign in', { password });
    await visitor.press('Verify', { code: codeIn(await pages.sent()) });
    await visitor.press('Set it up now');
    await visitor.press('Done');
    await visitor.open('/my-profile/security-info/add');
    await visitor.press('Add', { place: 'authenticator-app.' });
    assert.equal(visitor.page.heading, 'Configure mobile app');
    assert.ok(!visitor.buttons().includes('Back'), 'there is nothing to go back to');
    await joins();
    await goesOn();
    assert.equal(visitor.page.heading, 'Test the mobile app');
    await visitor.press('Contact me');
    assert.equal(visitor.page.heading, 'Approve the request in your app');
    await app.approves(number());
    await goesOn();
    assert.match(visitor.page.text, /Added: Tweestap Authenticator\./);
  });

  it('speaks Dutch', async () => {
    await begins({}, 'nl');
    await visitor.open('/sign-in');
    await visitor.press('Volgende', { name: anna.userPrincipalName });
    await visitor.press('Aanmelden', { password });
    await visitor.press('Nu instellen');
    assert.match(visitor.page.text, /Meldingen voor verificatie ontvangen/);
    await visitor.press('Instellen', { way: 'app', appUse: 'notification' });
    assert.equal(visitor.page.heading, 'Stap 2: Mobiele app configureren');
    await joins();
    await goesOn();
    assert.equal(visitor.page.heading, 'Stap 2: Mobiele app testen');
    await visitor.press('Contact met mij opnemen');
    assert.equal(visitor.page.heading, 'Stap 2: Keur het verzoek in de mobiele app goed');
  });
});

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import type { User } from '../../accounts/user.ts';
import type { CallMessage } from '../../delivery/message.ts';
import { decodeBase32 } from '../../lib/otp/base32.ts';
import { totp } from '../../lib/otp/otp.ts';
import { startPages, type Pages } from '../../../test/support/pages.ts';
import { codeIn, password } from '../../../test/support/signin.ts';
import { newVisitor, type Visitor } from '../../../test/support/visitor.ts';

const organisation = { name: 'Voorbeeld', domain: 'voorbeeld.example' };
const interrupt =
  'Your admin has required that you set up this account for additional security verification';

describe('Additional security verification', () => {
  let pages: Pages;
  let anna: User;
  let visitor: Visitor;

  const begins = async (
    policy: Readonly<Record<string, unknown>> = {},
    change: Partial<User> = {},
    language = 'en',
  ): Promise<void> => {
    await pages?.close();
    pages = await startPages({ organisation, ...policy });
    anna = await pages.person({ perUserMfaState: 'enabled', ...change });
    visitor = newVisitor(pages.server, { language });
  };
  const arrives = async (): Promise<void> => {
    await visitor.open('/sign-in');
    await visitor.press('Next', { name: anna.userPrincipalName });
    await visitor.press('Sign in', { password });
  };
  const stateOf = async (): Promise<string | undefined> =>
    (await pages.stores.users.find(anna.id))?.perUserMfaState;
  const calls = async (): Promise<readonly CallMessage[]> =>
    (await pages.sent()).flatMap(({ message }) => (message.kind === 'call' ? [message] : []));

  beforeEach(async () => {
    await begins({ appPasswords: { allowed: true } });
  });
  afterEach(() => pages.close());

  it('stops somebody at the first sign-in and sets up a phone by text, in three steps', async () => {
    await arrives();
    assert.equal(visitor.page.heading, interrupt);
    await visitor.press('Set it up now');
    assert.equal(visitor.page.heading, 'Step 1: How should we contact you?');
    assert.match(visitor.page.text, /Step 1 of 3/);
    await visitor.press('Next', { way: 'mobile', by: 'text', number: '06 12345612' });
    assert.equal(visitor.page.heading, "Step 2: We've sent a text message to your phone");
    assert.match(visitor.page.text, /Step 2 of 3/);
    await visitor.press('Verify', { code: codeIn(await pages.sent()) });
    assert.equal(visitor.page.heading, 'Step 3: Keep using your existing applications');
    assert.match(visitor.page.text, /App password “Older apps”/);
    const [, appPassword = ''] =
      /<copy-text[^>]* text="([A-Z2-7]{24})"/.exec(visitor.page.html) ?? [];
    assert.equal(appPassword.length, 24);
    assert.match(visitor.page.text, /It works for 90 days/);
    assert.equal(await stateOf(), 'enabled', 'nobody is in before Done');
    assert.deepEqual(await pages.stores.appPasswords.list(anna.id), [], 'nor by an app password');
    await visitor.press('Done');
    assert.equal(visitor.page.heading, 'My Profile');
    assert.match(visitor.page.text, /Phone - text \(\+31 ·· ·· ·· 12\)/);
    assert.equal(await stateOf(), 'enforced');
    const [made, ...more] = await pages.stores.appPasswords.list(anna.id);
    assert.equal(more.length, 0);
    const daysMs = 90 * 86_400_000;
    assert.equal(made?.expiresAt?.getTime(), pages.clock.now().getTime() + daysMs);
  });

  it('makes the app password with Done, and tells of it by mail as of any other', async () => {
    await arrives();
    await visitor.press('Set it up now');
    await visitor.press('Next', { way: 'mobile', by: 'text', number: '06 12345612' });
    await visitor.press('Verify', { code: codeIn(await pages.sent()) });
    const isTold = async (): Promise<boolean> =>
      (await pages.sent()).some(
        ({ message }) =>
          message.kind === 'mail' && message.subject.startsWith('An app password was made'),
      );
    assert.equal(await isTold(), false);
    await visitor.press('Done');
    assert.equal(await isTold(), true);
  });

  it('sets up a phone by call, waits for #, and moves on', async () => {
    await arrives();
    await visitor.press('Set it up now');
    await visitor.press('Next', { way: 'mobile', by: 'call', number: '+31 6 12345612' });
    assert.equal(visitor.page.heading, "Step 2: We're calling your phone");
    assert.match(visitor.page.text, /press #/);
    await pages.pressesKeys('#');
    await visitor.open(visitor.page.path);
    assert.equal(visitor.page.heading, 'Step 3: Keep using your existing applications');
  });

  it('removes an extension that was typed on a mobile phone, and says so before the call', async () => {
    await arrives();
    await visitor.press('Set it up now');
    await visitor.press('Next', { way: 'mobile', by: 'call', number: '+31 6 12345612 x123' });
    assert.match(visitor.page.text, /We removed extension 123/);
    const [call] = await calls();
    assert.equal(call?.to, '+31612345612');
    assert.equal(call?.extension, undefined);
  });

  it('calls the office phone of the directory, which nobody changes here', async () => {
    await begins({}, { businessPhone: '+31201234567', businessPhoneExtension: '23' });
    await arrives();
    await visitor.press('Set it up now');
    assert.match(
      visitor.page.html,
      /<input[^>]*name="officeNumber"[^>]*value="\+31 20 123 4567 x23"[^>]* readonly/,
    );
    assert.match(visitor.page.text, /Wrong\? Ask your admin/);
    await visitor.press('Next', { way: 'office', number: '+31 20 7654321' });
    const [call] = await calls();
    assert.deepEqual([call?.to, call?.extension], ['+31201234567', '23']);
  });

  it('calls a typed office phone and dials its extension, where the directory has none', async () => {
    await arrives();
    await visitor.press('Set it up now');
    await visitor.press('Next', { way: 'office', number: '020 123 4567', extension: '23' });
    assert.equal(visitor.page.heading, "Step 2: We're calling your phone");
    assert.match(visitor.page.text, /\+31 ·· ·· ·· 67 x23/);
    const [call] = await calls();
    assert.deepEqual([call?.to, call?.extension], ['+31201234567', '23']);
  });

  it('sets up an app with its QR code or by hand, and a backup phone, in four steps', async () => {
    await arrives();
    await visitor.press('Set it up now');
    await visitor.press('Set up', { way: 'app', appUse: 'code' });
    assert.equal(visitor.page.heading, 'Step 2: Enter the verification code from the mobile app');
    assert.match(visitor.page.text, /Step 2 of 4/);
    assert.match(visitor.page.html, /<svg role="img" aria-label="QR code/);
    const [key = ''] = /\b[A-Z2-7]{32}\b/.exec(visitor.page.html) ?? [];
    const bytes = decodeBase32(key) ?? new Uint8Array();
    await visitor.press('Verify', { code: totp(bytes, pages.clock.now().getTime() / 1000) });
    assert.equal(visitor.page.heading, 'Step 3: In case you lose access to the mobile app');
    assert.match(visitor.page.text, /Without a backup phone/);
    await visitor.press('Next', { by: 'text', number: '0612345612' });
    assert.equal(visitor.page.heading, "Step 3: We've sent a text message to your phone");
    await visitor.press('Verify', { code: codeIn(await pages.sent()) });
    assert.equal(visitor.page.heading, 'Step 4: Keep using your existing applications');
    assert.match(visitor.page.text, /Step 4 of 4/);
    await visitor.press('Done');
    assert.match(visitor.page.text, /Authenticator app or hardware token - code Default/);
    assert.match(visitor.page.text, /Phone - text/);
  });

  it('lets the backup phone be skipped', async () => {
    await arrives();
    await visitor.press('Set it up now');
    await visitor.press('Set up', { way: 'app', appUse: 'code' });
    const [key = ''] = /\b[A-Z2-7]{32}\b/.exec(visitor.page.html) ?? [];
    const bytes = decodeBase32(key) ?? new Uint8Array();
    await visitor.press('Verify', { code: totp(bytes, pages.clock.now().getTime() / 1000) });
    await visitor.press('Go on without a backup phone');
    assert.equal(visitor.page.heading, 'Step 4: Keep using your existing applications');
  });

  it('makes no app password for whoever uses no older apps', async () => {
    await arrives();
    await visitor.press('Set it up now');
    await visitor.press('Next', { way: 'mobile', by: 'text', number: '06 12345612' });
    await visitor.press('Verify', { code: codeIn(await pages.sent()) });
    await visitor.press("I don't use older apps");
    assert.equal(visitor.page.heading, 'My Profile');
    assert.deepEqual(await pages.stores.appPasswords.list(anna.id), []);
  });

  it('says in one sentence where there are no app passwords', async () => {
    await begins();
    await arrives();
    await visitor.press('Set it up now');
    await visitor.press('Next', { way: 'mobile', by: 'text', number: '06 12345612' });
    await visitor.press('Verify', { code: codeIn(await pages.sent()) });
    assert.match(visitor.page.text, /Your organisation does not use app passwords/);
    assert.deepEqual(
      visitor.buttons().filter((label) => label !== 'Not you?'),
      ['Done'],
    );
  });

  it('helps with the call that has to wait, not with the text before it', async () => {
    await begins();
    await arrives();
    await visitor.press('Set it up now');
    await visitor.press('Next', { way: 'mobile', by: 'text', number: '06 12345612' });
    await visitor.press('Back');
    await visitor.press('Next', { way: 'mobile', by: 'call', number: '06 12345612' });
    assert.match(visitor.page.text, /Nothing was sent to your phone yet/);
    assert.match(visitor.page.text, /Help if no call comes/);
    assert.doesNotMatch(visitor.page.text, /Help if no text comes/);
  });

  it('greys out what is not allowed, with the reason', async () => {
    await begins({
      methods: {
        'authenticator-code': { enabled: false },
        notification: { enabled: false },
        'phone-call': { enabled: false },
      },
    });
    await arrives();
    await visitor.press('Set it up now');
    assert.match(visitor.page.html, /<option value="office" disabled>Office phone/);
    assert.match(visitor.page.html, /<option value="app" disabled>Mobile app/);
    assert.match(
      visitor.page.text,
      /Office phone, Mobile app: your organisation does not allow these methods\. Choose another one/,
      'the reason once for all that it holds for',
    );
    assert.match(visitor.page.html, /<input type="radio"[^>]*value="call"[^>]* disabled/);
    await visitor.press('Set up', { way: 'app' });
    assert.equal(visitor.page.status, 422);
    await visitor.press('Next', { way: 'mobile', by: 'call', number: '06 12345612' });
    assert.equal(visitor.page.status, 422);
    assert.match(visitor.page.text, /Method .*does not allow this method/);
  });

  it('says so where the directory has no office number and nobody may type one', async () => {
    await begins({ methods: { 'phone-call': { settings: { officePhoneTyped: false } } } });
    await arrives();
    await visitor.press('Set it up now');
    assert.match(visitor.page.html, /<option value="office" disabled>/);
    await visitor.press('Next', { way: 'office', number: '020 123 4567' });
    assert.equal(visitor.page.status, 422);
    assert.match(visitor.page.title, /^Error: /);
    assert.match(visitor.page.text, /no office number for you/);
  });

  it('says what is wrong with a number, and keeps what was typed', async () => {
    await arrives();
    await visitor.press('Set it up now');
    await visitor.press('Next', { way: 'mobile', by: 'call', number: '06 12' });
    assert.equal(visitor.page.status, 422);
    assert.match(visitor.page.title, /^Error: Step 1/);
    assert.match(visitor.page.html, /<a href="#number">/);
    assert.match(visitor.page.html, /name="number"[^>]*value="06 12"/);
    assert.match(visitor.page.html, /value="call" checked/);
  });

  it('has the countries in the language of the page, the own one first', async () => {
    await arrives();
    await visitor.press('Set it up now');
    await visitor.open(`${visitor.page.path}?lang=nl`);
    assert.equal(visitor.page.heading, 'Stap 1: Hoe moeten we contact met u opnemen?');
    const countries = [...visitor.page.html.matchAll(/<option value="([A-Z]{2})"[^>]*>([^<]*)/g)];
    assert.deepEqual(countries[0]?.slice(1), ['NL', 'Nederland (+31)']);
    assert.ok(countries.some(([, , label]) => label?.startsWith('Duitsland (+49)')));
  });

  it('goes back a step without losing what was typed', async () => {
    await arrives();
    await visitor.press('Set it up now');
    await visitor.press('Next', { way: 'mobile', by: 'call', number: '06 12345612' });
    await visitor.press('Back');
    assert.equal(visitor.page.heading, 'Step 1: How should we contact you?');
    assert.match(visitor.page.html, /name="number"[^>]*value="\+31612345612"/);
    assert.match(visitor.page.html, /value="call" checked/);
  });

  it('texts once who clicks Next twice, and that code counts', async () => {
    await arrives();
    await visitor.press('Set it up now');
    const again = visitor.newTab();
    await again.open(visitor.page.path);
    const phone = { way: 'mobile', by: 'text', number: '06 12345612' };
    await visitor.press('Next', phone);
    await again.press('Next', phone);
    assert.equal(again.page.heading, "Step 2: We've sent a text message to your phone");
    await again.press('Verify', { code: codeIn(await pages.sent()) });
    assert.equal(again.page.heading, 'Step 3: Keep using your existing applications');
  });

  it('shows one key who clicks Set up twice', async () => {
    await arrives();
    await visitor.press('Set it up now');
    const again = visitor.newTab();
    await again.open(visitor.page.path);
    const keyOf = ({ page }: Visitor): string | undefined =>
      /secret=([A-Z2-7]+)/.exec(page.html)?.[1];
    await visitor.press('Set up', { way: 'app', appUse: 'code' });
    await again.press('Set up', { way: 'app', appUse: 'code' });
    assert.ok(keyOf(visitor));
    assert.equal(keyOf(again), keyOf(visitor));
  });

  it('takes a form that was filled in again after the browser went back', async () => {
    await arrives();
    await visitor.press('Set it up now');
    const other = visitor.newTab();
    await other.open(visitor.page.path);
    await visitor.press('Next', { way: 'mobile', by: 'text', number: '06 12345612' });
    pages.clock.advanceSeconds(31);
    await other.press('Next', { way: 'mobile', by: 'text', number: '06 12345699' });
    assert.match(other.page.text, /\+31 ·· ·· ·· 99/);
  });

  it('starts the test with Contact me where a limit stood in the way before', async () => {
    await arrives();
    await visitor.press('Set it up now');
    await visitor.press('Next', { way: 'mobile', by: 'text', number: '06 12345612' });
    await visitor.press('Back');
    await visitor.press('Next', { way: 'mobile', by: 'text', number: '06 12345699' });
    assert.equal(visitor.page.heading, 'Step 2: Verify your phone');
    assert.match(visitor.page.text, /The next one is possible in 30 seconds/);
    pages.clock.advanceSeconds(31);
    await pages.sent();
    await visitor.press('Contact me');
    assert.equal(visitor.page.heading, "Step 2: We've sent a text message to your phone");
    assert.match(visitor.page.text, /\+31 ·· ·· ·· 99/);
  });

  it('contacts again after nobody answered', async () => {
    await arrives();
    await visitor.press('Set it up now');
    await visitor.press('Next', { way: 'mobile', by: 'call', number: '06 12345612' });
    pages.clock.advanceSeconds(61);
    await visitor.open(visitor.page.path);
    assert.match(visitor.page.text, /We didn't hear from you/);
    await visitor.press('Contact me');
    assert.equal(visitor.page.heading, "Step 2: We're calling your phone");
  });

  it('lets nobody in half-way, and loses nothing that was proved', async () => {
    await arrives();
    await visitor.press('Set it up now');
    await visitor.press('Next', { way: 'mobile', by: 'text', number: '06 12345612' });
    await visitor.press('Verify', { code: codeIn(await pages.sent()) });
    const page = visitor.page.path;
    await visitor.open('/my-profile');
    assert.equal(visitor.page.heading, 'Sign in');

    pages.clock.advanceSeconds(31);
    const later = newVisitor(pages.server);
    await later.open('/sign-in');
    await later.press('Next', { name: anna.userPrincipalName });
    await later.press('Sign in', { password });
    await later.press('Verify', { code: codeIn(await pages.sent()) });
    assert.equal(later.page.heading, interrupt);
    await later.press('Set it up now');
    assert.equal(later.page.heading, 'Step 3: Keep using your existing applications');
    assert.match(later.page.text, /App password “Older apps”/, 'the first one was never made');
    await later.press('Done');
    assert.equal(later.page.heading, 'My Profile');
    assert.equal((await pages.stores.appPasswords.list(anna.id)).length, 1);
    await visitor.open(page);
    assert.notEqual(visitor.page.heading, 'My Profile');
  });

  it('belongs to the sign-in that waits for it', async () => {
    await arrives();
    await visitor.open(visitor.page.path.replace('/registration/', '/sign-in/'));
    assert.equal(visitor.page.heading, interrupt);
    const stranger = newVisitor(pages.server);
    await stranger.open(visitor.page.path);
    assert.equal(stranger.page.status, 404);
  });

  it('speaks Dutch', async () => {
    await begins({ appPasswords: { allowed: true } }, {}, 'nl');
    await visitor.open('/sign-in');
    await visitor.press('Volgende', { name: anna.userPrincipalName });
    await visitor.press('Aanmelden', { password });
    assert.equal(
      visitor.page.heading,
      'Uw beheerder vereist dat u dit account instelt voor aanvullende beveiligingsverificatie',
    );
    await visitor.press('Nu instellen');
    await visitor.press('Volgende', { way: 'mobile', by: 'text', number: '06 12345612' });
    assert.equal(
      visitor.page.heading,
      'Stap 2: We hebben een sms-bericht naar uw telefoon gestuurd',
    );
    await visitor.press('Verifiëren', { code: codeIn(await pages.sent()) });
    assert.equal(visitor.page.heading, 'Stap 3: Bestaande toepassingen blijven gebruiken');
    assert.match(visitor.page.text, /App-wachtwoord ‘Oudere apps’/);
    await visitor.press('Gereed');
    assert.equal(visitor.page.heading, 'Mijn profiel');
  });
});

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import type { User } from '../../../accounts/user.ts';
import { decodeBase32 } from '../../../lib/otp/base32.ts';
import { totp } from '../../../lib/otp/otp.ts';
import { systemRandom } from '../../../lib/random.ts';
import { passSecret } from '../../../methods/temporary-access-pass/secret.ts';
import { startPages, type Pages } from '../../../../test/support/pages.ts';
import { appKey, codeIn, password } from '../../../../test/support/signin.ts';
import { newVisitor, type Visitor } from '../../../../test/support/visitor.ts';

describe('Security info', () => {
  let pages: Pages;
  let chris: User;
  let visitor: Visitor;

  const begins = async (
    policy: Readonly<Record<string, unknown>> = {},
    change: Partial<User> = {},
    registered: readonly ('phone' | 'app')[] = ['phone', 'app'],
  ): Promise<void> => {
    await pages?.close();
    pages = await startPages({ organisation: { name: 'Voorbeeld' }, ...policy });
    chris = await pages.person({ displayName: 'Chris Bakker', ...change });
    if (registered.includes('phone')) await pages.phone(chris);
    pages.clock.advanceSeconds(1);
    if (registered.includes('app')) await pages.app(chris);
    pages.clock.advanceSeconds(1);
    visitor = newVisitor(pages.server);
    await visitor.open('/sign-in');
    await visitor.press('Next', { name: chris.userPrincipalName });
    await visitor.press('Sign in', { password });
  };
  const provesByApp = async (): Promise<void> => {
    await visitor.press('Verify', { code: pages.appCode() });
  };
  /** As long ago that the next code of the app is a new one, and the second step is old. */
  const sixMinutesPass = (): void => pages.clock.advanceSeconds(360);
  const opens = async (): Promise<void> => {
    await begins();
    await provesByApp();
    await visitor.follow('Security info');
    await pages.sent();
  };
  const registered = async (): Promise<readonly string[]> =>
    (await pages.stores.registrations.list(chris.id)).map(({ kind, slot }) => `${kind} ${slot}`);
  const pressesOnPhone = async (label: string): Promise<void> => {
    // The list has a button of each name for each method: the phone is the first of them.
    await visitor.press(`${label} Authentication phone, +31 ·· ·· ·· 12`);
  };
  const choices = (): readonly string[] =>
    [...visitor.page.html.matchAll(/<option [^>]*>([^<]*)/g)].map(([, label = '']) => label);
  const keyOnPage = (): Uint8Array => {
    const [, key = ''] = /secret=([A-Z2-7]+)/.exec(visitor.page.html) ?? [];
    return decodeBase32(key) ?? assert.fail('no key on the page');
  };
  const addsApp = async (): Promise<void> => {
    await visitor.follow('Add method');
    await visitor.press('Add', { place: 'authenticator-app.' });
    await visitor.press('Set up', { appUse: 'code' });
    const code = totp(keyOnPage(), pages.clock.now().getTime() / 1000);
    await visitor.press('Verify', { code });
  };

  beforeEach(opens);
  afterEach(() => pages.close());

  it('is reached by the navigation and by a block of My Profile', async () => {
    assert.equal(visitor.page.heading, 'Security info');
    await visitor.open('/my-profile');
    const links = [...visitor.page.html.matchAll(/<a\b[^>]*href="\/my-profile\/security-info"/g)];
    assert.equal(links.length, 2);
  });

  it('says of a pass that was used only that it was', async () => {
    const issued = await pages.administration.issuePass(
      chris.id,
      { length: 8, minutes: 60, once: true, forgets: false },
      'command-line',
    );
    assert.ok(issued !== undefined);
    await visitor.open('/my-profile/security-info');
    assert.match(visitor.page.text, /Temporary Access Pass Good once, until .* For sign-in Added/);
    const pass = (await pages.stores.registrations.list(chris.id)).find(
      ({ kind }) => kind === 'temporary-access-pass',
    );
    assert.ok(pass !== undefined);
    const usedAt = pages.clock.now().getTime();
    const used = { ...passSecret.parse(pass.secret), usedAt };
    assert.ok(await pages.stores.registrations.replace(pass.id, pass.version, used));
    await visitor.open('/my-profile/security-info');
    assert.match(visitor.page.text, /Temporary Access Pass Used Added/);
    assert.doesNotMatch(visitor.page.text, /does not allow this method now/);
  });

  it('lists each thing with what it is good for, since when, and which is the default', () => {
    const { text, html } = visitor.page;
    assert.match(
      text,
      /Authentication phone \+31 ·· ·· ·· 12 For sign-in and password reset Added now · Not used yet Change/,
    );
    assert.match(
      text,
      /Authenticator app Default sign-in method Verification codes .* Added now · Last used now Delete/,
    );
    assert.match(text, /Default sign-in method Authenticator app or hardware token - code/);
    assert.doesNotMatch(html, /31612345612/);
  });

  it('says which is set aside since a sign-in was reported', async () => {
    await pages.stores.registrations.suspendAll(chris.id, pages.clock.now());
    await visitor.open('/my-profile/security-info');
    assert.match(visitor.page.text, /\+31 ·· ·· ·· 12 Set aside since you said/);
    assert.doesNotMatch(visitor.page.text, /Verification codes Set aside/);
  });

  it('sends whoever is not signed in to sign in, whatever they ask for', async () => {
    const [phone] = await pages.stores.registrations.list(chris.id);
    for (const path of ['', '/add', '/default', `/${phone?.id}/delete`, `/${phone?.id}/change`]) {
      const stranger = newVisitor(pages.server);
      await stranger.open(`/my-profile/security-info${path}`);
      assert.equal(stranger.page.heading, 'Sign in');
    }
  });

  it('asks for the second step of whoever came without one, and comes back', async () => {
    await begins({ trustedIps: ['127.0.0.0/8'] });
    assert.equal(visitor.page.heading, 'My Profile');
    await visitor.follow('Security info');
    assert.equal(visitor.page.heading, 'Enter the verification code from the mobile app');
    await provesByApp();
    assert.equal(visitor.page.heading, 'Security info');
  });

  it('shows the list after hours, and asks anew before anything is changed', async () => {
    sixMinutesPass();
    await visitor.open('/my-profile/security-info');
    assert.equal(visitor.page.heading, 'Security info');
    await visitor.follow('Delete Authentication phone, +31 ·· ·· ·· 12');
    assert.equal(visitor.page.heading, 'Enter the verification code from the mobile app');
    assert.match(visitor.page.text, /Show once more that it is you/);
    const other = visitor.newTab();
    await other.open(visitor.page.path);
    await other.follow('Back to My Profile');
    assert.equal(other.page.heading, 'My Profile');
    await provesByApp();
    assert.equal(visitor.page.heading, 'Delete Authentication phone?');
    sixMinutesPass();
    await visitor.press('Yes');
    assert.equal(visitor.page.heading, 'Enter the verification code from the mobile app');
    assert.equal((await registered()).length, 2);
    await provesByApp();
    assert.equal(visitor.page.heading, 'Delete Authentication phone?');
    await visitor.press('Yes');
    assert.match(visitor.page.text, /The method was deleted/);
  });

  describe('Add method', () => {
    it('offers what is allowed and not there yet', async () => {
      await visitor.follow('Add method');
      const labels = choices();
      assert.ok(labels.includes('Alternate authentication phone'));
      assert.ok(labels.includes('Office phone'));
      assert.ok(labels.includes('Authenticator app'));
      assert.ok(!labels.includes('Authentication phone'));
    });

    it('leaves out what is not allowed (row S-094)', async () => {
      await begins({
        methods: {
          'phone-call': { enabled: false },
          'authenticator-code': { excludedGroups: ['guests'] },
          'security-key': { includedGroups: ['guests'] },
        },
      });
      await provesByApp();
      await visitor.open('/my-profile/security-info/add');
      assert.ok(choices().includes('Authenticator app'));
      assert.ok(!choices().includes('Office phone'));
      assert.ok(!choices().includes('Security key'));
      await visitor.press('Add', { place: 'phone.office' });
      assert.equal(visitor.page.status, 422);
      assert.match(visitor.page.title, /^Error: /);
    });

    it('leaves out the office phone where only the directory may name it, and names none', async () => {
      await begins({ methods: { 'phone-call': { settings: { officePhoneTyped: false } } } });
      await provesByApp();
      await visitor.open('/my-profile/security-info/add');
      assert.ok(!choices().includes('Office phone'));
    });

    it('adds a phone by a call, and leaves the default as it was (rows S-106 to S-110)', async () => {
      await visitor.follow('Add method');
      await visitor.press('Add', { place: 'phone.alternateMobile' });
      assert.equal(visitor.page.heading, 'Alternate authentication phone');
      assert.match(visitor.page.title, /Add a method/);
      assert.doesNotMatch(visitor.page.text, /Step 1|Additional security verification/);
      await visitor.press('Next', { number: '06 87654321', by: 'call' });
      assert.equal(visitor.page.heading, 'Answer the call to your phone');
      await pages.pressesKeys('#');
      await visitor.open(visitor.page.path);
      assert.equal(visitor.page.heading, 'Security info');
      assert.match(visitor.page.text, /Added: Alternate authentication phone\./);
      assert.match(
        visitor.page.text,
        /Your default sign-in method is Authenticator app or hardware token - code\./,
      );
      assert.ok((await registered()).includes('phone alternateMobile'));
    });

    it('adds a phone by a text, after what was typed could not be read', async () => {
      await visitor.follow('Add method');
      await visitor.press('Add', { place: 'phone.alternateMobile' });
      await visitor.press('Next', { number: '06 12', by: 'text' });
      assert.equal(visitor.page.status, 422);
      assert.match(visitor.page.title, /^Error: Alternate authentication phone/);
      assert.match(visitor.page.html, /name="number"[^>]*value="06 12"/);
      assert.match(visitor.page.html, /<a href="#number">/);
      await visitor.press('Next', { number: '06 87654321', by: 'text' });
      await visitor.press('Back');
      assert.match(visitor.page.html, /name="number"[^>]*value="\+31687654321"/);
      await visitor.press('Next');
      assert.match(visitor.page.text, /You can send a text|Wait|again/);
      pages.clock.advanceSeconds(31);
      await visitor.press('Contact me');
      await visitor.press('Verify', { code: codeIn((await pages.sent()).slice(-1)) });
      assert.match(visitor.page.text, /Added: Alternate authentication phone\./);
    });

    it('removes an extension typed on a mobile number, and says so before the call (row S-093)', async () => {
      await visitor.follow('Add method');
      await visitor.press('Add', { place: 'phone.alternateMobile' });
      await visitor.press('Next', { number: '06 87654321 x123', by: 'call' });
      assert.match(visitor.page.text, /We removed extension 123/);
      const [call] = (await pages.sent()).map(({ message }) => message);
      assert.ok(call?.kind === 'call');
      assert.deepEqual([call.to, call.extension], ['+31687654321', undefined]);
    });

    it('leads to a new app password where they are allowed (row E-065)', async () => {
      await visitor.follow('Add method');
      assert.doesNotMatch(visitor.page.html, /value="app-password"/);
      await visitor.press('Add', { place: 'app-password' });
      assert.match(visitor.page.text, /Choose a method/);

      await begins({ appPasswords: { allowed: true } });
      await provesByApp();
      await visitor.open('/my-profile/security-info/add');
      assert.match(visitor.page.html, /<option value="app-password">App password/);
      await visitor.press('Add', { place: 'app-password' });
      assert.equal(visitor.page.path, '/my-profile/app-passwords/add');
    });

    it('takes a typed office phone with its extension, or the one of the directory', async () => {
      await visitor.follow('Add method');
      await visitor.press('Add', { place: 'phone.office' });
      assert.doesNotMatch(visitor.page.html, /name="by"/);
      await visitor.press('Next', { number: '020 123 4567', extension: '23' });
      assert.match(visitor.page.text, /\+31 ·· ·· ·· 67 x23/);

      await begins({}, { businessPhone: '+31201234568', businessPhoneExtension: '42' });
      await provesByApp();
      await visitor.open('/my-profile/security-info/add');
      await visitor.press('Add', { place: 'phone.office' });
      assert.match(visitor.page.html, /name="officeNumber"[^>]*value="\+31 20 123 4568 x42"/);
      await visitor.press('Next');
      await pages.pressesKeys('#');
      await visitor.open(visitor.page.path);
      assert.match(visitor.page.text, /Added: Office phone\./);
    });

    it('adds an authenticator app without asking anything first, where it is good for codes only', async () => {
      await begins({ methods: { notification: { enabled: false } } });
      await provesByApp();
      await visitor.follow('Security info');
      await visitor.follow('Add method');
      await visitor.press('Add', { place: 'authenticator-app.' });
      assert.equal(visitor.page.heading, 'Enter the verification code from the mobile app');
      assert.match(visitor.page.html, /<svg role="img" aria-label="QR code/);
      const code = totp(keyOnPage(), pages.clock.now().getTime() / 1000);
      await visitor.press('Verify', { code });
      assert.match(visitor.page.text, /Added: Authenticator app\./);
      assert.deepEqual(await registered(), [
        'phone mobile',
        'authenticator-app 1',
        'authenticator-app 2',
      ]);
    });

    it('asks for the second step first where it is old, and then begins at the push of a button', async () => {
      sixMinutesPass();
      await visitor.open('/my-profile/security-info/add');
      await visitor.press('Add', { place: 'authenticator-app.' });
      await provesByApp();
      assert.equal(visitor.page.heading, 'Authenticator app');
      await visitor.press('Set up', { appUse: 'code' });
      assert.match(visitor.page.html, /<svg role="img" aria-label="QR code/);
    });

    it('says that five authenticator apps are enough, and where one more is refused (row E-058)', async () => {
      for (let more = 0; more < 3; more += 1) await addsApp();
      await visitor.follow('Add method');
      await visitor.press('Add', { place: 'authenticator-app.' });
      await visitor.press('Set up', { appUse: 'code' });
      const code = totp(keyOnPage(), pages.clock.now().getTime() / 1000);
      // Meanwhile the last place is taken elsewhere.
      await pages.stores.registrations.add({
        id: systemRandom.token(16),
        userId: chris.id,
        kind: 'authenticator-app',
        slot: '5',
        secret: { key: appKey },
        version: 1,
        createdAt: pages.clock.now(),
        lastUsedAt: undefined,
      });
      await visitor.press('Verify', { code });
      assert.equal(visitor.page.heading, 'Security info');
      assert.match(visitor.page.text, /It was not added/);
      assert.equal((await registered()).length, 6);
      assert.match(visitor.page.text, /You can't set up another authenticator app because you/);
      await visitor.follow('Add method');
      assert.ok(!choices().includes('Authenticator app'));
      assert.match(visitor.page.text, /because you already have 5 authenticator apps/);
    });

    it('ends what was begun when it is cancelled: a call that still rings proves nothing', async () => {
      await visitor.follow('Add method');
      await visitor.press('Add', { place: 'phone.alternateMobile' });
      await visitor.press('Next', { number: '06 87654321', by: 'call' });
      await visitor.press('Cancel');
      assert.equal(visitor.page.heading, 'Security info');
      await pages.pressesKeys('#');
      assert.equal((await registered()).length, 2);
    });
  });

  describe('Change', () => {
    it('puts a proved number in the place of the old one, and keeps the old until then', async () => {
      await pressesOnPhone('Change');
      assert.equal(visitor.page.heading, 'Authentication phone');
      assert.match(visitor.page.text, /Now it is \+31 ·· ·· ·· 12\. That goes on working/);
      await visitor.press('Next', { number: '06 87654321', by: 'text' });
      const [old] = await pages.stores.registrations.list(chris.id);
      assert.match(JSON.stringify(old?.secret), /31612345612/);
      await visitor.press('Verify', { code: codeIn(await pages.sent()) });
      assert.equal(visitor.page.heading, 'Security info');
      assert.match(visitor.page.text, /The new one was proved and counts from now on/);
      assert.match(visitor.page.text, /Authentication phone \+31 ·· ·· ·· 21/);
      assert.equal((await registered()).length, 2);
    });

    it('is not there for what can only be deleted and added', () => {
      assert.ok(!visitor.buttons().includes('Change Authenticator app, Verification codes'));
    });
  });

  describe('Delete', () => {
    it('asks first, and No changes nothing (rows S-112, S-113)', async () => {
      await visitor.follow('Delete Authenticator app, Verification codes');
      assert.equal(visitor.page.heading, 'Delete Authenticator app?');
      assert.match(visitor.page.text, /Authenticator app, Verification codes Added .* Last used/);
      assert.match(visitor.page.text, /This cannot be undone/);
      assert.match(visitor.page.text, /It is your default sign-in method/);
      assert.match(visitor.page.text, /Delete the account in the app as well/);
      await visitor.follow('No');
      assert.equal(visitor.page.heading, 'Security info');
      assert.equal((await registered()).length, 2);
    });

    it('says what became the default (rows S-114, S-115)', async () => {
      await visitor.follow('Delete Authenticator app, Verification codes');
      await visitor.press('Yes');
      assert.match(
        visitor.page.text,
        /It was your default sign-in method\. From now on the default is Phone - text \(\+31 ·· ·· ·· 12\)/,
      );
      assert.doesNotMatch(visitor.page.text, /Verification codes/);
    });

    it('is not there for the last one of somebody who must have one', async () => {
      await visitor.follow('Delete Authentication phone, +31 ·· ·· ·· 12');
      const late = visitor.newTab();
      const [phone, app] = await pages.stores.registrations.list(chris.id);
      await late.open(`/my-profile/security-info/${app?.id}/delete`);
      await visitor.press('Yes');
      assert.match(
        visitor.page.text,
        /the only one you can sign in with, so it cannot be deleted\. Add another method first/,
      );
      assert.doesNotMatch(visitor.page.html, new RegExp(`${app?.id}/delete`));
      await late.press('Yes');
      assert.match(late.page.text, /It was not deleted/);
      await late.open(`/my-profile/security-info/${phone?.id}/delete`);
      assert.match(late.page.text, /not registered any more/);
      assert.deepEqual(await registered(), ['authenticator-app 1']);
    });
  });

  describe('Default sign-in method', () => {
    it('is chosen among what can be asked, by the labels that people know (rows S-116 to S-119)', async () => {
      await visitor.follow('Change Default sign-in method');
      assert.deepEqual(choices(), [
        'Authenticator app or hardware token - code',
        'Phone - text (+31\u00a0··\u00a0··\u00a0··\u00a012)',
        'Phone - call (+31\u00a0··\u00a0··\u00a0··\u00a012)',
      ]);
      const [phone] = await pages.stores.registrations.list(chris.id);
      await visitor.press('Confirm', { option: `${phone?.id}.phone-call` });
      assert.match(
        visitor.page.text,
        /Your default sign-in method is now Phone - call \(\+31 ·· ·· ·· 12\)/,
      );
    });

    it('says what is asked first instead, where the organisation prefers the strongest', async () => {
      assert.match(visitor.page.text, /You are asked in this way first/);
      const [phone] = await pages.stores.registrations.list(chris.id);
      const defaultMethod = { registrationId: phone?.id ?? '', methodId: 'text-message' };
      await pages.stores.users.setDefaultMethod(chris.id, defaultMethod);
      await pages.policies.change((policy) => ({ ...policy, systemPreferred: true }));
      await visitor.open('/my-profile/security-info');
      assert.match(
        visitor.page.text,
        /asks you first for the strongest that you have, .*: Authenticator app or hardware token - code\./,
      );
    });

    it('is not set to what is not there', async () => {
      await visitor.follow('Change Default sign-in method');
      await visitor.press('Confirm', { option: `${systemRandom.token(16)}.phone-call` });
      assert.match(visitor.page.text, /not registered any more\. Nothing was changed/);
    });
  });

  it('says nothing of its own that stands in the address', async () => {
    for (const done of ['Your-account-is-blocked', '', '%3Cb%3E']) {
      await visitor.open(`/my-profile/security-info?done=${done}`);
      assert.equal(visitor.page.status, 200);
      assert.doesNotMatch(visitor.page.html, /class="notice/);
    }
  });

  it('says to somebody with nothing registered what the organisation asks', async () => {
    await begins({}, { perUserMfaState: 'disabled' }, []);
    await visitor.open('/my-profile/security-info');
    assert.match(visitor.page.text, /Nothing is registered yet/);
    assert.match(visitor.page.text, /does not ask you for a second step/);
    await visitor.follow('Add method');
    assert.ok(choices().includes('Authentication phone'));
    await visitor.press('Add', { place: 'phone.mobile' });
    await visitor.press('Next', { number: '06 87654321', by: 'text' });
    await visitor.press('Verify', { code: codeIn(await pages.sent()) });
    assert.match(visitor.page.text, /Added: Authentication phone\./);
    assert.match(visitor.page.text, /Your default sign-in method is Phone - text/);
  });

  it('says so to somebody who may not register by themselves', async () => {
    await begins({}, { perUserMfaState: 'disabled', mfaRequiredAt: undefined }, []);
    await visitor.open('/my-profile/security-info');
    assert.match(visitor.page.text, /only with the help of your admin/);
    assert.doesNotMatch(visitor.page.text, /Add method/);
    await visitor.open('/my-profile/security-info/add');
    assert.match(visitor.page.text, /Ask your admin: they can open the registration for you again/);
    assert.doesNotMatch(visitor.page.text, /network of your organisation/);
    assert.deepEqual(choices(), []);
    await visitor.follow('Security info');
    assert.equal(visitor.page.path, '/my-profile/security-info');
  });

  it('stops whoever asked while they still might, and says what to do', async () => {
    const policy = { trustedIps: ['192.0.2.0/24'] };
    await begins(policy, { perUserMfaState: 'disabled' }, []);
    await visitor.open('/my-profile/security-info/add');
    await pages.stores.users.change(chris.id, { mfaRequiredAt: undefined });
    await visitor.press('Add', { place: 'phone.mobile' });
    assert.doesNotMatch(visitor.page.text, /Phone number/);
    assert.match(visitor.page.text, /From the network of your organisation you can add one/);
  });

  it('does not name a method that the organisation has switched off', async () => {
    const off = { enabled: false };
    const methods = { 'text-message': off, 'phone-call': off, 'authenticator-code': off };
    await begins({ methods }, { perUserMfaState: 'disabled' }, []);
    await visitor.open('/my-profile/security-info');
    assert.doesNotMatch(visitor.page.text, /Authentication phone/);
  });
});

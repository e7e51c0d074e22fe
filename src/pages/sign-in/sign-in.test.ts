import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';

import type { User } from '../../accounts/user.ts';
import { startPages, type Pages } from '../../../test/support/pages.ts';
import { codeIn, password } from '../../../test/support/signin.ts';
import { newVisitor, type Visitor } from '../../../test/support/visitor.ts';

const name = 'anna@voorbeeld.example';

describe('the sign-in pages', () => {
  let pages: Pages;
  let anna: User;
  let visitor: Visitor;
  beforeEach(async () => {
    pages = await startPages({ organisation: { name: 'Voorbeeld', domain: 'voorbeeld.example' } });
    anna = await pages.person({ userPrincipalName: name });
    visitor = newVisitor(pages.server);
  });
  afterEach(() => pages.close());

  const typesName = async (who: Visitor = visitor, typed: string = name): Promise<void> => {
    await who.open('/sign-in');
    await who.press('Next', { name: typed });
  };
  const arrives = async (who: Visitor = visitor): Promise<void> => {
    await typesName(who);
    await who.press('Sign in', { password });
  };

  it('ask for the name, the password and the code of a text, one after another', async () => {
    await pages.phone(anna);
    await visitor.open('/sign-in');
    assert.equal(visitor.page.heading, 'Sign in');
    await visitor.press('Next', { name });
    assert.equal(visitor.page.heading, 'Enter your password');
    assert.match(visitor.page.text, /anna@voorbeeld\.example Not you\?/);
    await visitor.press('Sign in', { password });
    assert.equal(visitor.page.heading, 'Enter the code from the text message');
    assert.match(visitor.page.text, /\+31 ·· ·· ·· 12/);
    await visitor.press('Verify', { code: codeIn(await pages.sent()) });
    assert.equal(visitor.page.path, '/');
    assert.equal(visitor.page.heading, 'My Profile');
  });

  it('lead back to the page that was asked for, where that is one of our own', async () => {
    await pages.phone(anna);
    await visitor.open('/my-profile/recent-sign-ins');
    await visitor.press('Next', { name });
    await visitor.press('Sign in', { password });
    await visitor.press('Verify', { code: codeIn(await pages.sent()) });
    assert.equal(visitor.page.path, '/my-profile/recent-sign-ins');
    for (const to of ['//evil.example/my-profile', 'https://evil.example/', '/sign-out', '/x']) {
      // Whoever is signed in is led on at once.
      await visitor.open(`/sign-in?to=${encodeURIComponent(to)}`);
      assert.equal(visitor.page.path, '/', to);
    }
  });

  it('lead back from the other ways to the one that was asked first', async () => {
    await pages.phone(anna);
    await pages.app(anna);
    await arrives();
    const { heading } = visitor.page;
    await visitor.press('Sign in another way');
    await visitor.press('Back');
    assert.equal(visitor.page.heading, heading);
    await visitor.press('Verify', { code: pages.appCode() });
    assert.equal(visitor.page.heading, 'My Profile');
  });

  it('wait for a call and move on by themselves once # is pressed', async () => {
    await pages.phone(anna);
    await arrives();
    await visitor.press('Sign in another way');
    assert.equal(visitor.page.heading, 'Sign in another way');
    pages.clock.advanceSeconds(31);
    await visitor.press('Call +31 ·· ·· ·· 12 Authentication phone');
    assert.match(visitor.page.text, /We're calling \+31 ·· ·· ·· 12/);
    assert.match(visitor.page.html, /<noscript><meta http-equiv="refresh" content="5">/);

    const [, url = '', step = ''] =
      /<await-change url="([^"]+)" step="([^"]+)"/.exec(visitor.page.html) ?? [];
    assert.equal(JSON.parse((await visitor.ask(url)).body).step, step, 'nothing happened yet');
    await pages.pressesKeys('#');
    const moved = JSON.parse((await visitor.ask(url)).body);
    assert.notEqual(moved.step, step);
    await visitor.open(moved.href);
    assert.equal(visitor.page.heading, 'My Profile');
    assert.match(visitor.page.text, /Phone - call \(\+31 ·· ·· ·· 12\)/);
  });

  it('say when to ask to nobody but the browser that may ask', async () => {
    await pages.phone(anna);
    await arrives();
    const [, url = '', events = ''] =
      /<await-change url="([^"]+)" step="[^"]+" events="([^"]+)"/.exec(visitor.page.html) ?? [];
    assert.equal(events, url.replace(/status$/, 'events'));
    const statusFor = async ({ cookies }: Visitor, address: string): Promise<number> => {
      const cookie = [...cookies].map(([key, value]) => `${key}=${value}`).join('; ');
      const headers = { host: 'localhost:8080', accept: 'text/event-stream', cookie };
      return (await pages.server.inject({ method: 'HEAD', url: address, headers })).statusCode;
    };
    assert.equal(await statusFor(visitor, events), 200);
    assert.equal(await statusFor(newVisitor(pages.server), events), 404);
    const other = newVisitor(pages.server);
    await arrives(other);
    assert.equal(await statusFor(other, events), 404, 'not even to one that signs in as well');
    assert.equal(await statusFor(visitor, '/sign-in/nobody/events'), 404);
  });

  it('say nothing of a reset, not even to the browser that began it', async () => {
    const { id, browser } = await pages.signin.open({
      request: {
        purpose: 'reset',
        applicationId: undefined,
        applicationName: undefined,
        required: 'password',
        anew: 'nothing',
        returnTo: '/password-reset',
        subject: undefined,
      },
      locale: 'en',
      address: '127.0.0.1',
      userAgent: 'test',
      session: undefined,
    });
    const short = Buffer.from(id, 'base64url').subarray(0, 6).toString('hex');
    const headers = {
      host: 'localhost:8080',
      accept: 'application/json',
      cookie: `tweestap-attempt-${short}=${browser}`,
    };
    const statusOf = async (url: string): Promise<number> =>
      (await pages.server.inject({ url, headers })).statusCode;
    assert.equal(await statusOf(`/sign-in/${id}/status`), 404);
    assert.equal(await statusOf(`/sign-in/${id}/events`), 404);
    assert.equal(await statusOf(`/sign-in/${id}`), 303, 'its own page is where it goes on');
  });

  it('take a code from the app', async () => {
    await pages.app(anna);
    await arrives();
    assert.equal(visitor.page.heading, 'Enter the verification code from the mobile app');
    await visitor.press('Verify', { code: pages.appCode() });
    assert.equal(visitor.page.heading, 'My Profile');
  });

  it('take name and password in one request, as password managers send them', async () => {
    await pages.app(anna);
    await visitor.open('/sign-in');
    await visitor.press('Next', { name: 'somebody@voorbeeld.example' });
    await visitor.press('Sign in', { name, password });
    assert.equal(visitor.page.heading, 'Enter the verification code from the mobile app');
  });

  it('say at once, and first, that a field was left empty', async () => {
    await visitor.open('/sign-in');
    await visitor.press('Next');
    assert.equal(visitor.page.status, 422);
    assert.match(visitor.page.title, /^Error: Sign in/);
    assert.match(visitor.page.html, /<a href="#name">Type your user name\.<\/a>/);
    await visitor.press('Next', { name });
    await visitor.press('Sign in');
    assert.equal(visitor.page.status, 422);
    assert.match(visitor.page.text, /Type your password\./);
  });

  it('refuse a wrong password without keeping it', async () => {
    await typesName();
    await visitor.press('Sign in', { password: 'not the right one' });
    assert.equal(visitor.page.heading, 'Enter your password');
    assert.match(visitor.page.title, /^Error: /);
    assert.match(visitor.page.text, /do not match/);
    assert.doesNotMatch(visitor.page.html, /not the right one/);
  });

  it('count down after ten wrong passwords', async () => {
    await typesName();
    for (let tries = 0; tries < 11; tries++) {
      await visitor.press('Sign in', { password: `wrong ${tries}` });
    }
    assert.match(visitor.page.text, /You can try again in 1 minute/);
    assert.match(visitor.page.html, /<count-down[^>]* enable="sign-in"/);
    pages.clock.advanceSeconds(61);
    await visitor.press('Sign in', { password });
    assert.doesNotMatch(visitor.page.heading, /password/);
  });

  it('let the owner in on a browser of before, whatever a stranger guesses elsewhere', async () => {
    await pages.app(anna);
    await arrives();
    await visitor.press('Verify', { code: pages.appCode() });
    await visitor.press('Sign out');

    const stranger = newVisitor(pages.server);
    await typesName(stranger);
    for (let tries = 0; tries < 11; tries++) {
      await stranger.press('Sign in', { password: `guess ${tries}` });
    }
    assert.match(stranger.page.text, /You can try again in/);
    await arrives();
    assert.equal(visitor.page.heading, 'Enter the verification code from the mobile app');
  });

  it('say so when the organisation has sent enough for a day', async () => {
    await pages.close();
    pages = await startPages({ delivery: { dayBudget: 0 } });
    anna = await pages.person({ userPrincipalName: name });
    await pages.phone(anna);
    visitor = newVisitor(pages.server);
    await arrives();
    assert.equal(visitor.page.heading, 'Verify your identity');
    assert.match(visitor.page.text, /No more texts and calls today/);
  });

  it('say what was wrong with a code, at the field and on top', async () => {
    await pages.phone(anna);
    await arrives();
    await visitor.press('Verify', { code: '12' });
    assert.match(visitor.page.title, /^Error: /);
    assert.match(visitor.page.html, /<a href="#code">[^<]*six digits/);
    assert.match(visitor.page.html, /id="code-error"/);
    const code = codeIn(await pages.sent());
    await visitor.press('Verify', { code: code === '000000' ? '000001' : '000000' });
    assert.match(visitor.page.text, /not the code from the newest text message/);
    await visitor.press('Verify', { code });
    assert.equal(visitor.page.heading, 'My Profile');
  });

  it('take only the newest code', async () => {
    await pages.phone(anna);
    await arrives();
    const older = codeIn(await pages.sent());
    pages.clock.advanceSeconds(31);
    await visitor.press('Send a new code');
    const newer = codeIn(await pages.sent());
    await visitor.press('Verify', { code: older });
    assert.equal(visitor.page.heading, 'Enter the code from the text message');
    await visitor.press('Verify', { code: newer });
    assert.equal(visitor.page.heading, 'My Profile');
  });

  it('offer a new code when the time for the old one is over', async () => {
    await pages.phone(anna);
    await arrives();
    const code = codeIn(await pages.sent());
    pages.clock.advanceSeconds(181);
    await visitor.press('Verify', { code });
    assert.equal(visitor.page.heading, 'Try again to verify your identity');
    assert.match(visitor.page.text, /The time for this code is over/);
    await visitor.press('Send a new code');
    await visitor.press('Verify', { code: codeIn(await pages.sent()) });
    assert.equal(visitor.page.heading, 'My Profile');
  });

  it('close a code after five wrong tries', async () => {
    await pages.phone(anna);
    await arrives();
    const code = codeIn(await pages.sent());
    for (let tries = 0; tries < 5; tries++) {
      await visitor.press('Verify', {
        code: String((Number(code) + 1 + tries) % 1e6).padStart(6, '0'),
      });
    }
    assert.equal(visitor.page.heading, 'Try again to verify your identity');
    assert.match(visitor.page.text, /five times wrong/);
    assert.ok(!visitor.buttons().includes('Verify'));
  });

  it('show how long it takes until the next text, and keep the open code', async () => {
    await pages.phone(anna);
    await arrives();
    const code = codeIn(await pages.sent());
    assert.match(visitor.page.text, /You can ask for a new code in 30 seconds/);
    await visitor.press('Send a new code');
    assert.match(visitor.page.text, /The next one is possible in 30 seconds/);
    await visitor.press('Verify', { code });
    assert.equal(visitor.page.heading, 'My Profile');
  });

  it('have no other way where there is none', async () => {
    await pages.app(anna);
    await arrives();
    assert.ok(!visitor.buttons().includes('Sign in another way'));
    await visitor.press('Cancel');
    assert.match(visitor.page.text, /Ask your admin/);
    await visitor.press('Use verification code Authenticator app or hardware token');
    await visitor.press('Verify', { code: pages.appCode() });
    assert.equal(visitor.page.heading, 'My Profile');
  });

  it('kill a code that was cancelled', async () => {
    await pages.phone(anna);
    await arrives();
    const challenge = /name="challenge" value="([^"]+)"/.exec(visitor.page.html)?.[1] ?? '';
    const code = codeIn(await pages.sent());
    await visitor.press('Cancel');
    pages.clock.advanceSeconds(31);
    await visitor.press('Text +31 ·· ·· ·· 12 Authentication phone');
    await visitor.press('Verify', { challenge, code });
    assert.match(visitor.page.text, /A newer code was sent since/);
    await visitor.press('Verify', { code });
    assert.match(visitor.page.text, /not the code from the newest/);
  });

  it('pause for all after ten wrong answers, and go on with a challenge afterwards', async () => {
    await pages.app(anna);
    await arrives();
    for (let tries = 0; tries < 10; tries++) {
      if (visitor.buttons().includes('Start again')) await visitor.press('Start again');
      await visitor.press('Verify', { code: '000000' });
    }
    assert.equal(visitor.page.heading, 'Wait before you verify your identity again');
    assert.match(visitor.page.text, /You can go on in 15 minutes/);

    const elsewhere = newVisitor(pages.server);
    await arrives(elsewhere);
    assert.equal(elsewhere.page.heading, 'Wait before you verify your identity again');
    pages.clock.advanceSeconds(15 * 60 + 1);
    await elsewhere.follow('Go on');
    await elsewhere.press('Verify', { code: pages.appCode() });
    assert.equal(elsewhere.page.heading, 'Choose a new password');
    assert.match(elsewhere.page.text, /Somebody else may know/);
    await elsewhere.press('Change password', { password: 'short' });
    assert.match(elsewhere.page.text, /too short/);
    await elsewhere.press('Change password', { password: 'a brand new sentence' });
    assert.equal(elsewhere.page.heading, 'My Profile');
  });

  it('let somebody else sign in instead', async () => {
    await typesName(visitor, 'bram@voorbeeld.example');
    await visitor.press('Not you?');
    assert.equal(visitor.page.heading, 'Sign in');
    await pages.app(anna);
    await visitor.press('Next', { name });
    await visitor.press('Sign in', { password });
    await visitor.press('Verify', { code: pages.appCode() });
    assert.equal(visitor.page.heading, 'My Profile');
  });

  it('keep two tabs apart', async () => {
    await pages.app(anna);
    const other = visitor.newTab();
    await typesName(visitor);
    await typesName(other, 'bram@voorbeeld.example');
    assert.match(other.page.text, /bram@/);
    await visitor.press('Sign in', { password });
    await visitor.press('Verify', { code: pages.appCode() });
    assert.equal(visitor.page.heading, 'My Profile');
    await other.press('Sign in', { password });
    assert.match(other.page.text, /do not match/);
  });

  it('show where things stand to whoever comes back with the back button', async () => {
    await pages.app(anna);
    await arrives();
    const attempt = visitor.page.path;
    await visitor.open(attempt);
    assert.equal(visitor.page.heading, 'Enter the verification code from the mobile app');
    await visitor.open(`${attempt}/password`);
    assert.equal(visitor.page.path, attempt);
    await visitor.press('Verify', { code: pages.appCode() });
    await visitor.open(attempt);
    assert.equal(visitor.page.status, 404);
    assert.match(visitor.page.text, /You are signed in as anna@voorbeeld\.example/);
  });

  it('belong to one browser', async () => {
    await typesName();
    const stranger = newVisitor(pages.server);
    await stranger.open(visitor.page.path);
    assert.equal(stranger.page.status, 404);
    await stranger.follow('Start again');
    assert.equal(stranger.page.heading, 'Sign in');
  });

  it('give the browser a new token once the password is proved', async () => {
    await pages.app(anna);
    await typesName();
    const planted = newVisitor(pages.server);
    for (const [key, value] of visitor.cookies) planted.cookies.set(key, value);
    await visitor.press('Sign in', { password });
    await planted.open(visitor.page.path);
    assert.equal(planted.page.status, 404);
  });

  it('say that an old attempt is over, and where one begins again', async () => {
    await typesName();
    pages.clock.advanceSeconds(3601);
    await visitor.open(visitor.page.path);
    assert.equal(visitor.page.status, 410);
    assert.equal(visitor.page.heading, 'This took too long');
    await visitor.follow('Start again');
    assert.equal(visitor.page.heading, 'Sign in');
  });

  it('lead on to the application that asked, over a page that goes on by itself', async () => {
    await pages.app(anna);
    await visitor.open('/app');
    assert.match(visitor.page.text, /to continue to Intranet/);
    await visitor.press('Next', { name });
    await visitor.press('Sign in', { password });
    await visitor.press('Verify', { code: pages.appCode() });
    assert.equal(visitor.page.heading, 'You are signed in');
    assert.equal(visitor.page.goesOnTo, '/app/entered');
  });

  it('send on whoever is signed in already', async () => {
    await pages.app(anna);
    await arrives();
    await visitor.press('Verify', { code: pages.appCode() });
    await visitor.open('/sign-in?lang=nl');
    assert.equal(visitor.page.heading, 'Mijn profiel');
  });

  it('keep nothing of the address but the language', async () => {
    const page = await visitor.open('/sign-in?lang=nl&returnTo=https://evil.example&name=x');
    assert.equal(page.heading, 'Aanmelden');
    assert.doesNotMatch(page.html, /evil\.example/);
  });

  it('speak the language that the person has set, once they are known', async () => {
    const dirk = await pages.person({
      userPrincipalName: 'dirk@voorbeeld.example',
      preferredLanguage: 'nl',
    });
    await pages.app(dirk);
    await typesName(visitor, 'dirk@voorbeeld.example');
    assert.equal(visitor.page.heading, 'Enter your password');
    await visitor.press('Sign in', { password });
    assert.equal(visitor.page.heading, 'Verificatiecode van mobiele app invoeren');
  });

  it('let texts and calls speak the language of the page', async () => {
    await pages.phone(anna);
    await typesName();
    await visitor.open(`${visitor.page.path}?lang=nl`);
    await visitor.press('Aanmelden', { password });
    const [text] = await pages.sent();
    assert.equal(text?.message.language, 'nl');
    pages.clock.advanceSeconds(31);
    await visitor.open(`${visitor.page.path}?lang=en`);
    await visitor.press('Send a new code');
    const [another] = await pages.sent();
    assert.equal(another?.message.language, 'en');
  });

  it('let them speak the language that the person has set, where none was chosen', async () => {
    const dirk = await pages.person({
      userPrincipalName: 'dirk@voorbeeld.example',
      preferredLanguage: 'nl',
    });
    await pages.phone(dirk);
    await typesName(visitor, 'dirk@voorbeeld.example');
    await visitor.press('Sign in', { password });
    const [text] = await pages.sent();
    assert.equal(text?.message.language, 'nl');
  });

  it('never have more than a dozen attempts open in one browser', async () => {
    for (let times = 0; times < 20; times++) await visitor.open('/sign-in');
    const open = [...visitor.cookies.keys()].filter((key) => key.includes('attempt-'));
    assert.equal(open.length, 12);
    await visitor.press('Next', { name });
    assert.equal(visitor.page.heading, 'Enter your password');
  });
});

describe('the sign-in pages, to somebody who cannot get in,', () => {
  let pages: Pages;
  before(async () => {
    pages = await startPages({ organisation: { name: 'Voorbeeld', domain: 'voorbeeld.example' } });
    const { now } = pages.clock;
    await pages.person({ userPrincipalName: 'anna@voorbeeld.example' });
    await pages.person({ userPrincipalName: 'frits@voorbeeld.example', accountEnabled: false });
    await pages.person({
      userPrincipalName: 'gert@voorbeeld.example',
      blocked: { at: now(), until: undefined, reason: 'fraud-reported' },
    });
    await pages.person({ userPrincipalName: 'hans@voorbeeld.example', passwordHash: undefined });
    await pages.person({ userPrincipalName: 'late@voorbeeld.example', mfaRequiredAt: new Date(0) });
  });
  after(() => pages.close());

  /** Everything a stranger sees of a sign-in with a wrong password, with the name taken out. */
  const seenBy = async (typed: string): Promise<unknown> => {
    const visitor = newVisitor(pages.server);
    const seen: unknown[] = [];
    await visitor.open('/sign-in');
    for (const [label, fields] of [
      ['Next', { name: typed }],
      ['Sign in', { password: 'wrong' }],
      ['Sign in', { password: 'wrong again' }],
    ] as const) {
      const { status, headers, html, path } = await visitor.press(label, fields);
      const [, csrf = ''] = /name="csrf" value="([^"]+)"/.exec(html) ?? [];
      const known = html
        .replaceAll(typed, 'NAME')
        .replaceAll(path, 'PATH')
        .replaceAll(csrf, 'CSRF');
      const { date: _date, 'content-length': length, ...others } = headers;
      const names = html.split(typed).length - 1;
      seen.push([status, known, others, Number(length) - names * typed.length]);
    }
    return seen;
  };

  it('show the same for every account, to the byte, before the right password', async () => {
    const real = await seenBy('anna@voorbeeld.example');
    for (const other of ['frits', 'gert', 'hans', 'late', 'niet']) {
      assert.deepEqual(await seenBy(`${other}@voorbeeld.example`), real, other);
    }
  });

  it('say to the owner of a switched-off account whom to ask', async () => {
    const visitor = newVisitor(pages.server);
    await visitor.open('/sign-in');
    await visitor.press('Next', { name: 'frits@voorbeeld.example' });
    await visitor.press('Sign in', { password });
    assert.equal(visitor.page.heading, 'Your account is switched off');
    assert.match(visitor.page.text, /Contact your admin/);
  });

  it('say it to a blocked one, and to one whose time to register is over', async () => {
    for (const [who, heading] of [
      ['gert', 'Your account is blocked'],
      ['late', 'Ask your admin to let you set up your account'],
    ] as const) {
      const visitor = newVisitor(pages.server);
      await visitor.open('/sign-in');
      await visitor.press('Next', { name: `${who}@voorbeeld.example` });
      await visitor.press('Sign in', { password });
      assert.equal(visitor.page.heading, heading);
      await visitor.press('Sign in with another account');
      assert.equal(visitor.page.heading, 'Sign in');
    }
  });
});

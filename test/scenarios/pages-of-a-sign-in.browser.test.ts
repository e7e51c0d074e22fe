/** Every page of a sign-in, in every state that looks different: held to what all pages promise. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';

import type { Locale } from '../../src/i18n/locale.ts';
import { arrives, startVisits, typesCode } from '../support/at-a-window.ts';
import { withoutChromium, type Window } from '../support/chromium.ts';
import { newPerson, otherThan } from '../support/people.ts';
import { assertNothingFound, startReview, type Reviewer } from '../support/page-review.ts';

describe('every page of a sign-in', { skip: withoutChromium }, () => {
  const visits = startVisits();
  const { sitsDown } = visits;
  let review: Reviewer;
  afterEach(() => assertNothingFound(review));

  const signIn = (): string => `${visits.tweestap.origin}/sign-in`;
  const look = (window: Window, name: string): Promise<void> => review.look(window.page, name);
  /** Sends a form as a browser does that asks for nothing first. */
  const sendsEmpty = async (window: Window, button: string): Promise<void> => {
    await window.page.evaluate(
      `document.querySelectorAll('form').forEach((f) => f.noValidate = true)`,
    );
    await window.press(button);
    await window.page.getByRole('alert').waitFor();
  };

  const throughSignIn = async (language: Locale): Promise<void> => {
    const { tweestap } = visits;
    review = startReview(language);
    const person = await newPerson(tweestap, { registered: ['phone'], language });
    const { signIn: words, text, call, challenge, profile } = person.words;
    const window = await sitsDown(person);
    await window.open(signIn());
    await look(window, 'name');
    await sendsEmpty(window, words.name.next);
    await look(window, 'name-missing');
    await window.type(words.name.label, person.userPrincipalName);
    await window.press(words.name.next);
    await window.sees(words.password.title);
    await look(window, 'password');
    await window.type(words.password.label, 'wrong');
    await window.press(words.password.signIn);
    await window.reads(words.password.wrong);
    await look(window, 'password-wrong');
    await window.type(words.password.label, person.password);
    await window.press(words.password.signIn);
    await window.sees(text.challenge.title);
    await look(window, 'text');
    await typesCode(window, person, otherThan(await person.phone.code()));
    await window.reads(text.rejections['incorrect-code']);
    await look(window, 'text-wrong');
    await window.press(words.challenge.anotherWay);
    await window.sees(words.choose.title);
    await look(window, 'choose');
    await window.page.getByRole('button', { name: new RegExp(call.tile('')) }).click();
    await window.sees(words.choose.limitTitle);
    await look(window, 'limit');
    await tweestap.advanceSeconds(31);
    await window.page.getByRole('button', { name: new RegExp(call.tile('')) }).click();
    await window.sees(call.challenge.title);
    const ringing = await person.phone.call();
    await look(window, 'call');
    await ringing.answer();
    await window.reads(call.challenge.answered);
    await look(window, 'call-answered');
    await ringing.hangUp();
    await window.sees(words.challenge.overTitle);
    await look(window, 'call-hung-up');
    await tweestap.advanceSeconds(31);
    await window.page.reload();
    await window.press(challenge.repeat.call);
    const second = await person.phone.call();
    await second.answer();
    await second.keys('#');
    await window.sees(profile.title);
    await look(window, 'my-profile');
    await window.press({ en: 'Sign out', nl: 'Afmelden' }[language]);
    await window.sees(profile.signedOut.title);
    await look(window, 'signed-out');
    await window.page.goto(`${tweestap.origin}/nowhere`);
    await look(window, 'not-found');
    await window.page.goto(`${tweestap.origin}/sign-in/AAAAAAAAAAAAAAAAAAAAAA`);
    await look(window, 'gone');
  };

  it('where it goes well', () => throughSignIn('en'));
  it('waar het goed gaat', () => throughSignIn('nl'));

  const throughStops = async (language: Locale): Promise<void> => {
    const { tweestap } = visits;
    review = startReview(language);
    const withApp = await newPerson(tweestap, { registered: ['app', 'phone'], language });
    const { signIn: words, app, challenge } = withApp.words;
    const window = await sitsDown(withApp);
    await arrives(window, withApp, signIn());
    await window.sees(app.challenge.title);
    await look(window, 'app-code');
    await typesCode(window, withApp, 'x');
    await window.reads(app.rejections.unreadable);
    await look(window, 'app-code-unreadable');
    for (let wrong = 1; wrong <= 10; wrong += 1) {
      await window.sees(app.challenge.title);
      await typesCode(window, withApp, otherThan(withApp.appCode()));
      if (wrong !== 5) continue;
      await window.reads(app.rejections['too-many-wrong']);
      await look(window, 'app-code-too-many-wrong');
      await window.press(challenge.repeat.nothing);
    }
    await window.sees(words.paused.title);
    await look(window, 'paused');

    const stops = {
      'account-disabled': { accountEnabled: false },
      'account-blocked': {
        blocked: { at: tweestap.now(), until: undefined, reason: 'by-admin' as const },
      },
    };
    for (const [name, user] of Object.entries(stops)) {
      const person = await newPerson(tweestap, { language, user });
      const stopped = await sitsDown(person);
      await arrives(stopped, person, signIn());
      await stopped.page.locator('h1').waitFor();
      await look(stopped, `stop-${name}`);
    }

    const changing = await newPerson(tweestap, {
      language,
      user: { mustChangePassword: true, perUserMfaState: 'disabled' },
    });
    const other = await sitsDown(changing);
    await arrives(other, changing, signIn());
    await other.sees(words.changePassword.title);
    await look(other, 'change-password');
    await sendsEmpty(other, words.changePassword.change);
    await look(other, 'change-password-missing');

    const nobody = await sitsDown(await newPerson(tweestap, { language }));
    await nobody.open(signIn());
    await nobody.type(words.name.label, `nobody-${language}@voorbeeld.example`);
    await nobody.press(words.name.next);
    const button = nobody.page.getByRole('button', { name: words.password.signIn, exact: true });
    await button.waitFor();
    for (let wrong = 0; wrong < 15 && (await button.isEnabled()); wrong += 1) {
      await nobody.type(words.password.label, `wrong ${wrong}`);
      await Promise.all([nobody.page.waitForEvent('load'), button.click()]);
    }
    await nobody.reads(words.password.paused.title);
    await look(nobody, 'password-paused');
  };

  it('where it stops', () => throughStops('en'));
  it('waar het stopt', () => throughStops('nl'));

  it('weighs at most 20 KB in at most three requests', async () => {
    review = startReview('en');
    const window = await sitsDown(await newPerson(visits.tweestap));
    const devtools = await window.context.newCDPSession(window.page);
    await devtools.send('Network.enable');
    const asked: string[] = [];
    let bytes = 0;
    devtools.on('Network.requestWillBeSent', ({ request }) => {
      if (!request.url.startsWith('data:')) asked.push(request.url);
    });
    devtools.on('Network.loadingFinished', ({ encodedDataLength }) => {
      bytes += encodedDataLength;
    });
    // Where the redirect of /sign-in leads: the page itself, with nothing in the cache.
    await window.page.goto(signIn(), { waitUntil: 'networkidle' });
    const files = asked.filter((address) => address !== signIn());
    assert.ok(files.length <= 3, files.join(' '));
    assert.ok(bytes > 0 && bytes <= 20 * 1024, `${bytes} bytes`);
  });
});

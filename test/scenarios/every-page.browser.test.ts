/** Every page there is, in every state that looks different: held to what all pages promise. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';

import type { Locale } from '../../src/i18n/locale.ts';
import { wordsIn as simulatorWords } from '../../src/pages/simulator/words.ts';
import { arrives, chooses, typesCode, windowFor } from '../support/at-a-window.ts';
import { startChromium, withoutChromium, type Chromium, type Window } from '../support/chromium.ts';
import { codeOfApp, newPerson, otherThan, samplePerson, type Person } from '../support/people.ts';
import { assertNothingFound, startReview, type Reviewer } from '../support/page-review.ts';
import { startTweestap, type Tweestap } from '../support/tweestap.ts';

describe('every page', { skip: withoutChromium }, () => {
  let tweestap: Tweestap;
  let chromium: Chromium;
  let windows: Window[] = [];
  let review: Reviewer;
  before(async () => {
    [tweestap, chromium] = await Promise.all([startTweestap(), startChromium()]);
  });
  after(async () => {
    await chromium?.close();
    await tweestap?.close();
  });
  afterEach(async () => {
    const complaints = windows.flatMap((window) => window.complaints());
    for (const window of windows) await window.close();
    windows = [];
    assertNothingFound(review);
    assert.deepEqual(complaints, []);
  });

  const sitsDown = async (person: Person): Promise<Window> => {
    const window = await windowFor(person, chromium, tweestap);
    windows.push(window);
    return window;
  };
  const signIn = (): string => `${tweestap.origin}/sign-in`;
  const look = (window: Window, name: string): Promise<void> => review.look(window.page, name);
  const lookAtTheirs = (window: Window, name: string): Promise<void> =>
    review.look(window.page, name, true);
  /** Sends a form as a browser does that asks for nothing first. */
  const sendsEmpty = async (window: Window, button: string): Promise<void> => {
    await window.page.evaluate(
      `document.querySelectorAll('form').forEach((f) => f.noValidate = true)`,
    );
    await window.press(button);
    await window.page.getByRole('alert').waitFor();
  };

  const throughSignIn = async (language: Locale): Promise<void> => {
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

  it('of a sign-in', () => throughSignIn('en'));
  it('van een aanmelding', () => throughSignIn('nl'));

  const throughStops = async (language: Locale): Promise<void> => {
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
      'no-method': { groups: ['security-key-only'], perUserMfaState: 'enforced' as const },
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

  it('where a sign-in stops', () => throughStops('en'));
  it('waar een aanmelding stopt', () => throughStops('nl'));

  const throughRegistration = async (language: Locale): Promise<void> => {
    review = startReview(language);
    const person = await newPerson(tweestap, {
      language,
      user: {
        perUserMfaState: 'enabled',
        businessPhone: '+31201234567',
        businessPhoneExtension: '12',
      },
    });
    const { registration, text, app } = person.words;
    const { interrupt, contact, next, back, step, prove, backup, appPassword } = registration;
    const window = await sitsDown(person);
    const { page } = window;
    const way = () => page.getByLabel(contact.way, { exact: true });
    await arrives(window, person, signIn());
    await window.sees(interrupt.heading);
    await look(window, 'interrupt');
    await window.press(interrupt.setUp);
    await window.sees(step(1, contact.heading));
    await look(window, 'contact-mobile');
    await way().selectOption('office');
    await look(window, 'contact-office');
    await way().selectOption('app');
    await look(window, 'contact-app');
    await way().selectOption('mobile');
    await window.type(contact.number, '12');
    await window.press(next);
    await page.getByRole('alert').waitFor();
    await look(window, 'contact-wrong');
    await window.type(contact.number, person.mobilePhone);
    await window.press(next);
    await window.sees(step(2, prove.text));
    await look(window, 'prove-text');
    await typesCode(window, person, otherThan(await person.phone.code()));
    await window.reads(text.rejections['incorrect-code']);
    await look(window, 'prove-text-wrong');
    await window.press(back);
    await page.getByLabel(contact.methods.call).check();
    await window.press(next);
    await window.reads(prove.notSent);
    await look(window, 'prove-not-sent');
    await tweestap.advanceSeconds(31);
    await page.reload();
    await window.press(registration.contactMe);
    await window.sees(step(2, prove.call));
    await look(window, 'prove-call');
    await window.press(back);
    await way().selectOption('app');
    await window.press(contact.setUp);
    await window.sees(step(2, prove.code));
    await look(window, 'prove-app');
    await page.getByText(app.draft.cannotScan).click();
    await look(window, 'prove-app-by-hand');
    const key = await page.locator('.secret:visible code').first().innerText();
    const code = codeOfApp(key.replaceAll(/\s/g, ''), tweestap.now());
    await typesCode(window, person, code);
    await window.sees(step(3, backup.heading));
    await look(window, 'backup');
    await window.press(backup.skip);
    await window.sees(step(4, appPassword.heading));
    await look(window, 'app-password');

    const typing = await newPerson(tweestap, { language, user: { perUserMfaState: 'enabled' } });
    const other = await sitsDown(typing);
    await arrives(other, typing, signIn());
    await other.press(interrupt.setUp);
    await other.page.getByLabel(contact.way, { exact: true }).selectOption('office');
    await look(other, 'contact-office-typed');
  };

  it('of the registration', () => throughRegistration('en'));
  it('van de registratie', () => throughRegistration('nl'));

  const throughApplication = async (language: Locale): Promise<void> => {
    review = startReview(language);
    const { sampleAppOrigin } = tweestap.server;
    assert.ok(sampleAppOrigin);
    const person = await newPerson(tweestap, { registered: ['app'], language });
    const window = await sitsDown(person);
    await window.open(sampleAppOrigin);
    await lookAtTheirs(window, 'application-welcome');
    await window.open(`${sampleAppOrigin}/callback`);
    await lookAtTheirs(window, 'application-trouble');
    await arrives(window, person, `${sampleAppOrigin}/sign-in`);
    await window.sees(person.words.app.challenge.title);
    await typesCode(window, person, person.appCode());
    await window.page.waitForURL(`${sampleAppOrigin}/`);
    await lookAtTheirs(window, 'application');
    await window.page.locator('summary').click();
    await lookAtTheirs(window, 'application-facts');
    await window.page.locator('form[action="/sign-out"] button').click();
    await window.page.waitForURL(`${tweestap.origin}/**`);
    await look(window, 'sign-out');
    await window.open(`${tweestap.origin}/oidc/authorize?client_id=nobody`);
    await look(window, 'application-refused');
  };

  it('between an application and us', () => throughApplication('en'));
  it('tussen een toepassing en ons', () => throughApplication('nl'));

  const throughSimulator = async (language: Locale): Promise<void> => {
    review = startReview(language);
    const bram = samplePerson(tweestap, 'bram', { language });
    const words = simulatorWords(language);
    const desk = await sitsDown(bram);
    await desk.open(`${tweestap.origin}/simulator`);
    await look(desk, 'simulator');
    await tweestap.advanceSeconds(90_000);
    const window = await sitsDown(bram);
    await arrives(window, bram, signIn());
    await window.sees(bram.words.text.challenge.title);
    await tweestap.advanceSeconds(31);
    await chooses(window, bram, new RegExp(bram.words.call.tile('')));
    await window.sees(bram.words.call.challenge.title);
    await desk.open(`${tweestap.origin}/simulator?person=${bram.userPrincipalName}`);
    await look(desk, 'simulator-ringing');
    await desk.page.getByRole('button', { name: words.answer }).click();
    await desk.page.getByText(bram.words.call.call.hash.instruction).first().waitFor();
    await look(desk, 'simulator-in-call');
    await desk.page.getByRole('button', { name: words.hangUp }).click();
    await desk.page.getByText(words.ends['hung-up']).first().waitFor();
    await look(desk, 'simulator-after-call');
    const anna = samplePerson(tweestap, 'anna', { language });
    await desk.open(`${tweestap.origin}/simulator?person=${anna.userPrincipalName}`);
    await look(desk, 'simulator-office');
  };

  it('of the simulator', () => throughSimulator('en'));
  it('van de simulator', () => throughSimulator('nl'));

  it('of the sign-in weighs at most 20 KB in at most three requests', async () => {
    review = startReview('en');
    const window = await sitsDown(await newPerson(tweestap));
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

/** Every later sign-in, in a browser: the default method, and whatever goes otherwise. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { en as application } from '../../src/sample/sample-app/strings.en.ts';
import { arrives, chooses, startVisits, typesCode } from '../support/at-a-window.ts';
import { withoutChromium, type Window } from '../support/chromium.ts';
import { newPerson, otherThan, type Person } from '../support/people.ts';
import { until } from '../support/poll.ts';

describe('a later sign-in in a browser', { skip: withoutChromium }, () => {
  const visits = startVisits();

  /** Somebody who has signed in with these before, at the page that asks for the second step. */
  const somebody = async (
    registered: readonly ('app' | 'phone')[],
    language: 'en' | 'nl' = 'en',
  ): Promise<{ readonly person: Person; readonly window: Window }> => {
    const person = await newPerson(visits.tweestap, { registered, language });
    const window = await visits.sitsDown(person);
    await arrives(window, person, `${visits.tweestap.origin}/sign-in`);
    return { person, window };
  };

  /** The text was sent just now; a call is possible half a minute later. */
  const asksForCall = async (window: Window, person: Person, tile: RegExp): Promise<void> => {
    await window.sees(person.words.text.challenge.title);
    await visits.tweestap.advanceSeconds(31);
    await chooses(window, person, tile);
  };

  const end = (person: Person): string => person.mobilePhone.slice(-2);

  /** Somebody whom the sample application knows, by their app. */
  const atTheApplication = async (): Promise<{
    readonly person: Person;
    readonly window: Window;
  }> => {
    const person = await newPerson(visits.tweestap, { registered: ['app'] });
    const window = await visits.sitsDown(person);
    await arrives(window, person, `${visits.tweestap.server.sampleAppOrigin}/sign-in`);
    await window.sees(person.words.app.challenge.title);
    await typesCode(window, person, person.appCode());
    await window.reads(application.home.body);
    return { person, window };
  };

  it('sends a text at once, says to whom, and how long its code is good for', async () => {
    const { person, window } = await somebody(['phone']);
    const { text, profile } = person.words;
    await window.sees(text.challenge.title);
    const words = await window.words();
    assert.ok(words.includes(`a text message to +31 ·· ·· ·· ${end(person)}`), words);
    assert.match(words, /The code is good for another [23]:\d\d/);
    assert.ok(!words.includes(person.mobilePhone), 'a number is never shown whole');
    await window.isAt(text.challenge.code);
    await typesCode(window, person, await person.phone.code());
    await window.sees(profile.title);
  });

  it('stuurt meteen een sms, en zegt waarheen', async () => {
    const { person, window } = await somebody(['phone'], 'nl');
    const { text, profile } = person.words;
    await window.sees(text.challenge.title);
    assert.ok((await window.words()).includes(`naar +31 ·· ·· ·· ${end(person)} gestuurd`));
    const { language, text: sent } = await person.phone.text();
    assert.equal(language, 'nl');
    await typesCode(window, person, /\d{6}/.exec(sent)?.[0] ?? '');
    await window.sees(profile.title);
  });

  it('moves on by itself when the text is answered with the digits on the page', async () => {
    const { person, window } = await somebody(['phone']);
    await window.sees(person.words.text.challenge.title);
    await person.phone.text();
    await person.phone.replies(await window.page.locator('.number-match strong').innerText());
    await window.sees(person.words.profile.title);
  });

  it('follows a call: ringing, answered, #, and in', async () => {
    const { person, window } = await somebody(['phone']);
    const { call, profile } = person.words;
    await asksForCall(window, person, /^Call /);
    await window.sees(call.challenge.title);
    await window.reads(`We're calling +31 ·· ·· ·· ${end(person)}`);
    const ringing = await person.phone.call();
    await ringing.answer();
    await window.reads(call.challenge.answered);
    await ringing.keys('#');
    await window.sees(profile.title);
  });

  it('volgt een oproep: gaat over, opgenomen, opgehangen, en wat u dan kunt doen', async () => {
    const { person, window } = await somebody(['phone'], 'nl');
    const { call, signIn, challenge, profile } = person.words;
    await asksForCall(window, person, /^Bellen naar /);
    await window.reads(`We bellen +31 ·· ·· ·· ${end(person)}`);
    const first = await person.phone.call();
    await first.answer();
    await window.reads(call.challenge.answered);
    await first.hangUp();
    await window.sees(signIn.challenge.overTitle);
    await window.reads(call.rejections['hung-up']);
    await visits.tweestap.advanceSeconds(31);
    await window.page.reload();
    await window.press(challenge.repeat.call);
    const second = await person.phone.call();
    await second.answer();
    await second.keys('#');
    await window.sees(profile.title);
  });

  it('says of a wrong code what to do, takes the reader there, and keeps nothing typed', async () => {
    const { person, window } = await somebody(['app']);
    const { app, profile } = person.words;
    await window.sees(app.challenge.title);
    await typesCode(window, person, otherThan(person.appCode()));
    const summary = window.page.getByRole('alert');
    await summary.and(window.page.locator(':focus')).waitFor();
    assert.ok((await summary.innerText()).includes(app.rejections['incorrect-code']));
    assert.match(await window.page.title(), /^Error: /);
    const field = window.page.getByLabel(app.challenge.code, { exact: true });
    assert.equal(await field.inputValue(), '');
    assert.equal(await field.getAttribute('aria-invalid'), 'true');
    await window.follow(app.rejections['incorrect-code']);
    await window.isAt(app.challenge.code);
    await typesCode(window, person, person.appCode());
    await window.sees(profile.title);
  });

  it('shows no other way to whoever has none', async () => {
    const { person, window } = await somebody(['app']);
    await window.sees(person.words.app.challenge.title);
    const { anotherWay, cancel } = person.words.signIn.challenge;
    assert.equal(await window.page.getByRole('button', { name: anotherWay }).count(), 0);
    assert.equal(await window.page.getByRole('button', { name: cancel }).count(), 1);
  });

  it('lists the other ways, and asks in the one that was chosen', async () => {
    const { person, window } = await somebody(['app', 'phone']);
    const { app, text, profile } = person.words;
    await window.sees(app.challenge.title);
    await chooses(window, person, /^Text /);
    await window.sees(text.challenge.title);
    await typesCode(window, person, await person.phone.code());
    await window.sees(profile.title);
  });

  it('cancels a call, which then opens nothing any more', async () => {
    const { person, window } = await somebody(['phone']);
    const { signIn, call } = person.words;
    await asksForCall(window, person, /^Call /);
    await window.sees(call.challenge.title);
    const ringing = await person.phone.call();
    await window.press(signIn.challenge.cancel);
    await window.sees(signIn.choose.title);
    // Nobody waits for it any more: whoever still picks up is not asked for anything.
    await ringing.answer();
    assert.equal((await ringing.look()).status, 'ended');
    await window.page.reload();
    await window.sees(signIn.choose.title);
  });

  it('counts down to when a new code may be asked for; then only the newest counts', async () => {
    const person = await newPerson(visits.tweestap, { registered: ['phone'] });
    const window = await visits.sitsDown(person);
    await window.page.clock.install();
    await arrives(window, person, `${visits.tweestap.origin}/sign-in`);
    const { text, challenge, profile } = person.words;
    await window.sees(text.challenge.title);
    const first = await person.phone.code();
    const again = window.page.getByRole('button', { name: challenge.repeat.text, exact: true });
    assert.equal(await again.isDisabled(), true);
    await window.reads(/You can ask for a new code in 0:[123]\d/);
    await window.page.clock.runFor(31_000);
    await window.reads(challenge.repeatNow.text);
    assert.equal(await again.isEnabled(), true);

    await visits.tweestap.advanceSeconds(31);
    await again.click();
    const second = await person.phone.code();
    await window.sees(text.challenge.title);
    await typesCode(window, person, first);
    await window.reads(text.rejections['incorrect-code']);
    await typesCode(window, person, second);
    await window.sees(profile.title);
  });

  it('says that a code is over, and sends another', async () => {
    const { person, window } = await somebody(['phone']);
    const { text, signIn, challenge, profile } = person.words;
    await window.sees(text.challenge.title);
    await person.phone.code();
    await visits.tweestap.advanceSeconds(181);
    // Nobody has to type a code to hear that its time is up: the page that waits moves on by itself.
    await window.sees(signIn.challenge.overTitle);
    await window.reads(text.rejections.expired);
    await window.press(challenge.repeat.text);
    await window.sees(text.challenge.title);
    await typesCode(window, person, await person.phone.code());
    await window.sees(profile.title);
  });

  it('closes for a while after too many wrong answers, and counts the while down', async () => {
    const { person, window } = await somebody(['app']);
    const { app, signIn, challenge } = person.words;
    for (let wrong = 1; wrong <= 10; wrong += 1) {
      await window.sees(app.challenge.title);
      await typesCode(window, person, otherThan(person.appCode()));
      if (wrong === 5) {
        await window.reads(app.rejections['too-many-wrong']);
        await window.press(challenge.repeat.nothing);
      }
    }
    await window.sees(signIn.paused.title);
    await window.reads(/You can go on in 1[45]:\d\d/);
  });

  it('goes on in whichever of two tabs', async () => {
    const { person, window } = await somebody(['app']);
    const { app, profile } = person.words;
    await window.sees(app.challenge.title);
    const other = await window.newTab();
    await other.open(window.page.url());
    await other.sees(app.challenge.title);
    await typesCode(other, person, person.appCode());
    await other.sees(profile.title);
    // What the first tab still shows is over; it says so, and leads on.
    await typesCode(window, person, person.appCode());
    await window.follow(person.words.signIn.gone.profile);
    await window.sees(profile.title);
  });

  it('shows with the back button where things stand, never an earlier step', async () => {
    const { person, window } = await somebody(['app']);
    const { app, profile } = person.words;
    await window.sees(app.challenge.title);
    await window.page.goBack();
    await window.sees(app.challenge.title);
    await typesCode(window, person, person.appCode());
    await window.sees(profile.title);
    await window.page.goBack();
    await until(
      'a page that asks nothing any more',
      async () => (await window.page.locator('#code').count()) === 0,
    );
  });

  it('signs out, and shows nothing of the profile afterwards', async () => {
    const { person, window } = await somebody(['app']);
    const { app, profile, signIn } = person.words;
    await window.sees(app.challenge.title);
    await typesCode(window, person, person.appCode());
    await window.sees(profile.title);
    await window.press('Sign out');
    await window.sees(profile.signedOut.title);
    await window.page.goBack();
    await window.sees(signIn.name.title);
    await window.open(`${visits.tweestap.origin}/my-profile`);
    await window.sees(signIn.name.title);
  });

  it('asks for the second step again where the application wants it', async () => {
    const { person, window } = await atTheApplication();
    const provenAt = (): Promise<string | null> =>
      window.page.locator('time').getAttribute('datetime');
    const first = await provenAt();
    await visits.tweestap.advanceSeconds(31);
    await window.follow(application.home.stepUp);
    await window.sees(person.words.app.challenge.title);
    await typesCode(window, person, person.appCode());
    await window.reads(application.home.body);
    assert.ok(String(await provenAt()) > String(first));
  });

  it('tells the application of a sign-out, whose page then says so by itself', async () => {
    const { person, window } = await atTheApplication();
    const profile = await window.newTab();
    await profile.open(`${visits.tweestap.origin}/my-profile`);
    await profile.press('Sign out');
    await profile.sees(person.words.profile.signedOut.title);
    await window.page.bringToFront();
    await window.reads(application.signedOutElsewhere);
  });

  it('lets somebody else sign in who finds another name on the page', async () => {
    const { person, window } = await somebody(['app']);
    await window.sees(person.words.app.challenge.title);
    await window.press('Not you?');
    await window.sees(person.words.signIn.name.title);
  });
});

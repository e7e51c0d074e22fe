/**
 * Security keys in a browser, with Chromium's virtual authenticator: set up at the first sign-in and
 * on Security info, used as the second step and in place of the password, and every way in which a
 * key can get it wrong. What no browser would send, `methods/security-key` is shown.
 */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';

import type { Locale } from '../../src/i18n/locale.ts';
import { wordsIn as keyWords } from '../../src/methods/security-key/words.ts';
import { wordsIn as securityInfoWords } from '../../src/pages/my-profile/security-info/words.ts';
import { wordsIn as uiWords } from '../../src/ui/words.ts';
import { arrives, startVisits, typesCode, typesNameAndPassword } from '../support/at-a-window.ts';
import { withoutChromium, type Window } from '../support/chromium.ts';
import { assertNothingFound, startReview, type Reviewer } from '../support/page-review.ts';
import { newPerson, personAt, samplePerson, type Person } from '../support/people.ts';
import { plugIn, type PluggedKey } from '../support/security-key.ts';

interface Guest {
  readonly person: Person;
  readonly window: Window;
  readonly key: PluggedKey;
}

describe('a security key in a browser', { skip: withoutChromium }, () => {
  const visits = startVisits();
  let review: Reviewer | undefined;
  afterEach(() => {
    if (review !== undefined) assertNothingFound(review);
    review = undefined;
  });
  const look = async ({ window }: Pick<Guest, 'window'>, name: string): Promise<void> => {
    await review?.look(window.page, `security-key-${name}`);
  };
  const signIn = (): string => `${visits.tweestap.origin}/sign-in`;
  const wordsOf = ({ person }: Pick<Guest, 'person'>) => ({
    ...person.words,
    key: keyWords(person.words.locale),
    securityInfo: securityInfoWords(person.words.locale),
    ui: uiWords(person.words.locale).securityKey,
  });
  /** Long enough for the page to have asked by itself and been refused, if it would. */
  const asks = ({ window }: Guest): Promise<void> =>
    window.page.locator('security-key [aria-busy=true]').waitFor();

  /** Asks once more, and touches the key this time. */
  const touches = async ({ window, key }: Guest, button: string): Promise<void> => {
    await key.touches(true);
    await window.press(button);
  };

  const sitsDown = async (person: Person, kind?: 'passkey' | 'usb-key'): Promise<Guest> => {
    const window = await visits.sitsDown(person);
    return { person, window, key: await plugIn(window, kind) };
  };
  const somebody = async (language: Locale, kind?: 'passkey' | 'usb-key'): Promise<Guest> =>
    sitsDown(
      await newPerson(visits.tweestap, { language, user: { perUserMfaState: 'enabled' } }),
      kind,
    );
  /** The same person at another browser, which has this key or none. */
  const elsewhere = async ({ person, key }: Guest): Promise<Guest> => {
    const window = await visits.sitsDown(person);
    return { person, window, key };
  };

  const choosesKey = async (guest: Guest, name: string): Promise<void> => {
    const { person, window } = guest;
    const { registration, key } = wordsOf(guest);
    const { interrupt, step, contact } = registration;
    await arrives(window, person, signIn());
    await window.sees(interrupt.heading);
    await window.press(interrupt.setUp);
    await window.sees(step(1, contact.heading));
    await window.page
      .getByLabel(contact.way, { exact: true })
      .selectOption({ label: contact.ways.key });
    await look(guest, 'first-contact');
    await window.page.getByLabel(key.form.name).fill(name);
    await window.press(contact.setUp);
  };

  /** From the first sign-in to My Profile. */
  const setsUp = async (guest: Guest, name = 'Blue key'): Promise<void> => {
    const { window } = guest;
    const { registration, profile, key } = wordsOf(guest);
    const { step, prove, backupOfKey, backup, appPassword } = registration;
    await guest.key.touches(false);
    await choosesKey(guest, name);
    await window.sees(step(2, prove.key));
    await asks(guest);
    await look(guest, 'first-prove');
    await touches(guest, key.draft.button);
    await window.sees(step(3, backupOfKey.heading));
    await look(guest, 'first-backup');
    await window.press(backup.skip);
    await window.sees(step(4, appPassword.heading));
    await window.press(appPassword.done);
    await window.sees(profile.title);
  };

  const signsOut = async (guest: Guest): Promise<void> => {
    await guest.window.context.clearCookies();
  };

  const secondStep = async (guest: Guest): Promise<void> => {
    const { person, window, key } = guest;
    const words = wordsOf(guest);
    await key.touches(false);
    await arrives(window, person, signIn());
    await window.sees(words.key.challenge.title);
    await asks(guest);
    await look(guest, 'asked');
    await touches(guest, words.key.challenge.button);
    await window.sees(words.profile.title);
  };

  for (const language of ['en', 'nl'] as const) {
    it(`is set up at the first sign-in, and then asked as the second step (${language})`, async () => {
      review = startReview(language);
      const guest = await somebody(language);
      await setsUp(guest);
      await signsOut(guest);
      await secondStep(guest);
    });

    it(`takes the place of the password where the organisation says so (${language})`, async () => {
      review = startReview(language);
      const guest = await somebody(language);
      const words = wordsOf(guest);
      const { window, key } = guest;
      await setsUp(guest);
      await signsOut(guest);
      await key.touches(false);
      await window.open(signIn());
      await window.sees(words.signIn.name.title);
      await look(guest, 'first-page');
      await window.press(words.signIn.passkey.way);
      await window.sees(words.key.alone.title);
      await asks(guest);
      await look(guest, 'passkey');
      await touches(guest, words.key.alone.button);
      await window.sees(words.profile.title);
      await window.reads(guest.person.userPrincipalName);
    });
  }

  it('is added on Security info, and refuses to be added twice', async () => {
    review = startReview('en');
    const person = await newPerson(visits.tweestap, { registered: ['app'] });
    const guest = await sitsDown(person, 'usb-key');
    const { window, key } = guest;
    const { securityInfo, registration, key: keys, ui } = wordsOf(guest);
    await arrives(window, person, signIn());
    await typesCode(window, person, person.appCode());
    await window.sees(person.words.profile.title);
    const adds = async (name: string): Promise<void> => {
      await window.open(`${visits.tweestap.origin}/my-profile/security-info`);
      await window.follow(securityInfo.methods.add);
      await window.page.getByLabel(securityInfo.add.label).selectOption({ label: keys.kind.name });
      await window.press(securityInfo.add.add);
      await window.sees(keys.kind.name);
      await look(guest, 'add');
      await window.page.getByLabel(keys.form.name).fill(name);
      await window.press(registration.next);
    };
    await adds('Blue key');
    await window.sees(securityInfo.title);
    await window.reads('Blue key');
    await look(guest, 'listed');
    assert.equal(await key.count(), 1);
    const remove = new RegExp(`^${securityInfo.methods.delete} ${keys.kind.name}`);
    await window.page.getByRole('link', { name: remove }).click();
    await window.reads(securityInfo.remove.staysOnKey);
    await look(guest, 'delete');
    await adds('The same again');
    await window.reads(ui.knownAlready);
    await look(guest, 'known-already');
    await window.press(registration.adding.cancel);
    await window.sees(securityInfo.title);
    assert.equal(await key.count(), 1);
  });

  it('is refused with a bogus signature, without its owner present, and without its owner verified', async () => {
    const guest = await somebody('en');
    const { person, window, key } = guest;
    const words = wordsOf(guest);
    await setsUp(guest);
    await signsOut(guest);
    const { 'not-accepted': refused } = words.key.rejections;
    for (const how of [{ isBogusSignature: true }, { isBadUV: true }, { isBadUP: true }]) {
      await key.cheats(how);
      await arrives(window, person, signIn());
      await window.reads(refused);
      await window.context.clearCookies();
      await window.open(signIn());
      await window.press(words.signIn.passkey.way);
      await window.reads(refused);
      await window.context.clearCookies();
    }
    review = startReview('en');
    await window.open(signIn());
    await window.press(words.signIn.passkey.way);
    await window.reads(refused);
    await look(guest, 'passkey-refused');
    await key.cheats();
    await window.press(words.key.alone.button);
    await window.sees(words.profile.title);
  });

  it('says what to do when nobody touches it, or its owner is somebody else', async () => {
    const guest = await somebody('en');
    const { person, window, key } = guest;
    const words = wordsOf(guest);
    await setsUp(guest);
    await signsOut(guest);
    review = startReview('en');
    await key.knowsOwner(false);
    await arrives(window, person, signIn());
    await window.sees(words.key.challenge.title);
    await window.press(words.key.challenge.button);
    await window.reads(words.ui.notAllowed);
    await look(guest, 'not-confirmed');
    await key.knowsOwner(true);
    await window.press(words.ui.again);
    await window.sees(words.profile.title);
  });

  it('lets nobody in with a key that is registered nowhere', async () => {
    const guest = await somebody('en');
    const words = wordsOf(guest);
    await setsUp(guest);
    const stranger = await elsewhere(guest);
    await plugIn(stranger.window);
    await stranger.window.open(signIn());
    await stranger.window.press(words.signIn.passkey.way);
    await stranger.window.sees(words.key.alone.title);
    await stranger.window.press(words.key.alone.button);
    await stranger.window.reads(words.ui.notAllowed);
    await stranger.window.press(words.signIn.passkey.byName);
    await stranger.window.sees(words.signIn.name.title);
  });

  it('says without script that it needs it, and leads back to the name', async () => {
    const person = samplePerson(visits.tweestap, 'dewi');
    const window = await visits.sitsDown(person, { script: false });
    const { signIn: words } = person.words;
    await window.open(signIn());
    await window.press(words.passkey.way);
    // Chromium shows <noscript> only where script is off for good, not where a test turned it off.
    assert.ok((await window.page.content()).includes(uiWords('en').securityKey.needsScript));
    await window.press(words.passkey.byName);
    await typesNameAndPassword(window, person);
  });

  it('lets dewi in, who may use nothing else, and never by anything else', async () => {
    const { tweestap } = visits;
    const dewi = samplePerson(tweestap, 'dewi');
    const guest = await sitsDown(personAt(tweestap, dewi));
    const { window } = guest;
    const words = wordsOf(guest);
    const { registration } = words;
    await choosesKey(guest, '');
    // No phone is allowed her, so no backup is asked for.
    await window.sees(registration.step(4, registration.appPassword.heading));
    await window.press(registration.appPassword.done);
    await window.sees(words.profile.title);
    await signsOut(guest);
    await guest.key.knowsOwner(false);
    await arrives(window, dewi, signIn());
    await window.sees(words.key.challenge.title);
    const another = window.page.getByRole('button', { name: words.signIn.challenge.anotherWay });
    assert.equal(await another.count(), 0);
    await guest.key.knowsOwner(true);
    await window.press(words.key.challenge.button);
    await window.sees(words.profile.title);
  });
});

/**
 * The other pages of one's own account in a browser: an app password that is shown once, the sign-ins
 * and the one that was not theirs, a new password, another language. Every page on the way is held to
 * what all pages promise.
 */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';

import type { Locale } from '../../src/i18n/locale.ts';
import { wordsIn as appPasswordWords } from '../../src/pages/my-profile/app-passwords/words.ts';
import { wordsIn as passwordWords } from '../../src/pages/my-profile/change-password/words.ts';
import { wordsIn as signInsWords } from '../../src/pages/my-profile/recent-sign-ins/words.ts';
import { arrives, startVisits, typesCode } from '../support/at-a-window.ts';
import { withoutChromium, type Window } from '../support/chromium.ts';
import { assertNothingFound, startReview, type Reviewer } from '../support/page-review.ts';
import { newPerson, otherThan, type Person } from '../support/people.ts';

interface Guest {
  readonly person: Person;
  readonly window: Window;
}

const newPassword = 'rustige vogel in mei';
/** Six groups of four letters. */
const plainText = /^(?:[A-Z2-7]{4}\s*){6}$/;

describe('one’s own account in a browser', { skip: withoutChromium }, () => {
  const visits = startVisits();
  let review: Reviewer;
  afterEach(() => assertNothingFound(review));

  const look = ({ window }: Guest, name: string): Promise<void> =>
    review.look(window.page, `own-account-${name}`);

  const enters = async (person: Person): Promise<Guest> => {
    const window = await visits.sitsDown(person);
    await arrives(window, person, `${visits.tweestap.origin}/sign-in`);
    await typesCode(window, person, person.appCode());
    await window.sees(person.words.profile.title);
    return { person, window };
  };
  const begins = async (
    language: Locale,
    state: 'enforced' | 'disabled' = 'enforced',
  ): Promise<Guest> => {
    review = startReview(language);
    const person = await newPerson(visits.tweestap, {
      registered: state === 'enforced' ? ['app', 'phone'] : [],
      language,
      user: { preferredLanguage: language, perUserMfaState: state },
    });
    if (state === 'enforced') return enters(person);
    const window = await visits.sitsDown(person);
    await arrives(window, person, `${visits.tweestap.origin}/sign-in`);
    await window.sees(person.words.profile.title);
    return { person, window };
  };
  const secret = ({ window }: Guest) => window.page.locator('.secret code');
  const deleteLink = ({ window }: Guest, what: string, name: string) =>
    window.page.getByRole('link', { name: `${what} ${name}`, exact: true });

  const looksAfterAppPasswords = async (language: Locale): Promise<void> => {
    const guest = await begins(language);
    const { window, person } = guest;
    const words = appPasswordWords(language);
    await window.follow(person.words.profile.navigation.appPasswords);
    await window.sees(words.title);
    await window.reads(words.list.empty);
    await look(guest, 'app-passwords-empty');
    await window.follow(words.list.create);
    await window.sees(words.add.title);
    await look(guest, 'app-passwords-add');
    await window.type(words.add.name, 'Mail');
    await window.page.getByLabel(words.add.door).selectOption({ label: words.doors.ldap });
    await window.press(words.add.create);
    await window.sees(words.made.title);
    assert.match(await secret(guest).innerText(), plainText);
    await look(guest, 'app-passwords-made');
    const { page } = window;
    await page.reload();
    await window.sees(words.made.shownTitle);
    assert.equal(await secret(guest).count(), 0);
    await look(guest, 'app-passwords-shown');
    await page.goBack();
    await window.sees(words.add.title);
    assert.equal(await secret(guest).count(), 0);
    await page.goForward();
    await window.sees(words.made.shownTitle);
    await window.follow(words.made.done);
    await window.sees(words.title);
    await page.getByText(words.list.neverUsed).waitFor();
    assert.equal(await page.locator('.item').count(), 1);
    await look(guest, 'app-passwords-list');
    await deleteLink(guest, words.list.delete, 'Mail').click();
    await window.sees(words.delete.title('Mail'));
    await look(guest, 'app-passwords-delete');
    await window.press(words.delete.delete);
    await window.reads(words.done.deleted.title);
    await look(guest, 'app-passwords-deleted');
    await window.follow(words.list.create);
    await window.sees(words.add.title);
    await window.press(words.add.create);
    await window.page.getByRole('alert').and(window.page.locator(':focus')).waitFor();
    await look(guest, 'app-passwords-add-refused');
  };

  it('shows an app password once, and lets it be deleted', () => looksAfterAppPasswords('en'));
  it('toont een app-wachtwoord één keer, en laat het verwijderen', () =>
    looksAfterAppPasswords('nl'));

  it('makes one app password of a double click where no script helps', async () => {
    review = startReview('en');
    const person = await newPerson(visits.tweestap, { registered: ['app'] });
    const window = await visits.sitsDown(person, { script: false });
    await arrives(window, person, `${visits.tweestap.origin}/sign-in`);
    await typesCode(window, person, person.appCode());
    const words = appPasswordWords('en');
    await window.open(`${visits.tweestap.origin}/my-profile/app-passwords/add`);
    await window.type(words.add.name, 'Mail');
    await window.page.getByRole('button', { name: words.add.create, exact: true }).dblclick();
    await window.page
      .getByRole('heading', { level: 1, name: /app password/ })
      .and(window.page.locator(`:not(:text-is("${words.add.title}"))`))
      .waitFor();
    const { stores } = visits.tweestap.installation.database;
    const user = await stores.users.findByName(person.userPrincipalName);
    assert.equal((await stores.appPasswords.list(user?.id ?? '')).length, 1);
  });

  const hasNone = async (language: Locale): Promise<void> => {
    const guest = await begins(language, 'disabled');
    const words = appPasswordWords(language);
    await guest.window.follow(guest.person.words.profile.navigation.appPasswords);
    await guest.window.reads(words.standing['not-enforced'].title);
    await look(guest, 'app-passwords-not-enforced');
  };

  it('says why there can be no app passwords', () => hasNone('en'));
  it('zegt waarom er geen app-wachtwoorden kunnen zijn', () => hasNone('nl'));

  const deniesSignIn = async (language: Locale): Promise<void> => {
    const guest = await begins(language);
    const { window, person } = guest;
    const words = signInsWords(language);
    const { signIn, profile } = person.words;
    const stranger = await visits.sitsDown(person);
    await arrives(
      stranger,
      { ...person, password: 'guessed' },
      `${visits.tweestap.origin}/sign-in`,
    );
    await stranger.reads(signIn.password.wrong);
    await stranger.type(signIn.password.label, person.password);
    await stranger.press(signIn.password.signIn);
    await typesCode(stranger, person, otherThan(person.appCode()));
    await stranger.reads(person.words.app.rejections['incorrect-code']);

    await window.follow(profile.navigation.recentSignIns);
    await window.sees(words.title);
    await window.reads(words.reasons.verification(words.rejections['incorrect-code']));
    await look(guest, 'sign-ins');
    await window.page.getByText(words.filter.open).click();
    await window.page.getByLabel(words.filter.label).selectOption({ label: words.results.success });
    await window.press(words.filter.show);
    assert.doesNotMatch(
      await window.page.getByRole('table').innerText(),
      new RegExp(words.rejections['incorrect-code']),
    );
    await window.type(words.search.label, 'nothing like it');
    await window.press(words.filter.show);
    await window.reads(words.none);
    await look(guest, 'sign-ins-none');
    await window.follow(profile.navigation.recentSignIns);
    await window.page.getByRole('link', { name: words.notMe }).first().click();
    await window.sees(words.deny.title);
    await look(guest, 'sign-in-denying');
    await window.press(words.deny.confirm);
    await window.sees(words.denied.title);
    await look(guest, 'sign-in-denied');
    await visits.tweestap.phones.mail(person.userPrincipalName);

    await visits.tweestap.advanceSeconds(31);
    await window.follow(words.denied.signIn);
    await arrivesAgain(guest);
    await window.sees(signIn.changePassword.title);
    await window.type(signIn.changePassword.label, 'Welkom2026!');
    await window.press(signIn.changePassword.change);
    await window.page
      .getByRole('alert')
      .getByText(signIn.changePassword.refused['too-common'])
      .waitFor();
    await look(guest, 'password-too-common');
    await window.type(signIn.changePassword.label, newPassword);
    await window.press(signIn.changePassword.change);
    await window.sees(profile.title);
  };
  const arrivesAgain = async ({ window, person }: Guest): Promise<void> => {
    const { signIn } = person.words;
    await window.type(signIn.name.label, person.userPrincipalName);
    await window.press(signIn.name.next);
    await window.type(signIn.password.label, person.password);
    await window.press(signIn.password.signIn);
    await typesCode(window, person, person.appCode());
  };

  it('closes the account when a sign-in was not theirs', () => deniesSignIn('en'));
  it('sluit het account als een aanmelding niet van hen was', () => deniesSignIn('nl'));

  it('says that nobody got in where somebody only guessed', async () => {
    const guest = await begins('en');
    const words = signInsWords('en');
    const stranger = await visits.sitsDown(guest.person);
    const guessing = { ...guest.person, password: 'guessed' };
    await arrives(stranger, guessing, `${visits.tweestap.origin}/sign-in`);
    await stranger.reads(guest.person.words.signIn.password.wrong);
    await guest.window.follow(guest.person.words.profile.navigation.recentSignIns);
    await guest.window.page.getByRole('link', { name: words.notMe }).first().click();
    await guest.window.sees(words.deny.harmlessTitle);
    await look(guest, 'sign-in-harmless');
  });

  const changesPassword = async (language: Locale): Promise<void> => {
    const guest = await begins(language);
    const { window, person } = guest;
    const words = passwordWords(language);
    const { changePassword } = person.words.signIn;
    await visits.tweestap.advanceSeconds(301);
    await window.follow(person.words.profile.navigation.changePassword);
    await window.sees(words.title);
    await look(guest, 'password');
    await window.type(words.current, 'guessed');
    await window.type(changePassword.label, newPassword);
    await window.press(changePassword.change);
    await window.page.getByRole('alert').and(window.page.locator(':focus')).waitFor();
    await look(guest, 'password-wrong');
    await window.type(words.current, person.password);
    await window.type(changePassword.label, newPassword);
    await window.press(changePassword.change);
    await window.sees(words.done.title);
    await look(guest, 'password-changed');
    await window.follow(words.done.profile);
    await window.sees(person.words.profile.title);
    await look(guest, 'profile');
  };

  it('changes the password and stays signed in', () => changesPassword('en'));
  it('wijzigt het wachtwoord en blijft aangemeld', () => changesPassword('nl'));
});

/**
 * Security info in a browser: somebody adds a phone and an app, changes their number, chooses another
 * default and deletes what they do not want any more. Every page on the way is held to what all pages
 * promise, and so is every page that looks different because something is missing or wrong.
 */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';

import type { Locale } from '../../src/i18n/locale.ts';
import { sharedWordsIn } from '../../src/methods/words.ts';
import { arrives, startVisits, typesCode } from '../support/at-a-window.ts';
import { withoutChromium, type Window } from '../support/chromium.ts';
import { assertNothingFound, startReview, type Reviewer } from '../support/page-review.ts';
import { codeOfApp, newPerson, type Person } from '../support/people.ts';

interface Guest {
  readonly person: Person;
  readonly window: Window;
}

describe('Security info in a browser', { skip: withoutChromium }, () => {
  const visits = startVisits();
  let review: Reviewer | undefined;
  afterEach(() => {
    if (review !== undefined) assertNothingFound(review);
    review = undefined;
  });

  const look = async ({ window }: Guest, name: string): Promise<void> => {
    await review?.look(window.page, `security-info-${name}`);
  };
  const address = (path = ''): string =>
    `${visits.tweestap.origin}/my-profile/security-info${path}`;

  const opens = async (
    language: Locale,
    registered: readonly ('app' | 'phone')[],
    path?: string,
  ): Promise<Guest> => {
    const person = await newPerson(visits.tweestap, { registered, language });
    const guest = { person, window: await visits.sitsDown(person) };
    const { window } = guest;
    await arrives(window, person, `${visits.tweestap.origin}/sign-in`);
    const code = registered[0] === 'app' ? person.appCode() : await person.phone.code();
    await typesCode(window, person, code);
    await window.sees(person.words.profile.title);
    await look(guest, 'block-on-my-profile');
    if (path !== undefined) await window.open(address(path));
    return guest;
  };

  /** Begins to add what the drop-down calls so. */
  const adds = async ({ person, window }: Guest, label: string): Promise<void> => {
    const { add, methods } = person.words.securityInfo;
    await window.follow(methods.add);
    await window.sees(add.title);
    await window.page.getByLabel(add.label).selectOption({ label });
    await window.press(add.add);
  };
  const appName = ({ person }: Guest) => sharedWordsIn(person.words.locale).app.name;
  const phoneNames = ({ person }: Guest) => sharedWordsIn(person.words.locale).phoneTypes;
  const notice = ({ window }: Guest) => window.page.getByRole('main').getByRole('status');
  /** A button or link of one of the listed things, by what it does and what it is about. */
  const ofItem = ({ window }: Guest, role: 'button' | 'link', what: string, about: string) =>
    window.page.getByRole(role, { name: new RegExp(`^${what} ${about},`) });

  const addsPhone = async (guest: Guest, number: string): Promise<void> => {
    const { person, window } = guest;
    const { contact, next } = person.words.registration;
    const { alternateMobile } = phoneNames(guest);
    await adds(guest, alternateMobile);
    await window.sees(alternateMobile);
    await look(guest, 'add-phone');
    await window.type(contact.number, '06');
    await window.press(next);
    await window.page.getByRole('alert').and(window.page.locator(':focus')).waitFor();
    await look(guest, 'add-phone-refused');
    await window.type(contact.number, `${number} x12`);
    await window.page.getByLabel(contact.methods.call).check();
    await window.press(next);
    await window.sees(person.words.call.challenge.title);
    await window.reads(sharedWordsIn(person.words.locale).extensionRemoved('12'));
    const call = await visits.tweestap.phones.phone(number).call();
    await look(guest, 'add-phone-call');
    await call.answer();
    await call.keys('#');
    await window.sees(person.words.securityInfo.title);
    const { done } = person.words.securityInfo;
    await notice(guest).getByText(done.added(alternateMobile)).waitFor();
    await look(guest, 'added');
  };

  const addsApp = async (guest: Guest): Promise<void> => {
    const { person, window } = guest;
    const { app, securityInfo } = person.words;
    const { contact } = person.words.registration;
    await adds(guest, appName(guest));
    await window.page.getByLabel(contact.appUses.code.label).check();
    await look(guest, 'add-app-use');
    await window.press(contact.setUp);
    await window.sees(app.challenge.title);
    await look(guest, 'add-app');
    await window.page.getByText(app.draft.cannotScan).click();
    const key = await window.page.locator('.secret:visible code').first().innerText();
    await typesCode(window, person, codeOfApp(key.replaceAll(/\s/g, ''), visits.tweestap.now()));
    await window.sees(securityInfo.title);
    await notice(guest)
      .getByText(securityInfo.done.added(appName(guest)))
      .waitFor();
  };

  const changesNumber = async (guest: Guest, number: string): Promise<void> => {
    const { person, window } = guest;
    const { registration, securityInfo, text } = person.words;
    const { mobile } = phoneNames(guest);
    await ofItem(guest, 'button', securityInfo.methods.change, mobile).click();
    await window.sees(mobile);
    await look(guest, 'change-phone');
    await window.type(registration.contact.number, number);
    await window.page.getByLabel(registration.contact.methods.text).check();
    await window.press(registration.next);
    await window.sees(text.challenge.title);
    await look(guest, 'change-phone-code');
    await typesCode(window, person, await visits.tweestap.phones.phone(number).code());
    await window.sees(securityInfo.title);
    await notice(guest).getByText(securityInfo.done.changed).waitFor();
    const told = await person.phone.text();
    assert.match(told.text, /Voorbeeld/);
    assert.doesNotMatch(told.text, new RegExp(number.slice(-2)));
  };

  const setsDefault = async (guest: Guest, by: RegExp): Promise<void> => {
    const { person, window } = guest;
    const { defaultMethod, title } = person.words.securityInfo;
    const change = `${defaultMethod.change} ${defaultMethod.heading}`;
    await window.page.getByRole('link', { name: change }).click();
    await window.sees(defaultMethod.title);
    await look(guest, 'default');
    const choices = window.page.getByLabel(defaultMethod.label, { exact: true });
    const labels = await choices.locator('option').allInnerTexts();
    const label = labels.find((each) => by.test(each)) ?? assert.fail(labels.join(' | '));
    await choices.selectOption({ label });
    await window.press(defaultMethod.confirm);
    await window.sees(title);
    await notice(guest).getByText(label.replaceAll('\u00a0', ' ')).waitFor();
    await look(guest, 'default-set');
  };

  const deletes = async (guest: Guest, name: string): Promise<void> => {
    const { person, window } = guest;
    const { methods, remove, title } = person.words.securityInfo;
    await ofItem(guest, 'link', methods.delete, name).first().click();
    await window.sees(remove.title(name));
    await window.reads(remove.undone);
    await look(guest, 'delete');
    await window.press(remove.yes);
    await window.sees(title);
  };

  const walk = async (language: Locale): Promise<void> => {
    review = startReview(language);
    const guest = await opens(language, ['app', 'phone']);
    const { person, window } = guest;
    const { securityInfo, profile } = person.words;
    const { random } = visits.tweestap.installation;
    await window.page
      .getByRole('main')
      .getByRole('link', { name: profile.methods.securityInfo })
      .click();
    await window.sees(securityInfo.title);
    await look(guest, 'list');
    await window.follow(securityInfo.methods.add);
    await look(guest, 'add');
    await window.follow(securityInfo.back);

    await addsPhone(guest, `+31622${random.digits(4)}22`);
    await addsApp(guest);
    await visits.tweestap.advanceSeconds(31);
    // Nobody else's ends so: the drop-down tells two phones apart by no more than that.
    const number = `+31633${random.digits(4)}99`;
    await changesNumber(guest, number);
    await setsDefault(
      guest,
      { en: /^Phone - call .*99\)/, nl: /^Telefoon – bellen .*99\)/ }[language],
    );
    await deletes(guest, phoneNames(guest).mobile);
    const { done } = securityInfo;
    await notice(guest).getByText(done['deleted-default']).waitFor();
    await look(guest, 'deleted-default');
    await deletes(guest, appName(guest));
    await notice(guest).getByText(done.deleted).waitFor();
    const mails = await visits.tweestap.phones.messages({
      kind: 'mail',
      to: person.userPrincipalName,
    });
    assert.equal(mails.length, 6, 'one for each change');
  };

  it('lets somebody add, change, choose and delete', () => walk('en'));
  it('laat iemand toevoegen, wijzigen, kiezen en verwijderen', () => walk('nl'));

  const edges = async (language: Locale): Promise<void> => {
    review = startReview(language);
    const { tweestap } = visits;
    const only = await opens(language, ['phone'], '');
    const { securityInfo } = only.person.words;
    await only.window.reads(securityInfo.methods.last.replace);
    await look(only, 'last');
    await tweestap.advanceSeconds(31);
    await ofItem(only, 'button', securityInfo.methods.change, phoneNames(only).mobile).click();
    await only.window.sees(phoneNames(only).mobile);
    await only.window.press(only.person.words.registration.adding.cancel);
    await only.window.sees(securityInfo.title);

    const nobody = await newPerson(tweestap, {
      language,
      user: { perUserMfaState: 'disabled' },
    });
    const empty = { person: nobody, window: await visits.sitsDown(nobody) };
    await arrives(empty.window, nobody, `${tweestap.origin}/sign-in`);
    await empty.window.sees(nobody.words.profile.title);
    await empty.window.open(address());
    await empty.window.reads(securityInfo.none.title);
    await look(empty, 'nothing');

    const office = await opens(language, ['app'], '/add');
    await office.window.page
      .getByLabel(securityInfo.add.label)
      .selectOption({ label: phoneNames(office).office });
    await office.window.press(securityInfo.add.add);
    await office.window.sees(phoneNames(office).office);
    await look(office, 'add-office-phone');
    await tweestap.advanceSeconds(301);
    await office.window.open(address('/default'));
    await office.window.sees(office.person.words.app.challenge.title);
    await look(office, 'second-step-again');
  };

  it('looks right where little is there, and where it asks anew', () => edges('en'));
  it('ziet er goed uit waar weinig is, en waar opnieuw wordt gevraagd', () => edges('nl'));

  it('works by keyboard, without script and on a small screen', async () => {
    const person = await newPerson(visits.tweestap, { registered: ['app', 'phone'] });
    const { securityInfo, registration, app } = person.words;
    const window = await visits.sitsDown(person, { script: false, width: 320, height: 640 });
    const guest = { person, window };
    await arrives(window, person, `${visits.tweestap.origin}/sign-in`);
    await typesCode(window, person, person.appCode());
    await window.open(address());
    const about = `${phoneNames(guest).mobile}, `;
    await window.tabsTo('link', new RegExp(`^${securityInfo.methods.delete} ${about}`));
    await window.page.keyboard.press('Enter');
    await window.sees(securityInfo.remove.title(phoneNames(guest).mobile));
    await window.tabsTo('button', securityInfo.remove.yes);
    await window.page.keyboard.press('Enter');
    await notice(guest).getByText(securityInfo.done.deleted).waitFor();
    await window.tabsTo('link', securityInfo.methods.add);
    await window.page.keyboard.press('Enter');
    await window.tabsTo('combobox', securityInfo.add.label);
    await window.page.keyboard.type(appName(guest));
    await window.tabsTo('button', securityInfo.add.add);
    await window.page.keyboard.press('Enter');
    await window.sees(appName(guest));
    await window.page.getByLabel(registration.contact.appUses.notification.label).focus();
    await window.page.keyboard.press('ArrowDown');
    await window.tabsTo('button', registration.contact.setUp);
    await window.page.keyboard.press('Enter');
    await window.sees(app.challenge.title);
    await window.tabsTo('button', registration.adding.cancel);
    await window.page.keyboard.press('Enter');
    await window.sees(securityInfo.title);
  });
});

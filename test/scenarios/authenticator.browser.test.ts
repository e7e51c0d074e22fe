/**
 * The computer and the phone: the pages of a sign-in in one window, the Tweestap Authenticator in
 * another, and the whole service between them.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { wordsIn as authenticatorWords } from '../../authenticator/words.ts';
import { wordsIn as notificationWords } from '../../src/methods/notification/words.ts';
import { arrives, startVisits, typesCode } from '../support/at-a-window.ts';
import { withoutChromium, type Window } from '../support/chromium.ts';
import { newPerson, type Person } from '../support/people.ts';

interface Owner {
  readonly person: Person;
  readonly computer: Window;
  readonly phone: Window;
}

describe('the authenticator beside a sign-in', { skip: withoutChromium }, () => {
  const visits = startVisits();

  /** Somebody new who has just joined their phone, at the test that follows. */
  async function joins(language: 'en' | 'nl', pin?: string): Promise<Owner> {
    const person = await newPerson(visits.tweestap, {
      language,
      user: { perUserMfaState: 'enabled' },
    });
    const computer = await visits.sitsDown(person);
    const phone = await visits.sitsDown(person, { width: 390, height: 844 });
    const { registration } = person.words;
    const app = authenticatorWords(language);
    await arrives(computer, person, `${visits.tweestap.origin}/sign-in`);
    await computer.press(registration.interrupt.setUp);
    await computer.page.locator('[name=way]').selectOption('app');
    await computer.page.getByText(registration.contact.appUses.notification.label).click();
    await computer.press(registration.contact.setUp);
    const link = computer.page.locator('a[href*="#pair="]');
    await phone.open((await link.getAttribute('href')) ?? '');
    await phone.sees(app.pairing.confirmTitle);
    await phone.press(app.pairing.button);
    if (pin !== undefined) {
      await phone.reads(app.pairing.pinTitle);
      await phone.type(app.pairing.pin, pin);
      await phone.type(app.pairing.pinAgain, pin);
      await phone.press(app.pairing.button);
    }
    await phone.sees(app.pairing.doneTitle);
    await phone.follow(app.pairing.done);
    return { person, computer, phone };
  }

  /** Waits until the phone has this heading: what is asked stands before everything else there. */
  const says = (phone: Window, title: string): Promise<void> =>
    phone.page.getByRole('heading', { name: title, exact: true }).waitFor();

  /** The number that the computer shows. */
  const number = ({ computer }: Owner): Promise<string> =>
    computer.page.locator('.number-match strong').innerText();

  const approves = async (owner: Owner, typed: string, pin?: string): Promise<void> => {
    const { phone, person } = owner;
    const { request } = authenticatorWords(person.words.locale);
    await phone.page.getByLabel(request.number).fill(typed);
    if (pin !== undefined) await phone.type(request.pin, pin);
    await phone.press(request.approve);
  };

  /** Proves the phone, and finishes without a backup. */
  async function proves(owner: Owner, pin?: string): Promise<void> {
    const { computer, phone, person } = owner;
    const { registration, profile } = person.words;
    const { request, close } = authenticatorWords(person.words.locale);
    await computer.press(registration.contactMe);
    await says(phone, request.testTitle);
    await approves(owner, await number(owner), pin);
    await says(phone, request.results.approved.title);
    await phone.press(close);
    await computer.press(registration.backup.skip);
    await computer.press(registration.appPassword.done);
    await computer.sees(profile.title);
  }

  /** Signs in on another day, up to the number. */
  async function comesBack({ person, phone }: Owner): Promise<Owner> {
    const computer = await visits.sitsDown(person);
    await arrives(computer, person, `${visits.tweestap.origin}/sign-in`);
    const again = { person, phone, computer };
    await says(phone, authenticatorWords(person.words.locale).request.title);
    return again;
  }

  for (const language of ['en', 'nl'] as const) {
    it(`is set up by a link, tested, and then approves (${language})`, async () => {
      const owner = await joins(language);
      await proves(owner);
      const again = await comesBack(owner);
      await approves(again, await number(again));
      await again.computer.sees(again.person.words.profile.title);
    });
  }

  it('lets nobody in who is denied, and shows the code of the app as another way', async () => {
    const owner = await joins('en');
    await proves(owner);
    const again = await comesBack(owner);
    const words = authenticatorWords('en');
    await number(again);
    await again.phone.press(words.request.deny);
    await says(again.phone, words.request.results.denied.title);
    await again.computer.reads(notificationWords('en').rejections['user-declined']);
    await again.phone.press(words.close);
    await again.computer.page.getByRole('button', { name: /code/i }).first().click();
    const code = (await again.phone.page.locator('body').innerText()).match(/\b\d{3}\s?\d{3}\b/);
    await typesCode(again.computer, again.person, code?.[0] ?? '');
    await again.computer.sees(again.person.words.profile.title);
  });

  it('ends the request at a wrong number, on both screens', async () => {
    const owner = await joins('en');
    await proves(owner);
    const again = await comesBack(owner);
    const shown = await number(again);
    await approves(again, shown === '10' ? '11' : '10');
    await says(again.phone, authenticatorWords('en').request.results['wrong-number'].title);
    await again.computer.reads(/is not the one on this page/);
  });

  it('blocks the account when its owner reports, and tells them', async () => {
    const owner = await joins('en');
    await proves(owner);
    const again = await comesBack(owner);
    const { request } = authenticatorWords('en');
    await again.phone.press(request.report);
    await again.phone.press(request.reportButton);
    await says(again.phone, request.results.reported.title);
    await again.computer.page
      .getByText(/blocked/i)
      .first()
      .waitFor();
    const user = await visits.tweestap.installation.database.stores.users.findByName(
      owner.person.userPrincipalName,
    );
    assert.equal(user?.blocked?.reason, 'fraud-reported');
  });

  it('asks for the PIN that was chosen, and for no other, where policy says so', async () => {
    const setting = 'methods.notification.settings.pin';
    assert.equal((await visits.tweestap.command('policy', 'set', setting, 'true')).code, 0);
    const owner = await joins('en', '2846');
    await proves(owner, '2846');
    const again = await comesBack(owner);
    const { request } = authenticatorWords('en');
    const shown = await number(again);
    await approves(again, shown, '2847');
    await again.phone.reads(request.pinRefused);
    await approves(again, shown, '2846');
    await again.computer.sees(again.person.words.profile.title);
  });
});

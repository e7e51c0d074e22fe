/** The first sign-in from an application, in a browser: set up in every way there is, and in. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { User } from '../../src/accounts/user.ts';
import type { Locale } from '../../src/i18n/locale.ts';
import { parseOtpauthUri } from '../../src/lib/otp/otpauth-uri.ts';
import { encodeBase32 } from '../../src/lib/otp/base32.ts';
import { en } from '../../src/sample/sample-app/strings.en.ts';
import { nl } from '../../src/sample/sample-app/strings.nl.ts';
import { startVisits, typesCode, typesNameAndPassword } from '../support/at-a-window.ts';
import { withoutChromium, type Window } from '../support/chromium.ts';
import { codeOfApp, newPerson, samplePerson, type Person } from '../support/people.ts';
import { until } from '../support/poll.ts';
import { readQrCode } from '../support/qr-reader.ts';

const words = { en, nl };
const office = '+31201234567';

interface Guest {
  readonly person: Person;
  readonly window: Window;
}

describe('the first sign-in in a browser', { skip: withoutChromium }, () => {
  const visits = startVisits();

  const application = (): string =>
    visits.tweestap.server.sampleAppOrigin ?? assert.fail('the sample application does not run');

  const sitsDown = async (person: Person): Promise<Guest> => ({
    person,
    window: await visits.sitsDown(person),
  });
  const somebody = async (language: Locale, user: Partial<User> = {}): Promise<Guest> =>
    sitsDown(
      await newPerson(visits.tweestap, { language, user: { perUserMfaState: 'enabled', ...user } }),
    );

  /** From the application's start page, as far as whatever follows the password. */
  const comesFromApplication = async ({ person, window }: Guest): Promise<void> => {
    await window.open(application());
    await window.follow(words[person.words.locale].welcome.signIn);
    await window.reads(new RegExp(words[person.words.locale].name));
    await typesNameAndPassword(window, person);
  };

  const beginsToSetUp = async (guest: Guest): Promise<void> => {
    const { person, window } = guest;
    const { interrupt, step, contact } = person.words.registration;
    await comesFromApplication(guest);
    await window.sees(interrupt.heading);
    await window.press(interrupt.setUp);
    await window.sees(step(1, contact.heading));
    assert.ok((await window.words()).includes(person.words.registration.page));
  };

  const choosesWay = async (
    { person, window }: Guest,
    way: 'mobile' | 'office' | 'app',
  ): Promise<void> => {
    const { contact } = person.words.registration;
    await window.page.getByLabel(contact.way, { exact: true }).selectOption(contact.ways[way]);
  };

  const givesMobile = async ({ person, window }: Guest, by: 'text' | 'call'): Promise<void> => {
    const { contact, next } = person.words.registration;
    await window.type(contact.number, person.mobilePhone);
    await window.page.getByLabel(contact.methods[by]).check();
    await window.press(next);
  };

  /** The app password of step `last`, Done, and what the application was told. */
  const finishes = async ({ person, window }: Guest, last: number, amr: string): Promise<void> => {
    const { locale, registration } = person.words;
    const { step, appPassword } = registration;
    await window.sees(step(last, appPassword.heading));
    await window.press(appPassword.done);
    await isIn({ person, window }, amr);
    assert.match(await window.words(), new RegExp(words[locale].strength['two-steps']));
  };

  const isIn = async ({ person, window }: Guest, amr: string): Promise<void> => {
    const { home } = words[person.words.locale];
    await window.reads(home.body);
    await window.page.getByText(home.raw).click();
    const fact = (name: string): Promise<string> =>
      window.page.locator(`dt:text-is("${name}") + dd`).innerText();
    assert.equal(await fact('acr'), 'https://refeds.org/profile/mfa');
    assert.deepEqual((await fact('amr')).split(' ').toSorted(), amr.split(' ').toSorted());
    const ageMs = visits.tweestap.now().getTime() - Number(await fact('auth_time')) * 1000;
    assert.ok(ageMs >= 0 && ageMs < 60_000, `auth_time is ${ageMs} ms ago`);
  };

  const withText = async (guest: Guest): Promise<void> => {
    const { person, window } = guest;
    const { step, prove } = person.words.registration;
    await beginsToSetUp(guest);
    await givesMobile(guest, 'text');
    await window.sees(step(2, prove.text));
    await typesCode(window, person, await person.phone.code());
    await finishes(guest, 3, 'pwd sms mfa');
  };

  it('lets anna in by a text to her phone', async () => {
    await withText(await sitsDown(samplePerson(visits.tweestap, 'anna')));
  });
  it('laat iemand binnen met een sms naar de telefoon', async () => {
    await withText(await somebody('nl'));
  });

  const withCall = async (guest: Guest): Promise<void> => {
    const { person, window } = guest;
    const { step, prove } = person.words.registration;
    await beginsToSetUp(guest);
    await givesMobile(guest, 'call');
    await window.sees(step(2, prove.call));
    const call = await person.phone.call();
    await call.answer();
    await window.reads(person.words.call.challenge.answered);
    await call.keys('#');
    await finishes(guest, 3, 'pwd tel mfa');
  };

  it('lets somebody in by a call, which is the default from then on', async () => {
    const guest = await somebody('en');
    const { person, window } = guest;
    await withCall(guest);

    await window.press(en.home.signOut);
    await window.reads(en.signedOutHere);
    await visits.tweestap.advanceSeconds(31);
    await comesFromApplication(guest);
    await window.sees(person.words.call.challenge.title);
    const call = await person.phone.call();
    await call.answer();
    await call.keys('#');
    await isIn(guest, 'pwd tel mfa');
  });
  it('laat iemand binnen met een oproep', async () => {
    await withCall(await somebody('nl'));
  });

  const withOfficePhone = async (guest: Guest): Promise<void> => {
    const { person, window } = guest;
    const { contact, next, step, prove } = person.words.registration;
    await beginsToSetUp(guest);
    await choosesWay(guest, 'office');
    const shown = window.page.getByLabel(contact.officeNumber, { exact: true });
    assert.equal(await shown.inputValue(), '+31 20 123 4567 x12');
    assert.equal(await shown.isEditable(), false);
    assert.ok((await window.words()).includes(contact.officeWrong));
    await window.press(next);
    await window.sees(step(2, prove.call));
    const call = await visits.tweestap.phones.phone(office).call();
    assert.equal((await call.look()).extension, undefined, 'dialled after the answer only');
    await call.answer();
    assert.equal((await call.look()).extension, '12');
    await call.keys('#');
    await finishes(guest, 3, 'pwd tel mfa');
  };
  const atTheOffice = { businessPhone: office, businessPhoneExtension: '12' };

  it('lets somebody in by a call to the office phone, extension and all', async () => {
    await withOfficePhone(await somebody('en', atTheOffice));
  });
  it('laat iemand binnen met een oproep naar de bureautelefoon', async () => {
    await withOfficePhone(await somebody('nl', atTheOffice));
  });

  it('calls a typed office phone with its extension where the directory has none', async () => {
    const guest = await somebody('en');
    const { person, window } = guest;
    const { contact, next } = person.words.registration;
    await beginsToSetUp(guest);
    await choosesWay(guest, 'office');
    await window.type(contact.number, '020 765 4321');
    await window.page.getByLabel(contact.extension).fill('345');
    await window.press(next);
    const call = await visits.tweestap.phones.phone('+31207654321').call();
    await call.answer();
    assert.equal((await call.look()).extension, '345');
    await call.keys('#');
    await finishes(guest, 3, 'pwd tel mfa');
  });

  it('lets somebody in with an app that scans the QR code, and calls the backup phone', async () => {
    const guest = await somebody('en');
    const { person, window } = guest;
    const { contact, step, prove, backup } = person.words.registration;
    await beginsToSetUp(guest);
    await choosesWay(guest, 'app');
    await window.page.getByLabel(contact.appUses.code.label).check();
    await window.press(contact.setUp);
    await window.sees(step(2, prove.code));
    const scanned = parseOtpauthUri(await readQrCode(window.page.locator('.qr')));
    assert.ok(scanned);
    assert.equal(scanned.issuer, 'Voorbeeld');
    assert.equal(scanned.account, person.userPrincipalName);
    const code = codeOfApp(encodeBase32(scanned.key), visits.tweestap.now());
    await typesCode(window, person, code);

    await window.sees(step(3, backup.heading));
    await givesMobile(guest, 'call');
    const call = await person.phone.call();
    await call.answer();
    await call.keys('#');
    await finishes(guest, 4, 'pwd otp tel mfa');
  });

  it('laat iemand binnen met een app waarin de code is overgetypt, zonder reservetelefoon', async () => {
    const guest = await somebody('nl');
    const { person, window } = guest;
    const { contact, backup } = person.words.registration;
    const { draft } = person.words.app;
    await beginsToSetUp(guest);
    await choosesWay(guest, 'app');
    await window.page.getByLabel(contact.appUses.code.label).check();
    await window.press(contact.setUp);
    await window.page.getByText(draft.cannotScan).click();
    const key = await window.page.locator('.secret:visible code').first().innerText();
    await typesCode(window, person, codeOfApp(key.replaceAll(/\s/g, ''), visits.tweestap.now()));
    await window.reads(backup.warning);
    await window.press(backup.skip);
    await finishes(guest, 4, 'pwd otp mfa');
  });

  it('copies the app password with a button, whole and without blanks', async () => {
    const guest = await somebody('en');
    const { person, window } = guest;
    await window.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await beginsToSetUp(guest);
    await givesMobile(guest, 'text');
    await typesCode(window, person, await person.phone.code());
    await window.sees(
      person.words.registration.step(3, person.words.registration.appPassword.heading),
    );
    const shown = await window.page.locator('.secret code').innerText();
    await window.page.getByRole('button', { name: /^Copy/ }).click();
    await window.reads('Copied');
    const copied = await window.page.evaluate<string>('navigator.clipboard.readText()');
    assert.match(copied, /^[A-Z2-7]{24}$/);
    assert.equal(copied, shown.replaceAll(/\s/g, ''));
    await window.press(person.words.registration.appPassword.done);
    await isIn(guest, 'pwd sms mfa');
  });

  it('loses nothing when somebody leaves half-way, and lets nobody in before Done', async () => {
    const guest = await somebody('en');
    const { person, window } = guest;
    const { interrupt, step, appPassword } = person.words.registration;
    await beginsToSetUp(guest);
    await givesMobile(guest, 'text');
    await typesCode(window, person, await person.phone.code());
    await window.sees(step(3, appPassword.heading));
    const tab = await window.newTab();
    await tab.open(`${visits.tweestap.origin}/my-profile`);
    await tab.sees(person.words.signIn.name.title);
    await visits.tweestap.advanceSeconds(60);

    // Another day, another browser: the phone is asked, and the rest of the steps follows.
    const later = await sitsDown(person);
    await comesFromApplication(later);
    await later.window.sees(person.words.text.challenge.title);
    await typesCode(later.window, person, await person.phone.code());
    await later.window.sees(interrupt.heading);
    await later.window.press(interrupt.setUp);
    await later.window.sees(step(3, appPassword.heading));
    await later.window.press(appPassword.done);
    await isIn(later, 'pwd sms mfa');
  });

  it('greys out what is not allowed, and says why', async () => {
    const excluded = ['set', 'methods.phone-call.excludedGroups', '["no calls"]'];
    const { code, error } = await visits.tweestap.command('policy', ...excluded);
    assert.equal(code, 0, error);
    const guest = await somebody('en', { groups: ['no calls'] });
    const { person, window } = guest;
    const { contact, reasons, methodReasons } = person.words.registration;
    await beginsToSetUp(guest);
    await until('the new policy', async () => {
      await window.page.reload();
      return (await window.words()).includes(reasons['excluded-group']([contact.ways.office]));
    });
    const way = window.page.getByLabel(contact.way, { exact: true });
    assert.equal(await way.locator('option[value=office]').isDisabled(), true);
    assert.equal(await window.page.getByLabel(contact.methods.call).isDisabled(), true);
    assert.ok((await window.words()).includes(methodReasons['excluded-group']));
    await givesMobile(guest, 'text');
    await typesCode(window, person, await person.phone.code());
    await finishes(guest, 3, 'pwd sms mfa');
  });

  it('says what is wrong with a number, takes the reader there and keeps what was typed', async () => {
    const guest = await somebody('nl');
    const { person, window } = guest;
    const { contact, next, step } = person.words.registration;
    await beginsToSetUp(guest);
    await window.type(contact.number, '06 12');
    await window.press(next);
    await window.page.getByRole('alert').and(window.page.locator(':focus')).waitFor();
    assert.match(await window.page.title(), /^Fout: /);
    await window.sees(step(1, contact.heading));
    const field = window.page.getByLabel(contact.number, { exact: true });
    assert.equal(await field.inputValue(), '06 12');
    await window.page.getByRole('alert').getByRole('link').click();
    await window.isAt(contact.number);
  });
});

/** The first sign-in: from the interrupt to Done, in every way there is, in both languages. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import type { User } from '../../src/accounts/user.ts';
import type { Locale } from '../../src/i18n/locale.ts';
import type { Browser } from '../support/browser.ts';
import { codeOfApp, newPerson, samplePerson, type Person } from '../support/people.ts';
import { until } from '../support/poll.ts';
import { startTweestap, type Tweestap } from '../support/tweestap.ts';

describe('the first sign-in', () => {
  let tweestap: Tweestap;
  before(async () => {
    tweestap = await startTweestap();
  });
  after(() => tweestap.close());

  const somebody = (language: Locale = 'en', user: Partial<User> = {}): Promise<Person> =>
    newPerson(tweestap, { language, user: { perUserMfaState: 'enabled', ...user } });

  /** As far as the numbered steps. */
  const beginsToSetUp = async ({ browser, words, arrives }: Person): Promise<void> => {
    const { interrupt, step, contact } = words.registration;
    await arrives();
    assert.equal(browser.page.heading, interrupt.heading);
    await browser.press(interrupt.setUp);
    assert.equal(browser.page.heading, step(1, contact.heading));
    assert.ok(browser.page.text.includes(words.registration.page));
  };

  /** From the app password on, which is step `last`. */
  const finishes = async (person: Person, last: number): Promise<void> => {
    const { browser, words } = person;
    const { step, appPassword } = words.registration;
    assert.equal(browser.page.heading, step(last, appPassword.heading));
    assert.equal(shownSecrets(browser.page.html).length, 1, 'one app password is shown');
    await letsNobodyInYet(person);
    await browser.press(appPassword.done);
    assert.equal(browser.page.heading, words.profile.title);
    assert.equal(await stateOf(person), 'enforced');
  };

  const letsNobodyInYet = async ({ browser, words }: Person): Promise<void> => {
    const tab = browser.newTab();
    await tab.open('/my-profile');
    assert.equal(tab.page.heading, words.signIn.name.title);
  };

  const stateOf = async ({ userPrincipalName }: Person): Promise<unknown> => {
    const { output } = await tweestap.command('user', 'show', userPrincipalName, '--json');
    const { perUserMfaState }: { readonly perUserMfaState: string } = JSON.parse(output);
    return perUserMfaState;
  };

  const withText = async (language: Locale): Promise<Person> => {
    const person = await somebody(language);
    const { browser, words, phone } = person;
    await beginsToSetUp(person);
    await browser.press(words.registration.next, {
      way: 'mobile',
      country: 'NL',
      number: phone.number.replace('+31', '0'),
      by: 'text',
    });
    assert.equal(browser.page.heading, words.registration.step(2, words.registration.prove.text));
    const text = await phone.text();
    assert.equal(text.language, language);
    await person.typesCode(/\d{6}/.exec(text.text)?.[0] ?? '');
    await finishes(person, 3);
    return person;
  };

  it('is set up with the code of a text', async () => {
    const { browser } = await withText('en');
    assert.match(browser.page.text, /Phone - text \(\+31 ·· ·· ·· \d\d\) .* Default/);
  });

  it('is set up with the code of a text, in Dutch', async () => {
    const { browser } = await withText('nl');
    assert.match(browser.page.html, /<html lang="nl"/);
    assert.match(browser.page.text, /Telefoon – sms/);
  });

  it('says what the documents of Microsoft say', async () => {
    const anna = samplePerson(tweestap, 'anna');
    await anna.arrives();
    assert.equal(
      anna.browser.page.heading,
      'Your admin has required that you set up this account for additional security verification',
    );
    await anna.browser.press('Set it up now');
    assert.equal(anna.browser.page.heading, 'Step 1: How should we contact you?');
    assert.match(anna.browser.page.text, /Additional security verification/);
  });

  const withCall = async (language: Locale): Promise<void> => {
    const person = await somebody(language);
    const { browser, words, phone } = person;
    await beginsToSetUp(person);
    await browser.press(words.registration.next, {
      way: 'mobile',
      number: phone.number,
      by: 'call',
    });
    assert.equal(browser.page.heading, words.registration.step(2, words.registration.prove.call));
    const call = await phone.call();
    assert.equal((await call.look()).status, 'ringing');
    await call.answer();
    await browser.untilItMovesOn();
    assert.ok(browser.page.text.includes(words.call.challenge.answered));
    const { text, status } = await call.look();
    assert.equal(status, 'answered');
    assert.ok(text.includes(words.call.call.hash.instruction), text);
    await call.keys('#');
    await browser.untilItMovesOn();
    assert.ok((await call.look()).text.includes(words.call.call.thanks));
    await finishes(person, 3);
  };

  it('is set up with a call that is answered with #', () => withCall('en'));
  it('is set up with a call that is answered with #, in Dutch', () => withCall('nl'));

  const withOfficePhone = async (language: Locale): Promise<void> => {
    const number = `+3120${tweestap.installation.random.digits(7)}`;
    const person = await somebody(language, {
      businessPhone: number,
      businessPhoneExtension: '12',
    });
    const { browser, words } = person;
    await beginsToSetUp(person);
    assert.match(browser.page.html, /name="officeNumber"[^>]* readonly/);
    assert.ok(browser.page.text.includes(words.registration.contact.officeWrong));
    // Whatever is typed, the number of the directory is called.
    await browser.press(words.registration.next, { way: 'office', number: '06 12345678' });
    const call = await tweestap.phones.phone(number).call();
    assert.equal((await call.look()).extension, undefined, 'dialled only after the answer');
    await call.answer();
    assert.equal((await call.look()).extension, '12');
    await call.keys('#');
    await browser.untilItMovesOn();
    await finishes(person, 3);
    assert.match(browser.page.text, language === 'en' ? /Office phone - call/ : /Bureautelefoon/);
  };

  it('is set up with the office phone of the directory, its extension dialled', () =>
    withOfficePhone('en'));
  it('is set up with the office phone of the directory, in Dutch', () => withOfficePhone('nl'));

  it('is set up with an office phone and extension that are typed where the directory has none', async () => {
    const number = `+3120${tweestap.installation.random.digits(7)}`;
    const changed = await tweestap.command(
      'policy',
      'set',
      'methods.phone-call.settings.officePhoneTyped',
      'true',
    );
    assert.equal(changed.code, 0, changed.error);
    const person = await somebody();
    const { browser, words } = person;
    await beginsToSetUp(person);
    await policyHolds(browser, /name="extension"/);
    await browser.press(words.registration.next, { way: 'office', number, extension: '345' });
    const call = await tweestap.phones.phone(number).call();
    await call.answer();
    assert.equal((await call.look()).extension, '345');
    await call.keys('#');
    await browser.untilItMovesOn();
    await finishes(person, 3);
  });

  const withApp = async (language: Locale): Promise<void> => {
    const person = await somebody(language);
    const { browser, words, phone } = person;
    const { step, prove, backup } = words.registration;
    await beginsToSetUp(person);
    await browser.press(words.registration.contact.setUp, { way: 'app', appUse: 'code' });
    assert.equal(browser.page.heading, step(2, prove.code));
    const [key = '', url = ''] = shownSecrets(browser.page.html);
    assert.match(key, /^[A-Z2-7]{32,}$/);
    assert.match(url, /^otpauth:\/\/totp\//);
    assert.equal(new URL(url).searchParams.get('secret'), key);
    await person.typesCode(codeOfApp(key, tweestap.now()));
    assert.equal(browser.page.heading, step(3, backup.heading));
    await letsNobodyInYet(person);
    await browser.press(words.registration.next, { number: phone.number, by: 'text' });
    await person.typesCode(await phone.code());
    await finishes(person, 4);
  };

  it('is set up with an authenticator app of any maker, and a backup phone', () => withApp('en'));
  it('is set up with an authenticator app of any maker, in Dutch', () => withApp('nl'));

  it('goes on without a backup phone, after a warning', async () => {
    const person = await somebody();
    const { browser, words } = person;
    await beginsToSetUp(person);
    await browser.press(words.registration.contact.setUp, { way: 'app', appUse: 'code' });
    const [key = ''] = shownSecrets(browser.page.html);
    await person.typesCode(codeOfApp(key, tweestap.now()));
    assert.ok(browser.page.text.includes(words.registration.backup.warning));
    await browser.press(words.registration.backup.skip);
    await finishes(person, 4);
  });

  it('keeps what was proved when somebody leaves half-way, and lets nobody in', async () => {
    const person = await somebody();
    const { browser, words, phone } = person;
    await beginsToSetUp(person);
    await browser.press(words.registration.next, {
      way: 'mobile',
      number: phone.number,
      by: 'text',
    });
    await person.typesCode(await phone.code());
    assert.equal(await stateOf(person), 'enabled');
    await letsNobodyInYet(person);

    await tweestap.advanceSeconds(60);
    browser.cookies.forget();
    await person.arrives();
    await person.typesCode(await phone.code());
    assert.equal(browser.page.heading, words.registration.interrupt.heading);
    await browser.press(words.registration.interrupt.setUp);
    // Nothing of what was shown before counts: an app password is made by Done.
    assert.equal(
      browser.page.heading,
      words.registration.step(3, words.registration.appPassword.heading),
    );
    assert.doesNotMatch(browser.page.text, new RegExp(words.registration.appPassword.have));
    await browser.press(words.registration.appPassword.done);
    assert.equal(browser.page.heading, words.profile.title);
    assert.equal(await stateOf(person), 'enforced');
  });

  it('greys out what the organisation does not allow, with the reason, and refuses it', async () => {
    const person = await somebody('en', { groups: ['no calls'] });
    const { browser, words } = person;
    const changed = await tweestap.command(
      'policy',
      'set',
      'methods.phone-call.excludedGroups',
      '["no calls"]',
    );
    assert.equal(changed.code, 0, changed.error);
    await beginsToSetUp(person);
    await policyHolds(browser, /Office phone: your organisation does not allow this method/);
    assert.match(browser.page.html, /<option[^>]*value="office"[^>]* disabled/);
    await browser.press(words.registration.next, { way: 'office' });
    assert.equal(browser.page.status, 422);
    assert.match(browser.page.title, /^Error: /);
    assert.deepEqual(await person.phone.messages(), []);
  });

  it('greys out what is for other groups only, and offers it to those in them', async () => {
    const inside = await somebody('nl', { groups: ['keys first'] });
    const outside = await somebody('nl');
    const included = ['set', 'methods.security-key.includedGroups', '["keys first"]'];
    const changed = await tweestap.command('policy', ...included);
    assert.equal(changed.code, 0, changed.error);
    for (const person of [inside, outside]) await beginsToSetUp(person);
    await policyHolds(outside.browser, /staat deze methode alleen voor andere groepen toe/);
    assert.match(outside.browser.page.html, /<option[^>]*value="key"[^>]* disabled/);
    await inside.browser.open(inside.browser.address);
    assert.doesNotMatch(inside.browser.page.html, /<option[^>]*value="key"[^>]* disabled/);
  });

  it('says what is wrong with a number, keeps what was typed, and sends nothing', async () => {
    const person = await somebody('nl');
    const { browser, words, phone } = person;
    await beginsToSetUp(person);
    await browser.press(words.registration.next, { way: 'mobile', number: '06 123', by: 'text' });
    assert.equal(browser.page.status, 422);
    assert.match(browser.page.title, /^Fout: /);
    assert.match(browser.page.html, /name="number"[^>]*value="06 123"/);
    assert.deepEqual(await phone.messages(), []);
  });

  it('mails the person that something was registered', async () => {
    const { userPrincipalName } = await withText('en');
    const mail = await tweestap.phones.mail(userPrincipalName);
    assert.match(`${mail.subject} ${mail.text}`, /text/i);
  });

  it('mails it in the language in which it was done', async () => {
    const { userPrincipalName } = await withText('nl');
    const { subject = '', text, language } = await tweestap.phones.mail(userPrincipalName);
    assert.equal(language, 'nl');
    assert.match(subject, /^Er is een verificatiemethode toegevoegd/);
    assert.match(text, /Wat: Telefoon – sms/);
  });

  it('shows an app password only once, and keeps none that nobody wanted', async () => {
    const person = await somebody();
    const { browser, words, phone, userPrincipalName } = person;
    await beginsToSetUp(person);
    await browser.press(words.registration.next, {
      way: 'mobile',
      number: phone.number,
      by: 'text',
    });
    await person.typesCode(await phone.code());
    await browser.press(words.registration.appPassword.notNeeded);
    assert.equal(browser.page.heading, words.profile.title);
    const { output } = await tweestap.command('app-passwords', 'list', userPrincipalName, '--json');
    assert.deepEqual(JSON.parse(output), []);
  });
});

/** A changed policy is seen everywhere within seconds. */
async function policyHolds(browser: Browser, looks: RegExp): Promise<void> {
  await until('the new policy', async () => {
    const { html, text } = await browser.open(browser.address);
    return looks.test(`${html} ${text}`);
  });
}

/** What a page shows to be copied. */
function shownSecrets(html: string): readonly string[] {
  return [...html.matchAll(/<copy-text\b[^>]*\btext="([^"]*)"/g)].map(([, text = '']) =>
    text.replaceAll('&amp;', '&'),
  );
}

/**
 * A forgotten password whose second proof is given in the Tweestap Authenticator: over HTTP, with a
 * browser without script on the one side and the calls of the app on the other.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { locales, type Locale } from '../../src/i18n/locale.ts';
import { wordsIn as notificationWords } from '../../src/methods/notification/words.ts';
import { wordsIn } from '../../src/pages/password-reset/words.ts';
import { appOverHttp, type AppOverHttp } from '../support/app-over-http.ts';
import { newPerson, type Person } from '../support/people.ts';
import { solved } from '../support/reset.ts';
import { startTweestap, type Tweestap } from '../support/tweestap.ts';

const newPassword = 'zeven groene olifanten';

let tweestap: Tweestap;
before(async () => {
  tweestap = await startTweestap();
  await tweestap.installation.policies.change((policy) => ({
    ...policy,
    reset: { ...policy.reset, allowedFor: 'all', gates: 2 },
  }));
});
after(() => tweestap.close());

/** Somebody with a phone, and the app paired as a second thing. */
async function withApp(language: Locale): Promise<{ person: Person; app: AppOverHttp }> {
  const person = await newPerson(tweestap, { registered: ['phone'], language });
  const app = appOverHttp(tweestap, tweestap.now);
  await app.isRegisteredFor(tweestap.installation, person.userPrincipalName);
  return { person, app };
}

/** From the sign-in page to the list of what may come second, by way of a text. */
async function provesTheFirst({ browser, phone, ...person }: Person): Promise<void> {
  const words = wordsIn(person.words.locale);
  await browser.open('/password-reset');
  const human = solved(browser.formOf(words.name.next).fields['human'] ?? '');
  await browser.press(words.name.next, { name: person.userPrincipalName, human });
  assert.ok(!browser.page.html.includes(words.gates.notification.label), 'it never comes first');
  await browser.press(startOf(words.gates['text-message'].label));
  await browser.press(words.naming.phone.text, { destination: person.mobilePhone });
  await browser.press(person.words.challenge.verify, { code: await phone.code() });
  assert.equal(browser.page.heading, words.choose.next);
}

const startOf = (label: string): RegExp =>
  new RegExp(`^${label.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}`);
const numberOn = ({ browser }: Person): string =>
  /class="number-match">.*?<strong>(\d\d)</s.exec(browser.page.html)?.[1] ??
  assert.fail('no number');

describe('a forgotten password, with the app as the second proof', () => {
  for (const language of locales) {
    it(`is set anew once the number was typed in the app (${language})`, async () => {
      const { person, app } = await withApp(language);
      const { browser } = person;
      const words = wordsIn(language);
      await provesTheFirst(person);
      await browser.press(startOf(words.gates.notification.label));
      assert.equal(browser.page.heading, notificationWords(language).challenge.title);
      const [request] = await app.requests();
      assert.equal(request?.purpose, 'reset');
      assert.equal(await app.approves(numberOn(person)), 'approved');
      assert.equal((await browser.untilItMovesOn()).heading, words.password.title);
      await browser.press(words.password.finish, { password: newPassword, again: newPassword });
      assert.equal(browser.page.heading, words.done.title);
      await browser.open('/sign-in');
      await person.typesName();
      await person.typesPassword(newPassword);
      // The second step is asked as before.
      assert.notEqual(browser.page.heading, person.words.profile.title);
      assert.match(browser.address, /\/sign-in\//);
    });
  }

  it('stays as it is when it is denied in the app, and another way is open', async () => {
    const { person, app } = await withApp('en');
    const { browser } = person;
    const words = wordsIn('en');
    await provesTheFirst(person);
    await browser.press(startOf(words.gates.notification.label));
    assert.equal(await app.decides({ decision: 'deny' }), 'denied');
    await browser.open(browser.address);
    assert.equal(browser.page.heading, words.challenge.over);
    await browser.press(words.challenge.anotherWay);
    assert.equal(browser.page.heading, words.choose.next);
  });

  it('stays as it is when it is reported in the app, and the account is blocked', async () => {
    const { person, app } = await withApp('nl');
    const { browser } = person;
    const words = wordsIn('nl');
    await provesTheFirst(person);
    await browser.press(startOf(words.gates.notification.label));
    assert.equal(await app.decides({ decision: 'report' }), 'reported');
    await browser.open(browser.address);
    assert.equal(browser.page.heading, words.stopped.title);
    const { subject } = await tweestap.phones.mail(person.userPrincipalName);
    assert.match(subject ?? '', /gemeld dat iemand uw wachtwoord|reported a reset/);
  });

  it('is not asked a fourth time in ten minutes, and the page says so', async () => {
    const { person, app } = await withApp('en');
    const { browser } = person;
    const words = wordsIn('en');
    await provesTheFirst(person);
    for (let times = 0; times < 3; times++) {
      await browser.press(startOf(words.gates.notification.label));
      await browser.press(words.challenge.anotherWay);
    }
    await browser.press(startOf(words.gates.notification.label));
    assert.equal(browser.page.heading, words.choose.next);
    assert.ok(browser.page.html.includes(person.words.challenge.limit.title));
    assert.deepEqual(await app.requests(), []);
  });
});

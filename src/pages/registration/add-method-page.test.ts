import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { codeOfApp, newPerson, type Person } from '../../../test/support/people.ts';
import { until } from '../../../test/support/poll.ts';
import { startTweestap, type Tweestap } from '../../../test/support/tweestap.ts';
import { locales } from '../../i18n/locale.ts';

describe('the page of the registration campaign', () => {
  let tweestap: Tweestap;
  before(async () => {
    tweestap = await startTweestap();
  });
  after(() => tweestap.close());

  const campaign = (change: object): Promise<unknown> =>
    tweestap.installation.governing.changePolicy('test', (policy) => ({
      ...policy,
      registration: { ...policy.registration, campaign: { enabled: true, ...change } },
    }));
  /** Signs in as often as it takes until the page is as the new policy wants it. */
  const arrivesAt = async (person: Person, isThere: () => boolean): Promise<void> => {
    await until('the page', async () => {
      await tweestap.advanceSeconds(31);
      person.browser.cookies.forget('session');
      await person.signsIn();
      return isThere();
    });
  };

  for (const language of locales) {
    it(`asks, takes no for an answer, and leads on (${language})`, async () => {
      await campaign({ snoozeDays: 0 });
      const person = await newPerson(tweestap, { language, registered: ['phone'] });
      const { browser, words } = person;
      const { campaign: texts, later } = words.registration.addMethod;
      await arrivesAt(person, () => browser.page.heading === texts(true).title);
      assert.ok(browser.page.text.includes(texts(true).how));
      await browser.press(later);
      assert.equal(browser.page.heading, words.profile.title);
    });

    it(`is left only by setting it up, once that is required (${language})`, async () => {
      await campaign({ snoozes: 0, requiredAfterwards: true });
      const person = await newPerson(tweestap, { language, registered: ['phone'] });
      const { browser, words } = person;
      const { campaign: texts, setUp, later } = words.registration.addMethod;
      await arrivesAt(person, () => browser.page.text.includes(texts(false).how));
      assert.ok(!browser.buttons().includes(later));
      const [first = ''] = browser.buttons().filter((label) => label.startsWith(setUp('')));
      await browser.press(first);
      await browser.press(words.registration.contact.setUp, { appUse: 'code' });
      const key = /secret=([A-Z2-7]+)/.exec(browser.page.html)?.[1] ?? assert.fail('no key');
      await person.typesCode(codeOfApp(key, tweestap.now()));
      assert.equal(browser.page.heading, words.profile.title);
    });
  }
});

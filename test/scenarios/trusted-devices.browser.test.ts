/**
 * "Don't ask again" and "Stay signed in?" in a browser: somebody trusts a device, is spared the second
 * step there, sees it listed and ends it; another says so while a phone rings; a third stays signed in.
 */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';

import type { Locale } from '../../src/i18n/locale.ts';
import { wordsIn } from '../../src/pages/my-profile/trusted-devices/words.ts';
import { arrives, chooses, startVisits, typesCode } from '../support/at-a-window.ts';
import { withoutChromium, type Window } from '../support/chromium.ts';
import { assertNothingFound, startReview, type Reviewer } from '../support/page-review.ts';
import { newPerson, type Person } from '../support/people.ts';

interface Guest {
  readonly person: Person;
  readonly window: Window;
}

describe('trusted devices in a browser', { skip: withoutChromium }, () => {
  const visits = startVisits();
  let review: Reviewer | undefined;
  afterEach(() => {
    if (review !== undefined) assertNothingFound(review);
    review = undefined;
  });

  const look = async ({ window }: Guest, name: string): Promise<void> => {
    await review?.look(window.page, `trusted-devices-${name}`);
  };
  const opens = async (
    language: Locale,
    registered: readonly ('app' | 'phone')[],
  ): Promise<Guest> => {
    review = startReview(language);
    const person = await newPerson(visits.tweestap, { registered, language });
    const guest = { person, window: await visits.sitsDown(person) };
    await begins(guest);
    return guest;
  };
  const begins = ({ person, window }: Guest): Promise<void> =>
    arrives(window, person, `${visits.tweestap.origin}/sign-in`);
  const isIn = ({ person, window }: Guest): Promise<void> =>
    window.sees(person.words.profile.title);
  const opensList = async ({ window }: Guest): Promise<void> => {
    await window.open(`${visits.tweestap.origin}/my-profile/trusted-devices`);
  };
  /** The browser is closed: what was given until then is gone. */
  const closes = async ({ window: { context, page } }: Guest): Promise<void> => {
    const kept = (await context.cookies()).filter(({ expires }) => expires > 0);
    await page.goto('about:blank');
    await context.clearCookies();
    await context.addCookies(kept);
  };

  for (const language of ['en', 'nl'] as const) {
    const words = wordsIn(language);

    it(`are trusted, listed and ended (${language})`, async () => {
      const guest = await opens(language, ['app']);
      const { person, window } = guest;
      const { trust } = person.words.challenge;
      await look(guest, 'challenge');
      await window.page.getByLabel(trust.label(30)).check();
      await typesCode(window, person, person.appCode());
      await isIn(guest);
      await opensList(guest);
      await window.sees(words.title);
      await window.reads(words.list.thisOne);
      await look(guest, 'list');

      await closes(guest);
      await begins(guest);
      await isIn(guest);
      await opensList(guest);
      await window.sees(person.words.app.challenge.title);
      assert.equal(await window.page.getByLabel(trust.label(30)).count(), 0);
      await visits.tweestap.advanceSeconds(31);
      await typesCode(window, person, person.appCode());
      await window.sees(words.title);
      await window.page.getByRole('button', { name: new RegExp(`^${words.list.end}`) }).click();
      await window.reads(words.done.ended);
      await window.reads(words.none.title);
      await look(guest, 'none');

      await closes(guest);
      await begins(guest);
      await window.sees(person.words.app.challenge.title);
    });

    it(`are trusted while a phone rings, and ended all at once (${language})`, async () => {
      const guest = await opens(language, ['phone']);
      const { person, window } = guest;
      const { trust } = person.words.challenge;
      await window.sees(person.words.text.challenge.title);
      await visits.tweestap.advanceSeconds(31);
      await chooses(window, person, language === 'nl' ? /^Bel/ : /^Call/);
      await window.sees(person.words.call.challenge.title);
      const call = await person.phone.call();
      await look(guest, 'call');
      await window.press(trust.label(30));
      await window.reads(trust.wished(30));
      await look(guest, 'call-wished');
      await call.answer();
      await call.keys('#');
      await isIn(guest);
      await opensList(guest);
      await window.follow(words.list.endAll);
      await window.sees(words.endAll.title);
      await look(guest, 'end-all');
      await window.press(words.endAll.confirm);
      await window.reads(words.done['all-ended']);
    });

    it(`are trusted when the text is answered, and nothing typed (${language})`, async () => {
      const guest = await opens(language, ['phone']);
      const { person, window } = guest;
      await window.sees(person.words.text.challenge.title);
      await look(guest, 'text');
      await person.phone.text();
      const told = window.page.waitForResponse((response) => response.url().endsWith('/trust'));
      await window.page.getByLabel(person.words.challenge.trust.label(30)).check();
      await told;
      await person.phone.replies(await window.page.locator('.number-match strong').innerText());
      await isIn(guest);
      await closes(guest);
      await begins(guest);
      await isIn(guest);
    });

    it(`stay signed in, if their owner says so (${language})`, async () => {
      const { policies } = visits.tweestap.installation;
      await policies.change((policy) => ({
        ...policy,
        sessions: { ...policy.sessions, staySignedIn: { allowed: true, days: 30 } },
      }));
      try {
        const guest = await opens(language, ['app']);
        const { person, window } = guest;
        const { stay } = person.words.signIn;
        await typesCode(window, person, person.appCode());
        await window.sees(stay.title);
        await look(guest, 'stay');
        await window.press(stay.yes);
        await isIn(guest);
        await closes(guest);
        await window.open(`${visits.tweestap.origin}/my-profile`);
        await isIn(guest);
      } finally {
        await policies.change((policy) => ({
          ...policy,
          sessions: { ...policy.sessions, staySignedIn: { allowed: false, days: 30 } },
        }));
      }
    });
  }
});

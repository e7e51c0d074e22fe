/**
 * What somebody sees on their computer while the app on their phone is set up, and while a sign-in
 * waits for it: every page is held to what all pages promise.
 */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';

import type { Locale } from '../../src/i18n/locale.ts';
import { wordsIn as appWords } from '../../src/methods/notification/words.ts';
import { sharedWordsIn } from '../../src/methods/words.ts';
import { appOverHttp } from '../support/app-over-http.ts';
import { arrives, startVisits } from '../support/at-a-window.ts';
import { withoutChromium, type Window } from '../support/chromium.ts';
import { assertNothingFound, startReview, type Reviewer } from '../support/page-review.ts';
import { newPerson } from '../support/people.ts';

describe('a computer that waits for the app', { skip: withoutChromium }, () => {
  const visits = startVisits();
  let review: Reviewer | undefined;
  afterEach(() => {
    if (review !== undefined) assertNothingFound(review);
    review = undefined;
  });

  const number = (window: Window): Promise<string> =>
    window.page.locator('.number-match strong').innerText();

  const walks = async (language: Locale): Promise<void> => {
    const { tweestap } = visits;
    const reviewer = startReview(language);
    review = reviewer;
    const person = await newPerson(tweestap, { language, user: { perUserMfaState: 'enabled' } });
    const window = await visits.sitsDown(person);
    const { page } = window;
    const look = (name: string): Promise<void> => reviewer.look(page, `app-${name}`);
    const phone = appOverHttp(tweestap, tweestap.now);
    const { registration, signIn, challenge, profile, securityInfo } = person.words;
    const { contact, step, prove, backup } = registration;
    const { rejections } = appWords(language);
    const shared = sharedWordsIn(language);

    await arrives(window, person, `${tweestap.origin}/sign-in`);
    await window.press(registration.interrupt.setUp);
    await page.locator('[name=way]').selectOption('app');
    await look('choice');
    await window.press(contact.setUp);
    await window.sees(step(2, prove.pairing));
    await look('configure');
    const code = await page.locator('.secret code').first().innerText();
    await phone.joins(code, {
      name: language === 'nl' ? 'Chrome op Android' : 'Chrome on Android',
    });
    // It goes on by itself.
    await window.sees(step(2, prove.joined));
    await look('joined');
    await window.press(registration.contactMe);
    await window.sees(step(2, prove.notification));
    await look('test');
    assert.equal(await phone.decides({ decision: 'deny' }), 'denied');
    await window.reads(rejections['user-declined']);
    await look('test-denied');
    await window.press(registration.contactMe);
    await window.sees(step(2, prove.notification));
    assert.equal(await phone.approves(await number(window)), 'approved');
    await window.sees(step(3, backup.heading));
    await window.press(backup.skip);
    await window.press(registration.appPassword.done);
    await window.sees(profile.title);
    await window.open(`${tweestap.origin}/my-profile/security-info`);
    await window.sees(securityInfo.title);
    await look('on-security-info');

    await tweestap.advanceSeconds(600);
    const again = await visits.sitsDown(person);
    const lookAt = (name: string): Promise<void> => reviewer.look(again.page, `app-${name}`);
    await arrives(again, person, `${tweestap.origin}/sign-in`);
    await again.sees(appWords(language).challenge.title);
    await lookAt('sign-in');
    const other = (await number(again)) === '42' ? '43' : '42';
    const second = await visits.sitsDown(person);
    await arrives(second, person, `${tweestap.origin}/sign-in`);
    await second.reads(challenge.requestOpen.title);
    await reviewer.look(second.page, 'app-request-open');

    assert.equal(await phone.approves(other), 'wrong-number');
    await again.reads(shared.rejections['incorrect-number']);
    await lookAt('wrong-number');
    await again.press(challenge.repeat.push);
    await again.sees(appWords(language).challenge.title);
    await tweestap.advanceSeconds(61);
    await again.reads(rejections.expired);
    await lookAt('expired');
    await again.press(challenge.repeat.push);
    await again.sees(appWords(language).challenge.title);
    await phone.decides({ decision: 'deny' });
    await again.reads(rejections['user-declined']);
    await again.press(challenge.repeat.push);
    await again.reads(challenge.limit.title);
    await lookAt('limit');
    await again.press(signIn.challenge.codeInstead);
    await again.sees(person.words.app.challenge.title);
    await lookAt('code-instead');
  };

  it('shows what it waits for, and what to do when it waits in vain', () => walks('en'));
  it('toont waarop het wacht, en wat te doen als dat vergeefs is', () => walks('nl'));
});

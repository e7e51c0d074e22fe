/**
 * Somebody who only reads follows the sign-ins as they come, looks into one, asks the audit log and has its
 * chain verified, and goes from a chart to the list behind it. Every page is held to what all pages promise.
 */
import { afterEach, describe, it } from 'node:test';

import type { Locale } from '../../src/i18n/locale.ts';
import { logWordsIn } from '../../src/pages/admin/logs/words.ts';
import { reportWordsIn } from '../../src/pages/admin/reports/words.ts';
import { wordsIn as adminWords } from '../../src/pages/admin/words.ts';
import { arrives, startVisits, typesCode } from '../support/at-a-window.ts';
import { withoutChromium, type Window } from '../support/chromium.ts';
import { assertNothingFound, startReview, type Reviewer } from '../support/page-review.ts';
import { newPerson, type Person } from '../support/people.ts';

describe('reports and logs in a browser', { skip: withoutChromium }, () => {
  const visits = startVisits();
  let review: Reviewer;
  afterEach(() => assertNothingFound(review));

  const look = ({ page }: Window, name: string): Promise<void> =>
    review.look(page, `reports-and-logs-${name}`);
  const enters = async (person: Person): Promise<Window> => {
    const window = await visits.sitsDown(person);
    await arrives(window, person, `${visits.tweestap.origin}/sign-in`);
    await typesCode(window, person, person.appCode());
    await window.sees(person.words.profile.title);
    return window;
  };

  const reads = async (language: Locale): Promise<void> => {
    review = startReview(language);
    const somebody = (displayName: string, role: 'user' | 'reports-reader'): Promise<Person> =>
      newPerson(visits.tweestap, {
        registered: ['app', 'phone'],
        language,
        user: { preferredLanguage: language, role, displayName },
      });
    const person = await somebody(`Petra Doorsnee (${language})`, 'user');
    const words = adminWords(language);
    const logs = logWordsIn(language);
    const reports = reportWordsIn(language);
    const window = await enters(await somebody('Rik Rapport', 'reports-reader'));
    await window.follow(person.words.profile.navigation.admin);

    await window.follow(words.navigation.signIns);
    await window.sees(logs.signIns.title);
    await window.follow(logs.follow);
    await window.reads(logs.stopFollowing);
    await enters(person);
    await window.reads(`Petra Doorsnee (${language})`);
    await look(window, 'following');
    await window.follow(logs.stopFollowing);
    await window.page.getByText(logs.filter.open).click();
    await window.type(logs.filter.person, `Petra Doorsnee (${language})`);
    await window.press(logs.filter.show);
    await window.reads(logs.shown(1));
    await look(window, 'sign-ins');
    await window.page.locator('tbody th a').first().click();
    await window.sees(logs.signIns.oneTitle(`Petra Doorsnee (${language})`));
    await look(window, 'sign-in');

    await window.follow(words.navigation.audit);
    await window.sees(logs.audit.title);
    await look(window, 'audit');
    await window.page.getByRole('link', { name: words.events['signed-in'] }).first().click();
    await window.sees(logs.audit.oneTitle(words.events['signed-in']));
    await look(window, 'event');
    await window.page.locator('main').getByRole('link', { name: logs.audit.title }).click();
    await window.follow(logs.audit.verify);
    await window.follow(logs.verify.start);
    await window.reads(logs.verify.whole);
    await look(window, 'verified');

    await window.follow(words.navigation.reports);
    await window.sees(reports.title);
    await look(window, 'reports');
    await window.page.locator('#signIns summary').click();
    await window.follow(reports.periods[7]);
    await window.sees(reports.title);
    await window.page.locator('#signIns .chart a[tabindex="-1"]').last().click();
    await window.sees(logs.signIns.title);
    await window.reads(`Petra Doorsnee (${language})`);
  };

  it('tell whoever reads them what happens, as it happens', () => reads('en'));
  it('vertellen wie ze leest wat er gebeurt, terwijl het gebeurt', () => reads('nl'));
});

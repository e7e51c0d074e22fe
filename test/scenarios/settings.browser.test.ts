/**
 * Somebody decides for the organisation: a text on the first page of a sign-in, and no calls any more.
 * Both are seen by whoever signs in next, and taken back. Every page on the way is held to what all
 * pages promise.
 */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';

import type { Role } from '../../src/accounts/user.ts';
import type { Locale } from '../../src/i18n/locale.ts';
import { wordsOfSetting } from '../../src/pages/admin/settings/setting-words.ts';
import { wordsIn as settingsWords } from '../../src/pages/admin/settings/words.ts';
import { wordsIn as adminWords } from '../../src/pages/admin/words.ts';
import { arrives, startVisits, typesCode } from '../support/at-a-window.ts';
import { withoutChromium, type Window } from '../support/chromium.ts';
import { assertNothingFound, startReview, type Reviewer } from '../support/page-review.ts';
import { newPerson, type Person } from '../support/people.ts';

const callTile = /^(Call|Bellen)/;

describe('the settings in a browser', { skip: withoutChromium }, () => {
  const visits = startVisits();
  let review: Reviewer | undefined;
  afterEach(() => {
    if (review !== undefined) assertNothingFound(review);
    review = undefined;
  });

  const look = async ({ page }: Window, name: string): Promise<void> =>
    review?.look(page, `settings-${name}`);
  const somebody = (language: Locale, role: Role): Promise<Person> =>
    newPerson(visits.tweestap, {
      registered: ['app', 'phone'],
      language,
      user: { preferredLanguage: language, role, displayName: 'Ada Beheer' },
    });
  const enters = async (person: Person, script = true): Promise<Window> => {
    const window = await visits.sitsDown(person, { script });
    await arrives(window, person, `${visits.tweestap.origin}/sign-in`);
    await typesCode(window, person, person.appCode());
    await window.sees(person.words.profile.title);
    await window.follow(person.words.profile.navigation.admin);
    await window.follow(adminWords(person.words.locale).navigation.settings);
    await window.sees(settingsWords(person.words.locale).title);
    return window;
  };
  const follows = ({ page }: Window, tile: string): Promise<void> =>
    page.locator('main').getByRole('link', { name: tile }).first().click();

  const decides = async (language: Locale): Promise<void> => {
    review = startReview(language);
    const words = settingsWords(language);
    const labelOf = (path: string): string => wordsOfSetting(path, language).label;
    const window = await enters(await somebody(language, 'authentication-policy-admin'));
    await look(window, 'overview');

    // What whoever comes next reads.
    await follows(window, words.groups.organisation.title);
    await window.sees(words.groups.organisation.title);
    const said = language === 'en' ? 'Pupils ask the porter.' : 'Leerlingen vragen de portier.';
    const textLabel = labelOf(`organisation.signInText.${language}`);
    const field = window.page.getByLabel(textLabel);
    await field.fill(said);
    await window.page.getByLabel(labelOf('organisation.brandColour')).fill('red');
    await window.press(words.save);
    await window.page.getByRole('alert').and(window.page.locator(':focus')).waitFor();
    assert.equal(await field.inputValue(), said, 'nothing that was typed is lost');
    await look(window, 'refused');
    await window.page.getByLabel(labelOf('organisation.brandColour')).fill('#8a1c7c');
    await window.press(words.preview.show);
    await window.page.locator('.preview.dark').getByText(said).waitFor();
    await look(window, 'preview');
    await window.press(words.save);
    await window.reads(words.saved);
    await look(window, 'saved');

    // What they may choose.
    await follows(window, words.back);
    await follows(window, words.groups.service.title);
    await window.sees(words.groups.service.title);
    await look(window, 'service');
    await window.page.getByLabel(labelOf('methods.phone-call.enabled')).uncheck();
    await window.press(words.save);
    await window.sees(words.dangers.title);
    await look(window, 'sure');
    await window.press(words.dangers.confirm);
    await window.reads(words.saved);

    const person = await newPerson(visits.tweestap, {
      registered: ['phone'],
      language,
      user: { preferredLanguage: language },
    });
    const own = await visits.sitsDown(person);
    await own.open(`${visits.tweestap.origin}/sign-in`);
    await own.reads(said);
    await look(own, 'sign-in');
    await arrives(own, person, `${visits.tweestap.origin}/sign-in`);
    await own.page.getByLabel(person.words.text.challenge.code).waitFor();
    const { anotherWay } = person.words.signIn.challenge;
    assert.equal(await own.page.getByRole('button', { name: anotherWay }).count(), 0);

    // One step back.
    const row = (from: string, to: string): string =>
      `${labelOf('methods.phone-call.enabled')} ${from} ${to}`;
    await window.page.getByRole('row', { name: row(words.on, words.off) }).waitFor();
    await window.page.getByRole('button', { name: words.changed.undo }).click();
    await window.page.getByRole('row', { name: row(words.off, words.on) }).waitFor();
    await arrives(own, person, `${visits.tweestap.origin}/sign-in`);
    // No second text so soon: the ways there are stand on the page that says so.
    await own.page.getByRole('button', { name: callTile }).waitFor();
    await window.page.goto(`${visits.tweestap.origin}/admin/settings/organisation`);
    await window.page.getByLabel(textLabel).fill('');
    await window.press(words.save);
    await window.reads(words.saved);
    await window.page.goto(`${visits.tweestap.origin}/admin/settings/methods`);
    await window.sees(words.methodsCard.title);
    await look(window, 'methods');
    await window.follow(words.methods['text-message']);
    await window.sees(words.methods['text-message']);
    await look(window, 'method');
  };

  it('are seen by whoever signs in next, and taken back', () => decides('en'));
  it('worden gezien door wie zich daarna aanmeldt, en teruggezet', () => decides('nl'));

  const looks = async (language: Locale): Promise<void> => {
    const words = settingsWords(language);
    const window = await enters(await somebody(language, 'help-desk'), false);
    await follows(window, words.methodsCard.title);
    await window.sees(words.methodsCard.title);
    await window.follow(words.methods['text-message']);
    await window.sees(words.methods['text-message']);
    await window.reads(words.looksOnly);
    assert.equal(await window.page.getByRole('button', { name: words.save }).count(), 0);
  };

  it('are shown to the help desk, who changes nothing, without script', () => looks('en'));
  it('worden getoond aan de helpdesk, die niets wijzigt, zonder script', () => looks('nl'));
});

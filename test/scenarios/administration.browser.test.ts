/**
 * Somebody lost their phone: an administrator finds them, makes a pass, and they register anew with it;
 * and what the help desk sees of the same person. Every page on the way is held to what all pages promise.
 */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';

import type { Role } from '../../src/accounts/user.ts';
import type { Locale } from '../../src/i18n/locale.ts';
import { wordsIn as fileWords } from '../../src/pages/admin/files/words.ts';
import { wordsIn as jobWords } from '../../src/pages/admin/jobs/words.ts';
import { wordsIn as newUserWords } from '../../src/pages/admin/new-user/words.ts';
import { wordsIn as adminWords } from '../../src/pages/admin/words.ts';
import { arrives, startVisits, typesCode } from '../support/at-a-window.ts';
import { withoutChromium, type Window } from '../support/chromium.ts';
import { assertNothingFound, startReview, type Reviewer } from '../support/page-review.ts';
import { newPerson, type Person } from '../support/people.ts';

describe('administration in a browser', { skip: withoutChromium }, () => {
  const visits = startVisits();
  let review: Reviewer;
  afterEach(() => assertNothingFound(review));

  const look = ({ page }: Window, name: string): Promise<void> =>
    review.look(page, `administration-${name}`);

  const somebody = (language: Locale, role: Role, displayName: string): Promise<Person> =>
    newPerson(visits.tweestap, {
      registered: ['app', 'phone'],
      language,
      user: { preferredLanguage: language, role, displayName },
    });
  const enters = async (person: Person, script = true): Promise<Window> => {
    const window = await visits.sitsDown(person, { script });
    await arrives(window, person, `${visits.tweestap.origin}/sign-in`);
    await typesCode(window, person, person.appCode());
    await window.sees(person.words.profile.title);
    return window;
  };

  const getsBackIn = async (language: Locale): Promise<void> => {
    review = startReview(language);
    const words = adminWords(language);
    const name = language === 'en' ? 'Wilma Lostphone' : 'Wim Telefoonkwijt';
    const lost = await somebody(language, 'user', name);
    const admin = await somebody(language, 'authentication-admin', 'Ada Beheer');
    const window = await enters(admin);
    await window.follow(admin.words.profile.navigation.admin);
    await window.sees(words.users.title);
    await look(window, 'users');
    await window.type(words.users.search, 'nobody is called like this');
    await window.press(words.users.show);
    await window.reads(words.users.none);
    await look(window, 'users-none');
    await window.type(words.users.search, name.slice(0, 8).toLowerCase());
    await window.press(words.users.show);
    await window.page.getByLabel(words.users.select(name)).check();
    await window.press(words.steps['revoke-sessions'].button);
    await window.sees(words.steps['revoke-sessions'].title(1));
    await look(window, 'quick');
    await window.press(words.steps['revoke-sessions'].button);
    await window.reads(words.quick.result(1, 1));
    await look(window, 'result');
    await window.follow(name);
    await window.sees(name);
    await look(window, 'person');
    await window.follow(words.acts.block.label);
    await window.sees(words.acts.block.title(name));
    await window.press(words.acts.block.confirm);
    await window.page.getByRole('alert').and(window.page.locator(':focus')).waitFor();
    await look(window, 'block-refused');
    await window.follow(words.act.cancel);
    await window.page.goto(`${window.page.url()}/edit`);
    await window.sees(words.contact.title(name));
    await look(window, 'edit');
    await window.follow(words.act.cancel);
    await window.page.goto(`${window.page.url()}/rename`);
    await window.sees(words.acts.rename.title(name));
    await window.type(words.person.userName, 'nobody');
    await window.press(words.acts.rename.confirm);
    await window.reads(words.acts.rename.faults['not-a-name']);
    await look(window, 'rename-refused');
    await window.follow(words.act.cancel);
    await window.follow(words.acts.pass.label);
    await window.sees(words.acts.pass.title(name));
    await window.page.getByLabel(words.acts.pass.reRegister).check();
    await look(window, 'pass');
    await window.press(words.acts.pass.confirm);
    await window.sees(words.act.passTitle);
    const pass = await window.page.locator('.secret code').innerText();
    assert.match(pass.replaceAll(/\s/g, ''), /^[0-9A-Z]{8}$/);
    await look(window, 'pass-shown');

    const own = await visits.sitsDown(lost);
    const { signIn, registration } = lost.words;
    await own.open(`${visits.tweestap.origin}/sign-in`);
    await own.type(signIn.name.label, lost.userPrincipalName);
    await own.press(signIn.name.next);
    await own.sees(signIn.password.title);
    await own.page.getByText(signIn.pass.way).click();
    await own.type(signIn.pass.label, 'not-a-pass-of-mine');
    await own.press(signIn.pass.signIn);
    await own.page.getByRole('alert').and(own.page.locator(':focus')).waitFor();
    await look(own, 'sign-in-refused');
    await own.type(signIn.pass.label, pass);
    await own.press(signIn.pass.signIn);
    await own.sees(registration.interrupt.heading);
    await look(own, 'registers-anew');

    await window.follow(words.act.toPerson(name));
    await window.sees(name);
    await look(window, 'person-after');
    await window.follow(words.person.historyAll);
    await window.sees(`${words.person.history}: ${name}`);
    await window.reads(words.events['pass-issued']);
    await look(window, 'history');
  };

  it('lets somebody back in who lost everything', () => getsBackIn('en'));
  it('laat iemand weer binnen die alles kwijt is', () => getsBackIn('nl'));

  const rollsOut = async (language: Locale): Promise<void> => {
    review = startReview(language);
    const words = adminWords(language);
    const files = fileWords(language);
    const jobs = jobWords(language);
    const added = newUserWords(language);
    const admin = await somebody(language, 'global-admin', 'Greta Hoofdbeheer');
    const window = await enters(admin);
    const { page } = window;
    const at = (path: string): Promise<unknown> => page.goto(`${visits.tweestap.origin}${path}`);
    const domain = `rollout-${language}.example`;

    await at('/admin/users/new');
    await window.sees(added.title);
    await look(window, 'new-user');
    await window.press(added.add);
    await page.getByRole('alert').and(page.locator(':focus')).waitFor();
    await look(window, 'new-user-refused');
    await window.type(added.userName, `new@${domain}`);
    await window.press(added.add);
    await window.sees(added.added.title('new'));
    await look(window, 'new-user-added');

    await at('/admin/users/import');
    await window.sees(files.import.title);
    await look(window, 'import');
    const lines = Array.from(
      { length: 60 },
      (_, i) => `p${i}@${domain},Rollout ${language} ${i},staff ${language}`,
    );
    await page.getByLabel(files.file).setInputFiles({
      name: 'people.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(['user name,name,groups', ...lines, 'nobody,Nobody,x', ''].join('\r\n')),
    });
    await window.press(files.read);
    await window.reads(jobs.draft.nothingYet);
    await look(window, 'import-draft');
    await window.press(jobs.draft.begin);
    await window.reads(jobs.doneTitle(jobs.progress('60', '61')));
    await look(window, 'import-done');
    const [passwords] = await Promise.all([
      page.waitForEvent('download'),
      window.press(jobs.passwords.fetch),
    ]);
    assert.equal(passwords.suggestedFilename(), jobs.passwords.fileName);

    await at('/admin/groups');
    await window.reads(`staff ${language}`);
    await look(window, 'groups');
    await window.follow(`staff ${language}`);
    await page.getByLabel(words.users.search).pressSequentially(`rollout ${language} 7`);
    await window.reads(words.users.shown(1, { hasMore: false, isFirst: true }));
    await page.getByLabel(words.users.search).fill('');
    await page.getByLabel(words.users.everyone).check();
    await look(window, 'users-of-a-group');
    await window.press(words.steps.enable.button);
    await window.sees(words.steps.enable.title(60));
    await page.getByLabel(words.many.announce).check();
    await look(window, 'many');
    await window.press(words.steps.enable.button);
    await window.reads(jobs.doneTitle(jobs.progress('60', '60')));
    await look(window, 'many-done');
    await window.follow(jobs.back);
    await window.sees(jobs.title);
    await look(window, 'jobs');

    await at(`/admin/users?text=p1%40${domain}&c-role=1&c-groups=1&c-mail=1&c-added=1`);
    await look(window, 'users-columns');
    await window.follow(`Rollout ${language} 1`);
    await window.follow(words.acts.phone.label);
    await look(window, 'phone');
    await window.follow(words.act.cancel);
    await at(`${new URL(page.url()).pathname}/role`);
    await look(window, 'role');
  };

  it('rolls verification out to people from a file', () => rollsOut('en'));
  it('voert verificatie in voor mensen uit een bestand', () => rollsOut('nl'));

  const sees = async (language: Locale): Promise<void> => {
    review = startReview(language);
    const words = adminWords(language);
    const person = await somebody(language, 'user', 'Petra Doorsnee');
    const desk = await somebody(language, 'help-desk', 'Hugo Helpdesk');
    const window = await enters(desk, false);
    await window.follow(desk.words.profile.navigation.admin);
    await window.type(words.users.search, person.userPrincipalName);
    await window.press(words.users.show);
    await window.follow('Petra Doorsnee');
    await window.sees('Petra Doorsnee');
    await window.reads(words.acts['re-register'].label);
    const seen = await window.words();
    for (const id of ['pass', 'password', 'switch-off'] as const) {
      assert.ok(!seen.includes(words.acts[id].label), id);
    }
    assert.ok(!seen.includes(person.mobilePhone.slice(3, 9)), 'what is registered is masked');
    await window.follow(words.acts['re-register'].label);
    await window.sees(words.acts['re-register'].title('Petra Doorsnee'));
    await window.press(words.acts['re-register'].confirm);
    await window.reads(words.acts['re-register'].done);
  };

  it('keeps names that are one long word within their cards, on phones and on desks', async () => {
    review = startReview('nl');
    const name = 'W'.repeat(120);
    const long = await newPerson(visits.tweestap, {
      registered: ['phone'],
      language: 'nl',
      user: { displayName: name, groups: ['G'.repeat(64), 'H'.repeat(64)] },
    });
    const { administration } = visits.tweestap.installation;
    const { id } = (await administration.find(long.userPrincipalName)) ?? assert.fail();
    await administration.block(id, { reason: 'R'.repeat(180), by: 'command-line' });
    const window = await enters(await somebody('nl', 'global-admin', 'Ada Beheer'));
    const { page } = window;
    const person = encodeURIComponent(long.userPrincipalName);
    for (const path of [
      'users',
      `users/${id}`,
      `users/${id}/sign-ins`,
      'groups',
      'audit',
      'deliveries',
      'reports',
      `what-if?person=${person}`,
    ]) {
      await page.goto(`${visits.tweestap.origin}/admin/${path}`);
      for (const width of [360, 1280]) {
        await page.setViewportSize({ width, height: 800 });
        const beside = await page.evaluate<readonly string[]>(whatRunsOver);
        assert.deepEqual(beside, [], `${path} at ${width}`);
      }
    }
  });

  it('asks nobody to send a form again who goes back to one that was refused', async () => {
    review = startReview('en');
    const words = newUserWords('en');
    const { page, ...window } = await enters(await somebody('en', 'global-admin', 'Ada Beheer'));
    const { origin } = visits.tweestap;
    await page.goto(`${origin}/admin/users/new`);
    await window.type(words.userName, 'no name');
    await window.press(words.add);
    await page.getByRole('alert').first().waitFor();
    await page.goto(`${origin}/admin/groups`);
    await page.goBack();
    await page.getByLabel(words.userName).waitFor();
    await page.reload();
    await page.getByLabel(words.userName).waitFor();
    assert.equal(await page.getByRole('alert').count(), 0, 'nothing was sent again');
  });

  it('shows the help desk no more than it may see, without script', () => sees('en'));
  it('toont de helpdesk niet meer dan die mag zien, zonder script', () => sees('nl'));
});

/** The page itself, tables that run over the edge of their card, and cards wider than half as much again. */
const whatRunsOver = `[
  ...(document.documentElement.scrollWidth > innerWidth ? ['the page'] : []),
  ...[...document.querySelectorAll('.section')]
    .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth * 1.5)
    .map(({ scrollWidth }) => 'a card of ' + scrollWidth),
  ...[...document.querySelectorAll('table')]
    .filter((table) => {
      const card = table.closest('.section');
      const scrolls = getComputedStyle(table.parentElement).overflowX === 'auto';
      return card !== null && !scrolls &&
        table.getBoundingClientRect().right > card.getBoundingClientRect().right;
    })
    .map((table) => 'a table: ' + table.caption?.textContent),
]`;

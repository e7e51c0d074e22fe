/** What somebody keeps for a bad day, at a window: codes on paper, an address, answers to questions. */
import assert from 'node:assert/strict';
import { afterEach, before, describe, it } from 'node:test';

import { locales, type Locale } from '../../src/i18n/locale.ts';
import { wordsIn as emailWords } from '../../src/methods/email/words.ts';
import { wordsIn as codesWords } from '../../src/methods/recovery-codes/words.ts';
import { questionIds, questionText } from '../../src/methods/security-questions/questions.ts';
import { wordsIn as questionWords } from '../../src/methods/security-questions/words.ts';
import { securityInfoPath } from '../../src/pages/my-profile/security-info/path.ts';
import { wordsIn as listWords } from '../../src/pages/my-profile/security-info/words.ts';
import { wordsIn as uiWords } from '../../src/ui/words.ts';
import { arrives, chooses, startVisits, typesCode } from '../support/at-a-window.ts';
import { withoutChromium, type Window } from '../support/chromium.ts';
import { assertNothingFound, startReview, type Reviewer } from '../support/page-review.ts';
import { newPerson, otherThan, type Person } from '../support/people.ts';

describe('for a bad day', { skip: withoutChromium }, () => {
  const visits = startVisits();
  const { sitsDown } = visits;
  let review: Reviewer | undefined;
  before(async () => {
    if (withoutChromium !== false) return;
    await visits.tweestap.installation.policies.change((policy) => ({
      ...policy,
      methods: { ...policy.methods, 'security-questions': { enabled: true } },
    }));
  });
  afterEach(() => {
    if (review !== undefined) assertNothingFound(review);
    review = undefined;
  });

  const pathTo = (path: string): string => `${visits.tweestap.origin}${path}`;
  /** Opens **Add method** and chooses one. */
  const adds = async (window: Window, { words }: Person, label: string): Promise<void> => {
    const { add, methods } = listWords(words.locale);
    await window.open(pathTo(securityInfoPath));
    await window.follow(methods.add);
    await window.sees(add.title);
    await window.page.getByLabel(add.label).selectOption({ label });
    await window.press(add.add);
    await window.sees(label);
  };
  const signsIn = async (window: Window, person: Person): Promise<void> => {
    await arrives(window, person, pathTo('/sign-in'));
    await typesCode(window, person, person.appCode());
    await window.sees(person.words.profile.title);
  };

  const keepsCodes = async (language: Locale, script = true): Promise<void> => {
    const person = await newPerson(visits.tweestap, { registered: ['app'], language });
    const words = codesWords(language);
    const list = listWords(language);
    const window = await sitsDown(person, { script });
    const look = async (name: string): Promise<void> => {
      if (!script) return;
      review ??= startReview(language);
      await review.look(window.page, name);
    };
    await signsIn(window, person);

    await adds(window, person, words.name);
    await look('recovery-codes-begin');
    await window.press(person.words.registration.next);
    await window.sees(words.keep.title);
    await look('recovery-codes-keep');
    const codes = await window.page.locator('.codes li').allInnerTexts();
    assert.equal(codes.length, 10);
    await window.page.emulateMedia({ media: 'print' });
    const printed = await window.words();
    for (const code of codes) assert.ok(printed.includes(code));
    assert.ok(printed.includes(person.userPrincipalName));
    assert.ok(!printed.includes(words.keep.kept));
    await window.page.emulateMedia({ media: 'screen' });
    const print = window.page.getByRole('button', { name: uiWords(language).print });
    assert.equal(await print.isVisible(), script);

    await window.press(words.keep.done);
    await window.page.getByRole('alert').getByText(words.keep.unticked).waitFor();
    assert.ok((await window.page.title()).startsWith(uiWords(language).errorTitle('')));
    await look('recovery-codes-unticked');
    await window.page.getByLabel(words.keep.kept).check();
    await window.press(words.keep.done);
    await window.sees(list.title);
    await window.reads(words.left(10, 10));
    await look('recovery-codes-listed');

    const elsewhere = await sitsDown(person, { script });
    await arrives(elsewhere, person, pathTo('/sign-in'));
    await chooses(elsewhere, person, new RegExp(words.tile));
    await elsewhere.sees(words.challenge.title);
    await elsewhere.type(words.challenge.code, '0000-0000-0000-0000');
    await elsewhere.press(person.words.challenge.verify);
    await elsewhere.reads(words.rejections['incorrect-code']);
    if (script) await review?.look(elsewhere.page, 'recovery-code-wrong');
    await elsewhere.type(words.challenge.code, codes[4]?.toLowerCase() ?? '');
    await elsewhere.press(person.words.challenge.verify);
    await elsewhere.sees(person.words.profile.title);
    await window.open(pathTo(securityInfoPath));
    await window.reads(words.left(9, 10));
  };

  const givesAddress = async (language: Locale): Promise<void> => {
    review = startReview(language);
    const person = await newPerson(visits.tweestap, { registered: ['app'], language });
    const words = emailWords(language);
    const list = listWords(language);
    const window = await sitsDown(person);
    await signsIn(window, person);

    await adds(window, person, words.kind.place);
    await review.look(window.page, 'email-begin');
    await window.type(words.form.label, person.userPrincipalName);
    await window.press(person.words.registration.next);
    await window.reads(words.refused.own);
    await review.look(window.page, 'email-own-mailbox');
    const address = person.userPrincipalName.replace('voorbeeld.example', 'example.org');
    await window.type(words.form.label, address);
    await window.press(person.words.registration.next);
    await window.sees(words.challenge.title);
    await review.look(window.page, 'email-code');
    const mail = await visits.tweestap.phones.mail(address);
    assert.equal(mail.language, language);
    const code = /^\d{6}$/m.exec(mail.text)?.[0] ?? assert.fail();
    await typesCode(window, person, otherThan(code));
    await window.reads(words.rejections['incorrect-code']);
    await review.look(window.page, 'email-code-wrong');
    await typesCode(window, person, code);
    await window.sees(list.title);
    await window.reads(list.methods.proves.reset);
    await window.reads(/^p•••@example\.org/);
    await review.look(window.page, 'email-listed');
  };

  const answersQuestions = async (language: Locale): Promise<void> => {
    review = startReview(language);
    const person = await newPerson(visits.tweestap, { registered: ['app'], language });
    const words = questionWords(language);
    const list = listWords(language);
    const window = await sitsDown(person);
    await signsIn(window, person);

    await adds(window, person, words.place);
    await review.look(window.page, 'questions-begin');
    for (const place of [1, 2, 3, 4, 5]) {
      const question = questionText(questionIds[place] ?? '', language);
      const drop = window.page.getByLabel(words.form.question(place), { exact: true });
      await drop.selectOption({ label: question });
      await window.type(words.form.answer(place), `Antwerpen ${place === 5 ? 1 : place}`);
    }
    await window.press(person.words.registration.next);
    await window.reads(words.refused.sameAnswer(5));
    await review.look(window.page, 'questions-same-answer');
    await window.type(words.form.answer(5), 'Sint-Niklaas');
    await window.press(person.words.registration.next);
    await window.sees(words.check.title);
    await window.reads('Sint-Niklaas');
    await review.look(window.page, 'questions-check');
    await window.press(words.check.save);
    await window.sees(list.title);
    await window.reads(words.count(5));
    await review.look(window.page, 'questions-listed');
  };

  for (const language of locales) {
    it(`somebody answers security questions (${language})`, () => answersQuestions(language));
    it(`somebody keeps recovery codes, and gets in with one (${language})`, () =>
      keepsCodes(language));
    it(`somebody gives an address for resetting the password (${language})`, () =>
      givesAddress(language));
  }

  it('somebody keeps recovery codes without script', () => keepsCodes('en', false));
});

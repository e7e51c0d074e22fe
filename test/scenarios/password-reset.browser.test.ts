/** A forgotten password, at a window: each way to show that it is you, alone and beside another. */
import assert from 'node:assert/strict';
import { afterEach, before, describe, it } from 'node:test';

import { locales, type Locale } from '../../src/i18n/locale.ts';
import { wordsIn as appWords } from '../../src/methods/authenticator-code/words.ts';
import { wordsIn as emailWords } from '../../src/methods/email/words.ts';
import { systemRandom } from '../../src/lib/random.ts';
import { newCode, writeCode } from '../../src/methods/recovery-codes/code.ts';
import { wordsIn as codesWords } from '../../src/methods/recovery-codes/words.ts';
import { wordsIn as keyWords } from '../../src/methods/security-key/words.ts';
import { foldAnswer } from '../../src/methods/security-questions/answer.ts';
import { questionIds, questionText } from '../../src/methods/security-questions/questions.ts';
import { wordsIn as questionWords } from '../../src/methods/security-questions/words.ts';
import { securityInfoPath } from '../../src/pages/my-profile/security-info/path.ts';
import { wordsIn as listWords } from '../../src/pages/my-profile/security-info/words.ts';
import { wordsIn } from '../../src/pages/password-reset/words.ts';
import { arrives, startVisits, typesCode } from '../support/at-a-window.ts';
import { withoutChromium, type Window } from '../support/chromium.ts';
import { assertNothingFound, startReview, type Reviewer } from '../support/page-review.ts';
import { newPerson, type Person } from '../support/people.ts';
import { plugIn } from '../support/security-key.ts';

const newPassword = 'zeven groene olifanten';
const answers = ['Rotterdam', 'Een rode step', 'Snuffel'];
const code = newCode(systemRandom, 0);
let hashed: Promise<readonly string[]> | undefined;

type Gate =
  | 'authenticator-code'
  | 'text-message'
  | 'phone-call'
  | 'email'
  | 'recovery-codes'
  | 'security-questions';

/** Somebody who has everything, and forgot the password. */
interface Forgetful {
  readonly person: Person;
  readonly window: Window;
  readonly address: string;
}

describe('a forgotten password', { skip: withoutChromium }, () => {
  const visits = startVisits();
  let review: Reviewer | undefined;
  afterEach(() => {
    if (review !== undefined) assertNothingFound(review);
    review = undefined;
  });
  before(async () => {
    if (withoutChromium === false) await gatesAre(1);
  });

  const gatesAre = (gates: 1 | 2): Promise<unknown> =>
    visits.tweestap.installation.policies.change((policy) => ({
      ...policy,
      methods: {
        ...policy.methods,
        'security-questions': { enabled: true, settings: { register: 3, reset: 3 } },
      },
      reset: { ...policy.reset, allowedFor: 'all', gates },
    }));
  const at = (path: string): string => `${visits.tweestap.origin}${path}`;

  const somebody = async (language: Locale, script = true): Promise<Forgetful> => {
    const { installation } = visits.tweestap;
    const { database, random, hasher, clock } = installation;
    const person = await newPerson(visits.tweestap, { registered: ['app', 'phone'], language });
    const user = await installation.administration.find(person.userPrincipalName);
    assert.ok(user);
    const address = `${random.base32(8).toLowerCase()}@thuis.example`;
    // Everybody has the same code and answers, since nobody guesses here and a hash takes its time.
    hashed ??= Promise.all([code, ...answers.map(foldAnswer)].map((text) => hasher.hash(text)));
    const [hash, ...hashes] = await hashed;
    const questions = hashes.map((answer, index) => ({
      question: questionIds[index],
      hash: answer,
    }));
    for (const [kind, secret] of [
      ['email', { address }],
      ['recovery-codes', { hashes: { '0': hash } }],
      ['security-questions', { questions }],
    ] as const) {
      await database.stores.registrations.add({
        id: random.token(16),
        userId: user.id,
        kind,
        slot: '1',
        secret,
        version: 1,
        createdAt: clock.now(),
        lastUsedAt: undefined,
      });
    }
    const window = await visits.sitsDown(person, { script });
    return { person, window, address };
  };

  const look = async ({ window, person }: Forgetful, name: string): Promise<void> => {
    if (review === undefined) return;
    await review.look(window.page, `reset-${name}`);
    // Only where its reader has just typed it, in full.
    const isTyped = name === 'text' || name === 'call';
    const words = (await window.words()).replaceAll(/\s/g, '');
    assert.equal(words.includes(person.mobilePhone.slice(-6)), isTyped, `a number, at ${name}`);
  };

  /** To the list of gates; where the pages are looked at, all the way from the sign-in page. */
  const arrivesAtGates = async (forgetful: Forgetful): Promise<void> => {
    const { window, person } = forgetful;
    const words = wordsIn(person.words.locale);
    if (review === undefined) {
      await window.open(at('/password-reset'));
    } else {
      await window.open(at('/sign-in'));
      await window.follow(words.link);
    }
    await window.sees(words.name.title);
    await look(forgetful, 'name');
    await window.type(words.name.label, person.userPrincipalName);
    await window.press(words.name.next);
    await window.sees(words.choose.title);
    await look(forgetful, 'choose');
  };

  const goesTo = async ({ window, person }: Forgetful, gate: Gate): Promise<void> => {
    const { label } = wordsIn(person.words.locale).gates[gate];
    await window.page.getByRole('button', { name: label }).click();
  };

  const names = async (
    forgetful: Forgetful,
    what: 'phone' | 'mail',
    button: string,
  ): Promise<void> => {
    const { window, person, address } = forgetful;
    const words = wordsIn(person.words.locale).naming[what];
    await window.sees(words.title);
    await look(forgetful, `naming-${what}`);
    await window.type(words.label, what === 'mail' ? address : person.mobilePhone);
    await window.press(button);
  };

  const passes: Record<Gate, (forgetful: Forgetful) => Promise<void>> = {
    'authenticator-code': async (forgetful) => {
      const { window, person } = forgetful;
      await window.sees(appWords(person.words.locale).challenge.title);
      await look(forgetful, 'code');
      await typesCode(window, person, person.appCode());
    },
    'text-message': async (forgetful) => {
      const { window, person } = forgetful;
      const { naming } = wordsIn(person.words.locale);
      await names(forgetful, 'phone', naming.phone.text);
      await window.sees(person.words.text.challenge.title);
      await look(forgetful, 'text');
      await typesCode(window, person, await person.phone.code());
    },
    'phone-call': async (forgetful) => {
      const { window, person } = forgetful;
      const { naming } = wordsIn(person.words.locale);
      await names(forgetful, 'phone', naming.phone.call);
      await window.sees(person.words.call.challenge.title);
      await look(forgetful, 'call');
      const digits = await window.page.locator('.number-match strong').innerText();
      const call = await person.phone.call();
      await call.answer();
      await call.keys(`${digits}#`);
    },
    email: async (forgetful) => {
      const { window, person, address } = forgetful;
      const { naming } = wordsIn(person.words.locale);
      await names(forgetful, 'mail', naming.mail.send);
      await window.sees(emailWords(person.words.locale).challenge.title);
      await look(forgetful, 'email');
      const mail = await visits.tweestap.phones.mail(address);
      await typesCode(window, person, /^\d{6}$/m.exec(mail.text)?.[0] ?? assert.fail());
    },
    'recovery-codes': async (forgetful) => {
      const { window, person } = forgetful;
      const words = codesWords(person.words.locale).challenge;
      await window.sees(words.title);
      await look(forgetful, 'recovery-code');
      await window.type(words.code, writeCode(code));
      await window.press(person.words.challenge.verify);
    },
    'security-questions': async (forgetful) => {
      const { window, person } = forgetful;
      const { locale } = person.words;
      await window.sees(questionWords(locale).challenge.title);
      await look(forgetful, 'questions');
      for (const [index, answer] of answers.entries()) {
        const question = questionIds[index] ?? assert.fail();
        await window.type(questionText(question, locale), answer.toUpperCase());
      }
      await window.press(person.words.challenge.verify);
    },
  };

  const choosesPassword = async (forgetful: Forgetful, hasScript = true): Promise<void> => {
    const { window, person } = forgetful;
    const words = wordsIn(person.words.locale);
    await window.sees(words.password.title);
    await look(forgetful, 'password');
    await window.type(words.password.label, newPassword);
    if (hasScript) await window.reads(words.password.strength[3] ?? '');
    await window.type(words.password.again, newPassword);
    await window.press(words.password.finish);
    await window.sees(words.done.title);
    await look(forgetful, 'done');
  };

  const isAskedForSecondStep = async ({ window, person }: Forgetful): Promise<void> => {
    await arrives(window, { ...person, password: newPassword }, at('/sign-in'));
    await window.sees(appWords(person.words.locale).challenge.title);
  };

  for (const language of locales) {
    for (const gate of [
      'authenticator-code',
      'text-message',
      'phone-call',
      'email',
      'recovery-codes',
    ] as const) {
      it(`can be reset by ${gate} alone (${language})`, async () => {
        await gatesAre(1);
        if (gate === 'text-message') review = startReview(language);
        const forgetful = await somebody(language);
        await arrivesAtGates(forgetful);
        await goesTo(forgetful, gate);
        await passes[gate](forgetful);
        await forgetful.window.sees(wordsIn(language).password.title);
        // From here on all are the same; the pairs below go on to the end as well.
        if (gate !== 'text-message' && gate !== 'email') return;
        await choosesPassword(forgetful);
        // Whichever gate it was: a reset opens no door, and the next sign-in is as before.
        if (gate === 'email') await isAskedForSecondStep(forgetful);
      });
    }

    for (const [first, second] of [
      ['authenticator-code', 'email'],
      ['recovery-codes', 'phone-call'],
      ['email', 'text-message'],
      ['authenticator-code', 'security-questions'],
    ] as const) {
      it(`is reset by ${first} and ${second} (${language})`, async () => {
        await gatesAre(2);
        if (second === 'security-questions') review = startReview(language);
        const forgetful = await somebody(language);
        const words = wordsIn(language);
        await arrivesAtGates(forgetful);
        await goesTo(forgetful, first);
        await passes[first](forgetful);
        await forgetful.window.sees(words.choose.next);
        await look(forgetful, 'choose-second');
        await goesTo(forgetful, second);
        await passes[second](forgetful);
        await choosesPassword(forgetful);
      });
    }

    it(`is reset with a security key, which is asked without naming it (${language})`, async () => {
      await gatesAre(1);
      const person = await newPerson(visits.tweestap, { registered: ['app'], language });
      const window = await visits.sitsDown(person);
      await plugIn(window);
      const words = keyWords(language);
      const list = listWords(language);
      await arrives(window, person, at('/sign-in'));
      await typesCode(window, person, person.appCode());
      await window.sees(person.words.profile.title);
      await window.open(at(securityInfoPath));
      await window.follow(list.methods.add);
      await window.page.getByLabel(list.add.label).selectOption({ label: words.kind.name });
      await window.press(list.add.add);
      await window.page.getByLabel(words.form.name).fill('Blue key');
      await window.press(person.words.registration.next);
      await window.sees(list.title);
      await window.context.clearCookies();
      const forgetful = { person, window, address: '' };
      await arrivesAtGates(forgetful);
      await window.page
        .getByRole('button', { name: wordsIn(language).gates['security-key'].label })
        .click();
      await choosesPassword(forgetful);
    });
  }

  it('is prepared for at sign-in, where policy asks for it', async () => {
    const { policies } = visits.tweestap.installation;
    const asks = (requireRegistration: boolean): Promise<unknown> =>
      policies.change((policy) => ({ ...policy, reset: { ...policy.reset, requireRegistration } }));
    await gatesAre(2);
    await asks(true);
    review = startReview('nl');
    const person = await newPerson(visits.tweestap, { registered: ['app'], language: 'nl' });
    const window = await visits.sitsDown(person);
    const { prepare } = person.words.signIn;
    await arrives(window, person, at('/sign-in'));
    await typesCode(window, person, person.appCode());
    await window.sees(prepare.register.title);
    await review.look(window.page, 'reset-prepare');
    await window.press(prepare.register.now);
    await window.sees(listWords('nl').add.title);
    await asks(false);
  });

  it('is reset without script, after a little patience in place of the calculation', async () => {
    await gatesAre(1);
    const forgetful = await somebody('nl', false);
    const { window, person } = forgetful;
    const words = wordsIn('nl');
    await window.open(at('/password-reset'));
    await window.type(words.name.label, person.userPrincipalName);
    await window.press(words.name.next);
    await window.reads(words.name.wait.title);
    visits.tweestap.server.parts.advanceClock(31);
    await window.press(words.name.next);
    await window.sees(words.choose.title);
    await goesTo(forgetful, 'authenticator-code');
    await passes['authenticator-code'](forgetful);
    await choosesPassword(forgetful, false);
  });

  it('leads a stranger who makes up a name to no other page, and to no password', async () => {
    await gatesAre(1);
    review = startReview('en');
    const forgetful = await somebody('en');
    const stranger = {
      ...forgetful,
      person: { ...forgetful.person, userPrincipalName: 'nobody@voorbeeld.example' },
    };
    const { window } = stranger;
    const words = wordsIn('en');
    await arrivesAtGates(stranger);
    await goesTo(stranger, 'authenticator-code');
    for (let tries = 0; tries < 5; tries++) {
      await window.sees(appWords('en').challenge.title);
      await typesCode(window, stranger.person, `12345${tries}`);
      if (tries < 4) await window.reads(appWords('en').rejections['incorrect-code'] ?? '');
    }
    await window.sees(words.challenge.over);
    await look(stranger, 'over');
  });

  it('is left as it is by somebody who only unlocks', async () => {
    await gatesAre(1);
    const forgetful = await somebody('en');
    const { window, person } = forgetful;
    const words = wordsIn('en');
    await arrivesAtGates(forgetful);
    await goesTo(forgetful, 'recovery-codes');
    await passes['recovery-codes'](forgetful);
    await window.sees(words.password.title);
    await window.press(words.password.unlock);
    await window.sees(words.unlocked.title);
    await arrives(window, person, at('/sign-in'));
    await window.sees(appWords('en').challenge.title);
  });
});

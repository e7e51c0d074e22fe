/** Every page around a sign-in, in every state that looks different: held to what all pages promise. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';

import { methods } from '../../src/methods/registry.ts';
import type { Locale } from '../../src/i18n/locale.ts';
import { wordsIn as helpWords } from '../../src/pages/help/words.ts';
import { wordsIn as simulatorWords } from '../../src/pages/simulator/words.ts';
import { arrives, chooses, startVisits, typesCode } from '../support/at-a-window.ts';
import { withoutChromium, type Window } from '../support/chromium.ts';
import { codeOfApp, newPerson, otherThan, samplePerson } from '../support/people.ts';
import { assertNothingFound, startReview, type Reviewer } from '../support/page-review.ts';

describe('every page around a sign-in', { skip: withoutChromium }, () => {
  const visits = startVisits();
  const { sitsDown } = visits;
  let review: Reviewer;
  afterEach(() => assertNothingFound(review));

  const signIn = (): string => `${visits.tweestap.origin}/sign-in`;
  const look = (window: Window, name: string): Promise<void> => review.look(window.page, name);
  const lookAtTheirs = (window: Window, name: string): Promise<void> =>
    review.look(window.page, name, true);

  const throughRegistration = async (language: Locale): Promise<void> => {
    const { tweestap } = visits;
    review = startReview(language);
    const person = await newPerson(tweestap, {
      language,
      user: {
        perUserMfaState: 'enabled',
        businessPhone: '+31201234567',
        businessPhoneExtension: '12',
      },
    });
    const { registration, text, app } = person.words;
    const { interrupt, contact, next, back, step, prove, backup, appPassword } = registration;
    const window = await sitsDown(person);
    const { page } = window;
    const way = () => page.getByLabel(contact.way, { exact: true });
    await arrives(window, person, signIn());
    await window.sees(interrupt.heading);
    await look(window, 'interrupt');
    await window.press(interrupt.setUp);
    await window.sees(step(1, contact.heading));
    await look(window, 'contact-mobile');
    await way().selectOption('office');
    await look(window, 'contact-office');
    await way().selectOption('app');
    await look(window, 'contact-app');
    await way().selectOption('mobile');
    await window.type(contact.number, '12');
    await window.press(next);
    await page.getByRole('alert').waitFor();
    await look(window, 'contact-wrong');
    await window.type(contact.number, person.mobilePhone);
    await window.press(next);
    await window.sees(step(2, prove.text));
    await look(window, 'prove-text');
    await typesCode(window, person, otherThan(await person.phone.code()));
    await window.reads(text.rejections['incorrect-code']);
    await look(window, 'prove-text-wrong');
    await window.press(back);
    await page.getByLabel(contact.methods.call).check();
    await window.press(next);
    await window.reads(prove.notSent);
    await look(window, 'prove-not-sent');
    await tweestap.advanceSeconds(31);
    await page.reload();
    await window.press(registration.contactMe);
    await window.sees(step(2, prove.call));
    await look(window, 'prove-call');
    await window.press(back);
    await way().selectOption('app');
    await page.getByLabel(contact.appUses.code.label).check();
    await window.press(contact.setUp);
    await window.sees(step(2, prove.code));
    await look(window, 'prove-app');
    await page.getByText(app.draft.cannotScan).click();
    await look(window, 'prove-app-by-hand');
    const key = await page.locator('.secret:visible code').first().innerText();
    const code = codeOfApp(key.replaceAll(/\s/g, ''), tweestap.now());
    await typesCode(window, person, code);
    await window.sees(step(3, backup.heading));
    await look(window, 'backup');
    await window.press(backup.skip);
    await window.sees(step(4, appPassword.heading));
    await look(window, 'app-password');

    const nothing = 'nothing-at-all';
    await tweestap.installation.policies.change((policy) => ({
      ...policy,
      methods: Object.fromEntries(
        methods.map(({ id }) => [id, { ...policy.methods[id], excludedGroups: [nothing] }]),
      ),
    }));
    const excluded = { groups: [nothing], perUserMfaState: 'enforced' as const };
    const without = await newPerson(tweestap, { language, user: excluded });
    const third = await sitsDown(without);
    await arrives(third, without, signIn());
    await third.press(interrupt.setUp);
    await third.reads(contact.none.title);
    await look(third, 'contact-none');

    const typing = await newPerson(tweestap, { language, user: { perUserMfaState: 'enabled' } });
    const other = await sitsDown(typing);
    await arrives(other, typing, signIn());
    await other.press(interrupt.setUp);
    await other.page.getByLabel(contact.way, { exact: true }).selectOption('office');
    await look(other, 'contact-office-typed');
  };

  it('of the registration', () => throughRegistration('en'));
  it('van de registratie', () => throughRegistration('nl'));

  const throughHelp = async (language: Locale): Promise<void> => {
    const { tweestap } = visits;
    review = startReview(language);
    const words = helpWords(language);
    const person = await newPerson(tweestap, { registered: ['phone'], language });
    const { text, challenge } = person.words;
    const window = await sitsDown(person);
    const { page } = window;
    const isInSight = async (topic: string): Promise<boolean> => {
      const { y } = (await page.locator(`#${topic}-heading`).boundingBox()) ?? { y: -1 };
      return y >= 0 && y < (page.viewportSize()?.height ?? 0) / 2;
    };
    await arrives(window, person, signIn());
    await window.sees(text.challenge.title);
    await window.follow(challenge.help['no-text']);
    await window.sees(words.title);
    assert.ok(await isInSight('no-text'), 'the topic that was asked for is not in sight');
    await look(window, 'help-topic');
    await window.follow(words.back);
    await window.sees(text.challenge.title);
    await typesCode(window, person, await person.phone.code());
    await window.sees(person.words.profile.title);

    await window.page.locator('footer a[href="/help"]').click();
    await window.sees(words.title);
    await look(window, 'help');
    const { short } = words.topics['lost-phone'];
    await window.tabsTo('link', short);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/help#lost-phone');
    assert.ok(await isInSight('lost-phone'), 'the keyboard leads elsewhere');
  };

  it('of the help', () => throughHelp('en'));
  it('van de hulp', () => throughHelp('nl'));

  const throughApplication = async (language: Locale): Promise<void> => {
    const { tweestap } = visits;
    review = startReview(language);
    const { sampleAppOrigin } = tweestap.server;
    assert.ok(sampleAppOrigin);
    const person = await newPerson(tweestap, { registered: ['app'], language });
    const window = await sitsDown(person);
    await window.open(sampleAppOrigin);
    await lookAtTheirs(window, 'application-welcome');
    await window.open(`${sampleAppOrigin}/callback`);
    await lookAtTheirs(window, 'application-trouble');
    await arrives(window, person, `${sampleAppOrigin}/sign-in`);
    await window.sees(person.words.app.challenge.title);
    await typesCode(window, person, person.appCode());
    await window.page.waitForURL(`${sampleAppOrigin}/`);
    await lookAtTheirs(window, 'application');
    await window.page.locator('summary').click();
    await lookAtTheirs(window, 'application-facts');
    // Whoever comes without showing whose session it is, is asked.
    await window.open(`${tweestap.origin}/oidc/end-session`);
    await look(window, 'sign-out');
    await window.open(sampleAppOrigin);
    await window.page.locator('form[action="/sign-out"] button').click();
    await window.page.waitForURL(`${sampleAppOrigin}/signed-out**`);
    await lookAtTheirs(window, 'application-signed-out');
    await window.open(`${tweestap.origin}/oidc/authorize?client_id=nobody`);
    await look(window, 'application-refused');
  };

  it('between an application and us', () => throughApplication('en'));
  it('tussen een toepassing en ons', () => throughApplication('nl'));

  const throughSimulator = async (language: Locale): Promise<void> => {
    const { tweestap } = visits;
    review = startReview(language);
    const bram = samplePerson(tweestap, 'bram', { language });
    const words = simulatorWords(language);
    const desk = await sitsDown(bram);
    await desk.open(`${tweestap.origin}/simulator`);
    await look(desk, 'simulator');
    await tweestap.advanceSeconds(90_000);
    const window = await sitsDown(bram);
    await arrives(window, bram, signIn());
    await window.sees(bram.words.text.challenge.title);
    await tweestap.advanceSeconds(31);
    await chooses(window, bram, new RegExp(bram.words.call.tile('')));
    await window.sees(bram.words.call.challenge.title);
    await desk.open(`${tweestap.origin}/simulator?person=${bram.userPrincipalName}`);
    await look(desk, 'simulator-ringing');
    await desk.page.getByRole('button', { name: words.answer }).click();
    await desk.page.getByText(bram.words.call.call.hash.instruction).first().waitFor();
    await look(desk, 'simulator-in-call');
    await desk.page.getByRole('button', { name: words.hangUp }).click();
    await desk.page.getByText(words.ends['hung-up']).first().waitFor();
    await look(desk, 'simulator-after-call');
    const anna = samplePerson(tweestap, 'anna', { language });
    await desk.open(`${tweestap.origin}/simulator?person=${anna.userPrincipalName}`);
    await look(desk, 'simulator-office');
  };

  it('of the simulator', () => throughSimulator('en'));
  it('van de simulator', () => throughSimulator('nl'));
});

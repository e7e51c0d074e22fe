import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import type { User } from '../../accounts/user.ts';
import { locales } from '../../i18n/locale.ts';
import { html, render } from '../../lib/html.ts';
import { createPasswordHasher } from '../../lib/password-hash.ts';
import { createMethods } from '../method.ts';
import { policySchema } from '../../policies/policy-schema.ts';
import { methodFaults, standingOf } from '../../policies/policy.ts';
import { addTo } from '../../../test/support/adding.ts';
import { startHall, type Hall } from '../../../test/support/signin.ts';
import {
  describeMethod,
  judge,
  later,
  sampleAsk,
  sampleSetup,
  sampleView,
} from '../method.contract.ts';
import type { Ask, Begun, Verdict } from '../method.ts';
import { foldAnswer } from './answer.ts';
import { securityQuestions } from './security-questions.ts';
import { questionIds, questionText } from './questions.ts';
import { questionsSecret } from './secret.ts';
import { state } from './state.ts';

const answers = ['Rotterdam', 'Zus in Gent', 'Leiden aan Zee', 'Op het strand', 'De Wit-Zwart'];
const filledIn: Readonly<Record<string, string>> = Object.fromEntries(
  answers.flatMap((answer, index) => [
    [`question${index + 1}`, questionIds[index] ?? ''],
    [`answer${index + 1}`, answer],
  ]),
);
const kept = { questions: await hashed(answers) };
const right = Object.fromEntries(answers.map((answer, index) => [`answer${index + 1}`, answer]));
const saved = { save: 'yes' };

describeMethod(securityQuestions, {
  kept,
  typedIn: 'letters',
  input: filledIn,
  right: ({ secret }) => ({
    typed: 'answers' in questionsSecret.parse(secret) ? saved : right,
  }),
  wrong: () => ({ typed: { ...right, ...allOf('Something else') } }),
  unreadable: [
    { typed: undefined },
    { typed: {} },
    { typed: saved },
    { typed: allOf('') },
    { typed: allOf('   ') },
    { typed: { answer1: ['Rotterdam'] } },
  ],
  secrets: () =>
    [...answers, ...answers.map(foldAnswer), ...kept.questions.map(({ hash }) => hash)].map(
      (value) => ({ value, seenIn: [] }),
    ),
});

describe('registering security questions', () => {
  it('takes as many as the organisation wants, each with its answer', () => {
    assert.deepEqual(begin(filledIn), {
      kind: 'begun',
      slot: '1',
      secret: {
        answers: answers.map((answer, index) => ({
          question: questionIds[index],
          answer,
        })),
      },
    });
    const three = begin(filledIn, { register: 3 });
    assert.ok(three.kind === 'begun');
    assert.equal(Object.values(questionsSecret.parse(three.secret))[0]?.length, 3);
  });

  it('says which is missing, too short, too long or there twice', () => {
    const long = 'é'.repeat(41);
    for (const [change, field, message] of [
      [{ question2: '' }, 'question2', /Choose question 2/],
      [{ question2: 'What is your password?' }, 'question2', /Choose question 2/],
      [{ question3: questionIds[0] }, 'question3', /another question 3/],
      [{ answer1: ' ' }, 'answer1', /Type answer 1/],
      [{ answer1: ' ab ' }, 'answer1', /at least 3 characters/],
      [{ answer4: long }, 'answer4', /40 characters at most/],
      [{ answer5: '  ROTTERDAM' }, 'answer5', /another answer 5/],
    ] as const) {
      const refused = begin({ ...filledIn, ...change });
      assert.ok(refused.kind === 'refused', field);
      assert.equal(refused.field, field);
      assert.match(refused.message, message);
    }
    assert.equal(begin({ ...filledIn, answer4: 'é'.repeat(40) }).kind, 'begun');
    assert.equal(begin({ ...filledIn, answer4: 'abc' }).kind, 'begun');
  });

  it('counts two answers as one that differ in case, width or blanks only', () => {
    const same = [
      'Straße 5',
      'STRASSE 5',
      '  strasse   5 ',
      'ｓｔｒａｓｓｅ ５',
      'stra\u00dfe\u00a05',
    ];
    assert.equal(new Set(same.map(foldAnswer)).size, 1);
    assert.equal(foldAnswer('Cafe\u0301'), foldAnswer('CAFÉ'));
    assert.notEqual(foldAnswer('Leiden'), foldAnswer('Lelden'));
  });

  it('offers the questions of the organisation, its own among them, and keeps what was chosen', () => {
    const settings = {
      register: 3,
      withheld: questionIds.filter((id) => id !== 'parents-met' && id !== 'first-concert'),
      custom: ['Wat is <uw> personeelsnummer?'],
    };
    for (const locale of locales) {
      const drawn = securityQuestions.form?.({
        settings,
        locale,
        typed: { question1: 'first-concert', answer1: 'Doe Maar' },
        refused: { field: 'answer2', message: 'Say more.' },
      });
      const page = render(html`${drawn}`);
      assert.equal(page.match(/<select/g)?.length, 3);
      assert.ok(page.includes(questionText('parents-met', locale)));
      assert.ok(page.includes('Wat is &lt;uw&gt; personeelsnummer?'));
      assert.ok(!page.includes(questionText('mother-street', locale)));
      assert.match(page, /<option value="first-concert" selected>/);
      assert.match(page, /value="Doe Maar"/);
      assert.match(page, /Say more\./);
    }
  });

  it('shows the answers once more before they are saved, and only then', () => {
    const begun = begin(filledIn);
    assert.ok(begun.kind === 'begun');
    const asked = ask({ secret: begun.secret });
    const view = sampleView(asked, securityQuestions.challenge(asked));
    const drawn = render(securityQuestions.views.draft?.(view) ?? assert.fail());
    for (const answer of answers) assert.ok(drawn.includes(answer));
    assert.equal(securityQuestions.views.challenge(view).submit, 'Save');
    const later = { ...view, secret: kept };
    assert.equal(render(securityQuestions.views.draft?.(later) ?? assert.fail()), '');
  });

  it('keeps a hash of each answer, and no answer', async () => {
    const begun = begin(filledIn);
    assert.ok(begun.kind === 'begun');
    const asked = ask({ secret: begun.secret });
    const { state: remembered } = securityQuestions.challenge(asked);
    const verdict = await judge(securityQuestions, asked, remembered, { typed: saved });
    assert.ok(verdict.kind === 'verified');
    const secret = questionsSecret.parse(verdict.secret);
    assert.ok('questions' in secret && !('answers' in secret));
    for (const { hash } of secret.questions) assert.match(hash, /^\$argon2id\$/);
  });
});

describe('being asked security questions', () => {
  it('asks three of the five, the same ones all day, and others another day', () => {
    const asked = ask();
    const first = askedIn(asked);
    assert.equal(new Set(first).size, 3);
    const again = ask({ challengeId: 'challenge-2', now: later(asked, 3600).now });
    assert.deepEqual(askedIn(again), first);
    const days = Array.from({ length: 30 }, (_, day) =>
      askedIn(later(asked, day * 86_400))
        .toSorted()
        .join(),
    );
    assert.ok(new Set(days).size > 3);
    assert.equal(new Set(days.flatMap((day) => day.split(','))).size, 5);
    assert.equal(askedIn(ask({ settings: { reset: 5 } })).length, 5);
  });

  it('takes the answers however they are typed', async () => {
    assert.equal((await answer(right)).kind, 'verified');
    const shouted = Object.entries(right).map(([name, text]) => [name, ` ${text.toUpperCase()} `]);
    assert.equal((await answer(Object.fromEntries(shouted))).kind, 'verified');
  });

  it('needs every one of them, and does not say which one was wrong', async () => {
    const asked = askedIn(ask());
    const verdicts: Verdict[] = [];
    for (const question of asked) {
      const place = kept.questions.findIndex((each) => each.question === question) + 1;
      verdicts.push(await answer({ ...right, [`answer${place}`]: 'Something else' }));
    }
    for (const verdict of verdicts) {
      assert.deepEqual(verdict, {
        kind: 'rejected',
        reason: 'incorrect-code',
        counts: true,
        ends: false,
      });
    }
  });

  it('does not take an answer for another question', async () => {
    const shifted = Object.fromEntries(
      answers.map((_, index) => [`answer${index + 1}`, answers[(index + 1) % 5] ?? '']),
    );
    assert.equal((await answer(shifted)).kind, 'rejected');
  });

  it('is no way to sign in, nor one for administrators, and off until somebody wants it', () => {
    const policy = (methods: unknown) => policySchema.parse({ methods });
    const standing = (methods: unknown, role: User['role'] = 'user') =>
      standingOf(policy(methods), securityQuestions, { groups: ['pupils'], role });
    const on = { 'security-questions': { enabled: true } };
    assert.deepEqual(securityQuestions.provesIn, ['reset']);
    assert.equal(standing({}), 'off');
    assert.equal(standing({ 'security-questions': { settings: { reset: 4 } } }), 'off');
    assert.equal(standing(on), 'allowed');
    assert.equal(standing(on, 'help-desk'), 'off');
    const excluded = { 'security-questions': { enabled: true, excludedGroups: ['pupils'] } };
    assert.equal(standing(excluded), 'excluded-group');
  });

  it('refuses settings that cannot be met', () => {
    const faults = (settings: unknown): readonly string[] =>
      methodFaults(
        policySchema.parse({ methods: { 'security-questions': { settings } } }),
        createMethods([securityQuestions]),
      );
    assert.deepEqual(faults({}), []);
    assert.match(faults({ register: 3, reset: 4 }).join(), /No more can be asked/);
    assert.match(faults({ withheld: [...questionIds] }).join(), /not as many questions/);
    assert.match(faults({ register: 6 }).join(), /register/);
    assert.match(faults({ custom: Array.from({ length: 21 }, () => 'Who?') }).join(), /custom/);
  });
});

describe('security questions on Security info', () => {
  let hall: Hall;
  let anna: User;
  before(async () => {
    hall = await startHall();
    await hall.stores.policies.write((await hall.stores.policies.read()).version, {
      methods: { 'security-questions': { enabled: true } },
    });
  });
  after(() => hall.close());
  beforeEach(async () => {
    hall.clock.advanceSeconds(3 * 86_400);
    const name = `anna${hall.clock.now().getTime()}@voorbeeld.example`;
    anna = await hall.person({ userPrincipalName: name });
    await hall.app(anna);
    hall.clock.advanceSeconds(1);
  });

  it('count once they are saved, for a reset only, and nobody can read them', async () => {
    const current = await hall.enter(anna);
    const ref = await addTo(hall, current, { kind: 'security-questions', slot: '1' });
    const choice = { methodId: 'security-questions', input: filledIn };
    const { attempt } = await hall.signin.contact(ref, choice);
    assert.equal((await hall.stores.registrations.list(anna.id)).length, 1);
    const done = await hall.signin.answer(ref, attempt.challenge?.id ?? '', saved);
    assert.equal(done.step.kind, 'finish');
    const { entries, options } = await hall.securityInfo.overview(anna, 'en');
    const entry = entries.find(({ kind }) => kind.id === 'security-questions');
    assert.deepEqual(entry?.proves, { signIn: false, reset: true });
    assert.deepEqual(
      options.map(({ method }) => method.id),
      ['authenticator-code'],
    );
    const readable = JSON.stringify([
      entry.registration.secret,
      await hall.stores.attempts.find(ref.id),
    ]).toLowerCase();
    for (const text of answers) assert.ok(!readable.includes(foldAnswer(text)), text);
  });

  it('are not offered to administrators (row E-062)', async () => {
    const admin = await hall.person({
      userPrincipalName: `admin${hall.clock.now().getTime()}@voorbeeld.example`,
      role: 'help-desk',
    });
    const offered = async (user: User): Promise<boolean> =>
      (await hall.securityInfo.overview(user, 'en')).addable.some(
        ({ kind }) => kind.id === 'security-questions',
      );
    assert.equal(await offered(anna), true);
    assert.equal(await offered(admin), false);
  });
});

function ask(parts: Partial<Ask> = {}): Ask {
  return sampleAsk(securityQuestions, kept, parts);
}

function askedIn(asked: Ask): readonly string[] {
  return state.parse(securityQuestions.challenge(asked).state).asked;
}

async function answer(typed: unknown): Promise<Verdict> {
  const asked = ask();
  return judge(securityQuestions, asked, securityQuestions.challenge(asked).state, { typed });
}

function begin(typed: Readonly<Record<string, string>>, settings: unknown = {}): Begun {
  const begun = securityQuestions.begin?.(
    sampleSetup(securityQuestions, { settings }),
    typed,
    'en',
  );
  return begun ?? assert.fail();
}

function allOf(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries([1, 2, 3, 4, 5].map((place) => [`answer${place}`, text]));
}

async function hashed(
  texts: readonly string[],
): Promise<readonly { readonly question: string; readonly hash: string }[]> {
  const hasher = createPasswordHasher();
  return Promise.all(
    texts.map(async (text, index) => ({
      question: questionIds[index] ?? '',
      hash: await hasher.hash(foldAnswer(text)),
    })),
  );
}

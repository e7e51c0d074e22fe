/**
 * Owns what every method is held to. A method's test calls `describeMethod` with a sample: how to
 * register it, and what a right, a wrong and an unreadable answer to a challenge look like.
 */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import type { DeliveryEvent, OutgoingMessage } from '../delivery/message.ts';
import { locales } from '../i18n/locale.ts';
import { html, render } from '../lib/html.ts';
import { createPasswordHasher } from '../lib/password-hash.ts';
import { seededRandom } from '../lib/random.ts';
import { isIconName } from '../ui/icons.ts';
import type {
  Ask,
  ChallengeStart,
  Method,
  Pairing,
  RejectionReason,
  Setup,
  Verdict,
  ViewContext,
} from './method.ts';

/** An answer, by the door it comes through. */
export type SampleAnswer = { readonly typed: unknown } | { readonly heard: DeliveryEvent };

/** Something nobody else may learn, and where it may be seen all the same. */
export interface SampleSecret {
  readonly value: string;
  readonly seenIn: readonly ('challenge' | 'draft' | 'messages')[];
}

export interface MethodSample {
  /** What is kept once a draft is proved, where that is something else than the draft. */
  readonly kept?: unknown;
  /** Present where the answer is no number: a keyboard of digits would not do for it. */
  readonly typedIn?: 'letters';
  /** The form that begins a registration, and what is known when it is sent. */
  readonly input: Readonly<Record<string, string>>;
  readonly setup?: Partial<Setup>;
  /** Where a device has to join the draft: what it sends. */
  readonly pairs?: (pairing: Pairing, code: string) => unknown;
  /** What is different in every ask of this sample. */
  readonly ask?: Partial<Ask>;
  readonly right: (ask: Ask, started: ChallengeStart) => SampleAnswer;
  readonly wrong: (ask: Ask, started: ChallengeStart) => SampleAnswer;
  /** What a person might well send that says nothing. */
  readonly unreadable: readonly SampleAnswer[];
  readonly secrets: (ask: Ask, started: ChallengeStart) => readonly SampleSecret[];
}

/** Every reason there is. A new one that is missing here does not compile. */
const reasons = Object.keys({
  unreadable: 0,
  'incorrect-code': 0,
  'code-already-used': 0,
  'incorrect-digits': 0,
  'not-accepted': 0,
  'incorrect-number': 0,
  'incorrect-pin': 0,
  'app-locked': 0,
  'counter-went-back': 0,
  'too-many-wrong': 0,
  expired: 0,
  'user-declined': 0,
  'fraud-reported': 0,
  'somebody-else': 0,
  'hung-up': 0,
  'no-answer': 0,
  busy: 0,
  'went-to-voicemail': 0,
  'never-pressed-a-key': 0,
  'opted-out': 0,
  'unable-to-reach': 0,
  superseded: 0,
  cancelled: 0,
} satisfies Record<RejectionReason, number>).filter(isReason);

/** An ask as the sign-in makes it: the moment, the person and the organisation are always the same. */
export function sampleAsk(method: Method, secret: unknown, parts: Partial<Ask> = {}): Ask {
  const { challengeId = 'challenge-1' } = parts;
  return {
    settings: method.settings.parse({}),
    secret,
    others: [],
    challengeId,
    now: new Date('2026-11-20T10:00:10Z'),
    random: seededRandom(challengeId),
    keyedHash: (value) => createHmac('sha256', 'a key of the tests').update(value).digest(),
    lastingHash: (value) => createHmac('sha256', 'another key').update(value).digest(),
    locale: 'en',
    organisation: 'Voorbeeld',
    origin: 'https://login.voorbeeld.example',
    userId: 'user-anna',
    userPrincipalName: 'anna@voorbeeld.example',
    privileged: false,
    codeSeconds: 180,
    ...parts,
  };
}

/** What is known of a person whom the directory knows nothing of. */
export function sampleSetup(method: Method, parts: Partial<Setup> = {}): Setup {
  return {
    settings: method.settings.parse({}),
    organisation: 'Voorbeeld',
    userPrincipalName: 'anna@voorbeeld.example',
    random: seededRandom('setup'),
    origin: 'https://login.voorbeeld.example',
    mail: 'anna@voorbeeld.example',
    directory: {
      mobilePhone: undefined,
      businessPhone: undefined,
      businessPhoneExtension: undefined,
    },
    countries: ['NL'],
    ...parts,
  };
}

/** What is known when a device joins a draft, at the moment of `sampleAsk`. */
export function samplePairing(method: Method, parts: Partial<Pairing> = {}): Pairing {
  const { settings, random, now, origin, lastingHash } = sampleAsk(method, undefined);
  return { settings, random, now, origin, lastingHash, ...parts };
}

/** The same ask at another moment, `seconds` away. */
export function later(ask: Ask, seconds: number): Ask {
  return { ...ask, now: new Date(ask.now.getTime() + seconds * 1000) };
}

/** What a page knows when it shows this challenge. */
export function sampleView(
  ask: Ask,
  started: ChallengeStart,
  parts: Partial<ViewContext<unknown, unknown>> = {},
): ViewContext<unknown, unknown> {
  const { secret, locale, now, userPrincipalName, organisation } = ask;
  return {
    secret,
    state: started.state,
    locale,
    expiresAt: started.expiresAt,
    now,
    error: undefined,
    userPrincipalName,
    organisation,
    ...parts,
  };
}

const slow = createPasswordHasher();

/** Judges an answer, whichever door it came through. */
export async function judge(
  method: Method,
  ask: Ask,
  state: unknown,
  answer: SampleAnswer,
): Promise<Verdict> {
  if ('heard' in answer) return method.hear(ask, state, answer.heard);
  if (method.weigh === undefined) return method.verify(ask, state, answer.typed);
  return (await method.weigh(ask.secret, answer.typed, slow))(ask, state);
}

/** Runs the contract of a method. */
export function describeMethod(method: Method, sample: MethodSample): void {
  const begun = (): { readonly secret: unknown; readonly slot: string } => {
    // What those in charge make is whole from the start.
    if (method.issued !== undefined)
      return { secret: sample.kept, slot: method.registers.slots[0] ?? '' };
    const begins = method.begin?.(sampleSetup(method, sample.setup), sample.input, 'en');
    assert.equal(begins?.kind, 'begun');
    return begins;
  };
  const pairing = (): Pairing => {
    const { settings } = { settings: method.settings.parse({}), ...sample.ask };
    return samplePairing(method, { settings });
  };
  /** What can be asked: its device has joined it, where one has to. */
  const draft = (): { readonly secret: unknown; readonly slot: string } => {
    const { secret, slot } = begun();
    const code = method.pairing?.code(secret);
    if (code === undefined) return { secret, slot };
    const paired = method.pairing?.pair(pairing(), secret, sample.pairs?.(pairing(), code));
    assert.equal(paired?.kind, 'paired');
    return { secret: paired.secret, slot };
  };
  const asked = (parts: Partial<Ask> = {}): Ask =>
    sampleAsk(method, sample.kept ?? draft().secret, { ...sample.ask, ...parts });
  const answered = async (
    ask: Ask,
    started: ChallengeStart,
    answer: SampleAnswer,
  ): Promise<Verdict> => judge(method, ask, started.state, answer);

  describe(`${method.id}, as every method`, () => {
    it('names itself, its places, its icon and what it is worth', () => {
      assert.match(method.id, /^[a-z]+(-[a-z]+)*$/);
      const { id, slots, icon } = method.registers;
      assert.match(id, /^[a-z]+(-[a-z]+)*$/);
      assert.ok(slots.length > 0);
      assert.equal(new Set(slots).size, slots.length);
      assert.ok(isIconName(icon), `no icon is called ${icon}`);
      assert.ok(isIconName(method.icon), `no icon is called ${method.icon}`);
      assert.ok(method.amr.length > 0);
      const { slot } = draft();
      assert.ok(slot === '' || slots.includes(slot), 'a draft has a place, or takes any');
    });

    it('works with no settings at all, and refuses one it does not know', () => {
      assert.equal(method.settings.safeParse({}).success, true);
      assert.equal(method.settings.safeParse({ surelyUnknown: true }).success, false);
    });

    it('needs a proof before a registration counts', async () => {
      const ask = asked({ secret: draft().secret });
      const started = method.challenge(ask);
      assert.equal(method.appliesTo(ask.secret), true);
      assert.ok(started.expiresAt > ask.now);
      const wrong = await answered(ask, started, sample.wrong(ask, started));
      assert.equal(wrong.kind, 'rejected');
      const right = await answered(ask, started, sample.right(ask, started));
      assert.equal(right.kind, 'verified');
    });

    it('is begun by its owner, or made by those in charge', () => {
      assert.equal(method.begin === undefined, method.issued !== undefined);
    });

    it('refuses a form that says nothing, without stumbling', () => {
      if (method.issued !== undefined) return;
      for (const input of [undefined, null, 7, [], { number: 5 }, { phoneType: {} }]) {
        const begun = method.begin?.(sampleSetup(method), input, 'en');
        assert.ok(begun !== undefined);
      }
    });

    it('takes an answer once: it does not prove the next challenge too', async () => {
      // What somebody knows they still know the next time.
      if (method.strength === 'knowledge') return;
      const ask = asked();
      const started = method.challenge(ask);
      const answer = sample.right(ask, started);
      const first = await answered(ask, started, answer);
      assert.equal(first.kind, 'verified');
      const kept = first.secret ?? ask.secret;
      const again = asked({ challengeId: 'challenge-2', secret: kept });
      const second = await answered(again, method.challenge(again), answer);
      assert.equal(second.kind, 'rejected');
    });

    it('takes an answer one second before the time is over, and not one second after', async () => {
      const ask = asked();
      const started = method.challenge(ask);
      const seconds = (started.expiresAt.getTime() - ask.now.getTime()) / 1000;
      const before = later(ask, seconds - 1);
      assert.equal(
        (await answered(before, started, sample.right(before, started))).kind,
        'verified',
      );
      for (const over of [later(ask, seconds), later(ask, seconds + 1)]) {
        assert.deepEqual(await answered(over, started, sample.right(over, started)), {
          kind: 'rejected',
          reason: 'expired',
          counts: false,
          ends: true,
        });
      }
    });

    it('counts a wrong answer, and lets the person try again', async () => {
      const ask = asked();
      const started = method.challenge(ask);
      const wrong = await answered(ask, started, sample.wrong(ask, started));
      assert.equal(wrong.kind, 'rejected');
      assert.equal(wrong.counts, true);
      assert.equal(wrong.ends, false);
    });

    it('proves nothing by an answer whose slow work was left out', async () => {
      if (method.weigh === undefined) return;
      for (const ask of [asked(), asked({ secret: draft().secret })]) {
        const started = method.challenge(ask);
        const answer = sample.right(ask, started);
        assert.ok('typed' in answer);
        const verdict = await method.verify(ask, started.state, answer.typed);
        assert.notEqual(verdict.kind, 'verified');
      }
    });

    it('holds nothing against a person whom it cannot read', async () => {
      const ask = asked();
      const started = method.challenge(ask);
      for (const answer of sample.unreadable) {
        assert.deepEqual(await answered(ask, started, answer), {
          kind: 'rejected',
          reason: 'unreadable',
          counts: false,
          ends: false,
        });
      }
    });

    it('reads whatever is sent to it without stumbling', async () => {
      const ask = asked();
      const started = method.challenge(ask);
      await fc.assert(
        fc.asyncProperty(fc.anything(), async (answer) => {
          const verdict = await judge(method, ask, started.state, { typed: answer });
          assert.equal(verdict.kind, 'rejected');
          assert.equal(verdict.counts, false);
        }),
        { numRuns: 200 },
      );
      await fc.assert(
        fc.asyncProperty(fc.string(), async (code) => {
          const verdict = await judge(method, ask, started.state, { typed: { code } });
          assert.equal(verdict.kind, 'rejected');
        }),
        { numRuns: 200 },
      );
    });

    it('remembers nothing that plain JSON cannot', async () => {
      const ask = asked();
      const started = method.challenge(ask);
      const state: unknown = JSON.parse(JSON.stringify(started.state));
      assert.deepEqual(state, started.state);
      const secret: unknown = JSON.parse(JSON.stringify(ask.secret));
      assert.deepEqual(secret, ask.secret);
      const answer = sample.right(ask, started);
      assert.equal((await judge(method, { ...ask, secret }, state, answer)).kind, 'verified');
    });

    it('sends what it says it sends, in the language of the person', () => {
      const sent = locales.map((locale) => {
        const ask = asked({ locale });
        return method.challenge(ask).messages;
      });
      for (const [index, messages] of sent.entries()) {
        const kinds: readonly string[] = messages.map(({ kind }) => kind);
        assert.deepEqual(kinds, method.sends === 'nothing' ? [] : [method.sends]);
        for (const message of messages) assert.equal(message.language, locales[index]);
      }
      const [first = [], second = []] = sent.map((messages) => messages.flatMap(wordsOf));
      // What wakes an app says nothing to anybody, in no language.
      const isWordless = method.sends === 'push';
      for (const [index, words] of first.entries()) {
        assert.equal(words === second[index], isWordless);
      }
      const { secret } = draft();
      assert.equal(
        typeof method.destination(secret),
        method.sends === 'nothing' || method.sends === 'push' ? 'undefined' : 'string',
      );
    });

    it('waits on where an app could not be woken: it asks by itself once it is opened', () => {
      if (method.sends !== 'push') return;
      const ask = asked();
      const { state } = method.challenge(ask);
      for (const reason of ['refused', 'unreachable', 'too-late', 'opted-out', 'gone'] as const) {
        const heard: DeliveryEvent = { kind: 'failed', reason };
        assert.deepEqual(method.hear(ask, state, heard), { kind: 'pending', state });
      }
    });

    it('ends when its message cannot be delivered, and blames nobody', () => {
      if (method.sends === 'nothing' || method.sends === 'push') return;
      const ask = asked();
      const started = method.challenge(ask);
      const failures = {
        refused: 'unable-to-reach',
        unreachable: 'unable-to-reach',
        'too-late': 'unable-to-reach',
        'opted-out': 'opted-out',
      } as const;
      for (const failure of ['refused', 'unreachable', 'too-late', 'opted-out'] as const) {
        const heard: DeliveryEvent = { kind: 'failed', reason: failure };
        assert.deepEqual(method.hear(ask, started.state, heard), {
          kind: 'rejected',
          reason: failures[failure],
          counts: false,
          ends: true,
        });
      }
    });

    it('can be asked only once its device has joined, where it needs one', async () => {
      if (method.pairing === undefined) return;
      const { secret } = begun();
      const code = method.pairing.code(secret) ?? '';
      assert.match(code, /^[A-Z0-9]{8,}$/, 'as it is compared');
      assert.equal(method.pairing.device(secret), undefined);
      const ask = asked({ secret });
      const started = method.challenge(ask);
      assert.deepEqual(started.messages, [], 'there is nobody to wake');
      const answer = sample.right(asked(), started);
      assert.notEqual((await answered(ask, started, answer)).kind, 'verified');

      const joined = draft().secret;
      assert.equal(method.pairing.code(joined), undefined, 'the code is good once');
      assert.ok(method.pairing.device(joined));
    });

    it('lets nothing join that is no device', () => {
      if (method.pairing === undefined) return;
      const { pairing: joins } = method;
      const { secret } = begun();
      fc.assert(
        fc.property(fc.anything(), (input) => {
          assert.deepEqual(joins.pair(pairing(), secret, input), {
            kind: 'refused',
            reason: 'unreadable',
          });
        }),
        { numRuns: 200 },
      );
    });

    it('shows how a device joins, and no more of that once it has', () => {
      if (method.pairing === undefined) return;
      const { secret } = begun();
      const code = method.pairing.code(secret) ?? '';
      const shown = (at: unknown): readonly string[] =>
        locales.map((locale) => {
          const view = method.views.pairing?.({ secret: at, locale });
          return view === undefined ? '' : render(view);
        });
      const waiting = shown(secret);
      const joined = shown(draft().secret);
      for (const texts of [waiting, joined]) {
        for (const text of texts) assertWellSpoken('pairing', text);
        assert.notEqual(texts[0], texts[1]);
      }
      for (const text of waiting) assert.ok(text.replaceAll('-', '').includes(code));
      for (const text of joined) assert.ok(!text.replaceAll('-', '').includes(code));
    });

    it('speaks both languages, wherever it is shown', () => {
      const shown = locales.map((locale) => {
        const ask = asked({ locale });
        return shownIn(method, ask, method.challenge(ask));
      });
      for (const texts of shown) {
        for (const [place, text] of Object.entries(texts)) assertWellSpoken(place, text);
      }
      const [english = {}, dutch = {}] = shown;
      assert.deepEqual(Object.keys(english), Object.keys(dutch));
      for (const place of Object.keys(english)) {
        assert.notEqual(english[place], dutch[place], `${place} is the same in both languages`);
      }
    });

    it('shows what was wrong where it is answered', () => {
      if (method.answeredBy !== 'typing') return;
      const ask = asked();
      const started = method.challenge(ask);
      const error = 'What was wrong <with it>';
      const body = render(method.views.challenge(sampleView(ask, started, { error })).body);
      assert.ok(body.includes('What was wrong &lt;with it&gt;'));
      if (sample.typedIn === 'letters') return;
      assert.match(body, /autocomplete="one-time-code"/);
      assert.match(body, /inputmode="numeric"/);
    });

    it('shows and says its secrets only where they belong', () => {
      for (const locale of locales) {
        const ask = asked({ locale });
        const started = method.challenge(ask);
        const { draft: drafted = '', challenge = '', ...elsewhere } = shownIn(method, ask, started);
        const said = started.messages.flatMap(wordsOf).join('\n');
        const places = { challenge, draft: drafted, messages: said } as const;
        for (const { value, seenIn } of sample.secrets(ask, started)) {
          for (const [place, text] of Object.entries(elsewhere)) assertHidden(value, place, text);
          for (const place of ['challenge', 'draft', 'messages'] as const) {
            if (seenIn.includes(place))
              assert.ok(places[place].includes(value), `${place} tells it`);
            else assertHidden(value, place, places[place]);
          }
        }
      }
    });
  });
}

/** Everything a person may see of it, by place. */
function shownIn(
  method: Method,
  ask: Ask,
  started: ChallengeStart,
): Readonly<Record<string, string>> {
  const { views } = method;
  const { locale } = ask;
  const view = sampleView(ask, started);
  const { title, detail } = views.tile(ask.secret, locale);
  const challenge = views.challenge(view);
  const draft = views.draft === undefined ? '' : render(views.draft(view));
  return {
    label: views.label(ask.secret, locale),
    'tile title': title,
    'tile detail': detail,
    'challenge title': challenge.title,
    challenge: render(html`${challenge.body}${challenge.below}`),
    ...(draft === '' ? {} : { draft }),
    ...Object.fromEntries(
      reasons.map((reason) => [`rejection ${reason}`, views.rejection(reason, locale)]),
    ),
  };
}

/** The words of a message; where it goes is not among them. */
function wordsOf(message: OutgoingMessage): readonly string[] {
  switch (message.kind) {
    case 'text':
    case 'push':
      return [message.body];
    case 'call':
      return [message.greeting, message.instruction, message.thanks, message.refused];
    case 'mail':
      return [message.subject, message.text, message.html];
  }
}

/** The tone of `design.md`: no shouting, no begging, no blame, nothing left unfilled. */
function assertWellSpoken(place: string, text: string): void {
  assert.ok(text.length > 0, `${place} says nothing`);
  assert.doesNotMatch(text, /undefined|\[object|NaN/, place);
  if (!place.startsWith('rejection ')) return;
  assert.match(text, /\.$/, place);
  assert.doesNotMatch(text, /!|please|invalid|ongeldig|alstublieft|failed|mislukt/i, place);
}

function assertHidden(value: string, place: string, text: string): void {
  assert.ok(!text.includes(value), `${place} tells the secret ${value}`);
}

function isReason(text: string): text is RejectionReason {
  return text !== '';
}

/**
 * Owns the contract of a verification method: one way to prove who one is.
 *
 * A *registration* is one thing that one person has registered (a phone, an authenticator app, a
 * key). A *method* is one way to ask for it: a phone can be sent a text or be called, so both
 * methods draw on the kind `phone` (`kind.ts`). Everything a method needs is handed to it (clock,
 * chance, keys, words); everything it wants (remember this, send that) it returns as values.
 */
import type { z } from 'zod';

import type { DeliveryEvent, DeviceDecision, OutgoingMessage } from '../delivery/message.ts';
import type { Locale } from '../i18n/locale.ts';
import type { SafeHtml } from '../lib/html.ts';
import type { PasswordHasher } from '../lib/password-hash.ts';
import type { Random } from '../lib/random.ts';
import type { Strength } from '../lib/strength.ts';
import { sealBlind, type Blind, type BlindDefinition } from './blind.ts';
import type { Kind } from './kind.ts';

/** Why an answer did not prove anything; the reason codes of sign-in events (row A-111). */
export type RejectionReason =
  | 'unreadable'
  | 'incorrect-code'
  | 'code-already-used'
  | 'incorrect-digits'
  | 'incorrect-number'
  | 'incorrect-pin'
  | 'app-locked'
  | 'not-accepted'
  | 'counter-went-back'
  | 'too-many-wrong'
  | 'expired'
  | 'user-declined'
  | 'fraud-reported'
  | 'somebody-else'
  | 'hung-up'
  | 'no-answer'
  | 'busy'
  | 'went-to-voicemail'
  | 'never-pressed-a-key'
  | 'opted-out'
  | 'unable-to-reach'
  | 'superseded'
  | 'cancelled';

/** What a proof may open: a sign-in, or a reset of the password. */
export type Purpose = 'sign-in' | 'reset';

/**
 * What came of an answer. `verified` may carry the secret to keep from now on (a used time step):
 * it is saved only if nobody else saved first, which is what makes a code good once. `by` names the
 * registration that answered, where another than the one asked did (`together`).
 * `rejected` with `counts: false` is not a guess (a typing slip, a hang-up); `ends` closes the challenge.
 * Its `secret` is kept as well (how often in a row), and where it `suspends`, nothing is sent to the
 * registration any more until its owner proved another one.
 */
export type Verdict<state = unknown, secret = unknown> =
  | { readonly kind: 'verified'; readonly secret?: secret; readonly by?: string }
  | { readonly kind: 'pending'; readonly state: state }
  | {
      readonly kind: 'rejected';
      readonly reason: RejectionReason;
      readonly counts: boolean;
      readonly ends: boolean;
      readonly secret?: secret;
      readonly suspends?: boolean;
    };

/** What is known of whoever pairs a device with a draft. */
export interface Pairing<settings = unknown> {
  readonly settings: settings;
  readonly random: Random;
  readonly now: Date;
  /** The origin that people see, without a path. */
  readonly origin: string;
  /** Keyed hash that is good for every challenge of this method: how a PIN is kept. */
  readonly lastingHash: (value: string) => Buffer;
}

/** A draft that can be asked from now on, or why the device may not have it. */
export type PairingResult<secret = unknown> =
  | { readonly kind: 'paired'; readonly secret: secret }
  | { readonly kind: 'refused'; readonly reason: 'unreadable' | 'clock' | 'pin-needed' };

/** A device as the rooms above know it. */
export interface PairedDevice {
  /** Random; with the person's id it is how the device names itself. */
  readonly id: string;
  /** P-256, SubjectPublicKeyInfo, base64url. */
  readonly key: string;
  /** Where it is woken; absent where it is not. */
  readonly push?: { readonly endpoint: string } | undefined;
}

/** What has changed of a device; what is absent stays. */
export interface DeviceUpdate {
  readonly name?: string | undefined;
  readonly version?: string | undefined;
  /** Null ends the pushing. */
  readonly push?: unknown;
}

/** How a draft gets what only its owner's device can bring, before it can be asked. */
export interface PairingDefinition<settings, secret, input> {
  /** What the device sends. */
  readonly input: z.ZodType<input>;
  /**
   * What is typed or scanned on the device to find the draft, without blanks and hyphens and in
   * capitals; undefined once it was paired.
   */
  readonly code: (secret: secret) => string | undefined;
  readonly pair: (
    pairing: Pairing<settings>,
    secret: secret,
    input: input,
  ) => PairingResult<secret>;
  readonly device: (secret: secret) => PairedDevice | undefined;
  /**
   * Whether this device decided just this about this request, whatever became of the request: that
   * it was not theirs is heard even where a stranger cancelled in time.
   */
  readonly isFrom: (
    known: Pick<Ask, 'origin' | 'userId' | 'now'>,
    secret: secret,
    requestId: string,
    decision: DeviceDecision,
  ) => boolean;
  /** Undefined where what it says of itself cannot be kept. */
  readonly update: (secret: secret, update: DeviceUpdate) => secret | undefined;
}

/** Everything a method may know while it asks or judges. */
export interface Ask<settings = unknown, secret = unknown> {
  readonly settings: settings;
  readonly secret: secret;
  /** The person's other registrations of this kind; empty unless the method asks `together`. */
  readonly others: readonly { readonly id: string; readonly secret: secret }[];
  readonly challengeId: string;
  readonly now: Date;
  readonly random: Random;
  /** HMAC under the installation's key: how codes are remembered, bound to method and challenge. */
  readonly keyedHash: (value: string) => Buffer;
  /** The same, but good for every challenge of this method: how a PIN is kept. */
  readonly lastingHash: (value: string) => Buffer;
  readonly locale: Locale;
  readonly organisation: string;
  /** The origin that people see, without a path: what a security key is bound to. */
  readonly origin: string;
  /** Who is asked; never shown. */
  readonly userId: string;
  /** The person's sign-in name, for texts that say who is asked. */
  readonly userPrincipalName: string;
  /** True for administrators: a plain # is never enough for them (`product.md`, "phone call"). */
  readonly privileged: boolean;
  /** How long a typed code stays good here, in seconds: 180 at sign-in, 300 in a reset. */
  readonly codeSeconds: number;
}

/** What a challenge begins with: what to remember, what to send, and when it is over. */
export interface ChallengeStart<state = unknown> {
  readonly state: state;
  readonly messages: readonly OutgoingMessage[];
  readonly expiresAt: Date;
}

/** Hashes that are slow on purpose (argon2id), each in its turn. */
export type SlowHash = Pick<PasswordHasher, 'hash' | 'verify'>;

/** What is known about the person and the organisation when a registration begins. */
export interface Setup<settings = unknown> {
  readonly settings: settings;
  readonly organisation: string;
  readonly userPrincipalName: string;
  readonly random: Random;
  /** The origin that people see, without a path. */
  readonly origin: string;
  /** The account's own mailbox, which proves nothing of somebody who forgot its password (row S-123). */
  readonly mail: string | undefined;
  /** The directory's numbers, in E.164; the office number may have an extension (row S-062). */
  readonly directory: {
    readonly mobilePhone: string | undefined;
    readonly businessPhone: string | undefined;
    readonly businessPhoneExtension: string | undefined;
  };
  /** ISO 3166 codes of countries that texts and calls may go to. */
  readonly countries: readonly string[];
}

/** A draft to prove, or the field that is wrong and why. */
export type Begun<secret = unknown> =
  | { readonly kind: 'begun'; readonly secret: secret; readonly slot: string }
  | { readonly kind: 'refused'; readonly field: string; readonly message: string };

/** How a new registration of a method's kind comes to be; proving it is an ordinary challenge. */
export interface RegisterDefinition<settings, secret, input> {
  /** The form's fields, as strings. */
  readonly input: z.ZodType<input>;
  /**
   * What is asked before it begins, inside a form that the page makes. Absent: nothing is asked, or
   * (phones) the page has a form of its own.
   */
  readonly form?: (filled: FilledForm<settings>) => SafeHtml;
  /** The places that this method can begin with; an office phone takes no texts. Default: all. */
  readonly slots?: readonly string[];
  /**
   * Whether proving the draft proves something of the person. False for what we made ourselves (a
   * list of codes): that is never the first thing registered, and opens nothing by being registered.
   * Default true.
   */
  readonly proves?: boolean;
  readonly begin: (setup: Setup<settings>, input: input, locale: Locale) => Begun<secret>;
}

/**
 * How a registration can take the place of the password as well: it says whose it is by itself, and
 * knows its owner. Nobody is known while it is asked, so nothing in the question may depend on anyone.
 */
export interface AloneDefinition<settings, state, answer> {
  readonly isAllowed: (settings: settings) => boolean;
  readonly challenge: (ask: Pick<Ask, 'now' | 'random' | 'origin'>) => ChallengeStart<state>;
  /**
   * The id of the person that an answer says it comes from; undefined where it says nobody. Only
   * `verify` then says whether that is true.
   */
  readonly claimed: (answer: answer) => string | undefined;
  readonly view: (view: AloneView<state>) => ChallengeView;
}

/** What the page of a method that is asked alone is drawn with. */
export interface AloneView<state = unknown> {
  readonly state: state;
  readonly locale: Locale;
  /** Why the last answer was refused. */
  readonly error: string | undefined;
}

/** What those in charge may make, unless they say otherwise, and at most. */
export interface IssueRules {
  /** In characters. */
  readonly length: number;
  readonly minutes: number;
  readonly longestMinutes: number;
  /** Good for one sign-in only. */
  readonly once: boolean;
}

/** What somebody in charge asks for. */
export interface IssueOrder extends Pick<IssueRules, 'length' | 'minutes' | 'once'> {
  readonly random: Random;
  readonly now: Date;
}

/** What is told once, and what is kept. */
export interface Issued<secret = unknown> {
  readonly plain: string;
  readonly endsAt: Date;
  readonly secret: secret;
}

/**
 * How those in charge make a registration for somebody (nobody begins one by themselves). Typed by
 * whoever gave their name, it takes the place of the password and of the second step.
 */
export interface IssuedDefinition<settings, secret> {
  readonly rules: (settings: settings) => IssueRules;
  readonly make: (order: IssueOrder, slow: SlowHash) => Promise<Issued<secret>>;
}

/** What a registration's form is drawn with. */
export interface FilledForm<settings = unknown> {
  readonly settings: settings;
  readonly locale: Locale;
  readonly typed: Readonly<Record<string, string>>;
  /** The field that was refused, and why. */
  readonly refused: { readonly field: string; readonly message: string } | undefined;
}

/** What a challenge page shows; the page adds the form, the buttons and the other ways. */
export interface ChallengeView {
  readonly title: string;
  /** Inside the form when it is answered on this page, otherwise on its own. */
  readonly body: SafeHtml;
  /** What the form's button says. Default: **Verify**. */
  readonly submit?: string;
  /** What was not done before it was sent, which is no wrong answer: told on top, and at its field by `body`. */
  readonly missing?: { readonly field: string; readonly message: string };
  /** Below the form's button: how long the code is good, how else one can answer. */
  readonly below?: SafeHtml;
}

/** What a view may draw on. */
export interface ViewContext<secret, state> {
  readonly secret: secret;
  readonly state: state;
  readonly locale: Locale;
  readonly expiresAt: Date;
  readonly now: Date;
  /** Why the last answer was refused: for the field that it was typed in, or the device that gave it. */
  readonly error: string | undefined;
  readonly userPrincipalName: string;
  readonly organisation: string;
  /**
   * At a reset: the number or address is what the reader typed, so it is shown in full, and whether
   * anything was sent to it is not known here. Default false.
   */
  readonly isBlind?: boolean;
}

/** How a method looks, wherever it is shown. */
export interface MethodViews<secret, state> {
  /** The label of the default drop-down: "Phone - text (+31 ·· ·· ·· 12)" (row E-059). */
  readonly label: (secret: secret, locale: Locale) => string;
  /** The tile of the picker: "Text +31 ·· ·· ·· 12". */
  readonly tile: (
    secret: secret,
    locale: Locale,
  ) => { readonly title: string; readonly detail: string };
  readonly challenge: (view: ViewContext<secret, state>) => ChallengeView;
  /** What a person reads after a refusal: what happened and what to do now. */
  readonly rejection: (reason: RejectionReason, locale: Locale) => string;
  /**
   * The digits that must be seen to answer elsewhere, for doors without a page. Absent, or undefined:
   * there are none, and one only has to wait.
   */
  readonly number?: (state: state) => string | undefined;
  /** During registration, before the answer's field: a QR code, say. Absent: nothing to show. */
  readonly draft?: (view: ViewContext<secret, state>) => SafeHtml;
  /** During registration, before anything is asked: how the device joins, and that it has. */
  readonly pairing?: (view: PairingView<secret>) => SafeHtml;
}

/** What the page of a draft that waits for its device is drawn with. */
export interface PairingView<secret = unknown> {
  readonly secret: secret;
  readonly locale: Locale;
}

export interface MethodDefinition<settings, secret, state, answer, input = never, device = never> {
  readonly id: string;
  /** The kind of registration it draws on. */
  readonly registers: Kind;
  readonly provesIn: readonly Purpose[];
  readonly strength: Strength;
  /** RFC 8176 values that a token says when this method was used. */
  readonly amr: readonly string[];
  readonly icon: string;
  /**
   * `typing`: the answer is typed on the page. `browser`: an element of the view fills the form's
   * hidden fields and sends it. `elsewhere`: the page waits for a phone.
   */
  readonly answeredBy: 'typing' | 'browser' | 'elsewhere';
  /** All registrations of the kind are asked at once, and any of them may answer. Default false. */
  readonly together?: boolean;
  /** Stands in for whatever its owner has lost: good also where their strongest is asked. Default false. */
  readonly standsIn?: boolean;
  /** Whom it is for. Nobody with a role may use what is for `people` only. Default `everybody`. */
  readonly isFor?: 'everybody' | 'people';
  /** Nobody may use it until the organisation says so. Default false. */
  readonly offByDefault?: boolean;
  /** Whether starting a challenge sends something that costs money and patience: throttled. */
  readonly sends: 'nothing' | 'text' | 'call' | 'push' | 'mail';
  readonly settings: z.ZodType<settings>;
  readonly secret: z.ZodType<secret>;
  readonly state: z.ZodType<state>;
  readonly answer: z.ZodType<answer>;
  /** Whether this registration can be asked this way: an office phone takes no texts. */
  readonly appliesTo: (secret: secret) => boolean;
  /** The number or address that limits are counted for, where something is sent. */
  readonly destination?: (secret: secret) => string;
  readonly register?: RegisterDefinition<settings, secret, input>;
  /** Present where those in charge make it; `register` is absent then. */
  readonly issued?: IssuedDefinition<settings, secret>;
  /** Present where a draft waits for its owner's device before it can be asked. */
  readonly pairing?: PairingDefinition<settings, secret, device>;
  /** Present where it may take the place of the password as well, if the organisation says so. */
  readonly alone?: AloneDefinition<settings, state, answer>;
  /**
   * How it is asked as the first gate of a reset, of whoever there may be. Absent where it proves a
   * reset: only once something else was proved, and never by itself.
   */
  readonly blind?: BlindDefinition<secret>;
  readonly challenge: (ask: Ask<settings, secret>) => ChallengeStart<state>;
  /**
   * Slow work on an answer, done while nobody is held: what it finds out goes into the answer, and
   * only `verify` says what follows from it. The secret may be another one by then, so what was found
   * must name what it was found of. It takes as long for a wrong answer as for a right one. An answer
   * that was not weighed proves nothing.
   */
  readonly weigh?: (secret: secret, answer: answer, slow: SlowHash) => Promise<answer>;
  /** Judges what was typed. Quick: it runs inside the attempt's transaction. */
  readonly verify?: (
    ask: Ask<settings, secret>,
    state: state,
    answer: answer,
  ) => Verdict<state, secret> | Promise<Verdict<state, secret>>;
  /** Judges what a provider reports of a call or a reply. Never reached from a page. */
  readonly hear?: (
    ask: Ask<settings, secret>,
    state: state,
    event: DeliveryEvent,
  ) => Verdict<state, secret>;
  /**
   * Whether somebody says by this that it was not them. That counts whatever became of the challenge:
   * a stranger who cancels it in time must not escape the report (attack ATK-42).
   */
  readonly reportsFraud?: (event: DeliveryEvent, settings: settings) => boolean;
  readonly views: MethodViews<secret, state>;
}

/** What is to be said of one answer, whenever it may be looked at. */
export type Judgement = (ask: Ask, state: unknown) => Promise<Verdict>;

/** A method with its types sealed: what goes in is parsed, so outside no generics are needed. */
export interface Method {
  readonly id: string;
  readonly registers: Kind;
  readonly provesIn: readonly Purpose[];
  readonly strength: Strength;
  readonly amr: readonly string[];
  readonly icon: string;
  readonly answeredBy: 'typing' | 'browser' | 'elsewhere';
  readonly together: boolean;
  readonly standsIn: boolean;
  readonly isFor: 'everybody' | 'people';
  readonly offByDefault: boolean;
  readonly sends: 'nothing' | 'text' | 'call' | 'push' | 'mail';
  readonly settings: z.ZodType;
  readonly appliesTo: (secret: unknown) => boolean;
  readonly destination: (secret: unknown) => string | undefined;
  /** Undefined where an admin issues the registration. */
  readonly begin: ((setup: Setup, input: unknown, locale: Locale) => Begun) | undefined;
  readonly form: ((filled: FilledForm) => SafeHtml) | undefined;
  /** The places that a registration may be begun with; none where an admin issues it. */
  readonly beginsIn: readonly string[];
  /** Whether a proved draft counts as a proof of the person. */
  readonly draftProves: boolean;
  /** How a device joins a draft; undefined where none has to. */
  readonly pairing:
    | {
        readonly code: (secret: unknown) => string | undefined;
        readonly pair: (pairing: Pairing, secret: unknown, input: unknown) => PairingResult;
        readonly device: (secret: unknown) => PairedDevice | undefined;
        readonly isFrom: (
          known: Pick<Ask, 'origin' | 'userId' | 'now'>,
          secret: unknown,
          requestId: string,
          decision: DeviceDecision,
        ) => boolean;
        readonly update: (secret: unknown, update: DeviceUpdate) => unknown;
      }
    | undefined;
  /** How it is asked in place of the password; undefined where it never can be. */
  readonly alone:
    | {
        readonly isAllowed: (settings: unknown) => boolean;
        readonly challenge: (ask: Pick<Ask, 'now' | 'random' | 'origin'>) => ChallengeStart;
        readonly claimed: (answer: unknown) => string | undefined;
        readonly view: (view: AloneView) => ChallengeView;
      }
    | undefined;
  readonly blind: Blind | undefined;
  /** How those in charge make it; undefined where its owner does. */
  readonly issued:
    | {
        readonly rules: (settings: unknown) => IssueRules;
        readonly make: (order: IssueOrder, slow: SlowHash) => Promise<Issued>;
      }
    | undefined;
  readonly challenge: (ask: Ask) => ChallengeStart;
  readonly verify: (ask: Ask, state: unknown, answer: unknown) => Promise<Verdict>;
  /** Does the slow work on an answer, and gives the judgement that rests on it; undefined where there is none. */
  readonly weigh:
    | ((secret: unknown, answer: unknown, slow: SlowHash) => Promise<Judgement>)
    | undefined;
  readonly hear: (ask: Ask, state: unknown, event: DeliveryEvent) => Verdict;
  readonly reportsFraud: (event: DeliveryEvent, settings: unknown) => boolean;
  readonly views: MethodViews<unknown, unknown>;
}

const unreadable: Verdict = { kind: 'rejected', reason: 'unreadable', counts: false, ends: false };

/**
 * Seals a method's types. Every unknown is parsed on the way in: an answer of the wrong shape is an
 * `unreadable` verdict that counts as no guess; a stored secret or state of the wrong shape throws.
 */
export function defineMethod<settings, secret, state, answer, input = never, device = never>(
  method: MethodDefinition<settings, secret, state, answer, input, device>,
): Method {
  const readSecret = parsedOnce(method.secret);
  const secretOf = (given: unknown): secret => required(readSecret(given));
  const readSettings = parsedOnce(method.settings);
  const settingsOf = (given: unknown): settings => required(readSettings(given));
  const typed = (ask: Ask): Ask<settings, secret> => ({
    ...ask,
    settings: settingsOf(ask.settings),
    secret: secretOf(ask.secret),
    others: ask.others.map(({ id, secret }) => ({ id, secret: secretOf(secret) })),
  });
  const view = (context: ViewContext<unknown, unknown>): ViewContext<secret, state> => ({
    ...context,
    secret: secretOf(context.secret),
    state: method.state.parse(context.state),
  });
  const judge = async (ask: Ask, state: unknown, answer: answer): Promise<Verdict> =>
    method.verify === undefined
      ? unreadable
      : method.verify(typed(ask), method.state.parse(state), answer);
  const { register, alone, issued, pairing, views, weigh } = method;
  const form = register?.form;
  return {
    id: method.id,
    registers: method.registers,
    provesIn: method.provesIn,
    strength: method.strength,
    amr: method.amr,
    icon: method.icon,
    answeredBy: method.answeredBy,
    together: method.together ?? false,
    standsIn: method.standsIn ?? false,
    isFor: method.isFor ?? 'everybody',
    offByDefault: method.offByDefault ?? false,
    sends: method.sends,
    settings: method.settings,
    appliesTo: (secret) => {
      const parsed = readSecret(secret);
      return parsed.success && method.appliesTo(parsed.data);
    },
    destination: (secret) => method.destination?.(secretOf(secret)),
    begin:
      register === undefined
        ? undefined
        : (setup, input, locale) => {
            const parsed = register.input.safeParse(input);
            if (!parsed.success) {
              return {
                kind: 'refused',
                field: String(parsed.error.issues[0]?.path[0] ?? ''),
                message: '',
              };
            }
            return register.begin(
              { ...setup, settings: settingsOf(setup.settings) },
              parsed.data,
              locale,
            );
          },
    form:
      form === undefined
        ? undefined
        : (filled) => form({ ...filled, settings: settingsOf(filled.settings) }),
    beginsIn: register === undefined ? [] : (register.slots ?? method.registers.slots),
    draftProves: (register?.proves ?? true) && method.provesIn.includes('sign-in'),
    pairing: pairing && {
      code: (secret) => pairing.code(secretOf(secret)),
      pair: (known, secret, input) => {
        const parsed = pairing.input.safeParse(input);
        if (!parsed.success) return { kind: 'refused', reason: 'unreadable' };
        const settings = settingsOf(known.settings);
        return pairing.pair({ ...known, settings }, secretOf(secret), parsed.data);
      },
      device: (secret) => pairing.device(secretOf(secret)),
      isFrom: (known, secret, requestId, decision) =>
        pairing.isFrom(known, secretOf(secret), requestId, decision),
      update: (secret, update) => pairing.update(secretOf(secret), update),
    },
    alone: alone && {
      isAllowed: (settings) => alone.isAllowed(settingsOf(settings)),
      challenge: alone.challenge,
      claimed: (answer) => {
        const parsed = method.answer.safeParse(answer);
        return parsed.success ? alone.claimed(parsed.data) : undefined;
      },
      view: (context) => alone.view({ ...context, state: method.state.parse(context.state) }),
    },
    issued: issued && {
      rules: (settings) => issued.rules(settingsOf(settings)),
      make: issued.make,
    },
    blind: method.blind && sealBlind(method.blind, secretOf),
    challenge: (ask) => method.challenge(typed(ask)),
    verify: async (ask, state, answer) => {
      const parsed = method.answer.safeParse(answer);
      return parsed.success ? judge(ask, state, parsed.data) : unreadable;
    },
    weigh:
      weigh === undefined
        ? undefined
        : async (secret, answer, slow) => {
            const parsed = method.answer.safeParse(answer);
            if (!parsed.success) return async () => unreadable;
            const weighed = await weigh(secretOf(secret), parsed.data, slow);
            return (ask, state) => judge(ask, state, weighed);
          },
    hear: (ask, state, event) =>
      method.hear === undefined
        ? unreadable
        : method.hear(typed(ask), method.state.parse(state), event),
    reportsFraud: (event, settings) => method.reportsFraud?.(event, settingsOf(settings)) ?? false,
    views: {
      label: (secret, locale) => views.label(secretOf(secret), locale),
      tile: (secret, locale) => views.tile(secretOf(secret), locale),
      challenge: (context) => views.challenge(view(context)),
      rejection: views.rejection,
      number: (state) => views.number?.(method.state.parse(state)),
      ...(views.pairing === undefined
        ? {}
        : {
            pairing: (context) =>
              views.pairing?.({ ...context, secret: secretOf(context.secret) }) ?? noHtml(),
          }),
      ...(views.draft === undefined
        ? {}
        : { draft: (context) => views.draft?.(view(context)) ?? noHtml() }),
    },
  };
}

/**
 * Parses as the schema does, and each object once: a stored secret, and the settings of a policy, are
 * the same objects from one request to the next, and nobody changes them.
 */
function parsedOnce<value>(
  schema: z.ZodType<value>,
): (given: unknown) => z.ZodSafeParseResult<value> {
  const known = new WeakMap<object, z.ZodSafeParseResult<value>>();
  return (given) => {
    if (typeof given !== 'object' || given === null) return schema.safeParse(given);
    const before = known.get(given);
    if (before !== undefined) return before;
    const parsed = schema.safeParse(given);
    known.set(given, parsed);
    return parsed;
  };
}

function required<value>(parsed: z.ZodSafeParseResult<value>): value {
  if (!parsed.success) throw parsed.error;
  return parsed.data;
}

function noHtml(): never {
  throw new Error('a draft view vanished');
}

/** The methods of an installation, found by id. Unknown ids are absent, never invented. */
export interface Methods {
  readonly all: readonly Method[];
  readonly get: (id: string) => Method | undefined;
  /** The kinds that they draw on, each once, in the order of the methods. */
  readonly kinds: readonly Kind[];
  readonly kind: (id: string) => Kind | undefined;
}

/** Makes the look-up; ids must be unique. */
export function createMethods(all: readonly Method[]): Methods {
  const byId = new Map(all.map((method) => [method.id, method]));
  if (byId.size !== all.length) throw new Error('two methods share an id');
  const kinds = new Map(all.map(({ registers }) => [registers.id, registers]));
  if (all.some(({ registers }) => kinds.get(registers.id) !== registers)) {
    throw new Error('two kinds share an id');
  }
  return {
    all,
    get: (id) => byId.get(id),
    kinds: [...kinds.values()],
    kind: (id) => kinds.get(id),
  };
}

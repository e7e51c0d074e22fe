/**
 * Owns what is known so far of one attempt: one sign-in or step-up under way, whoever asked for it.
 * An attempt is a value; every command makes the next one from it.
 */
import type { PasswordRefusal } from '../accounts/upstream/passwords.ts';
import type { AppPasswordDoor } from '../app-passwords/app-password.ts';
import type { SignInStep } from '../audit/sign-in-event.ts';
import type { Locale } from '../i18n/locale.ts';
import type { Purpose, RejectionReason } from '../methods/method.ts';
import type { Required } from '../sessions/proven.ts';
import type { Proof } from '../sessions/session.ts';

/** What was asked for, fixed when the attempt is opened. */
export interface AttemptRequest {
  /** Default: a sign-in. A reset never opens a session, and nothing else sets a forgotten password. */
  readonly purpose?: Purpose | undefined;
  readonly applicationId: string | undefined;
  /** Shown on the pages, said in calls; undefined when somebody came by themselves. */
  readonly applicationName: string | undefined;
  /** `strongest`: the strongest that this person has, or what stands in for it. */
  readonly required: Required | 'strongest';
  /** Ids of the authentication strengths that must be met as well. Absent: none. */
  readonly strengths?: readonly string[] | undefined;
  /** What an existing session's proofs do not count for: step-up asks anew. */
  readonly anew: 'nothing' | 'second-step' | 'everything';
  /** Proofs of a second step that are older than this do not count. Absent: any age does. */
  readonly freshSeconds?: number | undefined;
  /** Present where one more thing is registered before it ends (Security info). */
  readonly adds?: Addition | undefined;
  /** The name that an application expects; it only stands in the field. */
  readonly loginHint?: string | undefined;
  /** A path on our own origin, made by our own code: where the browser goes at the end. */
  readonly returnTo: string;
  /** The person it must be, when someone is signed in already and has to step up. */
  readonly subject: string | undefined;
}

/** What is to be registered at the end of an attempt. */
export interface Addition {
  /** The id of a kind. */
  readonly kind: string;
  /** The place it takes; '' takes any that is free. */
  readonly slot: string;
  /** The registration it replaces, which goes when the new one is proved. */
  readonly replaces?: string | undefined;
}

/** One ask, with one method, inside an attempt. */
export interface Challenge {
  readonly id: string;
  readonly methodId: string;
  /** Undefined while a new registration is being proved: the secret is then the draft's. */
  readonly registrationId: string | undefined;
  /** What the method remembers: plain JSON, times as numbers. */
  readonly state: unknown;
  readonly startedAt: Date;
  readonly expiresAt: Date;
  readonly wrongTries: number;
  /** How far its message got; `none` where nothing is sent. */
  readonly delivery: 'none' | 'queued' | 'sent' | 'failed';
  /** Present once it is over: no answer is looked at any more. */
  readonly outcome: RejectionReason | undefined;
  /** Present where an app of the person is asked: it finds the attempt by whose it is. */
  readonly asksApp?: true;
}

/** A registration that is not proved yet. */
export interface Draft {
  readonly methodId: string;
  readonly kind: string;
  readonly slot: string;
  readonly secret: unknown;
  /** By what a device finds it: keyed hash of the code to pair with, then of the device's own id. */
  readonly pairing?: string | undefined;
}

/** Where somebody is on the page *Additional security verification*. */
export type RegistrationStage =
  | 'interrupt'
  | 'contact'
  | 'prove'
  | 'backup'
  | 'prove-backup'
  | 'app-password';

export interface RegistrationProgress {
  readonly stage: RegistrationStage;
  readonly draft: Draft | undefined;
  /** The kind that was proved first: decides between three steps and four. */
  readonly provedKind: string | undefined;
  /** The app password of the last step, visible until Done, which makes it. */
  readonly appPassword: { readonly plain: string } | undefined;
  readonly done: boolean;
}

/** The gate of a reset that somebody chose, right or wrong: nothing here may be told apart by a page. */
export interface ResetGate {
  readonly methodId: string;
  /** The number or address as its owner typed it, '' where none is asked; undefined until it is. */
  readonly named: string | undefined;
  /** The registrations that may answer; none where the account has nothing like it, or is none. */
  readonly asked: readonly string[];
  /** What the page shows of the challenge: as it began, whatever the phone did since. */
  readonly shown?: unknown;
}

/** What the next page has to say about the last command. Values only; pages find the words. */
export type Notice =
  | { readonly kind: 'wrong-name-or-password' }
  /** The directory that keeps passwords does not answer: said of whatever name, unless the password was right. */
  | { readonly kind: 'directory-unavailable' }
  /** What was typed as a pass is none of this name's, whoever has the name. */
  | { readonly kind: 'wrong-pass' }
  | { readonly kind: 'passwords-paused'; readonly untilAt: Date }
  | { readonly kind: 'passkeys-paused'; readonly untilAt: Date }
  | { readonly kind: 'rejected'; readonly methodId: string; readonly reason: RejectionReason }
  | { readonly kind: 'message-limit'; readonly untilAt: Date }
  /** Another sign-in waits for the person's app. */
  | { readonly kind: 'request-open'; readonly untilAt: Date }
  | { readonly kind: 'day-budget' }
  /** Nothing is sent to the country of that phone (any more). */
  | { readonly kind: 'country-closed' }
  /** Nothing is sent to numbers like that one: nobody answered from there, or those in charge say so. */
  | { readonly kind: 'number-closed' }
  | { readonly kind: 'password-refused'; readonly reason: PasswordRefusal }
  /** In a reset: no answers with this method any more, until then. */
  | { readonly kind: 'gate-closed'; readonly untilAt: Date }
  /** In a reset: what was typed is no number, or no address. */
  | { readonly kind: 'unreadable-name' }
  | { readonly kind: 'resets-paused'; readonly untilAt: Date };

/** The system that asks on somebody's behalf, in place of a browser. */
export interface AttemptDoor {
  readonly name: AppPasswordDoor;
  /** Which of the systems at that door; no other goes on with it. */
  readonly client: string;
  /** Keyed hash of what it was given last (`at-a-door.ts`). */
  readonly state: string;
  /** Whether more can be asked after the password, or everything comes at once. */
  readonly asks: 'later' | 'at-once';
}

export interface Attempt {
  /** 128 random bits, in the address of its pages. */
  readonly id: string;
  /** Raised by every save; a save from an older version is refused. */
  readonly version: number;
  readonly request: AttemptRequest;
  /** Keyed hash of the cookie of the browser it belongs to; undefined at doors without a browser. */
  readonly browser: string | undefined;
  /** Present where there is no browser but a system that asks. */
  readonly door?: AttemptDoor | undefined;
  /** The session this browser had when it came, if it was not ended here: a new one replaces it. */
  readonly replaces: string | undefined;
  /** When that session ends, where the attempt began with what it had proved: it counts no longer. */
  readonly broughtUntilAt?: Date | undefined;
  /** Whether this person signed in with this browser before: it needs no new token then. */
  readonly isKnownBrowser: boolean;
  readonly locale: Locale;
  readonly address: string;
  readonly userAgent: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly finishedAt: Date | undefined;
  /** What was typed as name; `userId` is undefined for nobody we know, and no page may tell. */
  readonly identified: { readonly typed: string; readonly userId: string | undefined } | undefined;
  readonly proofs: readonly Proof[];
  /** What the directory said of the account when it found the password right; undefined: nothing. */
  readonly directorySays?: 'must-change' | 'disabled' | undefined;
  /** The trusted device that the browser was known by after the password; it may end meanwhile. */
  readonly trustedDevice?: string | undefined;
  /** Whether the device is to be trusted once the second step is proved. */
  readonly trusts?: boolean | undefined;
  /**
   * Present where what is added was asked for within this very sign-in: going back leads to the page
   * that asked, and to nothing that is not open yet.
   */
  readonly addsInPassing?: true | undefined;
  /** Whether the registration campaign was put off in this sign-in; undefined until it was. */
  readonly snoozed?: true | undefined;
  /** What was said when a reset had to be prepared; undefined until it was asked. */
  readonly preparesReset?: 'now' | 'later' | 'confirmed' | undefined;
  /** The answer to *Stay signed in?*; undefined until it was given. */
  readonly staysSignedIn?: boolean | undefined;
  readonly challenge: Challenge | undefined;
  /** The person asked for another way (or cancelled): nothing starts by itself. */
  readonly choosing: boolean;
  readonly registration: RegistrationProgress | undefined;
  readonly gate?: ResetGate | undefined;
  /** Until when a reset belongs to the command that writes to the organisation's directory just now. */
  readonly writtenUntilAt?: Date | undefined;
  readonly notice: Notice | undefined;
  readonly steps: readonly SignInStep[];
}

/** How long an attempt lives. */
export const attemptMinutes = 60;
/** How long a reset lives (`product.md`, "Numbers"). */
export const resetMinutes = 15;
/** A change of what is registered asks for a second step not older than this (`product.md`). */
export const freshSeconds = 5 * 60;
/** Wrong answers to one challenge before it is over. */
export const triesPerChallenge = 5;

/** Where the pages of a registration begin: who came to add something knows why. */
export function firstStage({ request }: Attempt): RegistrationStage {
  return request.adds === undefined ? 'interrupt' : 'contact';
}

/** Whether this attempt is to set a new password, and nothing else. */
export function isReset({ request }: Pick<Attempt, 'request'>): boolean {
  return request.purpose === 'reset';
}

/** A challenge that begins now: nothing of it is sent, and nobody has answered. */
export function begunChallenge(
  asked: Pick<Challenge, 'id' | 'methodId' | 'registrationId'>,
  { state, expiresAt }: Pick<Challenge, 'state' | 'expiresAt'>,
  startedAt: Date,
): Challenge {
  return {
    ...asked,
    state,
    startedAt,
    expiresAt,
    wrongTries: 0,
    delivery: 'none',
    outcome: undefined,
  };
}

/** Whether an answer to this challenge would still be looked at. */
export function isOpen(challenge: Challenge, now: Date): boolean {
  return challenge.outcome === undefined && challenge.expiresAt > now;
}

/** Whether something is asked in place of name and password: nobody is named while it is. */
export function isAskedAlone({ identified, challenge }: Attempt): boolean {
  return identified === undefined && challenge !== undefined;
}

/** Begins anew with a name: what somebody else proved in this browser proves nothing of this person. */
export function anew(attempt: Attempt, identified: Attempt['identified']): Attempt {
  return {
    ...withoutPassingAddition(attempt),
    identified,
    proofs: [],
    directorySays: undefined,
    broughtUntilAt: undefined,
    trustedDevice: undefined,
    trusts: undefined,
    snoozed: undefined,
    preparesReset: undefined,
    staysSignedIn: undefined,
    challenge: undefined,
    choosing: false,
    registration: undefined,
    gate: undefined,
    writtenUntilAt: undefined,
    notice: undefined,
  };
}

/** Takes back what was to be added within this sign-in, with whatever was begun of it. */
export function withoutPassingAddition(attempt: Attempt): Attempt {
  if (attempt.addsInPassing === undefined) return attempt;
  return {
    ...attempt,
    request: { ...attempt.request, adds: undefined },
    addsInPassing: undefined,
    challenge: undefined,
    registration: undefined,
    notice: undefined,
  };
}

/** An answer to a challenge that is no longer the newest is not looked at; the page says why. */
export function supersededNotice(attempt: Attempt): Attempt['notice'] {
  return attempt.challenge === undefined
    ? attempt.notice
    : { kind: 'rejected', methodId: attempt.challenge.methodId, reason: 'superseded' };
}

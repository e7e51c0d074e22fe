/**
 * Owns the one decision of a sign-in: what comes next. Pure: what is known goes in, a step comes out.
 * Steps never lead to one another; after every command this function is asked again.
 */
import { isAtLeast, type Strength } from '../lib/strength.ts';
import { optionId } from '../registrations/options.ts';
import {
  isPersonProved,
  meets,
  satisfies,
  stricter,
  type Combinations,
  type Required,
} from '../sessions/proven.ts';
import type { Proof } from '../sessions/session.ts';
import type { PerUserMfaState } from '../accounts/user.ts';
import {
  firstStage,
  freshSeconds,
  isAskedAlone,
  isReset,
  type Addition,
  type Attempt,
  type RegistrationStage,
} from './attempt.ts';
import { nextResetStep, type ResetStanding, type ResetStep } from './next-reset-step.ts';

/** What is true of the person now. */
export interface Standing {
  readonly accountEnabled: boolean;
  readonly blocked: boolean;
  readonly state: PerUserMfaState;
  readonly mustChangePassword: boolean;
  /** Whether anything is registered that proves a sign-in, allowed now or not. */
  readonly hasRegistrations: boolean;
  /** Whether the password alone may register a first method now (window, trusted network). */
  readonly mayRegister: boolean;
  /** Wrong second steps are paused until then. */
  readonly pausedUntil: Date | undefined;
}

/** Everything the decision rests on, besides the attempt itself. */
export interface Situation {
  readonly now: Date;
  /** Undefined while nobody we know is identified. */
  readonly standing: Standing | undefined;
  /** The ways to ask this person that policy allows, the one to start with first. */
  readonly options: readonly {
    readonly id: string;
    readonly method: { readonly id: string };
    readonly strength: Strength;
    readonly standsIn: boolean;
  }[];
  /** What each authentication strength allows that is asked for; absent: none is. */
  readonly strengths?: readonly Combinations[] | undefined;
  /** What this person may register to be able to prove what is asked; absent or empty: nothing. */
  readonly toAdd?: readonly Addition[] | undefined;
  /** Present where the registration campaign asks this person for something, today. */
  readonly campaign?: { readonly adds: Addition; readonly maySnooze: boolean } | undefined;
  /** Whether the request comes from a network where no second step is asked. */
  readonly trustedNetwork: boolean;
  /** Whether the device that the attempt was known by after the password is trusted now. */
  readonly trustedDevice: boolean;
  /** Whether a system asks for somebody who has registered nothing yet, and the password will do there. */
  readonly sparedAtDoor?: boolean | undefined;
  /** Whether policy lets this person stay signed in. */
  readonly mayStaySignedIn: boolean;
  /** What is missing for a reset of the password, or must be looked at; absent: nothing. */
  readonly preparesReset?: 'register' | 'confirm' | undefined;
  /** What a reset rests on; present where the attempt is one. */
  readonly reset?: ResetStanding | undefined;
}

export type Blocked = 'account-disabled' | 'account-blocked' | 'no-method' | 'registration-closed';

export type Step =
  | { readonly kind: 'gone'; readonly reason: 'finished' | 'expired' }
  | { readonly kind: 'identify' }
  | { readonly kind: 'password' }
  /** A passkey is asked in place of name and password. */
  | { readonly kind: 'passkey' }
  | { readonly kind: 'blocked'; readonly reason: Blocked }
  | { readonly kind: 'paused'; readonly until: Date }
  /** Ask the first option now, by itself. */
  | { readonly kind: 'start'; readonly optionId: string }
  | { readonly kind: 'challenge' }
  | { readonly kind: 'choose' }
  | { readonly kind: 'register'; readonly stage: RegistrationStage }
  /**
   * One of these is to be registered, on top of what is proved: what is asked for takes it, or the
   * organisation's campaign wants it, which may be put off where it says so.
   */
  | {
      readonly kind: 'add-method';
      readonly reason: 'strength' | 'campaign';
      readonly choices: readonly Addition[];
      readonly maySnooze: boolean;
    }
  | { readonly kind: 'change-password' }
  /** Whether a forgotten password could be reset; it may be put off. */
  | { readonly kind: 'prepare-reset'; readonly what: 'register' | 'confirm' }
  /** Whether the session shall outlive the browser. */
  | { readonly kind: 'stay-signed-in' }
  | { readonly kind: 'finish' }
  | ResetStep;

/** Says what comes next. Total: every attempt in every situation has exactly one next step. */
export function nextStep(attempt: Attempt, situation: Situation): Step {
  const { standing, now } = situation;
  if (attempt.finishedAt !== undefined) return { kind: 'gone', reason: 'finished' };
  if (attempt.expiresAt <= now) return { kind: 'gone', reason: 'expired' };
  // Two roads with no step in common: no command of the one is ever allowed on the other.
  if (isReset(attempt)) return nextResetStep(attempt, situation.reset);
  if (isAskedAlone(attempt)) return { kind: 'passkey' };
  if (attempt.identified === undefined) return { kind: 'identify' };
  if (!isPersonProved(attempt.proofs) || standing === undefined) return { kind: 'password' };

  if (!standing.accountEnabled) return { kind: 'blocked', reason: 'account-disabled' };
  if (standing.blocked) return { kind: 'blocked', reason: 'account-blocked' };

  const required = requiredOf(attempt, situation, standing);
  if (!isProved(attempt, situation, required)) {
    return secondStep(attempt, situation, standing, required);
  }
  if (mustRegister(attempt, standing, required)) return register(attempt);
  if (standing.mustChangePassword) return { kind: 'change-password' };
  const { preparesReset } = situation;
  if (preparesReset !== undefined && isAskedToPrepare(attempt)) {
    return { kind: 'prepare-reset', what: preparesReset };
  }
  const { campaign } = situation;
  if (campaign !== undefined && isAskedByCampaign(attempt, situation)) {
    const { adds, maySnooze } = campaign;
    return { kind: 'add-method', reason: 'campaign', choices: [adds], maySnooze };
  }
  if (isAskedToStay(attempt, situation)) return { kind: 'stay-signed-in' };
  return { kind: 'finish' };
}

/** What this attempt must prove: what was asked for, and what the organisation asks of this person. */
export function requiredOf(attempt: Attempt, situation: Situation, standing: Standing): Required {
  // A password that must be changed is worth nothing by itself: it may be a stranger's by now, who
  // would choose the next one and lock its owner out.
  const isSuspect = standing.mustChangePassword && situation.options.length > 0;
  // A device stands in for what the person's state requires, not for a step that is asked anew.
  const isDeviceEnough = situation.trustedDevice && attempt.request.anew === 'nothing';
  const isSpared =
    standing.state === 'disabled' ||
    situation.trustedNetwork ||
    situation.sparedAtDoor === true ||
    isDeviceEnough;
  const byState = isSpared && !isSuspect ? 'password' : 'second-step';
  const { required } = attempt.request;
  const asked = required === 'strongest' ? strongestOf(situation.options) : required;
  return stricter(asked, byState);
}

/** The most that this person can be asked for. */
export function strongestOf(options: Situation['options']): Required {
  return options.some(({ strength }) => strength === 'phishing-resistant')
    ? 'phishing-resistant'
    : 'second-step';
}

/**
 * Whether proofs meet what is asked where the strongest is: what stands in for a lost thing (a
 * recovery code) is as good, or a lost key could never be taken off the list.
 */
export function meetsStrongest(proofs: readonly Proof[], strongest: Required): boolean {
  const hasStandIn = proofs.some(({ standsIn }) => standsIn === true);
  return satisfies(proofs, hasStandIn ? 'second-step' : strongest);
}

function isProved({ request, proofs }: Attempt, situation: Situation, required: Required): boolean {
  const isEnough =
    request.required === 'strongest'
      ? meetsStrongest(proofs, required)
      : satisfies(proofs, required);
  return isEnough && firstUnmet(proofs, situation) === undefined;
}

/** The first authentication strength that is asked for and not proved yet. */
function firstUnmet(
  proofs: readonly Proof[],
  { strengths = [] }: Situation,
): Combinations | undefined {
  return strengths.find((combinations) => !meets(proofs, combinations));
}

/**
 * Whether the strongest that this person has was proved for this very attempt: what it takes to add
 * something within it, as on Security info.
 */
function isFreshlyProved({ proofs, createdAt }: Attempt, { options }: Situation): boolean {
  const oldest = createdAt.getTime() - freshSeconds * 1000;
  const fresh = proofs.filter(
    ({ strength, at }) => strength === 'knowledge' || at.getTime() >= oldest,
  );
  return satisfies(fresh, 'second-step') && meetsStrongest(fresh, strongestOf(options));
}

function secondStep(
  attempt: Attempt,
  situation: Situation,
  standing: Standing,
  required: Required,
): Step {
  if (standing.pausedUntil !== undefined) return { kind: 'paused', until: standing.pausedUntil };
  const asked = toAsk(attempt, situation, required);
  if (asked === 'password') return { kind: 'password' };
  if (asked.length === 0 && mayAddHere(attempt, situation, standing)) {
    return addMethod(attempt, situation, standing);
  }
  return askOneOf(asked, attempt, situation, standing);
}

/** The ids of the options that would do now: what a picker offers. */
export function usableOptions(attempt: Attempt, situation: Situation): ReadonlySet<string> {
  const { standing } = situation;
  if (standing === undefined) return new Set();
  const asked = toAsk(attempt, situation, requiredOf(attempt, situation, standing));
  if (asked === 'password') return new Set();
  const isBeforeAdding = asked.length === 0 && mayAddHere(attempt, situation, standing);
  const ways = isBeforeAdding ? strongestIn(situation) : asked;
  return new Set(ways.map(({ id }) => id));
}

/** The strongest that this person has, and what stands in for it. */
function strongestIn({ options }: Situation): Situation['options'] {
  const isResistant = strongestOf(options) === 'phishing-resistant';
  const needed: Strength = isResistant ? 'phishing-resistant' : 'possession';
  return options.filter(({ strength, standsIn }) => standsIn || isAtLeast(strength, needed));
}

/** What would do, of what this person has; the password where a passkey came in its place. */
function toAsk(
  { request, proofs }: Attempt,
  situation: Situation,
  required: Required,
): Situation['options'] | 'password' {
  const { options } = situation;
  const isStrongest = request.required === 'strongest';
  const needed: Strength = required === 'phishing-resistant' ? 'phishing-resistant' : 'possession';
  const unmet = firstUnmet(proofs, situation);
  if (unmet === undefined || (needed !== 'possession' && !satisfies(proofs, required))) {
    return options.filter(
      ({ strength, standsIn }) => isAtLeast(strength, needed) || (isStrongest && standsIn),
    );
  }
  const missing = unmet.map((combination) =>
    combination.filter((id) => !proofs.some(({ method }) => method === id)),
  );
  const has = (id: string): boolean => options.some(({ method }) => method.id === id);
  const within = missing.filter((ids) => ids.every(has)).flat();
  if (within.length > 0) return options.filter(({ method }) => within.includes(method.id));
  const isByPassword = missing.some(
    (ids) => ids.includes('password') && ids.every((id) => id === 'password' || has(id)),
  );
  return isByPassword ? 'password' : [];
}

/** Whether what is missing may be registered within this attempt, by whoever has something to prove it with. */
function mayAddHere(
  { browser, door }: Attempt,
  { options, toAdd = [] }: Situation,
  { hasRegistrations }: Standing,
): boolean {
  const hasSome = hasRegistrations || options.length > 0;
  return hasSome && toAdd.length > 0 && browser !== undefined && door === undefined;
}

/** First a second step with what there is, then the registration that is under way, then what is missing. */
function addMethod(attempt: Attempt, situation: Situation, standing: Standing): Step {
  const { toAdd = [] } = situation;
  if (!isFreshlyProved(attempt, situation)) {
    return askOneOf(strongestIn(situation), attempt, situation, standing);
  }
  const { registration, request } = attempt;
  const isUnderWay = registration !== undefined || request.adds !== undefined;
  if (isUnderWay && registration?.done !== true) return register(attempt);
  return { kind: 'add-method', reason: 'strength', choices: toAdd, maySnooze: false };
}

function askOneOf(
  usable: Situation['options'],
  attempt: Attempt,
  situation: Situation,
  standing: Standing,
): Step {
  const [first] = usable;
  if (first === undefined) {
    // Something registered that policy no longer allows does not reopen the door to a stranger's phone.
    if (standing.hasRegistrations || situation.options.length > 0) {
      return { kind: 'blocked', reason: 'no-method' };
    }
    if (!standing.mayRegister) return { kind: 'blocked', reason: 'registration-closed' };
    return register(attempt);
  }
  // A draft that was being proved when something got registered elsewhere is no second step: whoever
  // has the password alone would overwrite what its owner registered (attack ATK-24).
  const asked = optionAsked(attempt);
  // Policy may have changed since it was asked: then it proves nothing any more (attack ATK-22).
  if (usable.some(({ id }) => id === asked)) return { kind: 'challenge' };
  if (attempt.choosing) return { kind: 'choose' };
  return { kind: 'start', optionId: first.id };
}

/** Which option the challenge asks; undefined for none, and for one that proves something new. */
function optionAsked({ challenge }: Attempt): string | undefined {
  return challenge?.registrationId === undefined
    ? undefined
    : optionId(challenge.registrationId, challenge.methodId);
}

function register(attempt: Attempt): Step {
  return { kind: 'register', stage: attempt.registration?.stage ?? firstStage(attempt) };
}

/**
 * Enabled means: asked to register until it is finished (row A-002). Once begun, it is finished too,
 * and so is what somebody came to add.
 */
function mustRegister(attempt: Attempt, standing: Standing, required: Required): boolean {
  // That takes pages.
  if (attempt.door !== undefined) return false;
  if (attempt.registration?.done === true) return false;
  if (attempt.registration !== undefined || attempt.request.adds !== undefined) return true;
  if (required === 'password') return false;
  if (standing.state === 'enabled') return true;
  // Whoever came in by what was made for them has nothing of their own any more (row S-135).
  return !standing.hasRegistrations && isByPass(attempt);
}

/** Whether a pass stood in for the password: a passkey is its owner's own. */
function isByPass({ proofs }: Attempt): boolean {
  return proofs.some(({ alone, standsIn }) => alone === true && standsIn === true);
}

/**
 * The campaign asks once a sign-in, of whoever has just proved a second step in a browser: nobody who
 * is signed in already, and none whose application would have to show it and cannot.
 */
function isAskedByCampaign(attempt: Attempt, situation: Situation): boolean {
  const { request, replaces, browser, registration, snoozed } = attempt;
  return (
    snoozed === undefined &&
    replaces === undefined &&
    browser !== undefined &&
    registration === undefined &&
    request.adds === undefined &&
    request.anew === 'nothing' &&
    request.required !== 'strongest' &&
    isFreshlyProved(attempt, situation)
  );
}

/** Asked once a sign-in, of whoever signs in by a browser and has not just registered something. */
function isAskedToPrepare({
  request,
  replaces,
  preparesReset,
  browser,
  registration,
}: Attempt): boolean {
  const isOrdinary = request.anew === 'nothing' && request.required !== 'strongest';
  return (
    preparesReset === undefined &&
    replaces === undefined &&
    browser !== undefined &&
    registration === undefined &&
    isOrdinary
  );
}

/**
 * *Stay signed in?* is asked once, of whoever comes by themselves or for an application: not of those
 * who are signed in already and prove more, nor where everything is asked anew (row E-040).
 */
function isAskedToStay(attempt: Attempt, { mayStaySignedIn }: Situation): boolean {
  const { request, replaces, staysSignedIn, browser } = attempt;
  const isOrdinary = request.anew === 'nothing' && request.required !== 'strongest';
  return (
    mayStaySignedIn &&
    staysSignedIn === undefined &&
    replaces === undefined &&
    browser !== undefined &&
    isOrdinary
  );
}

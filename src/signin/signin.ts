/**
 * Owns the one state machine that every sign-in passes, whichever door it came from: open, identify,
 * prove the password, prove a second step, register, finish. Each command locks the person and the
 * attempt, checks with `nextStep` that it is allowed now, changes the attempt in one transaction with
 * everything that goes with it, and asks `nextStep` what comes next.
 */
import { answerNotEvaluated, passwordChanged, resetConfirmed } from '../audit/audit.ts';
import { TweestapError } from '../errors/errors.ts';
import type { Judgement } from '../methods/method.ts';
import { snooze } from './adding.ts';
import { startChallenge } from './asking.ts';
import { anew, isOpen, supersededNotice, withoutPassingAddition, type Attempt } from './attempt.ts';
import { createFirstFactor, type FirstFactor } from './first-factor.ts';
import { createFrame } from './frame.ts';
import { createHearing, type Heard, type HeardReport } from './hearing.ts';
import { judgeTyped } from './judging.ts';
import { keepPassword } from './new-password.ts';
import { nextStep } from './next-step.ts';
import { openAttempt, type Opened, type OpenRequest } from './opening.ts';
import { origin } from './origin.ts';
import type { SigninParts } from './parts.ts';
import type { AttemptRef, Progress } from './progress.ts';
import {
  afterVerdict,
  atStage,
  beginAddition,
  contact,
  done,
  progressOf,
  setUpNow,
  skipBackup,
  type Contact,
} from './registering.ts';
import { revokeEverything } from './revoke-everything.ts';
import { gather, secondStepKey } from './situation.ts';
import { tell } from './telling.ts';
import { wishing } from './trusting.ts';

export interface Signin extends FirstFactor {
  /**
   * Opens an attempt; `browser` is the token for the cookie of the browser it belongs to, and worth
   * nothing where a system asks. `progress` is where it stands, for whoever shows that at once.
   */
  open(request: OpenRequest): Promise<Opened>;
  /** Where the attempt stands. Changes nothing. Throws `ATTEMPT_NOT_FOUND` for another browser's. */
  look(ref: AttemptRef): Promise<Progress>;
  /** Asks with this option now. */
  choose(ref: AttemptRef, optionId: string): Promise<Progress>;
  /** Ends the open challenge and shows the list of other ways. */
  anotherWay(ref: AttemptRef): Promise<Progress>;
  /** Asks once more in the same way; for the first time where a draft was not asked yet. */
  repeat(ref: AttemptRef): Promise<Progress>;
  /**
   * Judges a typed answer to the challenge with this id. `trusts`: whether the device is to be trusted
   * after it, where the form asked; undefined leaves what was said before.
   */
  answer(
    ref: AttemptRef,
    challengeId: string,
    answer: unknown,
    trusts?: boolean,
  ): Promise<Progress>;
  /** Whether the device is to be trusted once the second step is proved, however that happens. */
  trust(ref: AttemptRef, trusts: boolean): Promise<Progress>;
  /** Judges what a provider reports; never opens a session: that is the browser's to fetch. */
  hear(report: HeardReport): Promise<Heard>;
  /** The interrupt's **Set it up now**. */
  setUpNow(ref: AttemptRef): Promise<Progress>;
  /** Step 1, or the backup phone: how to be contacted. */
  contact(ref: AttemptRef, choice: Contact): Promise<Progress>;
  /** Back to the step where the way is chosen. */
  backToContact(ref: AttemptRef): Promise<Progress>;
  skipBackup(ref: AttemptRef): Promise<Progress>;
  /** Done; `keepAppPassword` makes the ready-made app password that was shown. */
  done(ref: AttemptRef, keepAppPassword: boolean): Promise<Progress>;
  /** The new password, where one must be chosen. */
  changePassword(ref: AttemptRef, password: string): Promise<Progress>;
  /**
   * The answer when a reset had to be prepared: `now` leads to Security info once signed in, `confirmed`
   * says that what is registered is right.
   */
  prepareReset(ref: AttemptRef, choice: 'now' | 'later' | 'confirmed'): Promise<Progress>;
  /** Begins to register what a sign-in asks for on top: `kind`, one of the choices of its step. */
  addMethod(ref: AttemptRef, kind: string): Promise<Progress>;
  /** Puts that off, where its step says that it may wait. */
  snooze(ref: AttemptRef): Promise<Progress>;
  /** Takes that back: on to the page that asked for it. */
  dropAddition(ref: AttemptRef): Promise<Progress>;
  /** The answer to *Stay signed in?*. */
  staySignedIn(ref: AttemptRef, stays: boolean): Promise<Progress>;
  /**
   * Does what `look` says is due by itself: opens the session at `finish` (after a call was answered,
   * say), asks at `start` (after a pause).
   */
  finish(ref: AttemptRef): Promise<Progress>;
  /** Starts over with another name, in the same attempt's place. */
  restart(ref: AttemptRef): Promise<Progress>;
}

/** Where something is added once one is signed in. */
const addingPath = '/my-profile/security-info/add';

/** Makes the state machine. */
export function createSignin(parts: SigninParts): Signin {
  const { stores, clock } = parts;
  const frame = createFrame(parts);
  const hearing = createHearing(parts, frame);
  const { find, command, commandFrom, personal, targetOf } = frame;

  /**
   * The slow work on an answer (hashing) is done while nobody is held. What it finds out is looked at
   * once the answer is counted, and not before; while a person's answers pause, there is none.
   */
  const weigh = async (
    seen: Attempt,
    challengeId: string,
    answer: unknown,
  ): Promise<Judgement | undefined> => {
    const { challenge } = seen;
    if (challenge?.id !== challengeId || !isOpen(challenge, clock.now())) return undefined;
    if (parts.methods.get(challenge.methodId)?.weigh === undefined) return undefined;
    const known = await gather(parts, stores, seen);
    if (known.standing?.pausedUntil !== undefined) return undefined;
    const target = targetOf(seen, known);
    return target?.method.weigh?.(target.secret, answer, parts.hasher);
  };

  return {
    open: (request) => openAttempt(parts, frame, request),

    look: async (ref) => {
      const attempt = await find(ref);
      const known = await gather(parts, stores, attempt);
      return { attempt, step: nextStep(attempt, known), known };
    },

    ...createFirstFactor(parts, frame),

    choose: (ref, optionId) =>
      personal(ref, ['challenge', 'choose'], (work, attempt, known, user) =>
        frame.startOption(work, attempt, known, user, optionId),
      ),

    anotherWay: (ref) =>
      command(ref, ['challenge', 'choose'], async (_work, attempt) => ({
        ...attempt,
        challenge: undefined,
        choosing: true,
        notice: undefined,
      })),

    repeat: (ref) =>
      personal(ref, ['challenge', 'register'], async (work, attempt, known, user) => {
        const target =
          attempt.challenge === undefined
            ? frame.draftOf(attempt, known)
            : targetOf(attempt, known);
        if (target === undefined) throw new TweestapError('STEP_NOT_ALLOWED');
        const repeated = await startChallenge(parts, work, { attempt, known, user, target });
        // Refused by a limit: the challenge that is open stays as it was, with the reason.
        return repeated.challenge === undefined
          ? { ...attempt, notice: repeated.notice }
          : repeated;
      }),

    answer: async (ref, challengeId, answer, trusts) => {
      const seen = await find(ref);
      const weighed = await weigh(seen, challengeId, answer);
      return commandFrom(
        seen,
        seen.identified?.userId,
        ref,
        ['challenge', 'register', 'paused'],
        frame.asPerson(async (work, before, known, user) => {
          const attempt = wishing(before, known, trusts);
          if (known.standing?.pausedUntil !== undefined) {
            const methodId = attempt.challenge?.methodId ?? 'none';
            await work.stores.audit.append(answerNotEvaluated(origin(attempt, work.now), methodId));
            return attempt;
          }
          const target = targetOf(attempt, known);
          if (target === undefined || attempt.challenge?.id !== challengeId) {
            return { ...attempt, notice: supersededNotice(attempt) };
          }
          const judged = await judgeTyped(
            parts,
            work,
            { attempt, known, user, target },
            answer,
            weighed,
          );
          return afterVerdict(parts, work, attempt, judged, known, user);
        }),
      );
    },

    trust: (ref, trusts) =>
      command(ref, ['challenge', 'choose'], async (_work, attempt, known) =>
        wishing(attempt, known, trusts),
      ),

    hear: async (report) => (await hearing(report)).heard,

    setUpNow: (ref) =>
      personal(ref, ['register'], (work, attempt, known, user) =>
        progressOf(attempt).stage === 'interrupt'
          ? setUpNow(parts, work, attempt, known, user)
          : Promise.resolve(attempt),
      ),

    contact: async (ref, choice) => {
      let refused: Progress['refused'];
      const progress = await personal(ref, ['register'], async (work, attempt, known, user) => {
        const { stage } = progressOf(attempt);
        if (stage !== 'contact' && stage !== 'backup') return attempt;
        const registering = await contact(parts, work, attempt, known, user, choice);
        if (registering.kind === 'ok') return registering.attempt;
        refused = { field: registering.field, message: registering.message };
        return attempt;
      });
      return refused === undefined ? progress : { ...progress, refused };
    },

    backToContact: (ref) =>
      personal(ref, ['register'], async (_work, attempt) => {
        const progress = progressOf(attempt);
        if (progress.stage === 'prove') return atStage(attempt, 'contact');
        return progress.stage === 'prove-backup' ? atStage(attempt, 'backup') : attempt;
      }),

    skipBackup: (ref) =>
      personal(ref, ['register'], (work, attempt, known, user) => {
        const { stage } = progressOf(attempt);
        return stage === 'backup' || stage === 'prove-backup'
          ? skipBackup(parts, work, attempt, known, user)
          : Promise.resolve(attempt);
      }),

    done: (ref, keepAppPassword) =>
      personal(ref, ['register'], (work, attempt, known, user) =>
        progressOf(attempt).stage === 'app-password'
          ? done(parts, work, attempt, known, user, keepAppPassword)
          : Promise.resolve(attempt),
      ),

    changePassword: async (ref, password) => {
      const seen = await find(ref);
      // Uncounted, and quicker where the guess is right: nobody compares passwords here who has not
      // proved everything else (attack ATK-22).
      const now = await gather(parts, stores, seen);
      const { user } = now;
      if (nextStep(seen, now).kind !== 'change-password' || user === undefined) {
        return personal(ref, [], async (_work, attempt) => attempt);
      }
      const kept = await keepPassword(parts, now.policy, user, password);
      return personal(ref, ['change-password'], async (work, attempt, known, held) => {
        if (kept.kind === 'refused') {
          return { ...attempt, notice: { kind: 'password-refused', reason: kept.reason } };
        }
        const { now } = work;
        await revokeEverything(work.stores, {
          userId: held.id,
          reason: 'password-changed',
          actor: held.id,
          appPasswords: false,
          at: now,
          keepAttempt: attempt.id,
        });
        await work.stores.users.change(held.id, kept.change);
        // Who guessed second steps knew the old one.
        await work.stores.throttle.clear(secondStepKey(held.id));
        await work.stores.audit.append(passwordChanged(origin(attempt, now)));
        await tell(parts, work, attempt, known, held, 'passwordChanged');
        // The session that it came from has ended with all others.
        return { ...attempt, replaces: undefined, directorySays: undefined, notice: undefined };
      });
    },

    prepareReset: (ref, choice) =>
      command(ref, ['prepare-reset'], async (work, attempt, known) => {
        if (choice === 'confirmed') {
          // What is missing cannot be confirmed.
          if (known.preparesReset !== 'confirm') return attempt;
          await work.stores.audit.append(resetConfirmed(origin(attempt, work.now)));
        }
        const elsewhere =
          choice === 'now'
            ? { applicationId: undefined, applicationName: undefined, returnTo: addingPath }
            : {};
        return {
          ...attempt,
          preparesReset: choice,
          request: { ...attempt.request, ...elsewhere },
        };
      }),

    addMethod: (ref, kind) =>
      command(ref, ['add-method'], async (_work, attempt, known) => {
        const step = nextStep(attempt, known);
        const choices = step.kind === 'add-method' ? step.choices : [];
        const adds = choices.find((one) => one.kind === kind);
        return adds === undefined ? attempt : beginAddition(attempt, adds);
      }),

    snooze: (ref) =>
      personal(ref, ['add-method'], async (work, attempt, known, user) => {
        const step = nextStep(attempt, known);
        if (step.kind !== 'add-method' || !step.maySnooze) return attempt;
        await snooze(work.stores.snoozes, user.id, known.policy, work.now);
        return { ...attempt, snoozed: true };
      }),

    dropAddition: (ref) =>
      command(ref, ['register'], async (_work, attempt) => withoutPassingAddition(attempt)),

    staySignedIn: (ref, stays) =>
      command(ref, ['stay-signed-in'], async (_work, attempt) => ({
        ...attempt,
        staysSignedIn: stays,
      })),

    finish: (ref) => command(ref, ['finish', 'start'], async (_work, attempt) => attempt),

    restart: (ref) =>
      command(
        ref,
        [
          'password',
          'passkey',
          'challenge',
          'choose',
          'register',
          'blocked',
          'paused',
          'identify',
          'change-password',
          'prepare-reset',
          'add-method',
          'stay-signed-in',
        ],
        async (_work, attempt) => anew(attempt, undefined),
      ),
  };
}

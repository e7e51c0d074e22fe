/**
 * Owns the one state machine that every sign-in passes, whichever door it came from: open, identify,
 * prove the password, prove a second step, register, finish. Each command locks the person and the
 * attempt, checks with `nextStep` that it is allowed now, changes the attempt in one transaction with
 * everything that goes with it, and asks `nextStep` what comes next.
 */
import type { User } from '../accounts/user.ts';
import {
  answerNotEvaluated,
  passwordAccepted,
  passwordChanged,
  passwordNotEvaluated,
  passwordRejected,
  passwordUnanswered,
  resetConfirmed,
} from '../audit/audit.ts';
import { TweestapError } from '../errors/errors.ts';
import type { Locale } from '../i18n/locale.ts';
import { canonicalUserPrincipalName } from '../lib/names.ts';
import type { Judgement } from '../methods/method.ts';
import type { Proof, Session } from '../sessions/session.ts';
import { wrongPasskeys } from '../throttle/rules.ts';
import { raise, type Permission } from '../throttle/throttle.ts';
import { snooze } from './adding.ts';
import { judgeTyped, startChallenge, tell } from './asking.ts';
import { atDoor, type DoorRef } from './at-a-door.ts';
import {
  anew,
  attemptMinutes,
  resetMinutes,
  isAskedAlone,
  isOpen,
  withoutPassingAddition,
  type Attempt,
  type AttemptDoor,
  type AttemptRequest,
} from './attempt.ts';
import { createFrame } from './frame.ts';
import { createHearing, type Heard, type HeardReport } from './hearing.ts';
import { nextStep, type Step } from './next-step.ts';
import { keepPassword } from './new-password.ts';
import { nameOf, origin, withStep } from './origin.ts';
import type { SigninParts } from './parts.ts';
import { judgePass, weighPass } from './pass.ts';
import { askPasskey, judgePasskey } from './passkey.ts';
import { checkPassword, hasSamePassword, type PasswordFound } from './password-check.ts';
import { countPassword, isKnownBrowser } from './password-counter.ts';
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
import type { SigninStores } from './stores.ts';
import { recogniseDevice, wishing, type DeviceCookie } from './trusting.ts';

export interface OpenRequest {
  readonly request: AttemptRequest;
  readonly locale: Locale;
  readonly address: string;
  readonly userAgent: string;
  /** The living session of this browser, if there is one: what it proved may count. */
  readonly session: Session | undefined;
  /** Present where there is no browser but a system that asks; `next` is what it goes on with. */
  readonly door?: (Omit<AttemptDoor, 'state'> & Pick<DoorRef, 'next'>) | undefined;
}

/** An attempt that was just opened. */
export interface Opened {
  readonly id: string;
  readonly browser: string;
  readonly progress: Progress;
}

export interface Signin {
  /**
   * Opens an attempt; `browser` is the token for the cookie of the browser it belongs to, and worth
   * nothing where a system asks. `progress` is where it stands, for whoever shows that at once.
   */
  open(request: OpenRequest): Promise<Opened>;
  /** Where the attempt stands. Changes nothing. Throws `ATTEMPT_NOT_FOUND` for another browser's. */
  look(ref: AttemptRef): Promise<Progress>;
  identify(ref: AttemptRef, typedName: string): Promise<Progress>;
  /**
   * Proves the password; `knownBrowser` is the cookie of a browser that signed in before. `typedName`
   * is the name it was typed for, where it came with the password: it then counts, not an earlier one.
   */
  password(
    ref: AttemptRef,
    password: string,
    knownBrowser: string | undefined,
    typedName?: string,
  ): Promise<Progress>;
  /** Proves who it is by a Temporary Access Pass, in place of the password; the rest as there. */
  pass(
    ref: AttemptRef,
    pass: string,
    knownBrowser: string | undefined,
    typedName?: string,
  ): Promise<Progress>;
  /**
   * Asks for a passkey in place of name and password; whoever was named is not any more. Throws
   * `STEP_NOT_ALLOWED` where policy allows none.
   */
  askPasskey(ref: AttemptRef): Promise<Progress>;
  /** Judges the answer to it. `knownBrowser` as for the password. */
  passkey(
    ref: AttemptRef,
    challengeId: string,
    answer: unknown,
    knownBrowser: string | undefined,
  ): Promise<Progress>;
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

/** Who an attempt is for, and the account where there is one. */
interface Named {
  readonly identified: Attempt['identified'];
  readonly user: User | undefined;
}

/** Makes the state machine. */
export function createSignin(parts: SigninParts): Signin {
  const { stores, box, clock, random } = parts;
  const frame = createFrame(parts);
  const hearing = createHearing(parts, frame);
  const { browserHash, find, inTransaction, command, commandFrom, personal, targetOf } = frame;

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
    open: async ({ request, locale, address, userAgent, session, door }) => {
      const now = clock.now();
      const id = random.token(16);
      const browser = random.token(32);
      const minutes = request.purpose === 'reset' ? resetMinutes : attemptMinutes;
      const user = session === undefined ? undefined : await stores.users.find(session.userId);
      const proofs = user === undefined ? [] : countingProofs(session?.proofs ?? [], request, now);
      const attempt: Attempt = {
        id,
        version: 1,
        request,
        browser: door === undefined ? browserHash(browser) : undefined,
        ...(door === undefined ? {} : { door: atDoor(box, door) }),
        replaces: session?.id.toString('base64url'),
        isKnownBrowser: false,
        locale,
        address,
        userAgent: userAgent.slice(0, 400),
        createdAt: now,
        expiresAt: new Date(now.getTime() + minutes * 60_000),
        finishedAt: undefined,
        identified:
          user === undefined ? undefined : { typed: user.userPrincipalName, userId: user.id },
        proofs,
        broughtUntilAt: proofs.length === 0 ? undefined : session?.expiresAt,
        staysSignedIn: user === undefined ? undefined : session?.staysSignedIn,
        challenge: undefined,
        choosing: false,
        registration: undefined,
        notice: undefined,
        steps: [],
      };
      if (attempt.proofs.length === 0) {
        await stores.attempts.add(attempt);
        const known = await gather(parts, stores, attempt);
        return { id, browser, progress: { attempt, step: nextStep(attempt, known), known } };
      }
      const progress = await inTransaction(async (work) => {
        await work.stores.attempts.add(attempt);
        const held = await frame.hold(work, attempt.identified?.userId);
        const known = await gather(parts, work.stores, attempt, held);
        const step = nextStep(attempt, known);
        // A session's own proofs never open another session by themselves: the browser fetches it.
        return step.kind === 'finish'
          ? { attempt, step, known }
          : frame.conclude(work, attempt, held);
      });
      return { id, browser, progress };
    },

    look: async (ref) => {
      const attempt = await find(ref);
      const known = await gather(parts, stores, attempt);
      return { attempt, step: nextStep(attempt, known), known };
    },

    // Nobody is held, and nothing is read of an account but its id: whether there is one takes no time.
    identify: async (ref, typedName) =>
      commandFrom(
        await find(ref),
        undefined,
        ref,
        ['identify', 'password'],
        async (work, attempt) => {
          const name = canonicalUserPrincipalName(typedName);
          const userId = await work.stores.users.idOfName(name ?? '');
          return anew(attempt, { typed: typedOf(typedName), userId });
        },
      ),

    password: async (ref, password, knownBrowser, typedName) => {
      const seen = await find(ref);
      const { identified, user } = await (typedName === undefined
        ? identifiedOf(seen)
        : named(stores, typedName));
      const counted = await countPassword(parts, {
        name: identified?.typed ?? '',
        password,
        user,
        knownBrowser,
      });
      const { permission, key, isKnown } = counted;
      const found: PasswordFound = permission.allowed
        ? await checkPassword(parts, user, password)
        : { kind: 'wrong' };
      const isRight = found.kind === 'right';
      const isUnanswered = found.kind === 'unavailable' && found.isWrong !== true;
      if (isUnanswered) await counted.takeBack();
      const renewed =
        isRight && user?.passwordHash !== undefined && parts.hasher.needsRehash(user.passwordHash)
          ? await parts.hasher.hash(password)
          : undefined;

      const browser = random.token(32);
      const hash = browserHash(browser);
      const steps: readonly Step['kind'][] =
        typedName === undefined ? ['password'] : ['identify', 'password'];
      let deviceCookie: DeviceCookie | undefined;
      const progress = await commandFrom(
        seen,
        // A wrong password changes nothing of the person, and nobody shall be kept waiting by a stranger.
        isRight ? user?.id : undefined,
        ref,
        steps,
        async (work, before, _, held) => {
          const now = work.now;
          deviceCookie = undefined;
          if (typedName === undefined && before.identified?.userId !== identified?.userId) {
            throw new TweestapError('ATTEMPT_CHANGED');
          }
          const attempt = typedName === undefined ? before : anew(before, identified);
          const typed = nameOf(attempt);
          if (!permission.allowed) {
            await work.stores.audit.append(passwordNotEvaluated(origin(attempt, now), typed));
            return { ...attempt, notice: { kind: 'passwords-paused', untilAt: permission.until } };
          }
          if (isUnanswered) {
            await work.stores.audit.append(passwordUnanswered(origin(attempt, now), typed));
            return withStep(
              { ...attempt, notice: { kind: 'directory-unavailable' } },
              { at: now, method: 'password', result: 'failure', reason: 'directory-unavailable' },
            );
          }
          if (!isRight || held === undefined || !hasSamePassword(user, held)) {
            const reason = found.kind === 'wrong' ? found.reason : undefined;
            await work.stores.audit.append(passwordRejected(origin(attempt, now), typed, reason));
            return withStep(
              {
                ...attempt,
                notice: {
                  kind:
                    found.kind === 'unavailable'
                      ? 'directory-unavailable'
                      : 'wrong-name-or-password',
                },
              },
              { at: now, method: 'password', result: 'failure', reason: 'wrong-password' },
            );
          }
          await work.stores.throttle.clear(key);
          if (renewed !== undefined) {
            await work.stores.users.change(held.id, { passwordHash: renewed });
          }
          await work.stores.audit.append(passwordAccepted(origin(attempt, now)));
          const proof: Proof = {
            method: 'password',
            strength: 'knowledge',
            amr: ['pwd'],
            registrationId: undefined,
            at: now,
          };
          const passed = withStep(
            {
              ...attempt,
              // Whoever put the old token into this browser does not follow any further (ATK-33).
              browser: attempt.door === undefined ? hash : undefined,
              isKnownBrowser: isKnown,
              locale: ref.locale ?? held.preferredLanguage ?? attempt.locale,
              proofs: [...attempt.proofs, proof],
              directorySays: found.but,
              notice: undefined,
            },
            { at: now, method: 'password', result: 'success', reason: 'ok' },
          );
          if (ref.trustedDevice === undefined) return passed;
          const known = await recogniseDevice(parts, work, passed, held, ref.trustedDevice);
          deviceCookie = known.cookie;
          return known.attempt;
        },
      );
      const changed = {
        ...progress,
        ...(deviceCookie === undefined ? {} : { trustedDevice: deviceCookie }),
      };
      return progress.attempt.browser === hash ? { ...changed, browser } : changed;
    },

    pass: async (ref, pass, knownBrowser, typedName) => {
      const seen = await find(ref);
      const { identified, user } = await (typedName === undefined
        ? identifiedOf(seen)
        : named(stores, typedName));
      const name = identified?.typed ?? '';
      const weighed = await weighPass(parts, { name, pass, user, knownBrowser });
      if (weighed === undefined) throw new TweestapError('STEP_NOT_ALLOWED');
      const browser = random.token(32);
      const hash = browserHash(browser);
      const steps: readonly Step['kind'][] =
        typedName === undefined ? ['password'] : ['identify', 'password'];
      const progress = await commandFrom(
        seen,
        // A wrong pass changes nothing of the person, as a wrong password.
        weighed.judgement === undefined ? undefined : user?.id,
        ref,
        steps,
        async (work, before, known, held) => {
          if (typedName === undefined && before.identified?.userId !== identified?.userId) {
            throw new TweestapError('ATTEMPT_CHANGED');
          }
          const attempt = typedName === undefined ? before : anew(before, identified);
          const judged = await judgePass(parts, work, attempt, known, held, weighed);
          if (judged.proofs.length === attempt.proofs.length) return judged;
          return {
            ...judged,
            // As after the password: an older token of this browser ends here (ATK-33).
            browser: attempt.door === undefined ? hash : undefined,
            locale: ref.locale ?? held?.preferredLanguage ?? attempt.locale,
          };
        },
      );
      return progress.attempt.browser === hash ? { ...progress, browser } : progress;
    },

    askPasskey: (ref) =>
      command(ref, ['identify', 'password', 'passkey'], (work, attempt, known) =>
        askPasskey(parts, work, anew(attempt, undefined), known),
      ),

    passkey: async (ref, challengeId, answer, knownBrowser) => {
      const seen = await find(ref);
      if (!isAskedAlone(seen)) return command(ref, [], async (_work, attempt) => attempt);
      const methodId = seen.challenge?.methodId ?? '';
      const claimed = parts.methods.get(methodId)?.alone?.claimed(answer);
      const key = `${wrongPasskeys.name}:${seen.address}`;
      // Counted before it is looked at, in its own transaction, as a password is.
      const permission = await stores.throttle.update<Permission>(key, (record) =>
        raise(wrongPasskeys, record, clock.now()),
      );
      const isKnown =
        claimed !== undefined && (await isKnownBrowser(parts, claimed, knownBrowser)).isKnown;
      const browser = random.token(32);
      const hash = browserHash(browser);
      const progress = await commandFrom(
        seen,
        claimed,
        ref,
        ['passkey'],
        async (work, attempt, known, held) => {
          if (attempt.challenge?.id !== challengeId) {
            return { ...attempt, notice: supersededNotice(attempt) };
          }
          if (!permission.allowed) {
            await work.stores.audit.append(answerNotEvaluated(origin(attempt, work.now), methodId));
            return { ...attempt, notice: { kind: 'passkeys-paused', untilAt: permission.until } };
          }
          const judged = await judgePasskey(parts, work, attempt, known, held, answer);
          if (judged.identified === undefined || held === undefined) return judged;
          await work.stores.throttle.clear(key);
          return {
            ...judged,
            // As after the password: an older token of this browser ends here (ATK-33).
            browser: hash,
            isKnownBrowser: isKnown,
            locale: ref.locale ?? held.preferredLanguage ?? attempt.locale,
          };
        },
      );
      return progress.attempt.browser === hash ? { ...progress, browser } : progress;
    },

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
        const repeated = await startChallenge(parts, work, attempt, known, user, target);
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
            attempt,
            known,
            user,
            target,
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
        return { ...attempt, directorySays: undefined, notice: undefined };
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

  /** Whom a typed name means; nobody we know is identified all the same. */
  async function named(held: SigninStores, typedName: string): Promise<Named> {
    const name = canonicalUserPrincipalName(typedName);
    const user = await held.users.findByName(name ?? '');
    return { identified: { typed: typedOf(typedName), userId: user?.id }, user };
  }

  async function identifiedOf({ identified }: Attempt): Promise<Named> {
    const userId = identified?.userId;
    return { identified, user: await stores.users.find(userId ?? '') };
  }
}

/** An answer to a challenge that is no longer the newest is not looked at; the page says why. */
function supersededNotice(attempt: Attempt): Attempt['notice'] {
  return attempt.challenge === undefined
    ? attempt.notice
    : { kind: 'rejected', methodId: attempt.challenge.methodId, reason: 'superseded' };
}

/** A name as it was typed, as far as it is kept. */
function typedOf(name: string): string {
  return name.trim().slice(0, 113);
}

/** Which of a session's proofs still count for what is asked now. */
function countingProofs(
  proofs: readonly Proof[],
  { anew, freshSeconds = Infinity }: AttemptRequest,
  now: Date,
): readonly Proof[] {
  switch (anew) {
    case 'nothing':
      return proofs.flatMap((proof) =>
        secondsBetween(proof.at, now) <= freshSeconds ? [proof] : whoOf(proof),
      );
    case 'second-step':
      return proofs.flatMap(whoOf);
    case 'everything':
      return [];
  }
}

/** What is left of a proof that is no second step any more: who it is, if it proved that. */
function whoOf(proof: Proof): readonly Proof[] {
  if (proof.strength === 'knowledge') return [proof];
  return proof.alone === true ? [{ ...proof, strength: 'knowledge' }] : [];
}

function secondsBetween(from: Date, to: Date): number {
  return (to.getTime() - from.getTime()) / 1000;
}

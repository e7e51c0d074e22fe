/**
 * Owns the frame of every command: whose attempt it is, who is held meanwhile, whether it is allowed
 * now, what follows by itself, and what is written at the end.
 */
import type { User } from '../accounts/user.ts';
import { signInBlocked } from '../audit/audit.ts';
import { TweestapError } from '../errors/errors.ts';
import type { Locale } from '../i18n/locale.ts';
import { standingOf } from '../policies/policy.ts';
import { startChallenge } from './asking.ts';
import { isAtItsDoor, withNextState } from './at-a-door.ts';
import { anew, isReset, type Attempt } from './attempt.ts';
import { openSession } from './entering.ts';
import { nextStep, type Step } from './next-step.ts';
import { origin, signInEvent, withStep } from './origin.ts';
import type { SigninParts, Work } from './parts.ts';
import type { AttemptRef, Progress } from './progress.ts';
import { gather, type Known } from './situation.ts';
import type { SigninStores } from './stores.ts';
import { registrationOf, type Target } from './target.ts';
import { saveAttempt } from './topics.ts';
import { inWork } from './work.ts';

/** `held` is the person that this transaction holds: known to us, however little is proved yet. */
export type Command = (
  work: Work,
  attempt: Attempt,
  known: Known,
  held: User | undefined,
) => Promise<Attempt>;
/** The same, where the person is known. */
export type Held = (work: Work, attempt: Attempt, known: Known, user: User) => Promise<Attempt>;

export interface Frame {
  /** How a browser's token is kept in its attempt. */
  browserHash(token: string): string;
  /** This browser's (or system's) own attempt; throws `ATTEMPT_NOT_FOUND` for another's. */
  find(ref: AttemptRef): Promise<Attempt>;
  /**
   * The attempt without what a session brought to it, where that has ended by now. Looks nothing up where
   * nothing was brought.
   */
  withLivingProofs(stores: Pick<SigninStores, 'sessions'>, attempt: Attempt): Promise<Attempt>;
  /** Runs one transaction, and then what may follow only once it is committed (`work.ts`). */
  inTransaction<result>(run: (work: Work) => Promise<result>): Promise<result>;
  /** One command of a browser; `allowed` names the steps at which it may be given. */
  command(ref: AttemptRef, allowed: readonly Step['kind'][], run: Command): Promise<Progress>;
  /** The same, from an attempt that was looked at before, and for this person. */
  commandFrom(
    seen: Attempt,
    userId: string | undefined,
    ref: AttemptRef,
    allowed: readonly Step['kind'][],
    run: Command,
  ): Promise<Progress>;
  /** A command of somebody whom the attempt knows. */
  personal(ref: AttemptRef, allowed: readonly Step['kind'][], run: Held): Promise<Progress>;
  asPerson(run: Held): Command;
  hold(work: Work, userId: string | undefined): Promise<User | undefined>;
  /** Does what follows by itself, saves, and tells where things stand. */
  conclude(work: Work, changed: Attempt, held?: User, deviceCookie?: string): Promise<Progress>;
  /** Keeps the sign-in log's row up to date once there is something to tell. */
  record(work: Work, attempt: Attempt, step: Step): Promise<void>;
  /** Asks with this option; throws `STEP_NOT_ALLOWED` where there is none. */
  startOption(
    work: Work,
    attempt: Attempt,
    known: Known,
    user: User,
    optionId: string,
  ): Promise<Attempt>;
  /** What the attempt's challenge asks; undefined when its registration is gone. */
  targetOf(attempt: Attempt, known: Known): Target | undefined;
  /** What is being registered, where it can be asked: its device has joined, where it needs one. */
  draftOf(attempt: Attempt, known: Known): Target | undefined;
}

/** Makes the frame. */
export function createFrame(parts: SigninParts): Frame {
  const { stores, box, clock } = parts;
  const browserHash = (token: string): string =>
    box.keyedHash('attempt-browser', token).toString('base64url');

  /** The attempt, where it is this browser's own. */
  const own = (attempt: Attempt | undefined, ref: AttemptRef): Attempt => {
    const isOwn =
      attempt?.door === undefined
        ? attempt?.browser !== undefined &&
          ref.browser !== undefined &&
          attempt.browser === browserHash(ref.browser)
        : isAtItsDoor(box, attempt.door, ref.door);
    if (attempt === undefined || !isOwn) throw new TweestapError('ATTEMPT_NOT_FOUND');
    return attempt;
  };

  const find = async (ref: AttemptRef): Promise<Attempt> =>
    withLivingProofs(stores, own(await stores.attempts.find(ref.id), ref));

  /** What a session had proved counts while it lives: signing out, or being signed out, ends it here. */
  const withLivingProofs: Frame['withLivingProofs'] = async ({ sessions }, attempt) => {
    const { broughtUntilAt, replaces } = attempt;
    if (broughtUntilAt === undefined || replaces === undefined) return attempt;
    const session = await sessions.find(Buffer.from(replaces, 'base64url'), clock.now());
    return session === undefined ? anew(attempt, attempt.identified) : attempt;
  };

  const inTransaction = <result>(run: (work: Work) => Promise<result>): Promise<result> =>
    inWork(parts, run);

  /** The frame of every command of a browser. `allowed` names the steps at which it may be given. */
  const command = async (
    ref: AttemptRef,
    allowed: readonly Step['kind'][],
    run: Command,
  ): Promise<Progress> => {
    const seen = await find(ref);
    return commandFrom(seen, seen.identified?.userId, ref, allowed, run);
  };

  /** The same, from an attempt that was looked at before, and for this person. */
  const commandFrom = (
    seen: Attempt,
    userId: string | undefined,
    ref: AttemptRef,
    allowed: readonly Step['kind'][],
    run: Command,
  ): Promise<Progress> =>
    inTransaction(async (work) => {
      const held = await hold(work, userId);
      const locked = await work.stores.attempts.lock(ref.id, seen);
      const spoken = speaking(locked === seen ? seen : own(locked, ref), ref.locale);
      // They may have signed out since it was looked at, while an answer was weighed.
      const owned = await withLivingProofs(work.stores, spoken);
      const attempt = withNextState(box, owned, ref.door);
      const known = await gather(parts, work.stores, attempt, held);
      const step = nextStep(attempt, known);
      if (step.kind === 'gone') throw goneError(step.reason);
      // A page that is out of date changes nothing: it is shown where things stand now.
      if (!allowed.includes(step.kind)) return { attempt: owned, step, known };
      return conclude(work, await run(work, attempt, known, held), held, ref.trustedDevice);
    });

  const personal = (
    ref: AttemptRef,
    allowed: readonly Step['kind'][],
    run: Held,
  ): Promise<Progress> => command(ref, allowed, asPerson(run));

  const asPerson =
    (run: Held): Command =>
    async (work, attempt, known) => {
      if (known.user === undefined) throw new TweestapError('STEP_NOT_ALLOWED');
      return run(work, attempt, known, known.user);
    };

  const hold = async (work: Work, userId: string | undefined): Promise<User | undefined> =>
    userId === undefined ? undefined : work.stores.users.lock(userId);

  /** Does what follows by itself (the default method starts, a session opens), saves, and tells where things stand. */
  const conclude = async (
    work: Work,
    changed: Attempt,
    held?: User,
    deviceCookie?: string,
  ): Promise<Progress> => {
    let attempt = changed;
    let known = await gather(parts, work.stores, attempt, await fresh(work, held));
    let step = nextStep(attempt, known);
    if (step.kind === 'start' && known.user !== undefined) {
      const { notice } = attempt;
      const started = await startOption(work, attempt, known, known.user, step.optionId);
      // Why what was asked before is not asked any more is said where this one is asked in its place.
      const isSaid = started.notice !== undefined || notice?.kind !== 'rejected';
      attempt = isSaid ? started : { ...started, notice };
      step = nextStep(attempt, known);
    }
    if (step.kind === 'finish' && known.user !== undefined) {
      return openSession(parts, work, attempt, known, known.user, deviceCookie);
    }
    if (step.kind === 'blocked') {
      const last = attempt.steps.at(-1);
      if (last?.reason !== step.reason) {
        attempt = withStep(attempt, {
          at: work.now,
          method: 'policy',
          result: 'failure',
          reason: step.reason,
        });
        await work.stores.audit.append(signInBlocked(origin(attempt, work.now), step.reason));
      }
    }
    await record(work, attempt, step);
    await saveAttempt(work, attempt);
    known = { ...known, now: work.now };
    return { attempt: { ...attempt, version: attempt.version + 1 }, step, known };
  };

  /** The person as this transaction left them. */
  const fresh = async (work: Work, held: User | undefined): Promise<User | undefined> =>
    held === undefined ? undefined : work.stores.users.find(held.id);

  /** Keeps the sign-in log's row up to date once there is something to tell. */
  const record = async (work: Work, attempt: Attempt, step: Step): Promise<void> => {
    // A reset is no sign-in; the audit log tells of it.
    if (isReset(attempt)) return;
    const last = attempt.steps.at(-1);
    if (last === undefined || last.at.getTime() !== work.now.getTime()) return;
    const result = step.kind === 'blocked' || last.result === 'failure' ? 'failure' : 'interrupted';
    const reason = last.result === 'failure' ? last.reason : step.kind;
    await work.stores.signInEvents.put(signInEvent(attempt, work.now, result, reason));
  };

  const startOption = async (
    work: Work,
    attempt: Attempt,
    known: Known,
    user: User,
    optionId: string,
  ): Promise<Attempt> => {
    const option = known.options.find(({ id }) => id === optionId);
    if (option === undefined) throw new TweestapError('STEP_NOT_ALLOWED');
    return startChallenge(parts, work, {
      attempt,
      known,
      user,
      target: {
        method: option.method,
        secret: option.registration.secret,
        registrationId: option.registration.id,
      },
    });
  };

  /** What the attempt's challenge asks; undefined when its registration is gone. */
  const targetOf = (attempt: Attempt, known: Known): Target | undefined => {
    const { challenge } = attempt;
    const method = challenge === undefined ? undefined : parts.methods.get(challenge.methodId);
    if (challenge === undefined || method === undefined) return undefined;
    if (challenge.registrationId === undefined) return draftOf(attempt, known);
    const registration = registrationOf(known, challenge.registrationId);
    return registration === undefined
      ? undefined
      : { method, secret: registration.secret, registrationId: registration.id };
  };

  const draftOf = ({ registration }: Attempt, { policy, user }: Known): Target | undefined => {
    const { draft } = registration ?? {};
    const method = parts.methods.get(draft?.methodId ?? '');
    if (draft === undefined || method === undefined || user === undefined) return undefined;
    const { secret } = draft;
    const isWaiting = method.pairing?.code(secret) !== undefined;
    // Policy may have changed since it was begun.
    const isAllowed = standingOf(policy, method, user) === 'allowed';
    return isAllowed && !isWaiting ? { method, secret, registrationId: undefined } : undefined;
  };

  return {
    browserHash,
    find,
    withLivingProofs,
    inTransaction,
    command,
    commandFrom,
    personal,
    asPerson,
    hold,
    conclude,
    record,
    startOption,
    targetOf,
    draftOf,
  };
}

/** The attempt in another language, where one was chosen. */
function speaking(attempt: Attempt, locale: Locale | undefined): Attempt {
  return locale === undefined ? attempt : { ...attempt, locale };
}

function goneError(reason: 'finished' | 'expired'): TweestapError {
  return new TweestapError(reason === 'finished' ? 'ATTEMPT_FINISHED' : 'ATTEMPT_EXPIRED');
}

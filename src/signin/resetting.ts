/**
 * Owns how a forgotten password is reset: a name, one or two gates, a new password. Until something is
 * proved, everybody walks the same road, whether the name is anybody's or not: what is shown is made of
 * what was typed, what is asked of the database is the same, and nothing is sent but to its owner who
 * named the number or address in full (rows E-100 to E-108, attacks ATK-30 and ATK-32).
 */
import { isPrivileged, type User } from '../accounts/user.ts';
import { passwordReset, passwordUnlocked, resetRequested, resetStopped } from '../audit/audit.ts';
import { TweestapError } from '../errors/errors.ts';
import { canonicalUserPrincipalName } from '../lib/names.ts';
import { resetsPerDay, wrongPasswords } from '../throttle/rules.ts';
import { raise, type Permission } from '../throttle/throttle.ts';
import { anew, type Attempt } from './attempt.ts';
import { createFrame, type Command, type Frame } from './frame.ts';
import { createHumanCheck, type HumanCheckResult } from './human-check.ts';
import { reachableInCharge } from './in-charge.ts';
import { keepPassword } from './new-password.ts';
import { nextStep } from './next-step.ts';
import { nameOf, origin } from './origin.ts';
import type { SigninParts, Work } from './parts.ts';
import type { AttemptRef, Progress } from './progress.ts';
import { askAtGate, gatesOffered, judgeAtGate, personNamed, weighAtGate } from './reset-gates.ts';
import { revokeEverything } from './revoke-everything.ts';
import { gather, secondStepKey, type Known } from './situation.ts';
import { tell } from './telling.ts';

export interface Resetting {
  /** Where the attempt stands. Changes nothing. Throws `ATTEMPT_NOT_FOUND` for another browser's. */
  look(ref: AttemptRef): Promise<Progress>;
  /** A new question of the human check, for the page that asks the name. */
  humanQuestion(attemptId: string): string;
  /** Names whose password it is; `human` is what the human check sent. Nothing is looked at before it passes. */
  identify(
    ref: AttemptRef,
    typedName: string,
    human: string,
  ): Promise<{ readonly progress: Progress; readonly check: HumanCheckResult }>;
  /** Goes to the gate of this method, whatever the account has. */
  choose(ref: AttemptRef, methodId: string): Promise<Progress>;
  /** The number or address in full; something is sent where it is the registered one. */
  name(ref: AttemptRef, typed: string): Promise<Progress>;
  /** Judges a typed answer to the challenge with this id. */
  answer(ref: AttemptRef, challengeId: string, answer: unknown): Promise<Progress>;
  /** Asks once more in the same way. */
  repeat(ref: AttemptRef): Promise<Progress>;
  /** Back to the list. */
  anotherWay(ref: AttemptRef): Promise<Progress>;
  /** Sets the new password and ends everything that the old one opened, all at once. */
  setPassword(ref: AttemptRef, password: string): Promise<Progress>;
  /** Ends the pauses only, for somebody who knows the password (row E-107). */
  unlock(ref: AttemptRef): Promise<Progress>;
  /** Starts over with another name. */
  restart(ref: AttemptRef): Promise<Progress>;
}

/** Makes the commands. */
export function createResetting(parts: SigninParts): Resetting {
  const { stores, methods } = parts;
  const frame = createFrame(parts);
  const human = createHumanCheck(parts);

  const command = async (
    ref: AttemptRef,
    allowed: Parameters<Frame['command']>[1],
    run: Command,
  ): Promise<Progress> => {
    const seen = await frame.find(ref);
    // Nobody is held by this id; it is asked for all the same.
    return frame.commandFrom(seen, seen.identified?.userId ?? 'nobody', ref, allowed, run);
  };

  const look = async (ref: AttemptRef): Promise<Progress> => {
    const attempt = await frame.find(ref);
    // A sign-in of this very browser is none of a reset.
    if (attempt.request.purpose !== 'reset') throw new TweestapError('ATTEMPT_NOT_FOUND');
    const known = await gather(parts, stores, attempt);
    return { attempt, step: nextStep(attempt, known), known };
  };

  return {
    look,
    humanQuestion: human.ask,

    identify: async (ref, typedName, payload) => {
      const seen = await look(ref);
      if (seen.step.kind === 'gone') throw goneError(seen.step.reason);
      const check = await human.judge(ref.id, payload, seen.attempt.address);
      if (check !== 'passed') return { progress: seen, check };
      const progress = await frame.commandFrom(
        seen.attempt,
        undefined,
        ref,
        ['reset-identify'],
        async (work, attempt) => {
          const name = canonicalUserPrincipalName(typedName);
          const userId = await work.stores.users.idOfName(name ?? '');
          const named = anew(attempt, { typed: typedName.trim().slice(0, 113), userId });
          await work.stores.audit.append(resetRequested(origin(named, work.now), nameOf(named)));
          return named;
        },
      );
      return { progress, check };
    },

    choose: (ref, methodId) =>
      command(
        ref,
        ['reset-choose', 'reset-name', 'reset-challenge'],
        async (work, attempt, known, held) => {
          const method = gatesOffered(attempt, known, methods).find(({ id }) => id === methodId);
          if (method === undefined) throw new TweestapError('STEP_NOT_ALLOWED');
          const isNamed = method.blind?.naming !== undefined;
          const chosen: Attempt = {
            ...attempt,
            challenge: undefined,
            notice: undefined,
            gate: { methodId, named: isNamed ? undefined : '', asked: [] },
          };
          if (chosen.gate === undefined || isNamed) return chosen;
          const user = personNamed(parts, attempt, held);
          return askAtGate(parts, work, { attempt: chosen, known, user }, chosen.gate);
        },
      ),

    name: (ref, typed) =>
      command(ref, ['reset-name'], async (work, attempt, known, held) => {
        const { gate } = attempt;
        const naming = gate && methods.get(gate.methodId)?.blind?.naming;
        if (gate === undefined || naming === undefined) return attempt;
        const named = naming.read(typed.slice(0, 300), known.policy.organisation.country);
        if (named === undefined) return { ...attempt, notice: { kind: 'unreadable-name' } };
        // Kept also where it must wait, so that it need not be typed anew.
        const wanted = { ...gate, named };
        const resetter = {
          attempt: { ...attempt, gate: wanted },
          known,
          user: personNamed(parts, attempt, held),
        };
        return askAtGate(parts, work, resetter, wanted);
      }),

    answer: async (ref, challengeId, answer) => {
      const seen = await frame.find(ref);
      const weighed = await weighAtGate(parts, seen, challengeId, answer);
      return command(ref, ['reset-challenge'], async (work, attempt, known, held) => {
        const user = personNamed(parts, attempt, held);
        const resetter = { attempt, known, user };
        const judged = await judgeAtGate(parts, work, resetter, challengeId, answer, weighed);
        if (nextStep(judged, known).kind === 'reset-stopped') {
          await work.stores.audit.append(resetStopped(origin(judged, work.now)));
        }
        return judged;
      });
    },

    repeat: (ref) =>
      command(ref, ['reset-challenge'], async (work, attempt, known, held) =>
        attempt.gate === undefined
          ? attempt
          : askAtGate(
              parts,
              work,
              { attempt, known, user: personNamed(parts, attempt, held) },
              attempt.gate,
            ),
      ),

    anotherWay: (ref) =>
      command(ref, ['reset-name', 'reset-challenge'], async (_work, attempt) => ({
        ...attempt,
        gate: undefined,
        challenge: undefined,
        notice: undefined,
      })),

    setPassword: async (ref, password) => {
      const seen = await look(ref);
      const { policy, reset } = seen.known;
      const user = reset?.user;
      // Slow and uncounted: for those only who have proved all that is asked.
      if (seen.step.kind !== 'reset-password' || user === undefined) {
        return command(ref, [], async (_work, attempt) => attempt);
      }
      // A directory cannot take a password back: whether it may be set is counted before, and the reset is
      // this command's alone until it was written. Whoever finishes it at the same moment writes nothing.
      const isOfDirectory = user.upstream !== undefined;
      const release = (attempt: Attempt): Attempt => ({ ...attempt, writtenUntilAt: undefined });
      if (isOfDirectory) {
        const counted = await command(ref, ['reset-password'], async (work, attempt) => {
          requireUnwritten(attempt, work.now);
          const notice = await countReset(work, user);
          const until = new Date(work.now.getTime() + longestWriteMs);
          return { ...attempt, notice, writtenUntilAt: notice === undefined ? until : undefined };
        });
        if (counted.attempt.writtenUntilAt === undefined) return counted;
      }
      const kept = await keepPassword(parts, policy, user, password).catch(
        async (error: unknown) => {
          if (isOfDirectory) {
            await command(ref, ['reset-password'], async (_work, attempt) => release(attempt));
          }
          throw error;
        },
      );
      return command(ref, ['reset-password'], async (work, before, known, held) => {
        if (held === undefined) throw new TweestapError('STEP_NOT_ALLOWED');
        const attempt = release(before);
        if (kept.kind === 'refused') {
          return { ...attempt, notice: { kind: 'password-refused', reason: kept.reason } };
        }
        const paused = isOfDirectory ? undefined : await countReset(work, held);
        if (paused !== undefined) return { ...attempt, notice: paused };
        const { reset: rules } = known.policy;
        await revokeEverything(work.stores, {
          userId: held.id,
          reason: 'password-reset',
          actor: held.id,
          appPasswords: rules.revokeAppPasswords,
          at: work.now,
          keepAttempt: attempt.id,
        });
        await work.stores.users.change(held.id, kept.change);
        await endPauses(work, held);
        const gates = attempt.proofs.map(({ method }) => method);
        await work.stores.audit.append(passwordReset(origin(attempt, work.now), gates));
        if (rules.notifyPerson) await tell(parts, work, attempt, known, held, 'passwordReset');
        if (isPrivileged(held) && rules.notifyAdmins) {
          await tellAdmins(parts, work, attempt, known, held);
        }
        return over(attempt, work.now);
      });
    },

    unlock: (ref) =>
      command(ref, ['reset-password'], async (work, attempt, known, held) => {
        if (held === undefined || !known.policy.reset.unlock) {
          throw new TweestapError('STEP_NOT_ALLOWED');
        }
        requireUnwritten(attempt, work.now);
        const paused = await countReset(work, held);
        if (paused !== undefined) return { ...attempt, notice: paused };
        await endPauses(work, held);
        await work.stores.audit.append(passwordUnlocked(origin(attempt, work.now)));
        if (known.policy.reset.notifyPerson) {
          await tell(parts, work, attempt, known, held, 'passwordUnlocked');
        }
        return over(attempt, work.now);
      }),

    restart: (ref) =>
      command(
        ref,
        ['reset-choose', 'reset-name', 'reset-challenge', 'reset-password', 'reset-stopped'],
        async (work, attempt) => {
          requireUnwritten(attempt, work.now);
          return anew(attempt, undefined);
        },
      ),
  };
}

/** Why no reset may end now, after so many that day; undefined where it may. */
async function countReset(work: Work, user: User): Promise<Attempt['notice']> {
  const permission = await work.stores.throttle.update<Permission>(
    `${resetsPerDay.name}:${user.id}`,
    (record) => raise(resetsPerDay, record, work.now),
  );
  return permission.allowed ? undefined : { kind: 'resets-paused', untilAt: permission.until };
}

/** Whoever guessed knew the old password, or none. */
async function endPauses({ stores: held }: Work, user: User): Promise<void> {
  await held.throttle.clear(secondStepKey(user.id));
  await held.throttle.clear(`${wrongPasswords.name}:${user.id}`);
}

/** When somebody in charge resets a password, all who are in charge hear of it (row A-096). */
async function tellAdmins(
  parts: SigninParts,
  work: Work,
  attempt: Attempt,
  known: Known,
  user: User,
): Promise<void> {
  const admins = await reachableInCharge(work, ['global-admin']);
  for (const admin of admins.filter(({ id }) => id !== user.id)) {
    await tell(parts, work, attempt, known, admin, 'adminPasswordReset', user.userPrincipalName);
  }
}

/** How long a directory may take for a password; a node that went away meanwhile lets go of the reset then. */
const longestWriteMs = 120_000;

/** Throws `ATTEMPT_CHANGED` while another command writes a password to the directory. */
function requireUnwritten({ writtenUntilAt }: Attempt, now: Date): void {
  if (writtenUntilAt !== undefined && writtenUntilAt > now) {
    throw new TweestapError('ATTEMPT_CHANGED');
  }
}

function over(attempt: Attempt, now: Date): Attempt {
  return { ...attempt, finishedAt: now, gate: undefined, challenge: undefined, notice: undefined };
}

function goneError(reason: 'finished' | 'expired'): TweestapError {
  return new TweestapError(reason === 'finished' ? 'ATTEMPT_FINISHED' : 'ATTEMPT_EXPIRED');
}

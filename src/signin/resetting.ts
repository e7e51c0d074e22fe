/**
 * Owns how a forgotten password is reset: a name, one or two gates, a new password. Until something is
 * proved, everybody walks the same road, whether the name is anybody's or not: what is shown is made of
 * what was typed, what is asked of the database is the same, and nothing is sent but to its owner who
 * named the number or address in full (rows E-100 to E-108, attacks ATK-30 and ATK-32).
 */
import { spokenName } from '../methods/phone-call/script.ts';
import { greeted } from './greeted-call.ts';
import { isPrivileged, type User } from '../accounts/user.ts';
import {
  challengeStarted,
  passwordReset,
  passwordUnlocked,
  resetRequested,
  resetStopped,
} from '../audit/audit.ts';
import { TweestapError } from '../errors/errors.ts';
import { canonicalUserPrincipalName } from '../lib/names.ts';
import type { Ask, ChallengeStart, Judgement, Method, Verdict } from '../methods/method.ts';
import { isForReset } from '../policies/policy.ts';
import type { Registration } from '../registrations/registration.ts';
import { resetMessages, resetsPerDay, wrongPasswords } from '../throttle/rules.ts';
import { pausedUntil, raise, type Permission } from '../throttle/throttle.ts';
import {
  anew,
  isOpen,
  type Attempt,
  type Challenge,
  type Notice,
  type ResetGate,
} from './attempt.ts';
import type { DeliveryEvent } from '../delivery/message.ts';
import { createFrame, type Command, type Frame } from './frame.ts';
import { createHumanCheck, type HumanCheckResult } from './human-check.ts';
import { judgeHeard, judgeTyped, resetAnswersKey } from './judging.ts';
import { queued } from './messages.ts';
import { nextStep } from './next-step.ts';
import { provedGates } from './next-reset-step.ts';
import { keepPassword } from './new-password.ts';
import { nameOf, origin } from './origin.ts';
import type { SigninParts, Work } from './parts.ts';
import type { AttemptRef, Progress } from './progress.ts';
import { isLater } from './reset-standing.ts';
import { revokeEverything } from './revoke-everything.ts';
import { mayBeSent } from './sending-limits.ts';
import { gather, secondStepKey, type Known } from './situation.ts';
import { askOf, type Asked, type Target } from './target.ts';
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

/** The registration id that a page sees of a gate: what it shows is not what is registered. */
const gateId = 'gate';

/** The methods that are offered as gates now: the same for every name, those that send nothing first. */
export function gatesOffered(
  { proofs }: Pick<Attempt, 'proofs'>,
  known: Pick<Known, 'policy' | 'reset'>,
  methods: SigninParts['methods'],
): readonly Method[] {
  const isProved = known.reset !== undefined && provedGates(proofs, known.reset).length > 0;
  const isOpenToAll = (method: Method): boolean =>
    isForReset(known.policy, method) && !isLater(method);
  // What may come later only is listed where it is there: one gate was proved by then.
  const isTheirs = (method: Method): boolean =>
    isProved && isLater(method) && waysLeft(proofs, known, method).length > 0;
  return methods.all
    .filter((method) => isOpenToAll(method) || isTheirs(method))
    .filter(({ id }) => !proofs.some((proof) => proof.method === id))
    .toSorted((one, other) => sending[one.sends] - sending[other.sends]);
}

const sending = { nothing: 0, mail: 1, push: 2, text: 3, call: 4 } as const;

/** What pages are drawn from: the same for whoever was named, as far as nothing is proved. */
export function asShown(progress: Progress, methods: SigninParts['methods']): Progress {
  const { attempt, known } = progress;
  const { challenge, gate, identified } = attempt;
  return {
    ...progress,
    attempt: {
      ...attempt,
      challenge:
        challenge === undefined || gate?.shown === undefined
          ? challenge
          : { ...challenge, state: gate.shown },
    },
    known: {
      ...known,
      user: nobody('', identified?.typed ?? ''),
      registrations: shownInstead(attempt, known, methods),
    },
  };
}

/** What stands in the place of the account's registrations. */
function shownInstead(
  { gate }: Pick<Attempt, 'gate'>,
  known: Pick<Known, 'reset'>,
  methods: SigninParts['methods'],
): readonly Registration[] {
  const method = gate === undefined ? undefined : methods.get(gate.methodId);
  if (gate === undefined || method === undefined) return [];
  const own = known.reset?.registrations.find(({ id }) => id === gate.asked[0]);
  const secret = method.blind?.decoy(gate.named ?? '') ?? own?.secret;
  if (secret === undefined) return [];
  return [
    {
      id: isLater(method) ? (own?.id ?? gateId) : gateId,
      userId: '',
      kind: method.registers.id,
      slot: '',
      secret,
      version: 1,
      createdAt: new Date(0),
      lastUsedAt: undefined,
    },
  ];
}

/** Their registrations that this method may ask, and that proved nothing yet. */
function waysLeft(
  proofs: Attempt['proofs'],
  { reset }: Pick<Known, 'reset'>,
  method: Method,
): readonly Registration[] {
  const proved = reset === undefined ? [] : provedGates(proofs, reset);
  const ids = (reset?.ways ?? [])
    .filter(({ methodId, isLeft }) => methodId === method.id && isLeft)
    .map(({ registrationId }) => registrationId)
    .filter((id) => !proved.includes(id));
  return (reset?.registrations ?? []).filter(({ id }) => ids.includes(id));
}

/** Makes the commands. */
export function createResetting(parts: SigninParts): Resetting {
  const { stores, clock, methods } = parts;
  const frame = createFrame(parts);
  const human = createHumanCheck(parts);

  /** Whoever is named, or somebody made up who has nothing: the same is done for both. */
  const personOf = ({ identified }: Attempt, held: User | undefined): User => {
    if (held !== undefined) return held;
    const typed = identified?.typed ?? '';
    const name = canonicalUserPrincipalName(typed) ?? typed;
    return nobody(parts.box.keyedHash('nobody', name).toString('base64url').slice(0, 22), typed);
  };

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

  /** How many messages one name may ask for, whether any is sent or not. */
  const mayAsk = async (work: Work, user: User, method: Method): Promise<Date | undefined> => {
    // What comes later only goes to somebody who proved something: its own limits are enough.
    if (method.sends === 'nothing' || isLater(method)) return undefined;
    const what = method.sends === 'mail' ? 'mail' : 'phone';
    const permission = await work.stores.throttle.update<Permission>(
      `${resetMessages.name}:${user.id}:${what}`,
      (record) => raise(resetMessages, record, work.now),
    );
    return permission.allowed ? undefined : permission.until;
  };

  /** Asks with this gate: its owner, or nobody at all. */
  const start = async (
    work: Work,
    attempt: Attempt,
    known: Known,
    user: User,
    wanted: ResetGate,
  ): Promise<Attempt> => {
    const method = methods.get(wanted.methodId);
    if (method === undefined) return attempt;
    const untilAt = await mayAsk(work, user, method);
    if (untilAt !== undefined) return { ...attempt, notice: { kind: 'message-limit', untilAt } };

    const { named = '' } = wanted;
    const ways = waysLeft(attempt.proofs, known, method).filter(
      ({ secret }) => method.blind?.naming?.isOf(secret, named) ?? true,
    );
    const chosen: ResetGate = { ...wanted, asked: ways.map(({ id }) => id) };
    const target = targetOf(chosen, known, method);
    if (target === undefined) return attempt;
    const asked: Asked = { attempt, known: knownOf(known, user), user, target };
    const closedUntil = pausedUntil(
      await work.stores.throttle.peek(resetAnswersKey(user.id, method.id)),
      work.now,
    );
    if (method.sends === 'push') {
      // An app shows what is asked, whether it was woken or not: what may not be asked must not be there.
      const refused: Notice | undefined =
        closedUntil === undefined
          ? await mayBeSent(parts, work, asked)
          : { kind: 'gate-closed', untilAt: closedUntil };
      if (refused !== undefined) {
        return { ...attempt, gate: undefined, challenge: undefined, notice: refused };
      }
    }
    const id = parts.random.token(16);
    const ask = askOf(parts, asked, id);
    const started = begin(method, ask);
    const gate = isLater(method) ? chosen : { ...chosen, shown: started.state };
    const challenge: Challenge = {
      id,
      methodId: method.id,
      registrationId: isLater(method) ? target.registrationId : gateId,
      ...(method.sends === 'push' ? { asksApp: true as const } : {}),
      state: started.state,
      startedAt: work.now,
      expiresAt: started.expiresAt,
      wrongTries: 0,
      delivery: 'none',
      outcome: undefined,
    };
    const isOwner = target.registrationId !== undefined;
    // A limit that is met here is not told: only of a number that is registered could it be.
    const isSent =
      isOwner && (method.sends === 'push' || (await mayBeSent(parts, work, asked)) === undefined);
    const messages = await greeted(work.stores, isSent ? started.messages : [], {
      organisation: known.policy.organisation.name,
      person: spokenName(user.userPrincipalName),
    });
    await work.send(messages.map((message) => queued(parts, message, attempt, challenge, user.id)));
    await work.stores.audit.append(challengeStarted(origin(attempt, work.now), method.id));
    return {
      ...attempt,
      gate,
      challenge,
      notice: closedUntil === undefined ? undefined : { kind: 'gate-closed', untilAt: closedUntil },
    };
  };

  /** What is judged, or a decoy that no answer is right for. */
  const targetOf = (gate: ResetGate, known: Known, method: Method): Target | undefined => {
    const [first] = theirs(gate, known);
    const secret = first?.secret ?? method.blind?.decoy(gate.named ?? '');
    return secret === undefined ? undefined : { method, secret, registrationId: first?.id };
  };

  const theirs = (gate: ResetGate, known: Known): readonly Registration[] => {
    const method = methods.get(gate.methodId);
    const ids = new Set(
      known.reset?.ways
        .filter((way) => way.methodId === method?.id)
        .map((way) => way.registrationId),
    );
    return (known.reset?.registrations ?? []).filter(
      ({ id }) => gate.asked.includes(id) && ids.has(id),
    );
  };

  /** Any of their registrations may answer; a decoy never does. */
  const judgement =
    (gate: ResetGate, known: Known, typed: Judgement): Judgement =>
    async (ask, state) => {
      const own = theirs(gate, known);
      let verdict: Verdict = noAnswer(await typed(ask, state), own.length > 0);
      for (const { id, secret } of own.slice(1)) {
        if (verdict.kind === 'verified') break;
        const others = own.filter((one) => one.id !== id);
        const again = await typed({ ...ask, secret, others }, state);
        if (again.kind === 'verified') verdict = { ...again, by: again.by ?? id };
      }
      return verdict;
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
          return start(work, chosen, known, personOf(attempt, held), chosen.gate);
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
        return start(work, { ...attempt, gate: wanted }, known, personOf(attempt, held), wanted);
      }),

    answer: async (ref, challengeId, answer) => {
      const seen = await frame.find(ref);
      const weighed = await weigh(seen, challengeId, answer);
      return command(ref, ['reset-challenge'], async (work, attempt, known, held) => {
        const { challenge, gate } = attempt;
        const method = gate && methods.get(gate.methodId);
        if (challenge?.id !== challengeId || gate === undefined || method === undefined) {
          return {
            ...attempt,
            notice:
              challenge === undefined
                ? undefined
                : { kind: 'rejected', methodId: challenge.methodId, reason: 'superseded' },
          };
        }
        const target = targetOf(gate, known, method);
        if (target === undefined) return { ...attempt, gate: undefined, challenge: undefined };
        const user = personOf(attempt, held);
        const typed: Judgement = weighed ?? ((ask, state) => method.verify(ask, state, answer));
        const judged = await judgeTyped(
          parts,
          work,
          { attempt, known: knownOf(known, user), user, target },
          answer,
          judgement(gate, known, typed),
        );
        return stopped(work, proceed(judged), known);
      });
    },

    repeat: (ref) =>
      command(ref, ['reset-challenge'], async (work, attempt, known, held) =>
        attempt.gate === undefined
          ? attempt
          : start(work, attempt, known, personOf(attempt, held), attempt.gate),
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
          await tellAdmins(work, attempt, known, held);
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

  /** Slow work on an answer, for a decoy as well: while nobody is held. */
  async function weigh(
    seen: Attempt,
    challengeId: string,
    answer: unknown,
  ): Promise<Judgement | undefined> {
    const { challenge, gate } = seen;
    const method = gate && methods.get(gate.methodId);
    if (challenge?.id !== challengeId || !isOpen(challenge, clock.now())) return undefined;
    if (gate === undefined || method?.weigh === undefined) return undefined;
    const known = await gather(parts, stores, seen);
    const target = targetOf(gate, known, method);
    return target && method.weigh(target.secret, answer, parts.hasher);
  }

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
  async function tellAdmins(work: Work, attempt: Attempt, known: Known, user: User): Promise<void> {
    const admins = await work.stores.users.list({ roles: ['global-admin'], limit: 100 });
    for (const admin of admins.filter(({ id }) => id !== user.id)) {
      await tell(parts, work, attempt, known, admin, 'adminPasswordReset', user.userPrincipalName);
    }
  }

  async function stopped(work: Work, attempt: Attempt, known: Known): Promise<Attempt> {
    if (nextStep(attempt, known).kind === 'reset-stopped') {
      await work.stores.audit.append(resetStopped(origin(attempt, work.now)));
    }
    return attempt;
  }
}

/**
 * What comes of a provider's report in a reset. Only a right answer, and a word of fraud, change what
 * the page shows: that a phone rang, was busy or was not there is nobody's to know who only has its number.
 */
export async function hearGate(
  parts: SigninParts,
  work: Work,
  attempt: Attempt,
  known: Known,
  user: User,
  event: DeliveryEvent,
): Promise<{ readonly attempt: Attempt; readonly judged: Attempt; readonly isSeen: boolean }> {
  const { gate } = attempt;
  const own = known.reset?.registrations.find(({ id }) => id === gate?.asked[0]);
  const method = gate && parts.methods.get(gate.methodId);
  if (own === undefined || method === undefined) return { attempt, judged: attempt, isSeen: false };
  const target: Target = { method, secret: own.secret, registrationId: own.id };
  const judged = await judgeHeard(
    parts,
    work,
    { attempt, known: knownOf(known, user), user, target },
    event,
  );
  if (judged.challenge === undefined) return { attempt: proceed(judged), judged, isSeen: true };
  if (isLater(method)) return { attempt: judged, judged, isSeen: true };
  const silent: Attempt = {
    ...judged,
    notice: attempt.notice,
    challenge: {
      ...judged.challenge,
      delivery: 'none',
      outcome: judged.challenge.outcome === 'fraud-reported' ? 'fraud-reported' : undefined,
    },
  };
  return { attempt: silent, judged, isSeen: judged.challenge.outcome === 'fraud-reported' };
}

/** Asked without naming anything that is registered, where the method can. */
function begin(method: Method, ask: Ask): ChallengeStart {
  return method.alone === undefined ? method.challenge(ask) : method.alone.challenge(ask);
}

/** The facts that asking and judging draw on, of whoever was named. */
function knownOf(known: Known, user: User): Known {
  return {
    ...known,
    user: known.reset?.user,
    registrations: known.reset?.registrations ?? [],
    privileged: isPrivileged(user),
  };
}

/** A gate that was passed is behind. */
function proceed(attempt: Attempt): Attempt {
  return attempt.challenge === undefined ? { ...attempt, gate: undefined } : attempt;
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

/** Where nothing is registered, no answer is right, not even one that happens to fit. */
function noAnswer(verdict: Verdict, isTheirs: boolean): Verdict {
  return verdict.kind === 'verified' && !isTheirs
    ? { kind: 'rejected', reason: 'incorrect-code', counts: true, ends: false }
    : verdict;
}

function nobody(id: string, typed: string): User {
  return {
    id,
    userPrincipalName: typed,
    displayName: '',
    mail: undefined,
    otherMail: undefined,
    mobilePhone: undefined,
    businessPhone: undefined,
    businessPhoneExtension: undefined,
    preferredLanguage: undefined,
    role: 'user',
    groups: [],
    accountEnabled: false,
    blocked: undefined,
    passwordHash: undefined,
    mustChangePassword: false,
    perUserMfaState: 'disabled',
    mfaRequiredAt: undefined,
    defaultMethod: undefined,
    upstream: undefined,
    createdAt: new Date(0),
  };
}

function goneError(reason: 'finished' | 'expired'): TweestapError {
  return new TweestapError(reason === 'finished' ? 'ATTEMPT_FINISHED' : 'ATTEMPT_EXPIRED');
}

/**
 * Owns what becomes of an answer: it is counted before it is looked at, and each verdict makes something
 * of the attempt.
 */
import {
  answerAccepted,
  answerNotEvaluated,
  answerRejected,
  secondStepsPaused,
} from '../audit/audit.ts';
import type { DeliveryEvent } from '../delivery/message.ts';
import type { Judgement, RejectionReason, Verdict } from '../methods/method.ts';
import { wrongStepsRule } from '../policies/policy.ts';
import { reachesOut } from '../registrations/options.ts';
import type { Proof } from '../sessions/session.ts';
import { pushesPerUser, wrongResetAnswers, wrongResetKnowledge } from '../throttle/rules.ts';
import { raise, type Rule } from '../throttle/throttle.ts';
import { isOpen, isReset, triesPerChallenge, type Attempt, type Challenge } from './attempt.ts';
import { isTheirs, takeReport } from './fraud-report.ts';
import { origin, withStep } from './origin.ts';
import type { SigninParts, Work } from './parts.ts';
import { secondStepKey } from './situation.ts';
import { askOf, keepUse, registrationOf, type Asked, type Target } from './target.ts';
import { tell } from './telling.ts';

/** Judges what was typed on a page or at a prompt; `weighed` is what slow work on it found, if any. */
export async function judgeTyped(
  parts: SigninParts,
  work: Work,
  asked: Asked,
  answer: unknown,
  weighed?: Judgement,
): Promise<Attempt> {
  const { method } = asked.target;
  return judge(parts, work, asked, weighed ?? ((ask, state) => method.verify(ask, state, answer)));
}

/** Judges what a provider reports of this challenge's call or text. */
export async function judgeHeard(
  parts: SigninParts,
  work: Work,
  asked: Asked,
  event: DeliveryEvent,
): Promise<Attempt> {
  const { attempt, target } = asked;
  const { challenge } = attempt;
  if (challenge === undefined || !isOpen(challenge, work.now)) return attempt;
  if (event.kind === 'sent') return { ...attempt, challenge: { ...challenge, delivery: 'sent' } };
  return judge(parts, work, asked, async (ask, state) => target.method.hear(ask, state, event));
}

/** The challenge that an answer is for, and the counter that it may raise. */
interface Judging extends Asked {
  readonly challenge: Challenge;
  /** Counts this answer as a wrong one. */
  readonly count: () => Promise<void>;
  /** Whether it would be the last wrong one that is let pass. */
  readonly isLast: boolean;
}

async function judge(
  parts: SigninParts,
  work: Work,
  asked: Asked,
  verdictOf: Judgement,
): Promise<Attempt> {
  const { attempt, target } = asked;
  const { challenge } = attempt;
  const { stores, now } = work;
  if (challenge === undefined || challenge.outcome !== undefined) return attempt;
  if (challenge.expiresAt <= now) return over(work, { ...asked, challenge }, 'expired');

  // Weighed before it is looked at, and counted with what comes of it: this transaction holds the counter,
  // so no other answer that it counts is looked at meanwhile.
  const { key, rule } = counterOf(asked);
  const { record, result: permission } = raise(rule, await stores.throttle.lock(key), now);
  if (!permission.allowed) {
    await stores.audit.append(answerNotEvaluated(origin(attempt, now), target.method.id));
    return isReset(attempt)
      ? { ...attempt, notice: { kind: 'gate-closed', untilAt: permission.until } }
      : attempt;
  }

  const judging: Judging = {
    ...asked,
    challenge,
    count: () => stores.throttle.put(key, record),
    isLast: permission.reached,
  };
  const verdict = await verdictOf(askOf(parts, asked, challenge.id), challenge.state);
  switch (verdict.kind) {
    case 'verified':
      return accept(parts, work, judging, verdict);
    case 'pending':
      return { ...attempt, challenge: { ...challenge, state: verdict.state, delivery: 'sent' } };
    case 'rejected':
      return refuse(parts, work, judging, verdict);
  }
}

/**
 * What wrong answers are counted by. Those of a reset have their own: whoever knows no password must
 * not be able to end its owner's sign-ins.
 */
function counterOf({ attempt, known, user, target }: Asked): { key: string; rule: Rule } {
  const { method } = target;
  if (!isReset(attempt)) return { key: secondStepKey(user.id), rule: wrongStepsRule(known.policy) };
  const rule = method.strength === 'knowledge' ? wrongResetKnowledge : wrongResetAnswers;
  return { key: resetAnswersKey(user.id, method.id), rule };
}

/** The counter of wrong answers in resets: one for each person and method. */
export function resetAnswersKey(userId: string, methodId: string): string {
  return `${wrongResetAnswers.name}:${userId}:${methodId}`;
}

// What is right leaves the counter as it is. The wrong ones before it stay counted: they may be a
// stranger's, who has the password and tries between its owner's sign-ins (attack ATK-01).
async function accept(
  parts: SigninParts,
  work: Work,
  judging: Judging,
  { secret, by }: Verdict & { readonly kind: 'verified' },
): Promise<Attempt> {
  const { attempt, known, user, target, challenge } = judging;
  const { stores, now } = work;
  const { method } = target;
  const answered = by === undefined ? target : { ...target, registrationId: by };
  if (!(await keepUse(work, answered, known, secret))) {
    await judging.count();
    return wrong(parts, work, judging, 'code-already-used');
  }
  if (method.sends === 'text' || method.sends === 'call') {
    await stores.outbox.markAnswered(challenge.id, now);
  }
  // Whoever approves wants to be asked: only what nobody wanted counts towards the limit.
  if (method.sends === 'push') await stores.throttle.clear(`${pushesPerUser.name}:${user.id}`);
  if (answered.registrationId !== undefined) {
    await resumePhones(work, judging);
    if (method.standsIn) await tellOfStandIn(parts, work, judging, secret);
  }
  return proved(work, attempt, answered, secret);
}

/**
 * Its owner is here again, by something that a stranger did not set off before: what was set aside is asked
 * again from now on.
 */
async function resumePhones({ stores }: Work, { known, user, target }: Asked): Promise<void> {
  const isSuspended = known.registrations.some(({ suspendedAt }) => suspendedAt !== undefined);
  if (!isSuspended) return;
  const by = known.registrations.find(({ id }) => id === target.registrationId);
  if (reachesOut(target.method) && by?.suspendedAt !== undefined) return;
  await stores.registrations.resumeAll(user.id);
}

/** What is kept for a bad day was used: its owner hears of it, and what is left of it. */
async function tellOfStandIn(
  parts: SigninParts,
  work: Work,
  { attempt, known, user, target }: Asked,
  left: unknown = target.secret,
): Promise<void> {
  const { registers } = target.method;
  const locale = user.preferredLanguage ?? known.policy.organisation.defaultLanguage;
  const what = `${registers.name(left, locale)}: ${registers.detail(left, locale)}`;
  await tell(parts, work, attempt, known, user, 'stoodIn', what);
}

async function proved(
  work: Work,
  attempt: Attempt,
  { method, registrationId }: Target,
  secret: unknown,
): Promise<Attempt> {
  // Who came with a passkey alone is still known by it, when it is asked once more.
  const isAlone = attempt.proofs.some((one) => one.method === method.id && one.alone === true);
  const proof: Proof = {
    method: method.id,
    strength: method.strength,
    amr: method.amr,
    registrationId,
    ...(method.standsIn ? { standsIn: true } : {}),
    ...(isAlone ? { alone: true } : {}),
    at: work.now,
  };
  // What we made ourselves proves nothing of the person by being registered.
  const proves = registrationId !== undefined || method.draftProves;
  await work.stores.audit.append(answerAccepted(origin(attempt, work.now), method.id));
  const { registration } = attempt;
  const draft =
    registrationId === undefined && registration?.draft !== undefined
      ? { ...registration.draft, secret: secret ?? registration.draft.secret }
      : registration?.draft;
  return withStep(
    {
      ...attempt,
      challenge: undefined,
      choosing: false,
      notice: undefined,
      proofs: proves
        ? [...attempt.proofs.filter(({ method: id }) => id !== method.id), proof]
        : attempt.proofs,
      registration: registration === undefined ? undefined : { ...registration, draft },
    },
    { at: work.now, method: method.id, result: 'success', reason: 'ok' },
  );
}

// What is no guess leaves the counter as it is.
async function refuse(
  parts: SigninParts,
  work: Work,
  judging: Judging,
  verdict: Verdict & { readonly kind: 'rejected' },
): Promise<Attempt> {
  const { attempt, known, user, target } = judging;
  const { method, registrationId } = target;
  const { registrations } = work.stores;
  const refused = registrationOf(known, registrationId);
  if (verdict.secret !== undefined && refused !== undefined) {
    await registrations.replace(refused.id, refused.version, verdict.secret);
  }
  if (verdict.suspends === true && registrationId !== undefined) {
    await registrations.suspend(registrationId, work.now);
  }
  if (verdict.reason === 'fraud-reported') {
    await judging.count();
    if (!isTheirs(user, target)) return over(work, judging, 'somebody-else');
    await takeReport(parts, work, attempt, known, user, method, attempt.id);
    return over(work, judging, verdict.reason);
  }
  if (verdict.counts) {
    await judging.count();
    return wrong(parts, work, judging, verdict.reason, verdict.ends);
  }
  if (verdict.ends) return over(work, judging, verdict.reason);
  return { ...attempt, notice: { kind: 'rejected', methodId: method.id, reason: verdict.reason } };
}

/** A wrong answer, after which others may be tried unless it `ends` the challenge. */
async function wrong(
  parts: SigninParts,
  work: Work,
  judging: Judging,
  reason: RejectionReason,
  ends = false,
): Promise<Attempt> {
  const { attempt, target, challenge } = judging;
  await work.stores.audit.append(
    answerRejected(origin(attempt, work.now), target.method.id, reason),
  );
  if (judging.isLast && !isReset(attempt)) await suspectPassword(parts, work, judging);
  const wrongTries = challenge.wrongTries + 1;
  const outcome = ends ? reason : wrongTries >= triesPerChallenge ? 'too-many-wrong' : undefined;
  return failed(work, judging, { ...challenge, wrongTries, outcome }, reason);
}

/** The challenge is over, by no guess. */
async function over(
  work: Work,
  judging: Asked & Pick<Judging, 'challenge'>,
  reason: RejectionReason,
): Promise<Attempt> {
  const { attempt, target, challenge } = judging;
  await work.stores.audit.append(
    answerRejected(origin(attempt, work.now), target.method.id, reason),
  );
  return failed(work, judging, { ...challenge, outcome: reason }, reason);
}

function failed(
  { now }: Work,
  { attempt, target }: Asked,
  challenge: Challenge,
  reason: RejectionReason,
): Attempt {
  const { id } = target.method;
  return withStep(
    {
      ...attempt,
      challenge,
      notice: { kind: 'rejected', methodId: id, reason: challenge.outcome ?? reason },
    },
    { at: now, method: id, result: 'failure', reason },
  );
}

/** After the last wrong second step that is let pass: the person is told, and the password counts as known to a stranger. */
async function suspectPassword(
  parts: SigninParts,
  work: Work,
  { attempt, known, user }: Asked,
): Promise<void> {
  const { stores, now } = work;
  const until = (await stores.throttle.peek(secondStepKey(user.id)))?.pausedUntil ?? now.getTime();
  await stores.audit.append(secondStepsPaused(origin(attempt, now), new Date(until)));
  if (known.policy.passwordSuspicion)
    await stores.users.change(user.id, { mustChangePassword: true });
  await tell(parts, work, attempt, known, user, 'tooManyWrong');
}

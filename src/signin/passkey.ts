/**
 * Owns the passkey in place of name and password: what is asked of nobody in particular, and what the
 * answer proves of whom. Before it is right nothing here depends on any account (attack ATK-30).
 */
import { answerAccepted, answerRejected, challengeStarted } from '../audit/audit.ts';
import type { User } from '../accounts/user.ts';
import { TweestapError } from '../errors/errors.ts';
import type { Method, RejectionReason } from '../methods/method.ts';
import { settingsOf, standingOf, type Policy } from '../policies/policy.ts';
import type { Proof } from '../sessions/session.ts';
import {
  begunChallenge,
  isOpen,
  triesPerChallenge,
  type Attempt,
  type Challenge,
} from './attempt.ts';
import { origin, withStep } from './origin.ts';
import type { SigninParts, Work } from './parts.ts';
import type { Known } from './situation.ts';
import { askOf, keepUse, type Target } from './target.ts';

/** The method that may be asked alone; undefined where the organisation allows none. */
export function passkeyMethod(
  { methods }: Pick<SigninParts, 'methods'>,
  policy: Policy,
): (Method & { readonly alone: NonNullable<Method['alone']> }) | undefined {
  for (const method of methods.all) {
    const { alone } = method;
    if (alone === undefined || policy.methods[method.id]?.enabled === false) continue;
    if (alone.isAllowed(settingsOf(policy, method))) return { ...method, alone };
  }
  return undefined;
}

/** Asks whoever is there. Throws `STEP_NOT_ALLOWED` where policy allows no passkey. */
export async function askPasskey(
  parts: SigninParts,
  work: Work,
  attempt: Attempt,
  { policy }: Pick<Known, 'policy'>,
): Promise<Attempt> {
  const method = passkeyMethod(parts, policy);
  if (method === undefined) throw new TweestapError('STEP_NOT_ALLOWED');
  const { random } = parts;
  const started = method.alone.challenge({ now: work.now, random, origin: parts.origin });
  const asked = { id: random.token(16), methodId: method.id, registrationId: undefined };
  const challenge = begunChallenge(asked, started, work.now);
  await work.stores.audit.append(challengeStarted(origin(attempt, work.now), method.id));
  return { ...attempt, challenge };
}

/**
 * Judges an answer that says it is `claimed`'s; undefined for somebody we do not know. A right one
 * names the attempt; every other is refused in the same words.
 */
export async function judgePasskey(
  parts: SigninParts,
  work: Work,
  attempt: Attempt,
  { policy }: Pick<Known, 'policy'>,
  claimed: User | undefined,
  answer: unknown,
): Promise<Attempt> {
  const { challenge } = attempt;
  const method = passkeyMethod(parts, policy);
  if (challenge === undefined || challenge.outcome !== undefined) return attempt;
  if (!isOpen(challenge, work.now)) return refused(work, attempt, challenge, 'expired', 'over');
  // Policy may have changed since it was asked (attack ATK-22).
  if (method === undefined || method.id !== challenge.methodId) {
    return refused(work, attempt, challenge, 'not-accepted');
  }
  const proved = await provedBy(parts, work, attempt, policy, method, challenge, claimed, answer);
  if (typeof proved === 'string') return refused(work, attempt, challenge, proved, claimed);
  const named: Attempt = {
    ...attempt,
    identified: { typed: proved.user.userPrincipalName, userId: proved.user.id },
    proofs: [proved.proof],
    challenge: undefined,
    notice: undefined,
  };
  await work.stores.audit.append(answerAccepted(origin(named, work.now), method.id));
  // Nobody sets a passkey off from afar: its owner is here, and phones are asked again from now on.
  await work.stores.registrations.resumeAll(proved.user.id);
  return withStep(named, { at: work.now, method: method.id, result: 'success', reason: 'ok' });
}

interface Proved {
  readonly user: User;
  readonly proof: Proof;
}

/** What was proved of whom, or why it was not. */
async function provedBy(
  parts: SigninParts,
  work: Work,
  attempt: Attempt,
  policy: Policy,
  method: Method,
  challenge: Challenge,
  user: User | undefined,
  answer: unknown,
): Promise<Proved | RejectionReason> {
  if (user === undefined || standingOf(policy, method, user) !== 'allowed') return 'not-accepted';
  const registrations = (await work.stores.registrations.list(user.id)).filter(
    ({ kind }) => kind === method.registers.id,
  );
  const [first] = registrations;
  if (first === undefined) return 'not-accepted';
  const known = { now: work.now, policy, registrations, privileged: false };
  const target: Target = { method, secret: first.secret, registrationId: first.id };
  const ask = askOf(parts, { attempt, known, user, target }, challenge.id);
  const verdict = await method.verify(ask, challenge.state, answer);
  if (verdict.kind === 'rejected') return verdict.reason;
  if (verdict.kind === 'pending') return 'not-accepted';
  const answered = { ...target, registrationId: verdict.by ?? first.id };
  const isKept = await keepUse(work, answered, known, verdict.secret);
  if (!isKept) return 'code-already-used';
  return {
    user,
    proof: {
      method: method.id,
      strength: method.strength,
      amr: method.amr,
      registrationId: answered.registrationId,
      alone: true,
      at: work.now,
    },
  };
}

/** Another answer may follow, until five were refused or the question is over. */
async function refused(
  work: Work,
  attempt: Attempt,
  challenge: Challenge,
  reason: RejectionReason,
  whose?: User | 'over',
): Promise<Attempt> {
  const wrongTries = challenge.wrongTries + 1;
  const isOver = whose === 'over' || wrongTries >= triesPerChallenge;
  const outcome = isOver ? (whose === 'over' ? reason : 'too-many-wrong') : undefined;
  // Only a key that signed rightly says whose it is: its twin is for its owner's log.
  const isSigned = reason === 'counter-went-back' && typeof whose === 'object';
  const userId = isSigned ? whose.id : undefined;
  await work.stores.audit.append(
    answerRejected({ ...origin(attempt, work.now), userId }, challenge.methodId, reason),
  );
  return withStep(
    {
      ...attempt,
      challenge: { ...challenge, wrongTries, outcome },
      notice: { kind: 'rejected', methodId: challenge.methodId, reason: outcome ?? reason },
    },
    { at: work.now, method: challenge.methodId, result: 'failure', reason },
  );
}

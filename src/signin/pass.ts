/**
 * Owns the Temporary Access Pass in place of the password: counted as a password is, compared in the
 * same time whoever has the name and whether there is a pass, and refused in the same words.
 */
import { answerAccepted, answerNotEvaluated, answerRejected } from '../audit/audit.ts';
import type { User } from '../accounts/user.ts';
import type { Judgement, Method, RejectionReason } from '../methods/method.ts';
import { standingOf, type Policy } from '../policies/policy.ts';
import type { Registration } from '../registrations/registration.ts';
import type { Proof } from '../sessions/session.ts';
import type { Attempt } from './attempt.ts';
import { origin, withStep } from './origin.ts';
import type { SigninParts, Work } from './parts.ts';
import { countPassword, type CountedPassword } from './password-counter.ts';
import type { Known } from './situation.ts';
import { askOf, keepUse, type Target } from './target.ts';
import { tell } from './telling.ts';

/** The method that those in charge make things of; undefined where there is none. */
export function issuedMethod(
  methods: Pick<SigninParts['methods'], 'all'>,
): (Method & { readonly issued: NonNullable<Method['issued']> }) | undefined {
  for (const method of methods.all) {
    const { issued } = method;
    if (issued !== undefined) return { ...method, issued };
  }
  return undefined;
}

/** Whether somebody may use what those in charge make; where it is off, no page speaks of it. */
export function isPassOffered(parts: Pick<SigninParts, 'methods'>, policy: Policy): boolean {
  const method = issuedMethod(parts.methods);
  return method !== undefined && policy.methods[method.id]?.enabled !== false;
}

/** A typed pass, counted and compared; nothing of it may be looked at before it is judged. */
export interface WeighedPass {
  readonly counted: CountedPassword;
  readonly method: Method;
  readonly registration: Registration | undefined;
  readonly judgement: Judgement | undefined;
}

/** Counts what was typed for a name, and compares it, while nobody is held. */
export async function weighPass(
  parts: SigninParts,
  typed: {
    readonly name: string;
    readonly pass: string;
    readonly user: User | undefined;
    readonly knownBrowser: string | undefined;
  },
): Promise<WeighedPass | undefined> {
  const { stores, hasher, clock } = parts;
  const { name, pass, user, knownBrowser } = typed;
  const method = issuedMethod(parts.methods);
  if (method === undefined) return undefined;
  const counted = await countPassword(parts, {
    name,
    password: `pass ${pass}`,
    user,
    knownBrowser,
  });
  const registrations = await stores.registrations.list(user?.id ?? '');
  const now = clock.now();
  const registration = registrations.find(
    ({ kind, endsAt }) => kind === method.registers.id && (endsAt === undefined || endsAt > now),
  );
  const weighed = { counted, method, registration, judgement: undefined };
  if (!counted.permission.allowed) return weighed;
  // Whoever has no pass, or typed what can be none, is answered as late as anybody (attack ATK-30).
  let isCompared = false;
  let isFitting = false;
  const judgement =
    registration === undefined
      ? undefined
      : await method.weigh?.(
          registration.secret,
          { code: pass },
          {
            hash: hasher.hash,
            verify: async (kept, text) => {
              isCompared = true;
              isFitting = await hasher.verify(kept, text);
              return isFitting;
            },
          },
        );
  if (!isCompared) await hasher.verify(null, pass);
  // What does not fit is judged as where there is none: the same is asked of the database, and nobody
  // is kept waiting by a stranger.
  return isFitting ? { ...weighed, judgement } : weighed;
}

/** Judges it, in the transaction that holds the person. A right one proves who they are, and the rest. */
export async function judgePass(
  parts: SigninParts,
  work: Work,
  attempt: Attempt,
  known: Known,
  held: User | undefined,
  weighed: WeighedPass,
): Promise<Attempt> {
  const { method, counted } = weighed;
  const { permission } = counted;
  const at = origin(attempt, work.now);
  if (!permission.allowed) {
    await work.stores.audit.append(answerNotEvaluated(at, method.id));
    return { ...attempt, notice: { kind: 'passwords-paused', untilAt: permission.until } };
  }
  const proof = await provedBy(parts, work, attempt, known, held, weighed);
  if (typeof proof === 'string' || held === undefined) {
    const reason = typeof proof === 'string' ? proof : 'incorrect-code';
    await work.stores.audit.append(answerRejected(at, method.id, reason));
    return withStep(
      { ...attempt, notice: { kind: 'wrong-pass' } },
      { at: work.now, method: method.id, result: 'failure', reason },
    );
  }
  await work.stores.throttle.clear(counted.key);
  await work.stores.audit.append(answerAccepted(at, method.id));
  await tell(parts, work, attempt, known, held, 'passUsed');
  return withStep(
    {
      ...attempt,
      isKnownBrowser: counted.isKnown,
      proofs: [...attempt.proofs, proof],
      notice: undefined,
    },
    { at: work.now, method: method.id, result: 'success', reason: 'ok' },
  );
}

/** The proof, or why there is none. */
async function provedBy(
  parts: SigninParts,
  work: Work,
  attempt: Attempt,
  { policy }: Pick<Known, 'policy'>,
  user: User | undefined,
  { method, registration, judgement }: WeighedPass,
): Promise<Proof | RejectionReason> {
  if (user === undefined || registration === undefined || judgement === undefined) {
    return 'incorrect-code';
  }
  if (standingOf(policy, method, user) !== 'allowed') return 'not-accepted';
  // What was compared must be what there is now: another one may have been made meanwhile.
  const registrations = await work.stores.registrations.list(user.id);
  const living = registrations.find(({ id }) => id === registration.id);
  if (living === undefined) return 'incorrect-code';
  if (living.version !== registration.version) return 'code-already-used';
  const target: Target = { method, secret: living.secret, registrationId: living.id };
  const known = { now: work.now, policy, registrations, privileged: false };
  const ask = askOf(parts, { attempt, known, user, target }, parts.random.token(16));
  const verdict = await judgement(ask, method.challenge(ask).state);
  if (verdict.kind === 'rejected') return verdict.reason;
  if (verdict.kind === 'pending') return 'incorrect-code';
  if (!(await keepUse(work, target, known, verdict.secret))) return 'code-already-used';
  return {
    method: method.id,
    strength: method.strength,
    amr: method.amr,
    registrationId: living.id,
    standsIn: true,
    alone: true,
    at: work.now,
  };
}

/**
 * Owns the typed password: counted, then looked at while nobody is held, and judged in the transaction that
 * holds whom it is right for.
 */
import type { User } from '../accounts/user.ts';
import {
  passwordAccepted,
  passwordNotEvaluated,
  passwordRejected,
  passwordUnanswered,
} from '../audit/audit.ts';
import type { Proof } from '../sessions/session.ts';
import type { Attempt } from './attempt.ts';
import { nameOf, origin, withStep } from './origin.ts';
import type { SigninParts, Work } from './parts.ts';
import { checkPassword, hasSamePassword, type PasswordFound } from './password-check.ts';
import { countPassword, type CountedPassword } from './password-counter.ts';

/** A typed password, counted and looked at. */
export interface WeighedPassword {
  readonly user: User | undefined;
  readonly counted: CountedPassword;
  readonly found: PasswordFound;
  /** The hash to keep from now on, where the kept one is weaker than what we make today. */
  readonly renewed: string | undefined;
}

/** Counts what was typed for a name, and looks at it where that is allowed. */
export async function weighPassword(
  parts: SigninParts,
  typed: {
    readonly name: string;
    readonly password: string;
    readonly user: User | undefined;
    readonly knownBrowser: string | undefined;
  },
): Promise<WeighedPassword> {
  const { hasher } = parts;
  const { user, password } = typed;
  const counted = await countPassword(parts, typed);
  const found: PasswordFound = counted.permission.allowed
    ? await checkPassword(parts, user, password)
    : { kind: 'wrong' };
  if (isUnanswered(found)) await counted.takeBack();
  const hash = user?.passwordHash;
  const isWeak = found.kind === 'right' && hash !== undefined && hasher.needsRehash(hash);
  return { user, counted, found, renewed: isWeak ? await hasher.hash(password) : undefined };
}

/** Judges it; `held` is the person, where it was right. A right one proves that it is them. */
export async function judgePassword(
  work: Work,
  attempt: Attempt,
  held: User | undefined,
  { user, counted, found, renewed }: WeighedPassword,
): Promise<Attempt> {
  const { now, stores } = work;
  const { permission, key, isKnown } = counted;
  const typed = nameOf(attempt);
  if (!permission.allowed) {
    await stores.audit.append(passwordNotEvaluated(origin(attempt, now), typed));
    return { ...attempt, notice: { kind: 'passwords-paused', untilAt: permission.until } };
  }
  if (isUnanswered(found)) {
    await stores.audit.append(passwordUnanswered(origin(attempt, now), typed));
    return withStep(
      { ...attempt, notice: { kind: 'directory-unavailable' } },
      { at: now, method: 'password', result: 'failure', reason: 'directory-unavailable' },
    );
  }
  if (found.kind !== 'right' || held === undefined || !hasSamePassword(user, held)) {
    const reason = found.kind === 'wrong' ? found.reason : undefined;
    await stores.audit.append(passwordRejected(origin(attempt, now), typed, reason));
    const kind = found.kind === 'unavailable' ? 'directory-unavailable' : 'wrong-name-or-password';
    return withStep(
      { ...attempt, notice: { kind } },
      { at: now, method: 'password', result: 'failure', reason: 'wrong-password' },
    );
  }
  await stores.throttle.clear(key);
  if (renewed !== undefined) await stores.users.change(held.id, { passwordHash: renewed });
  await stores.audit.append(passwordAccepted(origin(attempt, now)));
  const proof: Proof = {
    method: 'password',
    strength: 'knowledge',
    amr: ['pwd'],
    registrationId: undefined,
    at: now,
  };
  return withStep(
    {
      ...attempt,
      isKnownBrowser: isKnown,
      proofs: [...attempt.proofs, proof],
      directorySays: found.but,
      notice: undefined,
    },
    { at: now, method: 'password', result: 'success', reason: 'ok' },
  );
}

/** The directory did not say, so nobody knows. */
function isUnanswered(found: PasswordFound): boolean {
  return found.kind === 'unavailable' && found.isWrong !== true;
}

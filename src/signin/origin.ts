/** Owns small facts about an attempt that its record-keeping needs. */
import type { Origin } from '../audit/audit.ts';
import type { SignInEvent, SignInStep } from '../audit/sign-in-event.ts';
import type { Attempt } from './attempt.ts';

/** Who did it and from where, for the audit log. */
export function origin(
  attempt: Pick<Attempt, 'identified' | 'address'> & { readonly id: string | undefined },
  at: Date,
): Origin {
  return {
    at,
    userId: attempt.identified?.userId,
    attemptId: attempt.id,
    address: attempt.address,
  };
}

/**
 * The name as it may be written down. What nobody is called and does not look like a name of ours may
 * be a password, typed a field too early (attack ATK-84): nothing of it is kept.
 */
export function nameOf({ identified }: Pick<Attempt, 'identified'>): string {
  if (identified === undefined) return '';
  const { typed, userId } = identified;
  return userId !== undefined || looksLikeName.test(typed) ? typed : '';
}

// As accounts are called: something @ a domain.
const looksLikeName = /^[^\s@]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+$/u;

const keptSteps = 50;

/** Adds a step to the attempt's own record. */
export function withStep(attempt: Attempt, step: SignInStep): Attempt {
  return { ...attempt, steps: [...attempt.steps, step].slice(-keptSteps) };
}

/** The attempt as a row of the sign-in log. */
export function signInEvent(
  attempt: Attempt,
  at: Date,
  result: SignInEvent['result'],
  reason: string,
): SignInEvent {
  return {
    id: attempt.id,
    userId: attempt.identified?.userId,
    userPrincipalName: nameOf(attempt),
    applicationId: attempt.request.applicationId,
    at,
    address: attempt.address,
    userAgent: attempt.userAgent,
    result,
    reason,
    steps: attempt.steps,
  };
}

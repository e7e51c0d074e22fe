/** Owns small facts about an attempt that its record-keeping needs. */
import type { Origin } from '../audit/audit.ts';
import type { SignInEvent, SignInStep } from '../audit/sign-in-event.ts';
import type { Attempt } from './attempt.ts';

/** Who did it and from where, for the audit log. */
export function origin(attempt: Attempt, at: Date): Origin {
  return {
    at,
    userId: attempt.identified?.userId,
    attemptId: attempt.id,
    address: attempt.address,
  };
}

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
    userPrincipalName: attempt.identified?.typed ?? '',
    applicationId: attempt.request.applicationId,
    at,
    address: attempt.address,
    userAgent: attempt.userAgent,
    result,
    reason,
    steps: attempt.steps,
  };
}

/**
 * Owns the one decision of a reset: what comes next. Pure. No step of it is one of a sign-in, so that
 * neither can do what only the other may: a reset opens no session, a sign-in sets no forgotten password.
 */
import type { Proof } from '../sessions/session.ts';
import type { Attempt } from './attempt.ts';

/** What is true of the account now; of a name that nobody has it is the same as of nothing registered. */
export interface ResetStanding {
  /** The account lives, and policy lets its owner reset. */
  readonly mayReset: boolean;
  /** How many different things must be proved. */
  readonly needed: 1 | 2;
  /** Every way in which this person may prove something now. */
  readonly ways: readonly {
    readonly methodId: string;
    readonly registrationId: string;
    /** What it is: the same number in two places is one thing. */
    readonly thing: string;
    /** Never the first, and never alone: security questions, notifications. */
    readonly isLater: boolean;
    /** False where it proves what it proved, and no more: the last recovery code is used. */
    readonly isLeft: boolean;
  }[];
}

export type ResetStep =
  /** The name, and the check that no program asks. */
  | { readonly kind: 'reset-identify' }
  | { readonly kind: 'reset-choose' }
  /** The number or address that something is to be sent to, in full. */
  | { readonly kind: 'reset-name' }
  | { readonly kind: 'reset-challenge' }
  | { readonly kind: 'reset-password' }
  /** Something was proved, and it cannot lead to a new password all the same. */
  | { readonly kind: 'reset-stopped' };

/** Says what comes next in a reset that is neither over nor out of time. */
export function nextResetStep(attempt: Attempt, standing: ResetStanding | undefined): ResetStep {
  if (attempt.identified === undefined || standing === undefined) return { kind: 'reset-identify' };
  const proved = provedGates(attempt.proofs, standing);
  if (proved.length > 0 && !canReset(proved, standing)) return { kind: 'reset-stopped' };
  if (proved.length >= standing.needed) return { kind: 'reset-password' };
  // What is asked must still be missing: nothing is proved twice.
  if (attempt.challenge !== undefined) return { kind: 'reset-challenge' };
  return attempt.gate === undefined ? { kind: 'reset-choose' } : { kind: 'reset-name' };
}

/**
 * The different things that were proved and still count: a registration that is gone, or that policy
 * allows no more, proves nothing. What may never come first counts only beside something that may.
 */
export function provedGates(
  proofs: readonly Proof[],
  { ways }: Pick<ResetStanding, 'ways'>,
): readonly string[] {
  const counting = ways.filter((way) =>
    proofs.some(
      ({ method, registrationId }) =>
        method === way.methodId && registrationId === way.registrationId,
    ),
  );
  if (counting.every(({ isLater }) => isLater)) return [];
  return [...new Set(counting.map(({ thing }) => thing))];
}

/** Whether what was proved, and what could be besides, is enough. */
function canReset(proved: readonly string[], { mayReset, needed, ways }: ResetStanding): boolean {
  const left = ways.filter(({ isLeft }) => isLeft);
  const things = new Set([...proved, ...left.map(({ thing }) => thing)]);
  return mayReset && things.size >= needed;
}

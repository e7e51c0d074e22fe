/** Owns whether somebody may have app passwords, and how long one may live. */
import type { User } from '../accounts/user.ts';
import type { Policy } from '../policies/policy.ts';
import type { AppPassword } from './app-password.ts';

/**
 * `off`: the organisation uses none (row A-040). `not-enforced`: they are for those of whom a second
 * step is required (row E-087); everybody else types their own password.
 */
export type AppPasswordStanding = 'allowed' | 'off' | 'not-enforced';

/** Whether this person may make them, and whether theirs open anything. */
export function appPasswordStanding(
  { appPasswords }: Pick<Policy, 'appPasswords'>,
  { perUserMfaState }: Pick<User, 'perUserMfaState'>,
): AppPasswordStanding {
  if (!appPasswords.allowed) return 'off';
  return perUserMfaState === 'enforced' ? 'allowed' : 'not-enforced';
}

/**
 * When it ends by itself: sooner than was said when it was made, where policy lets none live as long by
 * now. Undefined: never.
 */
export function endOfAppPassword(
  { appPasswords }: Pick<Policy, 'appPasswords'>,
  { createdAt, expiresAt }: Pick<AppPassword, 'createdAt' | 'expiresAt'>,
): Date | undefined {
  const { expiryDays } = appPasswords;
  if (expiryDays === 0) return expiresAt;
  const byPolicy = new Date(createdAt.getTime() + expiryDays * 86_400_000);
  return expiresAt === undefined || byPolicy < expiresAt ? byPolicy : expiresAt;
}

const usualDays = [30, 90, 180, 365];
/** Long enough to be no burden, short enough that a forgotten one closes (attack ATK-72). */
const suggestedDays = 90;

/** How many days one may live, the shortest first; 0, where policy sets no end, is for ever. */
export function expiryChoices({ appPasswords }: Pick<Policy, 'appPasswords'>): readonly number[] {
  const longest = appPasswords.expiryDays;
  if (longest === 0) return [...usualDays, 0];
  return [...usualDays.filter((days) => days < longest), longest];
}

/** What is chosen unless somebody chooses otherwise. */
export function suggestedExpiry(policy: Pick<Policy, 'appPasswords'>): number {
  const choices = expiryChoices(policy);
  return choices.includes(suggestedDays) ? suggestedDays : (choices.at(-1) ?? suggestedDays);
}

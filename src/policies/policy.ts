/** Owns what the policy of an organisation answers: who may use what, how often, how long. */
import type { z } from 'zod';

import type { User } from '../accounts/user.ts';
import { didYouMean } from '../lib/nearest.ts';
import { plainWords } from '../lib/settings/plain-words.ts';
import type { Method, Methods } from '../methods/method.ts';
import { messagesPerNumber, messagesPerUser, wrongSecondSteps } from '../throttle/rules.ts';
import type { Rule } from '../throttle/throttle.ts';
import type { policySchema } from './policy-schema.ts';
import { strengthFaults } from './strengths.ts';

/** What an organisation decided, with every default filled in. */
export type Policy = z.infer<typeof policySchema>;

/** Why a method may not be used by someone. */
export type MethodStanding = 'allowed' | 'off' | 'excluded-group' | 'not-included';

/**
 * Whether this person may use this method. What the policy does not say is the method's own: most are
 * allowed. What is for people without a role only is off for the others.
 */
export function standingOf(
  policy: Policy,
  method: Pick<Method, 'id' | 'isFor' | 'offByDefault'>,
  user: Pick<User, 'groups' | 'role'>,
): MethodStanding {
  const { enabled = !method.offByDefault, ...scope } = policy.methods[method.id] ?? {};
  if (!enabled || (method.isFor === 'people' && user.role !== 'user')) return 'off';
  return standingInScope(scope, user);
}

/** Groups that something is for, and groups that it is not for (Graph: includeTargets, excludeTargets). */
export interface Scope {
  /** Absent or empty: everybody. */
  readonly includedGroups?: readonly string[];
  readonly excludedGroups?: readonly string[];
}

/** Whether somebody is among those that are meant; who is excluded stays out, however included. */
export function standingInScope(
  { includedGroups = [], excludedGroups = [] }: Scope,
  { groups }: Pick<User, 'groups'>,
): 'allowed' | 'excluded-group' | 'not-included' {
  const isMember = (group: string): boolean => groups.includes(group);
  if (excludedGroups.some(isMember)) return 'excluded-group';
  return includedGroups.length === 0 || includedGroups.some(isMember) ? 'allowed' : 'not-included';
}

/** Whether policy lets this person reset a forgotten password by themselves. */
export function mayResetPassword({ reset }: Policy, user: Pick<User, 'groups' | 'role'>): boolean {
  if (user.role !== 'user' && !reset.forRoles) return false;
  if (reset.allowedFor !== 'group') return reset.allowedFor === 'all';
  return reset.group !== undefined && user.groups.includes(reset.group);
}

/** Whether this method may be used in a reset, by whoever may use it at all. */
export function isForReset({ reset, methods }: Policy, method: Method): boolean {
  const { enabled = !method.offByDefault } = methods[method.id] ?? {};
  const isNamed = reset.methods === undefined || reset.methods.includes(method.id);
  return enabled && isNamed && method.provesIn.includes('reset');
}

/** How many different things somebody proves who resets a password; with a role always two (row A-098). */
export function gatesNeeded({ reset }: Policy, privileged: boolean): 1 | 2 {
  return privileged ? 2 : reset.gates;
}

/**
 * What is wrong with the methods that a policy names, each fault with its path: a method nobody has, a
 * setting that its own schema refuses, or a strength that nobody could meet.
 */
export function methodFaults(policy: Policy, methods: Methods): readonly string[] {
  const inReset = (policy.reset.methods ?? [])
    .filter((id) => methods.get(id)?.provesIn.includes('reset') !== true)
    .map((id) => `reset.methods: ${id} is no method that proves a reset`);
  const named = Object.entries(policy.methods).flatMap(([id, entry]) => {
    const method = methods.get(id);
    if (method === undefined) {
      const known = methods.all.map((one) => one.id);
      return [`methods.${id}: there is no such method.${didYouMean(id, known)}`];
    }
    const parsed = method.settings.safeParse(entry.settings, { error: plainWords });
    if (parsed.success) return [];
    return parsed.error.issues.map(
      ({ path, message }) => `${['methods', id, 'settings', ...path].join('.')}: ${message}`,
    );
  });
  return [...named, ...inReset, ...strengthFaults(policy, methods)];
}

/** The settings of a method, as stored; the method's own schema gives the defaults. */
export function settingsOf(policy: Policy, method: Method): unknown {
  return policy.methods[method.id]?.settings ?? {};
}

/** How wrong second steps are counted here; what an administrator may say of it keeps guessing hopeless. */
export function wrongStepsRule({ lockout }: Policy): Rule {
  return {
    ...wrongSecondSteps,
    limit: lockout.wrongSteps,
    pauseSeconds: lockout.pauseMinutes * 60,
    longestPauseSeconds: lockout.longestPauseHours * 3600,
  };
}

/** How often texts and calls go to one person, and to one number, here. */
export function messageRules({ delivery }: Pick<Policy, 'delivery'>): {
  readonly perUser: Rule;
  readonly perDestination: Rule;
} {
  const { perPersonHour, perNumberDay, secondsApart } = delivery;
  return {
    perUser: { ...messagesPerUser, limit: perPersonHour, spacingSeconds: secondsApart },
    perDestination: { ...messagesPerNumber, limit: perNumberDay },
  };
}

/** Countries that texts and calls may go to. */
export function deliveryCountries(policy: Policy): readonly string[] {
  const { countries } = policy.delivery;
  return countries.length === 0 ? [policy.organisation.country] : countries;
}

/** Whether this person may be asked "Stay signed in?" (row E-040). Nobody with a role is. */
export function mayStaySignedIn({ sessions }: Policy, privileged: boolean): boolean {
  return sessions.staySignedIn.allowed && !privileged;
}

/** Session lengths for this person; `stays`: they said yes to "Stay signed in?". */
export function sessionLengths(
  policy: Policy,
  privileged: boolean,
  stays = false,
): { absoluteSeconds: number; idleSeconds: number } {
  const { sessions } = policy;
  if (stays && mayStaySignedIn(policy, privileged)) {
    const seconds = sessions.staySignedIn.days * 86_400;
    return { absoluteSeconds: seconds, idleSeconds: seconds };
  }
  return privileged
    ? {
        absoluteSeconds: sessions.adminAbsoluteHours * 3600,
        idleSeconds: sessions.adminIdleMinutes * 60,
      }
    : { absoluteSeconds: sessions.absoluteHours * 3600, idleSeconds: sessions.idleMinutes * 60 };
}

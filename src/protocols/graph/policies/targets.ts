/**
 * Owns targets: how Graph says for whom something is. Here these are the names of groups, and *everybody*
 * is the group `all_users`.
 */
import * as z from 'zod';

import { isGroupName } from '../../../accounts/group.ts';
import type { Scope } from '../../../policies/policy.ts';

/** Graph's word for everybody. */
export const everybody = 'all_users';

const id = z
  .string()
  .max(200)
  .refine((name) => name === everybody || isGroupName(name));

/** Whom something is for, or is not for: a group by its name. */
export const target = z.strictObject({
  id,
  targetType: z.literal('group').default('group'),
});
type Target = z.infer<typeof target>;

/** Where Graph has one target instead of a list: it is everybody, or nobody at all. */
export const oneTarget = z.strictObject({
  id: z.string().max(200),
  targetType: z.literal('group').default('group'),
});
export const forEverybody = { targetType: 'group', id: everybody } as const;
/** What Graph writes where nobody is meant. */
export const forNobody = {
  targetType: 'group',
  id: '00000000-0000-0000-0000-000000000000',
} as const;

/** How groups are told as what is included. */
export function includedIn({ includedGroups = [] }: Scope): readonly Target[] {
  return includedGroups.length === 0 ? [forEverybody] : includedGroups.map(targetOf);
}

/** How groups are told as what is excluded. */
export function excludedIn({ excludedGroups = [] }: Scope): readonly Target[] {
  return excludedGroups.map(targetOf);
}

/**
 * The groups that are meant; a sentence where that cannot be said here. An empty list would mean nobody
 * at Graph, and everybody in a policy of ours.
 */
export function groupsIncluded(targets: readonly Target[]): readonly string[] | string {
  const names = targets.map((each) => each.id);
  if (names.length === 0) {
    return "includeTargets names groups, or 'all_users'. To leave out everybody, set the state.";
  }
  if (!names.includes(everybody)) return [...new Set(names)];
  return names.length === 1 ? [] : "'all_users' includes every group: name it alone.";
}

/** The groups that are left out; a sentence where that cannot be said here. */
export function groupsExcluded(targets: readonly Target[]): readonly string[] | string {
  const names = targets.map((each) => each.id);
  return names.includes(everybody)
    ? "'all_users' cannot be left out: set the state instead."
    : [...new Set(names)];
}

function targetOf(name: string): Target {
  return { targetType: 'group', id: name };
}

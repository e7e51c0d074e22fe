/**
 * Owns what a group is: a name that people have in common. There is no list of groups: one is there as
 * soon as somebody belongs to it, and gone with the last.
 */
import { hidesSomething } from '../lib/hidden-text.ts';

/** The longest name of a group. */
export const longestGroupName = 64;
/** So many groups may one person belong to. */
export const mostGroups = 50;

/** Whether something can be the name of a group: no commas and semicolons, which part names from one another. */
export function isGroupName(name: string): boolean {
  return (
    name !== '' &&
    name === name.trim() &&
    name.length <= longestGroupName &&
    !/[,;]/.test(name) &&
    !hidesSomething(name)
  );
}

/** The groups in what was typed, parted by commas, semicolons or new lines; undefined where one is none. */
export function groupsIn(typed: string): readonly string[] | undefined {
  const names = typed
    .split(/[,;\n]/u)
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const unique = [...new Set(names)];
  return unique.length <= mostGroups && unique.every(isGroupName) ? unique : undefined;
}

/** What somebody joins and leaves. */
export interface GroupChange {
  readonly join: readonly string[];
  readonly leave: readonly string[];
}

/** The groups after the change, those that were there first. Who leaves and joins the same one stays. */
export function groupsAfter(
  groups: readonly string[],
  { join, leave }: GroupChange,
): readonly string[] {
  const left = groups.filter((name) => join.includes(name) || !leave.includes(name));
  return [...new Set([...left, ...join])];
}

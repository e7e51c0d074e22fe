/** Owns which groups of people one can choose among; the others are typed. */
import type { UserStore } from '../../../accounts/user-store.ts';

/** As many as one can still choose among. */
const mostKnown = 500;
/** As many boxes as a form has room for. */
const mostBoxes = 40;
/** Names of fields are short (`http/form-encoding.ts`). */
const longestInBox = 40;

/** The groups that somebody is in, by name. */
export async function groupNamesIn(users: Pick<UserStore, 'groups'>): Promise<readonly string[]> {
  const groups = await users.groups([]);
  return groups.map(({ name }) => name).slice(0, mostKnown);
}

/** Those of them that have a box of their own, where several can be chosen. */
export function inBoxes(names: readonly string[]): readonly string[] {
  return names.filter((name) => name.length <= longestInBox).slice(0, mostBoxes);
}

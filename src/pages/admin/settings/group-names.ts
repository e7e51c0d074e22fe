/** Owns which groups of people one can choose among; the others are typed. */
import type { UserStore } from '../../../accounts/user-store.ts';

const mostKnown = 40;
/** Names of fields are short (`http/form-encoding.ts`). */
const longestKnown = 40;

/** The groups that somebody is in, by name: as many as a form has room for. */
export async function groupNamesIn(users: Pick<UserStore, 'groups'>): Promise<readonly string[]> {
  const groups = await users.groups([]);
  return groups
    .map(({ name }) => name)
    .filter((name) => name.length <= longestKnown)
    .slice(0, mostKnown);
}

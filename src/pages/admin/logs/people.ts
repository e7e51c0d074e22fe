/** Owns finding whom a filter means, and what people are called in a log. */
import type { UserStore } from '../../../accounts/user-store.ts';
import type { User } from '../../../accounts/user.ts';
import { canonicalUserPrincipalName } from '../../../lib/names.ts';

type Users = Pick<UserStore, 'find' | 'findByName' | 'search'>;

/** Whom somebody means: by user name, by id, or by a name that only one person has. */
export async function personMeant(users: Users, typed: string): Promise<User | undefined> {
  const name = typed.trim();
  if (name === '') return undefined;
  const canonical = canonicalUserPrincipalName(name);
  const named = canonical === null ? undefined : await users.findByName(canonical);
  if (named !== undefined) return named;
  if (/^[\w-]{1,64}$/.test(name)) {
    const found = await users.find(name);
    if (found !== undefined) return found;
  }
  const [first, second] = await users.search({ text: name, limit: 2 });
  return second === undefined ? first : undefined;
}

/** What those with these ids are called; whoever is no longer there is not in it. */
export async function peopleOf(
  users: Users,
  ids: readonly (string | undefined)[],
): Promise<ReadonlyMap<string, User>> {
  const wanted = new Set(ids.filter((id) => id !== undefined));
  const found = await Promise.all([...wanted].map((id) => users.find(id)));
  return new Map(found.flatMap((user) => (user === undefined ? [] : [[user.id, user]])));
}

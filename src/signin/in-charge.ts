/** Owns who of those in charge hears by mail of what happens to others: whoever could still sign in. */
import { maySignIn, type Role, type User } from '../accounts/user.ts';
import type { Work } from './parts.ts';

/** A mail to each of them, and to no more. */
const mostAdmins = 100;

/** Those with one of these roles who may sign in now. */
export async function reachableInCharge(
  { stores, now }: Pick<Work, 'stores' | 'now'>,
  roles: readonly Role[],
): Promise<readonly User[]> {
  const admins = await stores.users.list({ roles, limit: mostAdmins });
  return admins.filter((admin) => maySignIn(admin, now));
}

/**
 * Owns the answer to "who is signed in here?": a living session whose person may still be signed in.
 * Pages and protocols ask it with each request, so a block or a switched-off account shows at once.
 */
import { isBlocked, isPrivileged, type User } from '../accounts/user.ts';
import type { UserStore } from '../accounts/user-store.ts';
import type { Clock } from '../lib/clock.ts';
import type { Session } from '../sessions/session.ts';
import type { Sessions } from '../sessions/sessions.ts';

export interface CurrentSession {
  readonly session: Session;
  readonly user: User;
}

/** Finds who is signed in by the token of a session's cookie; undefined when nobody is. */
export type FindCurrentSession = (token: string | undefined) => Promise<CurrentSession | undefined>;

/** Makes the look-up. */
export function createCurrentSession(parts: {
  readonly sessions: Pick<Sessions, 'find'>;
  readonly users: Pick<UserStore, 'find'>;
  readonly clock: Clock;
}): FindCurrentSession {
  return async (token) => {
    const session = await parts.sessions.find(token);
    return session === undefined ? undefined : currentOf(parts, session);
  };
}

/** Whose living session this is; undefined where they may not be signed in now. */
export async function currentOf(
  parts: { readonly users: Pick<UserStore, 'find'>; readonly clock: Clock },
  session: Session,
): Promise<CurrentSession | undefined> {
  const user = await parts.users.find(session.userId);
  if (user === undefined || !user.accountEnabled || isBlocked(user, parts.clock.now())) {
    return undefined;
  }
  // Who got a role since then begins anew: nobody with one stays signed in.
  if (session.staysSignedIn === true && isPrivileged(user)) return undefined;
  return { session, user };
}

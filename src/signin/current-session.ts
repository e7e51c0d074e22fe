/**
 * Owns the answer to "who is signed in here?": a living session whose person may still be signed in, as
 * policy has it now. Pages and protocols ask it with each request, so a block, a switched-off account or a
 * session that may not last as long any more shows at once.
 */
import { isPrivileged, maySignIn, type User } from '../accounts/user.ts';
import type { UserStore } from '../accounts/user-store.ts';
import type { Clock } from '../lib/clock.ts';
import type { Policies } from '../policies/policies.ts';
import { sessionLengths, type Policy } from '../policies/policy.ts';
import type { SessionStore } from '../sessions/session-store.ts';
import type { Session } from '../sessions/session.ts';
import type { SessionLengths, Sessions } from '../sessions/sessions.ts';

export interface CurrentSession {
  readonly session: Session;
  readonly user: User;
}

/** Finds who is signed in by the token of a session's cookie; undefined when nobody is. */
export type FindCurrentSession = (token: string | undefined) => Promise<CurrentSession | undefined>;

export interface CurrentSessions {
  readonly byToken: FindCurrentSession;
  /** The same for whoever was told its id by us: the cookie of a site that others serve, a token. */
  readonly byId: (id: Buffer) => Promise<CurrentSession | undefined>;
  /**
   * A session as its store has it, where it may last until now; whether it was used lately, or its person
   * may be signed in, is not looked at. For tokens, which are used where no browser is.
   */
  readonly unlessOver: Pick<SessionStore, 'find'>;
}

/** Makes the look-ups. */
export function createCurrentSessions(parts: {
  readonly sessions: Pick<Sessions, 'find' | 'findById' | 'endById'>;
  readonly store: Pick<SessionStore, 'find'>;
  readonly users: Pick<UserStore, 'find'>;
  readonly policies: Pick<Policies, 'current'>;
  readonly clock: Clock;
}): CurrentSessions {
  const { sessions, store, users, policies, clock } = parts;

  /** Whose living session this is; undefined where they may not be signed in now. */
  const currentOf = async (session: Session | undefined): Promise<CurrentSession | undefined> => {
    if (session === undefined) return undefined;
    const now = clock.now();
    const user = await users.find(session.userId);
    if (user === undefined || !maySignIn(user, now)) return undefined;
    const lengths = lengthsNow(await policies.current(), user, session);
    if (isOver(session, lengths, now) || isIdle(session, lengths, now)) {
      // For good: that it was asked for counts as a use.
      await sessions.endById(session.id);
      return undefined;
    }
    // Who got a role since then begins anew: nobody with one stays signed in.
    if (session.staysSignedIn === true && isPrivileged(user)) return undefined;
    return { session, user };
  };

  return {
    byToken: async (token) => currentOf(await sessions.find(token)),
    byId: async (id) => currentOf(await sessions.findById(id)),
    unlessOver: {
      find: async (id, now) => {
        const session = await store.find(id, now);
        const user = session && (await users.find(session.userId));
        if (session === undefined || user === undefined) return undefined;
        const lengths = lengthsNow(await policies.current(), user, session);
        return isOver(session, lengths, now) ? undefined : session;
      },
    },
  };
}

/** How long it may last by now: what policy lets a session last may have become shorter since it was opened. */
function lengthsNow(policy: Policy, user: User, { staysSignedIn }: Session): SessionLengths {
  return sessionLengths(policy, isPrivileged(user), staysSignedIn === true);
}

/** Counted from the first thing that was proved in it: stepping up opens another one, and makes nothing last. */
function isOver(
  { createdAt, proofs }: Session,
  { absoluteSeconds }: SessionLengths,
  now: Date,
): boolean {
  const beganAt = Math.min(createdAt.getTime(), ...proofs.map(({ at }) => at.getTime()));
  return beganAt + absoluteSeconds * 1000 <= now.getTime();
}

function isIdle({ lastSeenAt }: Session, { idleSeconds }: SessionLengths, now: Date): boolean {
  return lastSeenAt.getTime() + idleSeconds * 1000 < now.getTime();
}

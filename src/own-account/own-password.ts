/** Owns how a person who is signed in changes their password. Where it must be changed, `signin/signin.ts` does. */
import {
  passwordElsewhere,
  type PasswordElsewhere,
  type PasswordRefusal,
} from '../accounts/upstream/passwords.ts';
import { isPrivileged, type User } from '../accounts/user.ts';
import {
  passwordChanged,
  passwordNotEvaluated,
  passwordRejected,
  passwordUnanswered,
  type Origin,
} from '../audit/audit.ts';
import { sessionLengths, type Policy } from '../policies/policy.ts';
import { satisfies } from '../sessions/proven.ts';
import type { Session } from '../sessions/session.ts';
import type { CurrentSession } from '../signin/current-session.ts';
import { freshSeconds } from '../signin/attempt.ts';
import { createOwnActs, originOf } from '../signin/own-act.ts';
import type { SigninParts, Work } from '../signin/parts.ts';
import { keepPassword } from '../signin/new-password.ts';
import { checkPassword, hasSamePassword } from '../signin/password-check.ts';
import { countPassword } from '../signin/password-counter.ts';
import { revokeEverything } from '../signin/revoke-everything.ts';
import { secondStepKey } from '../signin/situation.ts';
import { tell, type Visitor } from '../signin/telling.ts';

export interface NewPassword {
  /** Looked at only where it is asked. */
  readonly current: string;
  readonly wanted: string;
}

/** Why it was not changed. */
export type NoPasswordChange =
  | { readonly kind: 'wrong-current' }
  /** The current one was not looked at. */
  | { readonly kind: 'paused'; readonly until: Date }
  /** The directory that keeps the current one does not answer. */
  | { readonly kind: 'unavailable' }
  | { readonly kind: 'refused'; readonly reason: PasswordRefusal };

export type PasswordChange =
  /** Everybody else is signed out; these two are for the cookies of this browser. */
  | {
      readonly kind: 'changed';
      /** `keptSeconds` as at the sign-in: how long the cookie is kept where its person stays signed in. */
      readonly session: { readonly token: string; readonly keptSeconds: number | undefined };
      readonly knownBrowser: string;
    }
  | NoPasswordChange;

/** The browser that it is done in. */
export interface OwnBrowser extends Visitor {
  readonly userAgent: string;
  /** The cookie of a browser that signed in before: it has a budget of its own for wrong passwords. */
  readonly knownBrowser: string | undefined;
}

export interface OwnPassword {
  /** Whether the current password is asked: unless it and a second step were proved just now (row E-067). */
  asksCurrent(session: Session): boolean;
  /** Present where their password is changed elsewhere: then it is never changed here. */
  elsewhere(user: Pick<User, 'upstream'>): PasswordElsewhere | undefined;
  /**
   * Changes it and ends everything else that is open; this browser gets a new session, which ends when
   * the old one would have. Throws `STEP_UP_REQUIRED` where the session has no second step.
   */
  change(current: CurrentSession, typed: NewPassword, browser: OwnBrowser): Promise<PasswordChange>;
  /**
   * The same through an application: the current one is always asked, and everything ends, also the
   * session that the application stands in.
   */
  changeThrough(
    current: CurrentSession,
    typed: NewPassword,
    visitor: Visitor,
  ): Promise<{ readonly kind: 'changed' } | NoPasswordChange>;
}

/** Makes the service. */
export function createOwnPassword(parts: SigninParts): OwnPassword {
  const { stores, policies, sessions, box, clock, random } = parts;
  const { act } = createOwnActs(parts);

  const asksCurrent = ({ proofs }: Session): boolean => {
    const since = clock.now().getTime() - freshSeconds * 1000;
    const fresh = proofs.filter(({ at }) => at.getTime() >= since);
    return !(fresh.some(({ method }) => method === 'password') && satisfies(fresh, 'second-step'));
  };

  /** The same road as at the sign-in: counted before it is looked at, for the same counter. */
  const proveCurrent = async (
    user: User,
    password: string,
    { address, knownBrowser }: Pick<OwnBrowser, 'address' | 'knownBrowser'>,
  ): Promise<Exclude<NoPasswordChange, { kind: 'refused' }> | undefined> => {
    const origin: Origin = { at: clock.now(), userId: user.id, attemptId: undefined, address };
    const name = user.userPrincipalName;
    const counted = await countPassword(parts, { name, password, user, knownBrowser });
    if (!counted.permission.allowed) {
      await stores.audit.append(passwordNotEvaluated(origin, name));
      return { kind: 'paused', until: counted.permission.until };
    }
    const found = await checkPassword(parts, user, password);
    if (found.kind === 'unavailable' && found.isWrong !== true) {
      await counted.takeBack();
      await stores.audit.append(passwordUnanswered(origin, name));
      return { kind: 'unavailable' };
    }
    if (found.kind !== 'right') {
      await stores.audit.append(passwordRejected(origin, name));
      return { kind: 'wrong-current' };
    }
    await stores.throttle.clear(counted.key);
    return undefined;
  };

  /** Replaces it and ends everything; what comes `then` is of the same transaction. */
  const replace = async <result>(
    current: CurrentSession,
    { current: typed, wanted }: NewPassword,
    visitor: Visitor & Pick<OwnBrowser, 'knownBrowser'>,
    asks: boolean,
    then: (work: Work, user: User, living: Session, policy: Policy) => Promise<result>,
  ): Promise<result | NoPasswordChange> => {
    const { user: seen } = current;
    // Nobody learns here whether a password is right who has not proved the second step.
    await act(current, 'second-step', async () => undefined);
    if (passwordElsewhere(seen, parts.upstream) !== undefined) {
      return { kind: 'refused', reason: 'directory-keeps' };
    }
    if (asks) {
      const stopped = await proveCurrent(seen, typed, visitor);
      if (stopped !== undefined) return stopped;
    }
    const kept = await keepPassword(parts, await policies.current(), seen, wanted);
    if (kept.kind === 'refused') return kept;

    return act(
      current,
      'second-step',
      async (work, user, living): Promise<result | NoPasswordChange> => {
        // Somebody else changed it while this one was hashed: what was proved is the old one.
        if (!hasSamePassword(user, seen)) return { kind: 'wrong-current' };
        const { now, stores: held } = work;
        const policy = await policies.current(held.policies);
        await revokeEverything(held, {
          userId: user.id,
          reason: 'password-changed',
          actor: user.id,
          appPasswords: false,
          at: now,
        });
        await held.users.change(user.id, kept.change);
        // Who guessed second steps knew the old one.
        await held.throttle.clear(secondStepKey(user.id));
        await held.audit.append(passwordChanged(originOf(current, visitor, work)));
        await tell(parts, work, visitor, { policy }, user, 'passwordChanged');
        return then(work, user, living, policy);
      },
    );
  };

  return {
    asksCurrent,
    elsewhere: (user) => passwordElsewhere(user, parts.upstream),

    changeThrough: (current, typed, visitor) =>
      replace(current, typed, { ...visitor, knownBrowser: undefined }, true, async () => ({
        kind: 'changed',
      })),

    change: (current, typed, browser) => {
      const asks = asksCurrent(current.session);
      return replace(current, typed, browser, asks, async (work, user, living, policy) => {
        const { now, stores: held } = work;
        const { token, session: opened } = await sessions.open(held.sessions, {
          userId: user.id,
          proofs: living.proofs,
          lengths: sessionLengths(policy, isPrivileged(user), living.staysSignedIn === true),
          endsAt: living.expiresAt,
          address: browser.address,
          userAgent: browser.userAgent,
          staysSignedIn: living.staysSignedIn,
        });
        const knownBrowser = random.token(16);
        await held.knownBrowsers.remember(
          box.keyedHash('known-browser', knownBrowser),
          user.id,
          now,
        );
        return {
          kind: 'changed',
          session: { token, keptSeconds: keptSeconds(opened, now) },
          knownBrowser,
        };
      });
    },
  };
}

function keptSeconds({ staysSignedIn, expiresAt }: Session, now: Date): number | undefined {
  return staysSignedIn === true
    ? Math.floor((expiresAt.getTime() - now.getTime()) / 1000)
    : undefined;
}

/**
 * Owns what those in charge do to an account, from whichever side they come: the command line now,
 * pages and interfaces later. Each act is one transaction with its audit event, whatever the act makes
 * untrue (a session, a token, a remembered browser) ends with it, and the person is told by mail.
 */
import { generatePassword } from '../accounts/generated-password.ts';
import { judgeNewUser, type NewUser, type NewUserFault } from '../accounts/new-user.ts';
import { passwordFault, type PasswordFault } from '../accounts/password-rules.ts';
import { NameTakenError } from '../accounts/user-store.ts';
import { isBlocked, type PerUserMfaState, type User } from '../accounts/user.ts';
import {
  appPasswordsRemoved,
  passwordSetByAdmin,
  reRegistrationRequired,
  stateChanged,
  userAdded,
  userBlocked,
  userUnblocked,
} from '../audit/audit.ts';
import type { AppPasswords } from '../app-passwords/app-passwords.ts';
import type { Clock } from '../lib/clock.ts';
import { canonicalUserPrincipalName } from '../lib/names.ts';
import type { PasswordHasher } from '../lib/password-hash.ts';
import type { Random } from '../lib/random.ts';
import type { Transact } from '../lib/transact.ts';
import type { Policies } from '../policies/policies.ts';
import { wrongPasswords } from '../throttle/rules.ts';
import { tell } from './asking.ts';
import type { NoticeKind } from './notices.ts';
import { revokeEverything } from './revoke-everything.ts';
import { secondStepKey } from './situation.ts';
import type { SigninStores } from './stores.ts';

export type AddedUser =
  | { readonly kind: 'added'; readonly user: User }
  | { readonly kind: 'taken' }
  | { readonly kind: 'refused'; readonly faults: readonly NewUserFault[] };

export interface Administration {
  /** Who is meant, however the name is written. */
  find(name: string): Promise<User | undefined>;
  /** Adds an account; says everything that is wrong at once and then adds nothing. */
  add(
    asked: NewUser,
    context: { readonly country: string; readonly actor: string },
  ): Promise<AddedUser>;
  /** A password that can be told once. */
  generatePassword(): string;
  /**
   * Sets the password and signs the person out everywhere; `temporary`: they must choose their own
   * at the next sign-in. Undefined when it is done, else what is wrong with the password.
   */
  setPassword(
    userId: string,
    password: string,
    options: { readonly temporary: boolean; readonly actor: string },
  ): Promise<PasswordFault | undefined>;
  /**
   * Moves the per-user state; false when it was that already. Required anew, the window opens anew,
   * and the person signs in again, with the second step.
   */
  setState(userId: string, state: PerUserMfaState, actor: string): Promise<boolean>;
  /** Blocks, until somebody unblocks unless told, and ends everything; replaces an earlier block. */
  block(
    userId: string,
    block: { readonly reason: string; readonly until?: Date | undefined; readonly actor: string },
  ): Promise<void>;
  /** False when there was no block. */
  unblock(userId: string, reason: string, actor: string): Promise<boolean>;
  /**
   * Removes all that is registered, opens the window for a first registration anew, forgets wrong
   * second steps, and ends everything. Resolves to how many registrations there were.
   */
  requireReRegistration(userId: string, actor: string): Promise<number>;
  /** Signs out everywhere and ends what applications hold. */
  revokeSessions(userId: string, actor: string): Promise<void>;
  /** Removes one app password; false when the person has none with this id. */
  removeAppPassword(userId: string, id: string, actor: string): Promise<boolean>;
  /** Removes all app passwords; resolves to how many there were. */
  removeAppPasswords(userId: string, actor: string): Promise<number>;
}

/** Makes the service. `stores` are read outside transactions. */
export function createAdministration(parts: {
  readonly stores: Pick<SigninStores, 'users'>;
  readonly transact: Transact<SigninStores>;
  readonly appPasswords: AppPasswords;
  readonly policies: Policies;
  readonly hasher: PasswordHasher;
  readonly clock: Clock;
  readonly random: Random;
}): Administration {
  const { stores, transact, appPasswords, policies, hasher, clock, random } = parts;

  /** One act on a person, who is held until it is done. */
  const act = <result>(
    userId: string,
    work: (held: SigninStores, user: User, at: Date) => Promise<result>,
  ): Promise<result> =>
    transact(async (held) => {
      const user = await held.users.lock(userId);
      if (user === undefined) throw new Error('the account was removed in the meantime');
      return work(held, user, clock.now());
    });

  /** Mails the person; the server that runs sends it with its next look at the outbox. */
  const inform = async (
    held: SigninStores,
    user: User,
    at: Date,
    kind: NoticeKind,
  ): Promise<void> => {
    const policy = await policies.current(held.policies);
    // No page waits for what an admin does.
    const work = { stores: held, now: at, send: held.outbox.add, tell: () => {} };
    const nobody = { locale: policy.organisation.defaultLanguage, address: undefined };
    await tell({ random }, work, nobody, { policy }, user, kind);
  };

  return {
    find: async (name) => {
      const canonical = canonicalUserPrincipalName(name);
      return canonical === null ? undefined : stores.users.findByName(canonical);
    },

    generatePassword: () => generatePassword(random),

    add: async (asked, { country, actor }) => {
      const { organisation } = await policies.current();
      const judged = judgeNewUser(asked, { country, organisation: organisation.name });
      if (judged.user === undefined) return { kind: 'refused', faults: judged.faults };
      const now = clock.now();
      const user: User = {
        ...judged.user,
        id: random.token(16),
        passwordHash: await hasher.hash(asked.password),
        createdAt: now,
        mfaRequiredAt: judged.user.perUserMfaState === 'disabled' ? undefined : now,
      };
      try {
        await transact(async (held) => {
          await held.users.add(user);
          await held.audit.append(userAdded({ at: now, userId: user.id, actor }));
        });
        return { kind: 'added', user };
      } catch (error) {
        if (error instanceof NameTakenError) return { kind: 'taken' };
        throw error;
      }
    },

    setPassword: async (userId, password, { temporary, actor }) => {
      const owner = await stores.users.find(userId);
      if (owner === undefined) throw new Error('the account was removed in the meantime');
      const { organisation, passwords } = await policies.current();
      const fault = passwordFault(password, {
        ...owner,
        organisation: organisation.name,
        banned: passwords.banned,
      });
      if (fault !== undefined) return fault;
      const passwordHash = await hasher.hash(password);
      await act(userId, async (held, user, at) => {
        await held.users.change(userId, { passwordHash, mustChangePassword: temporary });
        // Whoever guessed at the old one, or knew it and guessed at second steps, begins at nought.
        await held.throttle.clear(`${wrongPasswords.name}:${userId}`);
        await held.throttle.clear(secondStepKey(userId));
        await held.audit.append(passwordSetByAdmin({ at, userId, actor, temporary }));
        await revokeEverything(held, {
          userId,
          reason: 'password-set-by-admin',
          actor,
          appPasswords: false,
          at,
        });
        await inform(held, user, at, 'passwordSetByAdmin');
      });
      return undefined;
    },

    setState: (userId, state, actor) =>
      act(userId, async (held, user, at) => {
        const from = user.perUserMfaState;
        if (from === state || !(await held.users.moveState(userId, from, state))) return false;
        if (state === 'disabled') await held.users.change(userId, { mfaRequiredAt: undefined });
        if (from === 'disabled') {
          await held.users.change(userId, { mfaRequiredAt: at });
          // What the password alone opened would outlive the requirement (attack ATK-34).
          await revokeEverything(held, {
            userId,
            reason: 'second-step-required',
            actor,
            appPasswords: false,
            at,
          });
        }
        await held.audit.append(stateChanged({ at, userId, actor, from, to: state }));
        return true;
      }),

    block: (userId, { reason, until, actor }) =>
      act(userId, async (held, user, at) => {
        await held.users.setBlock(userId, { at, until, reason });
        await held.audit.append(userBlocked({ at, userId, actor, reason }));
        await revokeEverything(held, { userId, reason: 'blocked', actor, appPasswords: false, at });
        await inform(held, user, at, 'blocked');
      }),

    unblock: (userId, reason, actor) =>
      act(userId, async (held, user, at) => {
        if (!isBlocked(user, at)) return false;
        await held.users.setBlock(userId, undefined);
        await held.audit.append(userUnblocked({ at, userId, actor, reason }));
        await inform(held, user, at, 'unblocked');
        return true;
      }),

    requireReRegistration: (userId, actor) =>
      act(userId, async (held, user, at) => {
        const removed = await held.registrations.removeAll(userId);
        await held.users.setDefaultMethod(userId, undefined);
        await held.users.change(userId, {
          mfaRequiredAt: user.perUserMfaState === 'disabled' ? undefined : at,
        });
        await held.throttle.clear(secondStepKey(userId));
        await held.audit.append(reRegistrationRequired({ at, userId, actor, removed }));
        await revokeEverything(held, {
          userId,
          reason: 're-register',
          actor,
          appPasswords: false,
          at,
        });
        await inform(held, user, at, 'reRegistrationRequired');
        return removed;
      }),

    revokeSessions: (userId, actor) =>
      act(userId, async (held, user, at) => {
        await revokeEverything(held, {
          userId,
          reason: 'revoked-by-admin',
          actor,
          appPasswords: false,
          at,
        });
        await inform(held, user, at, 'signedOutByAdmin');
      }),

    removeAppPassword: (userId, id, actor) =>
      act(userId, async (held, user, at) => {
        const isRemoved = await appPasswords.remove(held, userId, id, actor);
        if (isRemoved) await inform(held, user, at, 'appPasswordsRemovedByAdmin');
        return isRemoved;
      }),

    removeAppPasswords: (userId, actor) =>
      act(userId, async (held, user, at) => {
        const count = await held.appPasswords.removeAll(userId);
        if (count === 0) return count;
        await held.audit.append(appPasswordsRemoved({ at, userId, actor, count }));
        await inform(held, user, at, 'appPasswordsRemovedByAdmin');
        return count;
      }),
  };
}

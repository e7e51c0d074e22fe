/**
 * Owns what those in charge do to an account, from whichever side they come: the command line, or the
 * pages of an administrator, who is looked at anew within the act (`acting-admin.ts`). Each act is one
 * transaction with its audit event, whatever the act makes untrue (a session, a token, a remembered
 * browser) ends with it, and the person is told by mail.
 */
import type { AdminAct } from '../accounts/administering.ts';
import { yesOrNo, type ApprovedValues } from '../accounts/approval.ts';
import type { Contact } from '../accounts/contact.ts';
import { groupsAfter, type GroupChange } from '../accounts/group.ts';
import { generatePassword } from '../accounts/generated-password.ts';
import { judgeNewUser, type NewUser, type NewUserFault } from '../accounts/new-user.ts';
import { passwordFaults, type PasswordFault } from '../accounts/password-rules.ts';
import { NameTakenError } from '../accounts/user-store.ts';
import { isBlocked, type PerUserMfaState, type Role, type User } from '../accounts/user.ts';
import type { AppPasswords } from '../app-passwords/app-passwords.ts';
import {
  appPasswordsRemoved,
  contactChanged,
  groupsChanged,
  methodRemovedByAdmin,
  passIssued,
  reRegistrationRequired,
  roleChanged,
  setUpAnnounced,
  stateChanged,
  userAdded,
  userBlocked,
  userRemoved,
  userUnblocked,
} from '../audit/audit.ts';
import { TweestapError } from '../errors/errors.ts';
import type { Clock } from '../lib/clock.ts';
import { canonicalUserPrincipalName } from '../lib/names.ts';
import type { PasswordHasher } from '../lib/password-hash.ts';
import type { Random } from '../lib/random.ts';
import type { Transact } from '../lib/transact.ts';
import type { IssueRules, Methods } from '../methods/method.ts';
import type { Policies } from '../policies/policies.ts';
import { settingsOf, standingOf, type Policy } from '../policies/policy.ts';
import { isForSignIn } from '../registrations/options.ts';
import { told } from '../signin/asking.ts';
import { announcement, type NoticeKind } from '../signin/notices.ts';
import { issuedMethod } from '../signin/pass.ts';
import { endWhatItOpened, revokeEverything } from '../signin/revoke-everything.ts';
import { secondStepKey } from '../signin/situation.ts';
import type { SigninStores } from '../signin/stores.ts';
import { defaultLeft, titleOf } from '../signin/taking-away.ts';
import { wrongPasswords } from '../throttle/rules.ts';
import {
  admit,
  admitToGive,
  admitToOrganisation,
  hold,
  type Actor,
  type By,
} from './acting-admin.ts';
import {
  changeAccount,
  type AskedChange,
  type Changed,
  type ChangedField,
  type Names,
} from './changing.ts';
import { requireOwnGroups } from './directory/owned.ts';
import { inform } from './informing.ts';
import { shelve } from './shelving.ts';

export type AddedUser =
  | { readonly kind: 'added'; readonly user: User }
  | { readonly kind: 'taken' }
  | { readonly kind: 'refused'; readonly faults: readonly NewUserFault[] };

/** What the organisation allows, and offers unless told otherwise. */
export type PassRules = IssueRules & { readonly isAllowed: boolean };

export interface AskedPass {
  /** In characters, 8 to 48. */
  readonly length: number;
  /** 10 to what policy allows. */
  readonly minutes: number;
  readonly once: boolean;
  readonly forgets: boolean;
}

export interface IssuedPass {
  readonly plain: string;
  readonly endsAt: Date;
  readonly once: boolean;
}

/**
 * Every act of somebody at their pages may throw `NOT_SIGNED_IN`, `STEP_UP_REQUIRED` or `NOT_ALLOWED`,
 * and `NOT_FOUND` where the account was removed meanwhile; nothing has happened then.
 */
export interface Administration {
  /** Who is meant, however the name is written. */
  find(name: string): Promise<User | undefined>;
  /**
   * Adds an account; says everything that is wrong at once and then adds nothing. A role can be given
   * by whoever may act on it.
   */
  add(
    asked: NewUser,
    context: {
      readonly country: string;
      readonly by: By;
      /** Its id; drawn unless told. */
      readonly id?: string | undefined;
      /** What a directory calls it. */
      readonly called?: AskedChange['called'];
    },
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
    options: { readonly temporary: boolean; readonly by: By },
  ): Promise<PasswordFault | undefined>;
  /**
   * Moves the per-user state; false when it was that already. Required anew, the window opens anew,
   * and the person signs in again, with the second step. With `announce` they are told what to do and
   * where (row S-021), instead of only that it happened.
   */
  setState(
    userId: string,
    state: PerUserMfaState,
    by: By,
    announce?: { readonly link: string },
  ): Promise<boolean>;
  /**
   * Tells somebody by mail to set up a verification method: `link` is where, `from` when it is required,
   * unless it is already. False, and no mail, where they have one.
   */
  announce(
    userId: string,
    announced: { readonly link: string; readonly from: Date | undefined },
    by: By,
  ): Promise<boolean>;
  /** Blocks, until somebody unblocks unless told, and ends everything; replaces an earlier block. */
  block(
    userId: string,
    block: { readonly reason: string; readonly until?: Date | undefined; readonly by: By },
  ): Promise<void>;
  /** False when there was no block. */
  unblock(userId: string, reason: string, by: By): Promise<boolean>;
  /**
   * Removes all that is registered, opens the window for a first registration anew, forgets wrong
   * second steps, and ends everything. Resolves to how many registrations there were.
   */
  requireReRegistration(userId: string, by: By): Promise<number>;
  /** Signs out everywhere and ends what applications hold. */
  revokeSessions(userId: string, by: By): Promise<void>;
  /** Removes one app password; false when the person has none with this id. */
  removeAppPassword(userId: string, id: string, by: By): Promise<boolean>;
  /** Removes all app passwords; resolves to how many there were. */
  removeAppPasswords(userId: string, by: By): Promise<number>;
  /**
   * Deletes one registered thing, ends what it opened, and moves the default; false when it was gone.
   * Unlike its owner, those in charge may delete the last one as well.
   */
  removeMethod(userId: string, registrationId: string, by: By): Promise<boolean>;
  /** What a Temporary Access Pass for this person may be. */
  passRules(user: User): Promise<PassRules>;
  /**
   * Makes a Temporary Access Pass, told once; an earlier one ends, and what it opened. `forgets`:
   * everything registered goes first, so that they set it up anew after signing in. Throws
   * `STEP_NOT_ALLOWED` where policy allows no pass, or not this one.
   */
  issuePass(userId: string, asked: AskedPass, by: By): Promise<IssuedPass>;
  /**
   * Removes the account with all that is registered and everything it opened; its hardware tokens go
   * back to the shelf. What the logs say of it stays. `look` as of a change (`changing.ts`).
   */
  remove(userId: string, by: By, look?: AskedChange['look']): Promise<void>;
  /**
   * Makes an account what was asked for, several things of it at once: all of them, or nothing. Says what is
   * wrong with them; where some wait for a second administrator, the error tells which (`requireApproval`).
   */
  change(userId: string, asked: AskedChange, by: By): Promise<Changed>;
  /** Lets the account sign in, or not any more, which ends everything; false when it was so already. */
  switchAccount(userId: string, enabled: boolean, by: By): Promise<boolean>;
  /** Writes what the directory knows; resolves to the names of what is different now. */
  changeContact(
    userId: string,
    contact: Partial<Contact>,
    by: By,
  ): Promise<readonly ChangedField[]>;
  /**
   * Gives another user name, another mailbox, or both; who they are to applications stays. Says what is
   * wrong with them, and then changes nothing.
   */
  rename(userId: string, names: Names, by: By): Promise<Changed>;
  /**
   * Gives another role and signs them out everywhere, so that it holds at once; false when they had it.
   * Throws `NOT_ALLOWED` where whoever acts could not act on that role.
   */
  changeRole(userId: string, role: Role, by: By): Promise<boolean>;
  /** Lets them join groups and leave some; false when nothing is different. */
  changeGroups(userId: string, change: GroupChange, by: By): Promise<boolean>;
}

/** A pass that ends before it could be told is none (`product.md`, "Numbers"). */
const shortestPassMinutes = 10;

/** What a person is told of their new state. */
const stateNotices: Readonly<Record<PerUserMfaState, NoticeKind>> = {
  disabled: 'secondStepDisabled',
  enabled: 'secondStepEnabled',
  enforced: 'secondStepEnforced',
};

/** Makes the service. `stores` are read outside transactions. */
export function createAdministration(parts: {
  readonly stores: Pick<SigninStores, 'users'>;
  readonly transact: Transact<SigninStores>;
  readonly appPasswords: AppPasswords;
  readonly policies: Policies;
  readonly methods: Methods;
  readonly hasher: PasswordHasher;
  readonly clock: Clock;
  readonly random: Random;
}): Administration {
  const { stores, transact, appPasswords, policies, methods, hasher, clock, random } = parts;

  /** One act on a person, who is held until it is done, by somebody who may. */
  const act = <result>(
    userId: string,
    what: AdminAct,
    by: By,
    work: (held: SigninStores, user: User, at: Date, who: Actor) => Promise<result>,
    {
      givenRole: role,
      look,
      values = () => ({}),
    }: {
      readonly givenRole?: Role;
      /** Looks at the account once it is held; what it throws is thrown on, and nothing is done. */
      readonly look?: AskedChange['look'];
      /** What a second administrator agrees to, beside the act. */
      readonly values?: (
        user: User,
        held: SigninStores,
      ) => ApprovedValues | Promise<ApprovedValues>;
    } = {},
  ): Promise<result> =>
    transact(async (held) => {
      const user = await hold(held, userId, by);
      look?.(user);
      const at = clock.now();
      const asked = { role, values: await values(user, held) };
      return work(held, user, at, await admit(parts, held, by, what, user, at, asked));
    });

  /** Mails what to set up, where and until when. */
  const mailSetUp = async (
    held: SigninStores,
    user: User,
    at: Date,
    announced: {
      readonly link: string;
      readonly from?: Date | undefined;
      readonly requiredAt: Date | undefined;
      readonly isReminder: boolean;
    },
  ): Promise<void> => {
    const { organisation, registration } = await policies.current(held.policies);
    const { link, from, requiredAt, isReminder } = announced;
    const { windowDays } = registration;
    const mails = announcement({
      user,
      organisation: organisation.name,
      fallbackLocale: organisation.defaultLanguage,
      link,
      from,
      until:
        requiredAt === undefined || windowDays === 0
          ? undefined
          : new Date(requiredAt.getTime() + windowDays * 86_400_000),
      isReminder,
    });
    const work = { stores: held, now: at, send: held.outbox.add, tell: () => {} };
    await held.outbox.add(mails.map((message) => told({ random }, work, user, message)));
  };

  /** Everything registered goes, and with it what it opened. */
  const forget = async (held: SigninStores, user: User, at: Date, who: Actor): Promise<number> => {
    const { id: userId } = user;
    const removed = await held.registrations.removeAll(userId);
    await held.users.setDefaultMethod(userId, undefined);
    await held.users.change(userId, {
      mfaRequiredAt: user.perUserMfaState === 'disabled' ? undefined : at,
    });
    await held.throttle.clear(secondStepKey(userId));
    await held.audit.append(reRegistrationRequired({ at, userId, ...who, removed }));
    await revokeEverything(held, {
      userId,
      reason: 're-register',
      ...who,
      appPasswords: false,
      at,
    });
    await inform(parts, held, user, at, 'reRegistrationRequired');
    return removed;
  };

  /** Where a second administrator agrees to roles, an account begins without one. */
  const admitToAddWith = async (
    role: Role,
    held: SigninStores,
    by: By,
    now: Date,
  ): Promise<void> => {
    await admitToGive(parts, held, by, role, now);
    const { administration } = await policies.current(held.policies);
    if (!administration.secondApproval || typeof by === 'string') return;
    throw new TweestapError('NOT_ALLOWED', { details: { act: 'change-role', reason: 'approval' } });
  };

  /** Which one it is, as a second administrator reads it; of one that is gone, what was asked for. */
  const methodMeant = async (
    held: SigninStores,
    userId: string,
    id: string,
  ): Promise<ApprovedValues> => {
    const registration = (await held.registrations.list(userId)).find((one) => one.id === id);
    if (registration === undefined) return { method: id };
    const { organisation } = await policies.current(held.policies);
    return { method: `${titleOf(methods, registration, organisation.defaultLanguage)} (${id})` };
  };

  const passRulesFor = (user: User, policy: Policy): PassRules => {
    const method = issuedMethod(methods);
    if (method === undefined) throw new TweestapError('STEP_NOT_ALLOWED');
    const rules = method.issued.rules(settingsOf(policy, method));
    return { ...rules, isAllowed: standingOf(policy, method, user) === 'allowed' };
  };

  return {
    find: async (name) => {
      const canonical = canonicalUserPrincipalName(name);
      return canonical === null ? undefined : stores.users.findByName(canonical);
    },

    generatePassword: () => generatePassword(random),

    add: async (asked, { country, by, id = random.token(16), called }) => {
      const { organisation, passwords } = await policies.current();
      const { banned } = passwords;
      const judged = judgeNewUser(asked, { country, organisation: organisation.name, banned });
      if (judged.user === undefined) return { kind: 'refused', faults: judged.faults };
      const now = clock.now();
      const user: User = {
        ...judged.user,
        id,
        passwordHash: await hasher.hash(asked.password),
        createdAt: now,
        mfaRequiredAt: judged.user.perUserMfaState === 'disabled' ? undefined : now,
      };
      try {
        await transact(async (held) => {
          const who = await admitToOrganisation(parts, held, by, 'add-people', now);
          if (user.role !== 'user') await admitToAddWith(user.role, held, by, now);
          await held.users.add(user);
          await held.audit.append(userAdded({ at: now, userId: user.id, ...who }));
          if (called?.externalId !== undefined) {
            await held.provisioning.call(called.directory, user.id, called.externalId);
            const fields = ['externalId'];
            await held.audit.append(contactChanged({ at: now, userId: user.id, ...who, fields }));
          }
        });
        return { kind: 'added', user };
      } catch (error) {
        if (error instanceof NameTakenError) return { kind: 'taken' };
        throw error;
      }
    },

    setPassword: async (userId, password, { temporary, by }) => {
      const asked = { password: { plain: password, temporary } };
      const changed = await changeAccount(parts, userId, asked, by);
      if (changed.kind === 'changed') return undefined;
      const fault = changed.kind === 'refused' ? changed.faults[0]?.reason : undefined;
      return passwordFaults.find((one) => one === fault);
    },

    setState: (userId, state, by, announce) =>
      act(
        userId,
        'set-state',
        by,
        async (held, user, at, who) => {
          const from = user.perUserMfaState;
          if (from === state || !(await held.users.moveState(userId, from, state))) return false;
          if (state === 'disabled') await held.users.change(userId, { mfaRequiredAt: undefined });
          if (from === 'disabled') {
            await held.users.change(userId, { mfaRequiredAt: at });
            // What the password alone opened would outlive the requirement (attack ATK-34).
            await revokeEverything(held, {
              userId,
              reason: 'second-step-required',
              ...who,
              appPasswords: false,
              at,
            });
          }
          await held.audit.append(stateChanged({ at, userId, ...who, from, to: state }));
          if (announce === undefined || state !== 'enabled') {
            await inform(parts, held, user, at, stateNotices[state]);
            return true;
          }
          const { link } = announce;
          await mailSetUp(held, user, at, { link, requiredAt: at, isReminder: false });
          await held.audit.append(setUpAnnounced({ at, userId, ...who, reminder: false }));
          return true;
        },
        { values: () => ({ state }) },
      ),

    announce: (userId, { link, from }, by) =>
      transact(async (held) => {
        const user = await held.users.lock(userId);
        if (user === undefined) throw new TweestapError('NOT_FOUND');
        const at = clock.now();
        const who = await admitToOrganisation(parts, held, by, 'announce', at);
        const registrations = await held.registrations.list(userId);
        if (registrations.some((one) => isForSignIn(one, methods))) return false;
        const requiredAt = user.mfaRequiredAt;
        const isReminder = requiredAt !== undefined;
        await mailSetUp(held, user, at, { link, from, requiredAt, isReminder });
        await held.audit.append(setUpAnnounced({ at, userId, ...who, reminder: isReminder }));
        return true;
      }),

    block: (userId, { reason, until, by }) =>
      act(
        userId,
        'block',
        by,
        async (held, user, at, who) => {
          await held.users.setBlock(userId, { at, until, reason });
          await held.audit.append(userBlocked({ at, userId, ...who, reason }));
          await revokeEverything(held, {
            userId,
            reason: 'blocked',
            ...who,
            appPasswords: false,
            at,
          });
          await inform(parts, held, user, at, 'blocked');
        },
        { values: () => ({ until: until?.toISOString() }) },
      ),

    unblock: (userId, reason, by) =>
      act(userId, 'unblock', by, async (held, user, at, who) => {
        if (!isBlocked(user, at)) return false;
        await held.users.setBlock(userId, undefined);
        await held.audit.append(userUnblocked({ at, userId, ...who, reason }));
        await inform(parts, held, user, at, 'unblocked');
        return true;
      }),

    requireReRegistration: (userId, by) =>
      act(userId, 're-register', by, (held, user, at, who) => forget(held, user, at, who)),

    revokeSessions: (userId, by) =>
      act(userId, 'revoke-sessions', by, async (held, user, at, who) => {
        await revokeEverything(held, {
          userId,
          reason: 'revoked-by-admin',
          ...who,
          appPasswords: false,
          at,
        });
        await inform(parts, held, user, at, 'signedOutByAdmin');
      }),

    removeAppPassword: (userId, id, by) =>
      act(
        userId,
        'delete-app-passwords',
        by,
        async (held, user, at, { actor }) => {
          const isRemoved = await appPasswords.remove(held, userId, id, actor);
          if (isRemoved) await inform(parts, held, user, at, 'appPasswordsRemovedByAdmin');
          return isRemoved;
        },
        { values: () => ({ appPassword: id }) },
      ),

    removeAppPasswords: (userId, by) =>
      act(userId, 'delete-app-passwords', by, async (held, user, at, who) => {
        const count = await held.appPasswords.removeAll(userId);
        if (count === 0) return count;
        await held.audit.append(appPasswordsRemoved({ at, userId, ...who, count }));
        await inform(parts, held, user, at, 'appPasswordsRemovedByAdmin');
        return count;
      }),

    removeMethod: (userId, registrationId, by) =>
      act(
        userId,
        'remove-method',
        by,
        async (held, user, at, who) => {
          const registrations = await held.registrations.list(userId);
          const registration = registrations.find(({ id }) => id === registrationId);
          if (registration === undefined) return false;
          const policy = await policies.current(held.policies);
          await held.registrations.remove(registrationId, userId);
          // Trust was given for what was registered then.
          await held.trustedDevices.removeAll(userId);
          await endWhatItOpened(held, methods, registration, { keepSession: undefined, now: at });
          if (user.defaultMethod?.registrationId === registrationId) {
            const left = defaultLeft(methods, { user, registrations, policy }, registration);
            await held.users.setDefaultMethod(
              userId,
              left && { registrationId: left.registration.id, methodId: left.method.id },
            );
          }
          const { kind, slot } = registration;
          await held.audit.append(methodRemovedByAdmin({ at, userId, ...who, kind, slot }));
          const locale = user.preferredLanguage ?? policy.organisation.defaultLanguage;
          const title = titleOf(methods, registration, locale);
          await inform(parts, held, user, at, 'methodRemovedByAdmin', title);
          return true;
        },
        { values: (_user, held) => methodMeant(held, userId, registrationId) },
      ),

    passRules: async (user) => passRulesFor(user, await policies.current()),

    issuePass: async (userId, { length, minutes, once, forgets }, by) => {
      const method = issuedMethod(methods);
      if (method === undefined) throw new TweestapError('STEP_NOT_ALLOWED');
      // Hashed before anybody is held; the time of the pass begins with it.
      const now = clock.now();
      const pass = await method.issued.make({ random, now, length, minutes, once }, hasher);
      return act(
        userId,
        'issue-pass',
        by,
        async (held, user, at, who) => {
          const rules = passRulesFor(user, await policies.current(held.policies));
          const isWithin = minutes >= shortestPassMinutes && minutes <= rules.longestMinutes;
          if (!rules.isAllowed || !isWithin) throw new TweestapError('STEP_NOT_ALLOWED');
          if (forgets) await forget(held, user, at, who);
          for (const earlier of await held.registrations.list(userId)) {
            if (earlier.kind !== method.registers.id) continue;
            await held.registrations.remove(earlier.id, userId);
            await endWhatItOpened(held, methods, earlier, { keepSession: undefined, now: at });
          }
          await held.registrations.add({
            id: random.token(16),
            userId,
            kind: method.registers.id,
            slot: method.registers.slots[0] ?? '',
            secret: pass.secret,
            version: 1,
            createdAt: at,
            lastUsedAt: undefined,
            endsAt: pass.endsAt,
          });
          // Whoever lost everything may have tried too often.
          await held.throttle.clear(secondStepKey(userId));
          await held.audit.append(passIssued({ at, userId, ...who, minutes, once }));
          await inform(parts, held, user, at, 'passIssued');
          return { plain: pass.plain, endsAt: pass.endsAt, once };
        },
        {
          values: () => ({
            passMinutes: String(minutes),
            passLength: String(length),
            once: yesOrNo(once),
            forgets: yesOrNo(forgets),
          }),
        },
      );
    },

    remove: (userId, by, look) =>
      act(
        userId,
        'delete-account',
        by,
        async (held, user, at, who) => {
          for (;;) {
            const theirs = await held.hardwareTokens.search({ assignedTo: userId, limit: 100 });
            if (theirs.length === 0) break;
            for (const token of theirs) await shelve(held, token, userId, { at, ...who });
          }
          await held.registrations.removeAll(userId);
          await held.snoozes.remove(userId);
          await held.provisioning.forget(userId);
          await held.throttle.clear(`${wrongPasswords.name}:${userId}`);
          await held.throttle.clear(secondStepKey(userId));
          await revokeEverything(held, {
            userId,
            reason: 'account-removed',
            ...who,
            appPasswords: true,
            at,
          });
          const { userPrincipalName } = user;
          await held.audit.append(userRemoved({ at, userId, ...who, userPrincipalName }));
          await inform(parts, held, user, at, 'accountRemoved');
          await held.users.remove(userId);
        },
        { look },
      ),

    change: (userId, asked, by) => changeAccount(parts, userId, asked, by),

    switchAccount: async (userId, enabled, by) => {
      const changed = await changeAccount(parts, userId, { enabled }, by);
      return changed.kind === 'changed' && changed.fields.length > 0;
    },

    changeContact: async (userId, contact, by) => {
      const changed = await changeAccount(parts, userId, { contact }, by);
      return changed.kind === 'changed' ? changed.fields : [];
    },

    rename: (userId, names, by) => changeAccount(parts, userId, { names }, by),

    changeRole: (userId, role, by) =>
      act(
        userId,
        'change-role',
        by,
        async (held, user, at, who) => {
          if (user.role === role) return false;
          await admitToGive(parts, held, by, role, at);
          await held.users.change(userId, { role });
          await held.audit.append(roleChanged({ at, userId, ...who, from: user.role, to: role }));
          await revokeEverything(held, {
            userId,
            reason: 'role-changed',
            ...who,
            appPasswords: false,
            at,
          });
          await inform(parts, held, user, at, 'roleChangedByAdmin');
          return true;
        },
        { givenRole: role },
      ),

    changeGroups: (userId, change, by) =>
      act(
        userId,
        'change-groups',
        by,
        async (held, user, at, who) => {
          const { groups, joined, left } = groupsMoved(user, change);
          if (joined.length + left.length === 0) return false;
          await requireOwnGroups(held, user, left);
          await held.users.change(userId, { groups });
          await held.audit.append(groupsChanged({ at, userId, ...who, joined, left }));
          await inform(parts, held, user, at, 'groupsChangedByAdmin');
          return true;
        },
        {
          values: (user) => {
            const { joined, left } = groupsMoved(user, change);
            return { joins: joined.join(', '), leaves: left.join(', ') };
          },
        },
      ),
  };
}

/** The groups after a change, and which of them are new or gone. */
function groupsMoved(
  user: Pick<User, 'groups'>,
  change: GroupChange,
): Readonly<Record<'groups' | 'joined' | 'left', readonly string[]>> {
  const groups = groupsAfter(user.groups, change);
  return {
    groups,
    joined: groups.filter((name) => !user.groups.includes(name)),
    left: user.groups.filter((name) => !groups.includes(name)),
  };
}

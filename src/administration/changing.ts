/**
 * Owns making an account what was asked for, several things of it at once: its names, its password, how it is
 * reached, whether it is switched on. All of it is one transaction, in which each act is admitted by itself:
 * where one of them may not be, or waits for a second administrator, nothing has happened.
 */
import type { AdminAct } from '../accounts/administering.ts';
import { yesOrNo, type ApprovedValues } from '../accounts/approval.ts';
import { contactChanges, type Contact } from '../accounts/contact.ts';
import {
  isMailAddress,
  userNameFault,
  type NewUser,
  type NewUserFault,
} from '../accounts/new-user.ts';
import { passwordFault } from '../accounts/password-rules.ts';
import { NameTakenError } from '../accounts/user-store.ts';
import type { User } from '../accounts/user.ts';
import { accountSwitched, contactChanged, passwordSetByAdmin } from '../audit/audit.ts';
import { TweestapError } from '../errors/errors.ts';
import type { Clock } from '../lib/clock.ts';
import type { PasswordHasher } from '../lib/password-hash.ts';
import type { Random } from '../lib/random.ts';
import type { Transact } from '../lib/transact.ts';
import type { Methods } from '../methods/method.ts';
import type { Policies } from '../policies/policies.ts';
import { revokeEverything } from '../signin/revoke-everything.ts';
import { secondStepKey } from '../signin/situation.ts';
import type { SigninStores } from '../signin/stores.ts';
import { wrongPasswords } from '../throttle/rules.ts';
import { admitToAll, hold, type Actor, type By } from './acting-admin.ts';
import { requireOwn } from './directory/owned.ts';
import { informBeforeAndAfter } from './informing.ts';

/** Under which name somebody signs in, and which mailbox is theirs; what is absent stays. */
export type Names = Partial<Pick<NewUser, 'userPrincipalName' | 'mail'>>;

/** What an account is to be; what is absent stays as it is. */
export interface AskedChange {
  readonly names?: Names | undefined;
  /** `temporary`: they must choose their own at the next sign-in. */
  readonly password?: { readonly plain: string; readonly temporary: boolean } | undefined;
  /** As `judgeContact` gave it. */
  readonly contact?: Partial<Contact> | undefined;
  readonly enabled?: boolean | undefined;
  /** Looks at the account once it is held, before anything is done; what it throws is thrown on. */
  readonly look?: ((user: User) => void) | undefined;
  /** What a directory calls it from now on; undefined within: nothing any more. */
  readonly called?: { readonly directory: string; readonly externalId: string | undefined };
}

export type ChangedField =
  | keyof Contact
  | keyof Names
  | 'password'
  | 'accountEnabled'
  | 'externalId';

export type Changed =
  /** `user` as it is now; `fields` are the names of what is different. */
  | { readonly kind: 'changed'; readonly user: User; readonly fields: readonly ChangedField[] }
  | { readonly kind: 'taken' }
  | { readonly kind: 'refused'; readonly faults: readonly NewUserFault[] };

export interface ChangingParts {
  readonly stores: Pick<SigninStores, 'users'>;
  readonly transact: Transact<SigninStores>;
  readonly policies: Policies;
  readonly methods: Methods;
  readonly hasher: PasswordHasher;
  readonly clock: Clock;
  readonly random: Random;
}

/** One act of a change. */
interface Step {
  readonly act: AdminAct;
  /** What it makes different; nothing: it is not done, and nobody has to agree to it. */
  readonly fields: readonly ChangedField[];
  /** What a second administrator agrees to; undefined where none is asked. */
  readonly values: ApprovedValues | undefined;
  /** Does it; resolves to the account as it is then. */
  readonly run: (doing: Doing) => Promise<User>;
}

interface Doing {
  readonly held: SigninStores;
  /** As it was before the first act. */
  readonly before: User;
  readonly user: User;
  readonly at: Date;
  readonly who: Actor;
}

/**
 * Does all of it, or nothing; says what is wrong with what was asked for. Throws as every act does
 * (`administration.ts`): `NOT_ALLOWED` for want of agreement tells everything that waits for it.
 */
export async function changeAccount(
  parts: ChangingParts,
  userId: string,
  asked: AskedChange,
  by: By,
): Promise<Changed> {
  const { stores, transact, policies, hasher, clock } = parts;
  const { called, contact, enabled, password } = asked;
  const names = namesMeant(asked.names);
  const owner = await stores.users.find(userId);
  if (owner === undefined) throw new TweestapError('NOT_FOUND');
  const faults = nameFaults(names);
  if (password !== undefined) {
    requireKeptHere(owner);
    const { organisation, passwords } = await policies.current();
    const reason = passwordFault(password.plain, {
      ...owner,
      ...names,
      organisation: organisation.name,
      banned: passwords.banned,
    });
    if (reason !== undefined) faults.push({ field: 'password', reason });
  }
  if (faults.length > 0) return { kind: 'refused', faults };
  const hashed = password && {
    passwordHash: await hasher.hash(password.plain),
    mustChangePassword: password.temporary,
  };
  try {
    return await transact(async (held) => {
      const before = await hold(held, userId, by);
      let user = before;
      asked.look?.(user);
      const at = clock.now();
      const steps = [
        names && renaming(parts, user, names),
        hashed && settingPassword(parts, hashed),
        contact && changingContact(parts, user, contact),
        called && (await calling(held, user, called)),
        enabled === undefined ? undefined : switching(parts, user, enabled),
      ].filter((step) => step !== undefined);
      if (steps.length === 0) return { kind: 'changed', user, fields: [] };
      const wanted = steps.map(({ act, fields, values }) => ({
        act,
        values: fields.length === 0 ? undefined : values,
      }));
      requireOwn(
        user,
        steps.flatMap(({ fields }) => fields),
      );
      const who = await admitToAll(parts, held, by, wanted, user, at);
      const done = steps.filter(({ fields }) => fields.length > 0);
      for (const { run } of done) user = await run({ held, before, user, at, who });
      return { kind: 'changed', user, fields: done.flatMap(({ fields }) => fields) };
    });
  } catch (error) {
    if (error instanceof NameTakenError) return { kind: 'taken' };
    throw error;
  }
}

/** Nobody here sets a password that the organisation's directory keeps. */
function requireKeptHere({ upstream }: Pick<User, 'upstream'>): void {
  if (upstream !== undefined) throw new TweestapError('PASSWORD_KEPT_ELSEWHERE');
}

function namesMeant(names: Names | undefined): Names | undefined {
  const { userPrincipalName: name, mail } = names ?? {};
  if (name === undefined && mail === undefined) return undefined;
  return {
    ...(name === undefined ? {} : { userPrincipalName: name.trim() }),
    ...(mail === undefined ? {} : { mail }),
  };
}

function nameFaults({ userPrincipalName, mail }: Names = {}): NewUserFault[] {
  const faults: NewUserFault[] = [];
  const reason = userPrincipalName === undefined ? undefined : userNameFault(userPrincipalName);
  if (reason !== undefined) faults.push({ field: 'userPrincipalName', reason });
  if (mail !== undefined && !isMailAddress(mail)) {
    faults.push({ field: 'mail', reason: 'not-an-address' });
  }
  return faults;
}

function renaming(parts: ChangingParts, is: User, names: Names): Step {
  const fields = (['userPrincipalName', 'mail'] as const).filter(
    (field) => field in names && names[field] !== is[field],
  );
  return {
    act: 'rename',
    fields,
    values: Object.fromEntries(fields.map((field) => [field, names[field]])),
    run: async ({ held, before, user, at, who }) => {
      const renamed = { ...user, ...names };
      await held.users.change(user.id, names);
      const event = { at, userId: user.id, ...who, fields, before: user, after: renamed };
      await held.audit.append(contactChanged(event));
      await informBeforeAndAfter(parts, held, before, renamed, at, 'contactChangedByAdmin');
      return renamed;
    },
  };
}

function settingPassword(
  parts: ChangingParts,
  next: { readonly passwordHash: string; readonly mustChangePassword: boolean },
): Step {
  const { mustChangePassword: temporary } = next;
  return {
    act: 'set-password',
    fields: ['password'],
    values: { temporary: yesOrNo(temporary) },
    run: async ({ held, before, user, at, who }) => {
      requireKeptHere(user);
      const userId = user.id;
      await held.users.change(userId, next);
      // Whoever guessed at the old one, or knew it and guessed at second steps, begins at nought.
      await held.throttle.clear(`${wrongPasswords.name}:${userId}`);
      await held.throttle.clear(secondStepKey(userId));
      await held.audit.append(passwordSetByAdmin({ at, userId, ...who, temporary }));
      await revokeEverything(held, {
        userId,
        reason: 'password-set-by-admin',
        ...who,
        appPasswords: false,
        at,
      });
      await informBeforeAndAfter(parts, held, before, user, at, 'passwordSetByAdmin');
      return { ...user, ...next };
    },
  };
}

function changingContact(parts: ChangingParts, is: User, contact: Partial<Contact>): Step {
  const fields = contactChanges(is, contact);
  const isOtherMail = fields.includes('otherMail');
  return {
    // Whoever may do the one may do the other; who agrees to it, agrees to all of the values.
    act: isOtherMail ? 'change-other-mail' : 'change-contact',
    fields,
    values: Object.fromEntries(fields.map((field) => [field, contact[field] ?? ''])),
    run: async ({ held, before, user, at, who }) => {
      const reached = { ...user, ...contact };
      await held.users.change(user.id, contact);
      const event = { at, userId: user.id, ...who, fields, before: user, after: reached };
      await held.audit.append(contactChanged(event));
      await informBeforeAndAfter(parts, held, before, reached, at, 'contactChangedByAdmin');
      return reached;
    },
  };
}

/** The name that a directory has for somebody decides nothing about them: nobody has to agree to it. */
async function calling(
  held: SigninStores,
  { id }: User,
  { directory, externalId }: NonNullable<AskedChange['called']>,
): Promise<Step> {
  const is = await held.provisioning.externalIds(directory, [id]);
  return {
    act: 'change-contact',
    fields: is.get(id) === externalId ? [] : ['externalId'],
    values: undefined,
    run: async ({ user, at, who }) => {
      await held.provisioning.call(directory, id, externalId);
      const fields = ['externalId'];
      await held.audit.append(contactChanged({ at, userId: id, ...who, fields }));
      return user;
    },
  };
}

function switching(parts: ChangingParts, is: User, enabled: boolean): Step {
  return {
    act: 'switch-account',
    fields: is.accountEnabled === enabled ? [] : ['accountEnabled'],
    values: { enabled: yesOrNo(enabled) },
    run: async ({ held, before, user, at, who }) => {
      const userId = user.id;
      await held.users.change(userId, { accountEnabled: enabled });
      await held.audit.append(accountSwitched({ at, userId, ...who, enabled }));
      if (!enabled) {
        await revokeEverything(held, {
          userId,
          reason: 'account-disabled',
          ...who,
          appPasswords: false,
          at,
        });
      }
      const told = enabled ? 'accountSwitchedOn' : 'accountSwitchedOff';
      await informBeforeAndAfter(parts, held, before, user, at, told);
      return { ...user, accountEnabled: enabled };
    },
  };
}

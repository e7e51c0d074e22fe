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
import { passwordFault, passwordFaults, type PasswordFault } from '../accounts/password-rules.ts';
import { NameTakenError } from '../accounts/user-store.ts';
import type { User } from '../accounts/user.ts';
import { accountSwitched, contactChanged, passwordSetByAdmin } from '../audit/audit.ts';
import { TweestapError } from '../errors/errors.ts';
import type { PasswordHasher } from '../lib/password-hash.ts';
import { secondStepKey } from '../signin/situation.ts';
import type { SigninStores } from '../signin/stores.ts';
import { wrongPasswords } from '../throttle/rules.ts';
import { signOutEverywhere, type ActParts, type AskedAct, type Doing } from './account-act.ts';
import { admitToAll, hold, type By } from './acting-admin.ts';
import { requireOwn } from './directory/owned.ts';
import { informBeforeAndAfter, type InformingParts } from './informing.ts';

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
  readonly look?: AskedAct['look'];
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

/** All of it may throw `NOT_FOUND`, and what every act throws (`administration.ts`). */
export interface Changing {
  /**
   * Makes an account what was asked for, several things of it at once: all of them, or nothing. Says what is
   * wrong with them; where some wait for a second administrator, the error tells which (`requireApproval`).
   */
  change(userId: string, asked: AskedChange, by: By): Promise<Changed>;
  /**
   * Gives another user name, another mailbox, or both; who they are to applications stays. Says what is
   * wrong with them, and then changes nothing.
   */
  rename(userId: string, names: Names, by: By): Promise<Changed>;
  /**
   * Sets the password and signs the person out everywhere; `temporary`: they must choose their own
   * at the next sign-in. Undefined when it is done, else what is wrong with the password.
   */
  setPassword(
    userId: string,
    password: string,
    options: { readonly temporary: boolean; readonly by: By },
  ): Promise<PasswordFault | undefined>;
  /** Writes what the directory knows; resolves to the names of what is different now. */
  changeContact(
    userId: string,
    contact: Partial<Contact>,
    by: By,
  ): Promise<readonly ChangedField[]>;
  /** Lets the account sign in, or not any more, which ends everything; false when it was so already. */
  switchAccount(userId: string, enabled: boolean, by: By): Promise<boolean>;
}

export interface ChangingParts extends ActParts {
  /** Read outside transactions. */
  readonly stores: Pick<SigninStores, 'users'>;
  readonly hasher: PasswordHasher;
}

/** Makes the service. */
export function createChanging(parts: ChangingParts): Changing {
  return {
    change: (userId, asked, by) => changeAccount(parts, userId, asked, by),

    rename: (userId, names, by) => changeAccount(parts, userId, { names }, by),

    setPassword: async (userId, plain, { temporary, by }) => {
      const changed = await changeAccount(parts, userId, { password: { plain, temporary } }, by);
      if (changed.kind === 'changed') return undefined;
      const fault = changed.kind === 'refused' ? changed.faults[0]?.reason : undefined;
      return passwordFaults.find((one) => one === fault);
    },

    changeContact: async (userId, contact, by) => {
      const changed = await changeAccount(parts, userId, { contact }, by);
      return changed.kind === 'changed' ? changed.fields : [];
    },

    switchAccount: async (userId, enabled, by) => {
      const changed = await changeAccount(parts, userId, { enabled }, by);
      return changed.kind === 'changed' && changed.fields.length > 0;
    },
  };
}

/** One act of a change. */
interface Step {
  readonly act: AdminAct;
  /** What it makes different; nothing: it is not done, and nobody has to agree to it. */
  readonly fields: readonly ChangedField[];
  /** What a second administrator agrees to; undefined where none is asked. */
  readonly values: ApprovedValues | undefined;
  /** Does it to the account as the act before left it; resolves to it as it is then. */
  readonly run: (doing: Doing) => Promise<User>;
}

/** Does all of it, or nothing. `NOT_ALLOWED` for want of agreement tells everything that waits for it. */
async function changeAccount(
  parts: ChangingParts,
  userId: string,
  asked: AskedChange,
  by: By,
): Promise<Changed> {
  const { stores, transact, hasher, clock } = parts;
  const { called, contact, enabled, password } = asked;
  const names = namesMeant(asked.names);
  const owner = await stores.users.find(userId);
  if (owner === undefined) throw new TweestapError('NOT_FOUND');
  const faults = [
    ...nameFaults(names),
    ...(await passwordFaultsOf(parts, { ...owner, ...names }, password?.plain)),
  ];
  if (faults.length > 0) return { kind: 'refused', faults };
  const hashed = password && {
    passwordHash: await hasher.hash(password.plain),
    mustChangePassword: password.temporary,
  };
  try {
    return await transact(async (held) => {
      const before = await hold(held, userId, by);
      asked.look?.(before);
      const at = clock.now();
      const steps = [
        names && renaming(parts, before, names),
        hashed && settingPassword(parts, before, hashed),
        contact && changingContact(parts, before, contact),
        called && (await calling(held, before, called)),
        enabled === undefined ? undefined : switching(parts, before, enabled),
      ].filter((step) => step !== undefined);
      if (steps.length === 0) return { kind: 'changed', user: before, fields: [] };
      const wanted = steps.map(({ act, fields, values }) => ({
        act,
        values: fields.length === 0 ? undefined : values,
      }));
      requireOwn(
        before,
        steps.flatMap(({ fields }) => fields),
      );
      const who = await admitToAll(parts, held, by, wanted, before, at);
      const done = steps.filter(({ fields }) => fields.length > 0);
      let user = before;
      for (const { run } of done) user = await run({ held, user, at, who });
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

/** What is wrong with a new password of whoever has these names; nothing where there is none. */
async function passwordFaultsOf(
  { policies }: Pick<ActParts, 'policies'>,
  owner: User,
  plain: string | undefined,
): Promise<readonly NewUserFault[]> {
  if (plain === undefined) return [];
  requireKeptHere(owner);
  const { organisation, passwords } = await policies.current();
  const { banned } = passwords;
  const reason = passwordFault(plain, { ...owner, organisation: organisation.name, banned });
  return reason === undefined ? [] : [{ field: 'password', reason }];
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

function renaming(parts: InformingParts, before: User, names: Names): Step {
  const fields = (['userPrincipalName', 'mail'] as const).filter(
    (field) => field in names && names[field] !== before[field],
  );
  return {
    act: 'rename',
    fields,
    values: Object.fromEntries(fields.map((field) => [field, names[field]])),
    run: async ({ held, user, at, who }) => {
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
  parts: InformingParts,
  before: User,
  next: { readonly passwordHash: string; readonly mustChangePassword: boolean },
): Step {
  const { mustChangePassword: temporary } = next;
  return {
    act: 'set-password',
    fields: ['password'],
    values: { temporary: yesOrNo(temporary) },
    run: async (doing) => {
      const { held, user, at, who } = doing;
      const userId = user.id;
      requireKeptHere(user);
      await held.users.change(userId, next);
      // Whoever guessed at the old one, or knew it and guessed at second steps, begins at nought.
      await held.throttle.clear(`${wrongPasswords.name}:${userId}`);
      await held.throttle.clear(secondStepKey(userId));
      await held.audit.append(passwordSetByAdmin({ at, userId, ...who, temporary }));
      await signOutEverywhere(doing, 'password-set-by-admin');
      await informBeforeAndAfter(parts, held, before, user, at, 'passwordSetByAdmin');
      return { ...user, ...next };
    },
  };
}

function changingContact(parts: InformingParts, before: User, contact: Partial<Contact>): Step {
  const fields = contactChanges(before, contact);
  const isOtherMail = fields.includes('otherMail');
  return {
    // Whoever may do the one may do the other; who agrees to it, agrees to all of the values.
    act: isOtherMail ? 'change-other-mail' : 'change-contact',
    fields,
    values: Object.fromEntries(fields.map((field) => [field, contact[field] ?? ''])),
    run: async ({ held, user, at, who }) => {
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

function switching(parts: InformingParts, before: User, enabled: boolean): Step {
  return {
    act: 'switch-account',
    fields: before.accountEnabled === enabled ? [] : ['accountEnabled'],
    values: { enabled: yesOrNo(enabled) },
    run: async (doing) => {
      const { held, user, at, who } = doing;
      const userId = user.id;
      await held.users.change(userId, { accountEnabled: enabled });
      await held.audit.append(accountSwitched({ at, userId, ...who, enabled }));
      if (!enabled) await signOutEverywhere(doing, 'account-disabled');
      const told = enabled ? 'accountSwitchedOn' : 'accountSwitchedOff';
      await informBeforeAndAfter(parts, held, before, user, at, told);
      return { ...user, accountEnabled: enabled };
    },
  };
}

/**
 * Owns what a directory's word about somebody comes to here: a pure function from the account as it is and
 * the entry as it was read to the changes that make the one what the other says. It knows no database and
 * no directory. A role is no field of any of it: nobody becomes an administrator by what a directory says.
 */
import { isDisplayName, isMailAddress, userNameFault } from '../../accounts/new-user.ts';
import { isGroupName, mostGroups } from '../../accounts/group.ts';
import type { Account } from '../../accounts/user.ts';
import { canonicalUserPrincipalName } from '../../lib/names.ts';
import { parse as parseNumber } from '../../lib/phone-number.ts';

/** What a directory says of somebody, in its own words. */
export interface ToldPerson {
  /** Never changes, whatever they are called: objectGUID or entryUUID. */
  readonly id: string;
  /** Where they stand there (RFC 4514). */
  readonly dn: string;
  readonly userPrincipalName: string | undefined;
  readonly displayName: string | undefined;
  readonly mail: string | undefined;
  /** As people write them; the office number may end in an extension. */
  readonly mobilePhone: string | undefined;
  readonly businessPhone: string | undefined;
  /** Neither disabled nor locked there. */
  readonly enabled: boolean;
}

/** The fields of an account that its directory owns, and nobody changes here. */
export const directoryFields = [
  'userPrincipalName',
  'displayName',
  'mail',
  'mobilePhone',
  'businessPhone',
  'businessPhoneExtension',
] as const satisfies readonly (keyof Account)[];
export type DirectoryField = (typeof directoryFields)[number];
export type DirectoryFields = Pick<Account, DirectoryField>;

/** What is wrong with somebody's entry, who is let in nevertheless. */
export type DirectoryIssue =
  | 'displayName'
  | 'mail'
  | 'mobilePhone'
  | 'businessPhone'
  | 'too-many-groups';

/**
 * Why an entry is nobody's account: it has no user name, or none that somebody can sign in with; or the name
 * is that of another account, which is the directory's as well (`taken`), was made here (`local`), or has a
 * role (`role`), which only a person links.
 */
export type DirectoryConflict =
  | 'no-name'
  | 'not-a-name'
  | 'mixed-scripts'
  | 'taken'
  | 'local'
  | 'role';

/** Somebody as an account would have them. */
export interface ReadPerson {
  readonly id: string;
  readonly dn: string;
  /** As the directory writes it; '' where it has none. */
  readonly name: string;
  readonly fields: DirectoryFields;
  readonly enabled: boolean;
  readonly groups: readonly string[];
  readonly issues: readonly DirectoryIssue[];
  /** Why nobody can sign in under this name. */
  readonly nameFault: 'no-name' | 'not-a-name' | 'mixed-scripts' | undefined;
}

/**
 * Reads an entry. What cannot be used is left out and told; numbers without `+` are read in `country`. Where
 * somebody belongs to more groups than an account may, those that `comesFirst` names are kept.
 */
export function readPerson(
  told: ToldPerson,
  groups: readonly string[],
  {
    country,
    comesFirst = () => false,
  }: { readonly country: string; readonly comesFirst?: (group: string) => boolean },
): ReadPerson {
  const issues: DirectoryIssue[] = [];
  const clean = (text: string | undefined): string | undefined => {
    const trimmed = text?.trim() ?? '';
    return trimmed === '' ? undefined : trimmed;
  };
  const number = (field: 'mobilePhone' | 'businessPhone') => {
    const typed = clean(told[field]);
    if (typed === undefined) return undefined;
    const parsed = parseNumber(country, typed);
    if (typeof parsed !== 'string') return parsed;
    issues.push(field);
    return undefined;
  };
  const name = clean(told.userPrincipalName) ?? '';
  const called = clean(told.displayName);
  const isCalled = called !== undefined && isDisplayName(called);
  if (called !== undefined && !isCalled) issues.push('displayName');
  const mail = clean(told.mail);
  const hasMail = mail !== undefined && isMailAddress(mail);
  if (mail !== undefined && !hasMail) issues.push('mail');
  const office = number('businessPhone');
  // Typed on a mobile number an extension means nothing (`product.md`, "Where the seeds disagree").
  const mobile = number('mobilePhone');
  const known = [...new Set(groups.filter(isGroupName))];
  if (known.length > mostGroups) issues.push('too-many-groups');
  const inOrder = known.toSorted(
    (one, other) => Number(comesFirst(other)) - Number(comesFirst(one)) || compare(one, other),
  );
  return {
    id: told.id,
    dn: told.dn,
    name,
    fields: {
      userPrincipalName: name,
      displayName: isCalled ? called : (name.split('@', 1)[0] ?? ''),
      mail: hasMail ? mail : undefined,
      mobilePhone: mobile?.e164,
      businessPhone: office?.e164,
      businessPhoneExtension: office?.extension,
    },
    enabled: told.enabled,
    groups: inOrder.slice(0, mostGroups),
    issues,
    nameFault: name === '' ? 'no-name' : userNameFault(name),
  };
}

/** Whoever signs in under a name. */
export type Holder = Pick<Account, 'id' | 'role'> & {
  /** Whether a directory owns the account. */
  readonly isOwned: boolean;
  /** Whether the account may sign in. */
  readonly isOn: boolean;
};

/** What is here of somebody, before anything is done. */
export interface Standing {
  /** The account of this entry; undefined where it has none. */
  readonly account: Account | undefined;
  /** The groups that the directory let them into. */
  readonly brought: readonly string[];
  /** Who has their user name; undefined where nobody has. */
  readonly holder: Holder | undefined;
}

export type DirectoryChange =
  | { readonly kind: 'add' }
  /** An account that was made here is the directory's from now on. */
  | { readonly kind: 'link'; readonly userId: string }
  /** Stands elsewhere in the directory; nobody but the check of a password notices. */
  | { readonly kind: 'move' }
  | { readonly kind: 'rename'; readonly from: string; readonly to: string }
  | { readonly kind: 'change'; readonly fields: readonly DirectoryField[] }
  | {
      readonly kind: 'groups';
      readonly join: readonly string[];
      readonly leave: readonly string[];
    }
  | { readonly kind: 'enable' }
  | { readonly kind: 'disable'; readonly why: 'disabled' | 'gone' }
  | { readonly kind: 'conflict'; readonly reason: DirectoryConflict };

/**
 * What makes an account what its directory says; nothing where it is so already. Whoever is disabled there
 * and was never here stays away. `links`: whether an account that was made here, without a role, is the
 * directory's once it has the same user name.
 */
export function changesFor(
  { account, brought, holder }: Standing,
  person: ReadPerson,
  { links }: { readonly links: boolean },
): readonly DirectoryChange[] {
  const conflict = (reason: DirectoryConflict): DirectoryChange => ({ kind: 'conflict', reason });
  if (account === undefined) {
    if (!person.enabled) return [];
    if (person.nameFault !== undefined) return [conflict(person.nameFault)];
    if (holder === undefined) return [{ kind: 'add' }];
    if (holder.isOwned) return [conflict('taken')];
    if (holder.role !== 'user') return [conflict('role')];
    // Whom somebody here switched off is not let in by that.
    const isLinked = links && holder.isOn;
    return [isLinked ? { kind: 'link', userId: holder.id } : conflict('local')];
  }
  const changes: DirectoryChange[] = [];
  if (account.upstream?.dn !== person.dn) changes.push({ kind: 'move' });
  const { userPrincipalName: from } = account;
  const to = person.fields.userPrincipalName;
  const isRenamed = person.nameFault !== undefined || !isSameName(from, to);
  if (person.nameFault !== undefined) changes.push(conflict(person.nameFault));
  else if (isRenamed && holder !== undefined && holder.id !== account.id) {
    changes.push(conflict(holder.isOwned ? 'taken' : holder.role === 'user' ? 'local' : 'role'));
  } else if (from !== to) changes.push({ kind: 'rename', from, to });
  const fields = directoryFields.filter(
    (field) => field !== 'userPrincipalName' && person.fields[field] !== account[field],
  );
  if (fields.length > 0) changes.push({ kind: 'change', fields });
  const groups = groupsMoved(account.groups, brought, person.groups);
  if (groups.join.length + groups.leave.length > 0) changes.push({ kind: 'groups', ...groups });
  // Whether they may sign in is the directory's to say alone; whoever is to be kept out here is blocked.
  if (person.enabled && !account.accountEnabled) changes.push({ kind: 'enable' });
  if (!person.enabled && account.accountEnabled) {
    changes.push({ kind: 'disable', why: 'disabled' });
  }
  return changes;
}

/** Whether somebody wants a name that another account of the directory has, which may let it go. */
export function waits(changes: readonly DirectoryChange[]): boolean {
  return changes.some((change) => change.kind === 'conflict' && change.reason === 'taken');
}

/** What comes of somebody whom a whole reading of the directory did not name: never more than this. */
export function changesForGone(
  account: Pick<Account, 'accountEnabled'>,
): readonly DirectoryChange[] {
  return account.accountEnabled ? [{ kind: 'disable', why: 'gone' }] : [];
}

/**
 * Which groups somebody joins and leaves. Those that others let them into are not the directory's to take,
 * and no more are joined than an account may have.
 */
function groupsMoved(
  groups: readonly string[],
  brought: readonly string[],
  told: readonly string[],
): { readonly join: readonly string[]; readonly leave: readonly string[] } {
  const leave = brought.filter((name) => !told.includes(name) && groups.includes(name));
  const room = mostGroups - groups.length + leave.length;
  const join = told.filter((name) => !groups.includes(name)).slice(0, Math.max(0, room));
  return { join, leave };
}

/** How many accounts may be switched off at once without somebody saying so. */
export interface SafetyCatch {
  /** 0 to 1, of those whom the directory owns and lets in. */
  readonly share: number;
  /** So many may be, however few there are. */
  readonly atLeast: number;
}

/** Whether so many at once are more likely a wrong filter than people who left. */
export function isTooMany(disabling: number, of: number, { share, atLeast }: SafetyCatch): boolean {
  return disabling > atLeast && disabling > of * share;
}

/** Whether both mean the same account. */
export function isSameName(one: string, other: string): boolean {
  return canonicalUserPrincipalName(one) === canonicalUserPrincipalName(other);
}

/** By code points, so that it is the same on every machine. */
function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

/** Owns an account as a row of SQL: its columns, what binds them to one another, and reading it. */
import { searchName } from '../../accounts/search-name.ts';
import type { UserChange } from '../../accounts/user-store.ts';
import type { Account, User } from '../../accounts/user.ts';
import { canonicalUserPrincipalName } from '../../lib/names.ts';
import { boundRows, type BoundRows } from './bound-rows.ts';
import { fromPlainJson, toJson } from './json.ts';
import type { Row } from './schema.ts';
import type { SealedColumn, Seals } from './sealed.ts';
import { fromBoolean, fromDate, orNull, orUndefined, toDate } from './values.ts';

/** All that a binding covers. */
export type UnboundRow = Omit<Row<'user'>, 'binding' | 'search_name'>;

// In the order of migration 0002, which made the first bindings.
const boundColumns = [
  'id',
  'canonical_name',
  'user_principal_name',
  'display_name',
  'mail',
  'other_mail',
  'mobile_phone',
  'business_phone',
  'business_phone_extension',
  'preferred_language',
  'role',
  'groups',
  'account_enabled',
  'blocked_at',
  'blocked_until',
  'blocked_reason',
  'password_hash',
  'must_change_password',
  'per_user_mfa_state',
  'mfa_required_at',
  'default_registration_id',
  'default_method_id',
  'created_at',
] as const satisfies readonly (keyof UnboundRow)[];
// Of migration 0027.
const addedColumns = [
  'upstream_id',
  'upstream_dn',
] as const satisfies readonly (keyof UnboundRow)[];

/** What can be changed of it. */
export type Columns = Omit<UnboundRow, 'id' | 'created_at'> & Pick<Row<'user'>, 'search_name'>;
type ChangedColumns = { [column in keyof Columns]?: Columns[column] };

/**
 * Only what a change names: an absent field keeps its column, undefined clears it. A whole user
 * names every field, and so fills every column.
 */
export function columnsFrom(id: string, user: User, passwordHash: SealedColumn<string>): Columns;
export function columnsFrom(
  id: string,
  user: UserChange,
  passwordHash: SealedColumn<string>,
): ChangedColumns;
export function columnsFrom(
  id: string,
  user: UserChange,
  passwordHash: SealedColumn<string>,
): ChangedColumns {
  const columns: ChangedColumns = {};
  if (user.userPrincipalName !== undefined) {
    columns.user_principal_name = user.userPrincipalName;
    columns.canonical_name = canonical(user.userPrincipalName);
  }
  if (user.displayName !== undefined) {
    columns.display_name = user.displayName;
    columns.search_name = searchName(user.displayName);
  }
  if ('mail' in user) columns.mail = orNull(user.mail);
  if ('otherMail' in user) columns.other_mail = orNull(user.otherMail);
  if ('mobilePhone' in user) columns.mobile_phone = orNull(user.mobilePhone);
  if ('businessPhone' in user) columns.business_phone = orNull(user.businessPhone);
  if ('businessPhoneExtension' in user) {
    columns.business_phone_extension = orNull(user.businessPhoneExtension);
  }
  if ('preferredLanguage' in user) columns.preferred_language = orNull(user.preferredLanguage);
  if (user.role !== undefined) columns.role = user.role;
  if (user.groups !== undefined) columns.groups = toJson(user.groups);
  if (user.accountEnabled !== undefined) columns.account_enabled = fromBoolean(user.accountEnabled);
  if ('blocked' in user) {
    columns.blocked_at = fromDate(user.blocked?.at);
    columns.blocked_until = fromDate(user.blocked?.until);
    columns.blocked_reason = orNull(user.blocked?.reason);
  }
  if ('passwordHash' in user) {
    columns.password_hash =
      user.passwordHash === undefined ? null : passwordHash.seal(user.passwordHash, id);
  }
  if (user.mustChangePassword !== undefined) {
    columns.must_change_password = fromBoolean(user.mustChangePassword);
  }
  if (user.perUserMfaState !== undefined) columns.per_user_mfa_state = user.perUserMfaState;
  if ('mfaRequiredAt' in user) columns.mfa_required_at = fromDate(user.mfaRequiredAt);
  if ('defaultMethod' in user) {
    columns.default_registration_id = orNull(user.defaultMethod?.registrationId);
    columns.default_method_id = orNull(user.defaultMethod?.methodId);
  }
  if ('upstream' in user) {
    columns.upstream_id = orNull(user.upstream?.id);
    columns.upstream_dn = orNull(user.upstream?.dn);
  }
  return columns;
}

/** Makes a user of a row; throws `RECORD_DAMAGED`, and reports it, where somebody else changed it. */
export function userReader(seals: Seals): (row: Row<'user'>) => User {
  const rows = boundUsers(seals);
  const sealedHash = seals.sealed<string>('user', 'password_hash');
  return (row) => {
    rows.require(row);
    const { id, password_hash: hash } = row;
    // A hash that was put here by others is none: no password is right for it.
    const passwordHash = hash === null ? undefined : sealedHash.openOr(hash, id);
    return { ...accountFrom(row), passwordHash };
  };
}

/** The same of what is told of it, without the password. */
export function accountReader(seals: Seals): (row: Row<'user'>) => Account {
  const rows = boundUsers(seals);
  return (row) => {
    rows.require(row);
    return accountFrom(row);
  };
}

/** Binds accounts, password hash included. */
export function boundUsers(seals: Seals): BoundRows<UnboundRow> {
  return boundRows<UnboundRow>(seals, 'user', boundColumns, addedColumns);
}

function accountFrom(row: Row<'user'>): Account {
  const at = toDate(row.blocked_at);
  const { default_registration_id: registrationId, default_method_id: methodId } = row;
  const { upstream_id: entryId, upstream_dn: dn } = row;
  return {
    id: row.id,
    userPrincipalName: row.user_principal_name,
    displayName: row.display_name,
    mail: orUndefined(row.mail),
    otherMail: orUndefined(row.other_mail),
    mobilePhone: orUndefined(row.mobile_phone),
    businessPhone: orUndefined(row.business_phone),
    businessPhoneExtension: orUndefined(row.business_phone_extension),
    preferredLanguage: orUndefined(row.preferred_language),
    role: row.role,
    groups: fromPlainJson(row.groups),
    accountEnabled: row.account_enabled === 1,
    blocked:
      at === undefined
        ? undefined
        : { at, until: toDate(row.blocked_until), reason: row.blocked_reason ?? '' },
    mustChangePassword: row.must_change_password === 1,
    perUserMfaState: row.per_user_mfa_state,
    mfaRequiredAt: toDate(row.mfa_required_at),
    defaultMethod:
      registrationId === null || methodId === null ? undefined : { registrationId, methodId },
    upstream: entryId === null || dn === null ? undefined : { id: entryId, dn },
    createdAt: toDate(row.created_at),
  };
}

function canonical(userPrincipalName: string): string {
  const name = canonicalUserPrincipalName(userPrincipalName);
  if (name === null)
    throw new Error('This cannot be the name of an account; check it at the door.');
  return name;
}

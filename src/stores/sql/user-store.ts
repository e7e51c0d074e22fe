/** Owns accounts in SQL. */
import { sql } from 'kysely';

import { nameEndings, searchName } from '../../accounts/search-name.ts';
import {
  EntryTakenError,
  NameTakenError,
  type UserChange,
  type UserSearch,
  type UserStore,
} from '../../accounts/user-store.ts';
import type { Account, User } from '../../accounts/user.ts';
import { canonicalUserPrincipalName } from '../../lib/names.ts';
import { isUniqueViolation } from '../../lib/sqlite/unique-violation.ts';
import { boundRows, type BoundRows } from './bound-rows.ts';
import { fromPlainJson, toJson } from './json.ts';
import { isTransaction, type Connection } from './connection.ts';
import type { OnConnection, StoreParts } from './parts.ts';
import { rememberedRows } from './remembered-rows.ts';
import type { Row } from './schema.ts';
import type { SealedColumn, Seals } from './sealed.ts';
import { once, statement, storableText, type Argument } from './statement.ts';
import { fromBoolean, fromDate, orNull, orUndefined, toDate } from './values.ts';

export function prepareUserStore({ build, dialect, seals }: StoreParts): OnConnection<UserStore> {
  const passwordHash = seals.sealed<string>('user', 'password_hash');

  const byId = statement((is: Argument<{ id: string }>) =>
    build.selectFrom('user').selectAll().where('id', '=', is('id')),
  );
  const lock = statement((is: Argument<{ id: string }>) =>
    dialect.forUpdate(build.selectFrom('user').selectAll().where('id', '=', is('id'))),
  );
  const byName = statement((is: Argument<{ name: string }>) =>
    build.selectFrom('user').selectAll().where('canonical_name', '=', is('name')),
  );
  const idByName = statement((is: Argument<{ name: string }>) =>
    build.selectFrom('user').select('id').where('canonical_name', '=', is('name')),
  );
  const idByEntry = statement((is: Argument<{ entry: string }>) =>
    build.selectFrom('user').select('id').where('upstream_id', '=', is('entry')),
  );
  const nameByPlace = statement((is: Argument<{ place: number }>) =>
    build
      .selectFrom('user')
      .select('canonical_name')
      .orderBy('canonical_name')
      .limit(1)
      .offset(is('place')),
  );
  const rows = boundUsers(seals);
  const toAccount = accountReader(seals);
  const toUser = (row: Row<'user'>): User => {
    rows.require(row);
    return userFrom(row, passwordHash);
  };
  // Whoever signs in is read several times in each of a few requests.
  const toSameUser = rememberedRows(1_024, toUser);

  /** What is asked of everybody who is found, apart from their name. */
  const narrowed = (search: UserSearch) => {
    const { text, state, blockedAt, switchedOff = false, registered, group, roles } = search;
    let query = build.selectFrom('user').select('canonical_name');
    if (roles !== undefined) {
      query = query.where('role', 'in', [...roles]);
      // Written out, so that the partial index is known to fit.
      if (!roles.includes('user')) query = query.where(sql<boolean>`role <> 'user'`);
    }
    if (group !== undefined) {
      // Among those of a name each is asked; with no name the group itself says who they are.
      query =
        text.trim() === ''
          ? query.where('canonical_name', 'in', ({ selectFrom }) =>
              selectFrom('user_group')
                .select('user_group.canonical_name')
                .where('group_name', '=', group),
            )
          : query.where(({ exists, selectFrom }) =>
              exists(
                selectFrom('user_group')
                  .select('user_group.user_id')
                  .whereRef('user_group.user_id', '=', 'user.id')
                  .where('user_group.group_name', '=', group),
              ),
            );
    }
    if (state !== undefined) query = query.where('per_user_mfa_state', '=', state);
    if (blockedAt !== undefined) {
      query = query
        .where('blocked_at', 'is not', null)
        .where(({ eb, or }) =>
          or([eb('blocked_until', 'is', null), eb('blocked_until', '>', fromDate(blockedAt))]),
        );
    }
    // Written out, so that the partial index is known to fit.
    if (switchedOff) query = query.where(sql<boolean>`account_enabled = 0`);
    if (registered === undefined) return query;
    return query.where(({ exists, not, selectFrom }) => {
      const any = exists(
        selectFrom('registration')
          .select('registration.user_id')
          .whereRef('registration.user_id', '=', 'user.id')
          .where('registration.kind', 'in', [...registered.kinds, '']),
      );
      return registered.has ? any : not(any);
    });
  };

  /** The canonical names of a page, in their order; only indexes are read. */
  const namesFound = async (
    connection: Connection,
    search: UserSearch,
  ): Promise<readonly string[]> => {
    const { text, after = '', limit } = search;
    const typed = text.trim().toLowerCase().normalize('NFC');
    const byUserName = narrowed(search)
      .where('canonical_name', '>', after)
      .where('canonical_name', '>=', typed)
      .where('canonical_name', '<', pastAll(typed))
      .orderBy('canonical_name')
      .limit(limit);
    const found = await connection.rows(once(byUserName));
    const name = searchName(text);
    if (name === '') return found.map((row) => row.canonical_name);
    // Not ordered by the index of user names: whoever has a rare name would be looked for in all of it.
    const byName = narrowed(search)
      .where('search_name', '>=', name)
      .where('search_name', '<', pastAll(name))
      .where(unordered, '>', after)
      .orderBy(unordered)
      .limit(limit);
    const named = await connection.rows(once(byName));
    const byEnding = narrowed(search)
      .where('canonical_name', 'in', ({ selectFrom }) =>
        selectFrom('user_name_ending')
          .select('user_name_ending.canonical_name')
          .where('ending', '>=', name)
          .where('ending', '<', pastAll(name)),
      )
      .where(unordered, '>', after)
      .orderBy(unordered)
      .limit(limit);
    const ended = await connection.rows(once(byEnding));
    const names = new Set([...found, ...named, ...ended].map((row) => row.canonical_name));
    return [...names].toSorted(byCodePoint).slice(0, limit);
  };

  const keepEndings = async (
    held: Connection,
    {
      id,
      canonical_name,
      display_name,
    }: Pick<UnboundRow, 'id' | 'canonical_name' | 'display_name'>,
  ): Promise<void> => {
    const endings = nameEndings(display_name);
    if (endings.length === 0) return;
    const values = endings.map((ending) => ({ user_id: id, ending, canonical_name }));
    await held.change(once(build.insertInto('user_name_ending').values(values)));
  };

  const keepGroups = async (
    held: Connection,
    { id, canonical_name, groups }: Pick<UnboundRow, 'id' | 'canonical_name' | 'groups'>,
  ): Promise<void> => {
    const names = [...new Set(fromPlainJson<readonly string[]>(groups).map(storableText))];
    if (names.length === 0) return;
    const values = names.map((group_name) => ({ user_id: id, group_name, canonical_name }));
    await held.change(once(build.insertInto('user_group').values(values)));
  };

  const requireFree = async (held: Connection, entry: string): Promise<void> => {
    if ((await held.first(idByEntry({ entry }))) !== undefined) throw new EntryTakenError(entry);
  };

  return (connection) => {
    // Whom this transaction locked nobody else changes; whom it changes itself is read again.
    let locked: Row<'user'> | undefined;

    /** The row is held, so that what is bound is what it becomes; `from` is asked while it is. */
    const changeFrom = (
      id: string,
      changed: UserChange,
      from: (user: User) => boolean,
    ): Promise<boolean> =>
      connection.transact(async (held) => {
        locked = undefined;
        const row = await held.first(lock({ id }));
        if (row === undefined || !from(toUser(row))) return false;
        const columns = columnsFrom(id, changed, passwordHash);
        if (Object.keys(columns).length === 0) return true;
        const changedRow = { ...row, ...columns };
        const binding = rows.bind(changedRow);
        const query = build
          .updateTable('user')
          .set({ ...columns, binding })
          .where('id', '=', id);
        const entry = columns.upstream_id ?? undefined;
        if (entry !== undefined && entry !== row.upstream_id) await requireFree(held, entry);
        try {
          if ((await held.change(once(query))) === 0) return false;
        } catch (error) {
          if (!isUniqueViolation(error)) throw error;
          const { canonical_name: name } = columns;
          throw name === undefined ? new EntryTakenError(entry ?? '') : new NameTakenError(name);
        }
        if (columns.canonical_name !== undefined || columns.display_name !== undefined) {
          await held.change(once(build.deleteFrom('user_name_ending').where('user_id', '=', id)));
          await keepEndings(held, changedRow);
        }
        if (columns.canonical_name !== undefined || columns.groups !== undefined) {
          await held.change(once(build.deleteFrom('user_group').where('user_id', '=', id)));
          await keepGroups(held, changedRow);
        }
        return true;
      });
    const change = (id: string, changed: UserChange): Promise<boolean> =>
      changeFrom(id, changed, () => true);

    return {
      change,
      add: async (user) => {
        const columns: UnboundRow & Columns = {
          id: user.id,
          created_at: fromDate(user.createdAt),
          ...columnsFrom(user.id, user, passwordHash),
        };
        // A violation would end the caller's whole transaction on PostgreSQL, so there is none.
        const query = build
          .insertInto('user')
          .values({ ...columns, binding: rows.bind(columns) })
          .onConflict((conflict) => conflict.doNothing());
        await connection.transact(async (held) => {
          if ((await held.change(once(query))) === 0) {
            if (columns.upstream_id !== null) await requireFree(held, columns.upstream_id);
            throw new NameTakenError(columns.canonical_name);
          }
          await keepEndings(held, columns);
          await keepGroups(held, columns);
        });
      },
      remove: (id) =>
        connection.transact(async (held) => {
          locked = undefined;
          await held.change(once(build.deleteFrom('user_name_ending').where('user_id', '=', id)));
          await held.change(once(build.deleteFrom('user_group').where('user_id', '=', id)));
          return (await held.change(once(build.deleteFrom('user').where('id', '=', id)))) > 0;
        }),
      find: async (id) => {
        const row = locked?.id === id ? locked : await connection.first(byId({ id }));
        return row === undefined ? undefined : toSameUser(row);
      },
      lock: async (id) => {
        const row = await connection.first(lock({ id }));
        if (isTransaction(connection)) locked = row;
        return row === undefined ? undefined : toSameUser(row);
      },
      idOfName: async (name) => (await connection.first(idByName({ name })))?.id,
      findByName: async (name) => {
        const row = await connection.first(byName({ name }));
        return row === undefined ? undefined : toSameUser(row);
      },
      findAccount: async (name) => {
        const row = await connection.first(byName({ name }));
        return row === undefined ? undefined : toAccount(row);
      },
      list: async ({ state, roles, mail, anyMail, after, limit }) => {
        let query = build.selectFrom('user').selectAll().orderBy('canonical_name').limit(limit);
        if (state !== undefined) query = query.where('per_user_mfa_state', '=', state);
        if (roles !== undefined) query = query.where('role', 'in', roles);
        if (mail !== undefined) {
          query = query.where(hasAddress('mail', mail));
        }
        if (anyMail !== undefined) {
          query = query.where(({ or }) =>
            or([hasAddress('mail', anyMail), hasAddress('other_mail', anyMail)]),
          );
        }
        if (after !== undefined) query = query.where('canonical_name', '>', after);
        return (await connection.rows(once(query))).map(toUser);
      },
      search: async (search) => {
        const names = await namesFound(connection, search);
        if (names.length === 0) return [];
        const query = build
          .selectFrom('user')
          .selectAll()
          .where('canonical_name', 'in', names)
          .orderBy('canonical_name');
        return (await connection.rows(once(query))).map(toUser);
      },
      searchNames: async (search) => {
        const names = await namesFound(connection, search);
        if (names.length === 0) return [];
        const query = build
          .selectFrom('user')
          .select([
            'id',
            'canonical_name',
            'user_principal_name',
            'display_name',
            'role',
            'per_user_mfa_state',
          ])
          .where('canonical_name', 'in', names)
          .orderBy('canonical_name');
        return (await connection.rows(once(query))).map((row) => ({
          id: row.id,
          canonicalName: row.canonical_name,
          userPrincipalName: row.user_principal_name,
          displayName: row.display_name,
          role: row.role,
          perUserMfaState: row.per_user_mfa_state,
        }));
      },
      idsOfNames: async (names) => {
        if (names.length === 0) return new Map();
        const query = build
          .selectFrom('user')
          .select(['canonical_name', 'id'])
          .where('canonical_name', 'in', names);
        const found = await connection.rows(once(query));
        return new Map(found.map((row) => [row.canonical_name, row.id]));
      },
      idsOfEntries: async (entryIds) => {
        if (entryIds.length === 0) return new Map();
        const query = build
          .selectFrom('user')
          .select(['upstream_id', 'id'])
          .where('upstream_id', 'in', entryIds.map(storableText));
        const found = await connection.rows(once(query));
        return new Map(found.map((row) => [row.upstream_id ?? '', row.id]));
      },
      upstreamAccounts: async (after, limit) => {
        const query = build
          .selectFrom('user')
          .select(['id', 'upstream_id'])
          .where('upstream_id', '>', storableText(after ?? ''))
          .orderBy('upstream_id')
          .limit(limit);
        const found = await connection.rows(once(query));
        return found.map((row) => ({ id: row.id, entryId: row.upstream_id ?? '' }));
      },
      groups: async (kinds) => {
        const people = build
          .selectFrom('user_group')
          .select(['group_name', ({ fn }) => fn.countAll<number>().as('count')])
          .groupBy('group_name')
          .orderBy('group_name');
        const registered = build
          .selectFrom('user_group')
          .select(['group_name', ({ fn }) => fn.countAll<number>().as('count')])
          .where(({ exists, selectFrom }) =>
            exists(
              selectFrom('registration')
                .select('registration.user_id')
                .whereRef('registration.user_id', '=', 'user_group.user_id')
                .where('registration.kind', 'in', [...kinds, '']),
            ),
          )
          .groupBy('group_name');
        const all = await connection.rows(once(people));
        const some = new Map(
          (await connection.rows(once(registered))).map((row) => [row.group_name, row.count]),
        );
        return all.map((row) => ({
          name: row.group_name,
          people: Number(row.count),
          registered: Number(some.get(row.group_name) ?? 0),
        }));
      },
      moveState: (id, from, to) =>
        changeFrom(id, { perUserMfaState: to }, (user) => user.perUserMfaState === from),
      setDefaultMethod: async (id, defaultMethod) => {
        await change(id, { defaultMethod });
      },
      setBlock: async (id, blocked) => {
        await change(id, { blocked });
      },
      count: async () => {
        const query = build
          .selectFrom('user')
          .select(({ fn }) => fn.countAll<number>().as('count'));
        return Number((await connection.first(once(query)))?.count ?? 0);
      },
      nameAt: async (place) => (await connection.first(nameByPlace({ place })))?.canonical_name,
    };
  };
}

const unordered = sql<string>`canonical_name || ''`;

/** Behind every text that begins like this. */
function pastAll(beginning: string): string {
  return `${beginning}\u{10FFFF}`;
}

/** As both databases order them: by the bytes of UTF-8. */
function byCodePoint(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

/** All that a binding covers. */
type UnboundRow = Omit<Row<'user'>, 'binding' | 'search_name'>;

/**
 * Whose address it is, whatever the case, as the index has it. It is said twice that there is one: SQLite uses
 * an index of part of the rows only for a query that says of the column which these are.
 */
export function hasAddress(column: 'mail' | 'other_mail', address: string) {
  const text = storableText(address);
  return sql<boolean>`${sql.ref(column)} is not null and lower(${sql.ref(column)}) = lower(${text})`;
}

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

type Columns = Omit<UnboundRow, 'id' | 'created_at'> & Pick<Row<'user'>, 'search_name'>;
type ChangedColumns = { [column in keyof Columns]?: Columns[column] };

// Only what a change names: an absent field keeps its column, undefined clears it. A whole user
// names every field, and so fills every column.
function columnsFrom(id: string, user: User, passwordHash: SealedColumn<string>): Columns;
function columnsFrom(
  id: string,
  user: UserChange,
  passwordHash: SealedColumn<string>,
): ChangedColumns;
function columnsFrom(
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

function userFrom(row: Row<'user'>, passwordHash: SealedColumn<string>): User {
  return {
    ...accountFrom(row),
    // A hash that was put here by others is none: no password is right for it.
    passwordHash:
      row.password_hash === null ? undefined : passwordHash.openOr(row.password_hash, row.id),
  };
}

/** Makes an account of a row; throws `RECORD_DAMAGED`, and reports it, where somebody else changed it. */
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

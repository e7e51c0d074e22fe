/** Owns accounts in SQL. */
import { nameEndings } from '../../accounts/search-name.ts';
import {
  EntryTakenError,
  NameTakenError,
  type UserChange,
  type UserStore,
} from '../../accounts/user-store.ts';
import type { User } from '../../accounts/user.ts';
import { isUniqueViolation } from '../../lib/sqlite/unique-violation.ts';
import { isTransaction, type Connection } from './connection.ts';
import { fromPlainJson } from './json.ts';
import type { OnConnection, StoreParts } from './parts.ts';
import { rememberedRows } from './remembered-rows.ts';
import type { Row } from './schema.ts';
import { once, statement, storableText, type Argument } from './statement.ts';
import {
  accountReader,
  boundUsers,
  columnsFrom,
  userReader,
  type Columns,
  type UnboundRow,
} from './user-row.ts';
import { hasAddress, prepareUserSearch } from './user-search.ts';
import { fromDate } from './values.ts';

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
  const namesFound = prepareUserSearch({ build });
  const rows = boundUsers(seals);
  const toAccount = accountReader(seals);
  const toUser = userReader(seals);
  // Whoever signs in is read several times in each of a few requests.
  const toSameUser = rememberedRows(1_024, toUser);

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

/** Owns app passwords in SQL. */
import type { AppPasswordStore } from '../../app-passwords/app-password-store.ts';
import type { AppPassword } from '../../app-passwords/app-password.ts';
import type { OnConnection, StoreParts } from './parts.ts';
import type { Row } from './schema.ts';
import { statement, type Argument } from './statement.ts';
import { fromDate, orNull, orUndefined, toDate } from './values.ts';

export function prepareAppPasswordStore({
  build,
  seals,
}: StoreParts): OnConnection<AppPasswordStore> {
  const add = statement((is: Argument<Row<'app_password'>>) =>
    build
      .insertInto('app_password')
      .values({
        id: is('id'),
        user_id: is('user_id'),
        slot: is('slot'),
        hash: is('hash'),
        name: is('name'),
        door: is('door'),
        created_at: is('created_at'),
        expires_at: is('expires_at'),
        last_used_at: is('last_used_at'),
        binding: is('binding'),
      })
      .onConflict((conflict) => conflict.doNothing()),
  );
  const ofUser = statement((is: Argument<{ userId: string }>) =>
    build
      .selectFrom('app_password')
      .selectAll()
      .where('user_id', '=', is('userId'))
      .orderBy('slot'),
  );
  const byHash = statement((is: Argument<{ hash: Buffer }>) =>
    build.selectFrom('app_password').selectAll().where('hash', '=', is('hash')),
  );
  const remove = statement((is: Argument<{ id: string; userId: string }>) =>
    build.deleteFrom('app_password').where('id', '=', is('id')).where('user_id', '=', is('userId')),
  );
  const removeAll = statement((is: Argument<{ userId: string }>) =>
    build.deleteFrom('app_password').where('user_id', '=', is('userId')),
  );

  const bindingOf = (row: Omit<Row<'app_password'>, 'binding'>): Buffer =>
    seals.hash('app-password-row', row.hash, row.user_id, row.door ?? '', String(row.expires_at));

  return (connection) => ({
    add: async (appPassword) => {
      const row = {
        id: appPassword.id,
        user_id: appPassword.userId,
        slot: appPassword.slot,
        hash: appPassword.hash,
        name: appPassword.name,
        door: orNull(appPassword.door),
        created_at: fromDate(appPassword.createdAt),
        expires_at: fromDate(appPassword.expiresAt),
        last_used_at: fromDate(appPassword.lastUsedAt),
      };
      return (await connection.change(add({ ...row, binding: bindingOf(row) }))) > 0;
    },
    list: async (userId) => (await connection.rows(ofUser({ userId }))).map(toAppPassword),
    findByHash: async (hash) => {
      const row = await connection.first(byHash({ hash }));
      if (row === undefined) return undefined;
      if (bindingOf(row).equals(row.binding)) return toAppPassword(row);
      seals.report({ table: 'app_password', row: row.id });
      return undefined;
    },
    remove: async (id, userId) => (await connection.change(remove({ id, userId }))) > 0,
    removeAll: (userId) => connection.change(removeAll({ userId })),
  });
}

function toAppPassword(row: Row<'app_password'>): AppPassword {
  return {
    id: row.id,
    userId: row.user_id,
    name: row.name,
    hash: row.hash,
    slot: row.slot,
    door: orUndefined(row.door),
    createdAt: toDate(row.created_at),
    expiresAt: toDate(row.expires_at),
    lastUsedAt: toDate(row.last_used_at),
  };
}

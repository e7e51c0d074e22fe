/** Owns app passwords in SQL. */
import type { AppPasswordStore } from '../../app-passwords/app-password-store.ts';
import type { AppPassword, AppPasswordDoor } from '../../app-passwords/app-password.ts';
import type { OnConnection, StoreParts } from './parts.ts';
import type { Row } from './schema.ts';
import type { Seals } from './sealed.ts';
import { statement, type Argument } from './statement.ts';
import { fromDate, orNull, orUndefined, toDate } from './values.ts';

export function prepareAppPasswordStore({
  build,
  seals,
}: StoreParts): OnConnection<AppPasswordStore> {
  const sealedPlain = seals.sealed<string>('app_password', 'plain');

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
        last_used_door: is('last_used_door'),
        last_used_address: is('last_used_address'),
        plain: is('plain'),
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
  const unshown = statement((is: Argument<{ id: string; userId: string; since: number }>) =>
    build
      .selectFrom('app_password')
      .select('plain')
      .where('id', '=', is('id'))
      .where('user_id', '=', is('userId'))
      .where('created_at', '>', is('since')),
  );
  const markShown = statement((is: Argument<{ id: string }>) =>
    build
      .updateTable('app_password')
      .set({ plain: null })
      .where('id', '=', is('id'))
      .where('plain', 'is not', null),
  );
  const forgetPlains = statement((is: Argument<{ before: number }>) =>
    build
      .updateTable('app_password')
      .set({ plain: null })
      .where('plain', 'is not', null)
      .where('created_at', '<', is('before')),
  );
  const noteUse = statement(
    (is: Argument<{ id: string; at: number; door: AppPasswordDoor; address: string }>) =>
      build
        .updateTable('app_password')
        .set({
          last_used_at: is('at'),
          last_used_door: is('door'),
          last_used_address: is('address'),
        })
        .where('id', '=', is('id'))
        .where((row) =>
          row.or([row('last_used_at', 'is', null), row('last_used_at', '<', is('at'))]),
        ),
  );
  const remove = statement((is: Argument<{ id: string; userId: string }>) =>
    build.deleteFrom('app_password').where('id', '=', is('id')).where('user_id', '=', is('userId')),
  );
  const removeAll = statement((is: Argument<{ userId: string }>) =>
    build.deleteFrom('app_password').where('user_id', '=', is('userId')),
  );

  const bindingOf = bindingsOf(seals);
  const read = appPasswordReader(seals);

  return (connection) => ({
    add: async (appPassword, plain) => {
      const row = {
        id: appPassword.id,
        user_id: appPassword.userId,
        slot: appPassword.slot,
        hash: appPassword.hash,
        name: appPassword.name,
        door: orNull(appPassword.door),
        created_at: fromDate(appPassword.createdAt),
        expires_at: fromDate(appPassword.expiresAt),
        last_used_at: fromDate(appPassword.lastUse?.at),
        last_used_door: orNull(appPassword.lastUse?.door),
        last_used_address: orNull(appPassword.lastUse?.address),
      };
      const kept = plain === undefined ? null : sealedPlain.seal(plain, row.id, row.user_id);
      return (await connection.change(add({ ...row, binding: bindingOf(row), plain: kept }))) > 0;
    },
    takePlain: async (id, userId, since) => {
      const row = await connection.first(unshown({ id, userId, since: fromDate(since) }));
      const plain = row?.plain ?? null;
      if (plain === null || (await connection.change(markShown({ id }))) === 0) return undefined;
      return sealedPlain.openOr(plain, id, userId);
    },
    forgetPlains: (before) => connection.change(forgetPlains({ before: fromDate(before) })),
    noteUse: async (id, { at, door, address }) => {
      await connection.change(noteUse({ id, at: fromDate(at), door, address }));
    },
    list: async (userId) => (await connection.rows(ofUser({ userId }))).map(toAppPassword),
    findByHash: async (hash) => {
      const row = await connection.first(byHash({ hash }));
      return row === undefined ? undefined : read(row);
    },
    remove: async (id, userId) => (await connection.change(remove({ id, userId }))) > 0,
    removeAll: (userId) => connection.change(removeAll({ userId })),
  });
}

/** Makes an app password of a row; one that somebody else changed is none, and is reported. */
export function appPasswordReader(
  seals: Seals,
): (row: Row<'app_password'>) => AppPassword | undefined {
  const bindingOf = bindingsOf(seals);
  return (row) => {
    if (bindingOf(row).equals(row.binding)) return toAppPassword(row);
    seals.report({ table: 'app_password', row: row.id });
    return undefined;
  };
}

type Unbound = Omit<Row<'app_password'>, 'binding' | 'plain'>;

function bindingsOf(seals: Seals): (row: Unbound) => Buffer {
  return (row) =>
    seals.hash('app-password-row', row.hash, row.user_id, row.door ?? '', String(row.expires_at));
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
    lastUse: lastUseOf(row),
  };
}

function lastUseOf(row: Row<'app_password'>): AppPassword['lastUse'] {
  const { last_used_at: at, last_used_door: door, last_used_address: address } = row;
  return at === null || door === null
    ? undefined
    : { at: toDate(at), door, address: address ?? '' };
}

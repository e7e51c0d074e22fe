/**
 * Owns finding app passwords quickly. Reading two whole rows, checking that they are what we wrote, and
 * making values of them takes ten times as long as looking them up; and mail programs come back. So what
 * was made of a row is remembered with the row's binding (`bound-rows.ts`), and each time only the
 * bindings are read: while they are the same, so is what they bind. Nothing here is ever older than the
 * database.
 */
import { createRecent } from '../../lib/recent.ts';
import type { DoorKey, DoorKeyStore } from '../../signin/door-key-store.ts';
import { appPasswordReader } from './app-password-store.ts';
import type { OnConnection, StoreParts } from './parts.ts';
import { statement, type Argument } from './statement.ts';
import { accountReader } from './user-row.ts';

/** So many are remembered, some 4 MB. */
const mostKnown = 4_096;

interface Known {
  readonly key: DoorKey;
  readonly ofAppPassword: Buffer;
  readonly ofUser: Buffer | null;
}

export function prepareDoorKeyStore({ build, seals }: StoreParts): OnConnection<DoorKeyStore> {
  const toAppPassword = appPasswordReader(seals);
  const toAccount = accountReader(seals);
  const known = createRecent<Known>(mostKnown);

  const bindings = statement((is: Argument<{ hash: Buffer; name: string }>) =>
    build
      .selectFrom('app_password')
      .innerJoin('user', 'user.id', 'app_password.user_id')
      .select(['app_password.binding as ofAppPassword', 'user.binding as ofUser'])
      .where('app_password.hash', '=', is('hash'))
      .where('user.canonical_name', '=', is('name')),
  );
  const appPasswordByHash = statement((is: Argument<{ hash: Buffer }>) =>
    build.selectFrom('app_password').selectAll().where('hash', '=', is('hash')),
  );
  const userByName = statement((is: Argument<{ name: string }>) =>
    build.selectFrom('user').selectAll().where('canonical_name', '=', is('name')),
  );

  return (connection) => ({
    find: async (hash, name) => {
      const now = await connection.first(bindings({ hash, name }));
      if (now === undefined) return undefined;
      const id = hash.toString('latin1');
      const before = known.get(id);
      if (before !== undefined && isSame(before, now)) return before.key;
      known.delete(id);
      const [appPasswordRow, userRow] = [
        await connection.first(appPasswordByHash({ hash })),
        await connection.first(userByName({ name })),
      ];
      if (appPasswordRow === undefined || userRow === undefined) return undefined;
      const user = toAccount(userRow);
      const appPassword = toAppPassword(appPasswordRow);
      if (appPassword?.userId !== user.id) return undefined;
      const key: DoorKey = { appPassword, user };
      // The bindings of these very rows: what was read before may have changed in between.
      known.set(id, {
        key,
        ofAppPassword: appPasswordRow.binding,
        ofUser: userRow.binding,
      });
      return key;
    },
  });
}

function isSame(before: Known, now: Omit<Known, 'key'>): boolean {
  return (
    before.ofAppPassword.equals(now.ofAppPassword) &&
    before.ofUser !== null &&
    now.ofUser !== null &&
    before.ofUser.equals(now.ofUser)
  );
}

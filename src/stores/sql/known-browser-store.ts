/** Owns remembered browsers in SQL. */
import type { KnownBrowserStore } from '../../accounts/user-store.ts';
import type { OnConnection, StoreParts } from './parts.ts';
import { statement, type Argument } from './statement.ts';
import { fromDate } from './values.ts';

export function prepareKnownBrowserStore({
  build,
  seals,
}: StoreParts): OnConnection<KnownBrowserStore> {
  const remember = statement((is: Argument<{ id: Buffer; userId: string; now: number }>) =>
    build
      .insertInto('known_browser')
      .values({ id: is('id'), user_id: is('userId'), last_seen_at: is('now') })
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ last_seen_at: is('now') })),
  );
  const byId = statement((is: Argument<{ id: Buffer }>) =>
    build.selectFrom('known_browser').select('user_id').where('id', '=', is('id')),
  );
  const forget = statement((is: Argument<{ userId: string }>) =>
    build.deleteFrom('known_browser').where('user_id', '=', is('userId')),
  );
  const idOf = (tokenHash: Buffer, userId: string): Buffer =>
    seals.hash('known-browser', tokenHash, userId);

  return (connection) => ({
    remember: async (tokenHash, userId, now) => {
      const id = idOf(tokenHash, userId);
      await connection.change(remember({ id, userId, now: fromDate(now) }));
    },
    isKnown: async (tokenHash, userId) =>
      (await connection.first(byId({ id: idOf(tokenHash, userId) }))) !== undefined,
    forgetAll: async (userId) => {
      await connection.change(forget({ userId }));
    },
  });
}

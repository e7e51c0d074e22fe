/** Owns remembered browsers in SQL. */
import { knownBrowserMs, type KnownBrowserStore } from '../../accounts/user-store.ts';
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
  const byId = statement((is: Argument<{ id: Buffer; since: number }>) =>
    build
      .selectFrom('known_browser')
      .select('user_id')
      .where('id', '=', is('id'))
      .where('last_seen_at', '>', is('since')),
  );
  const forgetOld = statement((is: Argument<{ userId: string; since: number }>) =>
    build
      .deleteFrom('known_browser')
      .where('user_id', '=', is('userId'))
      .where('last_seen_at', '<=', is('since')),
  );
  const forget = statement((is: Argument<{ userId: string }>) =>
    build.deleteFrom('known_browser').where('user_id', '=', is('userId')),
  );
  const idOf = (tokenHash: Buffer, userId: string): Buffer =>
    seals.hash('known-browser', tokenHash, userId);
  const oldest = (now: Date): number => now.getTime() - knownBrowserMs;

  return (connection) => ({
    remember: async (tokenHash, userId, now) => {
      const id = idOf(tokenHash, userId);
      await connection.change(forgetOld({ userId, since: oldest(now) }));
      await connection.change(remember({ id, userId, now: fromDate(now) }));
    },
    isKnown: async (tokenHash, userId, now) => {
      const id = idOf(tokenHash, userId);
      return (await connection.first(byId({ id, since: oldest(now) }))) !== undefined;
    },
    forgetAll: async (userId) => {
      await connection.change(forget({ userId }));
    },
  });
}

/** Owns sessions in SQL. */
import type { SessionStore } from '../../sessions/session-store.ts';
import type { Session } from '../../sessions/session.ts';
import type { OnConnection, StoreParts } from './parts.ts';
import { removeInBatches } from './remove-in-batches.ts';
import type { Row } from './schema.ts';
import { statement, type Argument } from './statement.ts';
import { fromDate, toDate } from './values.ts';

/** What is sealed: all that must not be changed beside us, so a session cannot be given away. */
type Detail = Omit<Session, 'id' | 'userId' | 'lastSeenAt'>;

export function prepareSessionStore({ build, seals }: StoreParts): OnConnection<SessionStore> {
  const detail = seals.sealed<Detail>('session', 'detail', { remembers: 1_024 });

  const add = statement((is: Argument<Row<'session'>>) =>
    build.insertInto('session').values({
      id: is('id'),
      user_id: is('user_id'),
      expires_at: is('expires_at'),
      last_seen_at: is('last_seen_at'),
      detail: is('detail'),
    }),
  );
  const byId = statement((is: Argument<{ id: Buffer; now: number }>) =>
    build
      .selectFrom('session')
      .selectAll()
      .where('id', '=', is('id'))
      .where('expires_at', '>', is('now')),
  );
  const ofUser = statement((is: Argument<{ userId: string; now: number }>) =>
    build
      .selectFrom('session')
      .selectAll()
      .where('user_id', '=', is('userId'))
      .where('expires_at', '>', is('now'))
      .orderBy('last_seen_at', 'desc'),
  );
  const touch = statement((is: Argument<{ id: Buffer; now: number }>) =>
    build
      .updateTable('session')
      .set({ last_seen_at: is('now') })
      .where('id', '=', is('id'))
      .where('last_seen_at', '<', is('now')),
  );
  const remove = statement((is: Argument<{ id: Buffer }>) =>
    build.deleteFrom('session').where('id', '=', is('id')),
  );
  const removeAll = statement((is: Argument<{ userId: string }>) =>
    build.deleteFrom('session').where('user_id', '=', is('userId')),
  );
  const removeExpired = statement((is: Argument<{ now: number; limit: number }>) =>
    build
      .deleteFrom('session')
      .where('id', 'in', (some) =>
        some
          .selectFrom('session')
          .select('id')
          .where('expires_at', '<=', is('now'))
          .limit(is('limit')),
      ),
  );

  const toSession = (row: Row<'session'>, now: Date): Session | undefined => {
    const sealed = detail.openOr(row.detail, row.id.toString('hex'), row.user_id);
    // The column only finds it; when it ends is what was sealed.
    if (sealed === undefined || sealed.expiresAt <= now) return undefined;
    return { ...sealed, id: row.id, userId: row.user_id, lastSeenAt: toDate(row.last_seen_at) };
  };

  return (connection) => ({
    add: async ({ id, userId, lastSeenAt, ...rest }) => {
      await connection.change(
        add({
          id,
          user_id: userId,
          expires_at: fromDate(rest.expiresAt),
          last_seen_at: fromDate(lastSeenAt),
          detail: detail.seal(rest, id.toString('hex'), userId),
        }),
      );
    },
    find: async (id, now) => {
      const row = await connection.first(byId({ id, now: fromDate(now) }));
      return row === undefined ? undefined : toSession(row, now);
    },
    touch: async (id, now) => {
      await connection.changeHastily(touch({ id, now: fromDate(now) }));
    },
    remove: async (id) => (await connection.change(remove({ id }))) > 0,
    removeAll: (userId) => connection.change(removeAll({ userId })),
    list: async (userId, now) => {
      const rows = await connection.rows(ofUser({ userId, now: fromDate(now) }));
      return rows.flatMap((row) => toSession(row, now) ?? []);
    },
    removeExpired: (now) =>
      removeInBatches(connection, (limit) => removeExpired({ now: fromDate(now), limit })),
  });
}

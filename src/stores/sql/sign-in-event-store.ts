/** Owns the sign-in log in SQL. */
import type { SignInEvent, SignInEventStore } from '../../audit/sign-in-event.ts';
import { fromJson, toJson } from './json.ts';
import type { OnConnection, StoreParts } from './parts.ts';
import type { Row } from './schema.ts';
import { once, statement, type Argument } from './statement.ts';
import { fromDate, orNull } from './values.ts';

export function prepareSignInEventStore({ build }: StoreParts): OnConnection<SignInEventStore> {
  const put = statement((is: Argument<Row<'sign_in_event'>>) =>
    build
      .insertInto('sign_in_event')
      .values({ id: is('id'), user_id: is('user_id'), at: is('at'), detail: is('detail') })
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet((row) => ({
          user_id: row.ref('excluded.user_id'),
          at: row.ref('excluded.at'),
          detail: row.ref('excluded.detail'),
        })),
      ),
  );

  const byId = statement((is: Argument<{ id: string; userId: string }>) =>
    build
      .selectFrom('sign_in_event')
      .select('detail')
      .where('id', '=', is('id'))
      .where('user_id', '=', is('userId')),
  );

  return (connection) => ({
    put: async (event) => {
      await connection.change(
        put({
          id: event.id,
          user_id: orNull(event.userId),
          at: fromDate(event.at),
          detail: toJson(event),
        }),
      );
    },
    find: async (id, userId) => {
      const row = await connection.first(byId({ id, userId }));
      return row === undefined ? undefined : fromJson<SignInEvent>(row.detail);
    },
    list: async ({ userId, before, limit }) => {
      let query = build
        .selectFrom('sign_in_event')
        .select('detail')
        .orderBy('at', 'desc')
        .orderBy('id')
        .limit(limit);
      if (userId !== undefined) query = query.where('user_id', '=', userId);
      if (before !== undefined) query = query.where('at', '<', fromDate(before));
      const rows = await connection.rows(once(query));
      return rows.map(({ detail }) => fromJson<SignInEvent>(detail));
    },
  });
}

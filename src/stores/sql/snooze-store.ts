/** Owns put-off campaigns in SQL. */
import type { SnoozeStore } from '../../signin/snooze-store.ts';
import type { OnConnection, StoreParts } from './parts.ts';
import type { Row } from './schema.ts';
import { statement, type Argument } from './statement.ts';
import { fromDate, toDate } from './values.ts';

export function prepareSnoozeStore({ build }: StoreParts): OnConnection<SnoozeStore> {
  const ofUser = statement((is: Argument<{ userId: string }>) =>
    build.selectFrom('snooze').selectAll().where('user_id', '=', is('userId')),
  );
  const put = statement((is: Argument<Row<'snooze'>>) =>
    build
      .insertInto('snooze')
      .values({ user_id: is('user_id'), times: is('times'), until: is('until') })
      .onConflict((conflict) =>
        conflict.column('user_id').doUpdateSet({ times: is('times'), until: is('until') }),
      ),
  );
  const remove = statement((is: Argument<{ userId: string }>) =>
    build.deleteFrom('snooze').where('user_id', '=', is('userId')),
  );

  return (connection) => ({
    find: async (userId) => {
      const row = await connection.first(ofUser({ userId }));
      return row === undefined ? undefined : { times: row.times, untilAt: toDate(row.until) };
    },
    put: async (userId, { times, untilAt }) => {
      await connection.change(put({ user_id: userId, times, until: fromDate(untilAt) }));
    },
    remove: async (userId) => {
      await connection.change(remove({ userId }));
    },
  });
}

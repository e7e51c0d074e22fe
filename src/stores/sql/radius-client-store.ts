/** Owns RADIUS clients in SQL. */
import type { RadiusClientStore } from '../../applications/radius-client-store.ts';
import type { RadiusClient } from '../../applications/radius-client.ts';
import type { OnConnection, StoreParts } from './parts.ts';
import type { Row } from './schema.ts';
import { statement, type Argument } from './statement.ts';
import { fromDate, toDate } from './values.ts';

/** What is sealed: all of it, since addresses and mode decide as much as the secret does. */
type Detail = Omit<RadiusClient, 'id' | 'createdAt'>;

export function prepareRadiusClientStore({
  build,
  seals,
}: StoreParts): OnConnection<RadiusClientStore> {
  const sealed = seals.sealed<Detail>('radius_client', 'detail');

  const add = statement((is: Argument<Row<'radius_client'>>) =>
    build
      .insertInto('radius_client')
      .values({ id: is('id'), created_at: is('created_at'), detail: is('detail') })
      .onConflict((conflict) => conflict.doNothing()),
  );
  const all = statement(() =>
    build.selectFrom('radius_client').selectAll().orderBy('created_at').orderBy('id'),
  );
  const remove = statement((is: Argument<{ id: string }>) =>
    build.deleteFrom('radius_client').where('id', '=', is('id')),
  );

  return (connection) => ({
    add: async ({ id, createdAt, ...detail }) => {
      const row = { id, created_at: fromDate(createdAt), detail: sealed.seal(detail, id) };
      return (await connection.change(add(row))) > 0;
    },
    list: async () => {
      const rows = await connection.rows(all({}));
      return rows.flatMap((row): readonly RadiusClient[] => {
        const detail = sealed.openOr(row.detail, row.id);
        return detail === undefined
          ? []
          : [{ ...detail, id: row.id, createdAt: toDate(row.created_at) }];
      });
    },
    remove: async (id) => (await connection.change(remove({ id }))) > 0,
  });
}

/** Owns applications in SQL. */
import type { ApplicationStore } from '../../applications/application-store.ts';
import type { Application } from '../../applications/application.ts';
import { boundRows } from './bound-rows.ts';
import { fromJson, toJson } from './json.ts';
import type { OnConnection, StoreParts } from './parts.ts';
import type { Row } from './schema.ts';
import { statement, type Argument } from './statement.ts';
import { fromDate, toDate } from './values.ts';

type Detail = Omit<Application, 'clientId' | 'clientSecret' | 'createdAt'>;

/**
 * What is bound: where people are sent with a code, and what a program may do. The secret is sealed by
 * itself; that there is one is bound, or whoever took it away would make this a public client.
 */
type Bound = Pick<Row<'application'>, 'client_id' | 'detail'> & { readonly is_secret: 0 | 1 };

function boundOf(row: Pick<Row<'application'>, 'client_id' | 'detail' | 'client_secret'>): Bound {
  return {
    client_id: row.client_id,
    detail: row.detail,
    is_secret: row.client_secret === null ? 0 : 1,
  };
}

export function prepareApplicationStore({
  build,
  seals,
}: StoreParts): OnConnection<ApplicationStore> {
  const clientSecret = seals.sealed<string>('application', 'client_secret');
  const rows = boundRows<Bound>(seals, 'application', ['client_id', 'detail', 'is_secret']);

  const add = statement((is: Argument<Row<'application'>>) =>
    build
      .insertInto('application')
      .values({
        client_id: is('client_id'),
        created_at: is('created_at'),
        detail: is('detail'),
        client_secret: is('client_secret'),
        binding: is('binding'),
      })
      .onConflict((conflict) => conflict.doNothing()),
  );
  const byId = statement((is: Argument<{ clientId: string }>) =>
    build.selectFrom('application').selectAll().where('client_id', '=', is('clientId')),
  );
  const all = statement(() =>
    build.selectFrom('application').selectAll().orderBy('created_at').orderBy('client_id'),
  );
  const replace = statement((is: Argument<Omit<Row<'application'>, 'created_at'>>) =>
    build
      .updateTable('application')
      .set({
        detail: is('detail'),
        client_secret: is('client_secret'),
        binding: is('binding'),
      })
      .where('client_id', '=', is('client_id')),
  );
  const remove = statement((is: Argument<{ clientId: string }>) =>
    build.deleteFrom('application').where('client_id', '=', is('clientId')),
  );
  const removeGranted = statement((is: Argument<{ clientId: string }>) =>
    build.deleteFrom('oidc_record').where('client_id', '=', is('clientId')),
  );

  const toApplication = (row: Row<'application'>): Application => {
    rows.require({ ...row, ...boundOf(row) });
    return {
      ...fromJson<Detail>(row.detail),
      clientId: row.client_id,
      // A secret that does not open must not make this a public client: it throws.
      clientSecret:
        row.client_secret === null
          ? undefined
          : clientSecret.open(row.client_secret, row.client_id),
      createdAt: toDate(row.created_at),
    };
  };

  const toRow = (
    clientId: string,
    detail: Detail,
    secret: string | undefined,
  ): Omit<Row<'application'>, 'created_at'> => {
    const row = {
      client_id: clientId,
      detail: toJson(detail),
      client_secret: secret === undefined ? null : clientSecret.seal(secret, clientId),
    };
    return { ...row, binding: rows.bind(boundOf(row)) };
  };

  return (connection) => ({
    add: async ({ clientId, clientSecret: secret, createdAt, ...detail }) => {
      const row = { ...toRow(clientId, detail, secret), created_at: fromDate(createdAt) };
      const added = await connection.change(add(row));
      if (added === 0) throw new Error(`There is an application '${clientId}' already.`);
    },
    find: async (clientId) => {
      const row = await connection.first(byId({ clientId }));
      return row === undefined ? undefined : toApplication(row);
    },
    list: async () => (await connection.rows(all({}))).map(toApplication),
    replace: async ({ clientId, clientSecret: secret, createdAt: _createdAt, ...detail }) => {
      return (await connection.change(replace(toRow(clientId, detail, secret)))) > 0;
    },
    remove: (clientId) =>
      connection.transact(async (transaction) => {
        await transaction.change(removeGranted({ clientId }));
        return (await transaction.change(remove({ clientId }))) > 0;
      }),
  });
}

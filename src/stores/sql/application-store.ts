/** Owns applications in SQL. */
import type { ApplicationStore } from '../../applications/application-store.ts';
import type { Application } from '../../applications/application.ts';
import { fromJson, toJson } from './json.ts';
import type { OnConnection, StoreParts } from './parts.ts';
import type { Row } from './schema.ts';
import { statement, type Argument } from './statement.ts';
import { fromDate, toDate } from './values.ts';

type Detail = Omit<Application, 'clientId' | 'clientSecret' | 'createdAt'>;

export function prepareApplicationStore({
  build,
  seals,
}: StoreParts): OnConnection<ApplicationStore> {
  const clientSecret = seals.sealed<string>('application', 'client_secret');

  const add = statement((is: Argument<Row<'application'>>) =>
    build
      .insertInto('application')
      .values({
        client_id: is('client_id'),
        created_at: is('created_at'),
        detail: is('detail'),
        client_secret: is('client_secret'),
      })
      .onConflict((conflict) => conflict.doNothing()),
  );
  const byId = statement((is: Argument<{ clientId: string }>) =>
    build.selectFrom('application').selectAll().where('client_id', '=', is('clientId')),
  );
  const all = statement(() =>
    build.selectFrom('application').selectAll().orderBy('created_at').orderBy('client_id'),
  );
  const replace = statement(
    (is: Argument<Pick<Row<'application'>, 'client_id' | 'detail' | 'client_secret'>>) =>
      build
        .updateTable('application')
        .set({ detail: is('detail'), client_secret: is('client_secret') })
        .where('client_id', '=', is('client_id')),
  );
  const remove = statement((is: Argument<{ clientId: string }>) =>
    build.deleteFrom('application').where('client_id', '=', is('clientId')),
  );
  const removeGranted = statement((is: Argument<{ clientId: string }>) =>
    build.deleteFrom('oidc_record').where('client_id', '=', is('clientId')),
  );

  const toApplication = (row: Row<'application'>): Application => ({
    ...fromJson<Detail>(row.detail),
    clientId: row.client_id,
    // A secret that does not open must not make this a public client: it throws.
    clientSecret:
      row.client_secret === null ? undefined : clientSecret.open(row.client_secret, row.client_id),
    createdAt: toDate(row.created_at),
  });

  const sealedSecret = (clientId: string, secret: string | undefined): Buffer | null =>
    secret === undefined ? null : clientSecret.seal(secret, clientId);

  return (connection) => ({
    add: async ({ clientId, clientSecret: secret, createdAt, ...detail }) => {
      const added = await connection.change(
        add({
          client_id: clientId,
          created_at: fromDate(createdAt),
          detail: toJson(detail),
          client_secret: sealedSecret(clientId, secret),
        }),
      );
      if (added === 0) throw new Error(`There is an application '${clientId}' already.`);
    },
    find: async (clientId) => {
      const row = await connection.first(byId({ clientId }));
      return row === undefined ? undefined : toApplication(row);
    },
    list: async () => (await connection.rows(all({}))).map(toApplication),
    replace: async ({ clientId, clientSecret: secret, createdAt: _createdAt, ...detail }) => {
      const replaced = await connection.change(
        replace({
          client_id: clientId,
          detail: toJson(detail),
          client_secret: sealedSecret(clientId, secret),
        }),
      );
      return replaced > 0;
    },
    remove: (clientId) =>
      connection.transact(async (transaction) => {
        await transaction.change(removeGranted({ clientId }));
        return (await transaction.change(remove({ clientId }))) > 0;
      }),
  });
}

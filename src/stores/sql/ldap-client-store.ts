/** Owns LDAP clients in SQL. */
import type { LdapClientStore } from '../../applications/ldap-client-store.ts';
import type { LdapClient } from '../../applications/ldap-client.ts';
import type { OnConnection, StoreParts } from './parts.ts';
import type { Row } from './schema.ts';
import { statement, type Argument } from './statement.ts';
import { fromDate, toDate } from './values.ts';

export function prepareLdapClientStore({
  build,
  seals,
}: StoreParts): OnConnection<LdapClientStore> {
  const sealed = seals.sealed<string>('ldap_client', 'hash');

  const add = statement((is: Argument<Row<'ldap_client'>>) =>
    build
      .insertInto('ldap_client')
      .values({ name: is('name'), created_at: is('created_at'), hash: is('hash') })
      .onConflict((conflict) => conflict.doNothing()),
  );
  const byName = statement((is: Argument<{ name: string }>) =>
    build.selectFrom('ldap_client').selectAll().where('name', '=', is('name')),
  );
  const all = statement(() => build.selectFrom('ldap_client').selectAll().orderBy('name'));
  const remove = statement((is: Argument<{ name: string }>) =>
    build.deleteFrom('ldap_client').where('name', '=', is('name')),
  );

  const toClients = (row: Row<'ldap_client'> | undefined): readonly LdapClient[] => {
    const hash = row === undefined ? undefined : sealed.openOr(row.hash, row.name);
    return row === undefined || hash === undefined
      ? []
      : [
          {
            name: row.name,
            hash: Buffer.from(hash, 'base64url'),
            createdAt: toDate(row.created_at),
          },
        ];
  };

  return (connection) => ({
    add: async ({ name, hash, createdAt }) => {
      const kept = sealed.seal(hash.toString('base64url'), name);
      const row = { name, created_at: fromDate(createdAt), hash: kept };
      return (await connection.change(add(row))) > 0;
    },
    find: async (name) => toClients(await connection.first(byName({ name })))[0],
    list: async () => (await connection.rows(all({}))).flatMap(toClients),
    remove: async (name) => (await connection.change(remove({ name }))) > 0,
  });
}

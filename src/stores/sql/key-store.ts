/** Owns signing keys in SQL. */
import type { KeyStore, PrivateJwk, SigningKey } from '../../applications/key-store.ts';
import type { OnConnection, StoreParts } from './parts.ts';
import type { Row } from './schema.ts';
import { statement, type Argument } from './statement.ts';
import { fromBoolean, fromDate, toDate } from './values.ts';

export function prepareKeyStore({ build, seals }: StoreParts): OnConnection<KeyStore> {
  const privateJwk = seals.sealed<{ readonly secret: PrivateJwk }>('signing_key', 'private_jwk');

  const add = statement((is: Argument<Row<'signing_key'>>) =>
    build
      .insertInto('signing_key')
      .values({
        kid: is('kid'),
        algorithm: is('algorithm'),
        created_at: is('created_at'),
        active_from: is('active_from'),
        retired_at: is('retired_at'),
        retain: is('retain'),
        private_jwk: is('private_jwk'),
      })
      .onConflict((conflict) => conflict.doNothing()),
  );
  const all = statement(() =>
    build.selectFrom('signing_key').selectAll().orderBy('active_from').orderBy('kid'),
  );
  const retire = statement((is: Argument<{ kid: string; at: number }>) =>
    build
      .updateTable('signing_key')
      .set({ retired_at: is('at') })
      .where('kid', '=', is('kid'))
      .where('retired_at', 'is', null),
  );
  const setRetain = statement((is: Argument<{ kid: string; retain: number }>) =>
    build
      .updateTable('signing_key')
      .set({ retain: is('retain') })
      .where('kid', '=', is('kid')),
  );
  const remove = statement((is: Argument<{ kid: string }>) =>
    build.deleteFrom('signing_key').where('kid', '=', is('kid')).where('retain', '=', 0),
  );

  const toKey = (row: Row<'signing_key'>): SigningKey => ({
    kid: row.kid,
    algorithm: row.algorithm,
    privateJwk: privateJwk.open(row.private_jwk, row.kid).secret,
    createdAt: toDate(row.created_at),
    activeFrom: toDate(row.active_from),
    retiredAt: toDate(row.retired_at),
    retain: row.retain === 1,
  });

  return (connection) => ({
    add: async (key) => {
      const added = await connection.change(
        add({
          kid: key.kid,
          algorithm: key.algorithm,
          created_at: fromDate(key.createdAt),
          active_from: fromDate(key.activeFrom),
          retired_at: fromDate(key.retiredAt),
          retain: fromBoolean(key.retain),
          private_jwk: privateJwk.seal({ secret: key.privateJwk }, key.kid),
        }),
      );
      return added > 0;
    },
    list: async () => (await connection.rows(all({}))).map(toKey),
    retire: async (kid, at) => (await connection.change(retire({ kid, at: fromDate(at) }))) > 0,
    setRetain: async (kid, retain) =>
      (await connection.change(setRetain({ kid, retain: fromBoolean(retain) }))) > 0,
    remove: async (kid) => (await connection.change(remove({ kid }))) > 0,
  });
}

/** Owns the engine's records in SQL, and ending all of them that a person's proofs opened. */
import type { GrantStore } from '../../applications/grant-store.ts';
import type { OidcIndex, OidcRecord, OidcStore } from '../../protocols/oidc/oidc-store.ts';
import type { OnConnection, StoreParts } from './parts.ts';
import { removeInBatches } from './remove-in-batches.ts';
import type { Row } from './schema.ts';
import { statement, type Argument } from './statement.ts';
import { fromDate, toDate } from './values.ts';

type Found = Pick<Row<'oidc_record'>, 'id' | 'payload' | 'consumed_at'>;

export function prepareOidcStore({ build, seals }: StoreParts): OnConnection<OidcStore> {
  const sealedPayload = seals.sealed<Pick<OidcRecord, 'payload'>>('oidc_record', 'payload');

  const upsert = statement((is: Argument<Omit<Row<'oidc_record'>, 'consumed_at'>>) =>
    build
      .insertInto('oidc_record')
      .values({
        model: is('model'),
        id: is('id'),
        account_id: is('account_id'),
        client_id: is('client_id'),
        grant_id: is('grant_id'),
        uid: is('uid'),
        user_code: is('user_code'),
        expires_at: is('expires_at'),
        payload: is('payload'),
      })
      // What was spent stays spent: `consumed_at` is not among what is replaced.
      .onConflict((conflict) =>
        conflict.columns(['model', 'id']).doUpdateSet((row) => ({
          account_id: row.ref('excluded.account_id'),
          client_id: row.ref('excluded.client_id'),
          grant_id: row.ref('excluded.grant_id'),
          uid: row.ref('excluded.uid'),
          user_code: row.ref('excluded.user_code'),
          expires_at: row.ref('excluded.expires_at'),
          payload: row.ref('excluded.payload'),
        })),
      ),
  );
  const living = (is: Argument<{ model: string; now: number }>) =>
    build
      .selectFrom('oidc_record')
      .select(['id', 'payload', 'consumed_at'])
      .where('model', '=', is('model'))
      .where((row) => row.or([row('expires_at', 'is', null), row('expires_at', '>', is('now'))]));
  const byId = statement((is: Argument<{ model: string; id: Buffer; now: number }>) =>
    living(is).where('id', '=', is('id')),
  );
  const byUid = statement((is: Argument<{ model: string; value: Buffer; now: number }>) =>
    living(is).where('uid', '=', is('value')),
  );
  const byUserCode = statement((is: Argument<{ model: string; value: Buffer; now: number }>) =>
    living(is).where('user_code', '=', is('value')),
  );
  const byAccount = statement((is: Argument<{ model: string; accountId: string; now: number }>) =>
    living(is).where('account_id', '=', is('accountId')),
  );
  const consume = statement((is: Argument<{ model: string; id: Buffer; now: number }>) =>
    build
      .updateTable('oidc_record')
      .set({ consumed_at: is('now') })
      .where('model', '=', is('model'))
      .where('id', '=', is('id'))
      .where('consumed_at', 'is', null)
      .where((row) => row.or([row('expires_at', 'is', null), row('expires_at', '>', is('now'))])),
  );
  const destroy = statement((is: Argument<{ model: string; id: Buffer }>) =>
    build.deleteFrom('oidc_record').where('model', '=', is('model')).where('id', '=', is('id')),
  );
  const revoke = statement((is: Argument<{ grantId: Buffer }>) =>
    build.deleteFrom('oidc_record').where('grant_id', '=', is('grantId')),
  );
  const removeExpired = statement((is: Argument<{ now: number; limit: number }>) =>
    build
      .deleteFrom('oidc_record')
      .where(({ eb, refTuple, selectFrom }) =>
        eb(
          refTuple('model', 'id'),
          'in',
          selectFrom('oidc_record')
            .select(['model', 'id'])
            .where('expires_at', '<=', is('now'))
            .limit(is('limit'))
            .$asTuple('model', 'id'),
        ),
      ),
  );

  const idOf = (model: string, id: string): Buffer => seals.hash('oidc-id', model, id);
  const nameOf = (index: OidcIndex | 'grant', value: string): Buffer =>
    seals.hash(`oidc-${index}`, value);
  const statements = { uid: byUid, userCode: byUserCode };

  const toRecord = (model: string, row: Found | undefined): OidcRecord | undefined => {
    if (row === undefined) return undefined;
    const opened = sealedPayload.openOr(row.payload, row.id.toString('hex'), model);
    if (opened === undefined) return undefined;
    return { payload: opened.payload, consumedAt: toDate(row.consumed_at) };
  };

  return (connection) => ({
    upsert: async (model, id, payload, expiresAt) => {
      const key = idOf(model, id);
      const hashed = (index: OidcIndex | 'grant', value: string | null): Buffer | null =>
        value === null ? null : nameOf(index, value);
      await connection.change(
        upsert({
          model,
          id: key,
          account_id: textIn(payload, 'accountId'),
          client_id: textIn(payload, 'clientId'),
          grant_id: hashed('grant', textIn(payload, 'grantId')),
          uid: hashed('uid', textIn(payload, 'uid')),
          user_code: hashed('userCode', textIn(payload, 'userCode')),
          expires_at: fromDate(expiresAt),
          payload: sealedPayload.seal({ payload }, key.toString('hex'), model),
        }),
      );
    },
    find: async (model, id, now) => {
      const values = { model, id: idOf(model, id), now: fromDate(now) };
      return toRecord(model, await connection.first(byId(values)));
    },
    findBy: async (model, index, value, now) => {
      const values = { model, value: nameOf(index, value), now: fromDate(now) };
      return toRecord(model, await connection.first(statements[index](values)));
    },
    listOf: async (model, accountId, now) => {
      const rows = await connection.rows(byAccount({ model, accountId, now: fromDate(now) }));
      return rows.flatMap((row) => toRecord(model, row) ?? []);
    },
    consume: async (model, id, now) => {
      const values = { model, id: idOf(model, id), now: fromDate(now) };
      return (await connection.change(consume(values))) > 0;
    },
    destroy: async (model, id) => {
      await connection.change(destroy({ model, id: idOf(model, id) }));
    },
    revokeByGrantId: (grantId) => connection.change(revoke({ grantId: nameOf('grant', grantId) })),
    removeExpired: (now) =>
      removeInBatches(connection, (limit) => removeExpired({ now: fromDate(now), limit })),
  });
}

/** What the engine keeps how somebody proved who they are with, and lives without their session. */
const provedModels = ['RefreshToken', 'AuthorizationCode'];

export function prepareGrantStore(parts: StoreParts): OnConnection<GrantStore> {
  const { build } = parts;
  const records = prepareOidcStore(parts);
  const removeAll = statement((is: Argument<{ userId: string }>) =>
    build
      .deleteFrom('oidc_record')
      .where('account_id', '=', is('userId'))
      // The engine's own word for what it knows of a browser.
      .where('model', '!=', 'Session'),
  );
  return (connection) => ({
    removeAll: (userId) => connection.change(removeAll({ userId })),
    removeProvedBy: async (userId, amr, now) => {
      const oidc = records(connection);
      const grants = new Set<string>();
      for (const model of provedModels) {
        for (const { payload } of await oidc.listOf(model, userId, now)) {
          const grantId = textIn(payload, 'grantId');
          if (grantId !== null && isProvedBy(payload, amr)) grants.add(grantId);
        }
      }
      let removed = 0;
      for (const grantId of grants) {
        removed += await oidc.revokeByGrantId(grantId);
        // Whoever renews a token at this very moment finds that it has no grant.
        await oidc.destroy('Grant', grantId);
      }
      return removed;
    },
  });
}

function isProvedBy(payload: OidcRecord['payload'], ways: readonly string[]): boolean {
  const amr = payload['amr'];
  return Array.isArray(amr) && amr.some((way) => ways.includes(way));
}

function textIn(payload: OidcRecord['payload'], name: string): string | null {
  const value = payload[name];
  return typeof value === 'string' ? value : null;
}

/** Owns trusted devices in SQL. */
import type { TrustedDeviceStore } from '../../sessions/trusted-device-store.ts';
import type { TrustedDevice } from '../../sessions/trusted-device.ts';
import type { OnConnection, StoreParts } from './parts.ts';
import { removeInBatches } from './remove-in-batches.ts';
import type { Row } from './schema.ts';
import { statement, type Argument } from './statement.ts';
import { fromDate, toDate } from './values.ts';

/** What is sealed: all that must not be changed beside us, so that trust cannot be given away. */
type Detail = Omit<TrustedDevice, 'id' | 'userId' | 'version' | 'lastUsedAt'>;

export function prepareTrustedDeviceStore({
  build,
  seals,
}: StoreParts): OnConnection<TrustedDeviceStore> {
  const sealed = seals.sealed<Detail>('trusted_device', 'detail');

  const add = statement((is: Argument<Row<'trusted_device'>>) =>
    build.insertInto('trusted_device').values({
      id: is('id'),
      user_id: is('user_id'),
      version: is('version'),
      last_used_at: is('last_used_at'),
      expires_at: is('expires_at'),
      detail: is('detail'),
    }),
  );
  const byId = statement((is: Argument<{ id: string; userId: string; now: number }>) =>
    build
      .selectFrom('trusted_device')
      .selectAll()
      .where('id', '=', is('id'))
      .where('user_id', '=', is('userId'))
      .where('expires_at', '>', is('now')),
  );
  const ofUser = statement((is: Argument<{ userId: string; now: number }>) =>
    build
      .selectFrom('trusted_device')
      .selectAll()
      .where('user_id', '=', is('userId'))
      .where('expires_at', '>', is('now'))
      .orderBy('last_used_at', 'desc')
      .orderBy('id'),
  );
  const use = statement((is: Argument<Row<'trusted_device'> & { next: number }>) =>
    build
      .updateTable('trusted_device')
      .set({ version: is('next'), last_used_at: is('last_used_at'), detail: is('detail') })
      .where('id', '=', is('id'))
      .where('user_id', '=', is('user_id'))
      .where('version', '=', is('version')),
  );
  const remove = statement((is: Argument<{ id: string; userId: string }>) =>
    build
      .deleteFrom('trusted_device')
      .where('id', '=', is('id'))
      .where('user_id', '=', is('userId')),
  );
  const removeAll = statement((is: Argument<{ userId: string }>) =>
    build.deleteFrom('trusted_device').where('user_id', '=', is('userId')),
  );
  const removeExpired = statement((is: Argument<{ now: number; limit: number }>) =>
    build
      .deleteFrom('trusted_device')
      .where('id', 'in', (some) =>
        some
          .selectFrom('trusted_device')
          .select('id')
          .where('expires_at', '<=', is('now'))
          .limit(is('limit')),
      ),
  );

  // The version is sealed with the rest: an older row, put back, would make used values good again.
  const toRow = (
    { id, userId, version, lastUsedAt, ...detail }: TrustedDevice,
    sealedAs: number,
  ): Row<'trusted_device'> => ({
    id,
    user_id: userId,
    version,
    last_used_at: fromDate(lastUsedAt),
    expires_at: fromDate(detail.expiresAt),
    detail: sealed.seal(detail, id, userId, String(sealedAs)),
  });
  const toDevice = (row: Row<'trusted_device'>, now: Date): TrustedDevice | undefined => {
    const { id, user_id: userId, version } = row;
    const detail = sealed.openOr(row.detail, id, userId, String(version));
    // The column only finds it; when it ends is what was sealed.
    if (detail === undefined || detail.expiresAt <= now) return undefined;
    return { ...detail, id, userId, version, lastUsedAt: toDate(row.last_used_at) };
  };

  return (connection) => ({
    add: async (device) => {
      await connection.change(add(toRow(device, device.version)));
    },
    find: async (id, userId, now) => {
      const row = await connection.first(byId({ id, userId, now: fromDate(now) }));
      return row === undefined ? undefined : toDevice(row, now);
    },
    use: async (device) => {
      const next = device.version + 1;
      return (await connection.change(use({ ...toRow(device, next), next }))) > 0;
    },
    list: async (userId, now) => {
      const rows = await connection.rows(ofUser({ userId, now: fromDate(now) }));
      return rows.flatMap((row) => toDevice(row, now) ?? []);
    },
    remove: async (id, userId) => (await connection.change(remove({ id, userId }))) > 0,
    removeAll: (userId) => connection.change(removeAll({ userId })),
    removeExpired: (now) =>
      removeInBatches(connection, (limit) => removeExpired({ now: fromDate(now), limit })),
  });
}

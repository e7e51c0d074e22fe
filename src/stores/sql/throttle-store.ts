/** Owns counters in SQL. */
import type { ThrottleStore } from '../../throttle/throttle-store.ts';
import { fresh, type CounterRecord } from '../../throttle/throttle.ts';
import { fromPlainJson, toJson } from './json.ts';
import type { OnConnection, StoreParts } from './parts.ts';
import { removeInBatches } from './remove-in-batches.ts';
import type { Row } from './schema.ts';
import { statement, type Argument } from './statement.ts';
import { fromDate } from './values.ts';

export function prepareThrottleStore({
  build,
  dialect,
  seals,
}: StoreParts): OnConnection<ThrottleStore> {
  const read = statement((is: Argument<{ id: Buffer }>) =>
    build.selectFrom('throttle').select('record').where('id', '=', is('id')),
  );
  const lock = statement((is: Argument<{ id: Buffer }>) =>
    dialect.forUpdate(build.selectFrom('throttle').select('record').where('id', '=', is('id'))),
  );
  const add = statement((is: Argument<Row<'throttle'>>) =>
    build
      .insertInto('throttle')
      .values({ id: is('id'), record: is('record'), last_used_at: is('last_used_at') })
      .onConflict((conflict) => conflict.column('id').doNothing()),
  );
  const write = statement((is: Argument<Row<'throttle'>>) =>
    build
      .updateTable('throttle')
      .set({ record: is('record'), last_used_at: is('last_used_at') })
      .where('id', '=', is('id')),
  );
  const put = statement((is: Argument<Row<'throttle'>>) =>
    build
      .insertInto('throttle')
      .values({ id: is('id'), record: is('record'), last_used_at: is('last_used_at') })
      .onConflict((conflict) =>
        conflict
          .column('id')
          .doUpdateSet({ record: is('record'), last_used_at: is('last_used_at') }),
      ),
  );
  const clear = statement((is: Argument<{ id: Buffer }>) =>
    build.deleteFrom('throttle').where('id', '=', is('id')),
  );
  const forget = statement((is: Argument<{ before: number; limit: number }>) =>
    build
      .deleteFrom('throttle')
      .where('id', 'in', (some) =>
        some
          .selectFrom('throttle')
          .select('id')
          .where('last_used_at', '<', is('before'))
          .limit(is('limit')),
      ),
  );

  // One request asks for the same counter several times: whether it may, to raise it, to clear it.
  let last: { readonly key: string; readonly id: Buffer } | undefined;
  const idOf = (key: string): Buffer => {
    if (last?.key !== key) last = { key, id: seals.hash('throttle', key) };
    return last.id;
  };
  const toRow = (id: Buffer, record: CounterRecord): Row<'throttle'> => ({
    id,
    record: toJson(record),
    // A pause counts as use: it must not be forgotten before it is over.
    last_used_at: Math.max(record.events.at(-1) ?? 0, record.pausedUntil),
  });

  const toRecord = (row: Pick<Row<'throttle'>, 'record'> | undefined): CounterRecord | undefined =>
    row === undefined ? undefined : fromPlainJson<CounterRecord>(row.record);

  return (connection) => ({
    update: (key, change) =>
      connection.transact(
        async (transaction) => {
          const id = idOf(key);
          for (;;) {
            const row = await transaction.first(lock({ id }));
            const { record, result } = change(toRecord(row));
            const store = row === undefined ? add : write;
            // None added: somebody else was first, so theirs is the record to change.
            if ((await transaction.change(store(toRow(id, record)))) > 0) return result;
          }
        },
        { hasty: true },
      ),
    lock: async (key) => {
      const id = idOf(key);
      for (;;) {
        const row = await connection.first(lock({ id }));
        if (row !== undefined || dialect.engine === 'sqlite') return toRecord(row);
        // Beside other writers only what is there can be held.
        if ((await connection.change(add(toRow(id, fresh)))) > 0) return undefined;
      }
    },
    put: async (key, record) => {
      await connection.change(put(toRow(idOf(key), record)));
    },
    peek: async (key) => toRecord(await connection.first(read({ id: idOf(key) }))),
    clear: async (key) => {
      await connection.change(clear({ id: idOf(key) }));
    },
    forget: (before) =>
      removeInBatches(connection, (limit) => forget({ before: fromDate(before), limit })),
  });
}

/** Owns closed blocks of numbers in SQL. */
import type { ClosedPrefix, ClosedPrefixStore } from '../../delivery/closed-prefix-store.ts';
import type { OnConnection, StoreParts } from './parts.ts';
import type { Row } from './schema.ts';
import { statement, type Argument } from './statement.ts';
import { fromDate, toDate } from './values.ts';

export function prepareClosedPrefixStore({ build }: StoreParts): OnConnection<ClosedPrefixStore> {
  const one = statement((is: Argument<{ prefix: string }>) =>
    build.selectFrom('closed_prefix').selectAll().where('prefix', '=', is('prefix')),
  );
  const all = statement(() =>
    build.selectFrom('closed_prefix').selectAll().orderBy('closed_at', 'desc').orderBy('prefix'),
  );
  const close = statement((is: Argument<Omit<Row<'closed_prefix'>, 'opened_at' | 'opened_by'>>) =>
    build
      .insertInto('closed_prefix')
      .values({
        prefix: is('prefix'),
        closed_at: is('closed_at'),
        sent: is('sent'),
        answered: is('answered'),
      })
      .onConflict((conflict) =>
        conflict
          .column('prefix')
          .doUpdateSet({
            closed_at: is('closed_at'),
            sent: is('sent'),
            answered: is('answered'),
            opened_at: null,
            opened_by: null,
          })
          .where('closed_prefix.opened_at', 'is not', null),
      ),
  );
  const open = statement((is: Argument<{ prefix: string; at: number; by: string }>) =>
    build
      .updateTable('closed_prefix')
      .set({ opened_at: is('at'), opened_by: is('by') })
      .where('prefix', '=', is('prefix'))
      .where('opened_at', 'is', null),
  );

  return (connection) => ({
    find: async (prefix) => {
      const row = await connection.first(one({ prefix }));
      return row === undefined ? undefined : toClosed(row);
    },
    list: async () => (await connection.rows(all({}))).map(toClosed),
    close: async ({ prefix, closedAt, sent, answered }) =>
      (await connection.change(close({ prefix, closed_at: fromDate(closedAt), sent, answered }))) >
      0,
    open: async (prefix, { at, by }) =>
      (await connection.change(open({ prefix, at: fromDate(at), by }))) > 0,
  });
}

function toClosed(row: Row<'closed_prefix'>): ClosedPrefix {
  const { prefix, sent, answered, opened_at: openedAt, opened_by: by } = row;
  return {
    prefix,
    closedAt: toDate(row.closed_at),
    sent,
    answered,
    ...(openedAt === null || by === null ? {} : { opened: { at: toDate(openedAt), by } }),
  };
}

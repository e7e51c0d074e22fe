/** Owns what was heard already, in SQL. Its table is called after what it kept first. */
import type { HeardStore } from '../../protocols/webhooks/heard-store.ts';
import type { OnConnection, StoreParts } from './parts.ts';
import { removeInBatches } from './remove-in-batches.ts';
import { statement, type Argument } from './statement.ts';
import { fromDate } from './values.ts';

export function prepareHeardStore({ build }: StoreParts): OnConnection<HeardStore> {
  const add = statement((is: Argument<{ provider: string; eventId: string; now: number }>) =>
    build
      .insertInto('provider_report')
      .values({ provider: is('provider'), event_id: is('eventId'), noted_at: is('now') })
      .onConflict((conflict) => conflict.doNothing()),
  );
  const remove = statement((is: Argument<{ provider: string; eventId: string }>) =>
    build
      .deleteFrom('provider_report')
      .where('provider', '=', is('provider'))
      .where('event_id', '=', is('eventId')),
  );
  const forget = statement((is: Argument<{ before: number; limit: number }>) =>
    build
      .deleteFrom('provider_report')
      .where(({ eb, refTuple, selectFrom }) =>
        eb(
          refTuple('provider', 'event_id'),
          'in',
          selectFrom('provider_report')
            .select(['provider', 'event_id'])
            .where('noted_at', '<', is('before'))
            .limit(is('limit'))
            .$asTuple('provider', 'event_id'),
        ),
      ),
  );

  return (connection) => ({
    firstTime: async (provider, eventId, now) =>
      (await connection.change(add({ provider, eventId, now: fromDate(now) }))) > 0,
    takeBack: async (provider, eventId) => {
      await connection.change(remove({ provider, eventId }));
    },
    forget: (before) =>
      removeInBatches(connection, (limit) => forget({ before: fromDate(before), limit })),
  });
}

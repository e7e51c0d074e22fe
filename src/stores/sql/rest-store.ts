/** Owns the list of resting providers in SQL. */
import type { Rest, RestStore } from '../../delivery/rest-store.ts';
import type { MessageKind } from '../../delivery/message.ts';
import type { OnConnection, StoreParts } from './parts.ts';
import type { Row } from './schema.ts';
import { statement, type Argument } from './statement.ts';
import { fromDate, toDate } from './values.ts';

export function prepareRestStore({ build }: StoreParts): OnConnection<RestStore> {
  const all = statement(() => build.selectFrom('resting_provider').selectAll());
  const begin = statement((is: Argument<Row<'resting_provider'>>) =>
    build
      .insertInto('resting_provider')
      .values({
        provider: is('provider'),
        kind: is('kind'),
        since: is('since'),
        probe_at: is('probe_at'),
        fault: is('fault'),
      })
      .onConflict((conflict) =>
        conflict.columns(['provider', 'kind']).doUpdateSet(({ eb, ref }) => ({
          fault: is('fault'),
          probe_at: eb
            .case()
            .when('resting_provider.probe_at', '>', ref('excluded.probe_at'))
            .then(ref('resting_provider.probe_at'))
            .else(ref('excluded.probe_at'))
            .end(),
        })),
      ),
  );
  const claim = statement(
    (is: Argument<{ provider: string; kind: MessageKind; now: number; next: number }>) =>
      build
        .updateTable('resting_provider')
        .set({ probe_at: is('next') })
        .where('provider', '=', is('provider'))
        .where('kind', '=', is('kind'))
        .where('probe_at', '<=', is('now')),
  );
  const end = statement((is: Argument<{ provider: string; kind: MessageKind }>) =>
    build
      .deleteFrom('resting_provider')
      .where('provider', '=', is('provider'))
      .where('kind', '=', is('kind')),
  );

  return (connection) => ({
    list: async () => (await connection.rows(all({}))).map(toRest),
    begin: async ({ provider, kind, since, probeAt, fault }) => {
      const times = { since: fromDate(since), probe_at: fromDate(probeAt) };
      await connection.change(begin({ provider, kind, fault, ...times }));
    },
    claimProbe: async (provider, kind, now, nextProbeAt) => {
      const next = fromDate(nextProbeAt);
      return (await connection.change(claim({ provider, kind, now: fromDate(now), next }))) > 0;
    },
    end: async (provider, kind) => {
      await connection.change(end({ provider, kind }));
    },
  });
}

function toRest({ provider, kind, since, probe_at, fault }: Row<'resting_provider'>): Rest {
  return { provider, kind, since: toDate(since), probeAt: toDate(probe_at), fault };
}

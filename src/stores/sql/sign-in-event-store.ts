/** Owns the sign-in log in SQL. */
import { sql } from 'kysely';

import {
  decidedBy,
  type SignInAspect,
  type SignInEvent,
  type SignInEventStore,
  type SignInFilter,
} from '../../audit/sign-in-event.ts';
import { fromJson, toJson } from './json.ts';
import type { OnConnection, StoreParts } from './parts.ts';
import type { Row } from './schema.ts';
import { once, statement, type Argument } from './statement.ts';
import { dayMilliseconds, fromDate, orNull } from './values.ts';

export function prepareSignInEventStore({ build }: StoreParts): OnConnection<SignInEventStore> {
  const put = statement((is: Argument<Row<'sign_in_event'>>) =>
    build
      .insertInto('sign_in_event')
      .values({
        id: is('id'),
        user_id: is('user_id'),
        at: is('at'),
        detail: is('detail'),
        name: is('name'),
        application_id: is('application_id'),
        result: is('result'),
        reason: is('reason'),
        method: is('method'),
        address: is('address'),
      })
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet((row) => ({
          user_id: row.ref('excluded.user_id'),
          at: row.ref('excluded.at'),
          detail: row.ref('excluded.detail'),
          name: row.ref('excluded.name'),
          application_id: row.ref('excluded.application_id'),
          result: row.ref('excluded.result'),
          reason: row.ref('excluded.reason'),
          method: row.ref('excluded.method'),
          address: row.ref('excluded.address'),
        })),
      ),
  );
  const byId = statement((is: Argument<{ id: string }>) =>
    build.selectFrom('sign_in_event').select(['user_id', 'detail']).where('id', '=', is('id')),
  );

  const narrowed = (filter: SignInFilter) => {
    const { userId, typedName, applicationId, result, reason, method, address } = filter;
    let query = build.selectFrom('sign_in_event');
    if (userId !== undefined) query = query.where('user_id', '=', userId);
    if (typedName !== undefined) {
      query = query.where('user_id', 'is', null).where('name', '=', typedName.toLowerCase());
    }
    if (applicationId !== undefined) query = query.where('application_id', '=', applicationId);
    if (result !== undefined) query = query.where('result', '=', result);
    if (reason !== undefined) query = query.where('reason', '=', reason);
    if (method !== undefined) query = query.where('method', '=', method);
    if (address !== undefined) query = query.where('address', '=', address);
    if (filter.from !== undefined) query = query.where('at', '>=', fromDate(filter.from));
    if (filter.before !== undefined) query = query.where('at', '<', fromDate(filter.before));
    return query;
  };

  return (connection) => ({
    put: async (event) => {
      await connection.change(
        put({
          id: event.id,
          user_id: orNull(event.userId),
          at: fromDate(event.at),
          detail: toJson(event),
          name: event.userPrincipalName.toLowerCase(),
          application_id: event.applicationId ?? '',
          result: event.result,
          reason: event.reason,
          method: decidedBy(event),
          address: event.address,
        }),
      );
    },
    find: async (id, userId) => {
      const row = await connection.first(byId({ id }));
      if (row === undefined || (userId !== undefined && row.user_id !== userId)) return undefined;
      return fromJson<SignInEvent>(row.detail);
    },
    list: async ({ behind, limit, ...filter }) => {
      let found = narrowed(filter)
        .select(['id as found', 'at as moment'])
        .orderBy('at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit);
      if (behind !== undefined) {
        const at = fromDate(behind.at);
        found = found
          .where('at', '<=', at)
          .where(({ or, eb }) => or([eb('at', '<', at), eb('id', '<', behind.id)]));
      }
      // Found in an index alone; only those of the page are read whole.
      const query = build
        .selectFrom(found.as('page'))
        .innerJoin('sign_in_event', 'sign_in_event.id', 'page.found')
        .select('sign_in_event.detail')
        .orderBy('page.moment', 'desc')
        .orderBy('page.found', 'desc');
      const rows = await connection.rows(once(query));
      return rows.map(({ detail }) => fromJson<SignInEvent>(detail));
    },
    tally: async (filter, by) => {
      const from = sql.lit(fromDate(filter.from));
      const aspects = {
        day: sql<number>`(at - ${from}) / ${sql.lit(dayMilliseconds)}`,
        result: sql<SignInEvent['result']>`result`,
        method: sql<string>`method`,
        reason: sql<string>`reason`,
        applicationId: sql<string>`application_id`,
      } as const satisfies Readonly<Record<SignInAspect, unknown>>;
      const has = (aspect: SignInAspect): boolean => by.includes(aspect);
      const query = narrowed(filter)
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .$if(has('day'), (narrow) => narrow.select(aspects.day.as('day')))
        .$if(has('result'), (narrow) => narrow.select(aspects.result.as('result')))
        .$if(has('method'), (narrow) => narrow.select(aspects.method.as('method')))
        .$if(has('reason'), (narrow) => narrow.select(aspects.reason.as('reason')))
        .$if(has('applicationId'), (narrow) =>
          narrow.select(aspects.applicationId.as('applicationId')),
        )
        .$if(by.length > 0, (all) => all.groupBy(by.map((aspect) => aspects[aspect])));
      const rows = await connection.rows(once(query));
      return rows.flatMap(({ count, day, ...rest }) =>
        Number(count) === 0
          ? []
          : [{ ...rest, count: Number(count), ...(day === undefined ? {} : { day: Number(day) }) }],
      );
    },
  });
}

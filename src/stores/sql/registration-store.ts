/** Owns registrations in SQL. */
import { sql, type RawBuilder } from 'kysely';

import { TweestapError } from '../../errors/errors.ts';
import type { RegistrationStore } from '../../registrations/registration-store.ts';
import type { Registration } from '../../registrations/registration.ts';
import { fromPlainJson } from './json.ts';
import type { OnConnection, StoreParts } from './parts.ts';
import { rememberedRows } from './remembered-rows.ts';
import type { Row } from './schema.ts';
import { once, statement, type Argument } from './statement.ts';
import { fromDate, toDate } from './values.ts';

export function prepareRegistrationStore({
  build,
  seals,
}: StoreParts): OnConnection<RegistrationStore> {
  const secret = seals.sealed<{ readonly secret: unknown }>('registration', 'secret', {
    remembers: 256,
  });

  const add = statement((is: Argument<Row<'registration'>>) =>
    build
      .insertInto('registration')
      .values({
        id: is('id'),
        user_id: is('user_id'),
        kind: is('kind'),
        slot: is('slot'),
        version: is('version'),
        created_at: is('created_at'),
        last_used_at: is('last_used_at'),
        secret: is('secret'),
        binding: is('binding'),
        suspended_at: is('suspended_at'),
        ends_at: is('ends_at'),
      })
      .onConflict((conflict) => conflict.columns(['user_id', 'kind', 'slot']).doNothing()),
  );
  const ofUser = statement((is: Argument<{ userId: string }>) =>
    build
      .selectFrom('registration')
      .selectAll()
      .where('user_id', '=', is('userId'))
      .orderBy('created_at')
      .orderBy('id'),
  );
  const byId = statement((is: Argument<{ id: string }>) =>
    build.selectFrom('registration').selectAll().where('id', '=', is('id')),
  );
  const idsOf = statement((is: Argument<{ kind: string; after: string; limit: number }>) =>
    build
      .selectFrom('registration')
      .select('id')
      .where('kind', '=', is('kind'))
      .where('id', '>', is('after'))
      .orderBy('id')
      .limit(is('limit')),
  );
  const use = statement(
    (is: Argument<{ id: string; version: number; next: number; secret: Buffer; now: number }>) =>
      build
        .updateTable('registration')
        .set({ secret: is('secret'), version: is('next'), last_used_at: is('now') })
        .where('id', '=', is('id'))
        .where('version', '=', is('version')),
  );
  const replace = statement(
    (is: Argument<{ id: string; version: number; next: number; secret: Buffer }>) =>
      build
        .updateTable('registration')
        .set({ secret: is('secret'), version: is('next') })
        .where('id', '=', is('id'))
        .where('version', '=', is('version')),
  );
  const touch = statement((is: Argument<{ id: string; now: number }>) =>
    build
      .updateTable('registration')
      .set({ last_used_at: is('now') })
      .where('id', '=', is('id')),
  );
  const suspend = statement((is: Argument<{ id: string; now: number }>) =>
    build
      .updateTable('registration')
      .set({ suspended_at: is('now') })
      .where('id', '=', is('id'))
      .where('suspended_at', 'is', null),
  );
  const suspendAll = statement((is: Argument<{ userId: string; now: number }>) =>
    build
      .updateTable('registration')
      .set({ suspended_at: is('now') })
      .where('user_id', '=', is('userId'))
      .where('suspended_at', 'is', null),
  );
  const resumeAll = statement((is: Argument<{ userId: string }>) =>
    build
      .updateTable('registration')
      .set({ suspended_at: null })
      .where('user_id', '=', is('userId'))
      .where('suspended_at', 'is not', null),
  );
  const remove = statement((is: Argument<{ id: string; userId: string }>) =>
    build.deleteFrom('registration').where('id', '=', is('id')).where('user_id', '=', is('userId')),
  );
  const removeAll = statement((is: Argument<{ userId: string }>) =>
    build.deleteFrom('registration').where('user_id', '=', is('userId')),
  );

  const removeEnded = statement((is: Argument<{ now: number }>) =>
    build.deleteFrom('registration').where('ends_at', '<=', is('now')),
  );

  const bindingOf = (id: string, userId: string, kind: string): Buffer =>
    seals.hash('registration', id, userId, kind);

  // Passing over a damaged one would make its owner look like somebody who has to register anew.
  const toRegistration = rememberedRows(1_024, (row: Row<'registration'>): Registration => {
    if (!bindingOf(row.id, row.user_id, row.kind).equals(row.binding)) {
      seals.report({ table: 'registration', row: row.id });
      throw new TweestapError('RECORD_DAMAGED', {
        details: { table: 'registration', row: row.id },
      });
    }
    return {
      id: row.id,
      userId: row.user_id,
      kind: row.kind,
      slot: row.slot,
      secret: secret.open(row.secret, row.id).secret,
      version: row.version,
      createdAt: toDate(row.created_at),
      lastUsedAt: toDate(row.last_used_at),
      ...(row.suspended_at === null ? {} : { suspendedAt: toDate(row.suspended_at) }),
      ...(row.ends_at === null ? {} : { endsAt: toDate(row.ends_at) }),
    };
  });

  return (connection) => ({
    add: async (registration) => {
      const { id, userId, kind, slot, version, createdAt, lastUsedAt } = registration;
      const added = await connection.change(
        add({
          id,
          user_id: userId,
          kind,
          slot,
          version,
          created_at: fromDate(createdAt),
          last_used_at: fromDate(lastUsedAt),
          secret: secret.seal({ secret: registration.secret }, id),
          binding: bindingOf(id, userId, kind),
          suspended_at: fromDate(registration.suspendedAt),
          ends_at: fromDate(registration.endsAt),
        }),
      );
      return added > 0;
    },
    list: async (userId) => (await connection.rows(ofUser({ userId }))).map(toRegistration),
    kindsOf: async (userIds) => {
      const kinds = new Map<string, readonly string[]>();
      if (userIds.length === 0) return kinds;
      const query = build
        .selectFrom('registration')
        .select(['user_id', 'kind'])
        .distinct()
        .where('user_id', 'in', userIds)
        .orderBy('user_id')
        .orderBy('kind');
      for (const { user_id: id, kind } of await connection.rows(once(query))) {
        kinds.set(id, [...(kinds.get(id) ?? []), kind]);
      }
      return kinds;
    },
    countPeople: async (having, lacking = []) => {
      if (having.length === 0) return 0;
      const query = build
        .selectFrom('registration as had')
        .select(({ fn }) => fn.count<number | string>('had.user_id').distinct().as('people'))
        .where(({ eb, or, and }) =>
          or(
            having.map(({ kind, slots }) =>
              and([eb('had.kind', '=', kind), eb('had.slot', 'in', [...slots, ''])]),
            ),
          ),
        );
      const narrowed =
        lacking.length === 0
          ? query
          : query.where(({ not, exists, selectFrom }) =>
              not(
                exists(
                  selectFrom('registration as other')
                    .select('other.user_id')
                    .whereRef('other.user_id', '=', 'had.user_id')
                    .where(({ eb, or, and }) =>
                      or(
                        lacking.map(({ kind, slots }) =>
                          and([
                            eb('other.kind', '=', kind),
                            eb('other.slot', 'in', [...slots, '']),
                          ]),
                        ),
                      ),
                    ),
                ),
              ),
            );
      const row = await connection.first(once(narrowed));
      return Number(row?.people ?? 0);
    },
    coverage: async (kinds) => {
      // Which kinds somebody has, as the sum of a power of two for each.
      const having = build
        .selectFrom('registration')
        .select(({ fn }) => ['user_id', fn.sum<number>(powerOf(kinds)).distinct().as('kinds')])
        .where('kind', 'in', [...kinds, ''])
        .groupBy('user_id');
      const query = build
        .selectFrom('user')
        .leftJoin(having.as('having'), 'having.user_id', 'user.id')
        .select(({ fn }) => ['groups', 'role', 'having.kinds', fn.countAll<number>().as('people')])
        .where('account_enabled', '=', 1)
        .groupBy(['groups', 'role', 'having.kinds']);
      return (await connection.rows(once(query))).map((row) => ({
        groups: fromPlainJson(row.groups),
        role: row.role,
        kinds: kinds.filter(
          (_, index) => Math.floor(Number(row.kinds ?? 0) / 2 ** index) % 2 === 1,
        ),
        people: Number(row.people),
      }));
    },
    find: async (id) => {
      const row = await connection.first(byId({ id }));
      return row === undefined ? undefined : toRegistration(row);
    },
    idsOf: async (kind, after, limit) =>
      (await connection.rows(idsOf({ kind, after, limit }))).map(({ id }) => id),
    use: async (id, version, changed, now) => {
      const used = await connection.change(
        use({
          id,
          version,
          next: version + 1,
          secret: secret.seal({ secret: changed }, id),
          now: fromDate(now),
        }),
      );
      return used > 0;
    },
    replace: async (id, version, changed) => {
      const replaced = await connection.change(
        replace({ id, version, next: version + 1, secret: secret.seal({ secret: changed }, id) }),
      );
      return replaced > 0;
    },
    touch: async (id, now) => {
      await connection.change(touch({ id, now: fromDate(now) }));
    },
    suspend: async (id, now) => {
      await connection.change(suspend({ id, now: fromDate(now) }));
    },
    suspendAll: (userId, now) => connection.change(suspendAll({ userId, now: fromDate(now) })),
    resumeAll: (userId) => connection.change(resumeAll({ userId })),
    remove: async (id, userId) => (await connection.change(remove({ id, userId }))) > 0,
    removeAll: (userId) => connection.change(removeAll({ userId })),
    removeEnded: (now) => connection.change(removeEnded({ now: fromDate(now) })),
  });
}

/** For each kind a power of two of its own. */
function powerOf(kinds: readonly string[]): RawBuilder<number> {
  if (kinds.length === 0) return sql.lit(0);
  const cases = kinds.map((kind, index) => sql`when ${kind} then ${sql.lit(2 ** index)}`);
  return sql<number>`case kind ${sql.join(cases, sql` `)} else 0 end`;
}

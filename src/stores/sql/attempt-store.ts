/** Owns attempts in SQL: one sealed document each, and the few columns that are searched. */
import { TweestapError } from '../../errors/errors.ts';
import type { AttemptStore } from '../../signin/attempt-store.ts';
import type { Attempt } from '../../signin/attempt.ts';
import type { OnConnection, StoreParts } from './parts.ts';
import { removeInBatches } from './remove-in-batches.ts';
import type { Row } from './schema.ts';
import { statement, type Argument } from './statement.ts';
import { fromBoolean, fromDate, orNull } from './values.ts';

export function prepareAttemptStore({
  build,
  dialect,
  seals,
}: StoreParts): OnConnection<AttemptStore> {
  const detail = seals.sealed<Attempt>('attempt', 'detail', { remembers: 256 });

  const add = statement((is: Argument<Row<'attempt'>>) =>
    build.insertInto('attempt').values({
      id: is('id'),
      version: is('version'),
      user_id: is('user_id'),
      expires_at: is('expires_at'),
      finished: is('finished'),
      asks_app_of: is('asks_app_of'),
      pairing: is('pairing'),
      detail: is('detail'),
    }),
  );
  const byId = statement((is: Argument<{ id: string }>) =>
    build.selectFrom('attempt').select(['version', 'detail']).where('id', '=', is('id')),
  );
  const lock = statement((is: Argument<{ id: string }>) =>
    dialect.forUpdate(
      build.selectFrom('attempt').select(['version', 'detail']).where('id', '=', is('id')),
    ),
  );
  const lockVersion = statement((is: Argument<{ id: string }>) =>
    dialect.forUpdate(build.selectFrom('attempt').select('version').where('id', '=', is('id'))),
  );
  const save = statement((is: Argument<Row<'attempt'> & { next: number }>) =>
    build
      .updateTable('attempt')
      .set({
        version: is('next'),
        user_id: is('user_id'),
        expires_at: is('expires_at'),
        finished: is('finished'),
        asks_app_of: is('asks_app_of'),
        pairing: is('pairing'),
        detail: is('detail'),
      })
      .where('id', '=', is('id'))
      .where('version', '=', is('version')),
  );
  const asking = statement((is: Argument<{ userId: string }>) =>
    build
      .selectFrom('attempt')
      .select(['id', 'version', 'detail'])
      .where('asks_app_of', '=', is('userId'))
      .where('finished', '=', 0),
  );
  const byPairing = statement((is: Argument<{ pairing: string }>) =>
    build
      .selectFrom('attempt')
      .select(['id', 'version', 'detail'])
      .where('pairing', '=', is('pairing'))
      .where('finished', '=', 0),
  );
  const open = statement((is: Argument<{ userId: string }>) =>
    build
      .selectFrom('attempt')
      .select(['id', 'version', 'detail'])
      .where('user_id', '=', is('userId'))
      .where('finished', '=', 0),
  );
  const remove = statement((is: Argument<{ id: string }>) =>
    build.deleteFrom('attempt').where('id', '=', is('id')),
  );
  const removeAll = statement((is: Argument<{ userId: string; except: string }>) =>
    build
      .deleteFrom('attempt')
      .where('user_id', '=', is('userId'))
      .where('finished', '=', 0)
      .where('id', '<>', is('except')),
  );
  const removeExpired = statement((is: Argument<{ now: number; limit: number }>) =>
    build
      .deleteFrom('attempt')
      .where('id', 'in', (some) =>
        some
          .selectFrom('attempt')
          .select('id')
          .where('expires_at', '<=', is('now'))
          .limit(is('limit')),
      ),
  );

  const toRow = (attempt: Attempt): Row<'attempt'> => ({
    id: attempt.id,
    version: attempt.version,
    user_id: orNull(attempt.identified?.userId ?? attempt.request.subject),
    expires_at: fromDate(attempt.expiresAt),
    finished: fromBoolean(attempt.finishedAt !== undefined),
    asks_app_of: orNull(attempt.challenge?.asksApp && attempt.identified?.userId),
    pairing: orNull(attempt.registration?.draft?.pairing),
    detail: detail.seal(attempt, attempt.id),
  });
  const toAttempt = (
    id: string,
    row: Pick<Row<'attempt'>, 'version' | 'detail'> | undefined,
  ): Attempt | undefined => {
    if (row === undefined) return undefined;
    const attempt = detail.openOr(row.detail, id);
    return attempt === undefined ? undefined : { ...attempt, version: row.version };
  };

  return (connection) => ({
    add: async (attempt) => {
      await connection.changeHastily(add(toRow(attempt)));
    },
    find: async (id) => toAttempt(id, await connection.first(byId({ id }))),
    lock: async (id, seen) => {
      // What was read a moment ago need not be read again while it is the newest: it is long.
      if (seen?.id === id) {
        const row = await connection.first(lockVersion({ id }));
        if (row?.version === seen.version) return seen;
      }
      return toAttempt(id, await connection.first(lock({ id })));
    },
    save: async (attempt) => {
      const changed = await connection.change(
        save({ ...toRow(attempt), next: attempt.version + 1 }),
      );
      if (changed === 0) throw new TweestapError('ATTEMPT_CHANGED');
    },
    listAsking: async (userId) =>
      (await connection.rows(asking({ userId }))).flatMap(
        ({ id, ...row }) => toAttempt(id, row) ?? [],
      ),
    findPairing: async (pairing) => {
      const row = await connection.first(byPairing({ pairing }));
      return row === undefined ? undefined : toAttempt(row.id, row);
    },
    listOpen: async (userId) =>
      (await connection.rows(open({ userId }))).flatMap(
        ({ id, ...row }) => toAttempt(id, row) ?? [],
      ),
    remove: async (id) => {
      await connection.change(remove({ id }));
    },
    removeAll: (userId, except = '') => connection.change(removeAll({ userId, except })),
    removeExpired: (now) =>
      removeInBatches(connection, (limit) => removeExpired({ now: fromDate(now), limit })),
  });
}

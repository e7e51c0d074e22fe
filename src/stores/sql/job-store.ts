/** Owns long work in SQL. */
import { sql } from 'kysely';

import type { Job, JobItem, JobState } from '../../administration/jobs/job.ts';
import type { JobStore } from '../../administration/jobs/job-store.ts';
import { TweestapError } from '../../errors/errors.ts';
import type { Connection } from './connection.ts';
import type { OnConnection, StoreParts } from './parts.ts';
import { removeInBatches } from './remove-in-batches.ts';
import type { Row } from './schema.ts';
import { once, statement, type Argument } from './statement.ts';
import { fromDate, orNull, orUndefined, toDate } from './values.ts';

/** Sealed with its state, so that nobody else begins a draft, or does once more what is done. */
type Detail = Pick<Job, 'state' | 'task' | 'by' | 'isBeingRead' | 'gathers' | 'stopped'>;
/** Sealed with whose turn it is, so that nobody else is put in their place. */
type ItemInput = Pick<JobItem, 'userId' | 'input'>;

/** So many items go into one statement: both databases take as many arguments as that needs. */
const portion = 500;

export function prepareJobStore({ build, dialect, seals }: StoreParts): OnConnection<JobStore> {
  const detail = seals.sealed<Detail>('job', 'detail');
  const input = seals.sealed<ItemInput>('job_item', 'input');
  const secret = seals.sealed<string>('job_item', 'secret');
  // Written out, not a parameter: the partial index is used only where the words are the same.
  const isRunning = sql<boolean>`state = 'running'`;

  const lease = statement(
    (is: Argument<{ now: number; until: number; from: string; to: string }>) =>
      build
        .with('due', (due) =>
          dialect.forUpdateSkippingLocked(
            due
              .selectFrom('job')
              .select('id')
              .where(isRunning)
              .where('due_at', '<=', is('now'))
              .where('id', '>=', is('from'))
              .where('id', '<=', is('to'))
              .orderBy('due_at')
              .orderBy('id')
              .limit(1),
          ),
        )
        .updateTable('job')
        .set({ due_at: is('until') })
        .where('id', 'in', (due) => due.selectFrom('due').select('id'))
        .returningAll(),
  );
  const openItems = statement((is: Argument<{ job: string; limit: number }>) =>
    build
      .selectFrom('job_item')
      .selectAll()
      .where('job_id', '=', is('job'))
      .where('result', 'is', null)
      .orderBy('number')
      .limit(is('limit')),
  );
  const settle = statement(
    (is: Argument<{ job: string; number: number; result: string; secret: Buffer | null }>) =>
      build
        .updateTable('job_item')
        .set({ result: is('result'), secret: is('secret'), input: null })
        .where('job_id', '=', is('job'))
        .where('number', '=', is('number'))
        .where('result', 'is', null),
  );
  const tally = statement((is: Argument<{ job: string }>) =>
    build
      .selectFrom('job_item')
      .select(['result', ({ fn }) => fn.countAll<number>().as('count')])
      .where('job_id', '=', is('job'))
      .groupBy('result')
      .orderBy('count', 'desc')
      .orderBy('result'),
  );
  const secrets = statement((is: Argument<{ job: string; limit: number }>) =>
    dialect.forUpdate(
      build
        .selectFrom('job_item')
        .select(['number', 'name', 'secret'])
        .where('job_id', '=', is('job'))
        .where('secret', 'is not', null)
        .orderBy('number')
        .limit(is('limit')),
    ),
  );

  const opened = (row: Row<'job'>): Detail => {
    const kept = detailOf(detail.open(row.detail, row.id));
    if (kept.state === row.state) return kept;
    seals.report({ table: 'job', row: row.id });
    throw new TweestapError('RECORD_DAMAGED', { details: { table: 'job', row: row.id } });
  };
  const toJob = (row: Row<'job'>): Job => ({
    id: row.id,
    createdAt: toDate(row.created_at),
    dueAt: toDate(row.due_at),
    finishedAt: toDate(row.finished_at),
    ...opened(row),
  });
  const columnsOf = ({ id, state, createdAt, dueAt, finishedAt, ...rest }: Job): Row<'job'> => ({
    id,
    state,
    created_at: fromDate(createdAt),
    due_at: fromDate(dueAt),
    finished_at: fromDate(finishedAt),
    detail: detail.seal(detailOf({ ...rest, state }), id),
  });
  const place = (jobId: string, number: number): readonly [string, string] => [
    jobId,
    String(number),
  ];

  const remove = async (connection: Connection, id: string): Promise<void> => {
    await removeInBatches(connection, (limit) =>
      once(
        build
          .deleteFrom('job_item')
          .where('job_id', '=', id)
          .where('number', 'in', (some) =>
            some.selectFrom('job_item').select('number').where('job_id', '=', id).limit(limit),
          ),
      ),
    );
    await connection.change(once(build.deleteFrom('job').where('id', '=', id)));
  };

  return (connection) => ({
    add: async (job) => {
      await connection.change(once(build.insertInto('job').values(columnsOf(job))));
    },
    find: async (id) => {
      const query = build.selectFrom('job').selectAll().where('id', '=', id);
      const row = await connection.first(once(query));
      return row === undefined ? undefined : toJob(row);
    },
    list: async (limit) => {
      const query = build
        .selectFrom('job')
        .selectAll()
        .orderBy('created_at', 'desc')
        .orderBy('id')
        .limit(limit);
      return (await connection.rows(once(query))).map(toJob);
    },
    lease: async (now, until, id) => {
      const which = { from: id ?? '', to: id ?? '\u{10FFFF}' };
      const times = { now: fromDate(now), until: fromDate(until) };
      const row = await connection.first(lease({ ...times, ...which }));
      return row === undefined ? undefined : toJob(row);
    },
    save: async (job, from: JobState) => {
      const { id, created_at: _, ...columns } = columnsOf(job);
      const query = build
        .updateTable('job')
        .set(columns)
        .where('id', '=', id)
        .where('state', '=', from);
      return (await connection.change(once(query))) > 0;
    },
    addItems: async (jobId, items) => {
      for (let from = 0; from < items.length; from += portion) {
        const values = items.slice(from, from + portion).map((item) => ({
          job_id: jobId,
          number: item.number,
          user_id: orNull(item.userId),
          name: item.name,
          input:
            item.result === undefined
              ? input.seal({ userId: item.userId, input: item.input }, ...place(jobId, item.number))
              : null,
          secret: null,
          result: orNull(item.result),
        }));
        const query = build
          .insertInto('job_item')
          .values(values)
          .onConflict((conflict) => conflict.doNothing());
        await connection.change(once(query));
      }
    },
    openItems: async (jobId, limit) => {
      const rows = await connection.rows(openItems({ job: jobId, limit }));
      return rows.map((row) => {
        const sealed =
          row.input === null ? undefined : input.openOr(row.input, ...place(jobId, row.number));
        // What others put here, or changed, means nobody.
        return { ...toItem(row), userId: sealed?.userId, input: sealed?.input };
      });
    },
    settle: async (jobId, number, result, told) => {
      const sealed = told === undefined ? null : secret.seal(told, ...place(jobId, number));
      await connection.change(settle({ job: jobId, number, result, secret: sealed }));
    },
    tally: async (jobId) => {
      const rows = await connection.rows(tally({ job: jobId }));
      const results = new Map<string, number>();
      let open = 0;
      for (const { result, count } of rows) {
        if (result === null) open = Number(count);
        else results.set(result, Number(count));
      }
      return { open, results };
    },
    items: async (jobId, { after, limit, result }) => {
      let query = build
        .selectFrom('job_item')
        .select(['number', 'user_id', 'name', 'result'])
        .where('job_id', '=', jobId)
        .where('number', '>', after)
        .orderBy('number')
        .limit(limit);
      if (result !== undefined) {
        query = query.where('result', '>=', result).where('result', '<', `${result}\u{10FFFF}`);
      }
      return (await connection.rows(once(query))).map(toItem);
    },
    countSecrets: async (jobId) => {
      const query = build
        .selectFrom('job_item')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('job_id', '=', jobId)
        .where('secret', 'is not', null);
      return Number((await connection.first(once(query)))?.count ?? 0);
    },
    takeSecrets: (jobId, limit) =>
      connection.transact(async (held) => {
        const rows = await held.rows(secrets({ job: jobId, limit }));
        const numbers = rows.map(({ number }) => number);
        if (numbers.length === 0) return [];
        const query = build
          .updateTable('job_item')
          .set({ secret: null })
          .where('job_id', '=', jobId)
          .where('number', 'in', numbers)
          .where('secret', 'is not', null);
        await held.change(once(query));
        return rows.flatMap((row) =>
          row.secret === null
            ? []
            : [{ name: row.name, secret: secret.open(row.secret, ...place(jobId, row.number)) }],
        );
      }),
    discard: async (id) => {
      const draft = build
        .selectFrom('job')
        .select('id')
        .where('id', '=', id)
        .where('state', '=', 'draft');
      if ((await connection.first(once(draft))) !== undefined) await remove(connection, id);
    },
    forget: async (before) => {
      const old = build
        .selectFrom('job')
        .select('id')
        .where(({ eb, or, and }) =>
          or([
            eb('finished_at', '<', fromDate(before)),
            and([eb('state', '=', 'draft'), eb('created_at', '<', fromDate(before))]),
          ]),
        );
      const ids = (await connection.rows(once(old))).map(({ id }) => id);
      for (const id of ids) await remove(connection, id);
      return ids.length;
    },
  });
}

/** Absent is absent again after it was JSON. */
function detailOf({ state, task, by, isBeingRead, gathers, stopped }: Detail): Detail {
  return { state, task, by, isBeingRead, gathers, stopped };
}

function toItem(
  row: Pick<Row<'job_item'>, 'number' | 'user_id' | 'name' | 'result'>,
): Omit<JobItem, 'input'> {
  return {
    number: Number(row.number),
    userId: orUndefined(row.user_id),
    name: row.name,
    result: orUndefined(row.result),
  };
}

/**
 * Owns the audit log in SQL: a chain in which every event is bound to the one before by a keyed
 * hash, and a head that says where it ends. Who has the database but not the key can neither change,
 * remove, move nor add an event unseen, at the end no more than in the middle.
 *
 * What a chain cannot show is that an earlier day was put back, its head with it. While it runs, each process
 * remembers how far the log went, and tells of it; else the end that `tweestap audit verify` tells, noted
 * elsewhere from time to time, shows it.
 */
import { setImmediate } from 'node:timers/promises';

import { sql } from 'kysely';

import type { AuditEvent, ChainedEvent } from '../../audit/audit-event.ts';
import type { AuditFilter, AuditStore, AuditTally, ChainCheck } from '../../audit/audit-store.ts';
import { framed } from '../../lib/framed.ts';
import type { Connection } from './connection.ts';
import { fromPlainJson, toJson } from './json.ts';
import type { OnConnection, StoreParts } from './parts.ts';
import type { Row } from './schema.ts';
import { once, statement, storableText, type Argument } from './statement.ts';
import { dayMilliseconds, fromDate, orUndefined, toDate } from './values.ts';

/** The log, and how a transaction's events get into it. */
export interface Chain {
  readonly store: OnConnection<AuditStore>;
  /**
   * Adds events at the end, in the transaction of the connection; the last thing before it commits.
   * Resolves to what is to be called once it has.
   */
  readonly extend: (connection: Connection, events: readonly AuditEvent[]) => Promise<() => void>;
}

/** Where the chain ends. */
type Head = Pick<Row<'audit_head'>, 'sequence' | 'hash'>;

const beginning: Head = { sequence: 0, hash: Buffer.alloc(32) };
/** What an event is bound to whose end before it was not ours: no event has this hash. */
const nothingOfOurs = Buffer.alloc(32, 0xff);
const pageLength = 500;

/** What every sign-in that goes well writes. Reading back soon finds some; an index is for the rest. */
const frequent: readonly string[] = [
  'password-accepted',
  'challenge-started',
  'answer-accepted',
  'signed-in',
  'trusted-device-used',
  'app-password-accepted',
  'own-password-accepted',
];
// The words of the indexes of migration 0013: only where they are the same the indexes are used.
export const isRare = sql<boolean>`kind not in (${sql.join(frequent.map((kind) => sql.lit(kind)))})`;
const isOnOthers = sql<boolean>`(user_id is null or user_id <> actor) and actor <> 'system'`;
/** So far apart the clocks of nodes, and an event and its place in the chain, may be. */
const apartMilliseconds = 600_000;
/** So many events at most are looked at to find those of a time, in some 3 ms; so many parts the chain has for it. */
const mostMilestones = 250;

export function prepareChain({ build, dialect, seals }: StoreParts): Chain {
  const readHead = statement(() => build.selectFrom('audit_head').selectAll());
  const lockHead = statement(() => dialect.forUpdate(build.selectFrom('audit_head').selectAll()));
  const addHead = statement((is: Argument<{ sequence: number; hash: Buffer; mac: Buffer }>) =>
    build
      .insertInto('audit_head')
      .values({ id: 1, sequence: is('sequence'), hash: is('hash'), mac: is('mac') })
      .onConflict((conflict) => conflict.doNothing()),
  );
  const moveHead = statement((is: Argument<{ sequence: number; hash: Buffer; mac: Buffer }>) =>
    build
      .updateTable('audit_head')
      .set({ sequence: is('sequence'), hash: is('hash'), mac: is('mac') })
      .where('id', '=', 1),
  );
  const add = statement((is: Argument<Row<'audit_event'>>) =>
    build.insertInto('audit_event').values({
      sequence: is('sequence'),
      kind: is('kind'),
      at: is('at'),
      user_id: is('user_id'),
      actor: is('actor'),
      attempt_id: is('attempt_id'),
      address: is('address'),
      details: is('details'),
      previous_hash: is('previous_hash'),
      hash: is('hash'),
    }),
  );
  const page = statement((is: Argument<{ after: number; limit: number }>) =>
    build
      .selectFrom('audit_event')
      .selectAll()
      .where('sequence', '>', is('after'))
      .orderBy('sequence')
      .limit(is('limit')),
  );

  const bySequence = statement((is: Argument<{ sequence: number }>) =>
    build.selectFrom('audit_event').selectAll().where('sequence', '=', is('sequence')),
  );
  /** When one event in so many was, along the whole chain. */
  const milestones = statement((is: Argument<{ step: number; last: number }>) =>
    build
      .withRecursive('place(sequence)', (place) =>
        place.selectNoFrom(sql<number>`cast(1 as bigint)`.as('sequence')).unionAll(
          place
            .selectFrom('place')
            .select((row) => row('place.sequence', '+', is('step')).as('sequence'))
            .where((row) => row(row('place.sequence', '+', is('step')), '<=', is('last'))),
        ),
      )
      .selectFrom('place')
      .innerJoin('audit_event as event', 'event.sequence', 'place.sequence')
      .select(['event.sequence', 'event.at'])
      .orderBy('event.sequence'),
  );

  const hashOf = (row: Omit<Row<'audit_event'>, 'hash'>): Buffer =>
    seals.hash('audit', canonical(row));
  const macOf = ({ sequence, hash }: Head): Buffer =>
    seals.hash('audit-head', String(sequence), hash);

  /** How far the log went as this process saw it. */
  let furthest = 0;

  /** Where the chain goes on, held until the transaction ends. */
  const lockedHead = async (connection: Connection): Promise<Head> => {
    const locked = await connection.first(lockHead({}));
    if (locked !== undefined) return judged(locked, isOurs(locked));
    const added = await connection.change(addHead({ ...beginning, mac: macOf(beginning) }));
    if (added > 0) return judged(beginning, furthest === 0);
    // Another connection was first.
    const theirs = await connection.first(lockHead({}));
    return theirs === undefined ? judged(beginning, false) : judged(theirs, isOurs(theirs));
  };

  const isOurs = (head: Row<'audit_head'>): boolean => head.mac.equals(macOf(head));

  /** Whoever made an end of their own would have us seal it: what follows shows for ever that it was not ours. */
  const judged = (head: Head, isTrue: boolean): Head => {
    if (!isTrue || head.sequence < furthest) {
      seals.report({ table: 'audit_head', row: String(head.sequence) });
    }
    return isTrue ? head : { sequence: head.sequence, hash: nothingOfOurs };
  };

  const extend: Chain['extend'] = async (connection, events) => {
    let end = await lockedHead(connection);
    for (const event of events) {
      const row = { ...toRow(event), sequence: end.sequence + 1, previous_hash: end.hash };
      const hash = hashOf(row);
      await connection.change(add({ ...row, hash }));
      end = { sequence: row.sequence, hash };
    }
    const { sequence } = end;
    await connection.change(moveHead({ ...end, mac: macOf(end) }));
    return () => {
      furthest = Math.max(furthest, sequence);
    };
  };

  const find = async (
    connection: Connection,
    sequence: number,
  ): Promise<ChainedEvent | undefined> => {
    const row = await connection.first(bySequence({ sequence }));
    return row === undefined ? undefined : toEvent(row);
  };

  /**
   * Where the events of a time stand, at most: both ends count. Events stand nearly in the order of their
   * moments, so no index of them is kept. Nearly: where a clock once was years off, a part of the chain
   * says so for ever, and nothing of the rest may be missed for that. So the whole chain is looked at, one
   * event in so many, instead of halving it.
   */
  const stretchOf = async (
    connection: Connection,
    { from, to }: { readonly from?: Date | undefined; readonly to?: Date | undefined },
  ): Promise<{ readonly first: number; readonly end: number }> => {
    const last = (await connection.first(readHead({})))?.sequence ?? 0;
    const step = Math.max(1, Math.ceil(last / mostMilestones));
    const known = await connection.rows(milestones({ step, last }));
    const earliest = from === undefined ? -Infinity : from.getTime() - apartMilliseconds;
    const latest = to === undefined ? Infinity : to.getTime() + apartMilliseconds;
    const begun = known.findIndex(({ at }) => at >= earliest);
    const over = known.findLastIndex(({ at }) => at < latest) + 1;
    return {
      first: known.at(begun === -1 ? -1 : Math.max(0, begun - 1))?.sequence ?? 1,
      // Beyond the last one stands what others are adding.
      end: known[over]?.sequence ?? Number.MAX_SAFE_INTEGER,
    };
  };

  /** What every question asks of a row, apart from its actor. */
  const narrowed = async (
    connection: Connection,
    { userId, kind, attemptId, reason, from, to }: AuditFilter,
  ) => {
    let query = build.selectFrom('audit_event').orderBy('sequence', 'desc');
    if (userId !== undefined) query = query.where('user_id', '=', userId);
    if (kind !== undefined) {
      query = query.where('kind', '=', kind);
      if (!frequent.includes(kind)) query = query.where(isRare);
    }
    if (attemptId !== undefined) query = query.where('attempt_id', '=', attemptId);
    if (reason !== undefined) {
      const said = toJson({ reason })
        .slice(1, -1)
        .replaceAll(/[\\%_]/g, '\\$&');
      query = query.where(sql<boolean>`details like ${`%${said}%`} escape '\\'`);
    }
    if (from === undefined && to === undefined) return query;
    const { first, end } = await stretchOf(connection, { from, to });
    if (from !== undefined) {
      query = query.where('sequence', '>=', first).where('at', '>=', from.getTime());
    }
    if (to !== undefined) query = query.where('sequence', '<=', end).where('at', '<', to.getTime());
    return query;
  };

  const list = async (
    connection: Connection,
    filter: Parameters<AuditStore['list']>[0],
  ): Promise<readonly ChainedEvent[]> => {
    const { actor, before, limit } = filter;
    let query = (await narrowed(connection, filter)).selectAll().limit(limit);
    if (before !== undefined) query = query.where('sequence', '<', before);
    if (actor === undefined) return (await connection.rows(once(query))).map(toEvent);
    const acted = query.where('actor', '=', storableText(actor));
    if (actor === 'system') return (await connection.rows(once(acted))).map(toEvent);
    // What they did to others stands in one index, what they did themselves in another.
    const onOthers = await connection.rows(once(acted.where(isOnOthers)));
    const own = await connection.rows(once(acted.where('user_id', '=', storableText(actor))));
    return [...onOthers, ...own]
      .toSorted((one, other) => other.sequence - one.sequence)
      .slice(0, limit)
      .map(toEvent);
  };

  const tally = async (
    connection: Connection,
    { kinds, from, to }: Parameters<AuditStore['tally']>[0],
  ): Promise<readonly AuditTally[]> => {
    if (kinds.length === 0) return [];
    const day = sql<number>`(at - ${sql.lit(from.getTime())}) / ${sql.lit(dayMilliseconds)}`;
    const { first, end } = await stretchOf(connection, { from, to });
    let query = build
      .selectFrom('audit_event')
      .select(({ fn }) => ['kind', day.as('day'), 'details', fn.countAll<number>().as('count')])
      .where('kind', 'in', kinds)
      .where('sequence', '>=', first)
      .where('sequence', '<=', end)
      .where('at', '>=', from.getTime())
      .where('at', '<', to.getTime())
      .groupBy(['kind', day, 'details']);
    if (!kinds.some((kind) => frequent.includes(kind))) query = query.where(isRare);
    const rows = await connection.rows(once(query));
    return rows.map((row) => ({
      kind: row.kind,
      day: Number(row.day),
      details: fromPlainJson(row.details),
      count: Number(row.count),
    }));
  };

  /** Whether the head is the end of what was read; other nodes go on writing meanwhile. */
  const judgeEnd = async (
    connection: Connection,
    last: Head,
  ): Promise<'whole' | 'broken' | 'goes on'> => {
    const end = await connection.first(readHead({}));
    if (end === undefined) return last.sequence === 0 ? 'whole' : 'broken';
    if (end.sequence > last.sequence) return 'goes on';
    const isTrue = end.sequence === last.sequence && end.hash.equals(last.hash);
    return isTrue && end.mac.equals(macOf(end)) ? 'whole' : 'broken';
  };

  const verifyPart = async (
    connection: Connection,
    { after, most }: { readonly after: number; readonly most: number },
  ): Promise<ChainCheck> => {
    const length = (await connection.first(readHead({})))?.sequence ?? 0;
    const broken = (checked: number, brokenAt: number): ChainCheck => ({
      checked,
      brokenAt,
      isDone: true,
      length,
    });
    let last = beginning;
    if (after > 0) {
      // Only its own hash says that it was found whole: it holds all that stands before it.
      const row = await connection.first(bySequence({ sequence: after }));
      if (row === undefined || !hashOf(row).equals(row.hash)) return broken(after - 1, after);
      last = { sequence: after, hash: row.hash };
    }
    // Whether the head was seen ahead of the last row: its rows are readable then, or removed.
    let expectsMore = false;
    while (last.sequence - after < most) {
      const limit = Math.min(pageLength, most - (last.sequence - after));
      const rows = await connection.rows(page({ after: last.sequence, limit }));
      for (const row of rows) {
        const follows = row.sequence === last.sequence + 1 && row.previous_hash.equals(last.hash);
        if (!follows || !hashOf(row).equals(row.hash)) {
          return broken(last.sequence, last.sequence + 1);
        }
        last = { sequence: row.sequence, hash: row.hash };
      }
      if (rows.length > 0) {
        expectsMore = false;
        // A million of them take seconds: whoever signs in meanwhile comes in between.
        await setImmediate();
        continue;
      }
      const end = await judgeEnd(connection, last);
      if (end === 'whole') {
        const checked = last.sequence;
        return { checked, brokenAt: undefined, isDone: true, length: checked };
      }
      if (end === 'broken' || expectsMore) return broken(last.sequence, last.sequence + 1);
      expectsMore = true;
    }
    const checked = last.sequence;
    return { checked, brokenAt: undefined, isDone: false, length: Math.max(length, checked) };
  };

  return {
    extend,
    store: (connection) => ({
      append: (event) =>
        connection.transact(async (transaction) => {
          transaction.events.push(event);
        }),
      list: (filter) => list(connection, filter),
      find: (sequence) => find(connection, sequence),
      tally: (filter) => tally(connection, filter),
      verify: async () => {
        const { checked, brokenAt } = await verifyPart(connection, { after: 0, most: Infinity });
        return { checked, brokenAt };
      },
      verifyPart: (part) => verifyPart(connection, part),
    }),
  };
}

function toRow(event: AuditEvent): Omit<Row<'audit_event'>, 'sequence' | 'previous_hash' | 'hash'> {
  const text = (value: string | undefined): string | null =>
    value === undefined ? null : storableText(value);
  return {
    kind: storableText(event.kind),
    at: fromDate(event.at),
    user_id: text(event.userId),
    actor: storableText(event.actor),
    attempt_id: text(event.attemptId),
    address: text(event.address),
    details: storableText(toJson(event.details)),
  };
}

function toEvent(row: Row<'audit_event'>): ChainedEvent {
  return {
    sequence: row.sequence,
    kind: row.kind,
    at: toDate(row.at),
    userId: orUndefined(row.user_id),
    actor: row.actor,
    attemptId: orUndefined(row.attempt_id),
    address: orUndefined(row.address),
    details: fromPlainJson(row.details),
    previousHash: row.previous_hash,
    hash: row.hash,
  };
}

/**
 * The one byte string that stands for a row: a format, then each field in this order, every one with
 * its length, an absent one with a length that none can have. Never changed: a second format gets a
 * second number.
 */
function canonical(row: Omit<Row<'audit_event'>, 'hash'>): Buffer {
  return framed(
    [
      row.previous_hash,
      String(row.sequence),
      String(row.at),
      row.kind,
      row.user_id,
      row.actor,
      row.attempt_id,
      row.address,
      row.details,
    ],
    format,
  );
}

const format = Buffer.from([1]);

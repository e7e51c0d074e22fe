/**
 * Owns the audit log in SQL: a chain in which every event is bound to the one before by a keyed
 * hash, and a head that says where it ends. Who has the database but not the key can neither change,
 * remove, move nor add an event unseen, at the end no more than in the middle.
 *
 * What a chain cannot show is that the whole database was put back to an earlier day; the head that
 * `verify` gives, noted elsewhere from time to time, can.
 */
import type { AuditEvent, ChainedEvent } from '../../audit/audit-event.ts';
import type { AuditFilter, AuditStore } from '../../audit/audit-store.ts';
import { framed } from '../../lib/framed.ts';
import type { Connection } from './connection.ts';
import { fromPlainJson, toJson } from './json.ts';
import type { OnConnection, StoreParts } from './parts.ts';
import type { Row } from './schema.ts';
import { once, statement, storableText, type Argument } from './statement.ts';
import { fromDate, orUndefined, toDate } from './values.ts';

/** The log, and how a transaction's events get into it. */
export interface Chain {
  readonly store: OnConnection<AuditStore>;
  /** Adds events at the end, in the transaction of the connection; the last thing before it commits. */
  readonly extend: (connection: Connection, events: readonly AuditEvent[]) => Promise<void>;
}

/** Where the chain ends. */
type Head = Pick<Row<'audit_head'>, 'sequence' | 'hash'>;

const beginning: Head = { sequence: 0, hash: Buffer.alloc(32) };
const pageLength = 500;

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

  const hashOf = (row: Omit<Row<'audit_event'>, 'hash'>): Buffer =>
    seals.hash('audit', canonical(row));
  const macOf = ({ sequence, hash }: Head): Buffer =>
    seals.hash('audit-head', String(sequence), hash);

  const lockedHead = async (connection: Connection): Promise<Head> => {
    const locked = await connection.first(lockHead({}));
    if (locked !== undefined) return locked;
    await connection.change(addHead({ ...beginning, mac: macOf(beginning) }));
    return (await connection.first(lockHead({}))) ?? beginning;
  };

  const extend = async (connection: Connection, events: readonly AuditEvent[]): Promise<void> => {
    let end = await lockedHead(connection);
    for (const event of events) {
      const row = { ...toRow(event), sequence: end.sequence + 1, previous_hash: end.hash };
      const hash = hashOf(row);
      await connection.change(add({ ...row, hash }));
      end = { sequence: row.sequence, hash };
    }
    await connection.change(moveHead({ ...end, mac: macOf(end) }));
  };

  const list = async (
    connection: Connection,
    { userId, kind, attemptId, before, limit }: AuditFilter,
  ): Promise<readonly ChainedEvent[]> => {
    let query = build
      .selectFrom('audit_event')
      .selectAll()
      .orderBy('sequence', 'desc')
      .limit(limit);
    if (userId !== undefined) query = query.where('user_id', '=', userId);
    if (kind !== undefined) query = query.where('kind', '=', kind);
    if (attemptId !== undefined) query = query.where('attempt_id', '=', attemptId);
    if (before !== undefined) query = query.where('sequence', '<', before);
    return (await connection.rows(once(query))).map(toEvent);
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

  const verify = async (connection: Connection): ReturnType<AuditStore['verify']> => {
    let last = beginning;
    // Whether the head was seen ahead of the last row: its rows are readable then, or removed.
    let expectsMore = false;
    for (;;) {
      const rows = await connection.rows(page({ after: last.sequence, limit: pageLength }));
      for (const row of rows) {
        const follows = row.sequence === last.sequence + 1 && row.previous_hash.equals(last.hash);
        if (!follows || !hashOf(row).equals(row.hash)) {
          return { checked: last.sequence, brokenAt: last.sequence + 1 };
        }
        last = { sequence: row.sequence, hash: row.hash };
      }
      if (rows.length > 0) {
        expectsMore = false;
        continue;
      }
      const end = await judgeEnd(connection, last);
      if (end === 'whole') return { checked: last.sequence, brokenAt: undefined };
      if (end === 'broken' || expectsMore) {
        return { checked: last.sequence, brokenAt: last.sequence + 1 };
      }
      expectsMore = true;
    }
  };

  return {
    extend,
    store: (connection) => ({
      append: (event) =>
        connection.transact(async (transaction) => {
          transaction.events.push(event);
        }),
      list: (filter) => list(connection, filter),
      verify: () => verify(connection),
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

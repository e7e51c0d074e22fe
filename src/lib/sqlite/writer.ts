/**
 * Owns the one connection that writes: who is next, and when what they did becomes durable.
 *
 * Everybody takes a turn, in the order in which they came. While others wait, whoever is finished
 * hands the writer on inside the same SQLite transaction; the last of such a group commits for all.
 * Others take their turns while the disk takes in what was committed, and only then is each of the
 * group told of success. A turn that rolls back undoes its own savepoint and nothing else.
 */
import { createGate } from '../fifo.ts';
import type { Retry } from './busy.ts';
import type { SqliteConnection, StatementResult } from './connection.ts';
import type { Flusher } from './flusher.ts';

/** The writer as one transaction sees it. */
export interface Turn {
  run(sql: string, parameters: readonly unknown[]): StatementResult;
  /** For savepoints. */
  exec(sql: string): void;
  /**
   * Resolves when everything is on the disk; rejects when none of it is. `hasty`: when it is committed
   * and on its way there, so a power cut may take it, and nothing that came before.
   */
  commit(hasty?: boolean): Promise<void>;
  /** Never rejects, so that the error that led here is the one that is told. */
  rollback(): Promise<void>;
}

export interface Writer {
  /** Waits for its turn and opens a transaction. */
  begin(): Promise<Turn>;
  /**
   * Waits for its turn and runs one statement, which is a transaction of its own. `hasty`: does not
   * wait for the disk, so a power cut may take it.
   */
  alone(sql: string, parameters: readonly unknown[], hasty?: boolean): Promise<StatementResult>;
  /** Whether nobody is in a turn and nothing waits for its commit (for the disk it may). */
  readonly isIdle: boolean;
  /** Waits for all who came before. */
  close(): Promise<void>;
}

/** Somebody who is finished and waits for the shared commit. */
interface Member {
  /** Does not wait for the disk. */
  readonly isHasty: boolean;
  readonly done: () => void;
  readonly failed: (reason: unknown) => void;
}

// A group ends when nobody waits, and at the latest after so many members or so long: the first of
// them waits for the last.
const mostMembers = 64;
const longestMilliseconds = 10;

// How late what is committed in haste sets out for the disk, where nothing takes it along before.
const soonMilliseconds = 20;

/** The writer on this connection. `onSchemaChange` is called after each change of the schema. */
export function createWriter(
  connection: SqliteConnection,
  flusher: Flusher,
  retry: Retry,
  onSchemaChange: () => void,
): Writer {
  const gate = createGate();
  let group: Member[] = [];
  let groupSince = 0;
  let broken: Error | undefined;
  let soon: NodeJS.Timeout | undefined;

  const enter = async (): Promise<() => void> => {
    const leave = await gate.enter();
    if (broken === undefined) return leave;
    leave();
    throw broken;
  };

  const openGroup = async (): Promise<void> => {
    if (connection.isInTransaction) return;
    await retry(() => connection.run('BEGIN IMMEDIATE', []));
    groupSince = performance.now();
  };

  /**
   * Throws where the commit fails; tells the members when it is on the disk, and resolves then, those
   * in haste before.
   */
  const closeGroup = (isHasty = false): Promise<void> => {
    try {
      if (connection.isInTransaction) connection.run('COMMIT', []);
    } catch (error) {
      failGroup(error);
      throw error;
    }
    const members = takeGroup();
    for (const member of members) if (member.isHasty) member.done();
    const patient = members.filter((member) => !member.isHasty);
    if (isHasty && patient.length === 0) {
      toDiskSoon();
      return Promise.resolve();
    }
    const durable = tell(patient, toDisk());
    if (!isHasty) return durable;
    durable.catch(toldToEachMember);
    return Promise.resolve();
  };

  const tell = async (members: readonly Member[], durable: Promise<void>): Promise<void> => {
    try {
      await durable;
    } catch (error) {
      members.forEach(({ failed }) => failed(error));
      throw error;
    }
    members.forEach(({ done }) => done());
  };

  // After a flush that failed nobody can say what the disk holds, nor will a second one tell: whoever
  // built upon it would be told of what may be gone after a restart.
  const toDisk = async (): Promise<void> => {
    try {
      await flusher.flush();
    } catch (cause) {
      broken = new Error('The disk did not take what was committed.', { cause });
      throw broken;
    }
  };

  // One flush for all that is committed in haste within a moment: nobody waits for it.
  const toDiskSoon = (): void => {
    soon ??= setTimeout(() => {
      soon = undefined;
      toDisk().catch(toldToEachMember);
    }, soonMilliseconds).unref();
  };

  // What the members had done is gone, and none of them has been told of a success yet.
  const failGroup = (reason: unknown): void => {
    undo();
    takeGroup().forEach(({ failed }) => failed(reason));
  };

  const takeGroup = (): readonly Member[] => {
    const members = group;
    group = [];
    return members;
  };

  const undo = (): void => {
    try {
      if (connection.isInTransaction) connection.exec('ROLLBACK');
    } catch (cause) {
      // Whoever came next would commit what was to be undone.
      broken = new Error('The database could not undo a transaction.', { cause });
    }
  };

  const othersMayJoin = (): boolean =>
    gate.waiting > 0 &&
    group.length < mostMembers &&
    performance.now() - groupSince < longestMilliseconds;

  // The end of a turn that did something: the last commits for all, the others wait for the last.
  const finish = (leave: () => void, isHasty = false): Promise<void> => {
    if (othersMayJoin()) {
      return new Promise((done, failed) => {
        group.push({ isHasty, done, failed });
        leave();
      });
    }
    try {
      return closeGroup(isHasty);
    } finally {
      leave();
    }
  };

  // The end of a turn that did nothing. Its members have been told whatever came of it, and the one
  // who leaves has nothing at stake.
  const leaveGroup = (leave: () => void): void => {
    try {
      if (group.length === 0) undo();
      else if (!othersMayJoin()) closeGroup().catch(toldToEachMember);
    } catch {
      toldToEachMember();
    } finally {
      leave();
    }
  };

  const run = (sql: string, parameters: readonly unknown[]): StatementResult => {
    const result = connection.run(sql, parameters);
    if (!groupable.test(sql)) {
      connection.forgetStatements();
      onSchemaChange();
    }
    return result;
  };

  // Some errors (disk full, out of memory) make SQLite undo the whole transaction by itself. Then a
  // statement would be committed by itself, outside of everything.
  const requireTransaction = (): void => {
    if (!connection.isInTransaction) throw new Error('The transaction has been undone.');
  };

  const runInGroup = (sql: string, parameters: readonly unknown[]): StatementResult => {
    requireTransaction();
    try {
      return run(sql, parameters);
    } catch (error) {
      if (!connection.isInTransaction) failGroup(error);
      throw error;
    }
  };

  const begin = async (): Promise<Turn> => {
    const leave = await enter();
    let hasSavepoint = false;
    try {
      await openGroup();
      // The first of a group undoes the transaction itself; a savepoint would only copy pages.
      hasSavepoint = group.length > 0;
      if (hasSavepoint) connection.run('SAVEPOINT turn', []);
    } catch (error) {
      failGroup(error);
      leave();
      throw error;
    }
    return {
      run: runInGroup,
      exec: (sql) => connection.exec(sql),
      commit: async (hasty) => {
        try {
          requireTransaction();
          if (hasSavepoint) connection.run('RELEASE turn', []);
        } catch (error) {
          failGroup(error);
          leave();
          throw error;
        }
        await finish(leave, hasty);
      },
      rollback: async () => {
        try {
          if (hasSavepoint && connection.isInTransaction) {
            connection.exec('ROLLBACK TO turn; RELEASE turn');
          }
        } catch (error) {
          failGroup(error);
        }
        leaveGroup(leave);
      },
    };
  };

  // One statement among others who wait. One that fails undoes itself, so it needs no savepoint.
  const aloneInGroup = async (
    leave: () => void,
    sql: string,
    parameters: readonly unknown[],
  ): Promise<StatementResult> => {
    let result: StatementResult;
    try {
      await openGroup();
      result = runInGroup(sql, parameters);
    } catch (error) {
      leaveGroup(leave);
      throw error;
    }
    await finish(leave);
    return result;
  };

  // Outside of any transaction, after the group that was there has been committed.
  const aside = async (
    sql: string,
    parameters: readonly unknown[],
    trying: Retry = retry,
  ): Promise<StatementResult> => {
    const leave = await enter();
    let result: StatementResult;
    try {
      if (group.length > 0) closeGroup().catch(toldToEachMember);
      else undo();
      result = await trying(() => run(sql, parameters));
      if (connection.isInTransaction) {
        undo();
        throw new Error('A transaction is opened with db.transaction(), not with SQL.');
      }
    } finally {
      leave();
    }
    await toDisk();
    return result;
  };

  return {
    begin,
    alone: async (sql, parameters, hasty = false) => {
      if (!groupable.test(sql)) return await aside(sql, parameters);
      const leave = await enter();
      if (connection.isInTransaction || gate.waiting > 0) {
        return await aloneInGroup(leave, sql, parameters);
      }
      let result: StatementResult;
      try {
        result = await retry(() => run(sql, parameters));
      } finally {
        leave();
      }
      if (!hasty && !readsOnly.test(sql)) await toDisk();
      return result;
    },
    get isIdle() {
      return gate.running === 0 && !connection.isInTransaction;
    },
    close: async () => {
      // What SQLite learned of the tables is worth keeping, and neither waiting nor failing for.
      const once: Retry = async (work) => work();
      await aside('PRAGMA optimize', [], once).catch(() => toDisk().catch(toldToEachMember));
      clearTimeout(soon);
    },
  };
}

const readsOnly = /^\s*select\b/i;

// What may share a transaction with others: plain reading and writing. The rest (PRAGMA, VACUUM,
// changes of the schema) stands by itself.
const groupable = /^\s*(?:insert|update|delete|select|with|replace)\b/i;

function toldToEachMember(): void {}

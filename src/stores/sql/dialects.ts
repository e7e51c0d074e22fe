/**
 * Owns the few differences between the databases. A new one is an entry here, if it speaks SQL at
 * all; engines that speak PostgreSQL's protocol need none.
 */
import type { SelectQueryBuilder } from 'kysely';

import { TweestapError } from '../../errors/errors.ts';
import type { Engine } from './migrations/migration.ts';

/** What may be wrong: do it again, ask later, or it is not the database's fault. */
type Failure = 'retry' | 'unavailable' | 'other';

export interface Dialect {
  readonly engine: Engine;
  /** Holds the selected rows until the transaction ends. */
  forUpdate<schema, table extends keyof schema, row>(
    query: SelectQueryBuilder<schema, table, row>,
  ): SelectQueryBuilder<schema, table, row>;
  /** Likewise, passing over rows that another transaction holds. */
  forUpdateSkippingLocked<schema, table extends keyof schema, row>(
    query: SelectQueryBuilder<schema, table, row>,
  ): SelectQueryBuilder<schema, table, row>;
  readonly failureOf: (error: unknown) => Failure;
}

/** SQLite: whoever is in a transaction is the only writer, so there is nothing to lock. */
export const sqlite: Dialect = {
  engine: 'sqlite',
  forUpdate: (query) => query,
  forUpdateSkippingLocked: (query) => query,
  failureOf: (error) => {
    // https://sqlite.org/rescode.html; the lowest byte is the primary code.
    const code = field(error, 'errcode');
    if (typeof code !== 'number') return 'other';
    const unavailable = [5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 26];
    return unavailable.includes(code & 0xff) ? 'unavailable' : 'other';
  },
};

/** PostgreSQL and what speaks its protocol. */
export const postgresql: Dialect = {
  engine: 'postgresql',
  forUpdate: (query) => query.forUpdate(),
  forUpdateSkippingLocked: (query) => query.forUpdate().skipLocked(),
  failureOf: (error) => {
    // https://www.postgresql.org/docs/15/errcodes-appendix.html
    const code = field(error, 'code');
    if (typeof code !== 'string') return isLostConnection(error) ? 'unavailable' : 'other';
    if (code === '40001' || code === '40P01') return 'retry';
    // 28 and 3D000: it lets us in no more.
    if (/^(08|28|3D000|53|57|58|25006|25P03|55P03|XX)/.test(code)) return 'unavailable';
    return networkFault.test(code) ? 'unavailable' : 'other';
  },
};

/** The fault that a database's failure is for us; what is not the database's stays as it is. */
export function faultOf(dialect: Dialect, error: unknown): unknown {
  if (error instanceof TweestapError) return error;
  const failure = dialect.failureOf(error);
  return failure === 'unavailable' || failure === 'retry'
    ? new TweestapError('STORE_UNAVAILABLE', { cause: error, details: { retryAfterSeconds: 2 } })
    : error;
}

// The machine's own words for a way that is not there, a name that cannot be looked up (EAI_AGAIN), and a
// certificate that is not believed. Node's ERR_INVALID_… are faults of ours.
const networkFault =
  /^(?:E[A-Z]+|EAI_[A-Z]+|CERT_\w+|UNABLE_TO_\w+|(?:DEPTH_ZERO_)?SELF_SIGNED_\w+|HOSTNAME_MISMATCH|ERR_(?:TLS|SSL)_\w+)$/;

// `pg` gives these no code.
function isLostConnection(error: unknown): boolean {
  return (
    error instanceof Error &&
    /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error|Cannot use a pool after|The server does not support SSL|There was an error establishing an SSL|SASL: )/.test(
      error.message,
    )
  );
}

function field(error: unknown, name: string): unknown {
  return error instanceof Error ? Reflect.get(error, name) : undefined;
}

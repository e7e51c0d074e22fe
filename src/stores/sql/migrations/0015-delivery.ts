/**
 * Several providers and what they cost: who may have a message stands in the column of who took it, so
 * nothing is added for that. Which providers rest, and which blocks of numbers are closed.
 */
import { sql, type Kysely } from 'kysely';

/** Adds the columns and makes the tables. */
export async function up(database: Kysely<unknown>, engine: string): Promise<void> {
  const isSqlite = engine === 'sqlite';
  const text = isSqlite ? 'text' : 'text collate "C"';
  const integer = isSqlite ? 'integer' : 'bigint';
  const blob = isSqlite ? 'blob' : 'bytea';
  const strict = isSqlite ? 'strict' : '';
  const statements = [
    `alter table outbox add column cost ${integer}`,
    `alter table outbox add column currency ${text}`,
    `alter table outbox add column prefix ${blob}`,
    `alter table outbox add column answered_at ${integer}`,
    'create index outbox_by_prefix on outbox (prefix, created_at) where prefix is not null',
    'create index outbox_by_challenge on outbox (challenge_id) where prefix is not null',

    `create table resting_provider (
      provider ${text} not null,
      kind ${text} not null,
      since ${integer} not null,
      probe_at ${integer} not null,
      fault ${text} not null,
      primary key (provider, kind)
    ) ${strict}`,

    `create table closed_prefix (
      prefix ${text} not null primary key,
      closed_at ${integer} not null,
      sent ${integer} not null,
      answered ${integer} not null,
      opened_at ${integer},
      opened_by ${text}
    ) ${strict}`,
  ];
  for (const statement of statements) await sql.raw(statement).execute(database);
}

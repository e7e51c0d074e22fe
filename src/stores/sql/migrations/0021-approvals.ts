/** What a second administrator has to agree to. */
import { sql, type Kysely } from 'kysely';

/** Makes their table. */
export async function up(database: Kysely<unknown>, engine: string): Promise<void> {
  const isSqlite = engine === 'sqlite';
  const text = isSqlite ? 'text' : 'text collate "C"';
  const integer = isSqlite ? 'integer' : 'bigint';
  const blob = isSqlite ? 'blob' : 'bytea';
  const statements = [
    `create table approval (
      id ${text} not null primary key,
      act ${text} not null,
      target_id ${text} not null,
      asked_by ${text} not null,
      asked_at ${integer} not null,
      expires_at ${integer} not null,
      reason ${text} not null,
      decided_by ${text},
      decided_at ${integer},
      is_agreed ${integer},
      used_at ${integer},
      binding ${blob} not null
    ) ${isSqlite ? 'strict' : ''}`,
    'create index approval_asked on approval (asked_by, target_id, act)',
    'create index approval_asked_at on approval (asked_at)',
  ];
  for (const statement of statements) await sql.raw(statement).execute(database);
}

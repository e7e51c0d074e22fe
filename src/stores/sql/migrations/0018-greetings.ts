/**
 * What calls say where the organisation says it otherwise, by language and moment: words, or a sound. And
 * the ways by which those in charge look for what was sent.
 */
import { sql, type Kysely } from 'kysely';

/** Makes the table and the indexes. */
export async function up(database: Kysely<unknown>, engine: string): Promise<void> {
  const isSqlite = engine === 'sqlite';
  const text = isSqlite ? 'text' : 'text collate "C"';
  const integer = isSqlite ? 'integer' : 'bigint';
  const blob = isSqlite ? 'blob' : 'bytea';
  const statements = [
    `create table greeting (
      language ${text} not null,
      moment ${text} not null,
      words ${text},
      sound_id ${text},
      sound ${blob},
      changed_at ${integer} not null,
      primary key (language, moment)
    ) ${isSqlite ? 'strict' : ''}`,
    'create unique index greeting_by_sound on greeting (sound_id) where sound_id is not null',
    'create index outbox_by_user on outbox (user_id, created_at) where user_id is not null',
    `create index outbox_by_failure on outbox (created_at) where state = 'failed'`,
  ];
  for (const statement of statements) await sql.raw(statement).execute(database);
}

/** Devices on which the second step is not asked again. */
import { sql, type Kysely } from 'kysely';

/** Makes their table. */
export async function up(database: Kysely<unknown>, engine: string): Promise<void> {
  const isSqlite = engine === 'sqlite';
  const text = isSqlite ? 'text' : 'text collate "C"';
  const integer = isSqlite ? 'integer' : 'bigint';
  const blob = isSqlite ? 'blob' : 'bytea';
  const statements = [
    `create table trusted_device (
      id ${text} not null primary key,
      user_id ${text} not null,
      version ${integer} not null,
      last_used_at ${integer} not null,
      expires_at ${integer} not null,
      detail ${blob} not null
    ) ${isSqlite ? 'strict' : ''}`,
    'create index trusted_device_by_user on trusted_device (user_id)',
    'create index trusted_device_by_end on trusted_device (expires_at)',
  ];
  for (const statement of statements) await sql.raw(statement).execute(database);
}

/** Hardware tokens that those in charge hand out. */
import { sql, type Kysely } from 'kysely';

/** Makes their table. */
export async function up(database: Kysely<unknown>, engine: string): Promise<void> {
  const isSqlite = engine === 'sqlite';
  const text = isSqlite ? 'text' : 'text collate "C"';
  const integer = isSqlite ? 'integer' : 'bigint';
  const blob = isSqlite ? 'blob' : 'bytea';
  const statements = [
    `create table hardware_token (
      id ${text} not null primary key,
      serial_number ${text} not null unique,
      manufacturer ${text} not null,
      model ${text} not null,
      secret ${blob} not null,
      assigned_to ${text},
      registration_id ${text},
      wrong_codes ${integer} not null,
      version ${integer} not null,
      created_at ${integer} not null,
      binding ${blob} not null
    ) ${isSqlite ? 'strict' : ''}`,
    `create index hardware_token_assigned_to on hardware_token (assigned_to) where assigned_to is not null`,
  ];
  for (const statement of statements) await sql.raw(statement).execute(database);
}

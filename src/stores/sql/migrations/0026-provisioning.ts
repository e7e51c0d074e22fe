/** What the directories that provision people and groups call them, and the groups that they made. */
import { sql, type Kysely } from 'kysely';

/** Makes the tables. */
export async function up(database: Kysely<unknown>, engine: string): Promise<void> {
  const isSqlite = engine === 'sqlite';
  const text = isSqlite ? 'text' : 'text collate "C"';
  const integer = isSqlite ? 'integer' : 'bigint';
  const blob = isSqlite ? 'blob' : 'bytea';
  const strict = isSqlite ? 'strict' : '';
  const statements = [
    `create table external_id (
      directory ${text} not null,
      subject_id ${text} not null,
      external_id ${text} not null,
      binding ${blob} not null,
      primary key (directory, subject_id)
    ) ${strict}`,
    'create index external_id_by_value on external_id (directory, external_id)',
    'create index external_id_by_subject on external_id (subject_id)',
    `create table provisioned_group (
      id ${text} not null primary key,
      name ${text} not null unique,
      created_at ${integer} not null,
      binding ${blob} not null
    ) ${strict}`,
  ];
  for (const statement of statements) await sql.raw(statement).execute(database);
}

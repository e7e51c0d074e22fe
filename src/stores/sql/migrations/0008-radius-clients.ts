/** Systems that ask us about people by RADIUS. */
import { sql, type Kysely } from 'kysely';

/** Makes their table. */
export async function up(database: Kysely<unknown>, engine: string): Promise<void> {
  const isSqlite = engine === 'sqlite';
  const text = isSqlite ? 'text' : 'text collate "C"';
  const integer = isSqlite ? 'integer' : 'bigint';
  const blob = isSqlite ? 'blob' : 'bytea';
  await sql
    .raw(
      `create table radius_client (
        id ${text} not null primary key,
        created_at ${integer} not null,
        detail ${blob} not null
      ) ${isSqlite ? 'strict' : ''}`,
    )
    .execute(database);
}

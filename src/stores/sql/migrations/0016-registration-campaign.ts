/** How often somebody put the registration campaign off, and until when. */
import { sql, type Kysely } from 'kysely';

/** Makes its table. */
export async function up(database: Kysely<unknown>, engine: string): Promise<void> {
  const isSqlite = engine === 'sqlite';
  const text = isSqlite ? 'text' : 'text collate "C"';
  const integer = isSqlite ? 'integer' : 'bigint';
  await sql
    .raw(
      `create table snooze (
        user_id ${text} not null primary key,
        times ${integer} not null,
        until ${integer} not null
      ) ${isSqlite ? 'strict' : ''}`,
    )
    .execute(database);
}

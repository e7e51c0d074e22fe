/**
 * What a person sees and does on the pages of their own account: an app password that is shown once
 * and says by which door and from where it was last used, and phones that are not asked for a while.
 */
import { sql, type Kysely } from 'kysely';

/** Adds the columns. */
export async function up(database: Kysely<unknown>, engine: string): Promise<void> {
  const isSqlite = engine === 'sqlite';
  const text = isSqlite ? 'text' : 'text collate "C"';
  const integer = isSqlite ? 'integer' : 'bigint';
  const blob = isSqlite ? 'blob' : 'bytea';
  const statements = [
    `alter table app_password add column last_used_door ${text}`,
    `alter table app_password add column last_used_address ${text}`,
    `alter table app_password add column plain ${blob}`,
    `alter table registration add column suspended_at ${integer}`,
  ];
  for (const statement of statements) await sql.raw(statement).execute(database);
}

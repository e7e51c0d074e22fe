/**
 * What those in charge need of the accounts: finding somebody among a hundred thousand by how their
 * name begins, narrowing down who is in which state, and passes that end by themselves.
 */
import { sql, type Kysely } from 'kysely';

/** Adds the columns and the indexes, and fills in what can be looked for. */
export async function up(database: Kysely<unknown>, engine: string): Promise<void> {
  const isSqlite = engine === 'sqlite';
  const text = isSqlite ? 'text' : 'text collate "C"';
  const integer = isSqlite ? 'integer' : 'bigint';
  const statements = [
    `alter table "user" add column search_name ${text}`,
    `create index user_by_search_name on "user" (search_name, canonical_name, id)`,
    // Everything that a list is narrowed down by, so that it is read without the rows themselves.
    `create index user_listing on "user"
      (canonical_name, id, per_user_mfa_state, account_enabled, blocked_at)`,
    `create index user_by_state on "user" (per_user_mfa_state, canonical_name, id)`,
    `create index user_by_block on "user" (canonical_name, id) where blocked_at is not null`,
    `create index user_by_switch on "user" (canonical_name, id) where account_enabled = 0`,
    `alter table registration add column ends_at ${integer}`,
    `create index registration_by_end on registration (ends_at) where ends_at is not null`,
  ];
  for (const statement of statements) await sql.raw(statement).execute(database);
  const { rows } = await sql<{ readonly id: string; readonly display_name: string }>`
    select id, display_name from "user"
  `.execute(database);
  for (const { id, display_name: name } of rows) {
    await sql`update "user" set search_name = ${searched(name)} where id = ${id}`.execute(database);
  }
}

/** A name without accents, capitals and blanks that nobody types. */
function searched(name: string): string {
  return name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/\s+/gu, ' ')
    .trim();
}

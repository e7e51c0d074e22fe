/** Accounts that a directory of the organisation owns: which entry of it each of them is. */
import { sql, type Kysely } from 'kysely';

/** Makes the columns. Their binding covers them as soon as they say something (`user-store.ts`). */
export async function up(database: Kysely<unknown>, engine: string): Promise<void> {
  const text = engine === 'sqlite' ? 'text' : 'text collate "C"';
  const statements = [
    `alter table "user" add column upstream_id ${text}`,
    `alter table "user" add column upstream_dn ${text}`,
    // An entry is one account, and only those of a directory are in the index.
    `create unique index user_by_upstream on "user" (upstream_id) where upstream_id is not null`,
  ];
  for (const statement of statements) await sql.raw(statement).execute(database);
}

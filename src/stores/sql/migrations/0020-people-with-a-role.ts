/** Few have a role: whoever looks for them must not read everybody. */
import { sql, type Kysely } from 'kysely';

/** Makes the index. */
export async function up(database: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`create index user_by_role on "user" (canonical_name, role, id) where role <> 'user'`)
    .execute(database);
}

/** Somebody is found by their other mail address as by their own: a directory asks for both at once. */
import { sql, type Kysely } from 'kysely';

/** Makes the index. */
export async function up(database: Kysely<unknown>): Promise<void> {
  await sql
    .raw(
      `create index user_by_other_mail on "user" (lower(other_mail)) where other_mail is not null`,
    )
    .execute(database);
}

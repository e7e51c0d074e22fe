/** Apps of people find what they are asked, and the draft that they join. */
import { sql, type Kysely } from 'kysely';

/** Adds the columns by which attempts are found. */
export async function up(database: Kysely<unknown>, engine: string): Promise<void> {
  const text = engine === 'sqlite' ? 'text' : 'text collate "C"';
  const statements = [
    `alter table attempt add column asks_app_of ${text}`,
    `alter table attempt add column pairing ${text}`,
    'create index attempt_by_app on attempt (asks_app_of) where asks_app_of is not null',
    'create index attempt_by_pairing on attempt (pairing) where pairing is not null',
  ];
  for (const statement of statements) await sql.raw(statement).execute(database);
}

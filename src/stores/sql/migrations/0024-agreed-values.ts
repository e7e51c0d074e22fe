/** To which values a second administrator agrees: a number, an address, a state. */
import { sql, type Kysely } from 'kysely';

/** Makes their column. What was asked for before names no values, and has to be asked once more. */
export async function up(database: Kysely<unknown>, engine: string): Promise<void> {
  // Their bindings say nothing of values: each would count as changed by somebody else.
  await sql.raw('delete from approval').execute(database);
  const blob = engine === 'sqlite' ? 'blob' : 'bytea';
  await sql.raw(`alter table approval add column asked_values ${blob}`).execute(database);
}

/** Which role a second administrator agrees to. */
import { sql, type Kysely } from 'kysely';

/** Makes its column. What was asked for before agrees to no role, and has to be asked once more. */
export async function up(database: Kysely<unknown>, engine: string): Promise<void> {
  const text = engine === 'sqlite' ? 'text' : 'text collate "C"';
  // Their bindings say nothing of a role: each would count as changed by somebody else.
  await sql.raw('delete from approval').execute(database);
  await sql.raw(`alter table approval add column role ${text}`).execute(database);
}

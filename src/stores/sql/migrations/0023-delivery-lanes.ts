/**
 * What waits in the outbox is found by its kind: a thousand texts that wait for a slow provider are not
 * looked through for each mail.
 */
import { sql, type Kysely } from 'kysely';

/** Exchanges the index. */
export async function up(database: Kysely<unknown>): Promise<void> {
  const statements = [
    `create index outbox_by_lane on outbox (kind, due_at) where state = 'queued'`,
    'drop index outbox_by_due',
  ];
  for (const statement of statements) await sql.raw(statement).execute(database);
}

/**
 * What an application says of itself decides as much as its secret does: where people are sent with a code,
 * what a program may do. From here on each row carries a keyed hash over it (attack ATK-93).
 */
import { sql, type Kysely } from 'kysely';

/** Adds the column and binds what is there. */
export async function up(
  database: Kysely<unknown>,
  engine: string,
  keyedHash: (purpose: string, value: string) => Uint8Array,
): Promise<void> {
  const blob = sql.raw(engine === 'sqlite' ? 'blob' : 'bytea');
  await sql`alter table application add column binding ${blob}`.execute(database);
  const { rows } = await sql<{
    readonly client_id: string;
    readonly detail: string;
    readonly client_secret: Uint8Array | null;
  }>`select client_id, detail, client_secret from application`.execute(database);
  for (const { client_id: id, detail, client_secret: secret } of rows) {
    const values = [id, detail, secret === null ? '0' : '1'];
    const binding = keyedHash('application-row', JSON.stringify(values));
    await sql`update application set binding = ${binding} where client_id = ${id}`.execute(
      database,
    );
  }
}

/**
 * Accounts and the policy decide who needs a second step. From here on each of these rows carries a
 * keyed hash over all of it, so that nobody changes one unseen (attack ATK-93).
 */
import { sql, type Kysely } from 'kysely';

/** Adds the columns and binds what is there. */
export async function up(
  database: Kysely<unknown>,
  engine: string,
  keyedHash: (purpose: string, value: string) => Uint8Array,
): Promise<void> {
  const blob = sql.raw(engine === 'sqlite' ? 'blob' : 'bytea');
  for (const table of ['user', 'policy'] as const) {
    await sql`alter table ${sql.table(table)} add column binding ${blob}`.execute(database);
    const { rows } = await sql<Record<string, unknown>>`
      select * from ${sql.table(table)}
    `.execute(database);
    for (const row of rows) {
      const values = columns[table].map((column) => told(row[column]));
      const binding = keyedHash(`${table}-row`, JSON.stringify(values));
      await sql`
        update ${sql.table(table)} set binding = ${binding} where id = ${row['id']}
      `.execute(database);
    }
  }
}

const columns = {
  user: [
    'id',
    'canonical_name',
    'user_principal_name',
    'display_name',
    'mail',
    'other_mail',
    'mobile_phone',
    'business_phone',
    'business_phone_extension',
    'preferred_language',
    'role',
    'groups',
    'account_enabled',
    'blocked_at',
    'blocked_until',
    'blocked_reason',
    'password_hash',
    'must_change_password',
    'per_user_mfa_state',
    'mfa_required_at',
    'default_registration_id',
    'default_method_id',
    'created_at',
  ],
  policy: ['id', 'version', 'document'],
} as const;

/** As text, the same from every database. */
function told(value: unknown): string | null {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return typeof value === 'string' || typeof value === 'number' ? `${value}` : null;
}

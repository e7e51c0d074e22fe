/** Systems that look people up by LDAP, and finding people by their mail address. */
import { sql, type Kysely } from 'kysely';

/** Makes the table and the index. */
export async function up(database: Kysely<unknown>, engine: string): Promise<void> {
  const isSqlite = engine === 'sqlite';
  const text = isSqlite ? 'text' : 'text collate "C"';
  const integer = isSqlite ? 'integer' : 'bigint';
  const blob = isSqlite ? 'blob' : 'bytea';
  const statements = [
    `create table ldap_client (
      name ${text} not null primary key,
      created_at ${integer} not null,
      hash ${blob} not null
    ) ${isSqlite ? 'strict' : ''}`,
    `create index user_by_mail on "user" (lower(mail)) where mail is not null`,
  ];
  for (const statement of statements) await sql.raw(statement).execute(database);
}

/** The synchronisation with the organisation's directory: whose turn it is, its entries and its groups. */
import { sql, type Kysely } from 'kysely';

/** Makes the tables. */
export async function up(database: Kysely<unknown>, engine: string): Promise<void> {
  const isSqlite = engine === 'sqlite';
  const text = isSqlite ? 'text' : 'text collate "C"';
  const integer = isSqlite ? 'integer' : 'bigint';
  const blob = isSqlite ? 'blob' : 'bytea';
  const strict = isSqlite ? 'strict' : '';
  const statements = [
    `create table directory_sync (
      id ${text} not null primary key,
      version ${integer} not null,
      detail ${blob} not null
    ) ${strict}`,
    `create table directory_entry (
      id ${text} not null primary key,
      name ${text} not null,
      run ${integer} not null,
      state ${text} not null,
      trouble ${text},
      detail ${text} not null,
      binding ${blob} not null
    ) ${strict}`,
    'create index directory_entry_by_state on directory_entry (state, run)',
    `create index directory_entry_in_trouble on directory_entry (name, id) where trouble is not null`,
    `create table directory_group (
      id ${text} not null primary key,
      told ${text} not null,
      name ${text},
      run ${integer} not null,
      conflict ${text},
      binding ${blob} not null
    ) ${strict}`,
  ];
  for (const statement of statements) await sql.raw(statement).execute(database);
}

/** People by their groups, and long work on thousands of them. */
import { sql, type Kysely } from 'kysely';

/** Makes the tables, and fills in who belongs to which group. */
export async function up(database: Kysely<unknown>, engine: string): Promise<void> {
  const isSqlite = engine === 'sqlite';
  const text = isSqlite ? 'text' : 'text collate "C"';
  const integer = isSqlite ? 'integer' : 'bigint';
  const blob = isSqlite ? 'blob' : 'bytea';
  const strict = isSqlite ? 'strict' : '';
  const statements = [
    `create table user_group (
      user_id ${text} not null,
      group_name ${text} not null,
      canonical_name ${text} not null,
      primary key (user_id, group_name)
    ) ${strict}`,
    'create index user_group_found on user_group (group_name, canonical_name, user_id)',
    `create table job (
      id ${text} not null primary key,
      state ${text} not null,
      created_at ${integer} not null,
      due_at ${integer} not null,
      finished_at ${integer},
      detail ${blob} not null
    ) ${strict}`,
    `create index job_by_due on job (due_at) where state = 'running'`,
    'create index job_by_age on job (created_at)',
    `create table job_item (
      job_id ${text} not null,
      number ${integer} not null,
      user_id ${text},
      name ${text} not null,
      input ${blob},
      secret ${blob},
      result ${text},
      primary key (job_id, number)
    ) ${strict}`,
    'create index job_item_open on job_item (job_id, number) where result is null',
    'create index job_item_by_result on job_item (job_id, result)',
  ];
  for (const statement of statements) await sql.raw(statement).execute(database);
  const { rows } = await sql<{
    readonly id: string;
    readonly canonical_name: string;
    readonly groups: string;
  }>`select id, canonical_name, groups from "user" where groups <> '[]'`.execute(database);
  for (const { id, canonical_name: canonical, groups } of rows) {
    for (const group of namesIn(groups)) {
      await sql`insert into user_group (user_id, group_name, canonical_name)
        values (${id}, ${group}, ${canonical})`.execute(database);
    }
  }
}

function namesIn(groups: string): ReadonlySet<string> {
  const parsed: unknown = JSON.parse(groups);
  const names = Array.isArray(parsed) ? parsed : [];
  return new Set(names.filter((name): name is string => typeof name === 'string'));
}

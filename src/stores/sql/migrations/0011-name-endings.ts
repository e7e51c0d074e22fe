/** Finding people by any word of their name: a help desk is told a family name. */
import { sql, type Kysely } from 'kysely';

/** Makes the table, and fills in what the names of everybody end with. */
export async function up(database: Kysely<unknown>, engine: string): Promise<void> {
  const isSqlite = engine === 'sqlite';
  const text = isSqlite ? 'text' : 'text collate "C"';
  const statements = [
    `create table user_name_ending (
      user_id ${text} not null,
      ending ${text} not null,
      canonical_name ${text} not null,
      primary key (user_id, ending)
    ) ${isSqlite ? 'strict' : ''}`,
    `create index user_name_ending_found on user_name_ending (ending, canonical_name)`,
  ];
  for (const statement of statements) await sql.raw(statement).execute(database);
  const { rows } = await sql<{
    readonly id: string;
    readonly canonical_name: string;
    readonly display_name: string;
  }>`select id, canonical_name, display_name from "user"`.execute(database);
  for (const { id, canonical_name: canonical, display_name: name } of rows) {
    for (const ending of endings(name)) {
      await sql`insert into user_name_ending (user_id, ending, canonical_name)
        values (${id}, ${ending}, ${canonical})`.execute(database);
    }
  }
}

/** A name from each of its words on but the first, without accents, capitals and needless blanks. */
function endings(name: string): readonly string[] {
  const searched = name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/\s+/gu, ' ')
    .trim();
  return [...searched.matchAll(/(?<=[\s\-('’.,])[\p{L}\p{N}]/gu)].map(({ index }) =>
    searched.slice(index),
  );
}

/** Owns the synchronisation with the organisation's directory in SQL. */
import { sql } from 'kysely';

import type {
  DirectorySyncStore,
  KnownEntry,
  KnownGroup,
  SyncState,
} from '../../administration/directory/sync-store.ts';
import { boundRows } from './bound-rows.ts';
import { fromPlainJson, toJson } from './json.ts';
import type { OnConnection, StoreParts } from './parts.ts';
import type { Row } from './schema.ts';
import { once, statement, storableText, type Argument } from './statement.ts';
import { orNull, orUndefined } from './values.ts';

/** There is one directory, and one synchronisation of it. */
const theOne = 'upstream';

/** Sealed with its version, so that nobody puts back what a confirmation or a lease was before. */
type Detail = Omit<SyncState, 'version'>;
type EntryDetail = Pick<KnownEntry, 'dn' | 'brought' | 'conflict' | 'issues' | 'mailBefore'>;

/** Who has an account, and lost it neither there nor here. */
const isIn = sql<boolean>`state in ('in', 'leaving')`;

export function prepareDirectorySyncStore({
  build,
  seals,
}: StoreParts): OnConnection<DirectorySyncStore> {
  const sealed = seals.sealed<Detail>('directory_sync', 'detail');
  // Whoever could write here would keep somebody in who left, or put everybody out.
  const entryRows = boundRows<Omit<Row<'directory_entry'>, 'binding'>>(seals, 'directory_entry', [
    'id',
    'name',
    'run',
    'state',
    'trouble',
    'detail',
  ]);
  const groupRows = boundRows<Omit<Row<'directory_group'>, 'binding'>>(seals, 'directory_group', [
    'id',
    'told',
    'name',
    'run',
    'conflict',
  ]);

  const read = statement(() =>
    build.selectFrom('directory_sync').selectAll().where('id', '=', theOne),
  );
  const begin = statement((is: Argument<Row<'directory_sync'>>) =>
    build
      .insertInto('directory_sync')
      .values({ id: is('id'), version: is('version'), detail: is('detail') })
      .onConflict((conflict) => conflict.doNothing()),
  );
  const goOn = statement((is: Argument<{ version: number; detail: Buffer; from: number }>) =>
    build
      .updateTable('directory_sync')
      .set({ version: is('version'), detail: is('detail') })
      .where('id', '=', theOne)
      .where('version', '=', is('from')),
  );
  const everyGroup = statement(() =>
    build.selectFrom('directory_group').selectAll().orderBy('told').orderBy('id'),
  );

  const toEntry = (row: Row<'directory_entry'>): KnownEntry => {
    entryRows.require(row);
    return {
      id: row.id,
      name: row.name,
      run: Number(row.run),
      state: row.state,
      ...entryDetail(fromPlainJson<EntryDetail>(row.detail)),
    };
  };
  const entryRow = (entry: KnownEntry): Row<'directory_entry'> => {
    const { conflict, issues } = entry;
    const columns = {
      id: storableText(entry.id),
      name: storableText(entry.name),
      run: entry.run,
      state: entry.state,
      trouble: conflict ?? orNull(issues[0]),
      detail: storableText(toJson(entryDetail(entry))),
    };
    return { ...columns, binding: entryRows.bind(columns) };
  };
  const toGroup = (row: Row<'directory_group'>): KnownGroup => {
    groupRows.require(row);
    return {
      id: row.id,
      told: row.told,
      name: orUndefined(row.name),
      run: Number(row.run),
      conflict: orUndefined(row.conflict),
    };
  };
  const groupRow = (group: KnownGroup): Row<'directory_group'> => {
    const columns = {
      id: storableText(group.id),
      told: storableText(group.told),
      name: group.name === undefined ? null : storableText(group.name),
      run: group.run,
      conflict: orNull(group.conflict),
    };
    return { ...columns, binding: groupRows.bind(columns) };
  };

  return (connection) => ({
    state: async () => {
      const row = await connection.first(read({}));
      if (row === undefined) return undefined;
      const version = Number(row.version);
      const detail = sealed.open(row.detail, theOne, String(version));
      return { version, ...stateDetail(detail) };
    },
    save: async (state, from) => {
      const version = from + 1;
      const detail = sealed.seal(stateDetail(state), theOne, String(version));
      const query =
        from === 0 ? begin({ id: theOne, version, detail }) : goOn({ version, detail, from });
      return (await connection.change(query)) > 0;
    },
    entries: async (ids) => {
      if (ids.length === 0) return new Map();
      const query = build
        .selectFrom('directory_entry')
        .selectAll()
        .where('id', 'in', ids.map(storableText));
      const rows = await connection.rows(once(query));
      return new Map(rows.map((row) => [row.id, toEntry(row)]));
    },
    broughtTo: async (entryId) => {
      const query = build
        .selectFrom('directory_entry')
        .selectAll()
        .where('id', '=', storableText(entryId));
      const row = await connection.first(once(query));
      return row === undefined ? [] : toEntry(row).brought;
    },
    put: async (entries) => {
      if (entries.length === 0) return;
      const query = build
        .insertInto('directory_entry')
        .values(entries.map(entryRow))
        .onConflict((conflict) =>
          conflict.column('id').doUpdateSet(({ ref }) => ({
            name: ref('excluded.name'),
            run: ref('excluded.run'),
            state: ref('excluded.state'),
            trouble: ref('excluded.trouble'),
            detail: ref('excluded.detail'),
            binding: ref('excluded.binding'),
          })),
        );
      await connection.change(once(query));
    },
    inConflict: async (name) => {
      const query = build
        .selectFrom('directory_entry')
        .selectAll()
        .where('name', '=', storableText(name))
        .where(sql<boolean>`trouble is not null`)
        .where('state', '=', 'none')
        .limit(2);
      const [row, ...others] = await connection.rows(once(query));
      // Of two who go by one name nobody knows which of them it is.
      return row === undefined || others.length > 0 ? undefined : toEntry(row);
    },
    leaving: async (run, limit) => {
      const query = build
        .selectFrom('directory_entry')
        .selectAll()
        .where(({ eb, or, and }) =>
          or([
            eb('state', '=', 'leaving'),
            and([eb('state', 'in', ['in', 'out']), eb('run', '<', run)]),
          ]),
        )
        .orderBy('id')
        .limit(limit);
      return (await connection.rows(once(query))).map(toEntry);
    },
    tally: async (run) => {
      const leaves = sql`state = 'leaving' or run < ${run}`;
      const query = build
        .selectFrom('directory_entry')
        .select(({ fn }) => fn.countAll<number>().as('all'))
        .select(sql<number>`coalesce(sum(case when ${leaves} then 1 else 0 end), 0)`.as('leaving'))
        .where(isIn);
      const row = await connection.first(once(query));
      return { in: Number(row?.all ?? 0), leaving: Number(row?.leaving ?? 0) };
    },
    troubled: async ({ after, limit }) => {
      let query = build
        .selectFrom('directory_entry')
        .selectAll()
        .where(sql<boolean>`trouble is not null`)
        .orderBy('name')
        .orderBy('id')
        .limit(limit);
      if (after !== undefined) {
        query = query.where(({ eb, or, and }) =>
          or([
            eb('name', '>', storableText(after.name)),
            and([eb('name', '=', storableText(after.name)), eb('id', '>', storableText(after.id))]),
          ]),
        );
      }
      return (await connection.rows(once(query))).map(toEntry);
    },
    countTroubled: async () => {
      const query = build
        .selectFrom('directory_entry')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where(sql<boolean>`trouble is not null`);
      return Number((await connection.first(once(query)))?.count ?? 0);
    },
    forget: async (run) => {
      const entries = build
        .deleteFrom('directory_entry')
        .where('state', '=', 'none')
        .where('run', '<', run);
      await connection.change(once(entries));
      await connection.change(once(build.deleteFrom('directory_group').where('run', '<', run)));
    },
    groups: async () => (await connection.rows(everyGroup({}))).map(toGroup),
    putGroups: async (groups) => {
      if (groups.length === 0) return;
      const query = build
        .insertInto('directory_group')
        .values(groups.map(groupRow))
        .onConflict((conflict) =>
          conflict.column('id').doUpdateSet(({ ref }) => ({
            told: ref('excluded.told'),
            name: ref('excluded.name'),
            run: ref('excluded.run'),
            conflict: ref('excluded.conflict'),
            binding: ref('excluded.binding'),
          })),
        );
      await connection.change(once(query));
    },
  });
}

/** Absent is absent again after it was JSON. */
function stateDetail(state: Detail): Detail {
  const { run, holder, leaseEndsAt, dueAt, asked, current, last, succeededAt } = state;
  return {
    run,
    holder,
    leaseEndsAt,
    dueAt,
    asked: asked && { by: asked.by, confirms: asked.confirms },
    current,
    last: last && { ...last, by: last.by },
    succeededAt,
  };
}

function entryDetail({ dn, brought, conflict, issues, mailBefore }: EntryDetail): EntryDetail {
  return { dn, brought, conflict, issues, mailBefore };
}

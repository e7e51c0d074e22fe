/** Owns provisioning in SQL. */
import type { ProvisionedGroup, ProvisioningStore } from '../../accounts/provisioning-store.ts';
import { isUniqueViolation } from '../../lib/sqlite/unique-violation.ts';
import { boundRows } from './bound-rows.ts';
import type { OnConnection, StoreParts } from './parts.ts';
import type { Row } from './schema.ts';
import { once, statement, storableText, type Argument } from './statement.ts';
import { fromDate, toDate } from './values.ts';

const heldForAllGroups = 'groups';

export function prepareProvisioningStore({
  build,
  dialect,
  seals,
}: StoreParts): OnConnection<ProvisioningStore> {
  // Whoever could write here would have what is meant for one account done to another.
  const names = boundRows<Omit<Row<'external_id'>, 'binding'>>(seals, 'external_id', [
    'subject_id',
    'directory',
    'external_id',
  ]);
  const groups = boundRows<Omit<Row<'provisioned_group'>, 'binding'>>(seals, 'provisioned_group', [
    'id',
    'name',
    'created_at',
  ]);

  const called = statement((is: Argument<{ directory: string; externalId: string }>) =>
    build
      .selectFrom('external_id')
      .selectAll()
      .where('directory', '=', is('directory'))
      .where('external_id', '=', is('externalId'))
      .orderBy('subject_id')
      .limit(100),
  );
  const put = statement((is: Argument<Row<'external_id'>>) =>
    build
      .insertInto('external_id')
      .values({
        directory: is('directory'),
        subject_id: is('subject_id'),
        external_id: is('external_id'),
        binding: is('binding'),
      })
      .onConflict((conflict) =>
        conflict
          .columns(['directory', 'subject_id'])
          .doUpdateSet({ external_id: is('external_id'), binding: is('binding') }),
      ),
  );
  const clear = statement((is: Argument<{ directory: string; id: string }>) =>
    build
      .deleteFrom('external_id')
      .where('directory', '=', is('directory'))
      .where('subject_id', '=', is('id')),
  );
  const forget = statement((is: Argument<{ id: string }>) =>
    build.deleteFrom('external_id').where('subject_id', '=', is('id')),
  );
  const everyGroup = statement(() =>
    build.selectFrom('provisioned_group').selectAll().orderBy('name'),
  );
  const addGroup = statement((is: Argument<Row<'provisioned_group'>>) =>
    build
      .insertInto('provisioned_group')
      .values({
        id: is('id'),
        name: is('name'),
        created_at: is('created_at'),
        binding: is('binding'),
      })
      .onConflict((conflict) => conflict.doNothing()),
  );
  const lockGroup = statement((is: Argument<{ id: string }>) =>
    dialect.forUpdate(build.selectFrom('provisioned_group').selectAll().where('id', '=', is('id'))),
  );
  const renameGroup = statement((is: Argument<{ id: string; name: string; binding: Buffer }>) =>
    build
      .updateTable('provisioned_group')
      .set({ name: is('name'), binding: is('binding') })
      .where('id', '=', is('id')),
  );
  const removeGroup = statement((is: Argument<{ id: string }>) =>
    build.deleteFrom('provisioned_group').where('id', '=', is('id')),
  );

  // Most groups have no row, so one stands for all of them.
  const hold = statement(() =>
    dialect.forUpdate(build.selectFrom('meta').select('name').where('name', '=', heldForAllGroups)),
  );
  const addHeld = statement(() =>
    build
      .insertInto('meta')
      .values({ name: heldForAllGroups, value: '' })
      .onConflict((conflict) => conflict.doNothing()),
  );

  const toGroup = (row: Row<'provisioned_group'>): ProvisionedGroup => {
    groups.require(row);
    return { id: row.id, name: row.name, createdAt: toDate(row.created_at) };
  };

  return (connection) => ({
    externalIds: async (directory, ids) => {
      if (ids.length === 0) return new Map();
      const query = build
        .selectFrom('external_id')
        .selectAll()
        .where('directory', '=', storableText(directory))
        .where('subject_id', 'in', ids.map(storableText));
      const rows = await connection.rows(once(query));
      for (const row of rows) names.require(row);
      return new Map(rows.map((row) => [row.subject_id, row.external_id]));
    },
    idsOf: async (directory, externalId) => {
      const rows = await connection.rows(called({ directory, externalId }));
      for (const row of rows) names.require(row);
      return rows.map((row) => row.subject_id);
    },
    call: async (directory, id, externalId) => {
      if (externalId === undefined) {
        await connection.change(clear({ directory, id }));
        return;
      }
      // What is bound is what is kept.
      const kept = storableText(externalId);
      const row = { directory, subject_id: id, external_id: kept };
      await connection.change(put({ ...row, binding: names.bind(row) }));
    },
    forget: async (id) => {
      await connection.change(forget({ id }));
    },
    holdGroups: async () => {
      if ((await connection.first(hold({}))) !== undefined) return;
      await connection.change(addHeld({}));
      await connection.first(hold({}));
    },
    groups: async () => (await connection.rows(everyGroup({}))).map(toGroup),
    addGroup: async ({ id, name, createdAt }) => {
      const row = { id, name, created_at: fromDate(createdAt) };
      return (await connection.change(addGroup({ ...row, binding: groups.bind(row) }))) > 0;
    },
    renameGroup: async (id, from, to) => {
      try {
        return await connection.transact(async (held) => {
          const row = await held.first(lockGroup({ id }));
          if (row === undefined || toGroup(row).name !== from) return false;
          const binding = groups.bind({ ...row, name: to });
          return (await held.change(renameGroup({ id, name: to, binding }))) > 0;
        });
      } catch (error) {
        if (isUniqueViolation(error)) return false;
        throw error;
      }
    },
    removeGroup: (id) =>
      connection.transact(async (held) => {
        await held.change(forget({ id }));
        return (await held.change(removeGroup({ id }))) > 0;
      }),
  });
}

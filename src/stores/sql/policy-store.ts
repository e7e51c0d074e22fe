/** Owns the policy in SQL: one row, or none before it was first written. */
import type { PolicyStore } from '../../policies/policy-store.ts';
import { fromPlainJson, toJson } from './json.ts';
import type { OnConnection, StoreParts } from './parts.ts';
import { statement, type Argument } from './statement.ts';

export function preparePolicyStore({ build }: StoreParts): OnConnection<PolicyStore> {
  const read = statement(() => build.selectFrom('policy').selectAll());
  const add = statement((is: Argument<{ document: string }>) =>
    build
      .insertInto('policy')
      .values({ id: 1, version: 1, document: is('document') })
      .onConflict((conflict) => conflict.doNothing()),
  );
  const replace = statement((is: Argument<{ from: number; document: string }>) =>
    build
      .updateTable('policy')
      .set((row) => ({ version: row('version', '+', 1), document: is('document') }))
      .where('id', '=', 1)
      .where('version', '=', is('from')),
  );

  return (connection) => ({
    read: async () => {
      const row = await connection.first(read({}));
      return row === undefined
        ? { version: 0, document: {} }
        : { version: row.version, document: fromPlainJson<unknown>(row.document) };
    },
    write: async (from, value) => {
      const document = toJson(value);
      const query = from === 0 ? add({ document }) : replace({ from, document });
      return (await connection.change(query)) > 0;
    },
  });
}

/** Owns the policy in SQL: one row, or none before it was first written. */
import { TweestapError } from '../../errors/errors.ts';
import type { PolicyStore } from '../../policies/policy-store.ts';
import { isRare } from './audit-store.ts';
import { boundRows } from './bound-rows.ts';
import { fromPlainJson, toJson } from './json.ts';
import type { OnConnection, StoreParts } from './parts.ts';
import { statement, type Argument } from './statement.ts';

export function preparePolicyStore({ build, seals }: StoreParts): OnConnection<PolicyStore> {
  const rows = boundRows<{ id: number; version: number; document: string }>(seals, 'policy', [
    'id',
    'version',
    'document',
  ]);
  const read = statement(() => build.selectFrom('policy').selectAll());
  const wasChanged = statement(() =>
    build
      .selectFrom('audit_event')
      .select('kind')
      .where('kind', '=', 'policy-changed')
      .where(isRare)
      .limit(1),
  );
  const add = statement((is: Argument<{ document: string; binding: Buffer }>) =>
    build
      .insertInto('policy')
      .values({ id: 1, version: 1, document: is('document'), binding: is('binding') })
      .onConflict((conflict) => conflict.doNothing()),
  );
  const replace = statement((is: Argument<{ from: number; document: string; binding: Buffer }>) =>
    build
      .updateTable('policy')
      .set((row) => ({
        version: row('version', '+', 1),
        document: is('document'),
        binding: is('binding'),
      }))
      .where('id', '=', 1)
      .where('version', '=', is('from')),
  );

  return (connection) => ({
    read: async () => {
      const row = await connection.first(read({}));
      if (row === undefined) {
        // Whoever takes the policy away would have us go by one that allows more.
        if ((await connection.first(wasChanged({}))) === undefined) {
          return { version: 0, document: {} };
        }
        const damage = { table: 'policy', row: '1' };
        seals.report(damage);
        throw new TweestapError('RECORD_DAMAGED', { details: damage });
      }
      rows.require(row);
      return { version: row.version, document: fromPlainJson<unknown>(row.document) };
    },
    write: async (from, value) => {
      const document = toJson(value);
      const binding = rows.bind({ id: 1, version: from + 1, document });
      const query = from === 0 ? add({ document, binding }) : replace({ from, document, binding });
      return (await connection.change(query)) > 0;
    },
  });
}

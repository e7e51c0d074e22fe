/** Owns what is remembered of the installation, in SQL. */
import type { Epoch, MetaStore } from '../../accounts/meta-store.ts';
import type { Connection } from './connection.ts';
import type { OnConnection, StoreParts } from './parts.ts';
import { once, statement, type Argument } from './statement.ts';
import { fromDate } from './values.ts';

/** The tables whose rows do not outlive an epoch. */
const passing = ['session', 'attempt', 'known_browser', 'oidc_record', 'outbox'] as const;

export function prepareMetaStore({ build }: StoreParts): OnConnection<MetaStore> {
  const read = statement((is: Argument<{ name: string }>) =>
    build.selectFrom('meta').select('value').where('name', '=', is('name')),
  );
  const add = statement((is: Argument<{ name: string; value: string }>) =>
    build
      .insertInto('meta')
      .values({ name: is('name'), value: is('value') })
      .onConflict((conflict) => conflict.doNothing()),
  );
  const write = statement((is: Argument<{ name: string; value: string }>) =>
    build
      .insertInto('meta')
      .values({ name: is('name'), value: is('value') })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: is('value') })),
  );

  const epochOf = async (connection: Connection): Promise<Epoch> => {
    const value = (await connection.first(read({ name: 'epoch' })))?.value;
    if (value === undefined) return { number: 1, begunAt: undefined };
    const [number, begunAt] = value.split(' ').map(Number);
    if (number === undefined || begunAt === undefined) throw new Error(`Not an epoch: ${value}`);
    return { number, begunAt: new Date(begunAt) };
  };

  return (connection) => ({
    read: async (name) => (await connection.first(read({ name })))?.value,
    settle: async (name, value) => {
      await connection.change(add({ name, value }));
      return (await connection.first(read({ name })))?.value ?? value;
    },
    write: async (name, value) => {
      await connection.change(write({ name, value }));
    },
    epoch: () => epochOf(connection),
    beginEpoch: (now) =>
      connection.transact(async (transaction) => {
        const number = (await epochOf(transaction)).number + 1;
        const value = `${number} ${fromDate(now)}`;
        await transaction.change(write({ name: 'epoch', value }));
        for (const table of passing) await transaction.change(once(build.deleteFrom(table)));
        return { number, begunAt: now };
      }),
  });
}

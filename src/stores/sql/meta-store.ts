/** Owns what is remembered of the installation, in SQL. */
import type { Epoch, MetaStore } from '../../accounts/meta-store.ts';
import type { Connection } from './connection.ts';
import type { OnConnection, StoreParts } from './parts.ts';
import { once, statement, type Argument } from './statement.ts';
import { fromDate } from './values.ts';

/** The tables of which nothing outlives an epoch. */
export const endedWithEpoch = [
  'session',
  'attempt',
  'known_browser',
  'trusted_device',
  'oidc_record',
  'job',
  'job_item',
] as const;

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

  // What was told, agreed to or handed out and not used by then may have been used since.
  const endingOnce = [
    statement(() => build.deleteFrom('outbox').where('body', 'is not', null)),
    statement(() => build.deleteFrom('approval').where('used_at', 'is', null)),
    statement(() => build.deleteFrom('registration').where('ends_at', 'is not', null)),
    statement(() =>
      build.updateTable('app_password').set({ plain: null }).where('plain', 'is not', null),
    ),
  ];

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
        for (const table of endedWithEpoch) {
          await transaction.change(once(build.deleteFrom(table)));
        }
        for (const one of endingOnce) await transaction.change(one({}));
        return { number, begunAt: now };
      }),
  });
}

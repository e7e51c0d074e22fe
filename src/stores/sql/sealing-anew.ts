/**
 * Owns sealing anew: after a change of the key everything that an older one sealed is opened and sealed
 * with the one in use, beside whoever goes on writing. Nothing is kept of how far it came: what is done
 * is sealed with the key in use, so whoever is stopped begins again and finds the rest.
 */
import { sql, type Kysely } from 'kysely';

import { TweestapError } from '../../errors/errors.ts';
import { SecretBoxError, type SecretBox } from '../../lib/secret-box.ts';
import type { Connection } from './connection.ts';
import type { Schema } from './schema.ts';
import { contextOf, sealedColumns, sealedFacts, type SealedPlace } from './sealed-columns.ts';
import type { Seals } from './sealed.ts';
import { boundUsers } from './user-row.ts';

/** What came of it. */
export interface SealedAnew {
  /** How many values were sealed anew. */
  readonly values: number;
  /** How many do not open, with whichever key: they are left as they are, and open nothing. */
  readonly damaged: number;
  /** Whether nothing is left that an older key sealed; false where somebody goes on sealing with it. */
  readonly isComplete: boolean;
}

interface Parts {
  readonly build: Kysely<Schema>;
  readonly seals: Seals;
  readonly box: SecretBox;
}

/** So many rows are read, and written in one transaction: whoever signs in waits for these alone. */
const portion = 200;
/** Somebody who writes a value while it is sealed anew keeps it; so often it is looked at once more. */
const mostPasses = 8;

/** Seals everything anew; see `Database.sealAnew`. */
export async function sealAnew(connection: Connection, parts: Parts): Promise<SealedAnew> {
  let values = 0;
  let damaged = 0;
  for (let pass = 0; pass < mostPasses; pass += 1) {
    const found = { values: 0, missed: 0, damaged: 0 };
    for (const place of sealedColumns) {
      for await (const rows of portionsOf(connection, parts, place)) {
        const done = await sealRows(connection, parts, place, rows);
        found.values += done.values;
        found.missed += done.missed;
        found.damaged += done.damaged;
      }
    }
    for (const fact of sealedFacts) {
      const isSealed = await sealFact(connection, parts, fact);
      if (isSealed === undefined) found.damaged += 1;
      else if (isSealed) found.values += 1;
    }
    values += found.values;
    ({ damaged } = found);
    // Only who looked at all of it and found nothing to do knows that nothing is left.
    if (found.values === 0 && found.missed === 0) return { values, damaged, isComplete: true };
  }
  return { values, damaged, isComplete: false };
}

type FoundRow = Readonly<Record<string, unknown>>;

/** All rows that hold such a value, in the order of their key. */
async function* portionsOf(
  connection: Connection,
  { build }: Parts,
  { table, column, key }: SealedPlace,
): AsyncIterable<readonly FoundRow[]> {
  const names = sql.join(key.map((name) => sql.ref(name)));
  let last: FoundRow | undefined;
  for (;;) {
    const from = last;
    const after =
      from === undefined
        ? sql``
        : sql`and (${names}) > (${sql.join(key.map((name) => sql.val(from[name])))})`;
    const rows = await connection.rows(
      sql<FoundRow>`select * from ${sql.table(table)}
        where ${sql.ref(column)} is not null ${after} order by ${names} limit ${portion}`.compile(
        build,
      ),
    );
    if (rows.length > 0) yield rows;
    if (rows.length < portion) return;
    last = rows.at(-1);
  }
}

interface Change {
  readonly row: FoundRow;
  readonly columns: Readonly<Record<string, Buffer>>;
}

async function sealRows(
  connection: Connection,
  parts: Parts,
  place: SealedPlace,
  rows: readonly FoundRow[],
): Promise<{ readonly values: number; readonly missed: number; readonly damaged: number }> {
  const changes = rows
    .map((row) => changeOf(parts, place, row))
    .filter((change) => change !== undefined);
  const sound = changes.filter((change) => change !== 'damaged');
  const damaged = changes.length - sound.length;
  if (sound.length === 0) return { values: 0, missed: 0, damaged };
  const values = await connection.transact(async (transaction) => {
    let changed = 0;
    for (const change of sound) {
      changed += await transaction.change(updateOf(place, change).compile(parts.build));
    }
    return changed;
  });
  return { values, missed: sound.length - values, damaged };
}

/** What is to be changed in a row; undefined where the key in use sealed it. */
function changeOf(
  { box, seals }: Parts,
  place: SealedPlace,
  row: FoundRow,
): Change | 'damaged' | undefined {
  const sealed = row[place.column];
  if (!Buffer.isBuffer(sealed)) return 'damaged';
  if (box.isCurrent(sealed)) return undefined;
  try {
    const context = contextOf(place, row);
    const anew = box.seal(box.open(sealed, context), context);
    const columns = { [place.column]: anew };
    if (!isAccount(place, row)) return { row, columns };
    // The hash stands in what binds the account: an account that somebody changed is not believed anew.
    const users = boundUsers(seals);
    users.require(row);
    return { row, columns: { ...columns, binding: users.bind({ ...row, password_hash: anew }) } };
  } catch (error) {
    if (error instanceof SecretBoxError) return 'damaged';
    if (error instanceof TweestapError && error.code === 'RECORD_DAMAGED') return 'damaged';
    throw error;
  }
}

// Of what type a row of this table is, the database knows; this is where its word is taken for it.
function isAccount(
  { table }: SealedPlace,
  row: FoundRow,
): row is FoundRow & Parameters<ReturnType<typeof boundUsers>['require']>[0] {
  return table === 'user' && 'binding' in row;
}

/** Where the row is still as it was read; else whoever wrote it sealed it, maybe with the key in use. */
function updateOf({ table, key }: SealedPlace, { row, columns }: Change) {
  const set = Object.entries(columns).map(
    ([name, value]) => sql`${sql.ref(name)} = ${sql.val(value)}`,
  );
  const same = [...key, ...Object.keys(columns)].map(
    (name) => sql`${sql.ref(name)} = ${sql.val(row[name])}`,
  );
  return sql`update ${sql.table(table)} set ${sql.join(set)} where ${sql.join(same, sql` and `)}`;
}

/** Whether a value of `meta` was sealed anew; undefined where it does not open. */
async function sealFact(
  connection: Connection,
  { build, box }: Parts,
  name: string,
): Promise<boolean | undefined> {
  const [row] = await connection.rows(
    sql<{ readonly value: string }>`select value from meta where name = ${name}`.compile(build),
  );
  if (row === undefined) return false;
  const sealed = Buffer.from(row.value, 'base64');
  if (box.isCurrent(sealed)) return false;
  const context = ['meta', 'value', name];
  try {
    const anew = box.seal(box.open(sealed, context), context).toString('base64');
    const { value } = row;
    await connection.change(
      sql`update meta set value = ${anew} where name = ${name} and value = ${value}`.compile(build),
    );
    return true;
  } catch (error) {
    if (error instanceof SecretBoxError) return undefined;
    throw error;
  }
}

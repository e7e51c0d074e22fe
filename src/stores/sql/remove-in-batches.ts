/** Owns clearing out: many rows in small portions, so that nobody waits long for the writer. */
import type { CompiledQuery } from 'kysely';

import type { Connection } from './connection.ts';

const portion = 500;

/** Runs a removal of at most so many rows until it finds no more; returns how many there were. */
export async function removeInBatches(
  connection: Connection,
  removeSome: (limit: number) => CompiledQuery<unknown>,
): Promise<number> {
  let removed = 0;
  for (;;) {
    const some = await connection.change(removeSome(portion));
    removed += some;
    if (some < portion) return removed;
  }
}

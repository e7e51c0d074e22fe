/** What a data folder holds, in short: equal before and after means that nothing was changed. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import type { Place } from './tweestap.ts';

/** What may change without anybody having changed anything: when somebody was seen, and readiness. */
const restless: Readonly<Record<string, readonly string[]>> = {
  session: ['last_seen_at', 'detail'],
  known_browser: ['last_seen_at'],
};
const ignored = new Set(['meta', 'sqlite_sequence']);

/** A hash for each table of the embedded database. */
export function imprintOf({ dataFolder }: Place): Readonly<Record<string, string>> {
  const database = new DatabaseSync(join(dataFolder, 'tweestap.db'), { readOnly: true });
  try {
    const tables = database
      .prepare(`select name from sqlite_master where type = 'table' order by name`)
      .all()
      .map(({ name }) => String(name))
      .filter((name) => !ignored.has(name));
    return Object.fromEntries(
      tables.map((table) => {
        const rows = database
          .prepare(`select * from "${table}"`)
          .all()
          .map((row) =>
            Object.entries(row)
              .filter(([column]) => restless[table]?.includes(column) !== true)
              .map(([column, value]) => `${column}=${textOf(value)}`)
              .join(' '),
          );
        const hash = createHash('sha256').update(rows.toSorted().join('\n'));
        return [table, `${rows.length} rows ${hash.digest('hex').slice(0, 16)}`];
      }),
    );
  } finally {
    database.close();
  }
}

function textOf(value: unknown): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value);
}

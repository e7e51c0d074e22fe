/**
 * Owns binding whole rows: a keyed hash over all their columns, so that whoever can write to the
 * database, but has not the key, changes none of them unseen (attack ATK-93). What decides who needs a
 * second step is kept in such rows. Migration 0002 bound what was there before.
 */
import { TweestapError } from '../../errors/errors.ts';
import type { Seals } from './sealed.ts';
import { storableText } from './statement.ts';

/** Rows of one table that are bound; `row` is without the binding. */
export interface BoundRows<row> {
  bind(row: row): Buffer;
  /** Throws `RECORD_DAMAGED`, and reports it, where somebody else changed the row. */
  require(row: row & { readonly binding: Buffer | null }): void;
}

/**
 * The rows of `table` with these columns, which stand in the hash in this order. `added` came later: they
 * stand behind the others where one of them says something, so that rows from before stay as they are bound.
 */
export function boundRows<row extends object>(
  seals: Seals,
  table: string,
  columns: readonly (keyof row & string)[],
  added: readonly (keyof row & string)[] = [],
): BoundRows<row> {
  const all = [...columns, ...added];
  const bind = (row: row): Buffer => {
    const bound = added.some((column) => row[column] !== null) ? all : columns;
    return seals.hash(`${table}-row`, JSON.stringify(bound.map((column) => told(row[column]))));
  };
  return {
    bind,
    require: (row) => {
      if (row.binding !== null && bind(row).equals(row.binding)) return;
      const id = String(Reflect.get(row, 'id') ?? Reflect.get(row, columns[0] ?? ''));
      seals.report({ table, row: id });
      throw new TweestapError('RECORD_DAMAGED', { details: { table, row: id } });
    },
  };
}

/** As text, the same from every database, and the same that will be read back. */
function told(value: unknown): string | null {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return typeof value === 'string' || typeof value === 'number' ? storableText(`${value}`) : null;
}

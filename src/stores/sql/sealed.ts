/**
 * Owns what is sealed at rest: each value with its table, column and row in the seal, so that it
 * opens in its own place only (attack ATK-93).
 */
import { TweestapError } from '../../errors/errors.ts';
import { framed } from '../../lib/framed.ts';
import { createRecent } from '../../lib/recent.ts';
import { SecretBoxError, type SecretBox } from '../../lib/secret-box.ts';
import { fromJson, toJson } from './json.ts';

/** A record that was changed by somebody else than us, or rotted on its disk. */
export interface Damage {
  readonly table: string;
  readonly row: string;
}

/** A column whose values are sealed JSON. */
export interface SealedColumn<value> {
  /** `row` names the row, and whatever must not be changed beside it. */
  seal(value: value, ...row: readonly string[]): Buffer;
  /** Throws `RECORD_DAMAGED` for what was not sealed for this row, `KEY_MISSING` without its key. */
  open(sealed: Buffer, ...row: readonly string[]): value;
  /** Like `open`, but undefined for what is damaged, which is reported. */
  openOr(sealed: Buffer, ...row: readonly string[]): value | undefined;
}

export interface Seals {
  /**
   * The column `column` of `table`. With `remembers` so many of the newest values, sealed or opened here, are
   * remembered with what they were sealed as: while that is the same, byte for byte, it need not be opened
   * again. They are given to all who ask, so nobody may change them.
   */
  sealed<value>(
    table: string,
    column: string,
    options?: { readonly remembers?: number },
  ): SealedColumn<value>;
  /** A keyed hash of several parts, each where it ends: what must be found, not read. */
  hash(purpose: string, ...parts: readonly (string | Uint8Array)[]): Buffer;
  /** Tells whoever runs this house that a record is not what we wrote. */
  report(damage: Damage): void;
}

export function createSeals(parts: {
  readonly box: SecretBox;
  readonly report: (damage: Damage) => void;
}): Seals {
  const { box, report } = parts;

  const sealed = <value>(
    table: string,
    column: string,
    { remembers = 0 }: { readonly remembers?: number } = {},
  ): SealedColumn<value> => {
    const recent = createRecent<{ readonly bytes: Buffer; readonly read: () => value }>(remembers);
    const open = (bytes: Buffer, ...row: readonly string[]): value => {
      if (remembers === 0) return openAnew(bytes, row);
      const place = placeOf(row);
      const known = recent.get(place);
      if (known?.bytes.equals(bytes) === true) return known.read();
      const value = openAnew(bytes, row);
      recent.set(place, { bytes, read: () => value });
      return value;
    };
    const seal = (value: value, ...row: readonly string[]): Buffer => {
      const json = toJson(value);
      const bytes = box.seal(json, [table, column, ...row]);
      // As it will be read, not as it was given: what JSON leaves out is left out.
      if (remembers > 0) recent.set(placeOf(row), { bytes, read: lazily(() => fromJson(json)) });
      return bytes;
    };
    const openAnew = (bytes: Buffer, row: readonly string[]): value => {
      try {
        return fromJson(box.open(bytes, [table, column, ...row]).toString('utf8'));
      } catch (cause) {
        if (cause instanceof SecretBoxError && cause.reason === 'unknown-key') {
          throw new TweestapError('KEY_MISSING', { cause, details: { keyId: cause.keyId } });
        }
        throw new TweestapError('RECORD_DAMAGED', { cause, details: { table, row: row[0] } });
      }
    };
    return {
      open: (bytes, ...row) => {
        try {
          return open(bytes, ...row);
        } catch (error) {
          if (isDamage(error)) report({ table, row: row[0] ?? '' });
          throw error;
        }
      },
      openOr: (bytes, ...row) => {
        try {
          return open(bytes, ...row);
        } catch (error) {
          if (!isDamage(error)) throw error;
          report({ table, row: row[0] ?? '' });
          return undefined;
        }
      },
      seal,
    };
  };

  return {
    sealed,
    report,
    hash: (purpose, ...values) => box.keyedHash(purpose, framed(values)),
  };
}

function placeOf(row: readonly string[]): string {
  return JSON.stringify(row);
}

/** Worked out when it is first asked for. */
function lazily<value>(work: () => value): () => value {
  let done: { readonly value: value } | undefined;
  return () => (done ??= { value: work() }).value;
}

function isDamage(error: unknown): boolean {
  return error instanceof TweestapError && error.code === 'RECORD_DAMAGED';
}

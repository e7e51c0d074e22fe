/**
 * Owns the account of what is sealed: every column, and what each seal is for. Who seals everything anew
 * after a change of the key goes by it; a test finds a column that a store seals and that is missing here.
 */
import type { MetaName } from '../../accounts/meta-store.ts';
import { schema, type Schema } from './schema.ts';

/** Where sealed values stand. */
export interface SealedPlace {
  readonly table: string;
  readonly column: string;
  /** Its primary key, in order. */
  readonly key: readonly string[];
  /** The columns whose values are in the seal, behind the names of table and column. */
  readonly row: readonly string[];
}

/** Every column that a store seals. */
export const sealedColumns: readonly SealedPlace[] = [
  at('user', 'password_hash'),
  at('registration', 'secret'),
  at('hardware_token', 'secret', { row: ['id', 'serial_number'] }),
  at('app_password', 'plain', { row: ['id', 'user_id'] }),
  at('approval', 'asked_values'),
  at('session', 'detail', { row: ['id', 'user_id'] }),
  at('trusted_device', 'detail', { row: ['id', 'user_id', 'version'] }),
  at('attempt', 'detail'),
  at('outbox', 'body'),
  at('job', 'detail'),
  at('job_item', 'input', { key: ['job_id', 'number'] }),
  at('job_item', 'secret', { key: ['job_id', 'number'] }),
  at('directory_sync', 'detail', { row: ['id', 'version'] }),
  at('application', 'client_secret', { key: ['client_id'] }),
  at('radius_client', 'detail'),
  at('ldap_client', 'hash', { key: ['name'] }),
  at('signing_key', 'private_jwk', { key: ['kid'] }),
  at('oidc_record', 'payload', { key: ['model', 'id'], row: ['id', 'model'] }),
];

/** What `meta` keeps sealed, as base64: its name stands in the seal. */
export const sealedFacts: readonly MetaName[] = ['hash-key', 'push-key', 'sample-passwords'];

/** What stands in the seal of a row; what is no text stands there as text. */
export function contextOf(
  { table, column, row }: SealedPlace,
  values: Readonly<Record<string, unknown>>,
): readonly string[] {
  const told = (value: unknown): string => {
    if (Buffer.isBuffer(value)) return value.toString('hex');
    if (typeof value === 'string' || typeof value === 'number') return String(value);
    throw new Error(`What seals ${table}.${column} is missing in its row.`);
  };
  return [table, column, ...row.map((name) => told(values[name]))];
}

// The key seals, where nothing else is said; and the key is `id`, where there is one.
function at<table extends keyof Schema>(
  table: table,
  column: keyof Schema[table] & string,
  {
    key,
    row,
  }: {
    readonly key?: readonly (keyof Schema[table] & string)[];
    readonly row?: readonly (keyof Schema[table] & string)[];
  } = {},
): SealedPlace {
  const known = key ?? ['id'];
  for (const name of known) {
    if (!Object.hasOwn(schema[table], name)) throw new Error(`${table} has no column ${name}.`);
  }
  return { table, column, key: known, row: row ?? known };
}

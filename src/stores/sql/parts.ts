/** Owns what every store is made of. */
import type { Kysely } from 'kysely';

import type { Connection } from './connection.ts';
import type { Dialect } from './dialects.ts';
import type { Schema } from './schema.ts';
import type { Seals } from './sealed.ts';

/** What a store's statements are built with, once for each database. */
export interface StoreParts {
  /** Builds statements; never runs one. */
  readonly build: Kysely<Schema>;
  readonly dialect: Dialect;
  readonly seals: Seals;
}

/** A store, once its statements are prepared: give it the connection it is to work on. */
export type OnConnection<store> = (connection: Connection) => store;

/**
 * Owns one connection for everybody who asks, opened by whoever needs it first and given up before the other side
 * forgets it.
 */
import type { LdapConnection } from './client.ts';

/** Firewalls forget connections that say nothing, and directories end them: before that, we do. */
export const idleMs = 60_000;

/** Asked by many at a time. */
export interface KeptConnection {
  /** One that is open; `isNew`: nobody used it before. */
  get(
    signal: AbortSignal,
  ): Promise<{ readonly connection: LdapConnection; readonly isNew: boolean }>;
  /** Ends it, and one that is being opened as soon as it is. */
  close(): void;
}

/** Keeps what `open` opens. */
export function createKeptConnection(
  open: (signal: AbortSignal) => Promise<LdapConnection>,
): KeptConnection {
  let isClosed = false;
  let opening: Promise<LdapConnection> | undefined;
  let current: { readonly connection: LdapConnection; usedAt: number } | undefined;
  return {
    get: async (signal) => {
      if (current !== undefined) {
        const { connection, usedAt } = current;
        const isFresh = performance.now() - usedAt < idleMs || connection.waiting > 0;
        if (connection.isOpen && isFresh) {
          current.usedAt = performance.now();
          return { connection, isNew: false };
        }
        connection.close();
        current = undefined;
      }
      opening ??= open(signal)
        .then((connection) => {
          // Nobody is left who would close it.
          if (isClosed) connection.close();
          else current = { connection, usedAt: performance.now() };
          return connection;
        })
        .finally(() => {
          opening = undefined;
        });
      return { connection: await opening, isNew: true };
    },
    close: () => {
      isClosed = true;
      current?.connection.close();
      current = undefined;
    },
  };
}

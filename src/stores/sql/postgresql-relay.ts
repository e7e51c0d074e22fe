/**
 * Owns carrying signals between nodes over PostgreSQL's LISTEN and NOTIFY, on one connection of its
 * own: it comes back by itself, takes none of the connections that requests need, and nobody waits for
 * it. While it is away signals are lost, and whoever hears them looks for themselves now and then.
 */
import { setTimeout as sleep } from 'node:timers/promises';

import type { Client } from 'pg';

import type { Relay } from '../../lib/signals.ts';

export interface PostgresqlRelay extends Relay {
  /** Lets go of the connection, soon even where the server is silent. */
  close(): Promise<void>;
}

export interface PostgresqlRelayOptions {
  /** Makes a client that is not connected yet; each is used once. */
  readonly newClient: () => Client;
  /** How often an idle connection is asked whether it still stands. Default 20,000. */
  readonly beatMs?: number;
}

const channel = 'tweestap_signals';
/** A payload holds less than 8,000 bytes (PostgreSQL, NOTIFY); a key has 16. */
const keysAtOnce = 400;
/** Beyond as many waiting to be sent, further ones are lost. */
const mostWaiting = 4_000;
const firstPauseMs = 100;
const longestPauseMs = 5_000;
const partingMs = 300;

/** Makes the relay; it connects once there is something to pass on or somebody who hears. */
export function createPostgresqlRelay(options: PostgresqlRelayOptions): PostgresqlRelay {
  const { newClient, beatMs = 20_000 } = options;
  const ending = new AbortController();
  const waiting = new Set<string>();
  let heard: (key: string | undefined) => void = () => {};
  let connected: Client | undefined;
  let isSending = false;
  let life: Promise<void> | undefined;

  /** What is told while a statement is under way goes together with the next one. */
  const send = async (client: Client): Promise<void> => {
    if (isSending) return;
    isSending = true;
    try {
      while (waiting.size > 0 && connected === client) {
        const keys = [...waiting].slice(0, keysAtOnce);
        for (const key of keys) waiting.delete(key);
        await client.query('select pg_notify($1, $2)', [channel, keys.join(' ')]);
      }
    } catch {
      cut(client);
    } finally {
      isSending = false;
    }
  };

  /** One connection, from its beginning to its end; says whether it ever stood. */
  const hold = async (): Promise<boolean> => {
    const client = newClient();
    // Without a listener a lost connection would end the process; `end` tells all we need.
    client.on('error', () => {});
    const ended = new Promise<'ended'>((resolve) => {
      client.on('end', () => resolve('ended'));
    });
    // Whatever is under way then gets a moment, and no more.
    const cutLater = (): void => void setTimeout(() => cut(client), partingMs).unref();
    ending.signal.addEventListener('abort', cutLater, { once: true });
    try {
      await client.connect();
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      const own = rows[0]?.pid;
      client.on('notification', ({ processId, payload = '' }) => {
        if (processId === own) return;
        for (const key of payload.split(' ')) heard(key);
      });
      await client.query(`listen ${channel}`);
      connected = client;
      heard(undefined);
      void send(client);
      while (!ending.signal.aborted) {
        const pause = sleep(beatMs, undefined, { signal: ending.signal }).catch(() => undefined);
        if ((await Promise.race([ended, pause])) === 'ended') break;
        if (!ending.signal.aborted) await client.query('select 1');
      }
    } catch {
      // Whatever it was, the next connection is tried in a moment.
    }
    const stood = connected === client;
    connected = undefined;
    // A goodbye, and the end also where nobody answers it.
    await Promise.race([client.end(), sleep(partingMs)]).catch(() => undefined);
    cut(client);
    ending.signal.removeEventListener('abort', cutLater);
    return stood;
  };

  const live = async (): Promise<void> => {
    for (let failures = 0; !ending.signal.aborted;) {
      failures = (await hold()) ? 0 : failures + 1;
      const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** failures);
      // Not all nodes at the same moment.
      const wait = pauseMs * (0.5 + Math.random() / 2);
      await sleep(wait, undefined, { signal: ending.signal }).catch(() => undefined);
    }
  };
  const begin = (): void => {
    if (!ending.signal.aborted) life ??= live();
  };

  return {
    pass: (key) => {
      begin();
      if (waiting.size < mostWaiting) waiting.add(key);
      if (connected !== undefined) void send(connected);
    },
    hear: (listener) => {
      heard = listener;
      begin();
    },
    close: async () => {
      heard = () => {};
      ending.abort();
      await life;
    },
  };
}

function cut(client: Client): void {
  client.connection.stream.destroy();
}

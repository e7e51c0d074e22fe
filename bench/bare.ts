/**
 * The bare model: the same work in a few lines with nothing else in the way, and so the ceiling of
 * what this stack can do (`limits/model-server.mjs` of the harness). It has no pages: a sign-in is
 * two requests there.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import type { Answer, Connection, Harness, Served } from './harness.ts';
import { keyOf, nameOf, password, peopleCount } from './people.ts';
import { freePort } from './tweestap.ts';

export interface Bare {
  readonly port: number;
  start(): Promise<Served>;
  /** The password; returns whose. */
  arrive(connection: Connection): Promise<number>;
  answer(connection: Connection, person: number): Promise<void>;
  readSession(connection: Connection): Promise<void>;
}

/** A bare model with its own people, every commit on the disk as ours. */
export async function makeBare(harness: Harness): Promise<Bare> {
  const folder = mkdtempSync(join(tmpdir(), 'tweestap-bench-bare-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const ports = [await freePort(), await freePort(), await freePort()];
  const [port = 0] = ports;
  const file = join(folder, 'bare.db');
  const server = join(harness.folder, 'limits/model-server.mjs');
  let last = Math.floor(Math.random() * peopleCount);

  return {
    port,
    start: () =>
      harness.serve(nodeOfTheMachine(), [server, ...ports.map(String), file, 'FULL'], {
        env: { USERS: String(peopleCount), NODE_ENV: 'production' },
      }),
    arrive: async (connection) => {
      last = (last + 1) % peopleCount;
      connection.jar.clear();
      const json = { email: nameOf(last), password };
      const person = last;
      requireOk(await connection.request('POST', '/signin', { json }));
      return person;
    },
    answer: async (connection, person) => {
      const json = { code: harness.totp(keyOf(person)) };
      requireOk(await connection.request('POST', '/totp', { json }));
    },
    readSession: async (connection) => {
      requireOk(await connection.request('GET', '/session'));
    },
  };
}

function requireOk({ status, text }: Answer): void {
  if (status !== 200) throw new Error(`the bare model said ${status}: ${text().slice(0, 300)}`);
}

/** The add-on that the bare model needs was built for the machine's own Node, not for npm's. */
export function nodeOfTheMachine(): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const nodes = folders.map((folder) => join(folder, 'node'));
  return nodes.find((node) => !node.includes('node_modules') && existsSync(node)) ?? 'node';
}

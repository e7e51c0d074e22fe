/**
 * Tweestap as its users start it: `bin/tweestap.js start` with a file of settings, SQLite in a data
 * folder, every commit on the disk, one line of log a request.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { loadSettings } from '../src/config.ts';
import { openInstallation } from '../src/installation/installation.ts';
import type { Harness, Served } from './harness.ts';
import { addPeople } from './people.ts';

const launcher = fileURLToPath(new URL('../bin/tweestap.js', import.meta.url));

/** A data folder with people in it, and the way to start the service on it. */
export interface Place {
  readonly port: number;
  readonly origin: string;
  /** `node` is the one that runs this script unless told; `preload` is imported before the service. */
  start(options?: { readonly node?: string; readonly preload?: URL }): Promise<Served>;
  /** Takes the folder away; stop what runs on it first. */
  remove(): void;
}

/** Makes a data folder in the folder for temporary files. */
export async function makePlace(harness: Harness): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'tweestap-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const config = join(folder, 'tweestap.yaml');
  writeFileSync(
    config,
    `publicUrl: ${origin}\ndataFolder: ${join(folder, 'data')}\nhttp:\n  port: ${port}\n`,
    { mode: 0o600 },
  );
  const { settings } = loadSettings({ mode: 'service', file: config, environment: {} });
  if (settings === undefined) throw new Error('The settings of the measurement are wrong.');
  const installation = await openInstallation(settings, { synchronous: 'OFF' });
  await addPeople(installation);
  await installation.close();

  return {
    port,
    origin,
    start: ({ node = process.execPath, preload } = {}) => {
      const args = preload === undefined ? [] : ['--import', preload.href];
      // The log goes where a service's log goes: not to this process, which has to measure.
      const log = join(folder, 'log');
      const line = `exec "$@" 2>>'${log}'`;
      return harness.serve(
        'sh',
        ['-c', line, 'sh', node, ...args, launcher, 'start', '--config', config],
        { env: { npm_lifecycle_event: '' } },
      );
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => {
    server.listen(0, '127.0.0.1', listening);
  });
  const address = server.address();
  await new Promise((closed) => {
    server.close(closed);
  });
  if (address === null || typeof address === 'string') throw new Error('There is no free port.');
  return address.port;
}

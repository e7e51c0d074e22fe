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
import { openInstallation, type Installation } from '../src/installation/installation.ts';
import type { Harness, Served } from './harness.ts';
import { addPeople } from './people.ts';

const launcher = fileURLToPath(new URL('../bin/tweestap.js', import.meta.url));

/** A data folder with people in it, and the way to start the service on it. */
export interface Place {
  readonly port: number;
  readonly origin: string;
  /** `node` is the one that runs this script unless told; `preload` is imported before the service. */
  start(options?: {
    readonly node?: string;
    readonly preload?: URL;
    /** Settings as variables. */
    readonly environment?: Readonly<Record<string, string>>;
  }): Promise<Served>;
  /** Takes the folder away; stop what runs on it first. */
  remove(): void;
}

/** Makes a data folder with people in it; `prepare` changes what a measurement wants otherwise. */
export async function makePlace(
  harness: Harness,
  prepare?: (installation: Installation) => Promise<void>,
): Promise<Place> {
  const folder = temporaryFolder();
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
  await prepare?.(installation);
  await installation.close();

  return {
    port,
    origin,
    start: ({ node = process.execPath, preload, environment } = {}) => {
      const args = preload === undefined ? [] : ['--import', preload.href];
      const command = [node, ...args, launcher, 'start', '--config', config];
      return serve(harness, folder, command, environment);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A data folder for the sample organisation, which its first start fills. */
export async function makeSample(
  harness: Harness,
): Promise<{ start(): Promise<Served>; remove(): void }> {
  const folder = temporaryFolder();
  const env = {
    TWEESTAP_DATA: join(folder, 'data'),
    TWEESTAP_HTTP_PORT: String(await freePort()),
    TWEESTAP_SAMPLE_APP_PORT: String(await freePort()),
    TWEESTAP_RADIUS_PORT: '0',
    TWEESTAP_LDAP_PORT: '0',
    TWEESTAP_LDAPS_PORT: '0',
  };
  return {
    start: () => serve(harness, folder, [process.execPath, launcher, 'start', '--sample'], env),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tweestap-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

// The log goes where a service's log goes: not to this process, which has to measure.
function serve(
  harness: Harness,
  folder: string,
  command: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Served> {
  const line = `exec "$@" 2>>'${join(folder, 'log')}'`;
  return harness.serve('sh', ['-c', line, 'sh', ...command], {
    env: { npm_lifecycle_event: '', ...env },
  });
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

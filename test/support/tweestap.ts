/**
 * Whole running services for tests: in this process, or as processes of their own that can be killed.
 * Each has a data folder (or a database of PostgreSQL) of its own, listens on a free port of this
 * machine, and is gone when it is closed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';

import { loadSettings, type Settings } from '../../src/config.ts';
import { openInstallation, type Installation } from '../../src/installation/installation.ts';
import { main } from '../../src/main.ts';
import { sample } from '../../src/sample/sample.ts';
import { startTweestap as startServer, type RunningServer } from '../../src/server.ts';
import { newBrowser, openBrowser, type Browser, type BrowserOptions } from './browser.ts';
import type { CookieJar } from './cookie-jar.ts';
import { postgresqlServer, postgresUrl } from './database.ts';
import { send, type Answer } from './http-client.ts';
import { phonesOf, type AskService, type Phones } from './phones.ts';

/** Where everything is kept; outlives the services on it, until it is removed. */
export interface Place {
  readonly dataFolder: string;
  readonly databaseUrl: string | undefined;
  /** The settings of the place, as environment variables. */
  readonly environment: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

/** An empty data folder. */
export function newFolder(): Place {
  const dataFolder = mkdtempSync(join(tmpdir(), 'tweestap-test-'));
  return {
    dataFolder,
    databaseUrl: undefined,
    environment: { TWEESTAP_DATA: dataFolder },
    remove: async () => rmSync(dataFolder, { recursive: true, force: true }),
  };
}

/** Why tests on PostgreSQL are skipped, for `it(…, { skip })`; false where there is one. */
export const withoutPostgres: string | false =
  postgresUrl === undefined ? 'TWEESTAP_TEST_POSTGRES_URL names no PostgreSQL server' : false;

/** An empty database on the PostgreSQL server that the tests were given, and a data folder for keys. */
export async function newPostgresDatabase(): Promise<Place> {
  if (postgresUrl === undefined) throw new Error(String(withoutPostgres));
  const server = postgresqlServer(postgresUrl);
  const database = await server.empty();
  await database.database.close();
  const { url = '' } = database.place;
  const folder = newFolder();
  return {
    dataFolder: folder.dataFolder,
    databaseUrl: url,
    environment: {
      ...folder.environment,
      TWEESTAP_DATABASE_URL: url,
      // Nodes that share a database share the key.
      TWEESTAP_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
    },
    remove: async () => {
      await database.close();
      await server.close();
      await folder.remove();
    },
  };
}

/** A service that answers on this machine. */
export interface Service {
  /** The origin people see. */
  readonly origin: string;
  readonly port: number;
  /** A browser that has never been there. */
  browser(options?: Partial<BrowserOptions>): Browser;
  /** A browser with these cookies: its owner's on another day, or a thief's. */
  browserWith(cookies: CookieJar): Browser;
  /** Asks without any browser. */
  readonly ask: AskService;
  readonly phones: Phones;
  /** Moves the service's clock. */
  advanceSeconds(seconds: number): Promise<void>;
}

/** A service in this process. */
export interface Tweestap extends Service {
  readonly server: RunningServer;
  readonly installation: Installation;
  readonly place: Place;
  /** A call of the command line on the same data, while the service runs. */
  command(...args: readonly string[]): Promise<CommandResult>;
  now(): Date;
  /** Stops it and leaves its data where it is. */
  stop(): Promise<void>;
  /** Stops it and removes its data, where these were made for it. */
  close(): Promise<void>;
}

export interface TweestapOptions {
  /** A new data folder unless told, which is then removed by `close`. */
  readonly place?: Place | undefined;
  /** The sample organisation, with its simulator; or nothing and nobody, as a new installation has. */
  readonly organisation?: 'sample' | 'empty';
  readonly environment?: Readonly<Record<string, string>>;
  /** Where its log goes; errors only unless `environment` says otherwise, to where the tests write. */
  readonly logTo?: NodeJS.WritableStream;
}

/** Starts a service in this process. */
export async function startTweestap(options: TweestapOptions = {}): Promise<Tweestap> {
  const { organisation = 'sample' } = options;
  const place = options.place ?? newFolder();
  const isSample = organisation === 'sample';
  const environment = {
    ...place.environment,
    TWEESTAP_HTTP_PORT: '0',
    TWEESTAP_SAMPLE_APP_PORT: '0',
    TWEESTAP_RADIUS_PORT: '0',
    TWEESTAP_LDAP_PORT: '0',
    TWEESTAP_LDAPS_PORT: '0',
    TWEESTAP_LOG_LEVEL: 'error',
    ...(isSample ? {} : { TWEESTAP_PUBLIC_URL: 'http://localhost:8080' }),
    ...options.environment,
  };
  const settings = settingsFrom(environment, isSample ? 'sample' : 'service');
  const server = await startServer(settings, {
    synchronous: 'OFF',
    ...(options.logTo === undefined ? {} : { logTo: options.logTo }),
    ...(isSample ? { sample } : {}),
  });
  const { installation, advanceClock } = server.parts;
  const service = serviceAt(server.origin, server.port, async (seconds) => advanceClock(seconds));
  return {
    ...service,
    server,
    installation,
    place,
    now: () => installation.clock.now(),
    command: (...args) => runCommand(place, args),
    stop: () => server.stop(),
    close: async () => {
      await server.stop();
      if (options.place === undefined) await place.remove();
    },
  };
}

/** How to reach a service that answers on this port for this origin. */
export function serviceAt(
  origin: string,
  port: number,
  advanceSeconds: (seconds: number) => Promise<void>,
): Service {
  const portOf = (asked: string): number | undefined => (asked === origin ? port : undefined);
  const ask: AskService = (path, asking = {}): Promise<Answer> =>
    send({ url: `${origin}${path}`, port, ...asking });
  return {
    origin,
    port,
    ask,
    phones: phonesOf([ask]),
    browser: (browsing = {}) => newBrowser({ origin, portOf, ...browsing }),
    browserWith: (cookies) => openBrowser(cookies, { origin, portOf }),
    advanceSeconds,
  };
}

/** The settings that these variables give; fails with everything that is wrong with them. */
export function settingsFrom(
  environment: Readonly<Record<string, string>>,
  mode: 'sample' | 'service' | 'command',
): Settings {
  const { settings, ...loaded } = loadSettings({ mode, environment });
  if (settings === undefined) throw new Error(JSON.stringify(loaded));
  return settings;
}

/** Opens the data of a service that runs elsewhere, as the command line does; close it at the end. */
export function openPlace(place: Place): Promise<Installation> {
  return openInstallation(settingsFrom({ ...place.environment }, 'command'), { upgrades: true });
}

export interface CommandResult {
  readonly code: number;
  readonly output: string;
  readonly error: string;
}

/** Calls the command line in this process, on the data of a place. */
export async function runCommand(
  place: Place,
  args: readonly string[],
  typed = '',
): Promise<CommandResult> {
  const output = collector();
  const error = collector();
  const code = await main(args, {
    input: Readable.from(typed === '' ? [] : [typed]),
    output: output.stream,
    error: error.stream,
    environment: place.environment,
    asked: () => Promise.reject(new Error('this command does not wait')),
  });
  return { code, output: output.text(), error: error.text() };
}

function collector(): { readonly stream: Writable; text(): string } {
  const chunks: string[] = [];
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      chunks.push(String(chunk));
      done();
    },
  });
  return { stream, text: () => chunks.join('') };
}

/**
 * A service as a process of its own, as operators run it: to be killed, or to share a database with
 * another one. It ends by itself when the tests do.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { post } from './phones.ts';
import { until } from './poll.ts';
import { serviceAt, type Place, type Service } from './tweestap.ts';

const program = fileURLToPath(new URL('../../bin/tweestap.js', import.meta.url));

export interface TweestapProcess extends Service {
  readonly pid: number;
  /** The last lines of its log. */
  readonly log: readonly string[];
  /** How long it took until it answered. */
  readonly startedInMs: number;
  /** Ends it at once, as a power cut would. */
  kill(): Promise<void>;
  /** Ends it as Ctrl-C does; resolves to its exit code. */
  stop(): Promise<number | null>;
}

/** Starts `tweestap start --sample` on this place, and waits until it is ready. */
export async function startProcess(
  place: Place,
  options: {
    /** The origin people see; the one with its own port unless told. Nodes share one. */
    readonly origin?: string;
    readonly environment?: Readonly<Record<string, string>>;
  } = {},
): Promise<TweestapProcess> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [program, 'start', '--sample'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...place.environment,
      PATH: process.env['PATH'],
      TWEESTAP_HTTP_PORT: '0',
      TWEESTAP_SAMPLE_APP_PORT: '0',
      TWEESTAP_RADIUS_PORT: '0',
      TWEESTAP_LDAP_PORT: '0',
      TWEESTAP_LDAPS_PORT: '0',
      TWEESTAP_LOG_LEVEL: 'info',
      ...(options.origin === undefined ? {} : { TWEESTAP_PUBLIC_URL: options.origin }),
      // Whoever is started so ends when its parent is gone.
      TWEESTAP_STARTED_BY_LAUNCHER: '1',
      ...options.environment,
    },
  });
  const log = keepLog(child);
  const ready = await until(
    'the service to be ready',
    () => {
      if (hasEnded(child)) throw new Error(`the service did not start:\n${log.join('\n')}`);
      return log.map(readReady).find((line) => line !== undefined);
    },
    30_000,
  );
  const { pid } = child;
  if (pid === undefined) throw new Error('the service has no process id');
  const service = serviceAt(ready.origin, ready.port, (seconds) =>
    post(service.ask, '/simulator/api/clock', { advanceSeconds: seconds }),
  );
  return {
    ...service,
    pid,
    log,
    startedInMs: performance.now() - startedAt,
    kill: async () => {
      if (hasEnded(child)) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
    stop: async () => {
      if (!hasEnded(child)) {
        child.kill('SIGINT');
        await once(child, 'exit');
      }
      return child.exitCode;
    },
  };
}

const keptLines = 400;

function keepLog({ stderr }: ChildProcess): readonly string[] {
  const lines: string[] = [];
  if (stderr === null) return lines;
  createInterface({ input: stderr }).on('line', (line) => {
    lines.push(line);
    if (lines.length > keptLines) lines.splice(1, lines.length - keptLines);
  });
  return lines;
}

function readReady(line: string): { readonly origin: string; readonly port: number } | undefined {
  if (!line.includes('"msg":"ready"')) return undefined;
  const read: { readonly origin: string; readonly port: number } = JSON.parse(line);
  return read;
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** Debian's SIPp as a telephone that is called: it follows a scenario and says whether all went by it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { until } from './poll.ts';
import { freePort } from './programs.ts';

/** What tests with it need. */
export const sippProgram = '/usr/bin/sipp';

export interface Sipp {
  readonly port: number;
  /** Resolves when its one call is over: `''` where all went as it should, else what did not. */
  readonly done: Promise<string>;
  stop(): Promise<void>;
}

/** Starts it on a free port; `scenario` is the path of a file. */
export async function startSipp(scenario: string, transport: 'udp' | 'tcp' = 'udp'): Promise<Sipp> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'tweestap-sipp-'));
  const errors = join(folder, 'errors.log');
  const socket = transport === 'udp' ? 'u1' : 't1';
  const where = ['-i', '127.0.0.1', '-p', String(port), '-t', socket];
  const how = ['-m', '1', '-nostdin', '-timeout', '30', '-trace_err', '-error_file', errors];
  const args = ['-sf', scenario, ...where, ...how];
  const child = spawn(sippProgram, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (log = `${log}${chunk.toString()}`.slice(-20_000)));
  }
  const ended = once(child, 'close');
  const done = ended.then(() => {
    const said = isThere(errors) ? readFileSync(errors, 'utf8') : log;
    rmSync(folder, { recursive: true, force: true });
    return child.exitCode === 0 ? '' : `SIPp ended with ${child.exitCode}:\n${said}`;
  });
  await until('SIPp to listen', () => {
    if (child.exitCode !== null) throw new Error(`SIPp did not start:\n${log}`);
    return isListening(transport, port);
  });
  return {
    port,
    done,
    stop: async () => {
      if (child.exitCode === null) child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Asked of the system, since whoever asks SIPp itself would be its one call. */
function isListening(transport: 'udp' | 'tcp', port: number): boolean {
  const place = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  // A connection of somebody else may have had the same port: only TCP's own state of listening counts.
  const state = transport === 'tcp' ? '0A' : '07';
  return readFileSync(`/proc/net/${transport}`, 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .some(([, local, , is]) => local === place && is === state);
}

function isThere(path: string): boolean {
  try {
    readFileSync(path);
    return true;
  } catch {
    return false;
  }
}

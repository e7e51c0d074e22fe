/**
 * Programs that others wrote, for tests: found, configured with what `docs/connecting/` tells people to
 * configure, started on free ports, and gone at the end.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { accessSync, constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { until } from './poll.ts';

/** Why tests with these programs are skipped, for `it(…, { skip })`; false where they are all there. */
export function withoutPrograms(...paths: readonly string[]): string | false {
  const missing = withoutFiles(...paths);
  if (missing !== false) return missing;
  return process.getuid?.() === 0 ? false : 'only root can start these programs';
}

/** The same for programs that anybody may start. */
export function withoutFiles(...paths: readonly string[]): string | false {
  const missing = paths.filter((path) => !isThere(path));
  return missing.length > 0 && `there is no ${missing.join(', no ')}`;
}

function isThere(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** A port of this machine that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

/** A file of `docs/connecting`, with the example's own values replaced; fails where one is not in it. */
export function connecting(file: string, values: Readonly<Record<string, string>>): string {
  const url = new URL(`../../docs/connecting/${file}`, import.meta.url);
  let text = readFileSync(url, 'utf8');
  for (const [example, value] of Object.entries(values)) {
    if (!text.includes(example)) throw new Error(`${file} does not say ${example}`);
    text = text.replaceAll(example, value);
  }
  return text;
}

/** A folder for one program. */
export interface Workshop {
  readonly folder: string;
  /** Writes a file there; resolves to its path. */
  write(name: string, text: string): string;
  remove(): void;
}

/** Makes a folder that others may read. */
export function newWorkshop(): Workshop {
  const folder = mkdtempSync(join(tmpdir(), 'tweestap-program-'));
  spawnSync('chmod', ['755', folder]);
  return {
    folder,
    write: (name, text) => {
      const path = join(folder, name);
      writeFileSync(path, text);
      return path;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export interface RunningProgram {
  /** What it said so far. */
  log(): string;
  stop(): Promise<void>;
}

/** Debian's user that owns nothing. */
const nobody = 65_534;

/**
 * Starts a program in the foreground and waits until it listens on this port. `asNobody` names the
 * folder of a program that needs no root: given to nobody, who then runs it, where we are root.
 */
export async function startProgram(
  command: readonly [string, ...string[]],
  port: number,
  options: {
    readonly asNobody?: string;
    readonly environment?: Readonly<Record<string, string>>;
  } = {},
): Promise<RunningProgram> {
  const [program, ...args] = command;
  const isNobodys = options.asNobody !== undefined && process.getuid?.() === 0;
  if (isNobodys) spawnSync('chown', ['-R', `${nobody}:${nobody}`, options.asNobody]);
  const child: ChildProcess = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...options.environment },
    ...(isNobodys ? { uid: nobody, gid: nobody } : {}),
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (log += chunk.toString('utf8')));
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const stop = async (): Promise<void> => {
    if (hasEnded()) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), 5_000);
    await ended;
    clearTimeout(late);
  };
  try {
    await until(`${program} to listen`, async () => {
      if (hasEnded()) throw new Error(`${program} did not start:\n${log}`);
      return (await answers(port)) || undefined;
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { log: () => log, stop };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

export interface Finished {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a program to its end; resolves to all that it said. */
export function runProgram(
  command: readonly [string, ...string[]],
  environment: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  const [program, ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], LC_ALL: 'C', ...environment },
      timeout: 30_000,
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}

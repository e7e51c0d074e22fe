/**
 * A PostgreSQL of our own for one test run: in a temporary folder, on a free port of 127.0.0.1,
 * gone afterwards. It gives durability away for speed, so it proves SQL, not crashes.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const STARTS = 3;
const READY_MS = 30_000;
const STOP_MS = 5_000;
const MAX_LOG_LENGTH = 4_000;

export interface PrivatePostgres {
  /** Connects as a superuser, who may create a database for each test file. */
  readonly url: string;
  /** Ends the server and removes its folder; a second call does nothing. */
  readonly stop: () => Promise<void>;
  /** The same at once, for a process that is about to exit. */
  readonly stopNow: () => void;
}

interface Identity {
  readonly uid?: number;
  readonly gid?: number;
}

/** Starts one with the programs in `bin`; throws with the server's own words when it cannot. */
export async function startPrivatePostgres(bin: string): Promise<PrivatePostgres> {
  const identity = findIdentity();
  const folder = mkdtempSync(join(tmpdir(), 'tweestap-postgres-'));
  chmodSync(folder, 0o700);
  if (identity.uid !== undefined) chownSync(folder, identity.uid, identity.gid ?? identity.uid);
  try {
    initialise(bin, folder, identity);
    const { server, port } = await serve(bin, folder, identity);
    return {
      url: `postgresql://tweestap@127.0.0.1:${port}/postgres`,
      stop: async () => {
        await end(server);
        rmSync(folder, { recursive: true, force: true });
      },
      stopNow: () => {
        if (isRunning(server)) server.kill('SIGQUIT');
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** PostgreSQL refuses to run as root: then as the user Debian made for it, else as nobody. */
function findIdentity(): Identity {
  if (process.getuid?.() !== 0) return {};
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) =>
      spawnSync('id', [flag, name], { encoding: 'utf8' }),
    );
    if (uid?.status === 0 && gid?.status === 0) {
      return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
    }
  }
  throw new Error('PostgreSQL does not run as root, and there is no user postgres or nobody');
}

function initialise(bin: string, folder: string, identity: Identity): void {
  const options = ['--username=tweestap', '--auth=trust', '--encoding=UTF8', '--locale=C.UTF-8'];
  const { status, stderr, error } = spawnSync(
    join(bin, 'initdb'),
    ['--pgdata', join(folder, 'data'), '--no-sync', ...options],
    { cwd: folder, encoding: 'utf8', ...identity },
  );
  if (status !== 0) throw new Error(`initdb failed: ${stderr ?? ''}`, { cause: error });
}

async function serve(
  bin: string,
  folder: string,
  identity: Identity,
): Promise<{ server: ChildProcess; port: number }> {
  // Between finding a free port and using it another process may take it: then find another.
  for (let start = 1; ; start += 1) {
    const port = await findFreePort();
    const settings = [
      'fsync=off',
      'synchronous_commit=off',
      'full_page_writes=off',
      'max_connections=200',
      'shared_buffers=64MB',
      'log_checkpoints=off',
    ];
    const place = ['-D', join(folder, 'data'), '-k', folder, '-h', '127.0.0.1', '-p', String(port)];
    const server = spawn(
      join(bin, 'postgres'),
      [...place, ...settings.flatMap((setting) => ['-c', setting])],
      // Its own process group: a Ctrl-C at the terminal ends the tests first, then we end this.
      { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], detached: true, ...identity },
    );
    const log = await untilReady(server);
    if (log === null) return { server, port };
    await end(server);
    if (start === STARTS || !log.includes('in use')) {
      throw new Error(`postgres did not start: ${log}`);
    }
  }
}

/** Null once it takes connections; its last words if it ends or keeps silent too long. */
function untilReady(server: ChildProcess): Promise<string | null> {
  return new Promise((resolve) => {
    let log = '';
    const timer = setTimeout(() => resolve(`not ready after ${READY_MS} ms\n${log}`), READY_MS);
    const finish = (result: string | null): void => {
      clearTimeout(timer);
      resolve(result);
    };
    // Read to the end, ready or not: a full pipe would make the server wait for us.
    server.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-MAX_LOG_LENGTH);
      if (log.includes('ready to accept connections')) finish(null);
    });
    server.on('error', (error) => finish(error.message));
    server.on('close', () => finish(log));
  });
}

async function end(server: ChildProcess): Promise<void> {
  if (!isRunning(server)) return;
  const exited = once(server, 'exit');
  const impatience = setTimeout(() => server.kill('SIGQUIT'), STOP_MS);
  server.kill('SIGINT');
  await exited;
  clearTimeout(impatience);
}

function isRunning(server: ChildProcess): boolean {
  return server.pid !== undefined && server.exitCode === null && server.signalCode === null;
}

async function findFreePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('No free port was found');
  return address.port;
}

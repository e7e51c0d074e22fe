/**
 * `npm test`: the checks, then every test. `npm test -- src/lib/otp` runs the tests of those paths
 * and no checks. Whatever failed, the test runner's own summary is the last thing said: what the
 * checks found reaches it through test/checks.test.ts.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startPrivatePostgres, type PrivatePostgres } from './postgres.ts';
import { provideSystemPackages } from './system-packages.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const everything = ['src', 'authenticator', 'test', 'scripts', 'bench'];

/** As many as CI has cores: journeys in a browser that share one stumble over their time limits. */
const CONCURRENCY = 2;
/** For one file of tests; a journey in a browser on a loaded machine takes minutes, not seconds. */
const FILE_TIMEOUT_MS = 420_000;

/** What to run before the tests, in this order: the names of scripts in package.json. */
const checks = ['typecheck', 'lint', 'format:check', 'docs:check'];

let running: ChildProcess | null = null;
let postgres: PrivatePostgres | null = null;
let stoppedBy: NodeJS.Signals | null = null;

process.chdir(root);
stopTidily();
process.exitCode = await test(process.argv.slice(2));

async function test(paths: readonly string[]): Promise<number> {
  const files = findTests(paths.length > 0 ? paths : everything);
  if (files.length === 0) {
    console.error(`No tests below ${paths.join(', ')}`);
    return 1;
  }
  const isWholeRun = paths.length === 0;
  const results = isWholeRun ? await runChecks() : {};
  const { environment, skipped } = provideSystemPackages(isWholeRun);
  for (const line of skipped) console.log(line);
  try {
    const variables = {
      ...environment,
      ...(await providePostgres(environment['TWEESTAP_TEST_POSTGRES_BIN'])),
      TWEESTAP_TEST_CHECKS: JSON.stringify(results),
    };
    const options = [
      '--test',
      '--test-reporter=spec',
      `--test-concurrency=${CONCURRENCY}`,
      `--test-timeout=${FILE_TIMEOUT_MS}`,
    ];
    return await run(process.execPath, [...options, ...files], variables);
  } finally {
    await postgres?.stop();
  }
}

function findTests(paths: readonly string[]): string[] {
  const found = paths.flatMap((path) => {
    if (!existsSync(path)) return [];
    return statSync(path).isDirectory() ? globSync(join(path, '**/*.test.ts')) : [path];
  });
  return [...new Set(found)].toSorted();
}

/** Which checks passed. One that fails does not keep the others, or the tests, from being run. */
async function runChecks(): Promise<Record<string, boolean>> {
  const results: Record<string, boolean> = {};
  const scripts = readScripts();
  for (const check of checks) {
    const command = scripts[check];
    if (command === undefined || stoppedBy !== null) continue;
    if (check === 'docs:check' && !existsSync('scripts/docs.ts')) continue;
    const startedAt = performance.now();
    results[check] = (await run(command, [])) === 0;
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    console.log(`${results[check] ? '✔' : '✖'} ${check}: ${command} (${seconds} s)`);
  }
  return results;
}

function readScripts(): Readonly<Record<string, string>> {
  const manifest: { scripts: Record<string, string> } = JSON.parse(
    readFileSync('package.json', 'utf8'),
  );
  return manifest.scripts;
}

/** The address of a database for the tests: the one that was given, else one of our own. */
async function providePostgres(bin: string | undefined): Promise<Record<string, string>> {
  if (process.env['TWEESTAP_TEST_POSTGRES_URL'] !== undefined) return {};
  if (bin === undefined || stoppedBy !== null) return {};
  try {
    postgres = await startPrivatePostgres(bin);
    return { TWEESTAP_TEST_POSTGRES_URL: postgres.url };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    console.log(`Tests with PostgreSQL are skipped because ${reason}`);
    return {};
  }
}

/** Runs a program, or a line of package.json where there are no arguments; gives its exit code. */
async function run(
  command: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<number> {
  if (stoppedBy !== null) return 1;
  const child = spawn(command, args, {
    shell: args.length === 0,
    stdio: ['ignore', 'inherit', 'inherit'],
    // Its own process group, so that stopping reaches whatever the tests have started.
    detached: true,
    env: { ...cleanEnvironment(), ...variables },
  });
  running = child;
  const code = await new Promise<number>((resolve) => {
    child.on('error', (error) => {
      console.error(error.message);
      resolve(1);
    });
    child.on('close', (exitCode) => resolve(exitCode ?? 1));
  });
  running = null;
  return code;
}

/** The operator's settings of this machine must not leak into a test; ours come first on the PATH. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('TWEESTAP_') || name.startsWith('TWEESTAP_TEST_'),
  );
  return {
    ...Object.fromEntries(kept),
    PATH: [join(root, 'node_modules/.bin'), process.env['PATH']].join(delimiter),
  };
}

/** A signal, or the end of npm above us, ends the tests first; `finally` then ends the database. */
function stopTidily(): void {
  const stop = (signal: NodeJS.Signals): void => {
    stoppedBy = signal;
    if (running?.pid !== undefined) process.kill(-running.pid, signal);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  process.on('exit', () => postgres?.stopNow());
  // npm's shell may die of a signal without passing it on.
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    stop('SIGTERM');
  }, 500);
  watch.unref();
}

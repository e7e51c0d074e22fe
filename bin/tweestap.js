#!/usr/bin/env node
// The door of the command line. It owns one question: is this Node new enough? Everything else is
// src/main.ts. Plain JavaScript without new syntax, so that an old Node gets as far as the answer.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';
import * as v8 from 'node:v8';
import { runInNewContext } from 'node:vm';

const OLDEST_NODE = 24;
const STARTED_BY_US = 'TWEESTAP_STARTED_BY_LAUNCHER';

/** The Node that npm installed beside us (optionalDependencies), or null where there is none. */
function findInstalledNode() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name = 'node-' + platform + '-' + process.arch;
  try {
    const manifest = nodeModule.createRequire(import.meta.url).resolve(name + '/package.json');
    const binary = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node';
    const file = manifest.replace(/package\.json$/, binary);
    return existsSync(file) ? file : null;
  } catch {
    return null;
  }
}

/**
 * Calls `orphaned` once when the process that started us is gone. npm passes a signal on to its
 * shell, and some shells die of it without telling us: the server would go on, unseen, on its port.
 */
function whenOrphaned(orphaned) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    orphaned();
  }, 500);
  timer.unref();
}

/** Runs this same file with another Node and ends as that ends: its signals in, its exit code out. */
function runWith(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, [STARTED_BY_US]: '1' },
  });
  // A terminal sends Ctrl-C and its own end to the whole group: the child has heard it already, and
  // hearing it twice means "now, without finishing". Without a terminal nobody else tells it.
  const isAtTerminal = Boolean(process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY);
  const forward = (signal) => {
    if (isAtTerminal && (signal === 'SIGINT' || signal === 'SIGHUP')) return;
    child.kill(signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2'];
  for (const signal of signals) process.on(signal, forward);
  if (process.env.npm_lifecycle_event) whenOrphaned(() => child.kill('SIGTERM'));
  child.on('error', (error) => {
    console.error('Tweestap could not start ' + node + ': ' + error.message);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    if (signal === null) {
      process.exitCode = code;
      return;
    }
    for (const each of signals) process.removeListener(each, forward);
    process.kill(process.pid, signal);
  });
}

/** Experiments of Node we chose knowingly: their warning tells an operator nothing. */
function hushChosenExperiments() {
  const emitWarning = process.emitWarning;
  process.emitWarning = (warning, ...rest) => {
    const isExperiment = rest[0] === 'ExperimentalWarning';
    if (isExperiment && /stripTypeScriptTypes|Type Stripping|SQLite/i.test(String(warning))) return;
    emitWarning.call(process, warning, ...rest);
  };
}

/**
 * A service starts once and then waits. What starting makes lives just long enough for V8 to widen its
 * nursery to 32 MB, and what it runs is run just often enough to bring in the compilers that optimize:
 * some 16 MB, for good. So until we have started the nursery stays small and nothing is optimized; from
 * then on both follow what there is to do.
 */
function startSmall() {
  v8.setFlagsFromString('--semi-space-growth-factor=1');
  v8.setFlagsFromString('--no-turbofan');
  v8.setFlagsFromString('--no-maglev');
  setTimeout(() => {
    // Code is kept with the flags of this moment, and is asked for with those of the start.
    nodeModule.flushCompileCache();
    v8.setFlagsFromString('--semi-space-growth-factor=2');
    v8.setFlagsFromString('--turbofan');
    v8.setFlagsFromString('--maglev');
    sweepWhenQuiet();
  }, 5_000).unref();
}

/**
 * V8 waits until a function has run 400 times before it optimizes it a little, and 3,000 times before
 * it does its best, and begins to count anew when something unexpected comes by: fit for a page that
 * computes. Here most functions run once a request, so that a service would be slow for its first
 * thousands of sign-ins. With these a fifth of the CPU of a sign-in beside its hash is gone, and it is
 * gone after some hundred of them (bench/README.md).
 */
function optimizeEarly() {
  v8.setFlagsFromString('--invocation-count-for-maglev=40');
  v8.setFlagsFromString('--invocation-count-for-turbofan=200');
  v8.setFlagsFromString('--minimum-invocations-after-ic-update=40');
}

/**
 * What starting left behind is thrown out, and its pages given back, which V8 by itself does only when
 * memory gets short: 6 to 9 MB less. It takes some 50 ms in which nobody is answered, so it waits for a
 * second in which nobody asks anything.
 */
function sweepWhenQuiet() {
  let before = performance.eventLoopUtilization();
  const timer = setInterval(() => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    if (utilization > 0.05) return;
    clearInterval(timer);
    v8.setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc');
    v8.setFlagsFromString('--no-expose-gc');
    collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  }, 1_000);
  timer.unref();
}

async function start() {
  hushChosenExperiments();
  if (process.argv[2] === 'start') {
    startSmall();
    optimizeEarly();
  }
  const hasKeeper = process.env.npm_lifecycle_event || process.env[STARTED_BY_US];
  if (hasKeeper) whenOrphaned(() => process.kill(process.pid, 'SIGTERM'));
  // It is between the two of us: neither a setting nor anything for the programs that we start.
  delete process.env[STARTED_BY_US];
  // Beside the packages, not in /tmp: whoever may write the cache decides what code runs. Where it
  // cannot be written Node goes on without.
  nodeModule.enableCompileCache(
    fileURLToPath(new URL('../node_modules/.cache/tweestap', import.meta.url)),
  );
  const source = new URL('../src/main.ts', import.meta.url);
  const { main } = await import(
    existsSync(source) ? source.href : new URL('../dist/main.js', import.meta.url).href
  );
  process.exitCode = await main(process.argv.slice(2));
}

if (Number(process.versions.node.split('.')[0]) >= OLDEST_NODE) {
  start().catch((error) => {
    console.error(error);
    process.exitCode = 1;
  });
} else {
  const node = findInstalledNode();
  if (node === null) {
    console.error(
      'Tweestap needs Node ' +
        OLDEST_NODE +
        ' or newer, and this is Node ' +
        process.versions.node +
        '. Install a newer one, or run "npm ci" where npm has a Node for your platform.',
    );
    process.exitCode = 1;
  } else {
    runWith(node);
  }
}

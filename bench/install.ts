/**
 * What `npm ci` brings, from the lockfile alone in an empty folder: how long it takes, how many
 * packages and how much disk. With an empty cache of npm, so that all of it comes over the network;
 * then once more from that cache, and what production needs. The binary of Node, which npm brings
 * where the machine's own is too old, is counted apart. A megabyte is a million bytes on the disk,
 * as `du` counts them in blocks.
 *
 *   npx node bench/install.ts
 */
import { spawn } from 'node:child_process';
import { once as onceEmitted } from 'node:events';
import { copyFileSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { once, report } from './figures.ts';

const folder = mkdtempSync(join(tmpdir(), 'tweestap-bench-install-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const repository = fileURLToPath(new URL('../', import.meta.url));
const manifests = ['package.json', 'package-lock.json', '.npmrc'];

interface Installed {
  readonly seconds: number;
  readonly megabytes: number;
  readonly nodeMegabytes: number;
  /** Without those that only carry a binary of Node. */
  readonly packages: number;
}

/** The machine's own npm, as somebody calls it who has just cloned the repository. */
async function install(options: readonly string[]): Promise<Installed> {
  const place = mkdtempSync(join(folder, 'clone-'));
  for (const name of manifests) copyFileSync(join(repository, name), join(place, name));
  const environment = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')),
  );
  const path = (process.env['PATH'] ?? '').split(delimiter);
  const own = path.filter((each) => !each.includes('node_modules')).join(delimiter);
  const startedAt = performance.now();
  const npm = spawn('npm', ['ci', '--cache', join(folder, 'cache'), ...options], {
    cwd: place,
    env: { ...environment, PATH: own },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = await onceEmitted(npm, 'exit');
  const seconds = (performance.now() - startedAt) / 1000;
  if (code !== 0) throw new Error(`npm ci ended with ${code}`);
  const modules = join(place, 'node_modules');
  const lock: { readonly packages: Readonly<Record<string, unknown>> } = JSON.parse(
    readFileSync(join(modules, '.package-lock.json'), 'utf8'),
  );
  const names = Object.keys(lock.packages);
  const nodes = names.filter((name) => /^node_modules\/node-(?:linux|win|darwin)-\w+$/.test(name));
  const installed = {
    seconds,
    megabytes: bytesOf(modules) / 1e6,
    nodeMegabytes: nodes.reduce((sum, name) => sum + bytesOf(join(place, name)), 0) / 1e6,
    packages: names.length - nodes.length,
  };
  rmSync(place, { recursive: true });
  return installed;
}

function bytesOf(path: string): number {
  const { blocks } = lstatSync(path);
  const entries = readdirSync(path, { withFileTypes: true });
  return entries.reduce((sum, entry) => {
    const inside = join(path, entry.name);
    return sum + (entry.isDirectory() ? bytesOf(inside) : lstatSync(inside).blocks * 512);
  }, blocks * 512);
}

const all = await install([]);
const again = await install([]);
const production = await install(['--omit=dev']);
const besidesNode = ({ megabytes, nodeMegabytes }: Installed) => once(megabytes - nodeMegabytes);

report('install', [
  {
    claim: 'npm ci --omit=dev, besides Node',
    unit: 'MB',
    found: besidesNode(production),
    atMost: 80,
  },
  {
    claim: 'npm ci --omit=dev, besides Node',
    unit: 'packages',
    found: once(production.packages),
    atMost: 170,
  },
  { claim: 'npm ci --omit=dev, with Node', unit: 'MB', found: once(production.megabytes) },
  { claim: 'npm ci, besides Node', unit: 'MB', found: besidesNode(all), atMost: 300 },
  { claim: 'npm ci, with Node', unit: 'MB', found: once(all.megabytes) },
  { claim: 'npm ci, besides Node', unit: 'packages', found: once(all.packages) },
  {
    claim: 'npm ci in an empty folder, with an empty cache of npm',
    unit: 's',
    found: once(all.seconds),
    atMost: 60,
  },
  { claim: 'the same from a full cache', unit: 's', found: once(again.seconds) },
  {
    claim: 'npm ci --omit=dev, from a full cache',
    unit: 's',
    found: once(production.seconds),
  },
]);

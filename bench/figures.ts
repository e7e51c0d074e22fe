/** What is claimed and what was found, printed and kept beside the script that found it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';

import type { Summary, Table } from './harness.ts';

/** One claim: a figure with its bound, and what it is measured against. */
export interface Claim {
  readonly claim: string;
  readonly unit: string;
  readonly found: Summary;
  /** Neither: a figure that is told and not claimed. */
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** A figure that was measured once. */
export function once(value: number): Summary {
  return { median: value, min: value, max: value, n: 1 };
}

/**
 * Prints machine, versions and claims, keeps them in `results/<name>.json`, and makes the script
 * fail where a median is past its bound.
 */
export function report(name: string, claims: readonly Claim[], table?: Table): void {
  const machine = {
    at: new Date().toISOString(),
    cpu: `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `${process.platform} ${release()}`,
    node: process.version,
    sqlite: process.versions['sqlite'],
    argon2: versionOf('@node-rs/argon2'),
    fastify: versionOf('fastify'),
    tweestap: versionOf(undefined),
  };
  console.log(
    Object.entries(machine)
      .map(([key, value]) => `${key} ${value}`)
      .join(' · '),
  );
  for (const claim of claims) console.log(lineOf(claim));
  const missed = claims.filter((claim) => !holds(claim));
  console.log(missed.length === 0 ? 'Every claim holds.' : `${missed.length} not held.`);
  writeFileSync(
    new URL(`results/${name}.json`, import.meta.url),
    `${JSON.stringify({ machine, claims: claims.map(rounded), cases: table }, shortened, 2)}\n`,
  );
  process.exitCode = missed.length === 0 ? 0 : 1;
}

/** Whether the median is within the bound. */
function holds({ found, atMost = Infinity, atLeast = -Infinity }: Claim): boolean {
  return found.median <= atMost && found.median >= atLeast;
}

function rounded(claim: Claim): Claim & { readonly holds: boolean } {
  return { ...claim, holds: holds(claim) };
}

function lineOf(claim: Claim): string {
  const { median, min, max, n } = claim.found;
  const range = n > 1 ? ` [${digits(min)}–${digits(max)}, ${n} rounds]` : '';
  const bound =
    claim.atMost !== undefined
      ? ` ≤ ${claim.atMost}`
      : claim.atLeast !== undefined
        ? ` ≥ ${claim.atLeast}`
        : '';
  const mark = bound === '' ? ' ' : holds(claim) ? '✔' : '✖';
  return `${mark} ${claim.claim}: ${digits(median)} ${claim.unit}${range}${bound}`;
}

function digits(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function shortened(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(4)) : value;
}

function versionOf(name: string | undefined): string {
  const path = name === undefined ? '../package.json' : `../node_modules/${name}/package.json`;
  const manifest: { readonly version: string } = JSON.parse(
    readFileSync(new URL(path, import.meta.url), 'utf8'),
  );
  return manifest.version;
}

/** `--rounds 3`: a number from the command line. */
export function argument(name: string, otherwise: number): number {
  const index = process.argv.indexOf(`--${name}`);
  return index < 0 ? otherwise : Number(process.argv[index + 1]);
}

/**
 * The door to the harness: loops, clocks and a cheap HTTP client that measure every peer alike. It
 * lives outside this repository, in `../shared/perf` or where `PERF` says, so that nothing here can
 * flatter us. Here are the types of what we use of it.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** What one closed loop found: `serverCpuMsPerOp` over all threads of the processes watched. */
export interface Slice {
  readonly perSec: number;
  readonly ops: number;
  readonly errors: number;
  readonly firstErr?: string | undefined;
  readonly p50: number;
  readonly p99: number;
  readonly serverCpuMsPerOp?: number | undefined;
  /** The share of the machine that neither the server nor this loader used. */
  readonly otherCpuShare?: number | undefined;
  /** Delay of the server's event loop, where a probe was in it. */
  readonly lagP99?: number | undefined;
}

export type Measure = 'perSec' | 'p50' | 'p99' | 'serverCpuMsPerOp' | 'otherCpuShare' | 'lagP99';

export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly n: number;
}

export interface Case {
  readonly name: string;
  run(round: number): Promise<Slice>;
}

export type Table = Readonly<Record<string, { readonly [key in Measure]?: Summary }>>;

interface Bench {
  closedLoop(options: {
    readonly concurrency: number;
    readonly seconds: number;
    readonly warmup?: number;
    readonly maxOps?: number;
    readonly pids?: readonly number[];
    /** One operation; throws where it did not do what it should. */
    step(worker: number): Promise<void>;
  }): Promise<Slice>;
  /** Every case once a round, in an order that moves on by one each round. */
  interleaved(
    cases: readonly Case[],
    options: { readonly rounds: number; readonly log?: boolean },
  ): Promise<Table>;
  /** One case against another, round by round. */
  ratio(table: Table, one: string, other: string, measure?: Measure): Summary;
  summary(values: readonly number[]): Summary;
  printTable(table: Table): void;
  procRssMiB(pid: number): number;
  sleep(milliseconds: number): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  text(): string;
}

/** One connection that is kept alive, with a jar of cookies. */
export interface Connection {
  readonly jar: Map<string, string>;
  request(
    method: string,
    path: string,
    options?: {
      readonly headers?: Readonly<Record<string, string>>;
      readonly form?: Readonly<Record<string, string>>;
      readonly json?: unknown;
    },
  ): Promise<Answer>;
  close(): void;
}

/** A server of ours that runs; it ends with this process at the latest. */
export interface Served {
  readonly pid: number;
  /** From spawning it to its own word that it is ready. */
  readonly coldMs: number;
  /** What it has printed so far. */
  output(): string;
  stop(): Promise<void>;
}

export interface Harness extends Bench {
  readonly folder: string;
  /** A connection to a port of this machine. */
  connect(port: number): Connection;
  serve(
    command: string,
    args: readonly string[],
    options?: { readonly env?: Readonly<Record<string, string>>; readonly cwd?: string },
  ): Promise<Served>;
  totp(key: Buffer): string;
}

type ConnectionMaker = new (port: number) => Connection;

/** Loads the harness; says where it was looked for when it is not there. */
export async function loadHarness(): Promise<Harness> {
  const beside = fileURLToPath(new URL('../../shared/perf', import.meta.url));
  const folder = resolve(process.env['PERF'] ?? beside);
  if (!existsSync(`${folder}/lib/bench.mjs`)) {
    throw new Error(`There is no harness in ${folder}: set PERF to its folder (bench/README.md).`);
  }
  const part = (name: string): string => pathToFileURL(`${folder}/lib/${name}.mjs`).href;
  const bench: Bench = await import(part('bench'));
  const http: { readonly Conn: ConnectionMaker } = await import(part('http1'));
  const spawning: Pick<Harness, 'serve'> = await import(part('spawn'));
  const codes: Pick<Harness, 'totp'> = await import(part('totp'));
  return {
    ...bench,
    folder,
    connect: (port) => connectTo(http.Conn, port),
    serve: spawning.serve,
    totp: codes.totp,
  };
}

/** Our server ends a connection after a thousand requests; the harness's own does not survive that. */
function connectTo(Conn: ConnectionMaker, port: number): Connection {
  const jar = new Map<string, string>();
  const open = (): Connection => Object.assign(new Conn(port), { jar });
  let current = open();
  return {
    jar,
    request: async (...request) => {
      const answer = await current.request(...request);
      if (answer.headers['connection'] === 'close') current = open();
      return answer;
    },
    close: () => current.close(),
  };
}

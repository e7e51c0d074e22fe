/**
 * A complete sign-in, password and code to session, beside the bare model and beside the machine's
 * argon2id limit, in one rotation; and what it does to everybody else meanwhile.
 *
 *   npx node bench/sign-in.ts [--rounds 8] [--seconds 3] [--warmups 5]
 */
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { hash, verify } from '@node-rs/argon2';

import { makeBare } from './bare.ts';
import { createBrowsers } from './browsers.ts';
import { argument, report } from './figures.ts';
import { loadHarness, type Case, type Slice } from './harness.ts';
import { password } from './people.ts';
import { makePlace } from './tweestap.ts';

const rounds = argument('rounds', 8);
const seconds = argument('seconds', 3);
const warmups = argument('warmups', 5);
const inFlight = 8;

const harness = await loadHarness();
const { closedLoop, interleaved, ratio, printTable, connect: connectTo } = harness;

const probe = join(tmpdir(), `tweestap-bench-${randomUUID()}.sock`);
process.env['BENCH_PROBE'] = probe;
const place = await makePlace(harness);
const tweestap = await place.start({ preload: new URL('probe.ts', import.meta.url) });
const browsers = createBrowsers(harness, place.origin);
const bare = await makeBare(harness);
const bareServer = await bare.start();

const connections = (port: number, count: number) => {
  const made = Array.from({ length: count }, () => connectTo(port));
  return (worker: number) => made[worker] ?? connectTo(port);
};

const parameters = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const hashed = await hash(password, parameters);
const limit: Case = {
  name: 'argon2id limit, 2 in flight',
  run: () =>
    closedLoop({
      concurrency: 2,
      seconds,
      warmup: 0.5,
      pids: [process.pid],
      step: async () => {
        await verify(hashed, password);
      },
    }),
};

const ours = connections(place.port, inFlight);
const signIns = (name: string, pages: 'together' | 'one by one'): Case => ({
  name,
  run: () =>
    closedLoop({
      concurrency: inFlight,
      seconds,
      warmup: 0.8,
      pids: [tweestap.pid],
      step: (worker) => browsers.signIn(ours(worker), pages),
    }),
});
const complete = signIns('Tweestap sign-in, 4 requests', 'together');
const typed = signIns('Tweestap sign-in, 6 requests', 'one by one');

const theirs = connections(bare.port, inFlight);
const bareSignIn: Case = {
  name: 'bare sign-in, 2 requests',
  run: () =>
    closedLoop({
      concurrency: inFlight,
      seconds,
      warmup: 0.8,
      pids: [bareServer.pid],
      step: async (worker) => {
        const connection = theirs(worker);
        await bare.answer(connection, await bare.arrive(connection));
      },
    }),
};

/** One reader, while `count` others sign in all the time. */
async function beside(
  count: number,
  signIn: (worker: number) => Promise<void>,
  read: () => Promise<void>,
): Promise<Slice> {
  const [read_] = await Promise.all([
    closedLoop({ concurrency: 1, seconds, warmup: 0.5, step: read }),
    count === 0
      ? undefined
      : closedLoop({ concurrency: count, seconds, warmup: 0.5, step: signIn }),
  ]);
  return read_;
}

const crowd = 16;
const ourCrowd = connections(place.port, crowd);
const ourReader = connectTo(place.port);
await browsers.signIn(ourReader);
const theirCrowd = connections(bare.port, crowd);
const theirReader = connectTo(bare.port);
await bare.answer(theirReader, await bare.arrive(theirReader));

const reading = (count: number): Case => ({
  name: `Tweestap session read beside ${count} sign-ins`,
  run: async () => {
    const stop = await watchLoop();
    const slice = await beside(
      count,
      (worker) => browsers.signIn(ourCrowd(worker)),
      () => browsers.readProfile(ourReader),
    );
    return { ...slice, lagP99: await stop() };
  },
});
const bareReading = (count: number): Case => ({
  name: `bare session read beside ${count} sign-ins`,
  run: () =>
    beside(
      count,
      async (worker) => {
        await bare.arrive(theirCrowd(worker));
      },
      () => bare.readSession(theirReader),
    ),
});

/** Starts the watch over the service's event loop; the returned function ends it. */
async function watchLoop(): Promise<() => Promise<number>> {
  const socket = connect(probe);
  await new Promise((connected) => {
    socket.once('connect', connected);
  });
  return async () => {
    let told = '';
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      told += text;
    });
    socket.end();
    await new Promise((closed) => {
      socket.once('close', closed);
    });
    return Number(told);
  };
}

const alone = reading(0);
const crowded = reading(crowd);
const bareAlone = bareReading(0);
const bareCrowded = bareReading(crowd);
// Node makes fast what is done often: neither server is measured before it has done it for a while.
for (let time = 0; time < warmups; time += 1) {
  await complete.run(time);
  await bareSignIn.run(time);
}
const table = await interleaved(
  [limit, complete, bareSignIn, typed, alone, crowded, bareAlone, bareCrowded],
  { rounds, log: false },
);
printTable(table);

const cpu = 'serverCpuMsPerOp';
const perVerify = ratio(table, complete.name, limit.name, cpu);
const lag = table[crowded.name]?.lagP99;
report(
  'sign-in',
  [
    { claim: 'CPU of a complete sign-in', unit: '× one argon2id', found: perVerify, atMost: 1.4 },
    {
      claim: 'the same where name and password have a page each',
      unit: '× one argon2id',
      found: ratio(table, typed.name, limit.name, cpu),
    },
    {
      claim: 'the same in the bare model',
      unit: '× one argon2id',
      found: ratio(table, bareSignIn.name, limit.name, cpu),
    },
    {
      claim: 'sign-ins with 8 in flight',
      unit: 'of the argon2id limit',
      found: ratio(table, complete.name, limit.name),
      atLeast: 0.65,
    },
    {
      claim: 'the same in the bare model',
      unit: 'of the argon2id limit',
      found: ratio(table, bareSignIn.name, limit.name),
    },
    {
      claim: 'p99 of a session read beside 16 sign-ins',
      unit: '× that without',
      found: ratio(table, crowded.name, alone.name, 'p99'),
      atMost: 10,
    },
    {
      claim: 'the same in the bare model',
      unit: '× that without',
      found: ratio(table, bareCrowded.name, bareAlone.name, 'p99'),
    },
    ...(lag === undefined
      ? []
      : [{ claim: 'event-loop delay p99 meanwhile', unit: 'ms', found: lag, atMost: 5 }]),
  ],
  table,
);
await Promise.all([tweestap.stop(), bareServer.stop()]);
place.remove();
process.exit();

/**
 * The second step alone, right code to session, durable on SQLite, beside the bare model's in one
 * rotation. Who answers has typed name and password before the clock runs.
 *
 *   npx node bench/second-step.ts [--rounds 8] [--people 200] [--warmups 5]
 */
import { makeBare } from './bare.ts';
import { createBrowsers } from './browsers.ts';
import { argument, report, type Claim } from './figures.ts';
import { loadHarness, type Case, type Connection, type Measure } from './harness.ts';
import { makePlace } from './tweestap.ts';

const rounds = argument('rounds', 8);
const people = argument('people', 200);
const warmups = argument('warmups', 5);

const harness = await loadHarness();
const { closedLoop, interleaved, ratio, printTable, connect } = harness;
const place = await makePlace(harness);
const tweestap = await place.start();
const browsers = createBrowsers(harness, place.origin);
const bare = await makeBare(harness);
const bareServer = await bare.start();

/** Everybody arrives, a few at a time; then everybody answers, `inFlight` at a time. */
function secondStep<waiting>(
  name: string,
  inFlight: number,
  server: {
    readonly pid: number;
    readonly port: number;
    arrive(connection: Connection): Promise<waiting>;
    answer(connection: Connection, waiting: waiting): Promise<void>;
  },
): Case {
  return {
    name: `${name}, ${inFlight} in flight`,
    run: async () => {
      const arrivals = Array.from({ length: people }, () => connect(server.port));
      const waiting: { readonly connection: Connection; readonly who: waiting }[] = [];
      const arriveAll = async (): Promise<void> => {
        for (let next = arrivals.pop(); next !== undefined; next = arrivals.pop()) {
          waiting.push({ connection: next, who: await server.arrive(next) });
        }
      };
      await Promise.all([arriveAll(), arriveAll(), arriveAll(), arriveAll()]);
      const connections = waiting.map(({ connection }) => connection);
      const slice = await closedLoop({
        concurrency: inFlight,
        seconds: 60,
        // The loop asks before it counts, so that the last ones find nobody left to ask.
        maxOps: people - inFlight,
        pids: [server.pid],
        step: async () => {
          const next = waiting.pop();
          if (next === undefined) throw new Error('nobody waits any more');
          await server.answer(next.connection, next.who);
        },
      });
      for (const connection of connections) connection.close();
      return slice;
    },
  };
}

const ours = {
  pid: tweestap.pid,
  port: place.port,
  arrive: browsers.arrive,
  answer: (_connection: Connection, waiting: Awaited<ReturnType<typeof browsers.arrive>>) =>
    browsers.answer(waiting),
};
const theirs = { pid: bareServer.pid, port: bare.port, arrive: bare.arrive, answer: bare.answer };
const alone = secondStep('Tweestap second step', 1, ours);
const together = secondStep('Tweestap second step', 8, ours);
const bareAlone = secondStep('bare second step', 1, theirs);
const bareTogether = secondStep('bare second step', 8, theirs);
// Node makes fast what is done often: neither server is measured before it has done it for a while.
for (let time = 0; time < warmups; time += 1) {
  await together.run(time);
  await bareTogether.run(time);
}
const table = await interleaved([alone, bareAlone, together, bareTogether], { rounds, log: false });
printTable(table);

const beside = (measure: Measure, one: Case, other: Case): Omit<Claim, 'claim'> => ({
  unit: '× the bare model',
  found: ratio(table, one.name, other.name, measure),
});
const cpu = 'serverCpuMsPerOp';
report(
  'second-step',
  [
    {
      claim: 'CPU of a second step, 8 in flight',
      ...beside(cpu, together, bareTogether),
      atMost: 2,
    },
    { claim: 'CPU of a second step, 1 in flight', ...beside(cpu, alone, bareAlone), atMost: 2 },
    { claim: 'p50 of a second step, 8 in flight', ...beside('p50', together, bareTogether) },
    { claim: 'p50 of a second step, 1 in flight', ...beside('p50', alone, bareAlone) },
    ...[together, alone].flatMap(({ name }) => {
      const found = table[name]?.[cpu];
      return found === undefined ? [] : [{ claim: `CPU, ${name}`, unit: 'ms', found }];
    }),
  ],
  table,
);
await Promise.all([tweestap.stop(), bareServer.stop()]);
place.remove();
process.exit();

/**
 * From spawning to ready on a data folder that is there already, and the memory that is resident
 * while nobody asks anything: as a service, as the sample organisation, and the bare model in turn.
 * Each start is a new process, one at a time; the files are warm in the memory of the machine.
 *
 *   npx node bench/start.ts [--rounds 5] [--idle 10]
 */
import { makeBare, nodeOfTheMachine } from './bare.ts';
import { argument, report } from './figures.ts';
import { loadHarness, type Served } from './harness.ts';
import { makePlace, makeSample } from './tweestap.ts';

const rounds = argument('rounds', 5);
const idleSeconds = argument('idle', 10);

const harness = await loadHarness();
const { procRssMiB, sleep, summary } = harness;
const place = await makePlace(harness);
const sample = await makeSample(harness);
const bare = await makeBare(harness);

interface Kind {
  start(): Promise<Served>;
  readonly coldMs: number[];
  readonly rssMiB: number[];
}
const kindOf = (start: () => Promise<Served>): Kind => ({ start, coldMs: [], rssMiB: [] });
const service = kindOf(() => place.start());
const organisation = kindOf(() => sample.start());
const model = kindOf(() => bare.start());
// The older Node asks which Node npm installed, starts that, and stays to pass signals on.
const throughOlder = kindOf(() => place.start({ node: nodeOfTheMachine() }));

// The first start of each makes what the others find: data, and compiled code.
for (const { start } of [service, organisation, model]) await (await start()).stop();

for (let round = 0; round < rounds; round += 1) {
  const running: { readonly kind: Kind; readonly served: Served }[] = [];
  for (const kind of [service, organisation, model]) {
    const served = await kind.start();
    kind.coldMs.push(served.coldMs);
    running.push({ kind, served });
  }
  await sleep(idleSeconds * 1000);
  for (const { kind, served } of running) kind.rssMiB.push(procRssMiB(served.pid));
  await Promise.all(running.map(({ served }) => served.stop()));
  const older = await throughOlder.start();
  throughOlder.coldMs.push(older.coldMs);
  throughOlder.rssMiB.push(procRssMiB(older.pid));
  await older.stop();
}

const seconds = ({ coldMs }: Kind) => summary(coldMs.map((ms) => ms / 1000));
const mebibytes = ({ rssMiB }: Kind) => summary(rssMiB.map((mib) => (mib * 2 ** 20) / 1e6));
const idle = `resident, ${idleSeconds} s after ready`;
report('start', [
  { claim: 'start to ready, service', unit: 's', found: seconds(service), atMost: 0.8 },
  { claim: 'start to ready, sample', unit: 's', found: seconds(organisation), atMost: 0.8 },
  {
    claim: 'start to ready, service, through an older Node',
    unit: 's',
    found: seconds(throughOlder),
  },
  { claim: 'start to ready, bare model', unit: 's', found: seconds(model) },
  { claim: `${idle}, service`, unit: 'MB', found: mebibytes(service), atMost: 120 },
  { claim: `${idle}, sample`, unit: 'MB', found: mebibytes(organisation), atMost: 120 },
  { claim: `${idle}, bare model`, unit: 'MB', found: mebibytes(model) },
  {
    claim: 'resident besides, an older Node that waits for the service',
    unit: 'MB',
    found: mebibytes(throughOlder),
  },
]);
place.remove();
sample.remove();
process.exit();

/**
 * RADIUS with an app password, each request signed, looked up and on the disk in the audit log before
 * it is answered, beside Debian's FreeRADIUS with PAP from a file, which writes nothing, in one
 * rotation. Then: whether any packet is lost at half the rate that was found.
 *
 *   npx node bench/radius.ts [--rounds 5] [--seconds 3]
 *
 * FreeRADIUS and the user perfpg come from the harness's own setup (its README); without them only
 * what is ours is told.
 */
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

import type { Installation } from '../src/installation/installation.ts';
import { argument, once, report, type Claim } from './figures.ts';
import { loadHarness, type Case, type Measure, type Served } from './harness.ts';
import { nameOf } from './people.ts';
import { freePort, makePlace } from './tweestap.ts';

const rounds = argument('rounds', 5);
const seconds = argument('seconds', 3);
const peopleAsking = 1_000;

/** One socket of the harness's loader: one request in flight on it. */
interface RadClient {
  open(): Promise<RadClient>;
  /** The answer; rejects when there was none in three seconds. */
  send(name: string, password: string): Promise<Buffer>;
  close(): void;
}

const harness = await loadHarness();
const { closedLoop, interleaved, ratio, printTable, serve, sleep } = harness;
const loader: { readonly RadClient: new (port: number, secret: string) => RadClient } =
  await import(pathToFileURL(`${harness.folder}/lib/radius.mjs`).href);

let secret = '';
const appPasswords: string[] = [];
const port = await freePort();
const place = await makePlace(harness, async (installation) => {
  await installation.policies.change((policy) => ({ ...policy, appPasswords: { allowed: true } }));
  await addClient(installation);
  await addAppPasswords(installation);
});
const tweestap = await place.start({ environment: { TWEESTAP_RADIUS_PORT: String(port) } });
const peer = await startFreeRadius();

interface Target {
  readonly name: string;
  readonly pid: number;
  readonly port: number;
  readonly secret: string;
  readonly who: (index: number) => readonly [string, string];
}
const ours: Target = {
  name: 'Tweestap, app password',
  pid: tweestap.pid,
  port,
  secret,
  who: (index) => [nameOf(index % peopleAsking), appPasswords[index % peopleAsking] ?? ''],
};

async function ask(client: RadClient, { who }: Target, index: number): Promise<void> {
  const [name, password] = who(index);
  const answer = await client.send(name, password);
  if (answer[0] !== 2) throw new Error(`the answer was code ${answer[0]}`);
}

async function clientsOf(target: Target, count: number): Promise<readonly RadClient[]> {
  const made = Array.from(
    { length: count },
    () => new loader.RadClient(target.port, target.secret),
  );
  return Promise.all(made.map((client) => client.open()));
}

async function caseOf(target: Target, inFlight: number): Promise<Case> {
  const clients = await clientsOf(target, inFlight);
  let asked = 0;
  return {
    name: `${target.name}, ${inFlight} in flight`,
    run: () =>
      closedLoop({
        concurrency: inFlight,
        seconds,
        warmup: 0.5,
        pids: [target.pid],
        step: async (worker) => {
          const client = clients[worker];
          if (client === undefined) throw new Error('there is no such worker');
          asked += 1;
          await ask(client, target, asked * 131 + worker);
        },
      }),
  };
}

const inFlight = [1, 8, 32];
const own = await Promise.all(inFlight.map((count) => caseOf(ours, count)));
const theirs = peer === undefined ? [] : await Promise.all(inFlight.map((n) => caseOf(peer, n)));
for (const one of [...own, ...theirs]) await one.run(0);
const table = await interleaved(
  own.flatMap((one, index) => [one, ...theirs.slice(index, index + 1)]),
  { rounds, log: false },
);
printTable(table);

const peak = Math.max(...own.map(({ name }) => table[name]?.perSec?.median ?? 0));
const { sent, lost } = await paced(ours, peak / 2, Math.max(3, seconds));

const beside = (measure: Measure, index: number): Omit<Claim, 'claim'> | undefined => {
  const [one, other] = [own[index]?.name, theirs[index]?.name];
  if (one === undefined || other === undefined) return undefined;
  return { unit: '× FreeRADIUS', found: ratio(table, one, other, measure) };
};
const rate = beside('perSec', 1);
const late = beside('p99', 1);
report(
  'radius',
  [
    ...(rate === undefined ? [] : [{ claim: 'requests/s, 8 in flight', ...rate, atLeast: 0.25 }]),
    ...(late === undefined ? [] : [{ claim: 'p99, 8 in flight', ...late, atMost: 6 }]),
    {
      claim: `packets lost at half the peak rate, of ${sent}`,
      unit: 'packets',
      found: once(lost),
      atMost: 0,
    },
    ...own.flatMap(({ name }) => {
      const found = table[name]?.perSec;
      return found === undefined ? [] : [{ claim: name, unit: '/s', found }];
    }),
  ],
  table,
);
await Promise.all([tweestap.stop(), peer?.served.stop()]);
place.remove();
process.exit();

/** Sends at a rate, whether answers come or not; a packet without one in three seconds is lost. */
async function paced(
  target: Target,
  perSecond: number,
  forSeconds: number,
): Promise<{ readonly sent: number; readonly lost: number }> {
  const free = [...(await clientsOf(target, 512))];
  const all = [...free];
  const asked: Promise<void>[] = [];
  let lostOnes = 0;
  const startedAt = performance.now();
  const end = startedAt + forSeconds * 1000;
  for (let now = startedAt; now < end; now = performance.now()) {
    const due = ((now - startedAt) / 1000) * perSecond;
    while (asked.length < due) {
      const client = free.pop();
      // Everybody waits already: what cannot be asked in time counts as lost.
      if (client === undefined) {
        lostOnes += 1;
        asked.push(Promise.resolve());
        continue;
      }
      const one = ask(client, target, asked.length)
        .catch(() => {
          lostOnes += 1;
        })
        .finally(() => free.push(client));
      asked.push(one);
    }
    await sleep(1);
  }
  await Promise.all(asked);
  for (const client of all) client.close();
  return { sent: asked.length, lost: lostOnes };
}

async function addClient({ radiusClients }: Installation): Promise<void> {
  const addresses = ['127.0.0.1'];
  const added = await radiusClients.add({ name: 'VPN', addresses, mode: 'app-password' }, 'bench');
  if (added.kind === 'refused') throw new Error(JSON.stringify(added.faults));
  ({ secret } = added);
}

async function addAppPasswords({ database, appPasswords: made }: Installation): Promise<void> {
  await database.transact(async (stores) => {
    for (let person = 0; person < peopleAsking; person += 1) {
      const user = await stores.users.findByName(nameOf(person));
      const one = await made.make(stores, {
        userId: user?.id ?? '',
        name: 'Laptop',
        expiryDays: 0,
      });
      if (one.kind === 'made') appPasswords[person] = one.plain;
    }
  });
}

/** Debian's, with the harness's own configuration; undefined where it is not installed. */
async function startFreeRadius(): Promise<(Target & { readonly served: Served }) | undefined> {
  if (!existsSync('/usr/sbin/freeradius')) return undefined;
  const theirPort = await freePort();
  const script = `${harness.folder}/peers/freeradius.mjs`;
  const args = [script, '--serve', '1', '--port', String(theirPort)];
  try {
    const served = await serve(process.execPath, args, { cwd: harness.folder });
    const [, pid] = /ready (\d+)/.exec(served.output()) ?? [];
    return {
      name: 'FreeRADIUS, PAP from a file',
      pid: Number(pid),
      port: theirPort,
      secret: 'testing123',
      who: (index) => [`plain${index % 1_000}`, 'hunter2hunter2'],
      served,
    };
  } catch (error) {
    console.log(`FreeRADIUS is left out: ${error instanceof Error ? error.message : ''}`);
    return undefined;
  }
}

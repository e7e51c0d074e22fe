/**
 * From the answer on the phone to the next page: a text is answered, the provider reports it, the page
 * that waits is told over its stream, asks where things stand and loads what comes next. Over the wire
 * and without a browser's own work; on one node with SQLite, and on two with PostgreSQL, where the page
 * waits at one and the report comes to the other. All of a round wait at once; they are answered one
 * after another.
 *
 *   TWEESTAP_TEST_POSTGRES_URL=… npx node bench/wake.ts [--rounds 5] [--people 20]
 *
 * Without that address the two nodes are left out.
 */
import { EventEmitter, once } from 'node:events';

import type { Installation } from '../src/installation/installation.ts';
import { newBrowser, openBrowser, type Browser } from '../test/support/browser.ts';
import type { Listening } from '../test/support/listening.ts';
import { addUser } from '../test/support/people.ts';
import { phonesOf, post, type AskService } from '../test/support/phones.ts';
import { until } from '../test/support/poll.ts';
import { startProcess, type TweestapProcess } from '../test/support/tweestap-process.ts';
import {
  newFolder,
  newPostgresDatabase,
  openPlace,
  withoutPostgres,
  type Place,
} from '../test/support/tweestap.ts';
import { argument, report, type Claim } from './figures.ts';
import type { Summary } from './harness.ts';

const rounds = argument('rounds', 5);
const people = argument('people', 20);
const origin = 'http://localhost:8080';
const next = 'My Profile';

/** A page that waits, and the way to answer its text. */
interface Waiting {
  readonly page: Browser;
  readonly listening: Listening;
  /** Emits what the page is told. */
  readonly told: EventEmitter;
  readonly from: string;
  readonly digits: string;
}

const onOne = await measure(newFolder(), 1);
const onTwo = withoutPostgres === false ? await measure(await newPostgresDatabase(), 2) : undefined;
if (onTwo === undefined) console.log(`two nodes are left out: ${String(withoutPostgres)}`);

const claims: readonly Claim[] = [
  { claim: 'from the answer to the next page, p95', unit: 'ms', found: onOne, atMost: 300 },
  ...(onTwo === undefined
    ? []
    : [{ claim: 'the same by way of another node, p95', unit: 'ms', found: onTwo, atMost: 500 }]),
];
report('wake', claims);

/** The p95 of each round. */
async function measure(place: Place, count: 1 | 2): Promise<Summary> {
  const nodes = await Promise.all(
    Array.from({ length: count }, () => startProcess(place, { origin })),
  );
  const installation = await openPlace(place);
  try {
    const found: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const waiting = await everybodyWaits(installation, nodes);
      const times: number[] = [];
      const reported = reportsTo(nodes);
      for (const one of waiting) times.push(await wake(one, reported));
      for (const { listening } of waiting) listening.stop();
      const p95 = quantile(times, 0.95);
      console.log(
        `${count} node(s), round ${round + 1}: p50 ${quantile(times, 0.5).toFixed(0)} ms, p95 ${p95.toFixed(0)} ms`,
      );
      found.push(p95);
    }
    return {
      median: quantile(found, 0.5),
      min: Math.min(...found),
      max: Math.max(...found),
      n: found.length,
    };
  } finally {
    await Promise.all(nodes.map((node) => node.stop()));
    await installation.close();
    await place.remove();
  }
}

/** The node that sends the texts and hears the answers: the last one. Pages wait at the first. */
function reportsTo(nodes: readonly TweestapProcess[]): AskService {
  const node = nodes.at(-1);
  if (node === undefined) throw new Error('There is no node.');
  return node.ask;
}

async function everybodyWaits(
  installation: Installation,
  nodes: readonly TweestapProcess[],
): Promise<readonly Waiting[]> {
  const sending = reportsTo(nodes);
  const waiting: Waiting[] = [];
  while (waiting.length < people) {
    const person = await addUser({ installation }, ['phone']);
    const typing = newBrowser({ origin, portOf: () => nodes.at(-1)?.port });
    await typing.open('/sign-in');
    await typing.press('Next', { name: person.userPrincipalName });
    await typing.press('Sign in', { password: person.password });
    await phonesOf(nodes.map(({ ask }) => ask))
      .phone(person.mobilePhone)
      .text();
    const sent = await phonesOf([sending]).messages({ to: person.mobilePhone, kind: 'text' });
    // The other node was quicker to send it, and would hear the answer.
    if (sent.length === 0) continue;
    const page = openBrowser(typing.cookies, { origin, portOf: () => nodes[0]?.port });
    await page.open(typing.address);
    const [, digits = ''] = /class="number-match">.*?<strong>(\d+)</s.exec(page.page.html) ?? [];
    const told = new EventEmitter();
    const listening = await page.listens((event) => told.emit(event));
    await until('the page to listen', () => listening.heard('hello') === 1);
    waiting.push({ page, listening, told, from: person.mobilePhone, digits });
  }
  return waiting;
}

/** Answers the text, and does what the page does as it is told; how long that took. */
async function wake(waiting: Waiting, reported: AskService): Promise<number> {
  const told = once(waiting.told, 'changed');
  const startedAt = performance.now();
  const answered = post(reported, '/simulator/api/texts', {
    from: waiting.from,
    text: waiting.digits,
  });
  await told;
  const { heading } = await waiting.page.untilItMovesOn();
  const took = performance.now() - startedAt;
  await answered;
  if (heading !== next) throw new Error(`the page went on to “${heading}”`);
  return took;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

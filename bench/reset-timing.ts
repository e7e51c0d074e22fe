/**
 * What the time of a reset's answers tells a stranger of an account: nothing (attack ATK-30). Six
 * kinds of names, one after the other, each name once: nobody's, without anything registered, of a
 * disabled and of a blocked account, an admin's, and registered. For each request: how far the medians are apart, and how well
 * somebody could tell a kind from the registered ones by the time alone (AUC; 0.5 is guessing).
 *
 *   npx node bench/reset-timing.ts [--names 300]
 */
import { createHash } from 'node:crypto';
import { Agent, request } from 'node:http';

import { argument, once, report, type Claim } from './figures.ts';
import { loadHarness } from './harness.ts';
import { nameOf } from './people.ts';
import { makePlace } from './tweestap.ts';

const names = argument('names', 300);
const warmups = 40;
const kinds = ['registered', 'unknown', 'unregistered', 'disabled', 'blocked', 'admin'] as const;
type Kind = (typeof kinds)[number];
const requests = ['name', 'gate', 'answer'] as const;

/** Everybody has an app; some lose it, some are disabled, blocked or in charge. Nobody is asked twice. */
const nameOfKind = (kind: Kind, index: number): string =>
  kind === 'unknown' ? `nobody${index}@example.test` : nameOf(kinds.indexOf(kind) * 2_000 + index);

const place = await makePlace(
  await loadHarness(),
  async ({ database, policies, administration }) => {
    await policies.change((policy) => ({
      ...policy,
      reset: { ...policy.reset, allowedFor: 'all', gates: 1 },
    }));
    const { users, registrations } = database.stores;
    for (let index = 0; index < names + warmups; index += 1) {
      const bare = await administration.find(nameOfKind('unregistered', index));
      for (const { id } of await registrations.list(bare?.id ?? ''))
        await registrations.remove(id, bare?.id ?? '');
      const disabled = await administration.find(nameOfKind('disabled', index));
      await users.change(disabled?.id ?? '', { accountEnabled: false });
      const blocked = await administration.find(nameOfKind('blocked', index));
      const block = { at: new Date(), until: undefined, reason: 'fraud-reported' };
      await users.setBlock(blocked?.id ?? '', block);
      const admin = await administration.find(nameOfKind('admin', index));
      await users.change(admin?.id ?? '', { role: 'global-admin' });
    }
  },
);
const served = await place.start();

const agent = new Agent({ keepAlive: true, maxSockets: 1 });
interface Answer {
  readonly ms: number;
  readonly location: string;
  readonly cookies: readonly string[];
  readonly body: string;
}
function ask(
  path: string,
  cookie: string,
  form?: Readonly<Record<string, string>>,
): Promise<Answer> {
  const body = form === undefined ? undefined : new URLSearchParams(form).toString();
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const sent = request(
      new URL(path, place.origin),
      {
        agent,
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          cookie,
          ...(body === undefined
            ? {}
            : {
                'content-type': 'application/x-www-form-urlencoded',
                'content-length': Buffer.byteLength(body),
                origin: place.origin,
                'sec-fetch-site': 'same-origin',
              }),
        },
      },
      (response) => {
        const ms = performance.now() - startedAt;
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => {
          resolve({
            ms,
            location: response.headers.location ?? '',
            cookies: (response.headers['set-cookie'] ?? []).map(
              (set) => set.split(';', 1)[0] ?? '',
            ),
            body: Buffer.concat(parts).toString('utf8'),
          });
        });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

const field = (html: string, name: string): string =>
  new RegExp(`name="${name}" value="([^"]+)"`).exec(html)?.[1] ?? '';

function solved(question: string): string {
  const asked: { readonly challenge: string; readonly salt: string; readonly maxnumber: number } =
    JSON.parse(Buffer.from(question, 'base64').toString());
  for (let number = 0; number <= asked.maxnumber; number += 1) {
    const hash = createHash('sha256').update(`${asked.salt}${number}`).digest('hex');
    if (hash !== asked.challenge) continue;
    return Buffer.from(JSON.stringify({ ...asked, number })).toString('base64');
  }
  throw new Error('there is no such number');
}

/** One visit; the milliseconds of its three requests. */
async function visit(name: string): Promise<readonly number[]> {
  const opened = await ask('/password-reset', '');
  const page = await ask(opened.location, opened.cookies.join('; '));
  const cookie = [...opened.cookies, ...page.cookies].join('; ');
  const csrf = field(page.body, 'csrf');
  const human = solved(field(page.body, 'human'));
  const named = await ask(`${opened.location}/name`, cookie, { csrf, name, human });
  const gate = await ask(`${opened.location}/choose`, cookie, {
    csrf,
    method: 'authenticator-code',
  });
  const shown = await ask(opened.location, cookie);
  const answer = await ask(`${opened.location}/answer`, cookie, {
    csrf,
    challenge: field(shown.body, 'challenge'),
    code: '123456',
  });
  return [named.ms, gate.ms, answer.ms];
}

const found = new Map<Kind, number[][]>(kinds.map((kind) => [kind, requests.map(() => [])]));
for (let index = 0; index < names + warmups; index += 1) {
  // Another order each time, so that no kind always follows the same one.
  for (let turn = 0; turn < kinds.length; turn += 1) {
    const kind = kinds[(turn + index) % kinds.length] ?? 'unknown';
    const times = await visit(nameOfKind(kind, index));
    if (index < warmups) continue;
    for (const [at, ms] of times.entries()) found.get(kind)?.[at]?.push(ms);
  }
}

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;

/** The chance that one of the first takes longer than one of the others. */
function auc(ones: readonly number[], others: readonly number[]): number {
  let longer = 0;
  for (const one of ones) {
    for (const other of others) longer += one > other ? 1 : one === other ? 0.5 : 0;
  }
  return longer / (ones.length * others.length);
}

const claims = requests.flatMap((name, at) => {
  const registered = found.get('registered')?.[at] ?? [];
  return kinds.slice(1).flatMap((kind): Claim[] => {
    const times = found.get(kind)?.[at] ?? [];
    const apart = Math.abs(median(times) - median(registered));
    const score = auc(times, registered);
    return [
      {
        claim: `${name}: medians of ${kind} and registered`,
        unit: 'ms apart',
        found: once(apart),
        atMost: 5,
      },
      {
        claim: `${name}: AUC of ${kind}`,
        unit: 'away from 0.5',
        found: once(Math.abs(score - 0.5)),
        atMost: 0.05,
      },
    ];
  });
});
report('reset-timing', claims);
agent.destroy();
await served.stop();
place.remove();

/**
 * The sign-in page as a browser loads it for the first time: bytes over the wire, requests, and the
 * server's CPU for drawing it. Chromium says whether these are really all requests, and whether one
 * can sign in with script switched off; without it (see test/support/chromium.ts) that is left out.
 *
 *   npx node bench/page.ts [--rounds 5] [--seconds 2]
 */
import { Agent, request } from 'node:http';

import { wordsIn } from '../src/methods/authenticator-code/words.ts';
import { wordsIn as challengeWords } from '../src/pages/challenge/words.ts';
import { wordsIn as profileWords } from '../src/pages/my-profile/words.ts';
import { wordsIn as signInWords } from '../src/pages/sign-in/words.ts';
import { startChromium, withoutChromium } from '../test/support/chromium.ts';
import { createBrowsers } from './browsers.ts';
import { argument, once, report, type Claim } from './figures.ts';
import { loadHarness, type Case } from './harness.ts';
import { keyOf, nameOf, password } from './people.ts';
import { makePlace } from './tweestap.ts';

const rounds = argument('rounds', 5);
const seconds = argument('seconds', 2);

const harness = await loadHarness();
const { closedLoop, interleaved, printTable, connect } = harness;
const place = await makePlace(harness);
const tweestap = await place.start();
const { pid } = tweestap;
const browsers = createBrowsers(harness, place.origin);

/** What one GET weighs with its headers, as the socket counts it. */
function weigh(path: string, cookie: string): Promise<{ bytes: number; text: string }> {
  return new Promise((resolve, reject) => {
    const agent = new Agent();
    const headers = {
      accept: 'text/html,*/*;q=0.8',
      'accept-encoding': 'gzip, deflate, br, zstd',
      'accept-language': 'en-GB,en;q=0.9',
      ...(cookie === '' ? {} : { cookie }),
    };
    const asked = request(
      { host: '127.0.0.1', port: place.port, path, agent, headers },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => {
          if (answer.statusCode !== 200) reject(new Error(`${path} answered ${answer.statusCode}`));
          resolve({ bytes: answer.socket.bytesRead, text: Buffer.concat(chunks).toString() });
          agent.destroy();
        });
      },
    );
    asked.on('error', reject);
    asked.end();
  });
}

const visitor = connect(place.port);
const { path } = await browsers.openPage(visitor);
const cookies = [...visitor.jar].map(([name, value]) => `${name}=${value}`).join('; ');
const page = await weigh(path, cookies);
const files = [...page.text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(
  ([, file]) => file ?? '',
);
const weights: Record<string, number> = { page: page.bytes };
for (const file of files) weights[file] = (await weigh(file, cookies)).bytes;
const total = Object.values(weights).reduce((sum, bytes) => sum + bytes, 0);
console.log(weights);

/** What Chromium asks for on its own account, and whether somebody without script gets in. */
async function lookInChromium(): Promise<readonly Claim[]> {
  const chromium = await startChromium();
  try {
    const window = await chromium.window({ origins: [place.origin] });
    const loaded: { readonly path: string; readonly bytes: number }[] = [];
    window.page.on('requestfinished', async (finished) => {
      if (!finished.url().startsWith(place.origin)) return;
      const { responseBodySize, responseHeadersSize } = await finished.sizes();
      const bytes = responseBodySize + responseHeadersSize;
      loaded.push({ path: new URL(finished.url()).pathname, bytes });
    });
    await window.page.goto(`${place.origin}/sign-in`, { waitUntil: 'networkidle' });
    console.log(loaded);
    if (window.complaints().length > 0) throw new Error(window.complaints().join('\n'));
    await window.close();

    const plain = await chromium.window({ origins: [place.origin], script: false });
    const words = signInWords('en');
    const person = 1;
    await plain.open(`${place.origin}/sign-in`);
    await plain.sees(words.name.title);
    await plain.type(words.name.label, nameOf(person));
    await plain.press(words.name.next);
    await plain.sees(words.password.title);
    await plain.type(words.password.label, password);
    await plain.press(words.password.signIn);
    await plain.type(wordsIn('en').challenge.code, harness.totp(keyOf(person)));
    await plain.press(challengeWords('en').verify);
    await plain.sees(profileWords('en').title);
    await plain.close();
    return [
      { claim: 'requests of Chromium', unit: '', found: once(loaded.length), atMost: 3 },
      {
        claim: 'bytes of the same, as Chromium counts them',
        unit: 'KB',
        found: once(loaded.reduce((sum, { bytes }) => sum + bytes, 0) / 1000),
        atMost: 20,
      },
      { claim: 'sign-ins with script switched off', unit: 'of 1', found: once(1), atLeast: 1 },
    ];
  } finally {
    await chromium.close();
  }
}
const seen = withoutChromium === false ? await lookInChromium() : [];
if (withoutChromium !== false) console.log(withoutChromium);

const inFlight = 4;
const waiting = Array.from({ length: inFlight }, () => connect(place.port));
const opened = await Promise.all(waiting.map((connection) => browsers.openPage(connection)));
const drawing: Case = {
  name: 'the page',
  run: () =>
    closedLoop({
      concurrency: inFlight,
      seconds,
      warmup: 1,
      pids: [pid],
      step: async (worker) => {
        const answer = await waiting[worker]?.request('GET', opened[worker]?.path ?? '');
        if (answer?.status !== 200) throw new Error(`the page answered ${answer?.status}`);
      },
    }),
};
const openers = Array.from({ length: inFlight }, () => connect(place.port));
const opening: Case = {
  name: 'opening a sign-in, and its page',
  run: () =>
    closedLoop({
      concurrency: inFlight,
      seconds,
      warmup: 1,
      pids: [pid],
      step: async (worker) => {
        await browsers.openPage(openers[worker] ?? connect(place.port));
      },
    }),
};
const table = await interleaved([drawing, opening], { rounds, log: false });
printTable(table);
const cpu = (each: Case) => table[each.name]?.serverCpuMsPerOp ?? once(Infinity);

report(
  'page',
  [
    {
      claim: 'the sign-in page over the wire, in all, with headers',
      unit: 'KB',
      found: once(total / 1000),
      atMost: 20,
    },
    {
      claim: 'requests',
      unit: '',
      found: once(1 + files.length),
      atMost: 3,
    },
    ...seen,
    { claim: 'CPU of drawing the page', unit: 'ms', found: cpu(drawing), atMost: 1 },
    { claim: 'CPU of opening a sign-in and drawing its page', unit: 'ms', found: cpu(opening) },
  ],
  table,
);
await tweestap.stop();
place.remove();
process.exit();

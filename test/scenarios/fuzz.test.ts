/**
 * Every address of a running server, asked at random: any method, path, query, headers, cookies and
 * body, with and without the cookies and tokens that get one further in. Whatever comes, the answer is
 * no fault of ours (5xx), it comes, and it carries our headers (invariant R24).
 *
 * `TWEESTAP_TEST_FUZZ_RUNS` asks each address more often, `TWEESTAP_TEST_SEED` differently.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import fc from 'fast-check';

import { apiPath } from '../../src/methods/notification/protocol.ts';
import type { Browser } from '../support/browser.ts';
import type { Answer } from '../support/http-client.ts';
import { newPerson, type Person } from '../support/people.ts';
import { routesOf, type Route } from '../support/routes.ts';
import { startTweestap, type Tweestap } from '../support/tweestap.ts';

const runs = Number(process.env['TWEESTAP_TEST_FUZZ_RUNS'] ?? 50);
const seed = Number(process.env['TWEESTAP_TEST_SEED'] ?? 20_261_120);

let tweestap: Tweestap;
/** Signed in, with a sign-in open at its second step and a registration at its first. */
let browser: Browser;
let attempts: readonly string[];
let csrf: string;
let challenge: string;
before(async () => {
  tweestap = await startTweestap();
});
after(() => tweestap.close());

/** Begins anew: some of what is asked ends what was open. */
async function arrive(): Promise<void> {
  const [asked, enabled, signedIn] = [
    await newPerson(tweestap, { registered: ['phone', 'app'] }),
    await newPerson(tweestap, { user: { perUserMfaState: 'enabled' } }),
    await newPerson(tweestap, { registered: ['app'] }),
  ];
  const arrives = async (tab: Browser, { userPrincipalName: name, password }: Person) => {
    await tab.open('/sign-in');
    await tab.press('Next', { name });
    await tab.press('Sign in', { password });
  };
  browser = asked.browser;
  const [tab, other] = [browser.newTab(), browser.newTab()];
  await arrives(tab, enabled);
  await tab.press('Set it up now');
  await arrives(browser, asked);
  ({ csrf = '', challenge = '' } = browser.formOf('Verify').fields);
  await arrives(other, signedIn);
  await other.press('Verify', { code: signedIn.appCode() });
  assert.equal(other.page.heading, 'My Profile');
  attempts = [browser, tab].map(({ address }) => /[\w-]{22}/.exec(address)?.[0] ?? '');
}

describe('every address', () => {
  it(`answers whatever it is asked, ${runs} times each`, async (context) => {
    const routes = await routesOf(tweestap.server.parts.app);
    let asked = 0;
    const statuses = new Map<number, number>();
    for (const route of routes) {
      if (asked === 0 || /:attempt|sign-out/.test(route.url)) await arrive();
      await fc.assert(
        fc.asyncProperty(asking(route), async (sent) => {
          const startedAt = performance.now();
          const answer = await browser.ask(sent.path, {
            method: sent.method,
            headers: sent.headers,
            ...(sent.body === undefined ? {} : { body: sent.body }),
          });
          asked += 1;
          statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
          requireAnswer(answer, performance.now() - startedAt, route);
        }),
        { numRuns: runs, seed, endOnFailure: true },
      );
    }
    context.diagnostic(`${asked} requests to ${routes.length} addresses`);
    const told = [...statuses].toSorted(([one], [other]) => one - other);
    context.diagnostic(told.map(([status, count]) => `${status} × ${count}`).join(', '));
    const { status } = await tweestap.ask('/readyz');
    assert.equal(status, 200);
    const { brokenAt } = await tweestap.installation.database.stores.audit.verify();
    assert.equal(brokenAt, undefined);
  });
});

/** A slow answer is one that a stranger could make slow for everybody. */
const patienceMs = 10_000;

function requireAnswer({ status, headers }: Answer, tookMs: number, { url }: Route): void {
  assert.ok(status >= 200 && status < 500, `answered ${status}`);
  assert.ok(tookMs < patienceMs, `took ${Math.round(tookMs)} ms`);
  assert.equal(headers['x-content-type-options'], 'nosniff');
  assert.match(String(headers['content-security-policy']), /frame-ancestors/);
  // No cookie counts for the authenticator, which may come from another organisation's server.
  const allowed = headers['access-control-allow-origin'];
  assert.ok(allowed === undefined || (allowed === '*' && url.startsWith(apiPath)));
  assert.equal(headers['access-control-allow-credentials'], undefined);
}

/** Text of any kind; now and then what parsers stumble over. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.constantFrom(
    '',
    '0',
    '-1',
    '1e999',
    'null',
    '[]',
    '{}',
    '__proto__',
    'constructor',
    '../../etc/passwd',
    "' or 1=1--",
    '%00',
    '\u0000',
    '\r\nset-cookie: x=1',
    '<script>alert(1)</script>',
    '${7*7}',
    '\u202e\u0000\ud800',
    'a'.repeat(5_000),
    '😀'.repeat(500),
  ),
);

/** What may stand in a header: Node would not send more. */
const headerText = text.map((value) => value.replaceAll(/[^\t\u0020-\u007e\u0080-\u00ff]/gu, '?'));

const fieldNames = words(`
  name password option code way by country number extension keep person anchor key channel fault ms
  advanceSeconds from text keys client_id redirect_uri response_type scope state prompt max_age claims
  acr_values code_challenge code_challenge_method grant_type id_token_hint post_logout_redirect_uri
  xsrf logout token lang seen mail as to`);
const headerNames = words(`
  accept accept-language cookie user-agent referer range if-none-match authorization x-forwarded-for
  x-forwarded-host forwarded accept-encoding if-modified-since x-webhook-timestamp x-webhook-signature
  x-requested-with content-encoding x-http-method-override dnt via x-real-ip`);

const fields = fc
  .array(fc.tuple(fc.oneof(fc.constantFrom(...fieldNames), text), text), { maxLength: 8 })
  .map((pairs) => pairs.map(([name, value]) => [wellFormed(name), wellFormed(value)] as const));

const json = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.stringify(value)),
  fc
    .dictionary(fc.constantFrom(...fieldNames, 'eventId', 'reference', 'event'), fc.jsonValue())
    .map((value) => JSON.stringify(value)),
  fc.constantFrom(
    '{"__proto__":{"x":1}}',
    '['.repeat(3_000),
    `{"a":${'['.repeat(200)}${']'.repeat(200)}}`,
    '{"keys":"#"}',
    '\u{feff}{}',
  ),
);

/** Half of what is asked is almost right, so that it gets past the door. */
function asking({ method, url }: Route) {
  const variable = fc.oneof(
    fc.constantFrom(
      'x',
      '0',
      'answer',
      'a'.repeat(22),
      'a'.repeat(400),
      '%2e%2e',
      '%ff',
      '%00',
      '😀',
    ),
    text.map((value) => encodeURIComponent(wellFormed(value)).slice(0, 600)),
  );
  const path = fc
    .tuple(fc.boolean(), fc.array(variable, { minLength: 3, maxLength: 3 }), fields, fc.boolean())
    .map(([isOwn, values, query, hasQuery]) => {
      let next = 0;
      const filled = url.replaceAll(/:\w+|\*/g, (name) =>
        name === ':attempt' && isOwn
          ? (attempts[next++ % 2] ?? '')
          : (values[next++ % values.length] ?? 'x'),
      );
      const encoded = new URLSearchParams(Object.fromEntries(query)).toString();
      return hasQuery ? `${filled}?${encoded}` : filled;
    });
  const honestHeaders = {
    origin: tweestap.origin,
    'sec-fetch-site': 'same-origin',
  };
  const headers = fc.dictionary(fc.constantFrom(...headerNames), headerText, { maxKeys: 4 });
  const body = fc.oneof(
    { weight: 4, arbitrary: fields.map((pairs) => formOf(pairs)) },
    {
      weight: 1,
      arbitrary: json.map((content) => ({ type: 'application/json', content })),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(headerText, fc.string({ unit: 'binary', maxLength: 300 }))
        .map(([type, content]) => ({ type, content: wellFormed(content) })),
    },
  );
  return fc
    .record({
      path,
      headers,
      body,
      isHonest: fc.boolean(),
      anyMethod: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'),
      usesOwnMethod: fc.integer({ min: 0, max: 4 }),
    })
    .map((drawn) => {
      const chosen = drawn.usesOwnMethod === 0 ? drawn.anyMethod : method;
      const hasBody = !['GET', 'HEAD'].includes(chosen);
      return {
        method: chosen,
        path: drawn.path,
        body: hasBody ? drawn.body.content : undefined,
        headers: {
          ...drawn.headers,
          ...(drawn.isHonest ? honestHeaders : {}),
          ...(hasBody ? { 'content-type': drawn.body.type } : {}),
        },
      };
    });
}

function formOf(pairs: readonly (readonly [string, string])[]) {
  const content = new URLSearchParams([
    ['csrf', csrf],
    ['challenge', challenge],
  ]);
  for (const [name, value] of pairs) if (!content.has(name)) content.append(name, value);
  return { type: 'application/x-www-form-urlencoded', content: content.toString() };
}

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}

/** Half a surrogate pair cannot be sent in UTF-8. */
function wellFormed(value: string): string {
  return value.toWellFormed();
}

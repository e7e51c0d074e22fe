/**
 * Requests that none of our pages sends: every route that changes something, with one thing wrong at
 * a time. Each is refused plainly, in the person's language, and changes nothing (attacks ATK-80,
 * ATK-86, ATK-91).
 */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';

import type { Browser } from '../support/browser.ts';
import type { Answer } from '../support/http-client.ts';
import { apiPath } from '../../src/methods/notification/protocol.ts';
import { imprintOf } from '../support/imprint.ts';
import { newPerson, type Person } from '../support/people.ts';
import { routesOf, type Route } from '../support/routes.ts';
import { startTweestap, type Tweestap } from '../support/tweestap.ts';

let tweestap: Tweestap;
/** Signed in, and with another sign-in open at its second step: every form could do something. */
let person: Person;
let browser: Browser;
let attempt: string;
let challenge: string;
let csrf: string;
before(async () => {
  tweestap = await startTweestap();
  person = await newPerson(tweestap, { registered: ['phone', 'app'], language: 'nl' });
  browser = person.browser;
  await person.arrives();
  await person.typesCode(await person.phone.code());
  const tab = browser.newTab();
  await tweestap.advanceSeconds(60);
  // An attempt of another browser, so that somebody who is signed in has one open as well.
  const other = await newPerson(tweestap, { registered: ['phone', 'app'], language: 'nl' });
  await other.arrives();
  attempt = /\/sign-in\/([\w-]{22})/.exec(other.browser.address)?.[1] ?? '';
  ({ csrf = '', challenge = '' } = other.browser.formOf(other.words.challenge.verify).fields);
  const cookies = other.browser.cookies.header('/') ?? '';
  const session = browser.cookies.find('session') ?? '';
  browser.cookies.forget();
  for (const pair of cookies.split('; ')) {
    const [name = '', value = ''] = pair.split('=');
    browser.cookies.plant(name, value);
  }
  browser.cookies.plant('tweestap-session', session);
  await tab.open('/my-profile');
  assert.equal(tab.page.status, 200);
});
after(() => tweestap.close());

/** What would do something at each address. */
const bodies: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  name: { name: 'bram@voorbeeld.example' },
  password: { password: 'whatever it is' },
  answer: { code: '123456' },
  choose: { option: 'x' },
  'change-password': { password: 'another password' },
  trust: { trust: 'yes' },
  'stay-signed-in': { stay: 'yes' },
};

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly fields: Readonly<Record<string, string>>;
}

function honest({ method, url }: Route): Sent {
  const path = url
    .replace(':attempt', attempt)
    .replace(':id', 'x')
    .replace(':action', 'answer')
    .replace(':uid', 'x')
    .replace('*', 'x');
  const command = path.split('/').at(-1) ?? '';
  return {
    method,
    path,
    headers: {
      origin: tweestap.origin,
      'sec-fetch-site': 'same-origin',
      'content-type': 'application/x-www-form-urlencoded',
    },
    fields: { csrf, challenge, ...bodies[command] },
  };
}

const ask = ({ method, path, headers }: Omit<Sent, 'fields'>, body?: string): Promise<Answer> =>
  browser.ask(path, { method, headers, ...(body === undefined ? {} : { body }) });
const encoded = (fields: Readonly<Record<string, string>>): string =>
  new URLSearchParams(fields).toString();

/** One thing wrong, and what it is answered with. */
type Wrong = readonly [
  name: string,
  status: readonly number[],
  send: (sent: Sent) => Promise<Answer>,
];

const withHeaders = (headers: Sent['headers']) => (sent: Sent) =>
  ask({ ...sent, headers: { ...sent.headers, ...headers } }, encoded(sent.fields));
const withBody =
  (body: (sent: Sent) => string, headers: Sent['headers'] = {}) =>
  (sent: Sent) =>
    ask({ ...sent, headers: { ...sent.headers, ...headers } }, body(sent));

const wrongs: readonly Wrong[] = [
  ['another origin', [403], withHeaders({ origin: 'https://evil.example' })],
  ['an origin of null', [403], withHeaders({ origin: 'null' })],
  ['an empty origin', [403], withHeaders({ origin: '' })],
  ['our host on another port', [403], withHeaders({ origin: 'http://localhost:1' })],
  [
    'our host over https',
    [403],
    (sent) => withHeaders({ origin: tweestap.origin.replace('http:', 'https:') })(sent),
  ],
  [
    'our origin with a path',
    [403],
    (sent) => withHeaders({ origin: `${tweestap.origin}/sign-in` })(sent),
  ],
  ['a page of another site', [403], withHeaders({ 'sec-fetch-site': 'cross-site' })],
  ['a page of another port', [403], withHeaders({ 'sec-fetch-site': 'same-site' })],
  ['a typed address', [403], withHeaders({ 'sec-fetch-site': 'none' })],
  [
    'no word of where it comes from',
    [403],
    withHeaders({
      origin: undefined,
      'sec-fetch-site': undefined,
    }),
  ],
  ['no token', [403], (sent) => ask(sent, encoded({ challenge: sent.fields['challenge'] ?? '' }))],
  ['no body', [403], (sent) => ask(sent, '')],
  ['an empty token', [403], (sent) => ask(sent, encoded({ ...sent.fields, csrf: '' }))],
  [
    'another browser’s token',
    [403],
    (sent) =>
      ask(
        sent,
        encoded({ ...sent.fields, csrf: csrf.replace(/^./, csrf.startsWith('A') ? 'B' : 'A') }),
      ),
  ],
  [
    'a token longer than ours',
    [403],
    (sent) => ask(sent, encoded({ ...sent.fields, csrf: `${csrf}A` })),
  ],
  ['no cookies', [403], (sent) => withHeaders({ cookie: undefined })(sent)],
  ['plain text', [415], withHeaders({ 'content-type': 'text/plain' })],
  ['no type', [415], withHeaders({ 'content-type': undefined })],
  [
    'JSON',
    [415],
    withBody(({ fields }) => JSON.stringify(fields), {
      'content-type': 'application/json',
    }),
  ],
  [
    'a multipart form',
    [415],
    withBody(() => '--x\r\ncontent-disposition: form-data; name="csrf"\r\n\r\nx\r\n--x--\r\n', {
      'content-type': 'multipart/form-data; boundary=x',
    }),
  ],
  ['a field twice', [400], withBody(({ fields }) => `${encoded(fields)}&challenge=x`)],
  ['the token twice', [400], withBody(({ fields }) => `${encoded(fields)}&csrf=${csrf}`)],
  ['a key of prototypes', [400], withBody(({ fields }) => `${encoded(fields)}&__proto__=x`)],
  [
    'another key of prototypes',
    [400],
    withBody(({ fields }) => `${encoded(fields)}&constructor=x`),
  ],
  ['a field without a name', [400], withBody(({ fields }) => `${encoded(fields)}&=x`)],
  ['a NUL', [400], withBody(({ fields }) => `${encoded(fields)}&x=%00`)],
  ['a broken percent sign', [400], withBody(({ fields }) => `${encoded(fields)}&x=%zz`)],
  ['bytes that are no text', [400], withBody(({ fields }) => `${encoded(fields)}&x=%ff%fe`)],
  [
    'two hundred fields more',
    [400],
    withBody(
      ({ fields }) =>
        `${encoded(fields)}${Array.from({ length: 200 }, (_, n) => `&x${n}=`).join('')}`,
    ),
  ],
  [
    'more than 64 KiB',
    [413],
    withBody(({ fields }) => `${encoded(fields)}&x=${'x'.repeat(65_536)}`),
  ],
  [
    'a malformed query',
    [400],
    (sent) => ask({ ...sent, path: `${sent.path}?a=1&a=2` }, encoded(sent.fields)),
  ],
  ['PUT', [405], (sent) => ask({ ...sent, method: 'PUT' }, encoded(sent.fields))],
  ['PATCH', [405], (sent) => ask({ ...sent, method: 'PATCH' }, encoded(sent.fields))],
  ['DELETE', [405], (sent) => ask({ ...sent, method: 'DELETE' }, encoded(sent.fields))],
  [
    'OPTIONS of another origin',
    [405],
    ({ path }) =>
      ask({
        method: 'OPTIONS',
        path,
        headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
      }),
  ],
];

describe('a form that no page of ours sends', () => {
  it('is refused at every address, with a page in Dutch, and changes nothing', async () => {
    const routes = (await routesOf(tweestap.server.parts.app)).filter(
      ({ method, url }) =>
        method === 'POST' &&
        !/^\/(?:forward-auth$|(?:oidc|webhooks|simulator\/api|authenticator\/api|v1\.0|beta|tweestap|scim)\/)/.test(
          url,
        ),
    );
    assert.ok(routes.length >= 18, `only ${routes.length} routes`);
    for (const route of routes) {
      const imprint = imprintOf(tweestap.place);
      for (const [name, statuses, send] of wrongs) {
        const about = `${route.url} with ${name}`;
        const answer = await send(honest(route));
        assert.ok(statuses.includes(answer.status), `${about}: ${answer.status}`);
        assert.match(answer.body, /<html lang="nl"/, about);
        assert.equal(
          answer.headers['set-cookie']?.find((set) => /session/.test(set)),
          undefined,
        );
        requireHeaders(answer, about);
      }
      assert.deepEqual(imprintOf(tweestap.place), imprint, `${route.url} changed something`);
    }
    // With nothing wrong each of them is heard, so that the refusals above mean what they say.
    for (const route of routes) {
      const sent = honest(route);
      const { status } = await ask(sent, encoded(sent.fields));
      assert.ok(![403, 405, 413, 415].includes(status), `${route.url}: ${status}`);
    }
  });

  it('is not taken as a form when only a header says that it is one', async () => {
    const imprint = imprintOf(tweestap.place);
    for (const header of ['x-http-method-override', 'x-http-method', 'x-method-override']) {
      const answer = await browser.ask(`/sign-in/${attempt}/restart`, {
        headers: { [header]: 'POST', origin: tweestap.origin, 'sec-fetch-site': 'same-origin' },
      });
      assert.equal(answer.status, 303);
    }
    assert.deepEqual(imprintOf(tweestap.place), imprint);
  });
});

describe('a system’s request that no system sends', () => {
  it('is refused in JSON, and changes nothing', async () => {
    const routes = (await routesOf(tweestap.server.parts.app)).filter(
      ({ method, url }) =>
        method === 'POST' &&
        /^\/(webhooks|simulator\/api|authenticator\/api|v1\.0|beta|tweestap|scim)\//.test(url),
    );
    assert.ok(routes.length >= 10, `only ${routes.length} routes`);
    const imprint = imprintOf(tweestap.place);
    for (const route of routes) {
      const { path } = honest(route);
      for (const body of [
        '',
        'null',
        '[]',
        '"x"',
        '{',
        '{"__proto__":{"x":1}}',
        '{"constructor":{"prototype":{}}}',
        '{"keys":["#"]}',
        '{"advanceSeconds":-1}',
        '{"advanceSeconds":"1"}',
        '{"from":1,"text":{}}',
        `{"x":"${'x'.repeat(65_536)}"}`,
      ]) {
        for (const type of [
          'application/json',
          'text/plain',
          'application/x-www-form-urlencoded',
        ]) {
          // The few that need no body do something with an empty one; a call `x` there is none of.
          const answer = await tweestap.ask(path, {
            method: 'POST',
            headers: { 'content-type': type, accept: '*/*' },
            body,
          });
          const about = `${path} with ${type} ${body.slice(0, 40)}: ${answer.status}`;
          assert.ok(answer.status >= 400 && answer.status < 500, about);
          assert.match(
            String(answer.headers['content-type']),
            /^application\/(?:scim\+)?json/,
            about,
          );
          requireHeaders(answer, about);
        }
      }
      const foreign = await tweestap.ask(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: 'https://evil.example' },
        body: '{}',
      });
      // A paired app may come from anywhere: what it did not sign is refused all the same.
      const refused = path.startsWith(apiPath) ? [400] : [401, 403];
      assert.ok(refused.includes(foreign.status), `${path}: ${foreign.status}`);
    }
    assert.deepEqual(imprintOf(tweestap.place), imprint);
    assert.equal(Reflect.get({}, 'x'), undefined, 'no prototype was changed');
  });
});

describe('cookies that are not of our making', () => {
  it('count as none, at every address, and never as an error', async () => {
    const routes = (await routesOf(tweestap.server.parts.app)).filter(
      ({ method }) => method === 'GET',
    );
    for (const cookie of [
      'a',
      ';;;=;',
      '=',
      'tweestap-session=',
      'tweestap-session="x"',
      `tweestap-session=${'x'.repeat(600)}`,
      'tweestap-session=%00',
      'tweestap-session=../../etc',
      'tweestap-session=a; tweestap-session=b',
      'tweestap-lang=xx; tweestap-form=\u0080',
      `tweestap-oidc=${'x'.repeat(43)}; tweestap-oidc-interaction=x; tweestap-known-browser=😀`,
    ]) {
      for (const route of routes) {
        const { path } = honest(route);
        const answer = await tweestap.ask(path, {
          headers: { cookie: Buffer.from(cookie).toString('latin1'), accept: 'text/html' },
        });
        assert.ok(answer.status < 500, `${path} with ${cookie}: ${answer.status}`);
      }
    }
  });

  it('give nobody a profile', async () => {
    for (const value of ['', 'x', 'A'.repeat(43), 'null', 'undefined', '0']) {
      const { status, headers } = await tweestap.ask('/my-profile', {
        headers: { cookie: `tweestap-session=${value}` },
      });
      assert.equal(status, 303);
      assert.equal(headers['location'], '/sign-in?to=%2Fmy-profile');
    }
  });
});

describe('a request under another name', () => {
  const names = (): readonly string[] => [
    'evil.example',
    'localhost',
    'localhost:1',
    `evil.example:${tweestap.port}`,
    `127.0.0.1:${tweestap.port}`,
    `localhost.:${tweestap.port}`,
    `x@localhost:${tweestap.port}`,
    `localhost:${tweestap.port}@evil.example`,
    `localhost:${tweestap.port}/`,
    `localhost:${tweestap.port}#`,
    `localhost:${tweestap.port} evil.example`,
    `localhost:${tweestap.port},evil.example`,
    `evil.example:80:${tweestap.port}`,
    '[::1]',
    '',
  ];

  it('is not answered, and the other name stands nowhere in the refusal', async () => {
    for (const host of names()) {
      for (const path of [
        '/',
        '/sign-in',
        '/my-profile',
        '/.well-known/openid-configuration',
        '/simulator',
        '/assets/x',
      ]) {
        const answer = await tweestap.ask(path, { headers: { host } });
        assert.ok([400, 421].includes(answer.status), `${path} at “${host}”: ${answer.status}`);
        assert.doesNotMatch(`${answer.body}${JSON.stringify(answer.headers)}`, /evil/);
      }
    }
  });

  it('is answered when only forwarding headers of a stranger name another', async () => {
    for (const headers of [
      { 'x-forwarded-host': 'evil.example' },
      { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' },
      { forwarded: 'host=evil.example;proto=https' },
      { 'x-original-host': 'evil.example', 'x-host': 'evil.example' },
      { 'x-rewrite-url': '/simulator', 'x-original-url': '/simulator' },
    ]) {
      for (const path of ['/sign-in', '/.well-known/openid-configuration', '/oidc/end-session']) {
        const answer = await tweestap.ask(path, { headers: { ...headers, accept: 'text/html' } });
        assert.ok(answer.status < 400, `${path}: ${answer.status}`);
        assert.doesNotMatch(
          `${answer.body}${JSON.stringify(answer.headers)}`,
          /evil|https:\/\/loc/,
        );
      }
    }
  });

  it('is answered to machines that ask whether we are alive', async () => {
    for (const host of ['10.0.0.1', 'evil.example']) {
      for (const path of ['/healthz', '/readyz']) {
        const answer = await tweestap.ask(path, { headers: { host } });
        assert.equal(answer.status, 200);
      }
    }
  });

  it('is refused with two names, with none, and with one in the first line', async () => {
    const own = `localhost:${tweestap.port}`;
    const raw = (lines: readonly string[]): Promise<string> => rawly(tweestap.port, lines);
    assert.match(
      await raw([
        'GET /sign-in HTTP/1.1',
        `host: ${own}`,
        'host: evil.example',
        'connection: close',
      ]),
      /^HTTP\/1\.1 4\d\d /,
    );
    assert.match(await raw(['GET /sign-in HTTP/1.1', 'connection: close']), /^HTTP\/1\.1 4\d\d /);
    assert.match(await raw(['GET /sign-in HTTP/1.0']), /^HTTP\/1\.1 4\d\d /);
    const absolute = await raw([
      'GET http://evil.example/sign-in HTTP/1.1',
      `host: ${own}`,
      'connection: close',
    ]);
    assert.doesNotMatch(absolute, /evil/);
    assert.doesNotMatch(absolute, /^HTTP\/1\.1 5/);
  });
});

describe('what is hardly HTTP', () => {
  it('is turned away in few words, and nothing else suffers', async () => {
    const own = `host: localhost:${tweestap.port}`;
    for (const lines of [
      ['hello'],
      ['GET / HTTP/9.9', own],
      ['GET  /  HTTP/1.1', own],
      ['GET /\u0001 HTTP/1.1', own],
      ['GET /%00 HTTP/1.1', own, 'connection: close'],
      ['GET /%ff%fe/%zz HTTP/1.1', own, 'connection: close'],
      ['GET //evil.example/ HTTP/1.1', own, 'connection: close'],
      ['GET /\\evil.example HTTP/1.1', own, 'connection: close'],
      ['GET /sign-in/../../etc/passwd HTTP/1.1', own, 'connection: close'],
      ['GET /assets/..%2f..%2fpackage.json HTTP/1.1', own, 'connection: close'],
      ['TRACE / HTTP/1.1', own, 'connection: close'],
      ['CONNECT evil.example:443 HTTP/1.1', own],
      ['POST /sign-out HTTP/1.1', own, 'content-length: 5', 'transfer-encoding: chunked'],
      ['POST /sign-out HTTP/1.1', own, 'content-length: 5', 'content-length: 6'],
      ['POST /sign-out HTTP/1.1', own, 'content-length: -1'],
      ['GET / HTTP/1.1', own, `x: ${'x'.repeat(17_000)}`],
    ]) {
      const answer = await rawly(tweestap.port, lines);
      assert.match(
        answer,
        /^(?:HTTP\/1\.1 (?:[34]\d\d|505)|$)/,
        `${lines[0]}: ${answer.slice(0, 40)}`,
      );
    }
    assert.equal((await tweestap.ask('/healthz')).status, 200);
  });
});

/** What every answer has, whoever gets it. */
function requireHeaders({ headers }: Answer, about: string): void {
  assert.match(String(headers['content-security-policy']), /frame-ancestors 'none'/, about);
  assert.equal(headers['x-content-type-options'], 'nosniff', about);
  assert.equal(headers['cache-control'], 'no-store', about);
  // Only for what no cookie opens.
  const isForAll = about.startsWith(apiPath);
  assert.equal(headers['access-control-allow-origin'], isForAll ? '*' : undefined, about);
  assert.equal(headers['access-control-allow-credentials'], undefined, about);
  assert.equal(headers['x-powered-by'], undefined, about);
  assert.equal(headers['server'], undefined, about);
}

/** Writes lines to a socket, and gives all that comes back until it is closed. */
function rawly(port: number, lines: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.setTimeout(5_000, () => socket.destroy());
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      // A connection that is kept open has answered.
      if (/\r\n\r\n/.test(text)) socket.end();
    });
    socket.on('error', () => resolve(text));
    socket.on('close', () => resolve(text));
    socket.end(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  });
}

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { Writable } from 'node:stream';
import { after, before, describe, it } from 'node:test';

import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { pino } from 'pino';
import { z } from 'zod';

import { until } from '../../test/support/poll.ts';
import { TweestapError } from '../errors/errors.ts';
import { HasherBusyError } from '../lib/password-hash.ts';
import { systemRandom } from '../lib/random.ts';
import { loadAssets } from '../ui/assets.ts';
import { sendGoOnPage, seeOther } from './answer.ts';
import { clearCookie, readCookie, setCookie } from './cookies.ts';
import { csrfToken } from './csrf.ts';
import { systemDoor } from './door.ts';
import { createHttpServer, type HttpParts } from './http.ts';
import { listen, serverLimits } from './listener.ts';
import { createMetrics } from './metrics.ts';
import { form, params, query } from './parse.ts';
import { visitorOf } from './site.ts';

const assets = loadAssets();
const lines: string[] = [];
const log = new Writable({
  write: (chunk, _encoding, done) => {
    lines.push(String(chunk));
    done();
  },
});

function serverAt(origin: string, change: Partial<HttpParts> = {}): FastifyInstance {
  const app = createHttpServer({
    origin,
    assets: () => assets,
    organisation: () =>
      Promise.resolve({
        name: 'Voorbeeld',
        defaultLanguage: 'en',
        logoUrl: undefined,
        helpLink: 'https://help.voorbeeld.example/',
      }),
    keyedHash: (purpose, value) =>
      createHmac('sha256', 'key')
        .update(purpose + value)
        .digest(),
    token: systemRandom.token,
    requestId: () => systemRandom.base32(8),
    trustedProxies: [],
    logger: pino({ level: 'debug' }, log),
    metrics: createMetrics(),
    metricsToken: undefined,
    readiness: [],
    isStopping: () => false,
    ...change,
  });
  app.get('/page', (request, reply) => reply.send(csrfToken(request, reply)));
  app.post('/page', (request) => form(request, z.strictObject({ name: z.string() })));
  app.get('/page/:id', (request) => params(request, z.object({ id: z.string().regex(/^\d+$/) })));
  app.get('/search', (request) => query(request, z.strictObject({ q: z.string() })));
  app.get('/who', (request) => {
    const { address, locale, userAgent } = visitorOf(request);
    return { address, locale, userAgent };
  });
  app.get('/cookies', (request, reply) => {
    setCookie(reply, 'one', 'value', { maxAgeSeconds: 60 });
    clearCookie(reply, 'two');
    return { one: readCookie(request, 'one') ?? null };
  });
  app.get('/away', (request, reply) =>
    seeOther(reply, query(request, z.object({ to: z.string() })).to),
  );
  app.get('/go-on', (_request, reply) =>
    sendGoOnPage(reply, { path: '/oidc/authorize/x', application: 'Wiki' }),
  );
  app.get('/fault', () => {
    throw new TweestapError('TOO_MANY_TRIES', { details: { retryAfterSeconds: 90 } });
  });
  app.get('/busy', () => {
    throw new HasherBusyError('full');
  });
  app.get('/bug', () => {
    throw new Error('secret of the house');
  });
  void app.register((scope, _options, done) => {
    systemDoor(scope, { body: 'json', origins: 'ours' });
    scope.post('/system', (request) => form(request, z.object({ name: z.string() })));
    done();
  });
  void app.register((scope, _options, done) => {
    systemDoor(scope, { body: 'json', origins: 'any' });
    scope.post('/webhooks/x', () => ({ done: true }));
    done();
  });
  return app;
}

/** A browser that was given its cookie and knows the token of the page. */
async function browserOf(app: FastifyInstance, origin = 'http://localhost') {
  const { host } = new URL(origin);
  const page = await app.inject({ url: '/page', headers: { host } });
  const [cookie] = page.cookies;
  assert.ok(cookie !== undefined);
  const token = page.body;
  const post = (
    payload: string,
    headers: Record<string, string | undefined> = {},
    change: InjectOptions = {},
  ): Promise<LightMyRequestResponse> => {
    const all = {
      host,
      origin,
      cookie: `${cookie.name}=${cookie.value}`,
      'content-type': 'application/x-www-form-urlencoded',
      ...headers,
    };
    const present = Object.fromEntries(
      Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    );
    return app.inject({ method: 'POST', url: '/page', payload, headers: present, ...change });
  };
  return { cookie, token, post };
}

describe('every answer', () => {
  const app = serverAt('http://localhost');
  after(() => app.close());

  it('carries the security headers, errors and files included', async () => {
    const answers = await Promise.all([
      app.inject('/page'),
      app.inject('/nowhere'),
      app.inject('/%zz'),
      app.inject('/bug'),
      app.inject('/healthz'),
      app.inject('/robots.txt'),
      app.inject(assets.cssHref),
      app.inject('/away?to=/page'),
      app.inject({ url: '/page', method: 'HEAD' }),
      app.inject({ url: '/page', method: 'OPTIONS' }),
      app.inject({ url: '/page', method: 'POST' }),
      app.inject({ url: '/page', headers: { host: 'elsewhere.example' } }),
      app.inject({ url: '/system', method: 'POST', payload: 'x' }),
    ]);
    for (const { headers, statusCode } of answers) {
      const policy = String(headers['content-security-policy']);
      assert.match(policy, /default-src 'none'/, `status ${statusCode}`);
      assert.match(policy, /frame-ancestors 'none'/);
      assert.ok(!policy.includes('unsafe'));
      assert.equal(headers['x-content-type-options'], 'nosniff');
      assert.equal(headers['referrer-policy'], 'same-origin');
      assert.equal(headers['cross-origin-opener-policy'], 'same-origin');
      assert.equal(headers['x-robots-tag'], 'noindex, nofollow');
      assert.equal(headers['access-control-allow-origin'], undefined);
      assert.equal(headers['strict-transport-security'], undefined);
    }
  });

  it('is not kept by browsers, except files, which never change', async () => {
    assert.equal((await app.inject('/page')).headers['cache-control'], 'no-store');
    const file = await app.inject(assets.cssHref);
    assert.match(String(file.headers['cache-control']), /immutable/);
  });

  it('asks for https only where it is spoken', async () => {
    const secure = serverAt('https://login.voorbeeld.example');
    const { headers } = await secure.inject({
      url: '/page',
      headers: { host: 'login.voorbeeld.example' },
    });
    assert.match(String(headers['strict-transport-security']), /max-age=/);
    await secure.close();
  });

  it('is one line in the log, without the query, the cookie or the address that was asked for', async () => {
    lines.length = 0;
    await app.inject({ url: '/page/123?q=SECRET1', headers: { cookie: 'tweestap-one=SECRET2' } });
    assert.equal(lines.length, 1);
    const line: Record<string, unknown> = JSON.parse(lines[0] ?? '');
    assert.equal(line['route'], '/page/:id');
    assert.equal(line['status'], 200);
    assert.ok(!/SECRET|123\?/.test(lines[0] ?? ''));
  });
});

describe('a change', () => {
  const app = serverAt('http://localhost');
  after(() => app.close());

  it('is made for a form of our own page', async () => {
    const { token, post } = await browserOf(app);
    const answer = await post(`csrf=${token}&name=Anna+de+Vries`);
    assert.equal(answer.statusCode, 200);
    assert.deepEqual(answer.json(), { name: 'Anna de Vries' });
  });

  it('is refused whatever is missing of origin, cookie and token', async () => {
    const { token, post } = await browserOf(app);
    const body = `csrf=${token}&name=x`;
    const stranger = (await browserOf(app)).token;
    const refused = [
      post(body, { origin: 'https://evil.example' }),
      post(body, { origin: 'null' }),
      post(body, { origin: 'http://localhost:81' }),
      post(body, { origin: 'https://localhost' }),
      post(body, { origin: undefined }),
      post(body, { origin: undefined, 'sec-fetch-site': 'none' }),
      post(body, { 'sec-fetch-site': 'cross-site' }),
      post(body, { 'sec-fetch-site': 'same-site' }),
      post(body, { origin: undefined, 'sec-fetch-site': 'cross-site' }),
      post(body, { cookie: undefined }),
      post('name=x'),
      post(`csrf=&name=x`),
      post(`csrf=${stranger}&name=x`),
      post(`csrf=${token.slice(0, -1)}&name=x`),
      post('', { 'content-type': undefined }),
    ];
    for (const [index, answer] of (await Promise.all(refused)).entries()) {
      assert.equal(answer.statusCode, 403, `case ${index}`);
    }
  });

  it('is made without Origin where the browser says that it is our own page', async () => {
    const { token, post } = await browserOf(app);
    const answer = await post(`csrf=${token}&name=x`, {
      origin: undefined,
      'sec-fetch-site': 'same-origin',
    });
    assert.equal(answer.statusCode, 200);
  });

  it('is not made by another method, nor by one that hides in a header or a field', async () => {
    const { token, post } = await browserOf(app);
    const put = await post(`csrf=${token}&name=x`, {}, { method: 'PUT' });
    assert.equal(put.statusCode, 405);
    assert.equal(put.headers['allow'], 'GET, HEAD, POST');
    const hidden = await app.inject({
      url: '/page?_method=POST',
      headers: { 'x-http-method-override': 'POST' },
    });
    assert.equal(hidden.statusCode, 200);
    assert.match(hidden.body, /^[\w-]{43}$/);
  });

  it('is refused from a foreign page at a system door that is for ours', async () => {
    const send = (url: string, headers: Record<string, string>) =>
      app.inject({ url, method: 'POST', payload: { name: 'x' }, headers });
    assert.equal((await send('/system', {})).statusCode, 200);
    assert.equal((await send('/system', { origin: 'http://localhost' })).statusCode, 200);
    assert.equal((await send('/system', { origin: 'http://evil.example' })).statusCode, 403);
    assert.equal((await send('/system', { 'sec-fetch-site': 'cross-site' })).statusCode, 403);
    assert.equal((await send('/webhooks/x', { origin: 'http://evil.example' })).statusCode, 200);
  });
});

describe('a form', () => {
  const app = serverAt('http://localhost');
  after(() => app.close());

  it('is refused when it is not what a browser sends', async () => {
    const { token, post } = await browserOf(app);
    const malformed = [
      `csrf=${token}&name=x&name=y`,
      `csrf=${token}&csrf=${token}&name=x`,
      `csrf=${token}&name=%`,
      `csrf=${token}&name=%ff%fe`,
      `csrf=${token}&name=a%00b`,
      `csrf=${token}&__proto__=x&name=y`,
      `csrf=${token}&constructor=x&name=y`,
      `csrf=${token}&=x&name=y`,
      `csrf=${token}&name[a]=x`,
      `csrf=${token}&name=x&surplus=y`,
      `csrf=${token}`,
      `csrf=${token}&${Array.from({ length: 250 }, (_, index) => `f${index}=1`).join('&')}`,
    ];
    for (const body of malformed) {
      assert.equal((await post(body)).statusCode, 400, body.slice(50, 90));
    }
  });

  it('is refused in another encoding', async () => {
    const { token, post } = await browserOf(app);
    for (const type of ['text/plain', 'application/json', 'multipart/form-data; boundary=x']) {
      const answer = await post(`csrf=${token}&name=x`, { 'content-type': type });
      assert.equal(answer.statusCode, 415, type);
    }
  });

  it('is refused beyond 64 KB', async () => {
    const { token, post } = await browserOf(app);
    const answer = await post(`csrf=${token}&name=${'x'.repeat(66_000)}`);
    assert.equal(answer.statusCode, 413);
  });

  it('is refused by a system door when its JSON reaches for what objects inherit, or holds no text', async () => {
    for (const payload of [
      '{"name":"x","__proto__":{"admin":true}}',
      '{"name":"x","a":{"constructor":{"prototype":{"admin":true}}}}',
      '{"name":1}',
      '{"name":["x"]}',
      '{"name"',
      '[]',
      // What no form can hold either, and no database.
      '{"name":"x\\u0000"}',
      '{"name":"\\ud800"}',
      '{"name":"x","\\udc00":1}',
    ]) {
      const answer = await app.inject({
        url: '/system',
        method: 'POST',
        payload,
        headers: { 'content-type': 'application/json' },
      });
      assert.equal(answer.statusCode, 400, payload);
      assert.equal(answer.json<{ error: { code: string } }>().error.code, 'REQUEST_MALFORMED');
    }
    assert.ok(!('admin' in {}));
  });
});

describe('an address', () => {
  const app = serverAt('http://localhost');
  after(() => app.close());

  it('with a malformed or repeated query is refused, and so is a path that does not fit', async () => {
    assert.equal((await app.inject('/search?q=x')).statusCode, 200);
    // As programs put them together, and as Microsoft writes some of its examples (WHATWG URL §5.1).
    assert.equal((await app.inject('/search?&q=x&')).statusCode, 200);
    assert.equal((await app.inject('/search?q=x&q=y')).statusCode, 400);
    assert.equal((await app.inject('/search?q=%')).statusCode, 400);
    assert.equal((await app.inject('/search?other=x')).statusCode, 400);
    assert.equal((await app.inject('/page/abc')).statusCode, 404);
    assert.equal((await app.inject(`/page/${'1'.repeat(400)}`)).statusCode, 414);
    assert.equal((await app.inject('/page/%zz')).statusCode, 400);
  });

  it('never sends anybody elsewhere', async () => {
    const away = async (to: string): Promise<number> =>
      (await app.inject({ url: '/away', query: { to } })).statusCode;
    assert.equal(await away('/my-profile?a=b'), 303);
    for (const to of [
      'https://evil.example/',
      '//evil.example/',
      '/\\evil.example/',
      '\\\\evil.example',
      '/\t/evil.example/',
      '/%09/evil.example/\r\nset-cookie: a=b',
      'javascript:alert(1)',
      '/.//evil.example',
      '',
      'my-profile',
    ]) {
      assert.equal(await away(to), 500, to);
    }
  });

  it('that leads to an application goes on by itself, not by the form', async () => {
    const answer = await app.inject('/go-on');
    assert.equal(answer.statusCode, 200);
    assert.equal(answer.headers['refresh'], '0; url=/oidc/authorize/x');
    assert.match(answer.body, /Wiki opens by itself/);
  });
});

describe('the name that a request names us by', () => {
  const app = serverAt('https://login.voorbeeld.example');
  const proxied = serverAt('https://login.voorbeeld.example', { trustedProxies: ['127.0.0.1'] });
  after(async () => {
    await app.close();
    await proxied.close();
  });
  const status = async (
    headers: Record<string, string>,
    url = '/page',
    server = app,
  ): Promise<number> => (await server.inject({ url, headers })).statusCode;

  it('is ours, with or without the port, in any case', async () => {
    assert.equal(await status({ host: 'login.voorbeeld.example' }), 200);
    assert.equal(await status({ host: 'LOGIN.voorbeeld.example:443' }), 200);
  });

  it('is refused when it is another, whatever else the request says', async () => {
    for (const host of [
      'evil.example',
      'login.voorbeeld.example.evil.example',
      'login.voorbeeld.example:8080',
      'login.voorbeeld.example@evil.example',
      'evil.example/login.voorbeeld.example',
      'localhost',
      '127.0.0.1',
      '[::1]',
      'login.voorbeeld.example.',
      ' ',
    ]) {
      assert.equal(await status({ host }), 421, host);
    }
    const forwarded = { host: 'evil.example', 'x-forwarded-host': 'login.voorbeeld.example' };
    assert.equal(await status(forwarded), 421);
  });

  it('is believed of a trusted proxy', async () => {
    const forwarded = { host: '127.0.0.1:8080', 'x-forwarded-host': 'login.voorbeeld.example' };
    assert.equal(await status(forwarded, '/page', proxied), 200);
    const evil = { host: 'login.voorbeeld.example', 'x-forwarded-host': 'evil.example' };
    assert.equal(await status(evil, '/page', proxied), 421);
  });

  it('does not matter to whoever looks after machines', async () => {
    assert.equal(await status({ host: '10.0.0.7:8080' }, '/healthz'), 200);
    assert.equal(await status({ host: '10.0.0.7:8080' }, '/readyz'), 200);
    assert.equal(await status({ host: '127.0.0.1:8080' }, '/metrics'), 200);
    assert.equal(await status({ host: 'evil.example' }, '/metrics'), 421);
  });

  it('never appears in a page', async () => {
    const answer = await app.inject({ url: '/page', headers: { host: 'evil.example' } });
    assert.ok(!answer.body.includes('evil.example'));
    assert.match(answer.body, /https:\/\/login\.voorbeeld\.example/);
  });
});

describe('a visitor', () => {
  const app = serverAt('http://localhost');
  const proxied = serverAt('http://localhost', { trustedProxies: ['127.0.0.1', '10.0.0.0/8'] });
  after(async () => {
    await app.close();
    await proxied.close();
  });
  const who = async (headers: Record<string, string>, url = '/who', server = app) =>
    (await server.inject({ url, headers })).json<{
      address: string;
      locale: string;
      userAgent: string;
    }>();

  it('has the address of the connection, unless a trusted proxy knows better', async () => {
    const headers = { 'x-forwarded-for': '192.0.2.66, 198.51.100.7, 10.1.2.3' };
    assert.equal((await who(headers)).address, '127.0.0.1');
    assert.equal((await who(headers, '/who', proxied)).address, '198.51.100.7');
    const nonsense = { 'x-forwarded-for': 'a' };
    assert.equal((await who(nonsense, '/who', proxied)).address, '127.0.0.1');
  });

  it('has a browser whose name commands no terminal', async () => {
    const { userAgent } = await who({ 'user-agent': 'Mozilla\u009b31m/5.0\u0085' });
    assert.equal(userAgent, 'Mozilla�31m/5.0�');
  });

  it('reads the language they chose, else that of the browser, else that of the organisation', async () => {
    assert.equal((await who({})).locale, 'en');
    assert.equal((await who({ 'accept-language': 'nl-BE,en;q=0.5' })).locale, 'nl');
    const cookie = { cookie: 'tweestap-lang=en', 'accept-language': 'nl' };
    assert.equal((await who(cookie)).locale, 'en');
    assert.equal((await who(cookie, '/who?lang=nl')).locale, 'nl');
    assert.equal((await who({ cookie: 'tweestap-lang=xx' })).locale, 'en');
  });

  it('understands how links of Entra name a language (row E-112)', async () => {
    const english = { 'accept-language': 'en' };
    assert.equal((await who(english, '/who?mkt=nl-NL')).locale, 'nl');
    assert.equal((await who(english, '/who?lng=nl')).locale, 'nl');
    assert.equal((await who(english, '/who?lng=nl&lang=en')).locale, 'en');
    assert.equal((await who(english, '/who?mkt=fr-FR')).locale, 'en');
    const { cookies } = await app.inject('/who?mkt=nl-BE');
    assert.deepEqual(
      cookies.map(({ name, value }) => [name, value]),
      [['tweestap-lang', 'nl']],
    );
  });

  it('has the choice of language remembered', async () => {
    const { cookies } = await app.inject('/who?lang=nl');
    assert.deepEqual(
      cookies.map(({ name, value }) => [name, value]),
      [['tweestap-lang', 'nl']],
    );
    assert.deepEqual((await app.inject('/who?lang=xx')).cookies, []);
  });
});

describe('a cookie', () => {
  it('is bound to this host and to https, except on loopback', async () => {
    const secure = serverAt('https://login.voorbeeld.example');
    const host = 'login.voorbeeld.example';
    const { headers } = await secure.inject({ url: '/cookies', headers: { host } });
    assert.deepEqual(headers['set-cookie'], [
      '__Host-one=value; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=60',
      '__Host-two=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0',
    ]);
    await secure.close();
    const plain = serverAt('http://localhost');
    const answer = await plain.inject('/cookies');
    assert.deepEqual(answer.headers['set-cookie'], [
      'tweestap-one=value; Path=/; HttpOnly; SameSite=Lax; Max-Age=60',
      'tweestap-two=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0',
    ]);
    await plain.close();
  });

  it('that is not of our making is no cookie', async () => {
    const app = serverAt('http://localhost');
    const read = async (cookie: string) =>
      (await app.inject({ url: '/cookies', headers: { cookie } })).json<{ one: string | null }>()
        .one;
    assert.equal(await read('tweestap-one=good; tweestap-one=second'), 'good');
    for (const cookie of [
      'tweestap-one="quoted"',
      'tweestap-one=a b',
      'tweestap-one=%41',
      `tweestap-one=${'x'.repeat(600)}`,
      'one=good',
      '__Host-one=good',
      'tweestap-one',
      ';;;=;=',
    ]) {
      assert.equal(await read(cookie), null, cookie.slice(0, 30));
    }
    await app.close();
  });
});

describe('a fault', () => {
  const app = serverAt('http://localhost');
  after(() => app.close());

  it('is a page in the language of the person, with a reference that the log knows', async () => {
    lines.length = 0;
    const answer = await app.inject({ url: '/bug', headers: { 'accept-language': 'nl' } });
    assert.equal(answer.statusCode, 500);
    assert.match(answer.body, /<html lang="nl"/);
    assert.match(answer.body, /Er ging bij ons iets mis/);
    const [, reference] = /<code>([A-Z2-7]{8})<\/code>/.exec(answer.body) ?? [];
    assert.ok(reference !== undefined);
    assert.ok(
      lines.some((line) => line.includes(reference) && line.includes('secret of the house')),
    );
    assert.ok(!answer.body.includes('secret of the house'));
  });

  it('says when it is worth trying again', async () => {
    const paused = await app.inject('/fault');
    assert.equal(paused.statusCode, 429);
    assert.equal(paused.headers['retry-after'], '90');
    assert.match(paused.body, /1 minute, 30 seconds/);
    const busy = await app.inject('/busy');
    assert.equal(busy.statusCode, 503);
    assert.equal(busy.headers['retry-after'], '2');
  });

  it('is JSON for a system, and for a script that asks for it', async () => {
    const missing = await app.inject('/simulator/api/nothing');
    assert.equal(missing.statusCode, 404);
    assert.equal(missing.json<{ error: { code: string } }>().error.code, 'NOT_FOUND');
    const script = await app.inject({ url: '/fault', headers: { accept: 'application/json' } });
    assert.equal(script.json<{ error: { code: string } }>().error.code, 'TOO_MANY_TRIES');
  });

  it('is told from a page that is not there', async () => {
    assert.equal((await app.inject('/nowhere')).statusCode, 404);
    for (const method of ['DELETE', 'OPTIONS', 'PATCH', 'PUT'] as const) {
      const answer = await app.inject({ url: '/page/7', method });
      assert.equal(answer.statusCode, 405, method);
      assert.equal(answer.headers['allow'], 'GET, HEAD');
    }
  });

  it('leads to Help, under our own name where the request used another', async () => {
    const nowhere = (await app.inject('/nowhere')).body;
    assert.match(nowhere, /<a href="\/help">Help<\/a>/);
    assert.match(nowhere, / href="\/help#start-again"/);
    const elsewhere = await app.inject({ url: '/page', headers: { host: 'elsewhere.example' } });
    assert.equal(elsewhere.statusCode, 421);
    assert.match(elsewhere.body, /<a href="http:\/\/localhost\/help">Help<\/a>/);
    assert.match(elsewhere.body, / href="http:\/\/localhost\/help#start-again"/);
  });

  it('of the page that tells of faults says nothing of why, and the log does', async () => {
    const broken = serverAt('http://localhost', {
      assets: () => {
        throw new Error('secret of the cellar');
      },
    });
    for (const url of ['/nowhere', '/bug', '/%zz']) {
      lines.length = 0;
      const answer = await broken.inject(url);
      assert.equal(answer.statusCode, 500, url);
      assert.doesNotMatch(answer.body, /secret/);
      assert.match(String(answer.headers['content-security-policy']), /default-src 'none'/);
      assert.ok(lines.some((line) => line.includes('secret of the cellar')));
    }
    await broken.close();
  });

  it('of the organisation still shows a page', async () => {
    const lost = serverAt('http://localhost', {
      organisation: () => Promise.reject(new TweestapError('STORE_UNAVAILABLE')),
    });
    assert.equal((await lost.inject('/page')).statusCode, 200);
    assert.match((await lost.inject('/nowhere')).body, /Tweestap/);
    await lost.close();
  });
});

describe('who looks after machines', () => {
  it('sees readiness turn red when something is missing or the service ends', async () => {
    let isBroken = false;
    let isStopping = false;
    const app = serverAt('http://localhost', {
      readiness: [
        {
          name: 'database',
          check: () => (isBroken ? Promise.reject(new Error('gone')) : Promise.resolve()),
        },
      ],
      isStopping: () => isStopping,
    });
    const ready = async () => {
      const { statusCode, body } = await app.inject('/readyz');
      return [statusCode, body];
    };
    assert.deepEqual(await ready(), [200, '{"status":"ready","checks":{"database":"ok"}}']);
    isBroken = true;
    assert.deepEqual(await ready(), [
      503,
      '{"status":"not ready","checks":{"database":"failing"}}',
    ]);
    isBroken = false;
    isStopping = true;
    assert.equal((await ready())[0], 503);
    assert.equal((await app.inject('/healthz')).statusCode, 200);
    await app.close();
  });

  it('reads in the log what is missing, once, and when it is back', async () => {
    let fault: Error | undefined;
    const logged: Record<string, unknown>[] = [];
    const app = serverAt('http://localhost', {
      readiness: [
        {
          name: 'database',
          check: () => (fault === undefined ? Promise.resolve() : Promise.reject(fault)),
        },
      ],
      logger: pino({ base: null }, { write: (line) => void logged.push(JSON.parse(line)) }),
    });
    const look = async () => {
      await app.inject('/readyz');
      return logged
        .splice(0)
        .filter(({ check }) => check === 'database')
        .map(({ level, msg, err }) => [level, msg, JSON.stringify(err ?? '')]);
    };
    assert.deepEqual(await look(), []);
    fault = new Error('our clock is 7000 ms ahead');
    const [[level, msg, err] = [], ...more] = await look();
    assert.deepEqual([level, msg, more], [50, 'not ready', []]);
    assert.match(String(err), /our clock is 7000 ms ahead/);
    assert.deepEqual(await look(), [], 'it was said');
    fault = undefined;
    assert.deepEqual(await look(), [[30, 'ready again', '""']]);
    assert.deepEqual(await look(), []);
    await app.close();
  });

  it('asks the database once for as many as want to know at once', async () => {
    let asked = 0;
    const { promise, resolve } = Promise.withResolvers<void>();
    const check = (): Promise<void> => {
      asked += 1;
      return promise;
    };
    const app = serverAt('http://localhost', { readiness: [{ name: 'database', check }] });
    const answers = Array.from({ length: 20 }, () => app.inject('/readyz'));
    await app.inject('/healthz');
    resolve();
    for (const answer of answers) assert.equal((await answer).statusCode, 200);
    assert.equal(asked, 1);
    await app.inject('/readyz');
    assert.equal(asked, 2, 'and anew for whoever comes later');
    await app.close();
  });

  it('reads the metrics on this machine, or anywhere with the token', async () => {
    const app = serverAt('http://localhost');
    await app.inject('/page');
    const metrics = await app.inject('/metrics');
    assert.match(metrics.body, /tweestap_http_request_seconds_count\{method="GET",route="\/page"/);
    const statusOf = async (headers: Record<string, string>, remoteAddress?: string) =>
      (
        await app.inject({
          url: '/metrics',
          headers,
          ...(remoteAddress === undefined ? {} : { remoteAddress }),
        })
      ).statusCode;
    assert.equal(await statusOf({}, '192.0.2.1'), 404);
    assert.equal(await statusOf({ 'x-forwarded-for': '127.0.0.1' }), 404);
    await app.close();

    const token = 'a token of enough length';
    const open = serverAt('http://localhost', { metricsToken: token });
    const withToken = async (authorization: string) =>
      (
        await open.inject({
          url: '/metrics',
          headers: { authorization },
          remoteAddress: '192.0.2.1',
        })
      ).statusCode;
    assert.equal(await withToken(`Bearer ${token}`), 200);
    assert.equal(await withToken(`Bearer ${token}x`), 404);
    assert.equal((await open.inject('/metrics')).statusCode, 404);
    await open.close();
  });
});

describe('a file', () => {
  const app = serverAt('http://localhost');
  after(() => app.close());

  it('comes as the browser can read it, and not again while it has it', async () => {
    const get = (headers: Record<string, string>) => app.inject({ url: assets.jsHref, headers });
    const br = await get({ 'accept-encoding': 'gzip, deflate, br' });
    assert.equal(br.headers['content-encoding'], 'br');
    assert.equal(
      (await get({ 'accept-encoding': 'gzip;q=1, br;q=0' })).headers['content-encoding'],
      'gzip',
    );
    const plain = await get({});
    assert.equal(plain.headers['content-encoding'], undefined);
    assert.notEqual(plain.headers['etag'], br.headers['etag']);
    const again = await get({
      'accept-encoding': 'br',
      'if-none-match': String(br.headers['etag']),
    });
    assert.equal(again.statusCode, 304);
    assert.equal((await app.inject('/assets/../package.json')).statusCode, 404);
    assert.equal((await app.inject('/assets/%2e%2e/package.json')).statusCode, 404);
  });
});

describe('the socket', () => {
  let app: FastifyInstance;
  let port = 0;
  let close: (graceMs: number) => Promise<void>;
  const arrived = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  before(async () => {
    const listener = await listen({ host: '127.0.0.1', port: 0 });
    ({ port, close } = listener);
    app = serverAt(`http://localhost:${port}`, { listener });
    app.get('/slow', async () => {
      arrived.resolve();
      await released.promise;
      return 'done';
    });
    const early = await fetch(`http://localhost:${port}/page`);
    assert.equal(early.status, 503);
    assert.equal(early.headers.get('x-content-type-options'), 'nosniff');
    await app.ready();
  });
  after(async () => {
    await close(0);
    await app.close();
  });

  /** Sends bytes and resolves to what came back until the other end closed. */
  const say = (text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(text));
      let heard = '';
      socket.on('data', (chunk) => (heard += chunk.toString()));
      socket.on('close', () => resolve(heard));
      socket.on('error', reject);
    });

  it('has limits on slowness', () => {
    assert.equal(serverLimits.headersTimeout, 10_000);
    assert.equal(serverLimits.requestTimeout, 30_000);
    assert.ok(serverLimits.connectionsCheckingInterval <= 5_000);
    assert.equal(app.server.headersTimeout, 10_000);
    assert.equal(app.server.requestTimeout, 30_000);
    assert.equal(app.server.maxConnections, 4096);
  });

  it('refuses 16 KB of headers, and what is no HTTP, with the same headers as everything', async () => {
    const long = await say(
      `GET /page HTTP/1.1\r\nhost: localhost:${port}\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`,
    );
    assert.match(long, /^HTTP\/1\.1 431 /);
    assert.match(long, /x-content-type-options: nosniff/);
    const nonsense = await say('HELLO\r\n\r\n');
    assert.match(nonsense, /^HTTP\/1\.1 400 /);
    const head = 'connection: close\r\n';
    const nameless = await say(`GET /page HTTP/1.1\r\n${head}\r\n`);
    assert.match(nameless, /^HTTP\/1\.1 421 /);
    assert.match(nameless, /x-content-type-options: nosniff/);
    const expecting = await say(
      `GET /page HTTP/1.1\r\nhost: localhost:${port}\r\n${head}expect: much\r\n\r\n`,
    );
    assert.match(expecting, /^HTTP\/1\.1 417 /);
    assert.match(expecting, /x-content-type-options: nosniff/);
    const smuggled = await say(
      `POST /page HTTP/1.1\r\nhost: localhost:${port}\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /page HTTP/1.1\r\n\r\n`,
    );
    assert.match(smuggled, /^HTTP\/1\.1 400 /);
  });

  it('answers addresses that nobody can read, and lives on', async () => {
    for (const path of ['//%zz', '//[%zz', '//', '//[', '/%', 'http://[%zz', '*']) {
      const head = `host: localhost:${port}\r\nconnection: close\r\n\r\n`;
      assert.match(await say(`GET ${path} HTTP/1.1\r\n${head}`), /^HTTP\/1\.1 40[04] /, path);
    }
  });

  it('lets nobody who sends slowly take the place of whoever comes', async () => {
    const head = [
      'POST /page HTTP/1.1',
      `host: localhost:${port}`,
      `origin: http://localhost:${port}`,
      'sec-fetch-site: same-origin',
      'content-type: application/x-www-form-urlencoded',
      'content-length: 60000',
    ].join('\r\n');
    // More than may be in flight at once.
    const slow = Array.from({ length: 1_010 }, () =>
      connect(port, '127.0.0.1', function sends(this: Socket) {
        this.write(`${head}\r\n\r\ncsrf=`);
      }).on('error', () => {}),
    );
    try {
      await until('all of them', async () => {
        const connections = await new Promise<number>((resolve, reject) => {
          app.server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
        });
        return connections >= 990;
      });
      for (let visit = 0; visit < 20; visit += 1) {
        assert.equal((await fetch(`http://localhost:${port}/page`)).status, 200);
      }
      const left = slow.filter(({ destroyed }) => !destroyed);
      assert.ok(left.length > 900, 'the others are left alone');
    } finally {
      for (const socket of slow) socket.destroy();
    }
  });

  it('does not echo a request, and tunnels nothing', async () => {
    const head = `host: localhost:${port}\r\nconnection: close\r\nx-secret: SECRET\r\n\r\n`;
    const trace = await say(`TRACE /page HTTP/1.1\r\n${head}`);
    assert.match(trace, /^HTTP\/1\.1 405 /);
    assert.ok(!trace.includes('SECRET'));
    assert.doesNotMatch(await say(`CONNECT localhost:1 HTTP/1.1\r\n${head}`), /^HTTP\/1\.1 2/);
  });

  it('refuses two names for one host, and none', async () => {
    const ask = (hosts: string) => say(`GET /page HTTP/1.1\r\n${hosts}connection: close\r\n\r\n`);
    assert.match(await ask(`host: localhost:${port}\r\n`), /^HTTP\/1\.1 200 /);
    assert.match(
      await ask(`host: localhost:${port}\r\nhost: evil.example\r\n`),
      /^HTTP\/1\.1 400 /,
    );
    assert.match(await ask(''), /^HTTP\/1\.1 (?:400|421) /);
  });

  it('lets whoever is being answered finish when it closes', async () => {
    const under = fetch(`http://localhost:${port}/slow`);
    await arrived.promise;
    const closed = close(10_000);
    released.resolve();
    assert.equal(await (await under).text(), 'done');
    await closed;
    await assert.rejects(fetch(`http://localhost:${port}/page`));
  });
});

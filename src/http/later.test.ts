import assert from 'node:assert/strict';
import { request } from 'node:http';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';

import { httpServerForTests, testOrigin } from '../../test/support/http-server.ts';
import { csrfToken } from './csrf.ts';
import { openLater, type PutOn } from './later.ts';
import { listen } from './listener.ts';
import { form, params } from './parse.ts';

const { host } = new URL(testOrigin);

/** A room with a form in it. */
const room: PutOn = (app) => {
  app.get('/room', (asked, reply) => reply.send(csrfToken(asked, reply)));
  app.post('/room', (asked) => form(asked, z.strictObject({ name: z.string() })));
  app.get('/room/:number', (asked) => params(asked, z.object({ number: z.string() })));
};

describe('a part that is opened later', () => {
  let app: FastifyInstance;
  /** Opens an address at our own name. */
  const open = (url: string) => app.inject({ url, headers: { host } });
  let loads: number;
  let isBroken: boolean;

  beforeEach(() => {
    app = httpServerForTests();
    loads = 0;
    isBroken = false;
    app.get('/roomy', () => 'beside it');
    openLater(app, ['/room'], async () => {
      loads += 1;
      if (isBroken) throw new Error('it does not load');
      return room;
    });
  });
  afterEach(() => app.close());

  it('is not loaded by a start, nor by what is asked beside it', async () => {
    assert.equal((await open('/roomy')).body, 'beside it');
    assert.equal((await open('/nowhere')).statusCode, 404);
    assert.equal(loads, 0);
  });

  it('is loaded once, by whoever asks first, however many come together', async () => {
    const answers = await Promise.all([1, 2, 3].map((number) => open(`/room/${number}`)));
    assert.deepEqual(
      answers.map((answer) => answer.json()),
      [{ number: '1' }, { number: '2' }, { number: '3' }],
    );
    assert.equal((await open('/room/4')).statusCode, 200);
    assert.equal(loads, 1);
  });

  it('may answer faults in its own way before ours, and nobody is warned of that', async () => {
    const warnings: Error[] = [];
    const hear = (warning: Error): void => void warnings.push(warning);
    process.on('warning', hear);
    openLater(app, ['/odd'], async () => (odd) => {
      odd.setErrorHandler((error, _asked, reply) => {
        if (!(error instanceof RangeError)) throw error;
        return reply.send('its own way');
      });
      odd.get('/odd/own', () => {
        throw new RangeError('known');
      });
      odd.get('/odd/other', () => {
        throw new Error('a secret');
      });
    });
    assert.equal((await open('/odd/own')).body, 'its own way');
    const other = await open('/odd/other');
    assert.equal(other.statusCode, 500);
    assert.doesNotMatch(other.body, /a secret/);
    await nextTurn();
    process.off('warning', hear);
    assert.deepEqual(warnings, []);
  });

  it('has the same door as all others: headers, tokens, what is not there, and not like that', async () => {
    const page = await open('/room');
    assert.match(String(page.headers['content-security-policy']), /default-src 'none'/);
    const [cookie] = page.cookies;
    const sent = (token: string) =>
      app.inject({
        method: 'POST',
        url: '/room',
        payload: `name=Anna&csrf=${token}`,
        headers: {
          origin: testOrigin,
          host,
          cookie: `${cookie?.name}=${cookie?.value}`,
          'content-type': 'application/x-www-form-urlencoded',
        },
      });
    assert.deepEqual((await sent(page.body)).json(), { name: 'Anna' });
    assert.equal((await sent('guessed')).statusCode, 403);
    assert.equal((await open('/room/1/2')).statusCode, 404);
    assert.equal((await open('/room/%zz')).statusCode, 400);
    const wrong = await app.inject({
      method: 'DELETE',
      url: '/room/1',
      headers: { host, origin: testOrigin },
    });
    assert.equal(wrong.headers['allow'], 'GET, HEAD');
    const strange = { method: 'PROPFIND', url: '/room/1', headers: { host } } as const;
    assert.equal((await app.inject(strange)).headers['allow'], undefined);
  });

  it('is counted once, under the address of its own', async () => {
    await open('/room/1');
    const { body } = await open('/metrics');
    const counted = body.split('\n').filter((line) => /_count\{.*room/.test(line));
    assert.equal(counted.length, 1, counted.join('\n'));
    assert.match(counted[0] ?? '', /route="\/room\/:number".* 1$/);
  });

  it('says that something went wrong where it does not load, and is tried again', async () => {
    isBroken = true;
    const failed = await open('/room/1');
    assert.equal(failed.statusCode, 500);
    assert.doesNotMatch(failed.body, /does not load/);
    assert.match(String(failed.headers['content-security-policy']), /default-src 'none'/);
    isBroken = false;
    assert.equal((await open('/room/1')).statusCode, 200);
    assert.equal(loads, 2);
  });

  it('hears nothing of whoever went away while it was loaded', async () => {
    const listener = await listen({ host: '127.0.0.1', port: 0, maxConnections: 10 });
    const server = httpServerForTests({ listener });
    const { promise: loaded, resolve: load } = Promise.withResolvers<PutOn>();
    const { promise: wanted, resolve: asked } = Promise.withResolvers<undefined>();
    const { promise: gone, resolve: left } = Promise.withResolvers<undefined>();
    openLater(server, ['/room'], () => {
      asked(undefined);
      return loaded;
    });
    server.server.on('connection', (socket) => socket.once('close', () => left(undefined)));
    await server.ready();
    try {
      const headers = { host: `localhost:${listener.port}` };
      const going = request({ port: listener.port, path: '/room', headers });
      going.on('error', () => undefined);
      going.end();
      await wanted;
      going.destroy();
      await gone;
      const heard: string[] = [];
      load((app) => {
        app.addHook('onRequest', async ({ url }) => void heard.push(url));
        return room(app);
      });
      await new Promise<void>((resolve, reject) => {
        const coming = request({ port: listener.port, path: '/room/1', headers }, (answer) => {
          answer.resume().on('end', resolve);
        });
        coming.on('error', reject);
        coming.end();
      });
      assert.deepEqual(heard, ['/room/1'], 'it would be counted for ever');
    } finally {
      await server.close();
      await listener.close(0);
    }
  });

  it('reads what was still being sent while it was loaded', async () => {
    const listener = await listen({ host: '127.0.0.1', port: 0, maxConnections: 10 });
    const server = httpServerForTests({ listener });
    const { promise: loaded, resolve: load } = Promise.withResolvers<PutOn>();
    let asked: (() => void) | undefined;
    const wanted = new Promise<void>((resolve) => {
      asked = resolve;
    });
    openLater(server, ['/room'], () => {
      asked?.();
      return loaded;
    });
    await server.ready();
    try {
      const { port } = listener;
      const answered = new Promise<number | undefined>((resolve, reject) => {
        const sending = request(
          {
            port,
            path: '/room',
            method: 'POST',
            headers: {
              'content-length': 9,
              host: `localhost:${port}`,
              'sec-fetch-site': 'none',
              'content-type': 'application/x-www-form-urlencoded',
            },
          },
          (response) => {
            response.resume();
            resolve(response.statusCode);
          },
        );
        sending.on('error', reject);
        sending.write('name=');
        void wanted.then(() => sending.end('Anna'));
      });
      await wanted;
      load(room);
      // Read whole, and refused for want of a token.
      assert.equal(await answered, 403);
    } finally {
      await server.close();
      await listener.close(0);
    }
  });
});

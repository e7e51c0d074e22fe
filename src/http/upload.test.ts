import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { describe, it } from 'node:test';

import fastify, { type FastifyInstance } from 'fastify';
import { z } from 'zod';

import { until } from '../../test/support/poll.ts';
import { form } from './parse.ts';
import { readUploads, upload } from './upload.ts';

const longestFile = 1000;
const boundary = 'sent-by-a-test';

const part = (name: string, value: string, fileName?: string): string =>
  `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${
    fileName === undefined ? '' : `; filename="${fileName}"\r\nContent-Type: text/csv`
  }\r\n\r\n${value}\r\n`;
const body = (...parts: readonly string[]): string => `${parts.join('')}--${boundary}--\r\n`;

function server(admits = true): FastifyInstance {
  const app = fastify();
  readUploads(app, { longestFile, admits: async () => admits });
  app.setErrorHandler((error, _request, reply) =>
    reply.code(400).send({ code: error instanceof Error && 'code' in error ? error.code : 'none' }),
  );
  app.post('/', async (request) => {
    const fields = form(request, z.object({ file: upload.optional(), word: z.string() }));
    return { word: fields.word, name: fields.file?.fileName, text: fields.file?.bytes.toString() };
  });
  return app;
}

const send = async (payload: string, { admits = true, type = '' } = {}): Promise<unknown> => {
  const answer = await server(admits).inject({
    method: 'POST',
    url: '/',
    headers: { 'content-type': type || `multipart/form-data; boundary=${boundary}` },
    payload,
  });
  return answer.json();
};

describe('a form with a file', () => {
  it('brings the file and the other fields', async () => {
    const sent = body(
      part('word', 'secret'),
      part('file', 'upn,state\r\nanna,enabled', 'états.csv'),
    );
    assert.deepEqual(await send(sent), {
      word: 'secret',
      name: 'états.csv',
      text: 'upn,state\r\nanna,enabled',
    });
  });

  it('may have been left without one', async () => {
    assert.deepEqual(await send(body(part('word', 'x'), part('file', '', ''))), { word: 'x' });
  });

  it('is not read from who may send none', async () => {
    const sent = body(part('word', 'x'));
    assert.deepEqual(await send(sent, { admits: false }), {
      code: 'FST_ERR_CTP_INVALID_MEDIA_TYPE',
    });
  });

  it('is refused where it is too large, in one file or in many fields', async () => {
    const large = { code: 'REQUEST_TOO_LARGE' };
    assert.deepEqual(await send(body(part('file', 'a'.repeat(longestFile + 1), 'a.csv'))), large);
    assert.deepEqual(await send(body(part('word', 'a'.repeat(70_000)))), large);
    const many = Array.from({ length: 202 }, (_, index) => part(`f${index}`, 'x'));
    assert.deepEqual(await send(body(...many)), large);
    const two = [part('file', 'a', 'a.csv'), part('other', 'b', 'b.csv')];
    assert.deepEqual(await send(body(...two)), large);
  });

  it('is turned away while too many others are worked on, and read again after them', async () => {
    const app = fastify();
    readUploads(app, { longestFile, admits: async () => true, mostAtOnce: 1 });
    const entered = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    app.post('/', async () => {
      entered.resolve();
      await release.promise;
      return 'done';
    });
    const post = () =>
      app.inject({
        method: 'POST',
        url: '/',
        headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
        payload: body(part('word', 'x')),
      });
    const first = post();
    await entered.promise;
    const second = await post();
    assert.equal(second.json().code, 'BUSY');
    release.resolve();
    assert.equal((await first).body, 'done');
    assert.equal((await post()).body, 'done');
  });

  it('counts until the work on it has ended, whether or not its sender waits for the answer', async () => {
    const app = fastify();
    readUploads(app, { longestFile, admits: async () => true, mostAtOnce: 1 });
    const entered = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const left = Promise.withResolvers<void>();
    let entries = 0;
    app.post('/', async (request) => {
      entries += 1;
      request.raw.socket.once('close', left.resolve);
      entered.resolve();
      await release.promise;
      return 'done';
    });
    try {
      const url = await app.listen({ host: '127.0.0.1', port: 0 });
      const post = (signal?: AbortSignal): Promise<string> =>
        fetch(url, {
          method: 'POST',
          headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
          body: body(part('word', 'x')),
          ...(signal === undefined ? {} : { signal }),
        }).then((answer) => answer.text());
      const sender = new AbortController();
      const first = assert.rejects(post(sender.signal));
      await entered.promise;
      sender.abort();
      await first;
      await left.promise;
      assert.match(await post(), /BUSY/);
      release.resolve();
      await until('an answer', async () => (await post()) === 'done');
      assert.equal(entries, 2);
    } finally {
      release.resolve();
      await app.close();
    }
  });

  it('counts no more once its sender left half-way', async () => {
    const app = fastify();
    readUploads(app, { longestFile, admits: async () => true, mostAtOnce: 1 });
    app.post('/', async () => 'done');
    try {
      const { port } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }));
      const socket = connect(Number(port), '127.0.0.1');
      const headers = `Host: x\r\nContent-Type: multipart/form-data; boundary=${boundary}\r\n`;
      socket.write(`POST / HTTP/1.1\r\n${headers}Content-Length: 900\r\n\r\n--${boundary}\r\n`);
      const post = async (): Promise<string> => {
        const answer = await app.inject({
          method: 'POST',
          url: '/',
          headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
          payload: body(part('word', 'x')),
        });
        return answer.body;
      };
      await until('the upload to count', async () => (await post()).includes('BUSY'));
      socket.destroy();
      await until('an answer', async () => (await post()) === 'done');
    } finally {
      await app.close();
    }
  });

  it('is refused where an honest browser would never send it', async () => {
    const malformed = { code: 'REQUEST_MALFORMED' };
    for (const sent of [
      body(part('word', 'a'), part('word', 'b')),
      body(part('__proto__', 'a')),
      body(part('word', 'a\0b')),
      part('word', 'cut off'),
      'nothing at all',
    ]) {
      assert.deepEqual(await send(sent), malformed, sent);
    }
    assert.deepEqual(await send('x', { type: 'multipart/form-data' }), malformed);
  });
});

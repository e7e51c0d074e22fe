/** Streams over real sockets: what is heard, what is refused, and that nothing is left behind. */
import assert from 'node:assert/strict';
import { request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, it } from 'node:test';

import { httpServerForTests } from '../../test/support/http-server.ts';
import { until } from '../../test/support/poll.ts';
import { createSignals, type Signals } from '../lib/signals.ts';
import {
  createEventStreams,
  type EventStreamOptions,
  type EventStreams,
  type EventStreamsParts,
} from './event-stream.ts';
import { listen } from './listener.ts';

interface Served {
  readonly port: number;
  readonly streams: EventStreams;
  readonly signals: Signals;
  /** How many listeners there are at this moment. */
  hearing(): number;
  stop(): Promise<void>;
}

interface Heard {
  readonly response: IncomingMessage;
  /** All that came so far. */
  text(): string;
  isOver(): boolean;
  leave(): void;
}

const closing: (() => Promise<void> | void)[] = [];

async function serve(
  change: Partial<EventStreamsParts> = {},
  options: Partial<EventStreamOptions> = {},
): Promise<Served> {
  const listener = await listen({ host: '127.0.0.1', port: 0 });
  const app = httpServerForTests({ listener });
  const signals = createSignals();
  let hearing = 0;
  const counted: Pick<Signals, 'hear'> = {
    hear: (topic, heard) => {
      hearing += 1;
      const stop = signals.hear(topic, heard);
      return () => {
        hearing -= 1;
        stop();
      };
    },
  };
  const streams = createEventStreams({ signals: counted, ...change });
  app.get<{ Params: { owner: string } }>('/:owner/events', (to, reply) => {
    const { owner } = to.params;
    return streams.open(to, reply, { topics: [owner, 'all'], owner, ...options });
  });
  await app.ready();
  const stop = async (): Promise<void> => {
    streams.close();
    await listener.close(5_000);
    await app.close();
  };
  closing.push(stop);
  return { port: listener.port, streams, signals, hearing: () => hearing, stop };
}

async function ask(
  port: number,
  owner: string,
  change: { readonly method?: string; readonly from?: string } = {},
): Promise<Heard> {
  const { method = 'GET', from = '127.0.0.1' } = change;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request({
      host: '127.0.0.1',
      localAddress: from,
      port,
      method,
      path: `/${owner}/events`,
      headers: { host: `localhost:${port}`, accept: 'text/event-stream' },
    })
      .on('response', resolve)
      .on('error', reject)
      .end();
  });
  let text = '';
  response.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  // Cut off is over as well.
  response.on('error', () => {});
  closing.push(() => void response.destroy());
  return {
    response,
    text: () => text,
    isOver: () => response.complete || response.destroyed,
    leave: () => void response.destroy(),
  };
}

describe('an event stream', () => {
  afterEach(async () => {
    for (const close of closing.splice(0).toReversed()) await close();
  });
  const said = (heard: Heard, what: string | RegExp): Promise<true | RegExpExecArray> =>
    until(`${what} to be said`, () =>
      typeof what === 'string'
        ? heard.text().includes(what)
        : (what.exec(heard.text()) ?? undefined),
    );

  it('greets at once, and says what changed the moment it is told', async () => {
    const { port, signals } = await serve();
    const heard = await ask(port, 'anna');
    await said(heard, /^retry: \d{4}\n\nevent: hello\ndata: \n\n$/);
    signals.tell('ben');
    signals.tell('anna');
    await said(heard, /\n\nevent: changed\ndata: \n\n$/);
    signals.tell('all');
    await until('the second', () => heard.text().split('event: changed').length === 3);
  });

  it('is kept by nobody on the way, and is as safe as every answer', async () => {
    const { port } = await serve();
    const { headers, statusCode } = (await ask(port, 'anna')).response;
    assert.equal(statusCode, 200);
    assert.equal(headers['content-type'], 'text/event-stream');
    assert.equal(headers['cache-control'], 'no-store, no-transform');
    assert.equal(headers['x-accel-buffering'], 'no');
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.match(String(headers['content-security-policy']), /default-src 'none'/);
    assert.equal(headers['content-length'], undefined);
  });

  it('has headers and no more for who asks for no more', async () => {
    const { port, streams, hearing } = await serve();
    const heard = await ask(port, 'anna', { method: 'HEAD' });
    await until('the end', () => heard.isOver());
    assert.equal(heard.response.headers['content-type'], 'text/event-stream');
    assert.equal(heard.text(), '');
    assert.equal(streams.count() + hearing(), 0);
  });

  it('says what its owner wants to say, in lines that cannot end it', async () => {
    const events = [undefined, { name: 'asked', data: 'one\ntwo\r\nevent: forged\r\rthree' }];
    const { port, signals } = await serve({}, { onTell: async () => events.shift() });
    const heard = await ask(port, 'anna');
    signals.tell('anna');
    await until('the first to be taken', () => events.length === 1);
    signals.tell('anna');
    await said(
      heard,
      'data: \n\nevent: asked\ndata: one\ndata: two\ndata: event: forged\ndata: \ndata: three\n\n',
    );
  });

  it('says once what was told while it was busy', async () => {
    let asked = 0;
    const first = Promise.withResolvers<undefined>();
    const { port, signals } = await serve(
      {},
      {
        onTell: async () => {
          asked += 1;
          if (asked === 1) await first.promise;
          return { name: 'number', data: String(asked) };
        },
      },
    );
    const heard = await ask(port, 'anna');
    for (let time = 0; time < 10; time++) signals.tell('anna');
    first.resolve(undefined);
    await said(heard, 'data: 2');
    assert.equal(asked, 2);
  });

  it('ends where what is to be said cannot be found out; the browser comes back', async () => {
    const { port, signals, hearing } = await serve(
      {},
      { onTell: () => Promise.reject(new Error('the database is gone')) },
    );
    const heard = await ask(port, 'anna');
    await said(heard, 'hello');
    signals.tell('anna');
    await until('the end', () => heard.response.complete);
    assert.doesNotMatch(heard.text(), /database/);
    assert.equal(hearing(), 0);
  });

  it('shows now and then that it is alive, and ends after a while', async () => {
    const { port } = await serve({ beatMs: 20, longestMs: 120 });
    const heard = await ask(port, 'anna');
    await said(heard, /\n\n:\n\n:\n\n/);
    await until('the end', () => heard.response.complete);
  });

  it('leaves nothing behind when its browser goes', async () => {
    const { port, streams, signals, hearing } = await serve();
    const all = await Promise.all(['anna', 'ben', 'cas'].map((owner) => ask(port, owner)));
    await Promise.all(all.map((heard) => said(heard, 'hello')));
    assert.equal(streams.count(), 3);
    assert.equal(hearing(), 6);
    for (const heard of all) heard.leave();
    await until('all to be forgotten', () => streams.count() + hearing() === 0);
    signals.tell('anna');
  });

  it('is ended when its browser takes nothing any more, however much is told', async () => {
    const { port, streams, signals, hearing } = await serve(
      { beatMs: 300 },
      { onTell: () => ({ name: 'much', data: 'x'.repeat(100_000) }) },
    );
    const socket = connect(port, '127.0.0.1');
    closing.push(() => void socket.destroy());
    socket.write(`GET /anna/events HTTP/1.1\r\nhost: localhost:${port}\r\n\r\n`);
    socket.pause();
    await until('the stream', () => streams.count() === 1);
    const before = process.memoryUsage().arrayBuffers;
    await until('its end', () => {
      for (let time = 0; time < 50; time++) signals.tell('anna');
      return streams.count() === 0;
    });
    assert.equal(hearing(), 0);
    assert.ok(process.memoryUsage().arrayBuffers - before < 20_000_000, 'it was all kept');
  });

  it('is refused to an owner and to an address that have enough, until one ends', async () => {
    const { port, streams } = await serve({ most: { owner: 2, address: 3, all: 5 } });
    const statusOf = async (owner: string, from?: string): Promise<number | undefined> =>
      (await ask(port, owner, from === undefined ? {} : { from })).response.statusCode;
    const first = await ask(port, 'anna');
    assert.equal(await statusOf('anna'), 200);
    assert.equal(await statusOf('anna'), 429);
    assert.equal(await statusOf('ben'), 200);
    assert.equal(await statusOf('cas'), 429);
    assert.equal(await statusOf('cas', '127.0.0.2'), 200);
    assert.equal(await statusOf('dirk', '127.0.0.2'), 200);
    assert.equal(await statusOf('els', '127.0.0.3'), 503);
    first.leave();
    await until('room', () => streams.count() === 4);
    assert.equal(await statusOf('anna'), 200);
  });

  it('does not count as a request that is being answered', async () => {
    const { port } = await serve({ most: { owner: 2_000, address: 2_000, all: 2_000 } });
    // More than may be in flight at once.
    for (let round = 0; round < 11; round++) {
      const all = await Promise.all(Array.from({ length: 100 }, () => ask(port, 'anna')));
      assert.ok(all.every(({ response }) => response.statusCode === 200));
    }
    const answer = await ask(port, 'anna', { method: 'HEAD' });
    assert.equal(answer.response.statusCode, 200);
  });

  it('ends when the service stops, without a cut, and none is opened any more', async () => {
    const { port, streams, hearing, stop } = await serve();
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, number) => ask(port, `owner-${number}`)),
    );
    await Promise.all(all.map((heard) => said(heard, 'hello')));
    const startedAt = performance.now();
    await stop();
    assert.ok(performance.now() - startedAt < 1_000, 'it kept the service waiting');
    assert.ok(all.every(({ response }) => response.complete));
    assert.equal(streams.count() + hearing(), 0);
    closing.splice(closing.indexOf(stop), 1);
  });
});

/** Following over a real socket: what is heard, and that nothing is asked for nobody. */
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { describe, it } from 'node:test';

import { createEventStreams } from '../../../http/event-stream.ts';
import { listen } from '../../../http/listener.ts';
import { createSignals } from '../../../lib/signals.ts';
import { httpServerForTests } from '../../../../test/support/http-server.ts';
import { until } from '../../../../test/support/poll.ts';
import { createFollowing, followedUntil } from './following.ts';

describe('following a log', () => {
  it('hears of what is new, also where another node wrote it, and asks for nobody', async () => {
    const listener = await listen({ host: '127.0.0.1', port: 0 });
    const app = httpServerForTests({ listener });
    const signals = createSignals();
    const streams = createEventStreams({ signals });
    let [newest, asked] = [1, 0];
    const following = createFollowing({
      streams,
      signals,
      topic: 'test',
      newest: async () => {
        asked += 1;
        if (asked === 2) throw new Error('the database is away for a moment');
        return String(newest);
      },
      lookMs: 5,
    });
    app.get('/events', (to, reply) => following.open(to, reply, 'anna'));
    await app.ready();
    try {
      assert.equal(asked, 0);
      let heard = '';
      const { port } = listener;
      const headers = { host: `localhost:${port}`, accept: 'text/event-stream' };
      const call = request({ host: '127.0.0.1', port, path: '/events', headers }, (answer) => {
        answer.setEncoding('utf8').on('data', (piece: string) => {
          heard += piece;
        });
        answer.on('error', () => {});
      });
      call.on('error', () => {});
      call.end();
      await until('looks at the log', () => asked > 3);
      await until('the greeting', () => heard.includes('event: hello'));
      assert.doesNotMatch(heard, /event: changed/, 'nothing was new');
      newest = 2;
      await until('the word that there is something new', () => heard.includes('event: changed'));
      call.destroy();
      await until('the end of the stream', () => streams.count() === 0);
      let before = -1;
      await until('rest', () => {
        const rests = before === asked;
        before = asked;
        return rests;
      });
    } finally {
      streams.close();
      await listener.close(5_000);
      await app.close();
    }
  });

  it('is over after a quarter of an hour, and was never begun in the future', () => {
    const now = new Date('2026-11-21T12:00:00Z');
    assert.equal(followedUntil(undefined, now), undefined);
    assert.deepEqual(followedUntil(now.getTime(), now), new Date('2026-11-21T12:15:00Z'));
    assert.equal(followedUntil(now.getTime() - 15 * 60_000, now), undefined);
    assert.equal(followedUntil(now.getTime() + 1, now), undefined);
  });
});

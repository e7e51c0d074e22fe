import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { after, describe, it } from 'node:test';

import { makeCertificate } from '../lib/self-signed-certificate.ts';
import { callProvider, jsonIn, refusalByStatus, type HttpCall } from './http-call.ts';
import { refusalOf, type Refusal } from './refusal.ts';

describe('asking a provider by HTTP', () => {
  const closing: (() => void)[] = [];
  after(() => {
    for (const close of closing) close();
  });

  it('brings back what it answered', async () => {
    const origin = await serve((_request, response) => {
      response.writeHead(201, { 'x-from': 'them' }).end('{"sid":"SM1"}');
    });
    const answer = await ask(origin, { body: 'To=1' });
    assert.deepEqual([answer.status, answer.headers['x-from']], [201, 'them']);
    assert.deepEqual(jsonIn(answer), { sid: 'SM1' });
    assert.equal(refusalByStatus('Acme', answer), undefined);
  });

  it('is sure that nothing was taken where nobody listens', async () => {
    const origin = await serve(() => undefined);
    closing.pop()?.();
    const refusal = await refused(ask(origin));
    assert.deepEqual([refusal.retry, refusal.isUnsure], [true, undefined]);
    assert.equal(refusal.fault, 'Acme was not reached: ECONNREFUSED');
  });

  it('is not sure where the provider had the request and does not answer', async () => {
    const silent = await serve(() => undefined);
    const slow = await refused(ask(silent, { timeoutMs: 50 }));
    assert.deepEqual([slow.retry, slow.isUnsure], [true, true]);
    assert.equal(slow.fault, 'Acme was not reached: too-slow');
    const hangsUp = await serve((request) => request.socket.destroy());
    const broken = await refused(ask(hangsUp));
    assert.deepEqual([broken.retry, broken.isUnsure], [true, true]);
  });

  it('ends when it is told to', async () => {
    const silent = await serve(() => undefined);
    const controller = new AbortController();
    const asking = refused(ask(silent, { signal: controller.signal }));
    controller.abort();
    assert.equal((await asking).retry, true);
  });

  it('says nothing to somebody whose certificate nobody vouches for', async () => {
    const made = makeCertificate({ hosts: ['localhost'], now: new Date(), days: 1 });
    let asked = 0;
    const server = createSecureServer(
      { cert: made.certificate, key: made.key },
      (_request, response) => {
        asked += 1;
        response.end('{}');
      },
    );
    const port = await listening(server);
    const refusal = await refused(ask(`https://localhost:${port}`));
    assert.deepEqual([refusal.retry, refusal.isUnsure, asked], [true, undefined, 0]);
    const answer = await ask(`https://localhost:${port}`, { authorities: made.authority });
    assert.deepEqual([answer.status, asked], [200, 1]);
  });

  it('may come back after 429 and 503, which took nothing', async () => {
    for (const status of [429, 503]) {
      const origin = await serve((_request, response) => {
        response.writeHead(status, { 'retry-after': '7' }).end();
      });
      const refusal = refusalByStatus('Acme', await ask(origin));
      assert.deepEqual(refusal, {
        retry: true,
        reason: 'unreachable',
        fault: `Acme answered ${status}`,
        retryAfterSeconds: 7,
      });
    }
  });

  it('cannot know what became of it after another 5xx, and is done after a 4xx', async () => {
    for (const [status, retry, isUnsure] of [
      [500, true, true],
      [502, true, true],
      [400, false, undefined],
      [401, false, undefined],
      [302, false, undefined],
    ] as const) {
      const origin = await serve((_request, response) => {
        response.writeHead(status).end('{"message":"+31612345678 is no number"}');
      });
      const refusal = refusalByStatus('Acme', await ask(origin));
      assert.deepEqual([refusal?.retry, refusal?.isUnsure], [retry, isUnsure]);
      assert.equal(refusal?.fault, `Acme answered ${status}`);
    }
  });

  const ask = (origin: string, more: Partial<HttpCall> = {}): ReturnType<typeof callProvider> =>
    callProvider({
      provider: 'Acme',
      url: new URL(origin),
      headers: {},
      signal: new AbortController().signal,
      ...more,
    });

  const serve = async (listener: RequestListener): Promise<string> =>
    `http://127.0.0.1:${await listening(createServer(listener))}`;

  async function listening(server: ReturnType<typeof createServer>): Promise<number> {
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    closing.push(() => {
      server.close();
      server.closeAllConnections();
    });
    const address = server.address();
    assert.ok(typeof address === 'object' && address !== null);
    return address.port;
  }
});

async function refused(asking: Promise<unknown>): Promise<Refusal> {
  return asking.then(() => assert.fail('it was answered'), refusalOf);
}

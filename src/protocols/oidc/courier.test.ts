import assert from 'node:assert/strict';
import { createServer, type RequestListener, type Server } from 'node:http';
import { after, describe, it } from 'node:test';

import { createCourier, type Delivered } from './courier.ts';

describe('word to applications', () => {
  const servers: Server[] = [];
  after(() => {
    for (const server of servers) {
      server.close();
      server.closeAllConnections();
    }
  });

  it('is taken by an application on this machine, which was registered so', async () => {
    const bodies: string[] = [];
    const address = await serve((request, response) => {
      request.on('data', (chunk: Buffer) => bodies.push(chunk.toString()));
      request.on('end', () => response.end());
    });
    const { courier, told } = world();
    assert.equal(await courier.post(address, 'logout_token=x'), 'taken');
    assert.deepEqual(bodies, ['logout_token=x']);
    assert.deepEqual(told, [{ host: address.host, tries: 1, result: 200 }]);
  });

  it('goes nowhere on our own machine where no application is known to live', async () => {
    let knocks = 0;
    const address = await serve((_request, response) => {
      knocks += 1;
      response.end();
    });
    const livesHere = async () => false;
    for (const host of ['127.0.0.1', 'localhost']) {
      const inside = new URL(`http://${host}:${address.port}/logout`);
      assert.equal(await world({ livesHere }).courier.post(inside, ''), 'refused', host);
    }
    assert.equal(knocks, 0);
    const named = world({ livesHere, internalHosts: ['127.0.0.1'] });
    assert.equal(await named.courier.post(address, ''), 'taken', 'the operator said so');
  });

  it('does not go to private addresses, unless the operator named the host', async () => {
    const { courier, told } = world();
    const metadata = new URL('http://169.254.169.254/latest/meta-data');
    assert.equal(await courier.post(metadata, ''), 'refused');
    assert.equal(await courier.post(new URL('https://10.1.2.3/logout'), ''), 'refused');
    assert.deepEqual(
      told.map(({ result }) => result),
      ['address-refused', 'address-refused'],
    );
    const address = await serve((_request, response) => response.end());
    const inside = new URL(`http://[::ffff:127.0.0.1]:${address.port}/`);
    assert.equal(await world().courier.post(inside, ''), 'refused');
    const named = world({ internalHosts: ['::ffff:7f00:1'] });
    assert.equal(await named.courier.post(inside, ''), 'taken');
  });

  it('is brought again to an application that was down', async () => {
    let tries = 0;
    const address = await serve((_request, response) => {
      tries += 1;
      response.statusCode = tries < 3 ? 503 : 204;
      response.end();
    });
    const { courier, told } = world();
    assert.equal(await courier.post(address, ''), 'taken');
    assert.deepEqual(told, [{ host: address.host, tries: 3, result: 204 }]);
  });

  it('is not repeated to an application that said no', async () => {
    const address = await serve((_request, response) => {
      response.statusCode = 400;
      response.end();
    });
    const { courier, told } = world();
    assert.equal(await courier.post(address, ''), 'refused');
    assert.deepEqual(told, [{ host: address.host, tries: 1, result: 400 }]);
  });

  it('does not keep the person waiting, and goes on behind their back', async () => {
    let answer = (): void => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const address = await serve((_request, response) => {
      void answered.then(() => response.end());
    });
    const { courier, told, reported } = world({ patienceMs: 20 });
    assert.equal(await courier.post(address, ''), 'on-its-way');
    assert.deepEqual(told, []);
    answer();
    await reported;
    assert.deepEqual(told, [{ host: address.host, tries: 1, result: 200 }]);
  });

  it('stops trying when we close', async () => {
    const address = await serve((_request, response) => {
      response.statusCode = 500;
      response.end();
    });
    const { courier } = world({ pausesMs: [60_000] });
    const posted = courier.post(address, '');
    setTimeout(() => courier.close(), 50);
    assert.equal(await posted, 'refused');
  });

  async function serve(listener: RequestListener): Promise<URL> {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const bound = server.address();
    assert.ok(bound !== null && typeof bound === 'object');
    return new URL(`http://127.0.0.1:${bound.port}/logout`);
  }
});

function world(part: Partial<Parameters<typeof createCourier>[0]> = {}) {
  const told: Delivered[] = [];
  let resolve = (): void => {};
  const reported = new Promise<void>((done) => {
    resolve = done;
  });
  const courier = createCourier({
    internalHosts: [],
    livesHere: async () => true,
    pausesMs: [1, 1],
    patienceMs: 5000,
    report: (delivered) => {
      told.push(delivered);
      resolve();
    },
    ...part,
  });
  return { courier, told, reported };
}

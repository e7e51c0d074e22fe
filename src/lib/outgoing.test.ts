import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import { isIPv6, type LookupFunction } from 'node:net';
import { after, describe, it } from 'node:test';

import { callOutside, isPublicAddress, OutgoingError, type OutgoingLimits } from './outgoing.ts';

describe('a call to somebody else’s server', () => {
  const closing: (() => void)[] = [];
  after(() => {
    for (const close of closing) close();
  });

  it('sends what it is given and brings back the answer', async () => {
    const origin = await serve((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        response.statusCode = 201;
        response.end([request.method, request.url, request.headers['x-from'], body].join(' '));
      });
    });
    const answer = await callOutside(
      new URL(`${origin}/logout?x=1`),
      { method: 'POST', headers: { 'x-from': 'us' }, body: 'a=b' },
      anywhere,
    );
    assert.deepEqual([answer.status, answer.body.toString()], [201, 'POST /logout?x=1 us a=b']);
  });

  it('goes nowhere near our own network unless told to', async () => {
    let asked = 0;
    const origin = await serve((_request, response) => {
      asked += 1;
      response.end();
    });
    const port = new URL(origin).port;
    for (const host of [
      '127.0.0.1',
      'localhost',
      '[::1]',
      '[::ffff:127.0.0.1]',
      '0.0.0.0',
      '2130706433',
      '0x7f.1',
      '127.1',
    ]) {
      await refuses(`http://${host}:${port}/`, {}, 'address-refused');
    }
    assert.equal(asked, 0);
  });

  it('knows every private corner of the address space', () => {
    for (const address of [
      '10.1.2.3',
      '172.31.255.255',
      '192.168.0.1',
      '169.254.169.254',
      '100.64.0.1',
      '192.0.0.170',
      '198.18.0.1',
      '224.0.0.1',
      '255.255.255.255',
      '::',
      '::1',
      '::127.0.0.1',
      '::ffff:10.0.0.1',
      '::ffff:a9fe:a9fe',
      '64:ff9b::7f00:1',
      '2002:7f00:1::',
      '2001:db8::1',
      'fd00::1',
      'fe80::1%eth0',
      'ff02::1',
      'no address',
      '',
    ]) {
      assert.equal(isPublicAddress(address), false, address);
    }
    for (const address of ['8.8.8.8', '145.100.1.1', '2a00:1450:400e::1', '::ffff:8.8.8.8']) {
      assert.equal(isPublicAddress(address), true, address);
    }
  });

  it('refuses a name when any of its addresses is private', async () => {
    const lookup = resolvesTo('93.184.216.34', '10.0.0.1');
    await refuses('http://rebinding.example/', { lookup }, 'address-refused');
  });

  it('connects to the address that was checked, whatever the name says next', async () => {
    const origin = await serve((request, response) => response.end(request.headers.host));
    const asked: string[] = [];
    const answer = await callOutside(
      new URL(origin.replace('127.0.0.1', 'app.example')),
      { method: 'GET', headers: {} },
      {
        lookup: resolvesTo('127.0.0.1'),
        allows: (address, host) => {
          asked.push(`${host} ${address}`);
          return asked.length === 1;
        },
      },
    );
    assert.deepEqual(asked, ['app.example 127.0.0.1']);
    assert.match(answer.body.toString(), /^app\.example:/);
  });

  it('does not follow a redirect', async () => {
    const origin = await serve((_request, response) => {
      response.writeHead(302, { location: 'http://127.0.0.1/elsewhere' }).end();
    });
    const answer = await callOutside(new URL(origin), { method: 'GET', headers: {} }, anywhere);
    assert.equal(answer.status, 302);
  });

  it('does not wait for ever', async () => {
    const silent = await serve(() => {});
    await refuses(silent, { ...anywhere, timeoutMs: 50 }, 'too-slow');
    const dripping = await serve((_request, response) => {
      response.write('a');
      const drip = setInterval(() => response.write('a'), 10);
      response.on('close', () => clearInterval(drip));
    });
    await refuses(dripping, { ...anywhere, timeoutMs: 100 }, 'too-slow');
  });

  it('does not swallow an endless answer', async () => {
    const origin = await serve((_request, response) => response.end(Buffer.alloc(5000)));
    await refuses(origin, { ...anywhere, maximumBytes: 4999 }, 'too-large');
    const whole = await callOutside(
      new URL(origin),
      { method: 'GET', headers: {} },
      { ...anywhere, maximumBytes: 5000 },
    );
    assert.equal(whole.body.length, 5000);
  });

  it('sends bytes as they are, and brings back what stands above the answer', async () => {
    const bytes = Buffer.from([0, 255, 128, 10, 13]);
    const received: Buffer[] = [];
    const origin = await serve((request, response) => {
      request.on('data', (chunk: Buffer) => received.push(chunk));
      request.on('end', () => response.writeHead(429, { 'retry-after': '7' }).end());
    });
    const answer = await callOutside(
      new URL(origin),
      { method: 'POST', headers: {}, body: bytes },
      anywhere,
    );
    assert.deepEqual([answer.status, answer.headers['retry-after']], [429, '7']);
    assert.deepEqual(Buffer.concat(received), bytes);
  });

  it('ends when whoever asked for it has had enough', async () => {
    const controller = new AbortController();
    const origin = await serve(() => controller.abort());
    await refuses(origin, { ...anywhere, signal: controller.signal }, 'broken-off');
    await refuses(origin, { ...anywhere, signal: controller.signal }, 'broken-off');
  });

  it('says that nobody answered', async () => {
    const origin = await serve(() => {});
    closing.pop()?.();
    await refuses(origin, anywhere, 'failed');
    const lookup: LookupFunction = (_hostname, _options, callback) => {
      callback(new Error('ENOTFOUND'), []);
    };
    await refuses('http://nobody.example/', { lookup }, 'failed');
    const system: LookupFunction = (_hostname, _options, callback) => {
      Reflect.apply(callback, undefined, [new Error('ENOTFOUND')]);
    };
    await refuses('http://nobody.example/', { lookup: system }, 'failed');
  });

  async function serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => {
      server.close();
      server.closeAllConnections();
    });
    const address = server.address();
    assert.ok(address !== null && typeof address === 'object');
    return `http://127.0.0.1:${address.port}`;
  }
});

const anywhere: OutgoingLimits = { allows: () => true };

function resolvesTo(...addresses: string[]): LookupFunction {
  return (_hostname, _options, callback) => {
    callback(
      null,
      addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 })),
    );
  };
}

async function refuses(
  url: string,
  limits: OutgoingLimits,
  reason: OutgoingError['reason'],
): Promise<void> {
  await assert.rejects(
    callOutside(new URL(url), { method: 'GET', headers: {} }, limits),
    (error) => error instanceof OutgoingError && error.reason === reason,
    url,
  );
}

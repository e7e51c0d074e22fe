import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { overUdp } from '../../../test/support/radius-client.ts';
import { listenForRadius } from './listener.ts';

describe('the sockets of the RADIUS door', () => {
  it('carry what comes, and what it is answered, until they are closed', async () => {
    const listener = await listenForRadius({ hosts: ['127.0.0.1', '::1'], port: 0 });
    const client = overUdp(listener.port, 300);
    try {
      // Nobody is there yet to answer.
      assert.equal(await client.carry(Buffer.from('early')), undefined);
      listener.attach(async (datagram, from) => {
        assert.equal(from, '127.0.0.1');
        return datagram.toString() === 'silence' ? undefined : Buffer.from(datagram).reverse();
      });
      assert.equal(String(await client.carry(Buffer.from('abcba'))), 'abcba');
      assert.equal(await client.carry(Buffer.from('silence')), undefined);
      await listener.close();
      assert.equal(await client.carry(Buffer.from('abcba')), undefined);
    } finally {
      client.close();
      await listener.close();
    }
  });

  it('say at once that the port is taken, and leave nothing open', async () => {
    const first = await listenForRadius({ hosts: ['127.0.0.2'], port: 0 });
    const { port } = first;
    const both = { hosts: ['127.0.0.1', '127.0.0.2'], port };
    await assert.rejects(listenForRadius(both), { code: 'EADDRINUSE' });
    await first.close();
    const again = await listenForRadius(both);
    assert.equal(again.port, port);
    await again.close();
  });
});

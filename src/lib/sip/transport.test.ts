import assert from 'node:assert/strict';
import dns from 'node:dns/promises';
import { syncBuiltinESMExports } from 'node:module';
import { after, afterEach, describe, it, mock } from 'node:test';

import { startSipPeer } from '../../../test/support/sip-peer.ts';
import { SipFault } from './fault.ts';
import { writeMessage } from './message.ts';
import { openTransport } from './transport.ts';

/** The name of the exchange means this address from now on. */
function nameMeans(address: string): void {
  mock.method(dns, 'lookup', async () => ({ address, family: 4 }));
  syncBuiltinESMExports();
}
afterEach(() => {
  mock.restoreAll();
  syncBuiltinESMExports();
});

const question = writeMessage({
  kind: 'request',
  method: 'OPTIONS',
  uri: 'sip:exchange.example',
  headers: [],
  body: '',
});

describe('the way to an exchange by datagrams', () => {
  it('is found again where it could not be gone for a while', async () => {
    const peer = await startSipPeer();
    after(peer.close);
    nameMeans('127.0.0.1');
    const way = await openTransport(
      { transport: 'udp', host: 'exchange.example', port: peer.port, ca: undefined },
      { onMessage: () => {}, onBroken: () => {} },
    );
    after(way.close);
    // Nobody may send to all there are, as nobody can send without a network.
    nameMeans('255.255.255.255');
    way.renew();
    await assert.rejects(way.ready(), (fault) => fault instanceof SipFault && !fault.isSent);
    await assert.rejects(way.ready(), SipFault);
    nameMeans('127.0.0.1');
    await way.ready();
    way.write(question);
    await peer.next('OPTIONS');
  });
});

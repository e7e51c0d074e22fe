import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { dialledAs, isSrtp, sipSettings } from './settings.ts';

const least = { host: 'pbx.example.org', user: 'tweestap' };
const faultOf = (more: object): string =>
  sipSettings.safeParse({ ...least, ...more }).error?.issues[0]?.message ?? '';

describe('the settings of SIP', () => {
  it('encrypt signalling and sound, unless somebody says otherwise', () => {
    const settings = sipSettings.parse(least);
    assert.equal(settings.transport, 'tls');
    assert.equal(isSrtp(settings), true);
  });

  it('let calls cross a network of others encrypted only', () => {
    for (const way of [{ transport: 'udp' }, { transport: 'tcp' }, { srtp: false }]) {
      assert.match(faultOf(way), /unencrypted/);
      assert.equal(faultOf({ ...way, ownNetwork: true }), '');
      assert.equal(faultOf({ ...way, host: '127.0.0.1' }), '');
    }
    assert.match(faultOf({ transport: 'udp', srtp: true, ownNetwork: true }), /without tls/);
  });

  it('name ports for the sound of at least one call', () => {
    for (const soundPorts of ['20000-20199', '20000-20001', '1024-65535']) {
      assert.equal(faultOf({ soundPorts }), '', soundPorts);
    }
    for (const soundPorts of ['20199-20000', '20001-20002', '20000-20000', '60000-70000']) {
      assert.match(faultOf({ soundPorts }), /20000-20199/, soundPorts);
    }
  });

  it('write a number as the exchange wants it', () => {
    const numbers = (more: object = {}) => sipSettings.parse({ ...least, numbers: more }).numbers;
    assert.equal(dialledAs('+31612345612', numbers()), '+31612345612');
    assert.equal(dialledAs('+31612345612', numbers({ international: '00' })), '0031612345612');
    const outside = numbers({ international: '000', country: '31', national: '00' });
    assert.equal(dialledAs('+31612345612', outside), '00612345612');
    assert.equal(dialledAs('+4915112345678', outside), '0004915112345678');
    assert.match(faultOf({ numbers: { international: '0;x' } }), /dials/);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import {
  addressRanges,
  clientAddress,
  isInNetworks,
  networkOf,
  normaliseAddress,
  parseCidr,
} from './ip.ts';

describe('a network address', () => {
  it('has one spelling', () => {
    const spellings: readonly (readonly [string, string | null])[] = [
      ['192.0.2.1', '192.0.2.1'],
      [' 192.0.2.1 ', '192.0.2.1'],
      ['::ffff:192.0.2.1', '192.0.2.1'],
      ['::FFFF:c000:0201', '192.0.2.1'],
      ['[2001:DB8:0:0:0:0:0:1]', '2001:db8::1'],
      ['2001:0db8::0001', '2001:db8::1'],
      ['fe80::1%eth0', 'fe80::1'],
      ['::1', '::1'],
      ['::', '::'],
      ['::192.0.2.1', '::c000:201'],
      ['', null],
      ['a', null],
      ['192.0.2', null],
      ['192.0.2.256', null],
      ['192.0.2.01', null],
      ['192.0.2.1:80', null],
      ['1.2.3.4/8', null],
      ['2001:db8::g', null],
      ['1::2::3', null],
      ['\u0661.2.3.4', null],
    ];
    for (const [typed, expected] of spellings)
      assert.equal(normaliseAddress(typed), expected, typed);
  });

  it('keeps its spelling once it has it', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (typed) => {
        const address = normaliseAddress(typed);
        assert.ok(address !== null);
        assert.equal(normaliseAddress(address), address);
      }),
    );
  });
});

describe('the network of an address', () => {
  it('is what one subscriber has: an address of IPv4, and 64 bits of IPv6', () => {
    assert.equal(networkOf('192.0.2.7'), '192.0.2.7');
    assert.equal(networkOf('::ffff:192.0.2.7'), '192.0.2.7');
    assert.equal(networkOf('2001:db8:1:2:3:4:5:6'), '2001:db8:1:2::/64');
    assert.equal(networkOf('2001:db8:1:2::ffff'), '2001:db8:1:2::/64');
    assert.notEqual(networkOf('2001:db8:1:3::ffff'), '2001:db8:1:2::/64');
    assert.equal(networkOf('::1'), '::/64');
  });

  it('is the text itself where that is no address', () => {
    assert.equal(networkOf('unknown'), 'unknown');
  });
});

describe('a range of addresses', () => {
  it('is read with its lower bits cleared', () => {
    assert.deepEqual(parseCidr('10.1.2.3/8'), { address: '10.0.0.0', prefix: 8 });
    assert.deepEqual(parseCidr('192.0.2.129/25'), { address: '192.0.2.128', prefix: 25 });
    assert.deepEqual(parseCidr('192.0.2.1'), { address: '192.0.2.1', prefix: 32 });
    assert.deepEqual(parseCidr('0.0.0.0/0'), { address: '0.0.0.0', prefix: 0 });
    assert.deepEqual(parseCidr('255.255.255.255/1'), { address: '128.0.0.0', prefix: 1 });
    assert.deepEqual(parseCidr('2001:db8:ffff::1/33'), { address: '2001:db8:8000::', prefix: 33 });
    assert.deepEqual(parseCidr('::1'), { address: '::1', prefix: 128 });
    assert.deepEqual(parseCidr('::/0'), { address: '::', prefix: 0 });
    assert.deepEqual(parseCidr('::ffff:10.0.0.1/104'), { address: '10.0.0.0', prefix: 8 });
  });

  it('is refused when it is not sound', () => {
    const wrong = [
      '',
      '/',
      '10.0.0.0/',
      '10.0.0.0/33',
      '10.0.0.0/-1',
      '10.0.0.0/8/8',
      '10/8',
      'x/8',
    ];
    for (const text of [...wrong, '::/129', '::/1e2', '::ffff:10.0.0.0/64', '10.0.0.0/ 8']) {
      assert.equal(parseCidr(text), null, text);
    }
    assert.throws(() => addressRanges(['10.0.0.0/33']), TypeError);
  });

  it('holds what lies in it, in any spelling, and nothing beside it', () => {
    const ranges = addressRanges(['10.0.0.0/8', '192.0.2.7', '2001:db8::/32']);
    for (const inside of ['10.255.255.255', '::ffff:10.0.0.1', '192.0.2.7', '2001:DB8:1::1']) {
      assert.equal(ranges.has(inside), true, inside);
    }
    for (const outside of [
      '11.0.0.0',
      '9.255.255.255',
      '192.0.2.8',
      '2001:db9::',
      '::1',
      '',
      'x',
    ]) {
      assert.equal(ranges.has(outside), false, outside);
    }
    assert.equal(addressRanges([]).has('10.0.0.1'), false);
    assert.equal(addressRanges(['::/0']).has('10.0.0.1'), false);
    assert.equal(addressRanges(['0.0.0.0/0']).has('::1'), false);
  });

  it('agrees with arithmetic', () => {
    const number = (address: string): number =>
      address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV4(), fc.integer({ min: 0, max: 32 }), (one, other, prefix) => {
        const size = 2 ** (32 - prefix);
        const same = Math.floor(number(one) / size) === Math.floor(number(other) / size);
        assert.equal(addressRanges([`${one}/${prefix}`]).has(other), same);
        assert.equal(addressRanges([`${one}/${prefix}`]).has(`::ffff:${other}`), same);
      }),
    );
  });

  it('admits nobody when a policy has it wrong', () => {
    assert.equal(isInNetworks('10.0.0.1', ['10.0.0.0/99', 'office']), false);
    assert.equal(isInNetworks('10.0.0.1', ['office', '10.0.0.0/24']), true);
    assert.equal(isInNetworks('not an address', ['0.0.0.0/0', '::/0']), false);
  });
});

describe('the address of a client', () => {
  const proxies = addressRanges(['10.0.0.0/8', '::1']);

  it('is that of the connection, whatever a stranger writes into the request', () => {
    assert.equal(clientAddress('198.51.100.7', '10.1.1.1', proxies), '198.51.100.7');
    assert.equal(clientAddress('::ffff:198.51.100.7', undefined, proxies), '198.51.100.7');
    assert.equal(clientAddress('10.0.0.1', undefined, proxies), '10.0.0.1');
    assert.equal(clientAddress('10.0.0.1', '203.0.113.5', addressRanges([])), '10.0.0.1');
  });

  it('is what the nearest trusted proxy saw', () => {
    assert.equal(clientAddress('10.0.0.1', '203.0.113.5', proxies), '203.0.113.5');
    assert.equal(clientAddress('::1', '6.6.6.6, 203.0.113.5, 10.0.0.2', proxies), '203.0.113.5');
    assert.equal(clientAddress('10.0.0.1', ['6.6.6.6', '203.0.113.5'], proxies), '203.0.113.5');
    assert.equal(clientAddress('10.0.0.1', '203.0.113.5:4711', proxies), '203.0.113.5');
    assert.equal(clientAddress('10.0.0.1', '[2001:db8::5]:4711', proxies), '2001:db8::5');
    assert.equal(clientAddress('10.0.0.1', '10.0.0.3, 10.0.0.2', proxies), '10.0.0.3');
  });

  it('is the last one that could be read', () => {
    for (const nonsense of [
      'a',
      '',
      ',',
      'unknown',
      '\0',
      '203.0.113.5,',
      '999.1.1.1',
      '_hidden',
    ]) {
      assert.equal(clientAddress('10.0.0.1', nonsense, proxies), '10.0.0.1', nonsense);
    }
    assert.equal(clientAddress('10.0.0.1', '203.0.113.5, a, 10.0.0.2', proxies), '10.0.0.2');
    assert.equal(clientAddress(undefined, '203.0.113.5', proxies), null);
    assert.equal(clientAddress('', '203.0.113.5', proxies), null);
  });

  it('never throws, and never is what a stranger behind a proxy chose', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii', maxLength: 200 }), (typed) => {
        assert.equal(clientAddress('10.0.0.1', `${typed}, 203.0.113.5`, proxies), '203.0.113.5');
        clientAddress(typed, typed, proxies);
        clientAddress('10.0.0.1', typed, proxies);
      }),
    );
  });

  it('is found at once in a header of any length', () => {
    const long = `${'1.2.3.4,'.repeat(1_000_000)}203.0.113.5`;
    const started = performance.now();
    assert.equal(clientAddress('10.0.0.1', long, proxies), '203.0.113.5');
    assert.ok(performance.now() - started < 50);
  });
});

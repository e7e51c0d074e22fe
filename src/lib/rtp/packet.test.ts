import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { readRtp, sequenceDistance, timestampDistance, writeRtp } from './packet.ts';

describe('a packet of RTP', () => {
  it('stands on the wire as RFC 3550 draws it', () => {
    const bytes = writeRtp({
      marker: true,
      payloadType: 101,
      sequence: 0x1234,
      timestamp: 0xdecafbad,
      ssrc: 0xcafebabe,
      payload: Buffer.from('0b8a0320', 'hex'),
    });
    assert.equal(bytes.toString('hex'), '80e51234decafbadcafebabe0b8a0320');
  });

  it('is read as it was written', () => {
    const packets = fc.record({
      marker: fc.boolean(),
      payloadType: fc.nat(127),
      sequence: fc.nat(0xffff),
      timestamp: fc.nat(0xffff_ffff),
      ssrc: fc.nat(0xffff_ffff),
      payload: fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
    });
    fc.assert(
      fc.property(packets, (packet) => {
        assert.deepEqual(readRtp(writeRtp(packet)), { ...packet });
      }),
    );
  });

  it('may have mixed sources, an extension and padding around what it carries', () => {
    const bytes = Buffer.concat([
      Buffer.from('b2080001000000a000000007', 'hex'),
      Buffer.from('0000000100000002', 'hex'),
      Buffer.from('bede000110aa0000', 'hex'),
      Buffer.from('d5d5', 'hex'),
      Buffer.from('000003', 'hex'),
    ]);
    assert.equal(Buffer.from(readRtp(bytes)?.payload ?? []).toString('hex'), 'd5d5');
  });

  it('is none where it ends too soon, pads itself away or is of another version', () => {
    for (const hex of [
      '',
      '8008000100000000000000',
      '400800010000000000000007',
      'c00800010000000000000007',
      '8f0800010000000000000007d5d5',
      '900800010000000000000007',
      '900800010000000000000007bede0002aaaaaaaa',
      'a00800010000000000000007d5d5d503d5d510',
      'a00800010000000000000007d5d500',
      'a00800010000000000000007',
    ]) {
      assert.equal(readRtp(Buffer.from(hex, 'hex')), undefined, hex);
    }
  });

  it('is read from any bytes without stumbling, and never carries more than came', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), fc.nat(63), (bytes, flags) => {
        const datagram = Buffer.concat([Buffer.from([0x80 | flags]), bytes]);
        const packet = readRtp(datagram);
        assert.ok(packet === undefined || packet.payload.length <= datagram.length - 12);
      }),
      { numRuns: 500 },
    );
  });

  it('knows on its rings what lies ahead and what behind', () => {
    assert.equal(sequenceDistance(2, 65_534), 4);
    assert.equal(sequenceDistance(65_534, 2), -4);
    assert.equal(sequenceDistance(3 * 65_536 + 5, 4), 1);
    assert.equal(timestampDistance(100, 0xffff_ffff), 101);
    assert.equal(timestampDistance(0xffff_ffff, 100), -101);
  });
});

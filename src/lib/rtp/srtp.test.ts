import assert from 'node:assert/strict';
import { createCipheriv } from 'node:crypto';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { readRtp, writeRtp } from './packet.ts';
import { sessionKeysOf, srtpReceiver, srtpSender } from './srtp.ts';

/** RFC 3711 appendix B.3. */
const master = Buffer.from('e1f97a0d3e018be0d64fa32c06de41390ec675ad498afeebb6960b3aabe6', 'hex');

describe('an encrypted call', () => {
  it('has the keys of RFC 3711, appendix B.3', () => {
    const keys = sessionKeysOf(master);
    assert.equal(keys.encryption.toString('hex'), 'c61e7a93744f39ee10734afe3ff7a087');
    assert.equal(keys.salt.toString('hex'), '30cbbc08863d8c85d49db34a9ae1');
    assert.equal(keys.authentication.toString('hex'), 'cebe321f6ff7716b6fd4ab49af256a156d38baa4');
  });

  it('counts as RFC 3711 does, appendix B.2', () => {
    const key = Buffer.from('2b7e151628aed2a6abf7158809cf4f3c', 'hex');
    const counter = Buffer.from('f0f1f2f3f4f5f6f7f8f9fafbfcfd0000', 'hex');
    const stream = createCipheriv('aes-128-ctr', key, counter).update(Buffer.alloc(32));
    assert.equal(
      stream.toString('hex'),
      'e03ead0935c95e80e166b16dd92b4eb4d23513162b02d0f72a43a2fe4a5f97ab',
    );
  });

  it("writes and reads libsrtp's packet, byte by byte", () => {
    const plain = Buffer.from(`800f1234decafbadcafebabe${'ab'.repeat(16)}`, 'hex');
    const wire = '800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb';
    assert.equal(srtpSender(master)(plain).toString('hex'), wire);
    assert.deepEqual(srtpReceiver(master)(Buffer.from(wire, 'hex')), plain);
  });

  it('is understood on when the numbers of its packets go around, lost and overtaken ones or not', () => {
    const send = srtpSender(master);
    const receive = srtpReceiver(master);
    const range = (from: number): number[] => Array.from({ length: 120 }, (_, at) => from + at);
    const numbers = [0, 30_000, 60_000, 65_470, 95_000, 125_000, 131_010].flatMap(range);
    const wire = numbers.map((at) => send(packet(at, at)));
    // Neighbours change places, and some never arrive.
    const order = wire.map((_, at) => at ^ 1).filter((at) => at % 7 !== 3);
    for (const at of order) {
      const [each, number] = [wire[at], numbers[at]];
      assert.ok(each !== undefined && number !== undefined);
      assert.deepEqual(receive(each), packet(number, number), `${number}`);
    }
  });

  it('hears nothing twice, however late and in whatever order it is said again', () => {
    const send = srtpSender(master);
    const receive = srtpReceiver(master);
    const wire = Array.from({ length: 300 }, (_, at) => send(packet(65_400 + at, at)));
    for (const [at, each] of wire.entries()) {
      assert.ok(receive(each) !== undefined);
      for (const before of [0, 1, 2, 5, 63, 64, 65, 200]) {
        const again = wire[at - before];
        if (again !== undefined) assert.equal(receive(again), undefined, `${at} ${before}`);
      }
    }
  });

  it('hears no more streams under one key than a telephone has', () => {
    const receive = srtpReceiver(master);
    const of = (ssrc: number): Buffer => srtpSender(master)(packet(1, 1, ssrc));
    for (let ssrc = 0; ssrc < 16; ssrc += 1) assert.ok(receive(of(ssrc)) !== undefined);
    assert.equal(receive(of(16)), undefined);
    assert.equal(receive(of(3)), undefined);
  });

  it('is not understood where a single bit was changed on the way, or the key is another', () => {
    const wire = srtpSender(master)(packet(77, 5));
    fc.assert(
      fc.property(fc.nat(wire.length * 8 - 1), (bit) => {
        const changed = Buffer.from(wire);
        changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        assert.equal(srtpReceiver(master)(changed), undefined);
      }),
    );
    assert.equal(srtpReceiver(Buffer.alloc(30, 1))(wire), undefined);
    assert.equal(wire.includes(Buffer.alloc(20, 5)), false);
  });

  it('is read from any bytes without stumbling, and never takes them for a packet', () => {
    const receive = srtpReceiver(master);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        assert.equal(receive(Buffer.from(bytes)), undefined);
        assert.equal(receive(Buffer.concat([Buffer.from([0x80]), bytes])), undefined);
      }),
    );
  });

  it('carries every packet of RTP there and back', () => {
    fc.assert(
      fc.property(fc.nat(65_535), fc.uint8Array({ maxLength: 400 }), (sequence, payload) => {
        const plain = writeRtp({
          marker: true,
          payloadType: 101,
          sequence,
          timestamp: 0xffff_ffff,
          ssrc: 0x8000_0001,
          payload,
        });
        const back = srtpReceiver(master)(srtpSender(master)(plain));
        assert.deepEqual(back, plain);
        assert.deepEqual(Buffer.from(readRtp(plain)?.payload ?? []), Buffer.from(payload));
      }),
    );
  });
});

function packet(sequence: number, value: number, ssrc = 7): Buffer {
  return writeRtp({
    marker: false,
    payloadType: 8,
    sequence: sequence % 65_536,
    timestamp: (value * 160) >>> 0,
    ssrc,
    payload: Buffer.alloc(20, value % 256),
  });
}

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { encodeSpeech, type Codec } from './g711.ts';
import { hearCall } from './hearing.ts';
import { writeRtp, type RtpPacket } from './packet.ts';
import { readAnswer, type RtpPeer } from './sdp.ts';
import { writeEvent } from './telephone-events.ts';
import { toneOf } from './tones.ts';

describe('what is heard of the other side', () => {
  it('is sound in any codec that it agreed to, also in the middle of the call', () => {
    const hearing = hearCall();
    const samples = new Int16Array(160).fill(4_000);
    for (const [at, [payloadType, codec]] of (
      [
        [8, 'PCMA'],
        [0, 'PCMU'],
        [97, 'PCMU'],
        [8, 'PCMA'],
      ] as const
    ).entries()) {
      const { sound } = hearing.hear(
        speech(codec, samples, { payloadType, sequence: at }),
        peer(),
        at,
      );
      assert.equal(sound?.length, 160);
      assert.ok(sound.every((sample) => Math.abs(sample - 4_000) < 130));
    }
    assert.equal(
      hearing.hear(packet({ payloadType: 18, sequence: 9 }), peer(), 9).sound,
      undefined,
    );
  });

  it('is a key by its own number for keys and by ours, and not where it agreed to none', () => {
    const press = (payloadType: number): Buffer =>
      packet({ payloadType, payload: writeEvent({ event: 11, isEnd: false, duration: 160 }) });
    assert.equal(hearCall().hear(press(96), peer(), 0).keys, '#');
    assert.equal(hearCall().hear(press(101), peer(), 0).keys, '#');
    assert.equal(hearCall().hear(press(102), peer(), 0).keys, '');
    const deaf = { ...peer(), eventPayloadType: undefined };
    assert.equal(hearCall().hear(press(101), deaf, 0).keys, '');
    assert.equal(hearCall().hear(press(96), deaf, 0).keys, '');
  });

  it('is a tone of the telephone that speaks now, and of none before it', () => {
    const hearing = hearCall();
    const deaf = { ...peer(), eventPayloadType: undefined };
    const tone = toneOf('5', 100) ?? new Int16Array();
    const hear = (from: number, to: number, ssrc: number, now: number): string => {
      let keys = '';
      for (let at = from; at < to; at += 1) {
        const part = tone.subarray(at * 160, at * 160 + 160);
        keys += hearing.hear(speech('PCMA', part, { sequence: at, ssrc }), deaf, now).keys;
      }
      return keys;
    };
    assert.equal(hear(0, 1, 1, 0), '');
    assert.equal(hear(1, 5, 2, 10), '', 'who only says that he is there');
    assert.equal(hear(1, 2, 2, 1_500), '', 'half of it was of another');
    hearing.turn();
    assert.equal(hear(0, 5, 3, 1_600), '5');
  });

  it('is no more of a packet than a tenth of a second', () => {
    const long = packet({ payloadType: 8, payload: Buffer.alloc(60_000) });
    assert.equal(hearCall().hear(long, peer(), 0).sound?.length, 800);
  });

  it('is heard in any packets without stumbling', () => {
    const packets = fc.oneof(
      fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
      fc
        .record({
          marker: fc.boolean(),
          payloadType: fc.constantFrom(0, 8, 96, 101, 13, 127),
          sequence: fc.nat(0xffff),
          timestamp: fc.nat(0xffff_ffff),
          ssrc: fc.nat(2),
          payload: fc.uint8Array({ maxLength: 400 }),
        })
        .map(writeRtp),
    );
    fc.assert(
      fc.property(fc.array(packets), fc.boolean(), (all, hasEvents) => {
        const hearing = hearCall();
        const other = hasEvents ? peer() : { ...peer(), eventPayloadType: undefined };
        for (const [at, bytes] of all.entries()) {
          const { keys, sound } = hearing.hear(bytes, other, at * 400);
          assert.match(keys, /^[0-9A-D*#]*$/);
          assert.ok((sound?.length ?? 0) <= 400);
        }
      }),
    );
  });
});

function peer(): RtpPeer {
  const agreed = readAnswer(
    'v=0\r\nc=IN IP4 192.0.2.1\r\nm=audio 4000 RTP/AVP 8 0 97 96\r\na=rtpmap:97 PCMU/8000\r\n' +
      'a=rtpmap:96 telephone-event/8000\r\n',
  );
  assert.ok(agreed !== null);
  return agreed;
}

function packet(parts: Partial<RtpPacket>): Buffer {
  return writeRtp({
    marker: false,
    payloadType: 8,
    sequence: 1,
    timestamp: 160,
    ssrc: 1,
    payload: Buffer.alloc(160),
    ...parts,
  });
}

function speech(codec: Codec, samples: Int16Array, parts: Partial<RtpPacket>): Buffer {
  return packet({ payload: encodeSpeech(codec, samples), ...parts });
}

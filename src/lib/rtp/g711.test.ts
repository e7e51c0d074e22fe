import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { decodeSpeech, encodeSpeech, type Codec } from './g711.ts';

const codecs: readonly Codec[] = ['PCMA', 'PCMU'];
const everyByte = Uint8Array.from({ length: 256 }, (_, byte) => byte);

describe('speech as G.711', () => {
  it('has the values of the recommendation', () => {
    // Tables 1a, 1b (A-law, 13 bits) and 2a, 2b (µ-law, 14 bits), in 16 bits.
    const values = (codec: Codec, ...bytes: readonly number[]): number[] => [
      ...decodeSpeech(codec, Uint8Array.from(bytes)),
    ];
    assert.deepEqual(
      values('PCMA', 0xd5, 0x55, 0xaa, 0x2a, 0xf5, 0xe5),
      [8, -8, 32_256, -32_256, 528, 1_056],
    );
    assert.deepEqual(
      values('PCMU', 0xff, 0x7f, 0x80, 0x00, 0xef, 0xdf),
      [0, 0, 32_124, -32_124, 132, 396],
    );
  });

  it('makes the milliwatt of the recommendation a tone of 1,000 Hz at 3 dB below the loudest', () => {
    // Tables 5 and 6: one period, which is 0 dBm0.
    for (const [codec, period] of [
      ['PCMA', '34212134b4a1a1b4'],
      ['PCMU', '1e0b0b1e9e8b8b9e'],
    ] as const) {
      const samples = decodeSpeech(codec, Buffer.from(period, 'hex'));
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      const below = 10 * Math.log10(power / (32_768 ** 2 / 2));
      assert.ok(below > -3.3 && below < -3, `${codec} ${below}`);
    }
  });

  it('comes back the same, byte by byte', () => {
    for (const codec of codecs) {
      const again = encodeSpeech(codec, decodeSpeech(codec, everyByte));
      // µ-law has a nothing on either side of nothing.
      const expected =
        codec === 'PCMU' ? everyByte.map((byte) => (byte === 0x7f ? 0xff : byte)) : everyByte;
      assert.deepEqual([...again], [...expected]);
    }
  });

  it('is off by half a step at most, for every sample that there is', () => {
    const samples = Int16Array.from({ length: 65_536 }, (_, at) => at - 32_768);
    for (const codec of codecs) {
      const written = decodeSpeech(codec, encodeSpeech(codec, samples));
      for (const [at, sample] of samples.entries()) {
        // Steps double with each segment; there are sixteen in one.
        const size = Math.abs(sample);
        const half = codec === 'PCMA' ? Math.max(size / 32, 8) : (size + 132) / 32;
        assert.ok(Math.abs((written[at] ?? 0) - sample) <= half + 1, `${codec} ${sample}`);
        assert.ok((written[at] ?? 0) >= (written[at - 1] ?? -32_768));
      }
    }
  });
});

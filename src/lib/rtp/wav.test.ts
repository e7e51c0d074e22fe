import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { withoutFiles } from '../../../test/support/programs.ts';
import { wav } from '../../../test/support/sounds.ts';
import { encodeSpeech } from './g711.ts';
import { readWav } from './wav.ts';

describe('a WAV for the telephone', () => {
  it('keeps what a telephone carries, as loud and as long as it was, from any usual rate', () => {
    for (const rate of [
      6_000, 8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000,
    ]) {
      const read = readWav(pcm16(rate, tone(rate, 1_000)));
      assert.ok(read !== null);
      assert.equal(read.length, 8_000, `${rate}`);
      const middle = read.subarray(1_000, 7_000);
      const wrong = middle.map((sample, at) => sample - wave(1_000, (at + 1_000) / 8_000));
      assert.ok(loudness(wrong) < 30, `${rate}: ${loudness(wrong)}`);
    }
  });

  it('loses what a telephone does not carry instead of folding it back as noise', () => {
    for (const rate of [16_000, 22_050, 44_100, 48_000]) {
      for (const hertz of [5_000, 6_500, 7_900]) {
        const read = readWav(pcm16(rate, tone(rate, hertz))) ?? new Int16Array();
        // 10,000 went in.
        assert.ok(loudness(read.subarray(500, 7_500)) < 10, `${rate} ${hertz}`);
      }
    }
  });

  it('is read from every way of writing samples', () => {
    const speech = tone(8_000, 700);
    const near = (bytes: Buffer, within: number): void => {
      const read = readWav(bytes);
      assert.ok(read !== null && read.length === speech.length);
      assert.ok(read.every((sample, at) => Math.abs(sample - (speech[at] ?? 0)) <= within));
    };
    const each = (
      bytes: number,
      write: (into: Buffer, sample: number, at: number) => void,
    ): Buffer => {
      const data = Buffer.alloc(speech.length * bytes);
      speech.forEach((sample, at) => write(data, sample, at * bytes));
      return data;
    };
    const eight = each(1, (into, sample, at) => into.writeUInt8((sample >> 8) + 128, at));
    const sixteen = each(2, (into, sample, at) => into.writeInt16LE(sample, at));
    const twentyFour = each(3, (into, sample, at) => into.writeIntLE(sample * 256, at, 3));
    const thirtyTwo = each(4, (into, sample, at) => into.writeInt32LE(sample * 65_536, at));
    const floating = each(4, (into, sample, at) => into.writeFloatLE(sample / 32_768, at));
    near(file({ format: 1, bits: 8, data: eight }), 256);
    near(file({ format: 1, bits: 16, data: sixteen }), 0);
    near(file({ format: 1, bits: 24, data: twentyFour }), 0);
    near(file({ format: 1, bits: 32, data: thirtyTwo }), 0);
    near(file({ format: 3, bits: 32, data: floating }), 0);
    near(file({ format: 6, bits: 8, data: encodeSpeech('PCMA', speech) }), 512);
    near(file({ format: 7, bits: 8, data: encodeSpeech('PCMU', speech) }), 512);
    near(file({ format: 0xfffe, really: 1, bits: 16, data: sixteen }), 0);
  });

  it('becomes one channel, and is played as far as it goes where its length is not known', () => {
    const stereo = pcm16(8_000, Int16Array.from([1_000, 3_000, -500, 500, 7, 9]), 2);
    assert.deepEqual([...(readWav(stereo) ?? [])], [2_000, 0, 8]);
    const piped = pcm16(8_000, Int16Array.from([5, 6, 7]));
    piped.writeUInt32LE(0x7fff_f000, 40);
    assert.deepEqual([...(readWav(piped) ?? [])], [5, 6, 7]);
    assert.equal(readWav(wav(1.5))?.length, 12_000);
  });

  it('that is written as a telephone writes it arrives byte for byte', () => {
    const data = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const read = readWav(file({ format: 6, bits: 8, data }));
    assert.deepEqual(encodeSpeech('PCMA', read ?? new Int16Array()), data);
  });

  it('is read from whatever SoX writes', { skip: withoutFiles('/usr/bin/sox') }, () => {
    for (const written of [
      '-r 8000 -c 1 -e unsigned-integer -b 8',
      '-r 11025 -c 1 -e signed-integer -b 16',
      '-r 22050 -c 2 -e signed-integer -b 24',
      '-r 44100 -c 2 -e signed-integer -b 16',
      '-r 48000 -c 1 -e signed-integer -b 32',
      '-r 96000 -c 2 -e floating-point -b 32',
      '-r 8000 -c 1 -e a-law',
      '-r 16000 -c 2 -e u-law',
    ]) {
      const made = spawnSync('/usr/bin/sox', [
        '-n',
        ...written.split(' '),
        '-t',
        'wav',
        '-',
        'synth',
        '1',
        'sine',
        '1000',
        'vol',
        '0.4',
      ]);
      const read = readWav(made.stdout);
      assert.equal(read?.length, 8_000, written);
      const wrong = read.map((sample, at) => sample - 1.310_72 * wave(1_000, at / 8_000));
      assert.ok(loudness(wrong.subarray(1_000, 7_000)) < 200, `${written}: ${loudness(wrong)}`);
    }
  });

  it('is none where it says what cannot be', () => {
    const data = Buffer.alloc(160);
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.from('RIFF....WAVE'),
      file({ format: 1, bits: 16, data, channels: 0 }),
      file({ format: 1, bits: 16, data, channels: 9 }),
      file({ format: 1, bits: 16, data, rate: 1 }),
      file({ format: 1, bits: 16, data, rate: 4_000_000_000 }),
      file({ format: 1, bits: 12, data }),
      file({ format: 0x55, bits: 16, data }),
      file({ format: 1, bits: 16, data: Buffer.alloc(0) }),
      file({ format: 1, bits: 16, data: Buffer.alloc(1) }),
    ]) {
      assert.equal(readWav(bytes), null);
    }
  });

  it('is read from any bytes without stumbling, and never grows beyond twice its samples', () => {
    const header = fc.record({
      format: fc.constantFrom(1, 3, 6, 7, 0xfffe, 2),
      really: fc.constantFrom(1, 3, 6, 7),
      bits: fc.constantFrom(8, 16, 24, 32, 0, 255),
      channels: fc.integer({ min: 0, max: 10 }),
      rate: fc.oneof(fc.constantFrom(8_000, 44_100, 16_000), fc.integer({ min: 0, max: 200_000 })),
      data: fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes)),
    });
    fc.assert(
      fc.property(header, fc.nat(700), (made, cut) => {
        const read = readWav(file(made).subarray(0, cut));
        assert.ok(read === null || read.length <= 2 * made.data.length + 1);
      }),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        readWav(Buffer.concat([Buffer.from('RIFF\0\0\0\0WAVEfmt '), bytes]));
      }),
    );
  });
});

function wave(hertz: number, seconds: number): number {
  return 10_000 * Math.sin(2 * Math.PI * hertz * seconds);
}

/** One second. */
function tone(rate: number, hertz: number): Int16Array {
  return Int16Array.from({ length: rate }, (_, at) => wave(hertz, at / rate));
}

function loudness(samples: Int16Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}

function pcm16(rate: number, samples: Int16Array, channels = 1): Buffer {
  const data = Buffer.alloc(samples.length * 2);
  samples.forEach((sample, at) => data.writeInt16LE(sample, at * 2));
  return file({ format: 1, bits: 16, data, rate, channels });
}

function file(made: {
  readonly format: number;
  readonly really?: number;
  readonly bits: number;
  readonly data: Buffer;
  readonly rate?: number;
  readonly channels?: number;
}): Buffer {
  const { format, really, bits, data, rate = 8_000, channels = 1 } = made;
  const isExtensible = format === 0xfffe;
  const head = Buffer.alloc(36 + (isExtensible ? 24 : 0));
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(head.length + data.length, 4);
  head.write('WAVEfmt ', 8, 'latin1');
  head.writeUInt32LE(isExtensible ? 40 : 16, 16);
  head.writeUInt16LE(format, 20);
  head.writeUInt16LE(channels, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt16LE(bits, 34);
  if (isExtensible) head.writeUInt16LE(really ?? 1, 44);
  const size = Buffer.alloc(8);
  size.write('data', 0, 'latin1');
  size.writeUInt32LE(data.length, 4);
  return Buffer.concat([head, size, data]);
}

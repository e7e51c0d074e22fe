import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { withoutFiles } from '../../../test/support/programs.ts';
import { decodeSpeech, encodeSpeech, sampleRate } from './g711.ts';
import { keys } from './telephone-events.ts';
import { listenForTones, toneOf } from './tones.ts';
import { readWav } from './wav.ts';

describe('a key in the sound', () => {
  it('is heard once, through either codec, whatever its place among the packets', () => {
    for (const codec of ['PCMA', 'PCMU'] as const) {
      for (let shift = 0; shift < 160; shift += 13) {
        const sound = joined(
          quiet(100 + shift / 8),
          ...keys.split('').flatMap((key) => [toneOf(key, 100) ?? quiet(0), quiet(80)]),
        );
        assert.equal(heardIn(decodeSpeech(codec, encodeSpeech(codec, sound))), keys);
      }
    }
  });

  it('is heard from 40 ms on, not below 23 ms, and as one however long it is held', () => {
    for (let shift = 0; shift < 51; shift += 1) {
      for (const key of keys) {
        const pressed = (ms: number): string =>
          heardIn(joined(quiet(50 + shift / 8), tones(key, { ms }), quiet(50)));
        assert.equal(pressed(40), key);
        assert.equal(pressed(23), '');
      }
    }
    assert.equal(heardIn(joined(tones('7', { ms: 3_000 }), quiet(50))), '7');
  });

  it('is heard twice where it is pressed twice, and once where the line drops out shortly', () => {
    const [press, again] = [tones('4', { ms: 60 }), tones('4', { ms: 60 })];
    assert.equal(heardIn(joined(press, quiet(40), again, quiet(40))), '44');
    for (const gap of [5, 12, 20]) {
      assert.equal(heardIn(joined(press, quiet(gap), again, quiet(40))), '4');
    }
  });

  it('is heard once though one of its packets is lost', () => {
    for (const key of keys) {
      const packets = Array.from({ length: 5 }, (_, at) => at);
      for (const lost of packets) {
        const press = tones(key, { ms: 100 });
        const left = packets
          .filter((at) => at !== lost)
          .map((at) => press.subarray(at * 160, at * 160 + 160));
        for (let shift = 0; shift < 51; shift += 7) {
          assert.equal(heardIn(joined(quiet(50 + shift / 8), ...left, quiet(60))), key);
        }
      }
    }
  });

  it('may be soft, loud, a little off, or louder in one of its tones, in a noisy line', () => {
    for (const key of keys) {
      for (const [low, high] of [
        [260, 260],
        [12_000, 12_000],
        [3_000, 6_000],
        [5_000, 3_500],
      ] as const) {
        for (const off of [0.985, 1, 1.015]) {
          const sound = joined(quiet(31), tones(key, { ms: 60, low, high, off }), quiet(60));
          const noise = Math.min(low, high) / 8;
          const noisy = sound.map((sample, at) => sample + noise * hiss(at));
          assert.equal(heardIn(noisy), key, `${key} ${low} ${high} ${off}`);
        }
      }
    }
  });

  it('is none where a tone is missing, too far off, far louder than the other, or has harmonics', () => {
    for (const key of keys) {
      for (const wrong of [
        { low: 0 },
        { high: 0 },
        { low: 1_500, high: 9_000 },
        { low: 9_000, high: 3_000 },
        { off: 1.05 },
        { off: 0.95 },
        { harmonic: 0.6 },
        { low: 60, high: 60 },
      ]) {
        const sound = joined(quiet(31), tones(key, { ms: 200, ...wrong }), quiet(60));
        assert.equal(heardIn(sound), '', `${key} ${JSON.stringify(wrong)}`);
      }
    }
  });

  it('is not made up of silence, noise, a dial tone, a ringing tone or chords', () => {
    const lasting = (sound: (seconds: number, at: number) => number): Int16Array =>
      Int16Array.from({ length: 10 * sampleRate }, (_, at) => sound(at / sampleRate, at));
    const wave = (hertz: number, seconds: number): number =>
      Math.sin(2 * Math.PI * hertz * seconds);
    for (const sound of [
      lasting(() => 0),
      lasting((_, at) => 12_000 * hiss(at)),
      lasting((seconds) => 6_000 * wave(350, seconds) + 6_000 * wave(440, seconds)),
      lasting((seconds) => 10_000 * wave(425, seconds)),
      lasting((seconds) => 10_000 * Math.sign(wave(200 + 20 * seconds, seconds))),
      lasting((seconds) => {
        const pitch = 90 + 60 * Math.abs(wave(0.7, seconds));
        const voice = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
        return voice.reduce((sum, n) => sum + (4_000 / n) * wave(pitch * n, seconds), 0);
      }),
    ]) {
      assert.equal(heardIn(sound), '');
    }
  });

  it(
    'is in nothing that is said: not in minutes of speech, high and low',
    { skip: withoutFiles('/usr/bin/espeak-ng') },
    () => {
      const text = readFileSync(new URL('../../../LICENSE', import.meta.url), 'utf8').slice(
        0,
        2_500,
      );
      for (const voice of ['en+f5', 'en+m7', 'nl']) {
        const said = spawnSync('/usr/bin/espeak-ng', ['-v', voice, '-p', '95', '--stdout'], {
          input: text.replaceAll(/[^A-Za-z .,]/g, ' '),
          maxBuffer: 64 * 1024 * 1024,
        });
        const sound = readWav(said.stdout);
        assert.ok(sound !== null && sound.length > 60 * sampleRate);
        assert.equal(heardIn(sound), '');
      }
    },
  );

  it('is listened for in anything, in pieces of any size', () => {
    fc.assert(
      fc.property(fc.array(fc.int16Array({ maxLength: 400 }), { maxLength: 20 }), (pieces) => {
        const listener = listenForTones();
        for (const piece of pieces) assert.match(listener.hear(piece), /^[0-9A-D*#]*$/);
      }),
      { numRuns: 50 },
    );
  });

  it('has no tone where it is no key', () => {
    for (const key of ['', 'E', '12', ' ']) assert.equal(toneOf(key, 100), undefined);
  });
});

function heardIn(sound: Int16Array): string {
  const listener = listenForTones();
  let heard = '';
  for (let at = 0; at < sound.length; at += 160)
    heard += listener.hear(sound.subarray(at, at + 160));
  return heard;
}

function quiet(milliseconds: number): Int16Array {
  return new Int16Array(Math.round((milliseconds * sampleRate) / 1_000));
}

function joined(...parts: readonly Int16Array[]): Int16Array {
  return Int16Array.from(parts.flatMap((part) => [...part]));
}

/** Always the same noise, between −1 and 1. */
function hiss(at: number): number {
  const scattered = Math.imul(at + 1, 2_654_435_761);
  return (Math.imul(scattered ^ (scattered >>> 15), 2_246_822_519) | 0) / 2 ** 31;
}

/** The two tones of a key as another telephone might make them: with hard edges. */
function tones(
  key: string,
  made: {
    readonly ms: number;
    readonly low?: number;
    readonly high?: number;
    readonly off?: number;
    readonly harmonic?: number;
  },
): Int16Array {
  const { ms, low = 6_000, high = 6_000, off = 1, harmonic = 0 } = made;
  const place = '123A456B789C*0#D'.indexOf(key);
  const row = [697, 770, 852, 941][Math.floor(place / 4)] ?? 0;
  const column = [1_209, 1_336, 1_477, 1_633][place % 4] ?? 0;
  return quiet(ms).map((_, at) => {
    const turn = (2 * Math.PI * at * off) / sampleRate;
    return (
      low * (Math.sin(row * turn) + harmonic * Math.sin(2 * row * turn)) +
      high * Math.sin(column * turn)
    );
  });
}

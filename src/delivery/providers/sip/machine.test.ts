import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { framesOf, hearFrame, isMachine, isWaiting, nothingHeard, type Heard } from './machine.ts';

const samplesASecond = 8_000;
const speechSeconds = 2.5;

/** A sound, as a function of time, in frames of 20 ms. */
function heard(seconds: number, sound: (at: number) => number, before = nothingHeard): Heard {
  let now = before;
  for (let frame = 0; frame < seconds * 50; frame += 1) {
    now = hearFrame(
      now,
      Int16Array.from({ length: 160 }, (_, index) => sound((frame * 160 + index) / samplesASecond)),
    );
  }
  return now;
}

const wave = (hertz: number, at: number): number => Math.sin(2 * Math.PI * hertz * at);
const silence = (): number => 0;
/** Vowels at the pace of syllables. */
const voice = (at: number): number =>
  4_000 * (0.5 + 0.5 * wave(4, at)) * (wave(190, at) + 0.6 * wave(620, at) + 0.3 * wave(1_900, at));
/** Foreseeable, and as loud as a street. */
const street = (at: number): number => {
  const step = Math.floor(at * samplesASecond);
  return (((step * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648 - 0.5) * 3_000;
};

describe('whoever has picked up', () => {
  it('is a person who says hello and waits', () => {
    const hello = heard(0.6, voice);
    assert.equal(isWaiting(hello), false);
    const waits = heard(0.8, silence, hello);
    assert.equal(isWaiting(waits), true);
    assert.equal(isMachine(waits, speechSeconds), false);
  });

  it('is a person who says nothing at all', () => {
    assert.equal(isWaiting(heard(1.5, silence)), false);
    assert.equal(isWaiting(heard(2.1, silence)), true);
  });

  it('is a machine that greets at length', () => {
    assert.equal(isMachine(heard(2.3, voice), speechSeconds), false);
    assert.equal(isMachine(heard(2.6, voice), speechSeconds), true);
  });

  it('is a machine that stops for breath only', () => {
    const first = heard(1.5, voice);
    const pause = heard(0.3, silence, first);
    assert.equal(isWaiting(pause), false);
    assert.equal(isMachine(heard(1.2, voice, pause), speechSeconds), true);
  });

  it('is a machine that beeps', () => {
    for (const hertz of [650, 1_000, 1_400, 2_100]) {
      const beep = heard(0.25, (at) => 5_000 * wave(hertz, at));
      assert.equal(isMachine(beep, speechSeconds), true, String(hertz));
    }
  });

  it('is no machine for a ringing tone, a key or a voice', () => {
    const ringing = heard(1, (at) => 5_000 * wave(425, at));
    const key = heard(0.3, (at) => 4_000 * (wave(941, at) + wave(1_477, at)));
    for (const sound of [ringing, key, heard(1, voice)]) {
      assert.equal(isMachine(sound, speechSeconds), false);
    }
  });

  it('is heard in packets of any length', () => {
    const frames: number[] = [];
    const hear = framesOf((frame) => frames.push(frame.length));
    for (const length of [240, 80, 10, 0, 150, 480]) hear(new Int16Array(length));
    assert.deepEqual(frames, [160, 160, 160, 160, 160, 160]);
  });

  it('is no machine for the noise of a street', () => {
    const noise = heard(4, street);
    assert.equal(isMachine(noise, speechSeconds), false);
    assert.equal(isWaiting(noise), true);
  });
});

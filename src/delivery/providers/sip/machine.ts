/**
 * Owns telling an answering machine from a person, as far as one can by ear: a machine greets at length
 * without a pause, or beeps. A person says little and waits. Pure: 20 ms of sound come in, what is known by
 * now comes out.
 */

/** What was heard so far, in packets of 20 ms. */
export interface Heard {
  readonly frames: number;
  /** How long somebody has been speaking, short pauses among it; 0 while nobody is. */
  readonly speech: number;
  /** How long it has been quiet. */
  readonly quiet: number;
  readonly hasSpoken: boolean;
  /** How loud the last second was, oldest first: what never goes away is noise. */
  readonly loudness: readonly number[];
  /** How long one pure tone has been heard, and which (Hz). */
  readonly tone: number;
  readonly hertz: number;
}

export const nothingHeard: Heard = {
  frames: 0,
  speech: 0,
  quiet: 0,
  hasSpoken: false,
  loudness: [],
  tone: 0,
  hertz: 0,
};

const framesASecond = 50;
const frameSamples = 160;
/** Quieter than this (root of the mean square of 16 bit) nobody speaks. */
const quietest = 250;
/** Speech is so much louder than what is always there. */
const overNoise = 3;
/** Between two words of one sentence. */
const pauseFrames = 0.4 * framesASecond;
/** After "Hello?" one waits. */
const endFrames = 0.7 * framesASecond;
/** Who says nothing for so long waits for us. */
const silentFrames = 2 * framesASecond;
/** A beep is at least this long, and in this range: rings and dial tones are lower. */
const beepFrames = 0.16 * framesASecond;
const lowestBeep = 600;
const highestBeep = 2_500;

/** Cuts packets, which may be longer or shorter, into frames of 20 ms. */
export function framesOf(hear: (frame: Int16Array) => void): (samples: Int16Array) => void {
  let rest = new Int16Array(0);
  return (samples) => {
    const all = new Int16Array(rest.length + samples.length);
    all.set(rest);
    all.set(samples, rest.length);
    let at = 0;
    for (; at + frameSamples <= all.length; at += frameSamples) {
      hear(all.subarray(at, at + frameSamples));
    }
    rest = all.slice(at);
  };
}

/** Listens to 20 ms more, at 8,000 samples a second. */
export function hearFrame(before: Heard, frame: Int16Array): Heard {
  const { rms, hertz } = measured(frame);
  const loudness = [...before.loudness, rms].slice(-framesASecond);
  const noise = loudness.length < 10 ? 0 : Math.min(...loudness);
  const isLoud = rms > Math.max(quietest, noise * overNoise);
  const quiet = isLoud ? 0 : before.quiet + 1;
  const speech = isLoud
    ? before.speech + 1
    : before.speech > 0 && quiet < pauseFrames
      ? before.speech + 1
      : 0;
  const isSameTone = hertz > 0 && (before.tone === 0 || Math.abs(hertz - before.hertz) < 20);
  return {
    frames: before.frames + 1,
    speech,
    quiet,
    hasSpoken: before.hasSpoken || isLoud,
    loudness,
    tone: isSameTone ? before.tone + 1 : hertz > 0 ? 1 : 0,
    hertz,
  };
}

/** Whether this was a machine: for as long as nobody has pressed a key. */
export function isMachine(heard: Heard, speechSeconds: number): boolean {
  return heard.tone >= beepFrames || heard.speech >= speechSeconds * framesASecond;
}

/** Whether it is our turn: a person has said something and waits, or has said nothing for a while. */
export function isWaiting({ hasSpoken, speech, quiet, frames }: Heard): boolean {
  if (hasSpoken) return speech === 0 && quiet >= endFrames;
  return frames >= silentFrames;
}

/** How loud it is, and which single tone it is; 0 where it is none, or not in the range of beeps. */
function measured(frame: Int16Array): { readonly rms: number; readonly hertz: number } {
  let power = 0;
  let product = 0;
  let inner = 0;
  for (let at = 1; at < frame.length - 1; at += 1) {
    const here = frame[at] ?? 0;
    product += here * ((frame[at - 1] ?? 0) + (frame[at + 1] ?? 0));
    inner += here * here;
  }
  for (const sample of frame) power += sample * sample;
  const rms = Math.sqrt(power / Math.max(1, frame.length));
  if (rms < quietest || inner === 0) return { rms, hertz: 0 };
  // Of one tone each sample follows from its neighbours: x(n-1) + x(n+1) = 2 cos(w) x(n).
  const twice = product / inner;
  let rest = 0;
  for (let at = 1; at < frame.length - 1; at += 1) {
    const here = (frame[at - 1] ?? 0) + (frame[at + 1] ?? 0) - twice * (frame[at] ?? 0);
    rest += here * here;
  }
  const hertz = (Math.acos(Math.max(-1, Math.min(1, twice / 2))) * 8_000) / (2 * Math.PI);
  const isPure = rest / inner < purest;
  return { rms, hertz: isPure && hertz >= lowestBeep && hertz <= highestBeep ? hertz : 0 };
}

/** What may be left beside one tone: G.711 adds some noise, a second tone adds much. */
const purest = 0.03;

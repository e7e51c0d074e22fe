/**
 * Owns pressed keys as tones in the sound itself (DTMF, ITU-T Q.23): how one sounds, and how one is told from
 * speech and music (Q.24), which now and then contain the same two tones.
 */
import { sampleRate } from './g711.ts';

/** The rows and columns of a telephone's keys, in hertz. */
const rows = [697, 770, 852, 941] as const;
const columns = [1_209, 1_336, 1_477, 1_633] as const;
const layout = ['123A', '456B', '789C', '*0#D'] as const;

/** Of each of the two tones: together they stay well below the loudest. */
const amplitude = 7_000;

/** The tone of a key; undefined where there is no such key. It begins and ends softly, without a click. */
export function toneOf(key: string, milliseconds: number): Int16Array | undefined {
  const [low, high] = tonesOf(key);
  if (low === undefined || high === undefined) return undefined;
  const samples = new Int16Array(Math.round((milliseconds * sampleRate) / 1_000));
  const edge = 16;
  for (let at = 0; at < samples.length; at += 1) {
    const turn = (2 * Math.PI * at) / sampleRate;
    const softly = Math.min(1, (at + 1) / edge, (samples.length - at) / edge);
    samples[at] = Math.round(softly * amplitude * (Math.sin(turn * low) + Math.sin(turn * high)));
  }
  return samples;
}

/** Row and column; neither of what is no key. */
function tonesOf(key: string): readonly number[] {
  const row = layout.findIndex((each) => key.length === 1 && each.includes(key));
  return [rows[row], columns[layout[row]?.indexOf(key) ?? -1]].filter((tone) => tone !== undefined);
}

/** Hears keys in sound; to be asked with every stretch of it in its order. */
export interface ToneListener {
  /** The keys that began in these samples. Each once, however long it is pressed. */
  readonly hear: (samples: Int16Array) => string;
}

/** So many samples are looked at together, half of them again the next time. */
const block = 102;
const hop = block / 2;
/** A key is one when this many looks in a row say so: after 32 ms, so that every press of 40 ms is heard. */
const looksOfKey = 4;
/**
 * It is let go when this many say something else, after 27 ms: a gap of 20 ms, or the seam where a packet was
 * lost, does not make two of one press.
 */
const looksOfEnd = 5;
/** What a press is judged by once more as a whole. */
const wholePress = block + (looksOfKey - 1) * hop;

/** Of each tone, at least: −47 dB of the loudest. */
const softest = 150;
/**
 * How much louder the column may be than the row, and the row than the column, in power: 8 and 4 dB (ITU-T
 * Q.24), and 2 dB more for a column that is a little off and so weighs less.
 */
const columnOverRow = 6.3;
const rowOverColumn = 4;
/** A tone stands out from the others of its group by 8 dB. */
const overOthers = 6.3;
/** Of all the sound that there is, the two tones are this part: speech never is. */
const partOfAll = 0.7;
/** What a voice has at twice its pitch, a key has not: at most −10 dB of its tone. */
const harmonicPart = 0.1;

/** The same of a whole press, where each tone is looked for exactly: up to 1.8 % off (Q.24: 1.5). */
const partOfWhole = 0.85;
const placesNear = [0.982, 0.988, 0.994, 1, 1.006, 1.012, 1.018];
/** A telephone makes both from one clock, so that both are off alike; two harmonics of a high voice are not. */
const furthestApart = 0.027;
const softEnds = Float64Array.from(
  { length: wholePress },
  (_, at) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (at + 0.5)) / wholePress),
);

/** A listener that heard nothing yet. */
export function listenForTones(): ToneListener {
  const recent = new Float64Array(wholePress);
  let sinceLook = 0;
  let candidate: string | undefined;
  let looks = 0;
  let pressed: string | undefined;
  let misses = 0;

  const look = (): string => {
    const key = keyIn(recent.subarray(wholePress - block));
    looks = key !== undefined && key === candidate ? looks + 1 : 1;
    candidate = key;
    if (pressed !== undefined) {
      misses = key === pressed ? 0 : misses + 1;
      if (misses < looksOfEnd) return '';
      pressed = undefined;
    }
    if (key === undefined || looks < looksOfKey || !isClean(recent, key)) return '';
    pressed = key;
    misses = 0;
    return key;
  };

  return {
    hear: (samples) => {
      let heard = '';
      for (let at = 0; at < samples.length;) {
        const taken = samples.subarray(at, at + hop - sinceLook);
        recent.copyWithin(0, taken.length);
        recent.set(taken, wholePress - taken.length);
        at += taken.length;
        sinceLook += taken.length;
        if (sinceLook < hop) break;
        sinceLook = 0;
        heard += look();
      }
      return heard;
    },
  };
}

/** The key whose tones these samples are; undefined where they are anything else. */
function keyIn(samples: Float64Array): string | undefined {
  const all = samples.reduce((sum, sample) => sum + sample * sample, 0);
  // A tone of amplitude a has the power (a·n/2)².
  const least = (softest * samples.length * 0.5) ** 2;
  if (all < softest ** 2 * samples.length * 0.5) return undefined;
  const row = strongest(samples, rows);
  if (row === undefined || row.power < least) return undefined;
  const column = strongest(samples, columns);
  if (column === undefined || column.power < least) return undefined;
  if (column.power > row.power * columnOverRow) return undefined;
  if (row.power > column.power * rowOverColumn) return undefined;
  const together = ((row.power + column.power) * 2) / samples.length;
  return together < partOfAll * all ? undefined : layout[row.index]?.[column.index];
}

/**
 * Judges a press as a whole, more sharply than its parts: next to nothing sounds but the two tones, each near
 * its place, and neither has its harmonic beside it.
 */
function isClean(samples: Float64Array, key: string): boolean {
  const all = samples.reduce((sum, sample) => sum + sample * sample, 0);
  const found = tonesOf(key).map((tone) =>
    placesNear
      .map((place) => ({ place, tone: tone * place, power: powerAt(samples, tone * place) }))
      .reduce((best, each) => (each.power > best.power ? each : best)),
  );
  const together = found.reduce((sum, { power }) => sum + power, 0);
  if ((together * 2) / samples.length < partOfWhole * all) return false;
  const places = found.map(({ place }) => place);
  if (Math.max(...places) - Math.min(...places) > furthestApart) return false;
  // Twice the lowest row lies beside a column: softened at its ends, the one does not pass for the other.
  const softened = samples.map((sample, at) => sample * (softEnds[at] ?? 0));
  return found.every(
    ({ tone }) => powerAt(softened, 2 * tone) <= powerAt(softened, tone) * harmonicPart,
  );
}

function strongest(
  samples: Float64Array,
  tones: readonly number[],
): { readonly index: number; readonly power: number } | undefined {
  const powers = tones.map((tone) => powerAt(samples, tone));
  const power = Math.max(...powers);
  const index = powers.indexOf(power);
  const standsOut = powers.every((other, at) => at === index || other * overOthers < power);
  return standsOut ? { index, power } : undefined;
}

/** How much of one tone there is (Goertzel). */
function powerAt(samples: Float64Array, tone: number): number {
  const factor = 2 * Math.cos((2 * Math.PI * tone) / sampleRate);
  let last = 0;
  let before = 0;
  for (let at = 0; at < samples.length; at += 1) {
    const next = (samples[at] ?? 0) + factor * last - before;
    before = last;
    last = next;
  }
  return last * last + before * before - factor * last * before;
}

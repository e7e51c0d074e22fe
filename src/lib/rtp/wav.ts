/**
 * Owns how a WAV becomes what a telephone plays: one channel, 8,000 samples a second, and nothing left above
 * what a telephone line carries, where it would come back as noise.
 */
import { readWaveFile, type WaveFile } from '../wave-file.ts';
import { decodeSpeech, sampleRate } from './g711.ts';

/**
 * The samples of a WAV: PCM of 8 to 32 bits, floating point, A-law or µ-law, of one to eight channels (which
 * are mixed) and 4,000 to 192,000 samples a second. Null where it is nothing of that. A file that ends before
 * it says (as programs write into a pipe) is played as far as it goes. Half a minute takes up to a tenth of a
 * second to read: keep what comes of it.
 */
export function readWav(bytes: Buffer): Int16Array | null {
  const file = readWaveFile(bytes);
  if (file === null || file.data.length === 0) return null;
  if (file.rate < 4_000 || file.rate > 192_000) return null;
  if (file.channels < 1 || file.channels > 8) return null;
  const samples = samplesOf(file);
  if (samples === null || samples.length < file.channels) return null;
  return resampled(mixed(samples, file.channels), file.rate);
}

/** All channels, one after another, between −32,768 and 32,767. */
function samplesOf({ sampleFormat, bitsPerSample, data }: WaveFile): ArrayLike<number> | null {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const each = (bytes: number, read: (at: number) => number): Float32Array => {
    const samples = new Float32Array(Math.floor(data.length / bytes));
    for (let index = 0; index < samples.length; index += 1) samples[index] = read(index * bytes);
    return samples;
  };
  switch (`${sampleFormat}/${bitsPerSample}`) {
    case '1/8':
      // Only these have no sign.
      return each(1, (at) => (view.getUint8(at) - 128) * 256);
    case '1/16':
      return each(2, (at) => view.getInt16(at, true));
    case '1/24':
      return each(3, (at) => view.getInt16(at + 1, true) + view.getUint8(at) / 256);
    case '1/32':
      return each(4, (at) => view.getInt32(at, true) / 65_536);
    case '3/32':
      return each(4, (at) => {
        const sample = view.getFloat32(at, true);
        return Number.isFinite(sample) ? sample * 32_768 : 0;
      });
    case '6/8':
      return decodeSpeech('PCMA', data);
    case '7/8':
      return decodeSpeech('PCMU', data);
    default:
      return null;
  }
}

function mixed(samples: ArrayLike<number>, channels: number): Float32Array {
  const one = new Float32Array(Math.floor(samples.length / channels));
  for (let at = 0; at < one.length; at += 1) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel += 1) {
      sum += samples[at * channels + channel] ?? 0;
    }
    one[at] = sum / channels;
  }
  return one;
}

/** How much of the lower rate's half is kept: what lies above fades out before it could fold back. */
const kept = 0.9;
/** How far the filter looks to either side, in periods of its edge. */
const halfWidth = 10;
/** The shape of Kaiser's window: what is left above the edge lies 60 dB below. */
const beta = 5.65;
/** Between two samples of a rate that shares little with ours, so many places are told apart. */
const mostPhases = 512;

/** The same sound at our rate, by a windowed sinc. */
function resampled(samples: Float32Array, rate: number): Int16Array {
  if (rate === sampleRate) return Int16Array.from(samples, rounded);
  const step = rate / sampleRate;
  const reach = Math.ceil((halfWidth * Math.max(step, 1)) / kept);
  const phases = Math.min(sampleRate / divisorOf(sampleRate, rate), mostPhases);
  const width = 2 * reach + 1;
  const filter = filterOf(phases, reach, kept * Math.min(1, 1 / step));
  const out = new Int16Array(Math.max(Math.round(samples.length / step), 1));
  // Silence before and behind it: then each of them has all its neighbours.
  const padded = new Float32Array(samples.length + Math.ceil(step) + 2 * reach + 1);
  padded.set(samples, reach);
  for (let index = 0; index < out.length; index += 1) {
    const steps = Math.round(index * step * phases);
    const from = Math.floor(steps / phases);
    const taps = (steps % phases) * width;
    let sum = 0;
    for (let tap = 0; tap < width; tap += 1) {
      sum += (padded[from + tap] ?? 0) * (filter[taps + tap] ?? 0);
    }
    out[index] = rounded(sum);
  }
  return out;
}

function rounded(sample: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(sample)));
}

/**
 * For each place between two samples, the weights of those around it. `edge` is the frequency up to which
 * sound passes, as a share of half the rate that comes in.
 */
function filterOf(phases: number, reach: number, edge: number): Float32Array {
  const width = 2 * reach + 1;
  const filter = new Float32Array(phases * width);
  for (let phase = 0; phase < phases; phase += 1) {
    let sum = 0;
    for (let tap = 0; tap < width; tap += 1) {
      const distance = tap - reach - phase / phases;
      const turn = Math.PI * distance * edge;
      const sinc = turn === 0 ? 1 : Math.sin(turn) / turn;
      const place = Math.min(Math.abs(distance) / (reach + 1), 1);
      const weight = sinc * bessel(beta * Math.sqrt(1 - place * place));
      filter[phase * width + tap] = weight;
      sum += weight;
    }
    // Whatever the place, silence stays silence and a steady tone as loud as it was.
    for (let tap = 0; tap < width; tap += 1) {
      const at = phase * width + tap;
      filter[at] = (filter[at] ?? 0) / sum;
    }
  }
  return filter;
}

/** The modified Bessel function of order zero, by its series; near enough up to 10. */
function bessel(x: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 1; n < 30; n += 1) {
    term *= (x / (2 * n)) ** 2;
    sum += term;
  }
  return sum;
}

function divisorOf(a: number, b: number): number {
  return b === 0 ? a : divisorOf(b, a % b);
}

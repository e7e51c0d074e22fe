/**
 * Owns pressed keys as tones in the sound itself (DTMF, ITU-T Q.23): how one sounds.
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
  const row = layout.findIndex((each) => key.length === 1 && each.includes(key));
  const low = rows[row];
  const high = columns[layout[row]?.indexOf(key) ?? -1];
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

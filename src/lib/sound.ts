/**
 * Sounds that telephones play: WAV (RIFF) and MP3 (MPEG audio, layer III), told by their bytes and never by
 * what their sender calls them, and how long they last.
 */

import { readWaveFile } from './wave-file.ts';

export interface Sound {
  readonly type: 'audio/wav' | 'audio/mpeg';
  readonly seconds: number;
}

/** The sound that these bytes are; null where they are neither, or are cut off in the middle. */
export function soundIn(bytes: Buffer): Sound | null {
  const wav = wavSeconds(bytes);
  if (wav !== null) return { type: 'audio/wav', seconds: wav };
  const mp3 = mp3Seconds(bytes);
  return mp3 === null ? null : { type: 'audio/mpeg', seconds: mp3 };
}

/** WAVE format tags (RFC 2361) that Twilio and others play: PCM, A-law, µ-law. */
const playedFormats = [1, 6, 7];

function wavSeconds(bytes: Buffer): number | null {
  const file = readWaveFile(bytes);
  if (file === null || !playedFormats.includes(file.format)) return null;
  const { data, isWhole, bytesPerSecond } = file;
  return isWhole && data.length > 0 && bytesPerSecond > 0 ? data.length / bytesPerSecond : null;
}

/** Kilobits a second by the index in the header: layer III of MPEG 1, and of MPEG 2 and 2.5. */
const bitrates = {
  first: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  second: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
} as const;
const sampleRates = [44_100, 48_000, 32_000] as const;
/** One frame may be chance; this many that follow one another are a sound. */
const fewestFrames = 3;

function mp3Seconds(bytes: Buffer): number | null {
  let at = tagLength(bytes);
  let seconds = 0;
  let frames = 0;
  while (at + 4 <= bytes.length) {
    const frame = frameAt(bytes, at);
    if (frame === null) break;
    seconds += frame.seconds;
    frames += 1;
    at += frame.length;
  }
  // Behind the last frame there may be an old tag (ID3v1), and nothing else.
  const rest = bytes.length - at;
  const isTag = rest === 128 && bytes.toString('latin1', at, at + 3) === 'TAG';
  return frames >= fewestFrames && (rest <= 0 || isTag) ? seconds : null;
}

/** ID3v2 stands before the sound; its length is written with seven bits a byte. */
function tagLength(bytes: Buffer): number {
  if (bytes.length < 10 || bytes.toString('latin1', 0, 3) !== 'ID3') return 0;
  const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(6, 10);
  return 10 + (((a & 0x7f) << 21) | ((b & 0x7f) << 14) | ((c & 0x7f) << 7) | (d & 0x7f));
}

function frameAt(bytes: Buffer, at: number): { length: number; seconds: number } | null {
  const header = bytes.readUInt32BE(at);
  if (header >>> 21 !== 0x7ff) return null;
  const version = (header >>> 19) & 3;
  const layer = (header >>> 17) & 3;
  if (version === 1 || layer !== 1) return null;
  const isFirst = version === 3;
  const kilobits = bitrates[isFirst ? 'first' : 'second'][(header >>> 12) & 15] ?? 0;
  const rate = sampleRates[(header >>> 10) & 3];
  if (kilobits === 0 || rate === undefined) return null;
  // MPEG 2 halves the rate, 2.5 halves it again.
  const hertz = version === 3 ? rate : version === 2 ? rate / 2 : rate / 4;
  const samples = isFirst ? 1_152 : 576;
  const padding = (header >>> 9) & 1;
  return {
    length: Math.floor((samples / 8) * ((kilobits * 1_000) / hertz)) + padding,
    seconds: samples / hertz,
  };
}

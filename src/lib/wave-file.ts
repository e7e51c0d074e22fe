/**
 * Owns what stands in a WAV file (RIFF, RFC 2361): how its samples are written, and where. Knows no sound.
 */

export interface WaveFile {
  /** How samples are written (RFC 2361): 1 PCM, 3 floating point, 6 A-law, 7 µ-law, 0xfffe as it says further on. */
  readonly format: number;
  /** The same, where 0xfffe stands for another. */
  readonly sampleFormat: number;
  readonly channels: number;
  /** Samples a second, of each channel. */
  readonly rate: number;
  readonly bytesPerSecond: number;
  readonly bitsPerSample: number;
  /** The samples; what is there of them. */
  readonly data: Buffer;
  /** Whether all of them are. Programs that write into a pipe cannot know the length beforehand. */
  readonly isWhole: boolean;
}

/** What a file says of its sound, and the sound; null where it is no WAV. */
export function readWaveFile(bytes: Buffer): WaveFile | null {
  if (bytes.length < 12) return null;
  if (bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WAVE') {
    return null;
  }
  let written: Omit<WaveFile, 'data' | 'isWhole'> | undefined;
  for (let at = 12; at + 8 <= bytes.length;) {
    const name = bytes.toString('latin1', at, at + 4);
    const size = bytes.readUInt32LE(at + 4);
    const begin = at + 8;
    if (name === 'fmt ') {
      if (size < 16 || begin + 16 > bytes.length) return null;
      const format = bytes.readUInt16LE(begin);
      const isFurtherOn = format === 0xfffe && size >= 26 && begin + 26 <= bytes.length;
      written = {
        format,
        sampleFormat: isFurtherOn ? bytes.readUInt16LE(begin + 24) : format,
        channels: bytes.readUInt16LE(begin + 2),
        rate: bytes.readUInt32LE(begin + 4),
        bytesPerSecond: bytes.readUInt32LE(begin + 8),
        bitsPerSample: bytes.readUInt16LE(begin + 14),
      };
    }
    if (name === 'data') {
      const data = bytes.subarray(begin, begin + size);
      return written === undefined ? null : { ...written, data, isWhole: data.length === size };
    }
    // Chunks begin at even places.
    at = begin + size + (size % 2);
  }
  return null;
}

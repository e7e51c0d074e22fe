/** Sounds to upload or to play, as short or as long as a test needs them. */

/** Codes of RFC 2361, and the bytes of a sample. */
const formats = {
  pcm: { code: 1, bytes: 2 },
  'a-law': { code: 6, bytes: 1 },
  'mu-law': { code: 7, bytes: 1 },
};

/** What a WAV says before its samples: one channel, 8,000 of them a second, `length` bytes in all. */
export function wavHead(format: keyof typeof formats, length: number): Buffer {
  const { code, bytes } = formats[format];
  const head = Buffer.alloc(44);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(36 + length, 4);
  head.write('WAVEfmt ', 8, 'latin1');
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(code, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(8_000, 24);
  head.writeUInt32LE(8_000 * bytes, 28);
  head.writeUInt16LE(bytes, 32);
  head.writeUInt16LE(8 * bytes, 34);
  head.write('data', 36, 'latin1');
  head.writeUInt32LE(length, 40);
  return head;
}

/** Silence as telephones have it: µ-law. */
export function wav(seconds: number): Buffer {
  const data = Buffer.alloc(Math.round(seconds * 8_000), 0xff);
  return Buffer.concat([wavHead('mu-law', data.length), data]);
}

/** Samples of 16 bit. */
export function wavOf(samples: Int16Array): Buffer {
  const data = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  return Buffer.concat([wavHead('pcm', data.length), data]);
}

/** Frames of MPEG 1 layer III, 128 kbit/s and 44.1 kHz: 26 ms each. */
export function mp3(frames: number): Buffer {
  const frame = Buffer.alloc(417);
  frame.writeUInt32BE(0xfffb9064);
  return Buffer.concat(Array.from({ length: frames }, () => frame));
}

/**
 * Owns the two ways in which every exchange writes speech (ITU-T G.711): one byte a sample, 8,000 samples
 * a second, A-law in Europe and µ-law in America and Japan. Samples are 16 bits, signed.
 */

/** How speech is written, by its name in SDP (RFC 3551 §4.5.14). */
export type Codec = 'PCMA' | 'PCMU';

/** Samples a second. */
export const sampleRate = 8_000;

/** Samples as bytes. */
export function encodeSpeech(codec: Codec, samples: Int16Array): Buffer {
  const encode = codec === 'PCMA' ? aLawOf : muLawOf;
  const bytes = Buffer.allocUnsafe(samples.length);
  for (let at = 0; at < samples.length; at += 1) bytes[at] = encode(samples[at] ?? 0);
  return bytes;
}

/** Bytes as samples: every byte is one. */
export function decodeSpeech(codec: Codec, bytes: Uint8Array): Int16Array {
  const table = codec === 'PCMA' ? aLaw : muLaw;
  const samples = new Int16Array(bytes.length);
  for (let at = 0; at < bytes.length; at += 1) samples[at] = table[bytes[at] ?? 0] ?? 0;
  return samples;
}

/** Table 1a of G.711: thirteen bits, every other bit of the result turned over. */
function aLawOf(sample: number): number {
  const magnitude = (sample < 0 ? ~sample : sample) >> 3;
  const segment = magnitude < 32 ? 0 : 27 - Math.clz32(magnitude);
  const code = (segment << 4) | ((magnitude >> Math.max(segment, 1)) & 0x0f);
  return code ^ (sample < 0 ? 0x55 : 0xd5);
}

function sampleOfALaw(byte: number): number {
  const code = byte ^ 0x55;
  const segment = (code >> 4) & 7;
  const within = ((code & 0x0f) << 4) + 8;
  const magnitude = segment === 0 ? within : (within + 0x100) << (segment - 1);
  return (code & 0x80) === 0 ? -magnitude : magnitude;
}

/** What table 2a of G.711 lies away from powers of two, and its loudest, in sixteen bits. */
const bias = 0x84;
const loudest = 32_635;

function muLawOf(sample: number): number {
  const magnitude = Math.min(sample < 0 ? ~sample : sample, loudest) + bias;
  const segment = 24 - Math.clz32(magnitude);
  const code = (segment << 4) | ((magnitude >> (segment + 3)) & 0x0f);
  return code ^ (sample < 0 ? 0x7f : 0xff);
}

function sampleOfMuLaw(byte: number): number {
  const code = byte ^ 0xff;
  const magnitude = ((((code & 0x0f) << 3) + bias) << ((code >> 4) & 7)) - bias;
  return (code & 0x80) === 0 ? magnitude : -magnitude;
}

const everyByte = Array.from({ length: 256 }, (_, byte) => byte);
const aLaw = Int16Array.from(everyByte, sampleOfALaw);
const muLaw = Int16Array.from(everyByte, sampleOfMuLaw);

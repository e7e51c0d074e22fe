/**
 * Speech for tests that a telephone of `sip-exchange.ts` can read: the words themselves, a sample of A-law for
 * each byte.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A WAV (A-law, 8,000 samples a second) that sounds like these letters. */
export function lettersAsWav(text: string): Buffer {
  return Buffer.concat([head(Buffer.byteLength(text)), Buffer.from(text)]);
}

export interface LetterSpeaker {
  /** A speech program for the settings: it writes the head of a WAV, and then what it reads. */
  readonly command: readonly string[];
  remove(): void;
}

/** Makes the program. As others do that write into a pipe, it says that there is no end. */
export function letterSpeaker(): LetterSpeaker {
  const folder = mkdtempSync(join(tmpdir(), 'tweestap-speech-'));
  for (const language of ['en', 'nl']) writeFileSync(join(folder, language), head(0x7fff_f000));
  return {
    command: ['cat', join(folder, '{language}'), '-'],
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function head(length: number): Buffer {
  const bytes = Buffer.alloc(44);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(36 + length, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(6, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(8_000, 24);
  bytes.writeUInt32LE(8_000, 28);
  bytes.writeUInt16LE(1, 32);
  bytes.writeUInt16LE(8, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(length, 40);
  return bytes;
}

/**
 * Speech for tests that a telephone of `sip-exchange.ts` can read: the words themselves, a sample of A-law for
 * each byte.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { wavHead } from './sounds.ts';

/** A WAV (A-law, 8,000 samples a second) that sounds like these letters. */
export function lettersAsWav(text: string): Buffer {
  return Buffer.concat([wavHead('a-law', Buffer.byteLength(text)), Buffer.from(text)]);
}

export interface LetterSpeaker {
  /** A speech program for the settings: it writes the head of a WAV, and then what it reads. */
  readonly command: readonly string[];
  remove(): void;
}

/** Makes the program. As others do that write into a pipe, it says that there is no end. */
export function letterSpeaker(): LetterSpeaker {
  const folder = mkdtempSync(join(tmpdir(), 'tweestap-speech-'));
  for (const language of ['en', 'nl'])
    writeFileSync(join(folder, language), wavHead('a-law', 0x7fff_f000));
  return {
    command: ['cat', join(folder, '{language}'), '-'],
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

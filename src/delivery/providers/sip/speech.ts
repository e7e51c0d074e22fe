/**
 * Owns having words spoken by a program of the operator's: without a shell, the words on its standard input
 * (arguments stand in the list of processes), a WAV on its standard output, within a time and a size. What
 * was spoken lately is kept, so that the next call has it at once.
 */
import { spawn } from 'node:child_process';

import type { Locale } from '../../../i18n/locale.ts';
import { createGate, GateFullError } from '../../../lib/fifo.ts';
import { createRecent } from '../../../lib/recent.ts';
import { readWav } from '../../../lib/rtp/wav.ts';
import type { SipSettings } from './settings.ts';

/** Speaks words: 8,000 samples a second. Rejects with a `SpeechFault`. */
export type Speak = (words: string, language: Locale) => Promise<Int16Array>;

/** Why nothing was spoken; its message holds none of the words. `detail` is what the program complained. */
export class SpeechFault extends Error {
  override readonly name = 'SpeechFault';
  readonly detail: string;
  constructor(message: string, detail = '') {
    super(message);
    this.detail = detail;
  }
}

/** As many run at one time, so that many calls do not take the machine from the sign-ins. */
const mostAtOnce = 2;
const mostWaiting = 200;
/** A minute of a greeting is 1 MB at most here; other rates are larger before they are brought down. */
const mostBytes = 12 * 1024 * 1024;
const mostSamples = 60 * 8_000;
const mostComplaint = 300;
/** Some 100 kB each. */
const mostKept = 200;

/** Has this program speak. */
export function createSpeech({ command, seconds }: NonNullable<SipSettings['speech']>): Speak {
  const kept = createRecent<Promise<Int16Array>>(mostKept);
  const gate = createGate({ concurrency: mostAtOnce, queueLimit: mostWaiting });
  return async (words, language) => {
    const key = `${language}\n${words}`;
    const known = kept.get(key);
    if (known !== undefined) return known;
    const spoken = gate
      .run(() => speak(command, seconds, words, language))
      .catch((error: unknown) => {
        kept.delete(key);
        throw faultOf(error);
      });
    kept.set(key, spoken);
    return spoken;
  };
}

function faultOf(error: unknown): SpeechFault {
  if (error instanceof SpeechFault) return error;
  return error instanceof GateFullError
    ? new SpeechFault('too many wait for the speech program')
    : notStarted(error);
}

function notStarted(error: unknown): SpeechFault {
  const detail = error instanceof Error ? error.message : '';
  return new SpeechFault('the speech program cannot be started', detail);
}

async function speak(
  command: readonly string[],
  seconds: number,
  words: string,
  language: Locale,
): Promise<Int16Array> {
  const bytes = await run(
    command.map((part) => part.replaceAll('{language}', language)),
    // One line: some programs speak each line by itself.
    `${words.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim()}\n`,
    seconds,
  );
  const samples = readWav(bytes);
  if (samples === null || samples.length === 0) {
    throw new SpeechFault('the speech program did not write a WAV that can be played');
  }
  if (samples.length > mostSamples) throw new SpeechFault('the speech program spoke for too long');
  return samples;
}

function run(command: readonly string[], input: string, seconds: number): Promise<Buffer> {
  const [program = '', ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      // Of our own environment, which may hold secrets, it gets nothing.
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' },
      // A group of its own, so that what it started ends with it.
      detached: true,
    });
    // Where the system gives it no files it has no output either, and an error that nobody hears would end us.
    child.on('error', (error) => reject(notStarted(error)));
    if (child.pid === undefined) return;
    const chunks: Buffer[] = [];
    let size = 0;
    let complaint = '';
    const giveUp = (why: string): void => {
      endGroup(child.pid);
      reject(new SpeechFault(why));
    };
    const timer = setTimeout(
      () => giveUp(`the speech program took more than ${seconds} seconds`),
      seconds * 1_000,
    );
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > mostBytes) giveUp('the speech program wrote too much');
      else chunks.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      complaint = `${complaint}${chunk.toString('utf8')}`.slice(0, mostComplaint);
    });
    // That it does not read to the end shows in what it writes.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve(Buffer.concat(chunks));
      else
        reject(new SpeechFault(`the speech program ended with ${code ?? signal ?? ''}`, complaint));
    });
  });
}

function endGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

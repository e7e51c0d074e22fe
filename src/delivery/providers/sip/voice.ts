/**
 * Owns what a call sounds like before it is made: each part of its script as the organisation's own sound,
 * where there is one that can be played, and else spoken by the program.
 */
import { readWav } from '../../../lib/rtp/wav.ts';
import type { CallPart } from '../../call-script.ts';
import type { GreetingStore } from '../../greeting-store.ts';
import type { CallMessage } from '../../message.ts';
import { SpeechFault, type Speak } from './speech.ts';

/** Where sounds of the organisation are kept. */
export type SoundKeeper = Pick<GreetingStore, 'list' | 'sound'>;

const parts = [
  'greeting',
  'instruction',
  'thanks',
  'refused',
] as const satisfies readonly CallPart[];

/** All parts of a call. Rejects with a `SpeechFault` where one of them can be neither played nor spoken. */
export async function voiceOf(
  script: CallMessage,
  speak: Speak | undefined,
  sounds: SoundKeeper | undefined,
): Promise<Readonly<Record<CallPart, Int16Array>>> {
  const [greeting, instruction, thanks, refused] = await Promise.all(
    parts.map((part) => voiceOfPart(script, part, speak, sounds)),
  );
  // Each is there: whatever is missing has thrown.
  const silence = new Int16Array(0);
  return {
    greeting: greeting ?? silence,
    instruction: instruction ?? silence,
    thanks: thanks ?? silence,
    refused: refused ?? silence,
  };
}

async function voiceOfPart(
  script: CallMessage,
  part: CallPart,
  speak: Speak | undefined,
  sounds: SoundKeeper | undefined,
): Promise<Int16Array> {
  const id = script.sounds?.[part];
  const bytes = id === undefined ? undefined : await sounds?.sound(id);
  const samples = bytes === undefined ? null : readWav(bytes);
  if (samples !== null && samples.length > 0) return samples;
  if (speak === undefined) {
    throw new SpeechFault(`there is no speech program, and no WAV for the ${part}`);
  }
  return speak(script[part], script.language);
}

/** What is wrong with the organisation's sounds here: an MP3 above all. Undefined: nothing. */
export async function unplayable(sounds: SoundKeeper): Promise<string | undefined> {
  const found: string[] = [];
  for (const { language, moment, says } of await sounds.list()) {
    if (!('soundId' in says)) continue;
    const bytes = await sounds.sound(says.soundId);
    if (bytes !== undefined && readWav(bytes) === null) found.push(`${moment} (${language})`);
  }
  if (found.length === 0) return undefined;
  return `Calls by SIP play WAV only. Upload one in place of: ${found.join(', ')}.`;
}

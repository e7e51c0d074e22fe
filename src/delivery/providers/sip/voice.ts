/**
 * Owns what a call sounds like before it is made: each part of its script as the organisation's own sound,
 * where there is one that can be played, and else spoken by the program.
 */
import { createRecent } from '../../../lib/recent.ts';
import { readWav } from '../../../lib/rtp/wav.ts';
import type { CallPart } from '../../call-script.ts';
import type { GreetingStore } from '../../greeting-store.ts';
import type { CallMessage } from '../../message.ts';
import { SpeechFault, type Speak } from './speech.ts';

/** Where sounds of the organisation are kept. */
export type SoundKeeper = Pick<GreetingStore, 'list' | 'sound'>;

/** All that a call may say. Rejects with a `SpeechFault` where something can be neither played nor spoken. */
export type VoiceOf = (script: CallMessage) => Promise<Readonly<Record<CallPart, Int16Array>>>;

/** Sounds of the organisation that are kept as they are played; there are twelve moments to have one for. */
const mostKept = 24;

/** Either may be missing: a program that speaks, and sounds. */
export function createVoice(speak: Speak | undefined, sounds: SoundKeeper | undefined): VoiceOf {
  const kept = createRecent<Int16Array>(mostKept);

  /** A sound that can be played. Its id is of this upload alone. */
  const sound = async (id: string): Promise<Int16Array | undefined> => {
    const known = kept.get(id);
    if (known !== undefined) return known;
    const bytes = await sounds?.sound(id);
    const samples = bytes === undefined ? null : readWav(bytes);
    if (samples === null) return undefined;
    kept.set(id, samples);
    return samples;
  };

  return async (script) => {
    const voiceOf = async (part: CallPart): Promise<Int16Array> => {
      const id = script.sounds?.[part];
      const own = id === undefined ? undefined : await sound(id);
      if (own !== undefined) return own;
      if (speak !== undefined) return speak(script[part], script.language);
      throw new SpeechFault(`there is no speech program, and no WAV for the ${part}`);
    };
    const [greeting, instruction, thanks, refused] = await Promise.all([
      voiceOf('greeting'),
      voiceOf('instruction'),
      voiceOf('thanks'),
      voiceOf('refused'),
    ]);
    return { greeting, instruction, thanks, refused };
  };
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

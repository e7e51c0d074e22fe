/**
 * Owns what a call sounds like before it is made: each part of its script as the organisation's own sound,
 * where there is one that can be played, and else spoken by the program.
 */
import { locales } from '../../../i18n/locale.ts';
import { createRecent } from '../../../lib/recent.ts';
import { readWav } from '../../../lib/rtp/wav.ts';
import type { CallPart } from '../../call-script.ts';
import { greetingMoments, type GreetingStore } from '../../greeting-store.ts';
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

/** What a call would lack; `isFault` says that no call can be made in any language. */
export interface SoundsLack {
  readonly message: string;
  readonly isFault: boolean;
}

/** What calls lack for want of sounds that can be played (an MP3 cannot); undefined: nothing. */
export async function lackOf(
  sounds: SoundKeeper,
  hasProgram: boolean,
): Promise<SoundsLack | undefined> {
  const mute: string[] = [];
  const playable = new Set<string>();
  for (const { language, moment, says } of await sounds.list()) {
    if (!('soundId' in says)) continue;
    const place = `${moment} (${language})`;
    const bytes = await sounds.sound(says.soundId);
    if (bytes !== undefined && readWav(bytes) !== null) playable.add(place);
    else mute.push(place);
  }
  if (hasProgram) {
    if (mute.length === 0) return undefined;
    const message = `Calls by SIP play WAV only, and speak our words in place of: ${mute.join(', ')}.`;
    return { message, isFault: false };
  }
  const missing = locales.map((language) =>
    greetingMoments
      .map((moment) => `${moment} (${language})`)
      .filter((place) => !playable.has(place)),
  );
  if (missing.every(({ length }) => length === 0)) return undefined;
  return {
    message: `Calls by SIP have no speech program, and no WAV for: ${missing.flat().join(', ')}.`,
    isFault: missing.every(({ length }) => length > 0),
  };
}

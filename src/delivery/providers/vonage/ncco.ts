/**
 * Owns what we tell Vonage to do in a call, as an NCCO
 * (https://developer.vonage.com/en/voice/guides/ncco-reference).
 *
 * A call greets until it was heard to its end without a key: any key cuts it off and begins it anew, so
 * that a machine that plays tones is told from a person. Only then comes the instruction, which no key
 * cuts short, and after it an entry that ends with # (attack ATK-42).
 */
import type { Locale } from '../../../i18n/locale.ts';
import type { CallMessage } from '../../message.ts';
import { earlyKeysPath, keysPath, type CallPlace } from './paths.ts';
import type { VonageSettings } from './settings.ts';

/** How a call is spoken and where its keys are brought. */
export interface CallFrame {
  readonly messageId: string;
  readonly script: CallMessage;
  /** Our public origin. */
  readonly origin: string;
  readonly voices: VonageSettings['voices'];
  /** Where a sound of the organisation is fetched: MP3, or WAV of one channel with 16 bits. */
  readonly soundAddress: (soundId: string) => string;
}

/** An action of an NCCO. */
export type Action = Readonly<Record<string, unknown>>;
export type Ncco = readonly Action[];

/** How long nobody has to press anything before the instruction is repeated; the most there is. */
const silenceSeconds = 10;
/** How long is listened for one more key once the greeting has been spoken, or cut off. */
const afterGreetingSeconds = 1;
/** A machine that plays tones plays more than a person presses. */
const mostKeys = 20;

/** Says who is calling, and hears keys while it does. */
export function greet(frame: CallFrame, place: CallPlace): Ncco {
  const { messageId, origin } = frame;
  return [
    say(frame, 'greeting', { bargeIn: true }),
    input(`${origin}${earlyKeysPath(messageId, place)}`, {
      maxDigits: mostKeys,
      timeOut: afterGreetingSeconds,
      submitOnHash: true,
    }),
  ];
}

/** Says what to press and waits for an entry; `afterRefusal` says first that the keys were wrong. */
export function instruct(frame: CallFrame, place: CallPlace, afterRefusal = false): Ncco {
  const { messageId, origin } = frame;
  return [
    ...(afterRefusal ? [say(frame, 'refused')] : []),
    say(frame, 'instruction'),
    input(`${origin}${keysPath(messageId, place)}`, {
      maxDigits: mostKeys,
      timeOut: silenceSeconds,
      submitOnHash: true,
    }),
  ];
}

/** Says thank you; the call ends where there is nothing more to do. */
export function sayThanks(frame: CallFrame): Ncco {
  return [say(frame, 'thanks')];
}

/** Ends the call without a word. */
export const hangUp: Ncco = [];

const languages: Readonly<Record<Locale, string>> = { en: 'en-GB', nl: 'nl-NL' };

type SpokenPart = 'greeting' | 'instruction' | 'thanks' | 'refused';

/** Both kinds hear keys where `bargeIn` says so, and nowhere else. */
function say(
  { script, voices, soundAddress }: CallFrame,
  part: SpokenPart,
  more: Action = {},
): Action {
  const { language, sounds = {}, [part]: text } = script;
  const sound = sounds[part];
  if (sound !== undefined) return { action: 'stream', streamUrl: [soundAddress(sound)], ...more };
  // A text that began with <speak> would be read as SSML: whose name is in it chose none.
  return {
    action: 'talk',
    text: text.replaceAll(/[<>]/g, ' '),
    language: languages[language],
    style: voices[language],
    ...more,
  };
}

function input(eventUrl: string, dtmf: Action): Action {
  return { action: 'input', type: ['dtmf'], dtmf, eventUrl: [eventUrl], eventMethod: 'POST' };
}

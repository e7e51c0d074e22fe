/**
 * Owns what we tell Twilio to do in a call, in TwiML (https://www.twilio.com/docs/voice/twiml).
 *
 * A turn is: the greeting, the instruction, and silence in which keys count. `<Gather>` hears keys,
 * everything around it does not. The greeting stands inside one, whose keys are early and tell a
 * machine that plays tones from a person; the instruction stands between the two and is spoken to
 * its end whatever is pressed; the second waits for the entry (attack ATK-42).
 */
import type { Locale } from '../../../i18n/locale.ts';
import type { CallMessage } from '../../message.ts';
import { earlyKeysPath, keysPath, type CallPlace } from './paths.ts';
import type { TwilioSettings } from './settings.ts';

/** How a call is spoken and where its keys are brought. */
export interface CallFrame {
  readonly messageId: string;
  readonly script: CallMessage;
  /** Our public origin. */
  readonly origin: string;
  readonly voices: TwilioSettings['voices'];
  /** Where a sound of the organisation is fetched. */
  readonly soundAddress: (soundId: string) => string;
}

/** A turn: what to say before the keys are waited for. */
export interface Turn extends CallPlace {
  /** `greeting`: from the beginning, who asks. `instruction`: only what to press. */
  readonly from: 'greeting' | 'instruction';
  /** Whether to say first that the keys were wrong. */
  readonly afterRefusal?: boolean;
}

/** How long nobody has to press anything before the instruction is repeated. */
const silenceSeconds = 10;
/** Where several keys make an entry Twilio waits as long between them as before the first. */
const entrySeconds = 5;
/** A machine that plays tones plays more than a person presses while being greeted. */
const mostEarlyKeys = '20';

/** Says a turn and waits for an entry. */
export function askForKeys(frame: CallFrame, turn: Turn): string {
  const { messageId, script, origin } = frame;
  const say = (part: SpokenPart): string => spoken(frame, part);
  const { keysBeforeHash = 0 } = script;
  const isOneKey = keysBeforeHash === 0;
  return document([
    turn.afterRefusal === true ? say('refused') : '',
    turn.from === 'greeting'
      ? gather(
          {
            action: `${origin}${earlyKeysPath(messageId, turn)}`,
            numDigits: mostEarlyKeys,
            timeout: '1',
          },
          say('greeting'),
        )
      : '',
    say('instruction'),
    gather({
      action: `${origin}${keysPath(messageId, turn)}`,
      // The entry is complete with the # and brought at once: who hangs up then is still heard.
      numDigits: String(keysBeforeHash + 1),
      timeout: String(isOneKey ? silenceSeconds : entrySeconds),
      actionOnEmptyResult: 'true',
    }),
  ]);
}

/** Waits for the key that may follow the first of an entry: the # of `0#`, where that reports fraud. */
export function waitForNextKey(
  { messageId, origin }: CallFrame,
  place: CallPlace,
  after: string,
): string {
  return document([
    gather({
      action: `${origin}${keysPath(messageId, place, after)}`,
      numDigits: '1',
      timeout: String(entrySeconds),
      actionOnEmptyResult: 'true',
    }),
  ]);
}

/** Says thank you, and ends the call. */
export function sayThanks(frame: CallFrame): string {
  return document([spoken(frame, 'thanks'), '<Hangup/>']);
}

/** Ends the call without a word. */
export const hangUp = document(['<Hangup/>']);

/** Nothing to be done: the answer to a report and to a text. */
export const nothing = document([]);

const languages: Readonly<Record<Locale, string>> = { en: 'en-GB', nl: 'nl-NL' };

type SpokenPart = 'greeting' | 'instruction' | 'thanks' | 'refused';

function spoken({ script, voices, soundAddress }: CallFrame, part: SpokenPart): string {
  const { language, sounds = {}, [part]: text } = script;
  const sound = sounds[part];
  if (sound !== undefined) return element('Play', {}, escaped(soundAddress(sound)));
  return element('Say', { voice: voices[language], language: languages[language] }, escaped(text));
}

/** Hears keys, # among them: none of them ends the entry (`finishOnKey` is empty). */
function gather(attributes: Readonly<Record<string, string>>, content = ''): string {
  return element(
    'Gather',
    { input: 'dtmf', finishOnKey: '', method: 'POST', ...attributes },
    content,
  );
}

function element(
  name: string,
  attributes: Readonly<Record<string, string>>,
  content: string,
): string {
  const written = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escaped(value)}"`)
    .join('');
  return `<${name}${written}>${content}</${name}>`;
}

function document(verbs: readonly string[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?><Response>${verbs.join('')}</Response>`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll(/[^\P{Cc}\n\t]/gu, ' ');
}

/**
 * Owns what calls say where the organisation says it otherwise (rows ): who changes it, and how
 * a call that is about to go out gets it. None of it can hold a code: it is the same in every call, but for
 * the names of the organisation and of the person.
 */
import { greetingChanged } from '../audit/delivery-events.ts';
import type { Greeting, GreetingMoment } from '../delivery/greeting-store.ts';
import type { CallMessage, OutgoingMessage } from '../delivery/message.ts';
import type { Locale } from '../i18n/locale.ts';
import { soundIn } from '../lib/sound.ts';
import { admitToOrganisation, type By } from './acting-admin.ts';
import type { SigninParts } from './parts.ts';
import type { SigninStores } from './stores.ts';

/** What a moment of a call is to say from now on. */
export type NewSaying = { readonly words: string } | { readonly sound: Buffer } | 'built-in';

/** Why it is not kept. */
export type GreetingFault =
  | 'empty'
  | 'too-long'
  | 'unknown-blank'
  | 'too-large'
  | 'no-sound'
  | 'lasts-too-long';

export interface Greetings {
  /**
   * Changes it for every call from now on; resolves to why not. Throws `NOT_SIGNED_IN`,
   * `STEP_UP_REQUIRED` or `NOT_ALLOWED`.
   */
  change(
    language: Locale,
    moment: GreetingMoment,
    to: NewSaying,
    by: By,
  ): Promise<GreetingFault | undefined>;
}

/** Row A-056. Words are kept shorter: nobody listens longer. */
export const greetingLimits = { soundBytes: 1_048_576, soundSeconds: 20, words: 400 } as const;

const blanks = ['organisation', 'person'] as const;
const soundIdBytes = 16;

/** Makes the service. */
export function createGreetings(
  parts: Pick<SigninParts, 'transact' | 'methods' | 'policies' | 'clock' | 'random'>,
): Greetings {
  const { transact, clock, random } = parts;
  return {
    change: (language, moment, to, by) =>
      transact(async (held) => {
        const now = clock.now();
        const who = await admitToOrganisation(parts, held, by, 'change-policy', now);
        const fault = faultOf(to);
        if (fault !== undefined) return fault;
        const place = { language, moment, changedAt: now };
        let kind: 'words' | 'sound' | 'built-in' = 'built-in';
        if (to === 'built-in') {
          if (!(await held.greetings.remove(language, moment))) return undefined;
        } else if ('words' in to) {
          kind = 'words';
          await held.greetings.put({ ...place, says: { words: to.words.trim() } });
        } else {
          kind = 'sound';
          const soundId = random.token(soundIdBytes);
          await held.greetings.put({ ...place, says: { soundId } }, to.sound);
        }
        await held.audit.append(greetingChanged({ at: now, ...who, language, moment, to: kind }));
        return undefined;
      }),
  };
}

function faultOf(to: NewSaying): GreetingFault | undefined {
  if (to === 'built-in') return undefined;
  if ('words' in to) {
    const words = to.words.trim();
    if (words === '') return 'empty';
    if (words.length > greetingLimits.words) return 'too-long';
    const isKnown = (name: string): boolean => blanks.some((blank) => `{${blank}}` === name);
    const braces = words.match(/\{[^{}]*\}|[{}]/g) ?? [];
    return braces.every(isKnown) ? undefined : 'unknown-blank';
  }
  if (to.sound.length > greetingLimits.soundBytes) return 'too-large';
  const sound = soundIn(to.sound);
  if (sound === null) return 'no-sound';
  return sound.seconds < greetingLimits.soundSeconds ? undefined : 'lasts-too-long';
}

/** Where in a call's script each moment stands; what it presses decides between two of them. */
function momentsOf({ keysBeforeHash = 0 }: CallMessage): Readonly<Record<Spoken, GreetingMoment>> {
  const withDigits = keysBeforeHash > 0;
  return {
    greeting: 'greeting',
    instruction: withDigits ? 'press-digits' : 'press-hash',
    refused: withDigits ? 'wrong-digits' : 'wrong-key',
    thanks: 'thanks',
  };
}

const spokenParts = ['greeting', 'instruction', 'refused', 'thanks'] as const;
type Spoken = (typeof spokenParts)[number];

/** The same messages; calls among them say what the organisation says in their language. */
export async function greeted(
  { greetings }: Pick<SigninStores, 'greetings'>,
  messages: readonly OutgoingMessage[],
  names: { readonly organisation: string; readonly person: string },
): Promise<readonly OutgoingMessage[]> {
  if (!messages.some(({ kind }) => kind === 'call')) return messages;
  const own = await greetings.list();
  if (own.length === 0) return messages;
  return messages.map((message) =>
    message.kind === 'call' ? withOwn(message, own, names) : message,
  );
}

function withOwn(
  call: CallMessage,
  own: readonly Greeting[],
  names: { readonly organisation: string; readonly person: string },
): CallMessage {
  const moments = momentsOf(call);
  let changed = call;
  for (const part of spokenParts) {
    const found = own.find(
      ({ language, moment }) => language === call.language && moment === moments[part],
    );
    if (found === undefined) continue;
    changed =
      'words' in found.says
        ? { ...changed, [part]: filled(found.says.words, names) }
        : // The words stay: a provider that plays no sounds speaks them.
          { ...changed, sounds: { ...changed.sounds, [part]: found.says.soundId } };
  }
  return changed;
}

function filled(words: string, names: Readonly<Record<(typeof blanks)[number], string>>): string {
  let text = words;
  for (const blank of blanks) text = text.replaceAll(`{${blank}}`, () => names[blank]);
  return text;
}

/** Owns how a call that is about to go out gets what the organisation says in it. */
import type { Greeting, GreetingMoment } from '../delivery/greeting-store.ts';
import type { CallMessage, OutgoingMessage } from '../delivery/message.ts';
import type { SigninStores } from './stores.ts';

/** What may stand in the organisation's words, in braces: names, and nothing that opens a door. */
export const blanks = ['organisation', 'person'] as const;

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

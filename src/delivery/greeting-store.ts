/**
 * Owns what is promised of the organisation's own greetings (rows ): what a call says at each
 * of its moments, in each language, where that is not what we say by ourselves.
 */
import type { Locale } from '../i18n/locale.ts';

/**
 * The moments of a call, in their order: who asks; what to press (# alone, or the digits on the page
 * first); what was wrong with what was pressed; and the end. A voicemail hears none of them.
 */
export const greetingMoments = [
  'greeting',
  'press-hash',
  'press-digits',
  'wrong-key',
  'wrong-digits',
  'thanks',
] as const;
export type GreetingMoment = (typeof greetingMoments)[number];

/** Words to be spoken, or a sound that is kept under an id nobody guesses, another for each upload. */
export type Saying = { readonly words: string } | { readonly soundId: string };

export interface Greeting {
  readonly language: Locale;
  readonly moment: GreetingMoment;
  readonly says: Saying;
  readonly changedAt: Date;
}

export interface GreetingStore {
  /** All of them, without the sounds themselves. */
  list(): Promise<readonly Greeting[]>;
  /** A sound by its id; undefined where it was replaced. */
  sound(soundId: string): Promise<Buffer | undefined>;
  /** Keeps it in the place of what was said there. `sound` belongs to a `soundId`. */
  put(greeting: Greeting, sound?: Buffer): Promise<void>;
  /** From now on we say what we say by ourselves; false where that was so. */
  remove(language: Locale, moment: GreetingMoment): Promise<boolean>;
}

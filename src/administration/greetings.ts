/**
 * Owns changing what calls say where the organisation says it otherwise (rows ); how a call
 * that is about to go out gets it is `signin/greeted-call.ts`. None of it can hold a code: it is the same in
 * every call, but for the names of the organisation and of the person.
 */
import { greetingChanged } from '../audit/delivery-events.ts';
import { greetingMoments, type GreetingMoment, type Saying } from '../delivery/greeting-store.ts';
import { locales, type Locale } from '../i18n/locale.ts';
import { soundIn } from '../lib/sound.ts';
import { builtInWords } from '../methods/phone-call/script.ts';
import { settings as callSettings } from '../methods/phone-call/settings.ts';
import { blanks } from '../signin/greeted-call.ts';
import type { SigninParts } from '../signin/parts.ts';
import type { SigninStores } from '../signin/stores.ts';
import { admitToOrganisation, type By } from './acting-admin.ts';

/** One moment of a call, in one language. */
export interface GreetingPlace {
  /** `nl-press-hash`: what programs and the command line call it. */
  readonly id: string;
  readonly language: Locale;
  readonly moment: GreetingMoment;
}

/** All of them, by language, in the order of a call. */
export const greetingPlaces: readonly GreetingPlace[] = locales.flatMap((language) =>
  greetingMoments.map((moment) => ({ id: `${language}-${moment}`, language, moment })),
);

/** What is said there. */
export interface ToldGreeting extends GreetingPlace {
  /** `{organisation}` and `{person}` stand for their names, as in words of one's own. */
  readonly builtInWords: string;
  /** Absent: the built-in words are heard. */
  readonly own?: { readonly says: Saying; readonly changedAt: Date };
}

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
  /** Every place, as `greetingPlaces` has them, and what is said there. */
  list(): Promise<readonly ToldGreeting[]>;
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

const soundIdBytes = 16;

/** Makes the service. */
export function createGreetings(
  parts: Pick<SigninParts, 'transact' | 'methods' | 'policies' | 'clock' | 'random'> & {
    readonly stores: Pick<SigninStores, 'greetings'>;
  },
): Greetings {
  const { stores, transact, policies, clock, random } = parts;
  return {
    list: async () => {
      const { methods } = await policies.current();
      const { reportKey } = callSettings.parse(methods['phone-call']?.settings ?? {});
      const names = { organisation: '{organisation}', person: '{person}', reportKey };
      const kept = await stores.greetings.list();
      return greetingPlaces.map((place) => {
        const { language, moment } = place;
        const own = kept.find((each) => each.language === language && each.moment === moment);
        const told = { ...place, builtInWords: builtInWords(language, moment, names) };
        return own === undefined
          ? told
          : { ...told, own: { says: own.says, changedAt: own.changedAt } };
      });
    },
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

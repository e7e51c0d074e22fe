/** Owns the choice of the components' own words. */
import type { Locale } from '../i18n/locale.ts';
import { en } from './strings.en.ts';
import { nl } from './strings.nl.ts';

const words = { en, nl } as const;

/** The components' own words in a language. */
export function wordsIn(locale: Locale): typeof en {
  return words[locale];
}

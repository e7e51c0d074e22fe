/** Owns the choice of this method's own words. */
import type { Locale } from '../../i18n/locale.ts';
import type { Translation } from '../../i18n/translation.ts';
import { en } from './strings.en.ts';
import { nl } from './strings.nl.ts';

const words = { en, nl } as const;

/** This method's words in a language. */
export function wordsIn(locale: Locale): Translation<typeof en> {
  return words[locale];
}

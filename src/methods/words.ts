/** Owns the choice of the words that methods share. */
import type { Locale } from '../i18n/locale.ts';
import type { Translation } from '../i18n/translation.ts';
import { en } from './strings.en.ts';
import { nl } from './strings.nl.ts';

const words = { en, nl } as const;

/** The words that methods share, in a language. */
export function sharedWordsIn(locale: Locale): Translation<typeof en> {
  return words[locale];
}

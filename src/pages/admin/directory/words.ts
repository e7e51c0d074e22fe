/** Owns the choice of the words of these pages. */
import type { Locale } from '../../../i18n/locale.ts';
import type { Texts, Translation } from '../../../i18n/translation.ts';
import { en } from './strings.en.ts';
import { nl } from './strings.nl.ts';

const words: Texts<typeof en> = { en, nl };

/** The words of these pages in a language. */
export function wordsIn(locale: Locale): Translation<typeof en> {
  return words[locale];
}

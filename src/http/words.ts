/** Owns the choice of the web server's own words. */
import type { Texts } from '../i18n/translation.ts';
import type { Locale } from '../i18n/locale.ts';
import { en } from './strings.en.ts';
import { nl } from './strings.nl.ts';

const words: Texts<typeof en> = { en, nl };

/** The web server's own words in a language. */
export function wordsIn(locale: Locale): typeof en {
  return words[locale];
}

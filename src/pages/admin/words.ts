/** Owns the choice of the administrator's words. */
import type { Locale } from '../../i18n/locale.ts';
import type { Texts, Translation } from '../../i18n/translation.ts';
import { en } from './strings.en.ts';
import { nl } from './strings.nl.ts';

const words: Texts<typeof en> = { en, nl };

/** The words of these pages in a language. */
export function wordsIn(locale: Locale): Translation<typeof en> {
  return words[locale];
}

/** A word for a name from the database; the fallback for one that has none here. */
export function wordFor<fallback extends string>(
  all: Readonly<Record<string, string>>,
  name: string,
  fallback: fallback,
): string {
  return Object.hasOwn(all, name) ? (all[name] ?? fallback) : fallback;
}

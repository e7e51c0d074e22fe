/** Owns the choice of language: the person's own, else the first of their browser's that we speak. */
import type { Locale } from '../src/i18n/locale.ts';
import type { Translation } from '../src/i18n/translation.ts';
import { en } from './strings.en.ts';
import { nl } from './strings.nl.ts';

export type Words = Translation<typeof en>;

const texts: Readonly<Record<Locale, Words>> = { en, nl };

/** What each language calls itself. */
export const languages: readonly (readonly [Locale, string])[] = [
  ['en', 'English'],
  ['nl', 'Nederlands'],
];

/** All words in one language. */
export function wordsIn(locale: Locale): Words {
  return texts[locale];
}

/** The language as the browser's owner has it, for dates; else as most who speak it write them. */
export function regionFor(locale: Locale, tags: readonly string[]): string {
  const own = tags.find((tag) => tag.toLowerCase().startsWith(`${locale}-`));
  return own ?? { en: 'en-GB', nl: 'nl-NL' }[locale];
}

/** The person's own choice, else the first of these tags that we speak, else English. */
export function localeFor(chosen: string | undefined, tags: readonly string[]): Locale {
  for (const tag of [chosen ?? '', ...tags]) {
    const language = tag.toLowerCase().split('-')[0];
    const found = languages.find(([locale]) => locale === language);
    if (found !== undefined) return found[0];
  }
  return 'en';
}

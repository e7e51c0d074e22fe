/** Owns the words of each setting, by its path. */
import type { Locale } from '../../../i18n/locale.ts';
import { en } from './setting-words.en.ts';
import { nl } from './setting-words.nl.ts';
import type { SettingWords } from './setting-word.ts';

/** By path. `methods.*.enabled` is meant for whichever method has no words of its own there. */
export const settingWords: Readonly<Record<Locale, Readonly<Record<string, SettingWords>>>> = {
  en,
  nl,
};

/** The words of a field. */
export function wordsOf(
  { path, wordsAt = path }: { readonly path: string; readonly wordsAt?: string | undefined },
  locale: Locale,
): SettingWords {
  return wordsOfSetting(wordsAt, locale);
}

/** The words of a setting; its path where nobody has written any. */
export function wordsOfSetting(path: string, locale: Locale): SettingWords {
  const all = settingWords[locale];
  return (
    find(all, path) ?? find(all, path.replace(/^methods\.[^.]+\./, 'methods.*.')) ?? { label: path }
  );
}

function find(all: Readonly<Record<string, SettingWords>>, path: string): SettingWords | undefined {
  return Object.hasOwn(all, path) ? all[path] : undefined;
}

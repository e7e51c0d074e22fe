/** Owns the addresses of the greetings. */
import type { GreetingMoment } from '../../../delivery/greeting-store.ts';
import type { Locale } from '../../../i18n/locale.ts';
import { settingsPath } from '../path.ts';

export const greetingsPath = `${settingsPath}/greetings`;

/** Where one of them is changed. */
export function greetingPath(language: Locale, moment: GreetingMoment): string {
  return `${greetingsPath}/${language}/${moment}`;
}

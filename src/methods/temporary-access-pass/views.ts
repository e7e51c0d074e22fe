/** Owns how a pass looks in lists and where it is asked for. */
import { formatDateTime } from '../../i18n/format.ts';
import type { Locale } from '../../i18n/locale.ts';
import type { MethodViews } from '../method.ts';
import { askTyped } from '../typed-secret.ts';
import { sharedWordsIn } from '../words.ts';
import type { PassSecret } from './secret.ts';
import type { State } from './state.ts';
import { wordsIn } from './words.ts';

/** Until when it is good, or that it was used. */
export function standingOfPass({ endsAt, once, usedAt }: PassSecret, locale: Locale): string {
  const words = wordsIn(locale);
  if (usedAt !== undefined) return words.used;
  const when = formatDateTime(new Date(endsAt), locale);
  return once ? words.onceUntil(when) : words.until(when);
}

export const views: MethodViews<PassSecret, State> = {
  label: (_secret, locale) => wordsIn(locale).name,

  tile: (secret, locale) => ({
    title: wordsIn(locale).tile,
    detail: standingOfPass(secret, locale),
  }),

  challenge: ({ locale, error }) =>
    askTyped({ locale, words: wordsIn(locale).challenge, error, longest: 100 }),

  rejection: (reason, locale) =>
    ({ ...sharedWordsIn(locale).rejections, ...wordsIn(locale).rejections })[reason],
};

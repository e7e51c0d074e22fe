/** Owns how a pass looks in lists and where it is asked for. */
import { formatDateTime } from '../../i18n/format.ts';
import type { Locale } from '../../i18n/locale.ts';
import { html } from '../../lib/html.ts';
import { field } from '../../ui/components/field.ts';
import type { MethodViews } from '../method.ts';
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

  challenge: ({ locale, error }) => {
    const words = wordsIn(locale).challenge;
    return {
      title: words.title,
      body: html`<p>${words.open}</p>${field({
        locale,
        name: 'code',
        label: words.code,
        hint: words.hint,
        error,
        autocomplete: 'off',
        maxlength: 100,
        autofocus: error === undefined,
      })}`,
    };
  },

  rejection: (reason, locale) =>
    ({ ...sharedWordsIn(locale).rejections, ...wordsIn(locale).rejections })[reason],
};

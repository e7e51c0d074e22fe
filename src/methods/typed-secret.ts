/** Owns the question for a secret that somebody has on paper or was told: it is typed, whatever it looks like. */
import type { Locale } from '../i18n/locale.ts';
import { html, type SafeHtml } from '../lib/html.ts';
import { field } from '../ui/components/field.ts';

/** How it is asked; the browser offers nothing that was typed before. `longest` in characters. */
export function askTyped(asked: {
  readonly locale: Locale;
  readonly words: Readonly<Record<'title' | 'open' | 'code' | 'hint', string>>;
  readonly error: string | undefined;
  readonly longest: number;
}): { readonly title: string; readonly body: SafeHtml } {
  const { locale, words, error, longest } = asked;
  return {
    title: words.title,
    body: html`<p>${words.open}</p>${field({
      locale,
      name: 'code',
      label: words.code,
      hint: words.hint,
      error,
      autocomplete: 'off',
      maxlength: longest,
      autofocus: error === undefined,
    })}`,
  };
}

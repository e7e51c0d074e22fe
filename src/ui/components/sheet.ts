/** Owns what is shown once and kept by whoever sees it: on paper, in a file. */
import type { Locale } from '../../i18n/locale.ts';
import { html, type SafeHtml } from '../../lib/html.ts';
import { attributes } from '../attributes.ts';
import { icon } from '../icons.ts';
import { wordsIn } from '../words.ts';

export interface SheetOptions {
  readonly locale: Locale;
  readonly body: SafeHtml;
  /** What only paper needs, above and below the body: whose it is and from when, what it is good for. */
  readonly above: SafeHtml;
  readonly below?: SafeHtml | undefined;
  /** The same as plain text, with the name of its file. */
  readonly file: { readonly name: string; readonly text: string };
}

/**
 * A sheet: printing its page prints it alone. Two buttons print it and save it (where there is
 * script; the browser itself can print the page without).
 */
export function sheet({ locale, body, above, below, file }: SheetOptions): SafeHtml {
  const words = wordsIn(locale);
  const act = (name: 'print' | 'download'): SafeHtml =>
    html`<button${attributes({ class: 'button secondary', type: 'button', hidden: true, name })}>${icon(
      name,
    )}<span>${words[name]}</span></button>`;
  return html`<keep-sheet${attributes({ class: 'sheet', file: file.name, text: file.text })}><div class="print-only">${above}</div>${body}<div class="print-only">${below}</div><div class="actions">${act(
    'print',
  )}${act('download')}</div></keep-sheet>`;
}

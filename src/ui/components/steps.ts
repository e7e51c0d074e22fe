/** Owns the place in a row of steps. */
import type { Locale } from '../../i18n/locale.ts';
import { html, type SafeHtml } from '../../lib/html.ts';
import { wordsIn } from '../words.ts';

/** "Step 1 of 3" with a bar for each step. Stands above the heading of the step. */
export function steps(options: {
  readonly locale: Locale;
  /** Counted from 1. */
  readonly current: number;
  readonly total: number;
}): SafeHtml {
  const { current, total } = options;
  const bars = Array.from({ length: total }, (_, index) =>
    index < current ? html`<i class="on"></i>` : html`<i></i>`,
  );
  return html`<div class="steps"><p>${wordsIn(options.locale).stepOf(current, total)}</p><div class="bars" aria-hidden="true">${bars}</div></div>`;
}
